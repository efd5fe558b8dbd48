"""One key after another: each is done with before the next one is looked at.

Over a slow link several keys arrive at once. Textual hands all of them to the
widget that has the focus at that moment, and acts on them later, so that what
is typed on after a key that opens something would act on what lies below.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

__all__ = ["KeyOrder"]

_LONGEST = 10_000
"""Keys kept at the most; a program that is behind by more loses the oldest."""
_TOURS = range(2, 9)
"""How often to go the way of a key: at least twice, since what it sets off goes
the same way after it; then until the focus rests, but not for ever."""


class _Step:
    """A call in the order of a node's messages.

    Textual looks at the parameters of each call that it is given, unless it is
    told their number: 50 µs, seven times for each key.
    """

    _param_count = 0

    def __init__(self, call: Callable[[], Awaitable[None] | None]) -> None:
        self._call = call

    def __call__(self) -> Any:
        """Return nothing, or what is to be waited for."""
        return self._call()


class KeyOrder:
    """Holds keys back until the one before has been handled everywhere.

    Args:
        app: The app, where every key arrives first and, unless a widget took
            it, last.
        hand_on: Gives a key to who has the focus, and returns who that is.
    """

    def __init__(
        self,
        app: App[None],
        hand_on: Callable[[events.Key], Awaitable[MessagePump | None]],
    ) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Key] = deque(maxlen=_LONGEST)
        self._is_busy = False
        self._from: MessagePump | None = None
        self._tours = 0

    async def take(self, key: events.Key) -> None:
        """Take a key as it comes from the terminal."""
        self._waiting.append(key)
        if not self._is_busy:
            await self._next()

    async def _next(self) -> None:
        self._is_busy = True
        while self._waiting:
            self._from, self._tours = await self._hand_on(self._waiting.popleft()), 0
            if self._from is not None:
                self._follow(self._from)
                return
        self._is_busy = False

    def _follow(self, node: MessagePump | None) -> None:
        """Go the way of the key, from queue to queue, one step behind it."""
        if node is None or node is self._app:
            _queue(self._app, self._arrive)
        elif not _queue(node, partial(self._follow, _parent_of(node))):
            # It is gone, and the key with it.
            _queue(self._app, self._arrive)

    async def _arrive(self) -> None:
        """Take the next key when this one has had its effect, on the focus as well."""
        self._tours += 1
        before, self._from = self._from, _target_of(self._app)
        is_at_rest = self._from is before and self._tours >= _TOURS.start
        if is_at_rest or self._tours >= _TOURS.stop:
            await self._next()
        else:
            self._follow(self._from)


def _queue(node: MessagePump, call: Callable[[], Awaitable[None] | None]) -> bool:
    """Call back after what waits in the queue of a node; False where it takes no more."""
    return node.post_message(events.Callback(callback=_Step(call)))


def _target_of(app: App[None]) -> MessagePump | None:
    """Tell who would get a key now."""
    return (app.focused or app.screen) if app.screen_stack else None


def _parent_of(node: MessagePump) -> MessagePump | None:
    parent = getattr(node, "parent", None)
    return parent if isinstance(parent, MessagePump) else None
