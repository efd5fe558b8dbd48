"""Rows of the snapshot list, and what the panel beside it tells of one. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from lxdtui.model.instance import Instance
from lxdtui.model.snapshot import Snapshot
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import cut, pad_right, safe_text
from lxdtui.ui.format.times import age, age_since, day_and_minute
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.marked_table import TableColumn, TableRow
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = [
    "COLUMNS",
    "SnapshotSort",
    "expiry_words",
    "is_expiring_today",
    "panel_lines",
    "snapshot_row",
    "sorted_snapshots",
    "taking_row",
]

_DAY = 86_400
_LABEL_WIDTH = 11
_CHANGES_SHOWN = 12


class SnapshotSort(StrEnum):
    """Columns by which the snapshots can be sorted."""

    NAME = "name"
    AGE = "age"
    SIZE = "size"
    EXPIRES = "expires"


COLUMNS = (
    TableColumn(id=SnapshotSort.NAME, title="Name", width=20),
    TableColumn(id=SnapshotSort.AGE, title="Age", width=8, is_right=True),
    TableColumn(id=SnapshotSort.SIZE, title="Size", width=8, is_right=True, rank=1),
    TableColumn(id=SnapshotSort.EXPIRES, title="Expires", width=9, is_right=True),
    TableColumn(id="taken", title="Taken", width=16, rank=2),
    TableColumn(id="state", title="Memory", width=11, rank=3),
)


def sorted_snapshots(
    snapshots: Sequence[Snapshot], sort: SnapshotSort, *, reverse: bool
) -> list[Snapshot]:
    """Sort snapshots. By age the newest come first; what has no value comes last.

    Args:
        snapshots: In any order.
        sort: By what.
        reverse: Whether the other way round.
    """
    by_name = sorted(snapshots, key=lambda one: one.name)
    match sort:
        case SnapshotSort.NAME:
            return sorted(by_name, key=lambda one: one.name.casefold(), reverse=reverse)
        case SnapshotSort.AGE:
            known = [one for one in by_name if one.created_at is not None]
            known.sort(key=lambda one: str(one.created_at), reverse=not reverse)
            return known + [one for one in by_name if one.created_at is None]
        case SnapshotSort.SIZE:
            sized = [one for one in by_name if one.size >= 0]
            sized.sort(key=lambda one: one.size, reverse=not reverse)
            return sized + [one for one in by_name if one.size < 0]
        case SnapshotSort.EXPIRES:
            ending = [one for one in by_name if one.expires_at is not None]
            ending.sort(key=lambda one: str(one.expires_at), reverse=reverse)
            return ending + [one for one in by_name if one.expires_at is None]


def is_expiring_today(snapshot: Snapshot, now: datetime) -> bool:
    """Say whether the server deletes it within a day."""
    return snapshot.expires_at is not None and (snapshot.expires_at - now).total_seconds() < _DAY


def expiry_words(snapshot: Snapshot, now: datetime) -> str:
    """Write when it expires: ``6 d``, ``today``, ``never``."""
    if snapshot.expires_at is None:
        return "never"
    if is_expiring_today(snapshot, now):
        return "today"
    return age((snapshot.expires_at - now).total_seconds())


def snapshot_row(
    snapshot: Snapshot,
    *,
    now: datetime,
    glyphs: Glyphs,
    is_stale: bool = False,
    work: str = "",
    problem: str = "",
) -> TableRow:
    """Return the row of a snapshot.

    Args:
        snapshot: The snapshot.
        now: The time of day.
        glyphs: The characters to draw with.
        is_stale: Whether the link is lost, so that this may be old.
        work: What is under way with it: ``deleting``.
        problem: Why the last action on it failed.
    """
    tone = "$muted" if is_stale else "$fg"
    glyph = Piece(glyphs.stateful, "$violet") if snapshot.stateful else gap(1)
    if work:
        glyph = Piece(glyphs.working[0], "$accent")
    elif problem:
        glyph = Piece(glyphs.failed, "$red")
    ending = tone if snapshot.expires_at is not None else "$muted"
    if is_expiring_today(snapshot, now) and not is_stale:
        ending = "$amber"
    memory = Piece("with memory", "$muted" if is_stale else "$violet")
    return TableRow(
        key=snapshot.name,
        glyph=glyph,
        cells={
            SnapshotSort.NAME: Piece(
                safe_text(snapshot.name), "$muted" if is_stale or work else "$strong"
            ),
            SnapshotSort.AGE: Piece(age_since(snapshot.created_at, now), tone),
            SnapshotSort.SIZE: Piece(size(snapshot.size) if snapshot.size >= 0 else "", tone),
            SnapshotSort.EXPIRES: Piece(work or expiry_words(snapshot, now), ending),
            "taken": Piece(day_and_minute(snapshot.created_at), "$muted"),
            "state": memory if snapshot.stateful else Piece(""),
        },
    )


def taking_row(name: str, glyphs: Glyphs) -> TableRow:
    """Return the row of a snapshot that is being taken."""
    return TableRow(
        key=name,
        glyph=Piece(glyphs.working[0], "$accent"),
        cells={
            SnapshotSort.NAME: Piece(safe_text(name), "$muted"),
            SnapshotSort.AGE: Piece("now", "$muted"),
            SnapshotSort.EXPIRES: Piece("taking", "$accent"),
        },
    )


def panel_lines(
    snapshot: Snapshot,
    instance: Instance | None,
    newer: int,
    *,
    now: datetime,
    width: int,
    problem: str = "",
) -> list[list[Piece]]:
    """Return what the panel tells of a snapshot.

    Args:
        snapshot: The snapshot.
        instance: The container as it is now.
        newer: How many snapshots are newer.
        now: The time of day.
        width: Cells of a line.
        problem: Why the last action on it failed.
    """
    ends = day_and_minute(snapshot.expires_at) or "never"
    lines = [[Piece(cut(safe_text(snapshot.name), width), "$strong bold")], []]
    if problem:
        lines += [[Piece(cut(safe_text(problem), width), "$red")], []]
    lines += [
        _labelled("Taken", day_and_minute(snapshot.created_at), width),
        _labelled("Age", age_since(snapshot.created_at, now), width),
        _labelled("Size", size(snapshot.size) if snapshot.size >= 0 else "not told", width),
        _labelled("Expires", ends, width, "$amber" if is_expiring_today(snapshot, now) else "$fg"),
        _labelled("Memory", "kept" if snapshot.stateful else "not kept", width),
        _labelled("Profiles", ", ".join(snapshot.profiles) or "none", width),
        _labelled("Newer", str(newer) if newer else "none", width),
        [],
    ]
    if instance is None:
        return lines
    changes = _changes(snapshot, instance)
    lines.append([Piece("Since then, in the container", "$muted")])
    if not changes:
        lines.append([Piece("Configuration and devices as they were", "$fg")])
    lines += [[Piece(cut(words, width), "$fg")] for words in changes[:_CHANGES_SHOWN]]
    if len(changes) > _CHANGES_SHOWN:
        lines.append([Piece(f"and {len(changes) - _CHANGES_SHOWN} more", "$muted")])
    return lines


def _labelled(label: str, value: str, width: int, style: str = "$fg") -> list[Piece]:
    return [
        Piece(pad_right(label, _LABEL_WIDTH), "$muted"),
        Piece(cut(safe_text(value), max(width - _LABEL_WIDTH, 1)), style),
    ]


def _changes(snapshot: Snapshot, instance: Instance) -> list[str]:
    """Return what is different in configuration and devices, line by line."""
    before = _without_volatile(snapshot.config)
    after = _without_volatile(instance.config)
    changes = [
        f"{safe_text(key)} {_value(key, before)} to {_value(key, after)}"
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    for name in sorted(snapshot.devices.keys() | instance.devices.keys()):
        old, new = snapshot.devices.get(name), instance.devices.get(name)
        if old != new:
            sign = "+" if old is None else "-" if new is None else "~"
            changes.append(f"{sign} device {safe_text(name)}")
    if snapshot.profiles != instance.profiles:
        now = ", ".join(safe_text(name) for name in instance.profiles) or "none"
        changes.append(f"profiles now {now}")
    return changes


def _value(key: str, config: Mapping[str, str]) -> str:
    if key not in config:
        return "unset"
    return "(hidden)" if is_secret(key) else safe_text(config[key]) or "empty"


def _without_volatile(config: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in config.items() if not key.startswith("volatile.")}
