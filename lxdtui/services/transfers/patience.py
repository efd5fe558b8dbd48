"""Trying again after the link broke."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from lxdtui.errors import ConnectionFailed, LxdTuiError, SessionClosed

__all__ = ["PAUSES", "Patience"]

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds before something is tried again after the link broke."""
_Result = TypeVar("_Result")


class Patience:
    """Tries one thing after another again, until the link is lost for good.

    Args:
        pauses: See :data:`PAUSES`.
        changed: Called when :attr:`words` changed.
    """

    def __init__(self, pauses: Sequence[float], changed: Callable[[], None]) -> None:
        self._pauses = tuple(pauses)
        self._changed = changed
        self._lost: LxdTuiError | None = None
        self.words = ""
        """What it says about itself."""

    async def run(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """Do something that may be done again.

        Raises:
            LxdTuiError: It failed; at once where the link was lost for good before.
        """
        if self._lost is not None:
            raise self._lost
        for pause in (*self._pauses, None):
            try:
                result = await work()
            except (ConnectionFailed, SessionClosed) as error:
                if pause is None:
                    self._lost = error
                    self._say("")
                    raise
                self._say("the link broke: trying again")
                await asyncio.sleep(pause)
                continue
            self._say("")
            return result
        raise AssertionError

    def _say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self._changed()
