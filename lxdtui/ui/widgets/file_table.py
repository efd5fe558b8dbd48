"""The rows of a folder: only those on the screen are drawn, however many there are."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.model.files import FileEntry
from lxdtui.services.files import Owners
from lxdtui.ui.clock import Clock
from lxdtui.ui.file_rows import FileRows, FileSort
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.file_columns import (
    RowLook,
    age_text,
    arrange_files,
    file_header,
    file_pieces,
    owner_width,
)
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER, MARK, PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["FileTable"]

Lines = Sequence[tuple[Piece, ...]]


class FileTable(PaintedView, can_focus=True):
    """Entries of a folder under a header, with a cursor and marks.

    Args:
        rows: The rows that it shows; whoever changes them calls :meth:`show`.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="files.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="files.up"),
        Binding("ctrl+f,pagedown", "page(1)", "Page down", show=False, id="files.page_down"),
        Binding("ctrl+b,pageup", "page(-1)", "Page up", show=False, id="files.page_up"),
        Binding("g,home", "first", "First", show=False, id="files.first"),
        Binding("G,end", "last", "Last", show=False, id="files.last"),
    ]
    DEFAULT_CSS = """
    FileTable {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        width: 1fr;
        height: 1fr;
    }
    """
    ALLOW_SELECT = False

    class CursorMoved(Message):
        """Posted when another row is under the cursor."""

    class Opened(Message):
        """Posted when a row is clicked twice."""

    class SortAsked(Message):
        """Posted when a header is clicked."""

        def __init__(self, sort: FileSort) -> None:
            super().__init__()
            self.sort = sort

    def __init__(self, rows: FileRows, *, clock: Clock, glyphs: Glyphs) -> None:
        super().__init__()
        self._rows = rows
        self._clock = clock
        self._glyphs = glyphs
        self._owners = Owners()
        self._owner_width = 0
        self._is_old = False
        self._is_blocked = False
        self._placeholder: Lines = ()
        self._cursor = 0
        self._layout = arrange_files(40, 0)

    @property
    def cursor(self) -> int:
        """Position of the cursor, from 0."""
        return self._cursor

    @property
    def cursor_entry(self) -> FileEntry | None:
        """The entry under the cursor; ``None`` without rows, and while nothing can be chosen."""
        shown = self._rows.shown
        return shown[self._cursor] if self._cursor < len(shown) and not self._is_blocked else None

    @property
    def is_cursor_low(self) -> bool:
        """Whether the cursor is on one of the last lines, where toasts come."""
        return self._cursor - self.scroll_offset.y >= self._page - 3

    def show(
        self,
        *,
        owners: Owners,
        is_blocked: bool = False,
        is_old: bool = False,
        placeholder: Lines = (),
        cursor: str | None = None,
        near: int | None = None,
    ) -> None:
        """Show what the rows are now.

        Args:
            owners: Names of users and groups.
            is_blocked: Whether nothing can be chosen.
            is_old: Whether the rows are not known to be so any more.
            placeholder: Lines to show where there are no rows.
            cursor: The name that gets the cursor; where it stands by default.
            near: Where the cursor goes if that name is not there.
        """
        self._owners = owners
        self._is_blocked = is_blocked
        self._is_old = is_old
        self._placeholder = placeholder
        shown = self._rows.shown
        self._owner_width = owner_width(shown, owners)
        self._arrange()
        size = Size(1, len(shown) + 1)
        if size != self.virtual_size:
            self.virtual_size = size
        self._cursor = self._index_of(cursor, self._cursor if near is None else near)
        self._keep_in_view()
        self.refresh()
        self.post_message(self.CursorMoved())

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, as near to it as there is one."""
        shown = self._rows.shown
        index = max(0, min(index, len(shown) - 1))
        if not shown or index == self._cursor or self._is_blocked:
            return
        old, self._cursor = self._cursor, index
        self._refresh_row(old)
        self._keep_in_view()
        self._refresh_row(index)
        self.post_message(self.CursorMoved())

    def refresh_rows(self) -> None:
        """Draw all rows again, as after marks changed."""
        self.refresh()

    # Events

    def on_resize(self) -> None:
        """Choose the columns for the new width."""
        self._arrange()
        self._keep_in_view()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Sort by a header, move to a row, open it at the second click."""
        event.stop()
        if event.y == 0:
            self.post_message(self.SortAsked(self._layout.sort_at(event.x)))
            return
        index = self.scroll_offset.y + event.y - 1
        if not 0 <= index < len(self._rows.shown):
            return
        self.move_to(index)
        if event.chain == 2:
            self.post_message(self.Opened())

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
        self.move_to(len(self._rows.shown) - 1)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, a placeholder or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            view = self._rows.view
            pieces = file_header(self._layout, view.sort, reverse=view.reverse, glyphs=self._glyphs)
            return self.strip(spread(pieces, (), width), HEADER)
        shown = self._rows.shown
        index = self.scroll_offset.y + y - 1
        if index < len(shown):
            return self._row_strip(shown[index], is_cursor=index == self._cursor)
        line = index - len(shown)
        if line < len(self._placeholder):
            return self.strip(spread(self._placeholder[line], (), width), "")
        return self.strip((gap(width),), "")

    def _row_strip(self, entry: FileEntry, *, is_cursor: bool) -> Strip:
        is_marked = entry.name in self._rows.marks
        look = RowLook(
            has_cursor=is_cursor and self.has_focus and not self._is_old,
            is_marked=is_marked,
            is_old=self._is_old,
            age=age_text(entry, self._clock.now()),
        )
        pieces = file_pieces(entry, self._layout, look, self._owners, self._glyphs)
        ground = CURSOR if is_cursor and not self._is_old else MARK if is_marked else ""
        return self.strip(pieces, ground)

    # Helpers

    @property
    def _page(self) -> int:
        return max(self.scrollable_content_region.height - 1, 1)

    def _arrange(self) -> None:
        # The scrollbar stands in the margin at the right: columns do not move for it.
        self._layout = arrange_files(max(self.size.width, 1), self._owner_width)

    def _index_of(self, name: str | None, otherwise: int) -> int:
        shown = self._rows.shown
        if name is not None:
            for index, entry in enumerate(shown):
                if entry.name == name:
                    return index
        return max(0, min(otherwise, len(shown) - 1))

    def _keep_in_view(self) -> None:
        first = self.scroll_offset.y
        if self._cursor < first:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= first + self._page:
            self.scroll_to(y=self._cursor - self._page + 1, animate=False, force=True)

    def _refresh_row(self, index: int) -> None:
        line = index - self.scroll_offset.y + 1
        if 1 <= line <= self._page:
            self.refresh(Region(0, line, self.size.width, 1))
