"""What is drawn goes to the host's terminal, for as long as there is one."""

import contextlib
import os
import select
import time
from collections.abc import Callable

__all__ = ["HostOutput"]

PATIENCE_SECONDS = 2.0
"""How long to wait at the end for a terminal that takes nothing."""
_LOOK_SECONDS = 0.25


class HostOutput:
    """A file that is written to by the driver's own thread.

    Characters that the terminal's encoding lacks become question marks, so
    that every cell stays in its place. Once the terminal is gone, what is
    written goes nowhere: whoever draws must not wait for it for ever.

    Args:
        fileno: The terminal.
        encoding: Its encoding.
        on_gone: Called once, from the writing thread, when it is gone.
        on_written: Called, from there as well, after each piece.
    """

    def __init__(
        self,
        fileno: int,
        encoding: str,
        *,
        on_gone: Callable[[], None],
        on_written: Callable[[], None] = lambda: None,
    ) -> None:
        self.is_leaving = False
        """Whether the program leaves it: then a terminal that takes nothing is given up."""
        self.written = 0
        """How many pieces were written, or given up."""
        self._fileno = fileno
        self._writes_to = _opened_again(fileno)
        self._encoding = encoding
        self._on_gone = on_gone
        self._on_written = on_written
        self._is_gone = False

    def write(self, text: str) -> int:
        """Write text; returns when the terminal has taken it.

        Returns:
            The number of characters, as files do.
        """
        left = memoryview(text.encode(self._encoding, "replace"))
        stuck_since = time.monotonic()
        while left and not self._is_gone:
            try:
                left = left[os.write(self._writes_to, left) :]
                stuck_since = time.monotonic()
            except BlockingIOError:
                select.select((), (self._writes_to,), (), _LOOK_SECONDS)
                is_over = self.is_leaving and time.monotonic() - stuck_since > PATIENCE_SECONDS
                self._is_gone = is_over
            except OSError:
                self._is_gone = True
                self._on_gone()
        self.written += 1
        self._on_written()
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def fileno(self) -> int:
        """Return the file descriptor of the terminal."""
        return self._fileno

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._fileno)


def _opened_again(fileno: int) -> int:
    """Open a terminal once more, for writes that return when it takes nothing.

    The descriptor that was given cannot be made so: it is shared with the shell
    that the program was started from. It is returned where there is no other
    way, as after a change of the user.
    """
    with contextlib.suppress(OSError):
        return os.open(os.ttyname(fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    return fileno
