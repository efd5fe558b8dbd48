"""What time it is, handed in, so that a test can stop it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["SYSTEM_CLOCK", "Clock"]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The two clocks that the interface reads."""

    monotonic: Callable[[], float] = time.monotonic
    """Seconds that never go back; links and readings are dated by it."""
    now: Callable[[], datetime] = _now
    """The time of day, with its zone."""


SYSTEM_CLOCK = Clock()
