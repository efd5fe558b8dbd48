"""A terminal that takes no output for a while, as over a link that hangs."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lxdtui.terminal import Emulator
from tests.e2e.conftest import PROGRAM

COLUMNS, ROWS = 140, 40
DEADLINE = 60.0
HELP = "│  Keys"
KEYS = 200
"""Keys of which each changes much of the screen: more than any terminal's buffer takes."""


class Blocked:
    """The program with the demo, on a terminal that is read only when a test does."""

    def __init__(self) -> None:
        self.parent, self.child = pty.openpty()
        fcntl.ioctl(self.child, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        self.before = termios.tcgetattr(self.child)
        self.process = subprocess.Popen(
            [PROGRAM, "--demo"],
            stdin=self.child,
            stdout=self.child,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**environment, "TERM": "xterm-256color"},
        )
        self.emulator = Emulator(COLUMNS, ROWS)

    def read(self) -> None:
        """Take what is drawn."""
        if select.select([self.parent], [], [], 0.2)[0]:
            replies = self.emulator.feed(os.read(self.parent, 1 << 16)).replies
            if replies:
                os.write(self.parent, replies)

    def until(self, condition: Callable[[], bool]) -> None:
        """Read until something holds."""
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, self.screen
            self.read()

    def block(self) -> None:
        """Let the program draw more than is taken."""
        for number in range(KEYS):
            # Help, and back; each is taken only once the keys before it were done.
            os.write(self.parent, b"?" if number % 2 == 0 else b"q")
        deadline = time.monotonic() + DEADLINE
        waiting, since = -1, time.monotonic()
        while time.monotonic() - since < 1.0:
            assert time.monotonic() < deadline
            now = struct.unpack("i", fcntl.ioctl(self.parent, termios.FIONREAD, b"\0" * 4))[0]
            if now != waiting or not now:
                waiting, since = now, time.monotonic()
            select.select([], [], [], 0.05)

    @property
    def screen(self) -> str:
        return "\n".join(row.text for row in self.emulator.visible())

    @property
    def help(self) -> str:
        """The text of the page of keys; nothing while it is not there."""
        rows = [row.text for row in self.emulator.visible()]
        place = next((row.find(HELP) for row in rows if HELP in row), -1)
        if place < 0:
            return ""
        return "\n".join(row[place : place + 70].rstrip() for row in rows if row[place:]).strip()


@contextmanager
def blocked() -> Iterator[Blocked]:
    one = Blocked()
    try:
        one.until(lambda: "web-01" in one.screen)
        yield one
    finally:
        one.process.kill()
        one.process.wait()
        os.close(one.parent)
        os.close(one.child)


def test_a_signal_ends_it_though_the_terminal_takes_nothing() -> None:
    with blocked() as one:
        one.block()
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(DEADLINE) == 128 + signal.SIGTERM
        assert termios.tcgetattr(one.child) == one.before


def test_the_screen_is_whole_again_once_the_terminal_goes_on() -> None:
    with blocked() as one:
        os.write(one.parent, b"?")
        # The last corner is drawn last.
        one.until(lambda: "q                end lxdtui" in one.help and "╯" in one.screen)
        whole = one.help
        os.write(one.parent, b"q")
        one.until(lambda: not one.help)
        one.block()
        # Nobody sees the answer yet, and what was left out before it never.
        os.write(one.parent, b"?")
        one.until(lambda: one.help == whole)
