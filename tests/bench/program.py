"""Runs the program on a terminal of its own and notes when its screen shows something."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxdtui.terminal import Emulator

PROGRAM = Path(sys.executable).with_name("lxdtui")
COLUMNS, ROWS = 140, 40
_LONGEST = 120.0
_END = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Seconds from the start of the process."""

    first_paint: float
    """Until the frame with the program's name was written."""
    complete: float
    """Until the frame that was waited for was written."""


def run_until(arguments: Sequence[str | Path], pattern: str) -> Moments:
    """Runs the program until its screen matches a regular expression, then quits it.

    A frame counts from when its last piece arrived; what reading it takes here is not counted.

    Raises:
        TimeoutError: The screen does not match in time; tells the last screen.
    """
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    started = time.perf_counter()
    with subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=child,
        stdout=child,
        stderr=child,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(child)
        try:
            return _watch(parent, started, pattern)
        finally:
            _end(process, parent)


def _watch(parent: int, started: float, pattern: str) -> Moments:
    emulator = Emulator(COLUMNS, ROWS)
    wanted = re.compile(pattern)
    first_paint = 0.0
    while data := _read(parent, started + _LONGEST):
        moment = time.perf_counter() - started
        replies = emulator.feed(data).replies
        if replies:
            os.write(parent, replies)
        screen = _screen(emulator)
        if not first_paint and "lxdtui" in screen:
            first_paint = moment
        if wanted.search(screen):
            return Moments(first_paint=first_paint, complete=moment)
    raise TimeoutError(f"{pattern!r} is not on the screen:\n{_screen(emulator)}")


def _read(parent: int, until: float) -> bytes:
    ready, _, _ = select.select([parent], [], [], max(until - time.perf_counter(), 0))
    # A terminal that nobody has open any more answers with an error.
    with contextlib.suppress(OSError):
        return os.read(parent, 65536) if ready else b""
    return b""


def _screen(emulator: Emulator) -> str:
    return "\n".join(row.text for row in emulator.visible())


def _end(process: subprocess.Popen[bytes], parent: int) -> None:
    """Ends the program in order, or else at once."""
    process.send_signal(signal.SIGTERM)
    until = time.perf_counter() + _END
    while process.poll() is None and time.perf_counter() < until:
        # It is done only when what it writes at its end is taken.
        _read(parent, time.perf_counter() + 0.05)
    process.kill()
    os.close(parent)
