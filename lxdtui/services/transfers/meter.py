"""How fast it goes lately, without jumping."""

from collections.abc import Callable

__all__ = ["Meter"]

_EACH = 0.25
"""Seconds that one reading covers at least."""
_MEMORY = 3.0
"""Seconds after which an earlier rate counts for a third."""


class Meter:
    """A rate, smoothed.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at: float | None = None
        self._amount = 0.0
        self.rate = 0.0
        """Amount a second lately."""

    def start(self) -> None:
        """Begin to count time, also after a pause."""
        self._at = self._clock()
        self._amount = 0.0

    def stop(self) -> None:
        """Let time pass without counting it."""
        self._at = None
        self.rate = 0.0

    def add(self, amount: float) -> None:
        """Count what was done since the last call."""
        self._amount += amount
        self.read()

    def read(self) -> float:
        """Return the rate as it is now; it falls while nothing comes."""
        if self._at is None:
            return self.rate
        now = self._clock()
        passed = now - self._at
        if passed < _EACH:
            return self.rate
        fresh = self._amount / passed
        weight = 1.0 if not self.rate else min(passed / _MEMORY, 1.0)
        self.rate += (fresh - self.rate) * weight
        self._at = now
        self._amount = 0.0
        return self.rate
