"""What a program in a shell sets of its terminal never reaches the host's, nor stays behind."""

import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

SETTING = (
    r"printf '\e]2;stolen title\a\e[5 q\e[?1003h\e[?1006h\e[?2004h"
    r"\e[?1h\e=\e[?25l\e[?5h\e[4h\e[31m\e(0'; sleep 99"
)


class Host:
    """A terminal that only keeps what is written to it."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        self.drawn = b""

    def wait_for(self, pattern: bytes, *, after: int = 0) -> int:
        """Read until something was drawn; returns where it ends."""
        deadline = time.monotonic() + 30
        while (found := re.search(pattern, self.drawn[after:])) is None:
            assert time.monotonic() < deadline, self.drawn[-2000:]
            if select.select([self.fileno], [], [], 0.5)[0]:
                self.drawn += os.read(self.fileno, 65536)
        return after + found.end()

    def read_to_the_end(self) -> None:
        """Read until the program has let go of the terminal."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not select.select([self.fileno], [], [], 0.5)[0]:
                continue
            try:
                self.drawn += os.read(self.fileno, 65536)
            except OSError:
                # Linux says so of a terminal that nobody has open any more.
                return
        pytest.fail(f"it does not end: {self.drawn[-2000:]!r}")


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "screen"])
def test_the_host_gets_its_terminal_back_as_it_was(term: str) -> None:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    ours, theirs = pty.openpty()
    host = Host(ours)
    with subprocess.Popen(
        [sys.executable, "-m", "lxdtui", "--demo"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": term, "LINES": "24", "COLUMNS": "80"},
        start_new_session=True,
    ) as program:
        os.close(theirs)
        try:
            host.wait_for(rb"running")
            os.write(ours, b"s")
            seen = host.wait_for(rb"root@[^\n]*#")
            os.write(ours, SETTING.encode() + b"\r")
            # It took effect: the tab has the title.
            seen = host.wait_for(rb": stolen title", after=seen)
            os.write(ours, b"\x1dq")
            seen = host.wait_for(rb"running", after=seen)
            # With a shell open, a key would have to be confirmed.
            program.terminate()
            host.read_to_the_end()
            program.wait(20)
        finally:
            program.kill()
    os.close(ours)
    drawn = host.drawn
    assert not re.search(rb"\x1b\][012];", drawn)
    assert not re.search(rb"\x1b\[\d* q", drawn)
    assert not re.search(rb"\x1b\(0|\x1b\[4h|\x1b=", drawn)
    modes: dict[bytes, bytes] = {}
    for numbers, letter in re.findall(rb"\x1b\[\?([\d;]+)([hl])", drawn):
        modes |= dict.fromkeys(numbers.split(b";"), letter)
    # Lines wrap and the cursor is seen; all else is off again.
    assert modes.pop(b"7", b"h") == b"h"
    assert modes.pop(b"25") == b"h"
    assert modes.pop(b"1049") == b"l"
    assert {mode for mode, letter in modes.items() if letter == b"h"} == set()
    assert drawn.count(b"\x1b[>") == drawn.count(b"\x1b[<")
