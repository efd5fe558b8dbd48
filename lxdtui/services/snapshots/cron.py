"""Schedules of automatic snapshots: what is one, and when it comes next. Pure.

The servers take a cron line of five fields, or aliases with commas between
(``snapshots.schedule``). They shift an alias by minutes, and a daily one by
hours, that they choose for each instance and do not tell; so the next run of
an alias is known as a span.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["ALIASES", "NextRun", "next_run", "schedule_problem"]

ALIASES = (
    "@hourly",
    "@daily",
    "@midnight",
    "@weekly",
    "@monthly",
    "@annually",
    "@yearly",
    "@startup",
)
"""The words that stand for a schedule; ``@startup`` is known to newer servers."""

_SPANS = {
    "@hourly": timedelta(hours=1),
    "@daily": timedelta(days=1),
    "@midnight": timedelta(days=1),
    "@weekly": timedelta(weeks=1),
    "@monthly": timedelta(days=31),
    "@annually": timedelta(days=366),
    "@yearly": timedelta(days=366),
}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_FIELDS = ("minute", "hour", "day", "month", "weekday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES: dict[int, dict[str, int]] = {
    3: {name: number for number, name in enumerate(_MONTHS, 1)},
    4: {name: number for number, name in enumerate(_WEEKDAYS)},
}
_YEARS = 8
"""How far to look: 29 February comes once in eight years at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRun:
    """When a schedule comes next."""

    at: datetime
    """The moment; of an alias the latest one that it can be."""
    is_exact: bool
    """Whether it is that minute, or some time before."""


class _Cron:
    """A cron line that was understood."""

    def __init__(self, line: str) -> None:
        fields = line.split()
        if len(fields) != len(_RANGES):
            raise ValueError("a cron line has five fields: minute hour day month weekday")
        parts = [_numbers(field, index) for index, field in enumerate(fields)]
        self._minutes, self._hours, self._days, self._months = parts[:4]
        self._weekdays = {number % 7 for number in parts[4]}
        # Where both are restricted, either is enough.
        self._either = not fields[2].startswith("*") and not fields[4].startswith("*")

    def after(self, now: datetime) -> datetime | None:
        """Return the first matching minute after a moment."""
        for day in self._matching_days(now):
            for hour in sorted(self._hours):
                for minute in sorted(self._minutes):
                    moment = day.replace(hour=hour, minute=minute)
                    if moment > now:
                        return moment
        return None

    def _matching_days(self, now: datetime) -> Iterator[datetime]:
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(_YEARS * 366 + 1):
            if day.month in self._months and self._is_day(day):
                yield day
            day += timedelta(days=1)

    def _is_day(self, day: datetime) -> bool:
        in_month = day.day in self._days
        in_week = day.isoweekday() % 7 in self._weekdays
        return (in_month or in_week) if self._either else (in_month and in_week)


def schedule_problem(schedule: str) -> str:
    """Say what is wrong with a schedule; empty where nothing is.

    Args:
        schedule: A cron line, aliases with commas between, or nothing for none.
    """
    if not schedule.strip():
        return ""
    if schedule.strip().startswith("@"):
        unknown = [one for one in _aliases(schedule) if one not in ALIASES]
        return f"{unknown[0]} is no schedule; there are {', '.join(ALIASES)}" if unknown else ""
    try:
        cron = _Cron(schedule)
    except ValueError as error:
        return str(error)
    found = cron.after(datetime(2024, 1, 1))  # noqa: DTZ001 - any moment does
    return "" if found else "no day fits this schedule"


def next_run(schedule: str, now: datetime) -> NextRun | None:
    """Return when a schedule comes next, in the time zone of ``now``.

    Args:
        schedule: A cron line or aliases.
        now: The time of day.

    Returns:
        The next run; ``None`` where there is none or it cannot be known.
    """
    if not schedule.strip() or schedule_problem(schedule):
        return None
    if schedule.strip().startswith("@"):
        spans = [_SPANS[one] for one in _aliases(schedule) if one in _SPANS]
        return NextRun(at=now + min(spans), is_exact=False) if spans else None
    moment = _Cron(schedule).after(now)
    return None if moment is None else NextRun(at=moment, is_exact=True)


def _aliases(schedule: str) -> list[str]:
    return [one.strip().lower() for one in schedule.split(",") if one.strip()]


def _numbers(field: str, index: int) -> set[int]:
    """Read one field: ``*``, ``5``, ``1-5``, ``*/15``, ``mon-fri``, with commas between."""
    low, high = _RANGES[index]
    numbers: set[int] = set()
    for part in field.lower().split(","):
        span, _, step_words = part.partition("/")
        step = _number(step_words, index, with_names=False) if "/" in part else 1
        first, dash, last = span.partition("-")
        if span in ("*", "?"):
            begin, end = low, high
        else:
            begin = _number(first, index)
            end = _number(last, index) if dash else high if "/" in part else begin
        if not (low <= begin <= end <= high) or step < 1:
            raise ValueError(f"{part!r} is no {_FIELDS[index]}: {low} to {high}")
        numbers.update(range(begin, end + 1, step))
    return numbers


def _number(words: str, index: int, *, with_names: bool = True) -> int:
    names = _NAMES.get(index, {}) if with_names else {}
    if words in names:
        return names[words]
    if not (words.isascii() and words.isdigit()) or len(words) > 4:
        raise ValueError(f"{words!r} is no {_FIELDS[index]}")
    return int(words)
