"""When a snapshot expires, as people and as the servers write it. Pure."""

import re
from datetime import UTC, datetime, timedelta

__all__ = ["after", "expression_problem", "parse_expiry"]

_PART = re.compile(r"(\d+)\s*(min|[SMHhdwmy])")
_EXPRESSION = re.compile(r"\d+[SMHdwmy](\s+\d+[SMHdwmy])*")
_DAYS = {"d": 1, "w": 7}
_SECONDS = {"S": 1, "M": 60, "min": 60, "H": 3600, "h": 3600}
_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_LONGEST = 1000 * 365


def parse_expiry(words: str, now: datetime) -> datetime | None:
    """Read an expiry as people write it.

    Args:
        words: A length as the servers know it (``7d``, ``12H``, ``1w 2d``; ``m`` are
            months, ``M`` minutes), a day (``2026-12-24``), a day and a time, or
            ``never``.
        now: The time of day; its zone is that of days and times without one.

    Returns:
        The moment, or ``None`` for never.

    Raises:
        ValueError: It is none of these, or it is past.
    """
    words = words.strip()
    if words.lower() in ("never", "none", ""):
        return None
    moment = _length(words, now) or _moment(words, now)
    if moment <= now:
        raise ValueError(f"{words} is past: the server would delete the snapshot at once")
    return moment.astimezone(UTC)


def after(expression: str, start: datetime) -> datetime | None:
    """Return the moment that an expression of the servers (``snapshots.expiry``) names.

    Args:
        expression: ``7d``, ``1w 2d``, …
        start: When the snapshot is taken.

    Returns:
        The moment; ``None`` for an empty expression, or one that cannot be read.
    """
    if not _EXPRESSION.fullmatch(expression.strip()):
        return None
    return _length(expression.strip(), start)


def expression_problem(expression: str) -> str:
    """Say what is wrong with an expression for ``snapshots.expiry``; empty where nothing is."""
    words = expression.strip()
    if not words or _EXPRESSION.fullmatch(words):
        return ""
    return "an expiry is written like 7d, 12H or 1w 2d (M minutes, H hours, d, w, m months, y)"


def _length(words: str, start: datetime) -> datetime | None:
    if not _PART.match(words) or _PART.sub("", words).strip():
        return None
    moment = start
    for number, unit in _PART.findall(words):
        count = int(number)
        if count > _LONGEST:
            raise ValueError(f"{words} is too long")
        try:
            moment = _moved(moment, count, unit)
        except (OverflowError, ValueError) as error:
            raise ValueError(f"{words} is too long") from error
    return moment


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit in _DAYS:
        return moment + timedelta(days=count * _DAYS[unit])
    if unit in _SECONDS:
        return moment + timedelta(seconds=count * _SECONDS[unit])
    months = moment.month - 1 + count * (12 if unit == "y" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    # As the servers do: the 31st of a shorter month is a day of the next one.
    first = moment.replace(year=year, month=month, day=1)
    return first + timedelta(days=moment.day - 1)


def _moment(words: str, now: datetime) -> datetime:
    for pattern in _FORMATS:
        try:
            naive = datetime.strptime(words, pattern)  # noqa: DTZ007 - the zone comes below
        except ValueError:
            continue
        return naive.replace(tzinfo=now.tzinfo)
    raise ValueError("write 7d, 12H, 2w, 3m, a day like 2026-12-24, or never")
