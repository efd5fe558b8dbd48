"""A table of lines with a cursor that holds on to its row: only what is seen is drawn.

For pages with tens of rows; the list of containers has a table of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.strip import Strip

from lxdtui.ui.format.text import cell_width, pad_left, pad_right
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.cursor_table import CursorTable
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["RowTable", "TableColumn", "TableRow"]

_BETWEEN = 2
_GUTTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column."""

    title: str
    least: int = 4
    """Columns of the screen that it takes at least."""
    most: int = 0
    """Columns that it takes at the most; 0 for all that is left over."""
    is_right: bool = False
    """Whether it stands at the right, as numbers do."""
    rank: int = 0
    """0 stays always; of the others the highest leaves first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row."""

    id: str
    """What it is known by; the cursor holds on to it."""
    cells: tuple[Piece, ...]
    """One a column, safe text."""
    mark: Piece | None = None
    """A glyph in the gutter."""


class RowTable(CursorTable):
    """Rows under a header, with a cursor.

    Args:
        columns: The columns; exactly one takes what is left over.
        glyphs: The characters to draw with.
        id: Its id in the style sheet.
    """

    def __init__(
        self,
        columns: Sequence[TableColumn],
        *,
        glyphs: Glyphs,
        id: str | None = None,  # noqa: A002  # the name that Textual has for it
    ) -> None:
        super().__init__()
        if id is not None:
            self.id = id
        self._columns = tuple(columns)
        self._glyphs = glyphs
        self._rows: tuple[TableRow, ...] = ()
        self._placeholder: tuple[Piece, ...] = ()
        self._is_stale = False

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[TableRow]:
        """The rows, in their order."""
        return self._rows

    @property
    def cursor_id(self) -> str | None:
        """What is under the cursor, or ``None`` without rows."""
        return self._rows[self._cursor].id if self._cursor < len(self._rows) else None

    def show(
        self,
        rows: Sequence[TableRow],
        *,
        placeholder: Sequence[Piece] = (),
        is_stale: bool = False,
    ) -> None:
        """Show rows; the cursor stays on its row, or at its place where that is gone.

        Args:
            rows: The rows.
            placeholder: What to say where there are none.
            is_stale: Whether they may be old; then they are muted.
        """
        shown = (tuple(rows), tuple(placeholder), is_stale)
        if shown == (self._rows, self._placeholder, self._is_stale):
            return
        before = self.cursor_id
        self._rows, self._placeholder, self._is_stale = shown
        ids = [row.id for row in self._rows]
        at = ids.index(before) if before in ids else min(self._cursor, len(ids) - 1)
        self._cursor = max(at, 0)
        self.rows_changed()
        self.refresh()
        if self.cursor_id != before:
            self.post_message(self.CursorMoved())

    def move_to_id(self, row_id: str) -> None:
        """Put the cursor on a row, where it is there."""
        for index, row in enumerate(self._rows):
            if row.id == row_id:
                self.move_to(index)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, the placeholder or nothing."""
        width = self.scrollable_content_region.width
        widths = self._widths()
        if y == 0:
            titles = [Piece(column.title, "$muted") for column in self._columns]
            return self.strip(spread(self._line(None, titles, widths), (), width), HEADER)
        index = self.row_at(y)
        if index < len(self._rows):
            row = self._rows[index]
            cells = [
                Piece(cell.text, "$muted" if self._is_stale else cell.style) for cell in row.cells
            ]
            is_cursor = index == self._cursor
            pieces = self._line(row.mark, cells, widths, is_cursor=is_cursor and self.has_focus)
            return self.strip(spread(pieces, (), width), CURSOR if is_cursor else "")
        if not self._rows and y == 1:
            return self.strip(spread((gap(_GUTTER), *self._placeholder), (), width), "")
        return self.strip((gap(width),), "")

    def _line(
        self,
        mark: Piece | None,
        cells: Sequence[Piece],
        widths: Sequence[int],
        *,
        is_cursor: bool = False,
    ) -> tuple[Piece, ...]:
        pieces = [Piece(self._glyphs.cursor, "$accent") if is_cursor else gap(1)]
        pieces.append(mark if mark is not None else gap(1))
        is_first = True
        for column, cell, width in zip(self._columns, cells, widths, strict=True):
            if not width:
                continue
            pad = pad_left if column.is_right else pad_right
            if not is_first:
                pieces.append(gap(_BETWEEN))
            pieces.append(Piece(pad(cell.text, width, self._glyphs.cut), cell.style))
            is_first = False
        return tuple(pieces)

    def _widths(self) -> list[int]:
        # The scrollbar stands in the margin at the right: columns do not move for it.
        room = self.size.width - _GUTTER - 1
        wanted = []
        for number, column in enumerate(self._columns):
            widest = max((cell_width(row.cells[number].text) for row in self._rows), default=0)
            needed = max(widest, cell_width(column.title), column.least)
            wanted.append(min(needed, column.most) if column.most else column.least)
        leaving = sorted(
            (number for number, column in enumerate(self._columns) if column.rank),
            key=lambda number: -self._columns[number].rank,
        )
        while sum(wanted) + _BETWEEN * (sum(map(bool, wanted)) - 1) > room and leaving:
            wanted[leaving.pop(0)] = 0
        left_over = room - sum(wanted) - _BETWEEN * (sum(map(bool, wanted)) - 1)
        for number, column in enumerate(self._columns):
            if not column.most:
                wanted[number] = max(wanted[number] + left_over, 1)
        return wanted
