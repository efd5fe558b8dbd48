"""One row of the container list as pieces, cell for cell. Pure."""

from dataclasses import dataclass
from datetime import datetime

from lxdtui.model.instance import Condition, InstanceType
from lxdtui.store.select import InstanceRow, SortKey
from lxdtui.ui.format.amounts import percent, size
from lxdtui.ui.format.graphs import gauge_cells, sparkline
from lxdtui.ui.format.instances import (
    AMBER_FROM,
    RED_FROM,
    condition_of,
    memory_share,
    started_at,
    status_word,
)
from lxdtui.ui.format.text import cut, pad_left, pad_right, safe_text
from lxdtui.ui.format.times import age_since
from lxdtui.ui.theme import Glyphs, condition_role
from lxdtui.ui.widgets.columns import GUTTER, Column, ColumnId, Layout, Placed
from lxdtui.ui.widgets.pieces import Piece, gap, width_of

__all__ = ["RowLook", "header_pieces", "row_pieces", "up_text"]

_GRAPH_SAMPLES = 18


@dataclass(frozen=True, slots=True)
class RowLook:
    """What a row shows besides its values."""

    is_cursor: bool = False
    frame: int = 0
    """Picture of the sign for work."""
    problem: str = ""
    """Why the last action on it failed."""
    has_shell: bool = False
    """Whether a shell is open in it."""
    up: str = ""
    """How long it has been running, in words."""


def up_text(row: InstanceRow, now: datetime) -> str:
    """Return how long an instance has been running; empty where it does not."""
    return age_since(started_at(row), now)


def header_pieces(layout: Layout, sort: SortKey, *, reverse: bool, glyphs: Glyphs) -> list[Piece]:
    """Return the header line: the sorted column strong, with an arrow.

    Args:
        layout: The columns.
        sort: What the rows are sorted by.
        reverse: Whether from the large end.
        glyphs: The characters to draw with.
    """
    pieces = [gap(GUTTER)]
    arrow = glyphs.descending if reverse else glyphs.ascending
    for placed in layout.placed:
        column = placed.column
        if column.id is not ColumnId.NAME:
            pieces.append(gap(column.before))
        is_sorted = column.sort_key is sort and bool(column.title)
        title = cut(column.title, placed.width)
        taken = len(title) + (2 if is_sorted else 0)
        # An arrow may need more than a narrow column of numbers has.
        before = max(placed.width - taken, 0) if column.is_right else 0
        if is_sorted and taken > placed.width:
            over = taken - placed.width
            pieces[-1] = gap(max(len(pieces[-1].text) - over, 1))
        pieces.append(gap(before))
        pieces.append(Piece(title, "$strong bold" if is_sorted else "$muted"))
        if is_sorted:
            pieces.append(Piece(f" {arrow}", "$accent"))
        pieces.append(gap(max(placed.width - before - taken, 0)))
    return pieces


def row_pieces(row: InstanceRow, layout: Layout, look: RowLook, glyphs: Glyphs) -> list[Piece]:
    """Return a row, to exactly the width of the layout.

    Args:
        row: Its values.
        layout: The columns.
        look: What it shows besides.
        glyphs: The characters to draw with.
    """
    condition = condition_of(row)
    is_quiet = row.is_stale or condition is Condition.STOPPED
    painter = _Cells(row, look, glyphs, condition, "$muted" if is_quiet else "$fg")
    glyph = glyphs.of(condition)
    if condition is Condition.CHANGING:
        glyph = glyphs.working[look.frame % len(glyphs.working)]
    hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
    pieces = [
        Piece(glyphs.cursor if look.is_cursor else " ", "$accent"),
        gap(1),
        Piece(glyph, hue),
        gap(1),
    ]
    reason = _reason_span(layout) if painter.reason else (-1, -1)
    for placed in layout.placed:
        if reason[0] < placed.x < reason[1]:
            continue
        if placed.column.id is not ColumnId.NAME:
            pieces.append(gap(placed.column.before))
        if placed.x == reason[0]:
            pieces.append(Piece(pad_right(painter.reason, reason[1] - reason[0]), painter.alarm))
        else:
            pieces.extend(painter.cell(placed))
    pieces.append(gap(layout.width - width_of(pieces)))
    return pieces


def _reason_span(layout: Layout) -> tuple[int, int]:
    """Return the cells for the reason of a failure: the address columns."""
    first = layout.place_of(ColumnId.IPV4)
    if first is None:
        return -1, -1
    last = layout.place_of(ColumnId.IPV6) or first
    return first.x, last.x + last.width


