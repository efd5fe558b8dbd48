"""Times in words: ages in one unit, moments, seconds to come."""

from datetime import datetime

__all__ = ["age", "age_since", "day_and_minute", "seconds_to"]

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY


def age(seconds: float) -> str:
    """Write a length of time in one unit: ``8 s``, ``41 min``, ``6 h``, ``88 d``, ``3 y``.

    Args:
        seconds: The length; a negative one counts as none.
    """
    whole = int(max(seconds, 0))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < 2 * _DAY:
        return f"{whole // _HOUR} h"
    if whole < 3 * _YEAR:
        return f"{whole // _DAY} d"
    return f"{whole // _YEAR} y"


def age_since(moment: datetime | None, now: datetime) -> str:
    """Write how long ago a moment was; nothing for ``None``."""
    return "" if moment is None else age((now - moment).total_seconds())


def day_and_minute(moment: datetime | None) -> str:
    """Write a moment in local time: ``2026-08-27 09:14``; nothing for ``None``."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


def seconds_to(at: float, now: float) -> int:
    """Return the whole seconds until a moment, at least 0, rounded up.

    Args:
        at: The moment, monotonic seconds.
        now: Now, monotonic seconds.
    """
    return max(int(-((now - at) // 1)), 0)
