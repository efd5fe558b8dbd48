"""What an object was asked to do without waiting for it."""

from collections import deque
from collections.abc import Awaitable, Callable
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
            then: Called when it has succeeded.
        """
        self._begun.append((handle, then))

    async def settle(self) -> None:
        """Wait until all have ended.

        An action whose outcome the server has forgotten, which it does five
        seconds after the end, is passed over: the next request shows how
        things are.

        Raises:
            LxdTuiError: One of them failed. The later ones remain.
        """
        while self._begun:
            entry = self._begun[0]
            handle, then = entry
            try:
                await handle.wait()
                if then is not None:
                    await then()
            except OperationLost:
                self._forget(entry)
            except LxdTuiError:
                self._forget(entry)
                raise
            else:
                self._forget(entry)

    def _forget(self, entry: tuple[Waitable, Callable[[], Awaitable[None]] | None]) -> None:
        if entry in self._begun:
            self._begun.remove(entry)
