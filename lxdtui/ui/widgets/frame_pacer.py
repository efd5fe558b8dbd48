"""When to paint: at once after a pause, at most sixty times a second in a flood."""

import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["FRAME_SECONDS", "SYNCHRONIZED_SECONDS", "FramePacer"]

FRAME_SECONDS = 1 / 60
SYNCHRONIZED_SECONDS = 0.15
"""How long a program may keep the last frame on the screen (mode 2026)."""


class Stoppable(Protocol):
    """A timer that can be stopped."""

    def stop(self) -> None:
        """Stop it; it will not fire."""


class FramePacer:
    """Calls `paint` when there is something to paint and it is time; no timer otherwise.

    Args:
        paint: Paints what there is now.
        set_timer: Calls a function after so many seconds.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        paint: Callable[[], None],
        set_timer: Callable[[float, Callable[[], None]], Stoppable],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._paint = paint
        self._set_timer = set_timer
        self._clock = clock
        self._painted_at = float("-inf")
        self._held_since: float | None = None
        self._timer: Stoppable | None = None
        self._due = 0.0

    def request(self, *, is_held: bool) -> None:
        """Ask for a frame.

        Args:
            is_held: Whether the program is in the middle of drawing one.
        """
        now = self._clock()
        due = self._painted_at + FRAME_SECONDS
        if is_held:
            if self._held_since is None:
                self._held_since = now
            due = max(due, self._held_since + SYNCHRONIZED_SECONDS)
        else:
            self._held_since = None
        if due <= now:
            self._fire()
        elif self._timer is None or due < self._due:
            self.stop()
            self._due = due
            self._timer = self._set_timer(due - now, self._fire)

    def stop(self) -> None:
        """Drop the frame that is due later, if there is one."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _fire(self) -> None:
        self.stop()
        self._painted_at = self._clock()
        self._held_since = None
        self._paint()
