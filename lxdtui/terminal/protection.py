"""Cells that erasing leaves alone (DECSCA, and SPA to EPA of ECMA-48).

The two kinds do not know each other: DECSED, DECSEL and DECSERA spare the cells
of DECSCA, and the plain ED, EL and ECH those of SPA. Whether a cell is guarded
belongs to its style.
"""

from itertools import groupby

from .grid import Grid
from .style import GUARD_DEC, GUARD_ISO


class GuardedScreen(Grid):
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
        self.style = self.style._replace(guard=GUARD_ISO)

    def end_protected_area(self) -> None:
        """Draw cells that may be erased from now on (EPA)."""
        self.style = self.style._replace(guard=0)

    def erase_cells(self, y: int, start: int, end: int) -> None:
        """Blank the cells of a line from `start` up to `end`, those that may be."""
        if not self.spared:
            super().erase_cells(y, start, end)
            return
        for first, last in self._unguarded(y, start, end):
            super().erase_cells(y, first, last)

    def erase_lines(self, start: int, end: int) -> None:
        """Blank the lines from `start` up to `end`, cells that may be."""
        if not self.spared:
            super().erase_lines(start, end)
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
