"""Names of snapshots: what a server would choose, and what it takes. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime

__all__ = ["free_name", "instance_name_problem", "name_problem", "proposed_name"]

DEFAULT_PATTERN = "snap%d"
"""What the servers use where ``snapshots.pattern`` is not set."""
_LONGEST = 255
_LONGEST_INSTANCE = 63
_DATE = re.compile(r"""\{\{\s*creation_date\s*\|\s*date\s*:\s*['"]([^'"]*)['"]\s*\}\}""")
# The reference time of Go's layouts, longest first.
_LAYOUT = {
    "2006": "%Y",
    "January": "%B",
    "Jan": "%b",
    "Monday": "%A",
    "Mon": "%a",
    "01": "%m",
    "02": "%d",
    "15": "%H",
    "04": "%M",
    "05": "%S",
    "06": "%y",
}
_LAYOUT_PARTS = re.compile("|".join(_LAYOUT))


def proposed_name(pattern: str, taken: Iterable[str], now: datetime) -> str:
    """Return the name that a server would choose.

    Args:
        pattern: ``snapshots.pattern`` of the instance; empty for the servers' own.
        taken: Names of the snapshots there are.
        now: The time of day.

    Returns:
        The name; empty where the pattern is a template that only the server can fill.
    """
    names = set(taken)
    pattern = _DATE.sub(lambda found: _formatted(found[1], now), pattern or DEFAULT_PATTERN)
    if "{{" in pattern or "{%" in pattern:
        return ""
    if pattern.count("%d") == 1:
        return pattern.replace("%d", str(_next_number(pattern, names)))
    if pattern in names:
        return f"{pattern}-{_next_number(f'{pattern}-%d', names)}"
    return pattern


def free_name(stem: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken: the stem, or the stem with a number.

    Args:
        stem: The name wanted.
        taken: Names there are.
    """
    names = set(taken)
    name, number = stem, 2
    while name in names:
        name, number = f"{stem}-{number}", number + 1
    return name


def name_problem(name: str) -> str:
    """Say why the servers do not take a name for a snapshot; empty where they do."""
    if "/" in name or any(character.isspace() for character in name):
        return "a name has no blank and no slash"
    if name in (".", ".."):
        return f"{name} is no name"
    if len(name.encode("utf-8", "replace")) > _LONGEST:
        return f"the name is longer than {_LONGEST} bytes"
    if not name.isprintable():
        return "the name holds what cannot be printed"
    return ""


def instance_name_problem(name: str) -> str:
    """Say why the servers do not take a name for an instance; empty where they do."""
    if len(name) > _LONGEST_INSTANCE:
        return f"the name is longer than {_LONGEST_INSTANCE} letters"
    if not re.fullmatch(r"[A-Za-z0-9-]*", name):
        return "a name takes letters, digits and hyphens"
    if name.startswith("-") or name.endswith("-") or name[:1].isdigit():
        return "a name begins with a letter and does not end with a hyphen"
    return ""


def _next_number(pattern: str, names: Iterable[str]) -> int:
    """Return one more than the largest number in use, as the servers count."""
    head, _, tail = pattern.partition("%d")
    wanted = re.compile(rf"{re.escape(head)}(\d{{1,18}}){re.escape(tail)}")
    numbers = [int(found[1]) for name in names if (found := wanted.fullmatch(name))]
    return max(numbers, default=-1) + 1


def _formatted(layout: str, now: datetime) -> str:
    return now.strftime(_LAYOUT_PARTS.sub(lambda part: _LAYOUT[part[0]], layout.replace("%", "%%")))
