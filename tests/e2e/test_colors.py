"""True colours on hosts that have fewer."""

import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

TRUE, NUMBERED = rb"[34]8;2;", rb"[34]8;5;\d"


@pytest.mark.parametrize(
    ("environment", "has", "has_not"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TRUE, rb"\x1b]never"),
        ({"TERM": "xterm-256color"}, NUMBERED, TRUE),
        ({"TERM": "xterm"}, rb"\x1b\[[0-9;]*[349][0-7]", TRUE + b"|" + NUMBERED),
    ],
    ids=["true colours", "256", "16"],
)
def test_colours_are_those_that_the_host_knows(
    environment: dict[str, str], has: bytes, has_not: bytes
) -> None:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    ours, theirs = pty.openpty()
    drawn = b""
    with subprocess.Popen(
        [sys.executable, "-m", "lxdtui", "--demo"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**kept, **environment, "LINES": "24", "COLUMNS": "80"},
        start_new_session=True,
    ) as program:
        os.close(theirs)
        deadline = time.monotonic() + 30
        while b"running" not in drawn and time.monotonic() < deadline:
            if select.select([ours], [], [], 0.5)[0]:
                drawn += os.read(ours, 65536)
        program.terminate()
        try:
            while os.read(ours, 65536):
                pass
        except OSError:
            pass
    os.close(ours)
    assert b"running" in drawn
    assert re.search(has, drawn)
    assert not re.search(has_not, drawn)
