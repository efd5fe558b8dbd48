"""What is drawn goes to the host's terminal, for as long as there is one."""

import os
import select
from collections.abc import Callable

__all__ = ["HostOutput"]

_WAIT_SECONDS = 1.0


class HostOutput:
    """A file that is written to by the driver's own thread.

    Characters that the terminal's encoding lacks become question marks, so
    that every cell stays in its place. Once the terminal is gone, what is
    written goes nowhere: whoever draws must not wait for it for ever.

    Args:
        fileno: The terminal.
        encoding: Its encoding.
        on_gone: Called once, from the writing thread, when it is gone.
    """

    def __init__(self, fileno: int, encoding: str, *, on_gone: Callable[[], None]) -> None:
        self._fileno = fileno
        self._encoding = encoding
        self._on_gone = on_gone
        self._is_gone = False

    def write(self, text: str) -> int:
        """Write text; returns when the terminal has taken it.

        Returns:
            The number of characters, as files do.
        """
        left = memoryview(text.encode(self._encoding, "replace"))
        while left and not self._is_gone:
            try:
                left = left[os.write(self._fileno, left) :]
            except BlockingIOError:
                # Another program that shares the terminal made it so.
                select.select((), (self._fileno,), (), _WAIT_SECONDS)
            except OSError:
                self._is_gone = True
                self._on_gone()
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def fileno(self) -> int:
        """Return the file descriptor of the terminal."""
        return self._fileno

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._fileno)
