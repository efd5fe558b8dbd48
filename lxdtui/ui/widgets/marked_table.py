"""A table of anything: cursor, marks, columns that leave by rank. Only visible rows are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.message import Message
from textual.strip import Strip

from lxdtui.ui.format.text import cell_width, cut, pad_left, pad_right
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.cursor_table import CursorTable
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER, MARK
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["MarkedTable", "TableColumn", "TableRow"]

_GUTTER = 4
_MARGIN = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column. The first one of a table takes the room that is left over, unless another does."""

    id: str
    title: str
    width: int
    """Cells; of the first column the least."""
    is_right: bool = False
    """Whether its cells and its header stand at the right."""
    rank: int = 0
    """Columns leave from the largest on as width shrinks; 0 never leaves."""
    takes_rest: bool = False
    """Whether it takes the room that is left over instead of the first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row."""

    key: str
    """Identity: cursor and marks hold on to it."""
    cells: Mapping[str, Piece]
    """What stands in the columns, by their ids, as safe text."""
    glyph: Piece = field(default_factory=lambda: gap(1))
    """What stands before the first column, one cell."""


class MarkedTable(CursorTable):
    """Rows under a header, with a cursor and marks.

    Args:
        columns: The columns, in their order.
        glyphs: The characters to draw with.
    """

    class SortAsked(Message):
        """Posted when a header is clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, columns: Sequence[TableColumn], *, glyphs: Glyphs) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._glyphs = glyphs
        self._rows: Sequence[TableRow] = ()
        self._marks: frozenset[str] = frozenset()
        self._placeholder: tuple[tuple[Piece, ...], ...] = ()
        self._sort, self._reverse = "", False
        self._placed: tuple[tuple[TableColumn, int], ...] = ()

    # What is shown

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def cursor_key(self) -> str | None:
        """Key of the row under the cursor, or ``None`` without rows."""
        return self._rows[self._cursor].key if self._cursor < len(self._rows) else None

    def show(
        self,
        rows: Sequence[TableRow],
        *,
        marks: frozenset[str] = frozenset(),
        sort: str = "",
        reverse: bool = False,
        placeholder: tuple[tuple[Piece, ...], ...] = (),
    ) -> None:
        """Show rows; the cursor stays on its key, or at its place where that is gone.

        Args:
            rows: The rows, sorted.
            marks: Keys of the marked ones.
            sort: Id of the column that they are sorted by.
            reverse: Whether from the large end.
            placeholder: Lines to show where there are no rows.
        """
        before, index = self.cursor_key, self._cursor
        self._rows, self._marks, self._placeholder = rows, marks, placeholder
        self._sort, self._reverse = sort, reverse
        if not (index < len(rows) and rows[index].key == before):
            found = next((at for at, row in enumerate(rows) if row.key == before), None)
            self._cursor = max(min(index, len(rows) - 1), 0) if found is None else found
        self.choose_columns()
        self.rows_changed()
        self.refresh()
        if self.cursor_key != before:
            self.post_message(self.CursorMoved())

    def header_clicked(self, x: int) -> None:
        """Ask for another order."""
        column = self._column_at(x)
        if column is not None:
            self.post_message(self.SortAsked(column.id))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, a placeholder or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self.strip(spread(self._header(), (), width), HEADER)
        index = self.row_at(y)
        if index < len(self._rows):
            return self._row(index, width)
        if not self._rows and y - 1 < len(self._placeholder):
            return self.strip(spread(self._placeholder[y - 1], (), width), "")
        return self.strip((gap(width),), "")

    def _header(self) -> list[Piece]:
        pieces = [gap(_GUTTER)]
        arrow = self._glyphs.descending if self._reverse else self._glyphs.ascending
        for number, (column, width) in enumerate(self._placed):
            if number:
                pieces.append(gap(2))
            is_sorted = column.id == self._sort and bool(column.title)
            title = cut(column.title, width - 2 if is_sorted else width)
            taken = cell_width(title) + (2 if is_sorted else 0)
            before = width - taken if column.is_right else 0
            pieces += [gap(before), Piece(title, "$strong bold" if is_sorted else "$muted")]
            if is_sorted:
                pieces.append(Piece(f" {arrow}", "$accent"))
            pieces.append(gap(width - before - taken))
        return pieces

    def _row(self, index: int, width: int) -> Strip:
        row = self._rows[index]
        is_cursor, is_marked = index == self._cursor, row.key in self._marks
        sign = gap(1)
        if is_cursor and self.has_focus:
            sign = Piece(self._glyphs.cursor, "$accent")
        if is_marked:
            sign = Piece(self._glyphs.marked, "$accent bold")
        pieces = [sign, gap(1), row.glyph, gap(1)]
        for number, (column, room) in enumerate(self._placed):
            if number:
                pieces.append(gap(2))
            cell = row.cells.get(column.id, Piece(""))
            pad = pad_left if column.is_right else pad_right
            style = cell.style
            if number == 0 and is_cursor and style == "$strong":
                style = "$strong bold"
            pieces.append(Piece(pad(cell.text, room, self._glyphs.cut), style))
        pieces.append(gap(width - width_of(pieces)))
        ground = CURSOR if is_cursor else MARK if is_marked else ""
        return self.strip(pieces, ground)

    # Helpers

    def choose_columns(self) -> None:
        """Choose the columns: those of the largest rank leave first."""
        room = max(self.size.width, 1) - _GUTTER - _MARGIN
        first, rest = self._columns[0], list(self._columns[1:])
        filled = {column.id for column in rest if any(_has(row, column) for row in self._rows)}
        rest = [column for column in rest if column.rank == 0 or column.id in filled]
        while rest and first.width + sum(column.width + 2 for column in rest) > room:
            last = max(rest, key=lambda column: column.rank)
            if not last.rank:
                break
            rest.remove(last)
        left = room - first.width - sum(column.width + 2 for column in rest)
        wide = next((column for column in rest if column.takes_rest), first)
        if left < 0:
            wide = first
        self._placed = tuple(
            (column, max(column.width + (left if column is wide else 0), 1))
            for column in (first, *rest)
        )

    def _column_at(self, x: int) -> TableColumn | None:
        position = _GUTTER
        for column, width in self._placed:
            position += width
            if x < position:
                return column
            position += 2
        return None


def _has(row: TableRow, column: TableColumn) -> bool:
    cell = row.cells.get(column.id)
    return cell is not None and bool(cell.text)
