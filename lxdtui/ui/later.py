"""Calling back once, after a while.

Textual's own one-shot timer is not used: where the event loop is busy for
longer than the delay it skips its only tick and never calls back.
"""

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump

__all__ = ["Later", "later"]


class Later:
    """A call to come, which can be called off."""

    def __init__(self, handle: asyncio.TimerHandle) -> None:
        self._handle = handle

    def stop(self) -> None:
        """Call it off."""
        self._handle.cancel()


def later(node: MessagePump, seconds: float, callback: Callable[[], object]) -> Later:
    """Call back after some seconds, in the order of the node's own messages.

    Args:
        node: The widget, screen or app that the call is for; nothing is called
            once it is gone.
        seconds: How long to wait, at least.
        callback: What to call.
    """
    loop = asyncio.get_running_loop()
    return Later(loop.call_later(max(seconds, 0.0), node.call_later, callback))
