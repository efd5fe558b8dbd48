"""What an object was asked to do without waiting for it."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from lxdtui.errors import LxdTuiError, OperationLost

__all__ = ["Earlier", "Waitable"]


class Waitable(Protocol):
    """Something that goes on and whose end can be waited for."""

    async def wait(self) -> object:
        """Wait for the end; what failed is raised."""


class Earlier:
    """Actions on one container that were begun and not waited for, oldest first.

    The servers do not queue: a ``freeze`` that follows a ``start`` at once
    would find a stopped container. So each action first waits for the earlier
    ones of the same object, and one that failed is reported there, because
    nobody else would report it.
    """

    def __init__(self) -> None:
        self._begun: deque[tuple[Waitable, Callable[[], Awaitable[None]] | None]] = deque()

    def remember(
        self, handle: Waitable, *, then: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Add an action that was begun.

        Args:
            handle: The action.
            then: Called when it has succeeded, or has ended and nobody knows how;
                it looks how things are.
        """
        self._begun.append((handle, then))

    async def settle(self) -> None:
        """Wait until all have ended.

        The server forgets the outcome of an action five seconds after its end.
        Then there is only what can be seen of it.

        Raises:
            LxdTuiError: One of them failed. The later ones remain.
        """
        while self._begun:
            entry = self._begun[0]
            handle, then = entry
            try:
                with suppress(OperationLost):
                    await handle.wait()
                if then is not None:
                    await then()
            except LxdTuiError:
                self._forget(entry)
                raise
            self._forget(entry)

    def _forget(self, entry: tuple[Waitable, Callable[[], Awaitable[None]] | None]) -> None:
        if entry in self._begun:
            self._begun.remove(entry)
