"""The rows of a folder: only those on the screen are drawn, however many there are."""

from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip

from lxdtui.model.files import FileEntry
from lxdtui.services.files import Owners
from lxdtui.ui.clock import Clock
from lxdtui.ui.state.file_rows import FileRows, FileSort
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.cursor_table import CursorTable
from lxdtui.ui.widgets.file_columns import (
    RowLook,
    age_text,
    arrange_files,
    file_header,
    file_pieces,
    owner_width,
)
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER, MARK
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["FileTable"]

Lines = Sequence[tuple[Piece, ...]]


class FileTable(CursorTable):
    """Entries of a folder under a header, with a cursor and marks.

    Args:
        rows: The rows that it shows; whoever changes them calls :meth:`show`.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

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
        self._layout = arrange_files(40, 0)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows.shown)

    @property
    def cursor_entry(self) -> FileEntry | None:
        """The entry under the cursor; ``None`` without rows, and while nothing can be chosen."""
        shown = self._rows.shown
        return shown[self._cursor] if self._cursor < len(shown) and not self._is_blocked else None

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
        self.choose_columns()
        self._cursor = self._index_of(cursor, self._cursor if near is None else near)
        self.rows_changed()
        self.refresh()
        self.post_message(self.CursorMoved())

    def refresh_rows(self) -> None:
        """Draw all rows again, as after marks changed."""
        self.refresh()

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, as near to it as there is one, unless nothing can be chosen."""
        if not self._is_blocked:
            super().move_to(index)

    def header_clicked(self, x: int) -> None:
        """Ask for another order."""
        self.post_message(self.SortAsked(self._layout.sort_at(x)))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, a placeholder or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            view = self._rows.view
            pieces = file_header(self._layout, view.sort, reverse=view.reverse, glyphs=self._glyphs)
            return self.strip(spread(pieces, (), width), HEADER)
        shown = self._rows.shown
        index = self.row_at(y)
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

    def choose_columns(self) -> None:
        """Choose the columns for the width."""
        # The scrollbar stands in the margin at the right: columns do not move for it.
        self._layout = arrange_files(max(self.size.width, 1), self._owner_width)

    def _index_of(self, name: str | None, otherwise: int) -> int:
        shown = self._rows.shown
        if name is not None:
            for index, entry in enumerate(shown):
                if entry.name == name:
                    return index
        return max(0, min(otherwise, len(shown) - 1))
