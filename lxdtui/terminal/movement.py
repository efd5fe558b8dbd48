"""Control functions that move the cursor, and tabulators (ECMA-48, DEC VT220 and VT420).

Method names and parameters are pyte's. A parameter of 0 or None means 1 where
the standard says so. Whatever a program sends as a count is clamped to the screen.
"""

from .erasing import ErasingScreen
from .lines import is_wrapped
from .modes import DECOM, LNM, MORE_FIX, REVERSE_WRAP_EXTENDED, REVERSE_WRAPS


class MovingScreen(ErasingScreen):
    """Cursor movement and tabulators."""

    # Cursor movement

    def _origin(self) -> bool:
        """Whether positions count from the margins (DECOM)."""
        return DECOM in self.mode

    def carriage_return(self) -> None:
        """Move to the left margin, or to the first column from the left of it (CR)."""
        cursor, left = self.cursor, self.left
        cursor.x = left if cursor.x >= left or self._origin() else 0

    def linefeed(self) -> None:
        """Move down a line, scrolling at the bottom margin (LF, VT, FF)."""
        if LNM in self.mode:
            self.carriage_return()
        self.index()

    def new_line(self) -> None:
        """Move to the left margin of the next line (CR LF in one)."""
        cursor = self.cursor
        if self.left:
            self.carriage_return()
        else:
            cursor.x = 0
        if cursor.y < self.bottom:
            cursor.y += 1
        elif cursor.y > self.bottom or self.has_side_margins:
            self.index()
        else:
            self.scroll_up_by_one()

    def next_line(self) -> None:
        """Move down a line, scrolling at the bottom margin, and to the left margin (NEL)."""
        self.index()
        self.carriage_return()

    def reverse_index(self) -> None:
        """Move up a line, scrolling down at the top margin (RI)."""
        x = self.cursor.x = self.column()
        if self.cursor.y == self.top:
            if self.left <= x <= self.right:
                self.scroll_lines(self.top, self.bottom, -1)
        elif self.cursor.y > 0:
            self.cursor.y -= 1

    def backspace(self) -> None:
        """Move left by one (BS), as CUB."""
        cursor = self.cursor
        if cursor.x == self.left or not 0 < cursor.x < self.columns:
            self.cursor_back(1)
        else:
            cursor.x -= 1

    def cursor_up(self, count: int | None = None) -> None:
        """Move up, not over the top margin (CUU)."""
        limit = self.top if self.cursor.y >= self.top else 0
        self.cursor.y = max(self.cursor.y - (count or 1), limit)
        self.cursor.x = self.column()

    def cursor_down(self, count: int | None = None) -> None:
        """Move down, not over the bottom margin (CUD)."""
        limit = self.bottom if self.cursor.y <= self.bottom else self.lines - 1
        self.cursor.y = min(self.cursor.y + (count or 1), limit)
        self.cursor.x = self.column()

    def cursor_up1(self, count: int | None = None) -> None:
        """Move up, to the left margin (CPL)."""
        self.cursor_up(count)
        self.carriage_return()

    def cursor_down1(self, count: int | None = None) -> None:
        """Move down, to the left margin (CNL)."""
        self.cursor_down(count)
        self.carriage_return()

    def cursor_back(self, count: int | None = None) -> None:
        """Move left, not over the left margin (CUB).

        With mode 45 it goes on in the line before when that continues here,
        with 1045 in any line, at the top in the bottom one.
        """
        x, size = self.column(), count or 1
        around = self.autowrap and not self.mode.isdisjoint(REVERSE_WRAPS)
        if around and self.cursor.x >= self.columns:
            size -= 1
        limit = self.left if x >= self.left else 0
        self.cursor.x = max(x - size, limit)
        if around and size > x - limit:
            self._back_around(size - (x - limit) - 1)

    def _back_around(self, count: int) -> None:
        """Move left from the left edge around it, and then by a count."""
        cursor = self.cursor
        width = self.right - self.left + 1
        count %= width * (self.bottom - self.top + 1) or 1
        everywhere = REVERSE_WRAP_EXTENDED in self.mode
        while True:
            y = self.bottom if cursor.y == self.top else max(cursor.y - 1, 0)
            if not everywhere and (cursor.y == self.top or not is_wrapped(self.grid[y])):
                cursor.x = self.left if cursor.x >= self.left else 0
                return
            cursor.y = y
            cursor.x = max(self.right - count, self.left)
            count -= width
            if count < 0:
                return

    def cursor_forward(self, count: int | None = None) -> None:
        """Move right, not over the right margin (CUF)."""
        x = self.column()
        limit = self.right if x <= self.right else self.columns - 1
        self.cursor.x = min(x + (count or 1), limit)

    def cursor_columns_forward(self, count: int | None = None) -> None:
        """Move right, regardless of margins (HPR)."""
        self.cursor.x = min(self.column() + (count or 1), self.columns - 1)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """Move to a line and column, counted from 1 (CUP, HVP)."""
        self.cursor_to_line(line)
        self.cursor_to_column(column)

    def cursor_to_column(self, column: int | None = None) -> None:
        """Move to a column, counted from 1, or from the left margin in origin mode (CHA, HPA)."""
        x = (column or 1) - 1
        if self._origin():
            self.cursor.x = min(x + self.left, self.right)
        else:
            self.cursor.x = min(x, self.columns - 1)

    def cursor_to_line(self, line: int | None = None) -> None:
        """Move to a line, counted from 1, or from the top margin in origin mode (VPA)."""
        y = (line or 1) - 1
        if self._origin():
            self.cursor.y = min(y + self.top, self.bottom)
        else:
            self.cursor.y = min(y, self.lines - 1)
        self.cursor.x = self.column()

    def cursor_lines_forward(self, count: int | None = None) -> None:
        """Move down, regardless of margins (VPR)."""
        self.cursor.y = min(self.cursor.y + (count or 1), self.lines - 1)
        self.cursor.x = self.column()

    def back_index(self) -> None:
        """Move left, scrolling right at the left margin (DECBI)."""
        x = self.column()
        if x == self.left:
            self.shift_columns(x, -1)
        else:
            self.cursor.x = max(x - 1, 0)

    def forward_index(self) -> None:
        """Move right, scrolling left at the right margin (DECFI)."""
        x = self.column()
        if x == self.right:
            self.shift_columns(self.left, 1)
        else:
            self.cursor.x = min(x + 1, self.columns - 1)

    # Tabulators

    def tab(self) -> None:
        """Move to the next tab stop or the last column (HT)."""
        self.tab_forward(1)

    def tab_forward(self, count: int | None = None) -> None:
        """Move on by tab stops (CHT)."""
        if self.cursor.x >= self.columns:
            if MORE_FIX not in self.mode:
                return
            self.wrap()
        x = self.cursor.x
        last = self.right if x <= self.right else self.columns - 1
        stops = sorted(stop for stop in self.tabstops if x < stop < last)
        step = count or 1
        self.cursor.x = stops[step - 1] if step <= len(stops) else last

    def tab_backward(self, count: int | None = None) -> None:
        """Move back by tab stops (CBT)."""
        x = self.column()
        stops = sorted((stop for stop in self.tabstops if stop < x), reverse=True)
        step = count or 1
        self.cursor.x = stops[step - 1] if step <= len(stops) else 0

    def set_tab_stop(self) -> None:
        """Set a tab stop at the cursor (HTS)."""
        self.tabstops.add(self.column())

    def clear_tab_stop(self, how: int = 0) -> None:
        """Clear the tab stop at the cursor, or all of them with 3 (TBC)."""
        if how == 0:
            self.tabstops.discard(self.column())
        elif how == 3:
            self.tabstops.clear()

    def reset_tab_stops(self, how: int = 0) -> None:
        """Set a tab stop every eight columns and no others, with 5 (DECST8C)."""
        if how == 5:
            self.tabstops = set(range(8, self.columns, 8))
