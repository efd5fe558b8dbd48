"""The screen's storage: lines, drawing on them, scrolling, and the scrollback.

`Grid` is the lower half of our `pyte.Screen`; `screen.py` has the control
functions. The stream gathers text across changes of style and hands it over
at once, see `Grid.write`.

A cursor with `x >= columns` stands behind text that is full: the next
character wraps first (the deferred wrap of DEC terminals). Control functions
see it in the last column, or at the right margin: `columns + 1 + margin` stands
for that.
"""

from collections import defaultdict
from collections.abc import Sequence

from pyte.screens import Cursor

from .lines import (
    BLANK,
    DEFAULT,
    Line,
    blank_line,
    cells_of,
    cut,
    part,
    splice,
)
from .modes import DECOM
from .pens import PenScreen
from .row import Row
from .view import CharView

MAX_BUDGET = 100_000
"""Rows that may be worked on one by one before input has to earn more; some 2 µs each."""
ROWS_PER_BYTE = 2
ROWS_PER_FEED = 2000
"""What a piece of input earns: for each byte, and once, for what people do by hand."""

HISTORY_SLACK = 2000
"""Lines that the history may exceed its limit by, because its front is expensive to cut."""


Drawing = tuple[int, list[Line], int, bool, dict[str, str], dict[str, str]]
"""The limit, the lines, the line at the bottom margin (-1 with side margins), whether the
whole screen scrolls, the style of blanks by that of the pen, the cells of texts by the text.
"""

_BY_GRAPHEME = defaultdict[str, str](str)
"""Cells of no text: what is before it matters."""


