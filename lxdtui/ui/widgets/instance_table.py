"""The table of containers: only the visible rows are drawn, each from a cache.

Cursor and scroll hold on to a *ref*; rows may come and go around it.
"""

from collections.abc import Mapping, Sequence

from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow, SortKey
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.instances import condition_of
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.columns import Facts, Layout, arrange
from lxdtui.ui.widgets.cursor_table import CursorTable
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER
from lxdtui.ui.widgets.pieces import Piece, gap, spread
from lxdtui.ui.widgets.row_pieces import RowLook, header_pieces, row_pieces, up_text

__all__ = ["InstanceTable"]

_CACHED_ROWS = 400
_SPIN_EVERY = 0.25


class InstanceTable(CursorTable):
    """Rows of containers under a header, with a cursor.

    Args:
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    class SortAsked(Message):
        """Posted when a header is clicked."""

        def __init__(self, key: SortKey) -> None:
            super().__init__()
            self.key = key

    class ViewMoved(Message):
        """Posted when other rows may be visible than before."""

    def __init__(self, *, clock: Clock, glyphs: Glyphs) -> None:
        super().__init__()
        self._clock = clock
        self._glyphs = glyphs
        self._rows: Sequence[InstanceRow] = ()
        self._problems: Mapping[InstanceRef, str] = {}
        self._shells: frozenset[InstanceRef] = frozenset()
        self._placeholder: tuple[tuple[Piece, ...], ...] = ()
        self._sort = SortKey.NAME
        self._reverse = False
        self._frame = 0
        self._spinner: Timer | None = None
        self._facts = Facts()
        self._layout = arrange(80, self._facts)
        self._cache: dict[InstanceRef, tuple[InstanceRow, Layout, RowLook, bool, Strip]] = {}

    # What is shown

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[InstanceRow]:
        """The rows, in their order."""
        return self._rows

    @property
    def cursor_row(self) -> InstanceRow | None:
        """The row under the cursor, or ``None`` without rows."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def visible_rows(self) -> Sequence[InstanceRow]:
        """The rows that are on the screen."""
        first = self.scroll_offset.y
        return self._rows[first : first + self.page]

    def show(
        self,
        rows: Sequence[InstanceRow],
        *,
        sort: SortKey,
        reverse: bool,
        problems: Mapping[InstanceRef, str],
        shells: frozenset[InstanceRef] = frozenset(),
        placeholder: tuple[tuple[Piece, ...], ...] = (),
        anew: bool = False,
        renamed: InstanceRef | None = None,
    ) -> None:
        """Show rows; those that are the same objects as before cost nothing.

        The cursor stays on its instance and on its line of the screen. Where
        the instance is gone, the row at its place takes the cursor.

        Args:
            rows: The rows, sorted.
            sort: What they are sorted by.
            reverse: Whether from the large end.
            problems: Why the last action on an instance failed.
            shells: The instances in which a shell is open.
            placeholder: Lines to show where there are no rows.
            anew: Whether widths are to be found anew, as after rows went.
            renamed: What the instance under the cursor is called now, if otherwise.
        """
        before = self.cursor_row
        held = renamed or (before.ref if before else None)
        old_index, old_scroll = self._cursor, self.scroll_offset.y
        was_visible = old_scroll <= old_index < old_scroll + self.page
        old_rows, old_look = self._rows, self._look()
        old_visible = list(self.visible_rows)
        self._rows = rows
        self._problems = dict(problems)
        self._shells = shells
        self._placeholder = placeholder
        self._sort, self._reverse = sort, reverse
        self._facts = (Facts() if anew else self._facts).with_rows(
            rows if anew else _different(old_rows, rows)
        )
        self.choose_columns()
        self._cursor = self._index_of(held, old_index)
        self.rows_changed()
        if was_visible and self._cursor != old_index:
            self.scroll_to_row(old_scroll + self._cursor - old_index)
            self.keep_in_view()
        if self._look() == old_look and len(old_visible) == len(self.visible_rows):
            self._refresh_changed(old_visible)
        else:
            self.refresh()
        self._spin_while_busy()
        after = self.cursor_row
        if (before and before.ref) != (after and after.ref):
            self.post_message(self.CursorMoved())
        self.post_message(self.ViewMoved())

    # Events

    def notify_style_update(self) -> None:
        """Forget what was drawn in the colours of before."""
        super().notify_style_update()
        self._cache.clear()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that other rows are visible."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._spin_while_busy()
            self.post_message(self.ViewMoved())

    def on_resize(self) -> None:
        """Choose the columns for the new width, and tell that other rows are visible."""
        super().on_resize()
        self._spin_while_busy()
        self.post_message(self.ViewMoved())

    def header_clicked(self, x: int) -> None:
        """Ask for another order."""
        column = self._layout.at(x)
        if column is not None and column.sort_key is not None:
            self.post_message(self.SortAsked(column.sort_key))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, a placeholder or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            pieces = header_pieces(
                self._layout, self._sort, reverse=self._reverse, glyphs=self._glyphs
            )
            return self.strip(spread(pieces, (), width), HEADER)
        index = self.row_at(y)
        if index < len(self._rows):
            return self._row_strip(index)
        line = y - 1
        if not self._rows and line < len(self._placeholder):
            return self.strip(spread(self._placeholder[line], (), width), "")
        return self.strip((gap(width),), "")

    def _row_strip(self, index: int) -> Strip:
        row = self._rows[index]
        is_cursor = index == self._cursor
        look = RowLook(
            is_cursor=is_cursor and self.has_focus,
            frame=self._frame if condition_of(row) is Condition.CHANGING else 0,
            problem=self._problems.get(row.ref, ""),
            has_shell=row.ref in self._shells,
            up=up_text(row, self._clock.now()),
        )
        cached = self._cache.get(row.ref)
        if (
            cached is not None
            and cached[0] is row
            and cached[1] is self._layout
            and cached[2] == look
            and cached[3] == is_cursor
        ):
            return cached[4]
        pieces = row_pieces(row, self._layout, look, self._glyphs)
        strip = self.strip(pieces, CURSOR if is_cursor else "")
        if len(self._cache) >= _CACHED_ROWS:
            self._cache.clear()
        self._cache[row.ref] = (row, self._layout, look, is_cursor, strip)
        return strip

    # Helpers

    def _look(self) -> tuple[object, ...]:
        """Return what, when different, makes all lines different."""
        return (
            self._layout,
            self._sort,
            self._reverse,
            self._placeholder,
            self._problems,
            self._shells,
            self._cursor,
            self.scroll_offset.y,
        )

    def _refresh_changed(self, before: Sequence[InstanceRow]) -> None:
        first = self.scroll_offset.y
        for line, (old, new) in enumerate(zip(before, self.visible_rows, strict=True)):
            if old is not new:
                self.refresh_row(first + line)

    def choose_columns(self) -> None:
        """Choose the columns for the width."""
        # The scrollbar stands in the margin at the right: columns do not move for it.
        layout = arrange(max(self.size.width, 1), self._facts)
        if layout != self._layout:
            self._layout = layout

    def _index_of(self, ref: InstanceRef | None, otherwise: int) -> int:
        if otherwise < len(self._rows) and self._rows[otherwise].ref == ref:
            return otherwise
        for index, row in enumerate(self._rows):
            if row.ref == ref:
                return index
        return max(0, min(otherwise, len(self._rows) - 1))

    def _spin_while_busy(self) -> None:
        is_busy = self.app.animation_level != "none" and any(
            condition_of(row) is Condition.CHANGING for row in self.visible_rows
        )
        if is_busy and self._spinner is None:
            self._spinner = self.set_interval(_SPIN_EVERY, self._spin)
        elif not is_busy and self._spinner is not None:
            self._spinner.stop()
            self._spinner = None

    def _spin(self) -> None:
        self._frame += 1
        for line, row in enumerate(self.visible_rows):
            if condition_of(row) is Condition.CHANGING:
                self.refresh_row(self.scroll_offset.y + line)


def _different(before: Sequence[InstanceRow], after: Sequence[InstanceRow]) -> list[InstanceRow]:
    if len(before) != len(after):
        return list(after)
    return [new for old, new in zip(before, after, strict=True) if old is not new]
