"""What all tables have: rows under a header, and a cursor that is kept in view."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.ui.widgets.painted_view import PaintedView

__all__ = ["CursorTable"]

_TOAST_LINES = 3


class CursorTable(PaintedView, can_focus=True):
    """Rows below one line of titles; those who derive from it draw them, line by line.

    It is a line-API view and not a ``DataTable``: the cursor bar, the gutter and
    columns that leave by rank need every cell, and thousands of rows must not
    cost more than those that are seen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="table.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="table.up"),
        Binding("ctrl+f,pagedown", "page(1)", "Page down", show=False, id="table.page_down"),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="table.page_up"),
        Binding("g,home", "first", "First", show=False, id="table.first"),
        Binding("G,end", "last", "Last", show=False, id="table.last"),
    ]
    DEFAULT_CSS = """
    CursorTable {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        width: 1fr;
        height: 1fr;
    }
    """
    ALLOW_SELECT = False

    class CursorMoved(Message):
        """Posted when another row, or none, is under the cursor."""

    class Opened(Message):
        """Posted when a row is clicked twice."""

    def __init__(self) -> None:
        super().__init__()
        self._cursor = 0
        self._width_of_columns = 0

    # For those who derive from it

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def choose_columns(self) -> None:
        """Choose the columns for the width."""

    def header_clicked(self, x: int) -> None:
        """React to a click on the titles.

        Args:
            x: The column of the view, from 0.
        """

    def rows_changed(self) -> None:
        """Fit the view to how many rows there are; keeps the cursor in it."""
        # The width is of no use to a view that does not scroll sideways, and a
        # different size would lay out everything anew.
        size = Size(1, self.row_count + 1)
        if size != self.virtual_size:
            self.virtual_size = size
        self.keep_in_view()

    # The cursor

    @property
    def cursor(self) -> int:
        """Position of the cursor, from 0."""
        return self._cursor

    @property
    def is_cursor_low(self) -> bool:
        """Whether the cursor is on one of the last lines, where toasts come."""
        return self._cursor - self.scroll_offset.y >= self.page - _TOAST_LINES

    @property
    def page(self) -> int:
        """How many rows are seen at once."""
        return max(self.scrollable_content_region.height - 1, 1)

    def row_at(self, y: int) -> int:
        """Return which row, from 0, would be on a line of the view; the titles are on line 0."""
        return self.scroll_offset.y + y - 1

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, as near to it as there is one."""
        index = max(0, min(index, self.row_count - 1))
        if not self.row_count or index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        self.refresh_row(old)
        self.keep_in_view()
        self.refresh_row(index)
        self.post_message(self.CursorMoved())

    def keep_in_view(self) -> None:
        """Scroll to the cursor where it is not seen."""
        first = self.scroll_offset.y
        if self._cursor < first:
            self.scroll_to_row(self._cursor)
        elif self._cursor >= first + self.page:
            self.scroll_to_row(self._cursor - self.page + 1)

    def scroll_to_row(self, index: int) -> None:
        """Make a row the first that is seen, at once."""
        self.scroll_to(y=index, animate=False, force=True)

    def refresh_row(self, index: int) -> None:
        """Draw a row again, if it is seen."""
        line = index - self.scroll_offset.y + 1
        if 1 <= line <= self.page:
            self.refresh(Region(0, line, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines; a view may be drawn in a new width before it is told of it."""
        if self._width_of_columns != self.size.width:
            self._width_of_columns = self.size.width
            self.choose_columns()
        return super().render_lines(crop)

    # Events

    def on_resize(self) -> None:
        """Choose the columns for the new width."""
        self.choose_columns()
        self.keep_in_view()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move to a row, open it at the second click; hand on a click on the titles."""
        event.stop()
        if event.y == 0:
            self.header_clicked(event.x)
            return
        index = self.row_at(event.y)
        if 0 <= index < self.row_count:
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Opened())

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a page."""
        self.move_to(self._cursor + pages * max(self.page - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.move_to(self.row_count - 1)