class Grid(PenScreen):
    """Lines of cells with a cursor, a scrolling region and a history.

    Args:
        columns: The width in cells, at least 2.
        lines: The height, at least 1.
        scrollback: Lines that the history keeps.
    """

    def __init__(self, columns: int, lines: int, scrollback: int) -> None:
        self.scrollback = scrollback
        self.history: list[Line] = []
        self.history_total = 0
        """Lines that ever went into the history."""
        self.prepare_pens()
        self.grid: list[Line] = [BLANK] * lines
        self.inactive: list[Line] = [BLANK] * lines
        """The screen that is not shown: the alternate one, or the main one under it."""
        self.is_alternate = False
        self.autowrap = True
        self.insert_mode = False
        self.joins_graphemes = False
        """Whether what is seen as one character takes one place (mode 2027)."""
        self.is_remapped = False
        self.translation: dict[int, str] | None = None
        """Of the character set in use, when it is not ASCII."""
        self.once: dict[int, str] | None = None
        """Of the character set for the next character only."""
        self.limit = columns
        """The column up to which text may be written without further thought; -1 for none."""
        self.last_drawn = ""
        self.columns = columns
        self.lines = lines
        self.savepoints = []
        self.dirty = set()
        self.top = 0
        self.bottom = lines - 1
        self.left = 0
        self.right = columns - 1
        self.budget = MAX_BUDGET
        self.has_side_margins = False
        """Whether the scrolling region is narrower than the screen (DECSLRM)."""
        self.cursor = Cursor(0, 0)
        self.buffer = CharView(self)
        self.reset()

    def earn(self, size: int) -> None:
        """Allow for some work on single rows, by the bytes of input that ask for it."""
        self.budget = min(self.budget + size * ROWS_PER_BYTE + ROWS_PER_FEED, MAX_BUDGET)

    def spend(self, rows: int) -> bool:
        """Take work on rows from the budget; return whether there was enough.

        A few bytes can ask for every row to be taken apart. What is done so
        needs a budget, so that a flood of it takes no longer than other input.
        """
        if rows > self.budget:
            return False
        self.budget -= rows
        return True

    def column(self) -> int:
        """Return the column of the cursor, out of the deferred wrap."""
        x, columns = self.cursor.x, self.columns
        if x < columns:
            return x
        return columns - 1 if x == columns else x - columns - 1

    def follow_drawing(self) -> None:
        """Note whether text may be written without further thought; see `ModalScreen`."""

    def reset_margins(self) -> None:
        """Let the whole screen scroll."""
        self.top, self.bottom = 0, self.lines - 1
        self.place_side_margins(0, self.columns - 1)

    def place_side_margins(self, left: int, right: int) -> None:
        """Let the columns from `left` to `right` scroll."""
        self.left, self.right = left, right
        self.has_side_margins = left > 0 or right < self.columns - 1
        self.actions.clear()
        self.follow_drawing()

    def drawing(self) -> "Drawing":
        """Return what the player has to know to draw by itself."""
        by_text = _BY_GRAPHEME if self.joins_graphemes else self.tables.clusters.by_text
        if self.has_side_margins:
            return self.limit, self.grid, -1, False, self.blanks, by_text
        is_whole = self.top == 0 and self.bottom == self.lines - 1
        return self.limit, self.grid, self.bottom, is_whole, self.blanks, by_text

    # Scrolling

    def extend(self, added: Sequence[Line]) -> None:
        """Append lines at the bottom; what leaves at the top goes into the history."""
        every = [*self.grid, *added]
        self.grid[:] = every[-self.lines :]
        self._remember(every[: -self.lines])

    def _remember(self, gone: Sequence[Line]) -> None:
        if self.is_alternate:
            return
        history = self.history
        history.extend(gone)
        self.history_total += len(gone)
        if len(history) > self.scrollback + HISTORY_SLACK:
            del history[: len(history) - self.scrollback]

    def let_go(self, count: int) -> None:
        """Take lines away that have scrolled off at the top; they may become history."""
        self._remember(self.grid[:count])
        del self.grid[:count]

    def index(self) -> None:
        """Move the cursor down a line, scrolling at the bottom margin (IND)."""
        cursor = self.cursor
        y = cursor.y
        if cursor.x >= self.columns:
            cursor.x = self.column()
        if y != self.bottom:
            if y < self.lines - 1:
                cursor.y = y + 1
            return
        if self.has_side_margins:
            if self.left <= cursor.x <= self.right:
                self.scroll_lines(self.top, y, 1)
            return
        self.scroll_up_by_one()

    def go_home(self) -> None:
        """Move to the first line and column, or to the margins in origin mode."""
        cursor = self.cursor
        cursor.y, cursor.x = (self.top, self.left) if DECOM in self.mode else (0, 0)

    def scroll_up_by_one(self) -> None:
        """Move the lines between the margins up; the first one may become history."""
        grid = self.grid
        gone = grid.pop(self.top)
        blank = BLANK if self.pen[0] == DEFAULT else blank_line(self.columns, self.blank)
        grid.insert(self.bottom, blank)
        if self.top == 0 and not self.is_alternate:
            history = self.history
            history.append(gone)
            self.history_total += 1
            if len(history) > self.scrollback + HISTORY_SLACK:
                del history[: len(history) - self.scrollback]

    def scroll_lines(self, top: int, bottom: int, count: int, *, remember: bool = False) -> None:
        """Move the lines from `top` to `bottom` up, or down when `count` is negative.

        Between the side margins only, when there are any. They are given up
        when a flood of scrolling has used the budget up.
        """
        size = min(abs(count), bottom - top + 1)
        if size == 0:
            return
        if self.has_side_margins:
            if self.spend(bottom - top + 1):
                self._scroll_part(top, bottom, size if count > 0 else -size)
                return
            self.place_side_margins(0, self.columns - 1)
        grid = self.grid
        blanks = [blank_line(self.columns, self.blank)] * size
        if count > 0:
            if remember and top == 0:
                self._remember(grid[:size])
            grid[top : bottom + 1] = grid[top + size : bottom + 1] + blanks
        else:
            grid[top : bottom + 1] = blanks + grid[top : bottom + 1 - size]

    def _scroll_part(self, top: int, bottom: int, count: int) -> None:
        """Move what stands between the side margins; at most all of it."""
        left, end = self.left, self.right + 1
        blank = (" " * (end - left), self.blank * (end - left))
        parts = [part(line, left, end) for line in self.grid[top : bottom + 1]]
        size = abs(count)
        blanks = [blank] * size
        parts = parts[size:] + blanks if count > 0 else blanks + parts[:-size]
        for y, (cells, styles) in enumerate(parts, top):
            self.grid[y] = splice(self.grid[y], left, cells, styles)

    # Reading

    def row(self, y: int) -> Row:
        """Return a line of the screen."""
        return Row.from_line(self.grid[y], self.tables)

    @property
    def display(self) -> list[str]:
        """The text of the screen, each line padded to the width, as pyte has it."""
        return [self._padded(y) for y in range(self.lines)]

    def _padded(self, y: int) -> str:
        cells = cells_of(cut(self.grid[y], self.columns)).ljust(self.columns)
        return self.tables.clusters.to_text(cells)
