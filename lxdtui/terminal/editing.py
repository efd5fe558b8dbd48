"""Control functions that move the cursor and edit cells (ECMA-48, DEC VT220).

Method names and parameters are pyte's. A parameter of 0 or None means 1 where
the standard says so. Whatever a program sends as a count is clamped to the screen.
"""

from .cells import WIDE_TAIL
from .grid import Grid
from .lines import BLANK, delete, insert
from .modes import DECOM, LNM, REVERSE_WRAP

HISTORY_ONLY = 3


class EditingScreen(Grid):
    """Cursor movement, tabulators, erasing, inserting and deleting."""

    # Cursor movement

    def _column(self) -> int:
        """Return the column of the cursor, out of the deferred wrap."""
        return min(self.cursor.x, self.columns - 1)

    def carriage_return(self) -> None:
        """Move to the first column (CR)."""
        self.cursor.x = 0

    def linefeed(self) -> None:
        """Move down a line, scrolling at the bottom margin (LF, VT, FF)."""
        if LNM in self.mode:
            self.cursor.x = 0
        self.index()

    def new_line(self) -> None:
        """Move to the first column of the next line (CR LF in one, and NEL)."""
        cursor = self.cursor
        cursor.x = 0
        if cursor.y < self.bottom:
            cursor.y += 1
        else:
            self.index()

    def reverse_index(self) -> None:
        """Move up a line, scrolling down at the top margin (RI)."""
        self.cursor.x = self._column()
        if self.cursor.y == self.top:
            self.scroll_lines(self.top, self.bottom, -1)
        elif self.cursor.y > 0:
            self.cursor.y -= 1

    def backspace(self) -> None:
        """Move left by one (BS); around the left edge with mode 45."""
        if self.cursor.x == 0 and REVERSE_WRAP in self.mode and self.autowrap:
            self.cursor.x = self.columns - 1
            self.cursor.y = self.bottom if self.cursor.y == self.top else max(self.cursor.y - 1, 0)
            return
        self.cursor.x = max(self._column() - 1, 0)

    def cursor_up(self, count: int | None = None) -> None:
        """Move up, not over the top margin (CUU)."""
        limit = self.top if self.cursor.y >= self.top else 0
        self.cursor.y = max(self.cursor.y - (count or 1), limit)
        self.cursor.x = self._column()

    def cursor_down(self, count: int | None = None) -> None:
        """Move down, not over the bottom margin (CUD)."""
        limit = self.bottom if self.cursor.y <= self.bottom else self.lines - 1
        self.cursor.y = min(self.cursor.y + (count or 1), limit)
        self.cursor.x = self._column()

    def cursor_up1(self, count: int | None = None) -> None:
        """Move up, to the first column (CPL)."""
        self.cursor_up(count)
        self.cursor.x = 0

    def cursor_down1(self, count: int | None = None) -> None:
        """Move down, to the first column (CNL)."""
        self.cursor_down(count)
        self.cursor.x = 0

    def cursor_back(self, count: int | None = None) -> None:
        """Move left (CUB)."""
        self.cursor.x = max(self._column() - (count or 1), 0)

    def cursor_forward(self, count: int | None = None) -> None:
        """Move right (CUF)."""
        self.cursor.x = min(self.cursor.x + (count or 1), self.columns - 1)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """Move to a line and column, counted from 1 (CUP, HVP)."""
        cursor = self.cursor
        self.cursor_to_line(line)
        cursor.x = min((column or 1) - 1, self.columns - 1)

    def cursor_to_column(self, column: int | None = None) -> None:
        """Move to a column, counted from 1 (CHA, HPA)."""
        self.cursor.x = min((column or 1) - 1, self.columns - 1)

    def cursor_to_line(self, line: int | None = None) -> None:
        """Move to a line, counted from 1, or from the top margin in origin mode (VPA)."""
        y = (line or 1) - 1
        if DECOM in self.mode:
            self.cursor.y = min(y + self.top, self.bottom)
        else:
            self.cursor.y = min(y, self.lines - 1)
        self.cursor.x = self._column()

    def cursor_lines_forward(self, count: int | None = None) -> None:
        """Move down, regardless of margins (VPR)."""
        limit = self.bottom if DECOM in self.mode else self.lines - 1
        self.cursor.y = min(self.cursor.y + (count or 1), limit)
        self.cursor.x = self._column()

    # Tabulators

    def tab(self) -> None:
        """Move to the next tab stop or the last column (HT)."""
        self.tab_forward(1)

    def tab_forward(self, count: int | None = None) -> None:
        """Move on by tab stops (CHT)."""
        if self.cursor.x >= self.columns:
            return
        stops = sorted(stop for stop in self.tabstops if self.cursor.x < stop < self.columns)
        step = count or 1
        self.cursor.x = stops[step - 1] if step <= len(stops) else self.columns - 1

    def tab_backward(self, count: int | None = None) -> None:
        """Move back by tab stops (CBT)."""
        x = self._column()
        stops = sorted((stop for stop in self.tabstops if stop < x), reverse=True)
        step = count or 1
        self.cursor.x = stops[step - 1] if step <= len(stops) else 0

    def set_tab_stop(self) -> None:
        """Set a tab stop at the cursor (HTS)."""
        self.tabstops.add(self._column())

    def clear_tab_stop(self, how: int = 0) -> None:
        """Clear the tab stop at the cursor, or all of them with 3 (TBC)."""
        if how == 0:
            self.tabstops.discard(self._column())
        elif how == 3:
            self.tabstops.clear()

    # Erasing

    def erase_in_line(
        self,
        how: int = 0,
        private: bool = False,  # noqa: ARG002  pyte's signature
    ) -> None:
        """Erase from the cursor to the end, to the cursor, or the line (EL, DECSEL)."""
        x = self._column()
        if how == 0:
            self.cursor.x = x
            self.erase_cells(self.cursor.y, x, self.columns)
        elif how == 1:
            self.erase_cells(self.cursor.y, 0, x + 1)
        elif how == 2:
            self.erase_lines(self.cursor.y, self.cursor.y + 1)

    def erase_in_display(self, how: int = 0, *_args: int, **_kwargs: bool) -> None:
        """Erase below, above, everything, or the scrollback with 3 (ED, DECSED)."""
        if how == HISTORY_ONLY:
            self.clear_history()
            return
        y = self.cursor.y
        if how == 0:
            self.erase_lines(y + 1, self.lines)
            self.erase_in_line(0)
        elif how == 1:
            self.erase_lines(0, y)
            self.erase_in_line(1)
        elif how == 2:
            self.erase_lines(0, self.lines)

    def clear_history(self) -> None:
        """Empty the scrollback."""
        self.history.clear()
        self.history_total = 0

    def erase_characters(self, count: int | None = None) -> None:
        """Erase cells from the cursor on without moving others (ECH)."""
        x = self.cursor.x = self._column()
        self.erase_cells(self.cursor.y, x, min(x + (count or 1), self.columns))

    def alignment_display(self) -> None:
        """Fill the screen with E, take the margins away, go home (DECALN)."""
        self.top, self.bottom = 0, self.lines - 1
        self.grid[:] = ["E" * self.columns] * self.lines
        self.cursor.x = self.cursor.y = 0

    # Inserting and deleting

    def insert_characters(self, count: int | None = None) -> None:
        """Insert blanks at the cursor (ICH)."""
        x, y = self._column(), self.cursor.y
        size = min(count or 1, self.columns - x)
        self.grid[y] = insert(self.grid[y], x, size, self.columns, self.blank)
        self.cursor.x = x

    def delete_characters(self, count: int | None = None) -> None:
        """Delete cells at the cursor (DCH)."""
        x, y = self._column(), self.cursor.y
        size = min(count or 1, self.columns - x)
        self.grid[y] = delete(self.grid[y], x, size, self.columns, self.blank)
        self.cursor.x = x

    def insert_lines(self, count: int | None = None) -> None:
        """Insert lines at the cursor, within the margins (IL)."""
        if self.top <= self.cursor.y <= self.bottom:
            self.scroll_lines(self.cursor.y, self.bottom, -(count or 1))
            self.cursor.x = 0

    def delete_lines(self, count: int | None = None) -> None:
        """Delete lines at the cursor, within the margins (DL)."""
        if self.top <= self.cursor.y <= self.bottom:
            self.scroll_lines(self.cursor.y, self.bottom, count or 1)
            self.cursor.x = 0

    def scroll_up(self, count: int | None = None) -> None:
        """Scroll the region up (SU)."""
        self.scroll_lines(self.top, self.bottom, count or 1, remember=True)

    def scroll_down(self, count: int | None = None) -> None:
        """Scroll the region down (SD)."""
        self.scroll_lines(self.top, self.bottom, -(count or 1))

    def repeat(self, count: int | None = None) -> None:
        """Draw the last character again (REP), no more than a screenful."""
        drawn = self.last_drawn
        cell = drawn[-2:] if drawn[-1:] == WIDE_TAIL else drawn[-1:]
        if cell:
            self.draw_cells(cell * min(count or 1, self.columns * self.lines))

    def clear_screen(self) -> None:
        """Blank the screen in the default style, as on entering the alternate screen."""
        self.grid[:] = [BLANK] * self.lines
