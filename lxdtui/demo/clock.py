"""Time as the demo server sees it: one injectable source, printed the way LXD prints it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

ZERO_TIME = "0001-01-01T00:00:00Z"
"""What LXD sends where there is no time at all (an expiry that is not set)."""

UNIX_EPOCH = "1970-01-01T00:00:00Z"
"""What LXD sends for an instance that was never started."""

NANOSECONDS = 1_000_000_000


def format_timestamp(seconds: float) -> str:
    """Print a time as RFC 3339 with up to nine fractional digits, trailing zeros cut.

    Args:
        seconds: Seconds since the Unix epoch.

    Returns:
        A text such as ``2026-11-23T08:24:26.1763Z``.
    """
    whole, nanoseconds = divmod(round(seconds * NANOSECONDS), NANOSECONDS)
    text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{nanoseconds:09d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def parse_timestamp(text: str) -> float | None:
    """Read an RFC 3339 time.

    Args:
        text: The time as a client sent it.

    Returns:
        Seconds since the Unix epoch, or None for the zero time.

    Raises:
        ValueError: The text is not a time.
    """
    moment = datetime.fromisoformat(text)
    if moment.year <= 1:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment.timestamp()


class Clock:
    """The time source of one demo server, and the pace of what it simulates.

    Args:
        source: Gives seconds since the Unix epoch.
        pace: Factor on simulated durations; 0 makes everything happen at once.
    """

    def __init__(self, source: Callable[[], float], pace: float) -> None:
        self._source = source
        self._pace = pace

    @property
    def pace(self) -> float:
        """Factor on simulated durations."""
        return self._pace

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return self._source()

    def timestamp(self) -> str:
        """The present as RFC 3339 text."""
        return format_timestamp(self._source())

    async def simulate(self, seconds: float) -> None:
        """Let a simulated duration pass.

        Args:
            seconds: Duration at pace 1.
        """
        await asyncio.sleep(seconds * self._pace)
