"""A table of lines with a cursor that holds on to its row: only what is seen is drawn.

For pages with tens of rows; the list of containers has a table of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.ui.format.text import cell_width, pad_left, pad_right
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER, PaintedView
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


class RowTable(PaintedView, can_focus=True):
    """Rows under a header, with a cursor.

    Args:
        columns: The columns; exactly one takes what is left over.
        glyphs: The characters to draw with.
        id: Its id in the style sheet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="rows.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="rows.up"),
        Binding("ctrl+f,pagedown", "page(1)", "Page down", show=False, id="rows.page_down"),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="rows.page_up"),
        Binding("g,home", "first", "First", show=False, id="rows.first"),
        Binding("G,end", "last", "Last", show=False, id="rows.last"),
    ]
    DEFAULT_CSS = """
    RowTable {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    ALLOW_SELECT = False

    class _About(Message):
        def __init__(self, table: "RowTable") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "RowTable":
            """The table."""
            return self.table

    class CursorMoved(_About):
        """Posted when another row, or none, is under the cursor."""

    class Opened(_About):
        """Posted when a row is clicked twice."""

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
        self._cursor = 0
        self._is_stale = False

    @property
    def rows(self) -> Sequence[TableRow]:
        """The rows, in their order."""
        return self._rows

    @property
    def cursor(self) -> int:
        """Position of the cursor, from 0."""
        return self._cursor

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
        self.virtual_size = Size(1, len(self._rows) + 1)
        self._keep_in_view()
        self.refresh()
        if self.cursor_id != before:
            self.post_message(self.CursorMoved(self))

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, as near to it as there is one."""
        index = max(0, min(index, len(self._rows) - 1))
        if self._rows and index != self._cursor:
            self._cursor = index
            self._keep_in_view()
            self.refresh()
            self.post_message(self.CursorMoved(self))

    def move_to_id(self, row_id: str) -> None:
        """Put the cursor on a row, where it is there."""
        for index, row in enumerate(self._rows):
            if row.id == row_id:
                self.move_to(index)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._keep_in_view()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move to a row, open it at the second click."""
        event.stop()
        index = self.scroll_offset.y + event.y - 1
        if event.y and 0 <= index < len(self._rows):
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Opened(self))

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a page."""
        self.move_to(self._cursor + pages * max(self._page - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.move_to(len(self._rows) - 1)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, the placeholder or nothing."""
        width = self.scrollable_content_region.width
        widths = self._widths()
        if y == 0:
            titles = [Piece(column.title, "$muted") for column in self._columns]
            return self.strip(spread(self._line(None, titles, widths), (), width), HEADER)
        index = self.scroll_offset.y + y - 1
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

    @property
    def _page(self) -> int:
        return max(self.scrollable_content_region.height - 1, 1)

    def _keep_in_view(self) -> None:
        first = self.scroll_offset.y
        if self._cursor < first:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= first + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False, force=True)
