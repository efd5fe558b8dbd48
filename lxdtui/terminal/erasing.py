"""Erasing, and cells that it leaves alone.

Guarded are cells drawn after DECSCA, and areas from SPA to EPA of ECMA-48. The
two kinds do not know each other: DECSED, DECSEL and DECSERA spare the cells of
DECSCA, and the plain ED, EL and ECH those of areas. Whether a cell is guarded
belongs to its style.
"""

from itertools import groupby

from .drawing import DrawingScreen
from .lines import BLANK, DEFAULT, blank_line, cut, erase, splice
from .style import GUARD_DEC, GUARD_ISO

HISTORY_ONLY = 3


class ErasingScreen(DrawingScreen):
    """Erasing that may leave out cells."""

    spared = 0
    """The kind of guarded cells that erasing leaves alone, see `Style.guard`."""

    def protect_selectively(self, how: int = 0) -> None:
        """Guard what is drawn from now on against selective erasing with 1 (DECSCA)."""
        if how <= 2:
            self.style = self.style._replace(guard=GUARD_DEC if how == 1 else 0)

    def start_protected_area(self) -> None:
        """Guard what is drawn from now on against erasing (SPA)."""
        self.spared = GUARD_ISO
        self.actions.clear()
        self.style = self.style._replace(guard=GUARD_ISO)

    def end_protected_area(self) -> None:
        """Draw cells that may be erased from now on (EPA)."""
        self.style = self.style._replace(guard=0)

    # Cells and lines

    def erase_cells(self, y: int, start: int, end: int) -> None:
        """Blank the cells of a line from `start` up to `end`, those that may be."""
        line = self.grid[y]
        if self.spared:
            for first, last in self._unguarded(y, start, end):
                line = erase(line, first, last, self.columns, self.blank)
            self.grid[y] = line
        elif self.pen[0] == DEFAULT:
            self.grid[y] = erase(line, start, end, self.columns, DEFAULT)
        else:
            self.grid[y] = erase(line, start, end, self.columns, self.blank)

    def erase_lines(self, start: int, end: int) -> None:
        """Blank the lines from `start` up to `end`, cells that may be."""
        if not self.spared:
            self.grid[start:end] = [blank_line(self.columns, self.blank)] * (end - start)
            return
        for y in range(start, end):
            self.erase_cells(y, 0, self.columns)

    def _unguarded(self, y: int, start: int, end: int) -> list[tuple[int, int]]:
        """Return the pieces of a line between the guarded cells."""
        line = self.grid[y]
        styles = line[1][start:end] if isinstance(line, tuple) else ""
        guarded = {
            number for number in set(styles) if self.tables.style(number).guard == self.spared
        }
        if not guarded:
            return [(start, end)]
        pieces = []
        position = start
        for is_guarded, cells in groupby(styles, guarded.__contains__):
            size = len(list(cells))
            if not is_guarded:
                pieces.append((position, position + size))
            position += size
        if position < end:
            pieces.append((position, end))
        return pieces

    # Control functions

    def erase_in_line(
        self,
        how: int = 0,
        private: bool = False,  # noqa: ARG002  pyte's signature
    ) -> None:
        """Erase from the cursor to the end, to the cursor, or the line (EL)."""
        if how == 0:
            self.erase_to_end()
            return
        if how == 1:
            self.erase_to_start()
        elif how == 2:
            self.erase_lines(self.cursor.y, self.cursor.y + 1)

    def erase_to_end(self) -> None:
        """Erase from the cursor to the end of the line (EL 0).

        Nothing while a wrap is deferred, unlike xterm, which erases the character it has just
        drawn: programs mean to erase what is behind a line that happens to be full.
        """
        cursor = self.cursor
        if cursor.x >= self.columns:
            return
        line = self.grid[cursor.y]
        if self.pen[0] == DEFAULT and not self.spared:
            if len(line if isinstance(line, str) else line[0]) > cursor.x:
                self.grid[cursor.y] = cut(line, cursor.x)
        else:
            self.erase_cells(cursor.y, cursor.x, self.columns)

    def erase_to_start(self) -> None:
        """Erase from the start of the line to the cursor (EL 1)."""
        y, end = self.cursor.y, self.column() + 1
        line = self.grid[y]
        if self.pen[0] != DEFAULT or self.spared:
            self.erase_cells(y, 0, end)
        elif end < len(line if isinstance(line, str) else line[0]):
            self.grid[y] = splice(line, 0, " " * end, DEFAULT * end)
        else:
            self.grid[y] = BLANK

    def erase_in_display(self, how: int = 0, *_args: int, **_kwargs: bool) -> None:
        """Erase below, above, everything, or the scrollback with 3 (ED)."""
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

    def erase_selectively_in_line(self, how: int = 0) -> None:
        """Erase in the line as EL does, but for guarded cells (DECSEL)."""
        before, self.spared = self.spared, GUARD_DEC
        self.erase_in_line(how)
        self.spared = before

    def erase_selectively_in_display(self, how: int = 0) -> None:
        """Erase on the screen as ED does, but for guarded cells (DECSED)."""
        before, self.spared = self.spared, GUARD_DEC
        self.erase_in_display(how)
        self.spared = before

    def clear_history(self) -> None:
        """Empty the scrollback."""
        self.history.clear()
        self.history_total = 0

    def erase_characters(self, count: int | None = None) -> None:
        """Erase cells from the cursor on without moving others (ECH)."""
        x = self.cursor.x = self.column()
        self.erase_cells(self.cursor.y, x, min(x + (count or 1), self.columns))

    def alignment_display(self) -> None:
        """Fill the screen with E, take the margins away, go home (DECALN)."""
        self.reset_margins()
        self.grid[:] = ["E" * self.columns] * self.lines
        self.cursor.x = self.cursor.y = 0
