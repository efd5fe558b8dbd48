"""One key after another: each is done with before the next one is looked at.

Over a slow link several keys arrive at once. Textual hands all of them to the
widget that has the focus at that moment, and acts on them later, so that what
is typed on after a key that opens something would act on what lies below.
"""

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.message_pump import MessagePump

__all__ = ["KeyOrder"]

_LONGEST = 10_000
"""Keys kept at the most; a program that is behind by more loses the oldest."""


class KeyOrder:
    """Holds keys back until the one before has been handled everywhere.

    Args:
        app: The app, where every key arrives first and, unless a widget took
            it, last.
        hand_on: Gives a key to who has the focus, and returns who that is.
    """

    def __init__(
        self,
        app: MessagePump,
        hand_on: Callable[[events.Key], Awaitable[MessagePump | None]],
    ) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Key] = deque(maxlen=_LONGEST)
        self._is_busy = False

    async def take(self, key: events.Key) -> None:
        """Take a key as it comes from the terminal."""
        self._waiting.append(key)
        if not self._is_busy:
            await self._next()

    async def _next(self) -> None:
        self._is_busy = True
        while self._waiting:
            target = await self._hand_on(self._waiting.popleft())
            if target is not None:
                self._follow(target)
                return
        self._is_busy = False

    def _follow(self, node: MessagePump | None) -> None:
        """Go the way of the key, from queue to queue, one step behind it."""
        if node is None or node is self._app:
            self._app.call_later(self._next)
        elif not node.call_later(self._follow, _parent_of(node)):
            # It is gone, and the key with it.
            self._app.call_later(self._next)


def _parent_of(node: MessagePump) -> MessagePump | None:
    parent = getattr(node, "parent", None)
    return parent if isinstance(parent, MessagePump) else None