class _Cells:
    """The cells of one row."""

    def __init__(
        self, row: InstanceRow, look: RowLook, glyphs: Glyphs, condition: Condition, tone: str
    ) -> None:
        self._row = row
        self._look = look
        self._glyphs = glyphs
        self._condition = condition
        self._tone = tone
        self.reason = ""
        if row.activity is None and not (row.usage and row.usage.state.addresses("inet")):
            self.reason = safe_text(look.problem)
        self.alarm = "$muted" if row.is_stale else "$red"

    def cell(self, placed: Placed) -> list[Piece]:
        """Return a cell, to exactly its width."""
        match placed.column.id:
            case ColumnId.CPU_GRAPH:
                return [self._graph(placed.width)]
            case ColumnId.MEMORY_GAUGE:
                return self._memory_gauge(placed.width)
            case ColumnId.IPV4 if self._row.activity is not None:
                return self._progress(placed.width)
            case ColumnId.NAME if self._look.has_shell and placed.width > 6:
                text, style = self._words(placed.column)
                name = cut(text, placed.width - 2, self._glyphs.cut)
                sign = Piece(f" {self._glyphs.shell}", "$accent bold")
                return [Piece(name, style), sign, gap(placed.width - width_of([Piece(name), sign]))]
            case _:
                text, style = self._words(placed.column)
                pad = pad_left if placed.column.is_right else pad_right
                return [Piece(pad(text, placed.width, self._glyphs.cut), style)]

    def _words(self, column: Column) -> tuple[str, str]:
        row, tone = self._row, self._tone
        instance, usage = row.instance, row.usage
        match column.id:
            case ColumnId.NAME:
                strong = "$strong" if tone == "$fg" else tone
                if self._look.is_cursor:
                    strong = "$strong bold"
                return safe_text(instance.name), strong
            case ColumnId.STATUS:
                return status_word(row), self._status_style()
            case ColumnId.CPU:
                if row.cpu_share is None:
                    return "", tone
                return percent(row.cpu_share * 100), self._hot(
                    row.cpu_share, tone, limited=row.cpus is not None
                )
            case ColumnId.MEMORY:
                if usage is None or not usage.state.memory_usage:
                    return "", tone
                return size(usage.state.memory_usage), self._hot(memory_share(row), tone)
            case ColumnId.IPV4 | ColumnId.IPV6 if usage is not None:
                family = "inet" if column.id is ColumnId.IPV4 else "inet6"
                return safe_text("".join(usage.state.addresses(family)[:1])), tone
            case ColumnId.PROCESSES if usage is not None and usage.state.processes >= 0:
                return self._number(usage.state.processes)
            case ColumnId.SNAPSHOTS if row.snapshot_count is not None:
                return self._number(row.snapshot_count)
            case ColumnId.PROJECT:
                return safe_text(row.ref.project), tone
            case ColumnId.REMOTE:
                return safe_text(row.ref.remote), tone
            case ColumnId.LOCATION:
                return safe_text(instance.location), tone
            case ColumnId.TYPE:
                is_machine = instance.type == InstanceType.VIRTUAL_MACHINE
                return ("vm" if is_machine else safe_text(instance.type)), tone
            case ColumnId.UP:
                return self._look.up, tone
            case _:
                return "", tone

    def _status_style(self) -> str:
        if self._row.is_stale or self._condition in (Condition.RUNNING, Condition.STOPPED):
            return "$muted"
        return f"${condition_role(self._condition)}"

    def _number(self, number: int) -> tuple[str, str]:
        return (str(number), self._tone) if number else (self._glyphs.zero, "$faint")

    def _hot(self, share: float | None, tone: str, *, limited: bool = True) -> str:
        if self._row.is_stale or share is None or share < AMBER_FROM:
            return tone
        return "$red" if share >= RED_FROM and limited else "$amber"

    def _graph(self, width: int) -> Piece:
        row = self._row
        if row.usage is None or self._condition is Condition.FROZEN:
            return gap(width)
        samples = [reading.cpu_percent for reading in row.usage.readings[-_GRAPH_SAMPLES:]]
        top = 100.0 * (row.cpus or 1)
        text = sparkline(samples, width, top, is_braille=self._glyphs.is_braille)
        style = "$muted" if row.is_stale else self._hot(row.cpu_share, "$accent", limited=False)
        return Piece(text, style)

    def _memory_gauge(self, width: int) -> list[Piece]:
        share = memory_share(self._row)
        if share is None:
            return [gap(width)]
        return self._gauge(share, width, self._hot(share, "$muted"))

    def _progress(self, width: int) -> list[Piece]:
        activity = self._row.activity
        progress = activity.progress if activity is not None else None
        if progress is None:
            return [gap(width)]
        if progress.percent is None:
            return [Piece(pad_right(safe_text(progress.text), width), "$muted")]
        style = "$muted" if self._row.is_stale else "$accent"
        gauge = self._gauge(progress.percent / 100, width - 5, style)
        return [*gauge, Piece(f"{progress.percent:>4}%", style)]

    def _gauge(self, share: float, width: int, style: str) -> list[Piece]:
        filled = gauge_cells(share, width)
        return [
            Piece(self._glyphs.filled * filled, style),
            Piece(self._glyphs.rest * (width - filled), "$line"),
        ]
