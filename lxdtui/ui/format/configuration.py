"""Configuration in words and lines: values, facts of keys, differences. Pure."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxdtui.model.config_keys import ConfigKey
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.services.configuration import ConfigEntry, Difference
from lxdtui.services.editing.difference import RowKind, difference
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import cell_width, cut, safe_text

__all__ = [
    "HIDDEN",
    "DifferenceLine",
    "below_words",
    "command_for",
    "difference_lines",
    "facts_of",
    "one_line",
]

HIDDEN = "hidden"
"""What stands for a value that looks like a secret."""
_LINES_SHOWN = 400


def one_line(key: str, value: str, *, reveals: bool) -> str:
    """Write a value in one line, safe; one of several lines says how many.

    Args:
        key: Its key, which tells secrets.
        value: The value.
        reveals: Whether secrets are shown.
    """
    if value and not reveals and is_secret(key):
        return HIDDEN
    first, *rest = value.rstrip("\n").split("\n")
    if rest:
        return f"{safe_text(first)}  ({plural(len(rest) + 1, 'line')})"
    return safe_text(first)


def facts_of(key: ConfigKey | None) -> tuple[tuple[str, str], ...]:
    """Return what is known of a key: name of the fact and words."""
    if key is None:
        return (("Known", "not to this program; the server decides"),)
    values = ", ".join(key.choices) if key.choices else str(key.kind)
    if key.lowest is not None and key.highest is not None:
        values = f"{values}, {key.lowest} to {key.highest}"
    return (
        ("In effect", key.effect),
        ("Default", key.default or "none"),
        ("Value", values),
    )


def below_words(entry: ConfigEntry, *, reveals: bool) -> str:
    """Tell what a value hides: ``hides 2 of default``; empty for nothing."""
    if not entry.below:
        return ""
    parts = (
        f"{one_line(entry.key, value, reveals=reveals) or 'nothing'} of {safe_text(origin.words)}"
        for origin, value in entry.below
    )
    return f"hides {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A line of a difference."""

    sign: str
    """``+``, ``-``, ``~`` or a blank."""
    role: str
    """Role of its colour."""
    words: str
    """Safe text."""


def difference_lines(
    found: Iterable[Difference], *, reveals: bool, arrow: str, width: int = 24
) -> tuple[DifferenceLine, ...]:
    """Write differences, one line each; texts of several lines line by line.

    Args:
        found: The differences.
        reveals: Whether secrets are shown.
        arrow: What stands between before and after.
        width: Columns for the keys at the most.
    """
    differences = tuple(found)
    label = min(max((cell_width(safe_text(one.words)) for one in differences), default=0), width)
    lines: list[DifferenceLine] = []
    for one in differences:
        name = safe_text(one.words)
        name = f"{name:<{label}}" if cell_width(name) <= label else cut(name, 48)
        before, after = (
            None if value is None else one_line(one.path[-1], value, reveals=reveals)
            for value in (one.before, one.after)
        )
        if before is None:
            lines.append(DifferenceLine("+", "green", f"{name}  {after or _EMPTY}"))
        elif after is None:
            lines.append(DifferenceLine("-", "red", f"{name}  {before or _EMPTY}"))
        else:
            words = f"{name}  {before or _EMPTY} {arrow} {after or _EMPTY}"
            lines.append(DifferenceLine("~", "amber", words))
        if HIDDEN not in (before, after) and _has_lines(one):
            lines += _text_lines(one)
    return tuple(lines)


_EMPTY = '""'


def _has_lines(one: Difference) -> bool:
    return any("\n" in (value or "").rstrip("\n") for value in (one.before, one.after))


def _text_lines(one: Difference) -> list[DifferenceLine]:
    rows = difference(one.before or "", one.after or "").rows[:_LINES_SHOWN]
    looks = {
        RowKind.ADDED: ("+", "green"),
        RowKind.REMOVED: ("-", "red"),
    }
    lines = []
    for row in rows:
        sign, role = looks.get(row.kind, (" ", "muted"))
        lines.append(DifferenceLine(" ", role, f"  {sign} {safe_text(row.text.expandtabs(4))}"))
    return lines


def command_for(ref: InstanceRef, found: Sequence[Difference], kind: ServerKind | None) -> str:
    """Return the command that does the same, or opens the place where it can be done.

    Args:
        ref: The instance.
        found: What changes.
        kind: The family of the server, which decides on the client.
    """
    client = "incus" if kind is ServerKind.INCUS else "lxc"
    if ref.project != DEFAULT_PROJECT:
        client = f"{client} --project {shlex.quote(ref.project)}"
    target = shlex.quote(ref.name if ref.remote == "local" else f"{ref.remote}:{ref.name}")
    edit = f"{client} config edit {target}"
    texts = [text for one in found for text in (*one.path, one.after or "")]
    if any(safe_text(text) != text for text in texts):
        return edit
    if all(one.path[0] == "config" for one in found):
        sets = [one for one in found if one.after is not None]
        if any(is_secret(one.path[1]) for one in sets):
            return edit
        if len(sets) == len(found):
            words = (shlex.quote(f"{one.path[1]}={one.after}") for one in sets)
            return f"{client} config set {target} {' '.join(words)}"
        if len(found) == 1:
            return f"{client} config unset {target} {shlex.quote(found[0].path[1])}"
    if [one.path for one in found] == [("profiles",)]:
        names = (found[0].after or "").replace(", ", ",")
        return f"{client} profile assign {target} {shlex.quote(names)}"
    return edit
