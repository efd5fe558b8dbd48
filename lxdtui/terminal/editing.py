"""Control functions that move cells: inserted, deleted, scrolled, drawn again.

Method names and parameters are pyte's. A parameter of 0 or None means 1 where
the standard says so. Whatever a program sends as a count is clamped to the screen.
"""

from .cells import WIDE_TAIL
from .lines import BLANK
from .movement import MovingScreen


class EditingScreen(MovingScreen):
    """Inserting, deleting, scrolling and repeating."""

    def _is_inside(self) -> bool:
        """Whether the cursor stands between all margins."""
        return self.top <= self.cursor.y <= self.bottom and self.left <= self.column() <= self.right

    def insert_characters(self, count: int | None = None) -> None:
        """Insert blanks at the cursor, between the side margins (ICH)."""
        x = self.cursor.x = self.column()
        if self.left <= x <= self.right:
            self.insert_cells(self.cursor.y, x, self.right + 1, count or 1)

    def delete_characters(self, count: int | None = None) -> None:
        """Delete cells at the cursor, between the side margins (DCH)."""
        x = self.cursor.x = self.column()
        if self.left <= x <= self.right:
            self.delete_cells(self.cursor.y, x, self.right + 1, count or 1)

    def insert_lines(self, count: int | None = None) -> None:
        """Insert lines at the cursor, within the margins (IL)."""
        if self._is_inside():
            self.scroll_lines(self.cursor.y, self.bottom, -(count or 1))
            self.cursor.x = self.left

    def delete_lines(self, count: int | None = None) -> None:
        """Delete lines at the cursor, within the margins (DL)."""
        if self._is_inside():
            self.scroll_lines(self.cursor.y, self.bottom, count or 1)
            self.cursor.x = self.left

    def insert_columns(self, count: int | None = None) -> None:
        """Insert columns at the cursor, within the margins (DECIC)."""
        if self._is_inside():
            self.shift_columns(self.column(), -(count or 1))

    def delete_columns(self, count: int | None = None) -> None:
        """Delete columns at the cursor, within the margins (DECDC)."""
        if self._is_inside():
            self.shift_columns(self.column(), count or 1)

    def scroll_left(self, count: int | None = None) -> None:
        """Move the columns between the margins left (SL)."""
        if self._is_inside():
            self.shift_columns(self.left, count or 1)

    def scroll_right(self, count: int | None = None) -> None:
        """Move the columns between the margins right (SR)."""
        if self._is_inside():
            self.shift_columns(self.left, -(count or 1))

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
        size = min(count or 1, self.columns * self.lines)
        if cell and self.spend(4 * size // self.columns):
            self.draw_cells(cell * size)

    def clear_screen(self) -> None:
        """Blank the screen in the default style, as on entering the alternate screen."""
        self.grid[:] = [BLANK] * self.lines
