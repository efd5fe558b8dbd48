"""The screen's storage: lines, drawing on them, scrolling, and the scrollback.

`Grid` is the lower half of our `pyte.Screen`; `screen.py` has the control
functions. The stream gathers text across changes of style and hands it over
at once, see `Grid.write`.

A cursor with `x == columns` stands behind a line that is full: the next
character wraps first (the deferred wrap of DEC terminals). Control functions
see it in the last column.
"""

import re
from collections.abc import Sequence

from pyte.screens import Cursor

from .cells import NARROW, WIDE_TAIL
from .lines import (
    BLANK,
    DEFAULT,
    WRAP,
    Line,
    blank_line,
    cells_of,
    cut,
    erase,
    insert,
    is_wrapped,
    splice,
)
from .pens import PenScreen
from .row import Row
from .view import CharView

HISTORY_SLACK = 2000
"""Lines that the history may exceed its limit by, because its front is expensive to cut."""

_NARROW_CELL = re.compile(f"[^{WIDE_TAIL}](?!{WIDE_TAIL})")


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
        self.is_remapped = False
        self.translation: dict[int, str] | None = None
        """Of the character set in use, when it is not ASCII."""
        self.limit = columns
        """The column up to which text may be written without further thought; -1 for none."""
        self.last_drawn = ""
        self.columns = columns
        self.lines = lines
        self.savepoints = []
        self.dirty = set()
        self.top = 0
        self.bottom = lines - 1
        self.cursor = Cursor(0, 0)
        self.buffer = CharView(self)
        self.reset()

    # Drawing

    def draw(self, data: str) -> None:
        """Draw text at the cursor.

        Args:
            data: Printable characters, no controls.
        """
        if self.translation is not None:
            data = data.translate(self.translation)
        if not data.isascii() and NARROW.fullmatch(data) is None:
            marks, data = self.tables.clusters.to_cells(data)
            if marks:
                self._combine(marks)
        if data:
            self.draw_cells(data)

    def draw_cells(self, cells: str) -> None:
        """Draw cells that may wrap, or push others aside."""
        cursor, columns = self.cursor, self.columns
        if not self.autowrap:
            self._draw_clamped(cells)
            return
        position = 0
        while position < len(cells):
            room = columns - cursor.x
            if room > 0 and cells[position + room : position + room + 1] == WIDE_TAIL:
                room -= 1
            if room <= 0:
                self._wrap()
                continue
            piece = cells[position : position + room]
            position += len(piece)
            self._put(piece)

    def _draw_clamped(self, cells: str) -> None:
        """Draw without wrapping: what does not fit goes into the last column, unless it is wide."""
        cursor, last = self.cursor, self.columns - 1
        cursor.x = min(cursor.x, last)
        room = self.columns - cursor.x
        head, rest = cells[:room], cells[room:]
        if rest[:1] == WIDE_TAIL:
            head = head[:-1]
        if head:
            self._put(head)
        cursor.x = min(cursor.x, last)
        narrow = _NARROW_CELL.findall(rest)
        if narrow:
            self._put(narrow[-1])
            cursor.x = last

    def _put(self, cells: str) -> None:
        """Write cells that fit into the line at the cursor."""
        cursor, grid = self.cursor, self.grid
        if self.insert_mode:
            grid[cursor.y] = insert(grid[cursor.y], cursor.x, len(cells), self.columns, self.blank)
        cursor.x += len(cells)
        self.write(cells, self.pen[0] * len(cells))

    def write(self, cells: str, styles: str) -> None:
        """Write cells over those before the cursor, which has moved on already.

        Args:
            cells: Cells that fit into the line.
            styles: A style number for each.
        """
        cursor = self.cursor
        y, end = cursor.y, cursor.x
        start = end - len(cells)
        self.last_drawn = cells
        line = self.grid[y]
        if not isinstance(line, str):
            # The most frequent case of `splice`, without the call.
            text, old = line
            if start <= len(text) and (text.isascii() or WIDE_TAIL not in text):
                self.grid[y] = (
                    f"{text[:start]}{cells}{text[end:]}",
                    f"{old[:start]}{styles}{old[end:]}",
                )
                return
        self.grid[y] = splice(line, start, cells, styles)

    def _wrap(self) -> None:
        """Go on in the next line, which continues this one."""
        line = self.grid[self.cursor.y]
        if not is_wrapped(line):
            self.grid[self.cursor.y] = splice(line, self.columns, WRAP, DEFAULT)
        self.cursor.x = 0
        self.index()

    def _combine(self, marks: str) -> None:
        """Add combining marks to the character before the cursor."""
        cursor = self.cursor
        line = self.grid[cursor.y]
        cells = cells_of(line)
        x = cursor.x - 1
        if x > 0 and cells[x : x + 1] == WIDE_TAIL:
            x -= 1
        if x < 0 or x >= len(cells):
            return
        changed = self.tables.clusters.extend(cells[x], marks)
        text = cells[:x] + changed + cells[x + 1 :]
        self.grid[cursor.y] = text if isinstance(line, str) else (text, line[1])
        self.last_drawn = text[x : cursor.x]

    def draw_lines(self, pieces: list[str]) -> None:
        """Draw ASCII lines in the default style, each but the last ended by CR LF.

        The caller has made sure that nothing wraps, scrolls or translates
        otherwise than by default. Lines that only pass through go straight into
        the history.
        """
        cursor, lines, columns = self.cursor, self.lines, self.columns
        index = 0
        last = len(pieces) - 1
        while index < last and cursor.y < lines - 1:
            if pieces[index]:
                self.draw(pieces[index])
            cursor.x = 0
            self.index()
            index += 1
        if pieces[index]:
            self.draw(pieces[index])
        if index == last:
            return
        whole = pieces[index + 1 :]
        if len(max(whole, key=len)) > columns:
            whole = _broken(whole, columns)
        self.last_drawn = whole[-1] or self.last_drawn
        cursor.x = len(whole[-1])
        self._extend(whole)

    def _extend(self, added: Sequence[Line]) -> None:
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

    # Scrolling

    def index(self) -> None:
        """Move the cursor down a line, scrolling at the bottom margin (IND)."""
        cursor = self.cursor
        y = cursor.y
        if cursor.x >= self.columns:
            cursor.x = self.columns - 1
        if y != self.bottom:
            if y < self.lines - 1:
                cursor.y = y + 1
            return
        grid = self.grid
        gone = grid.pop(self.top)
        blank = BLANK if self.pen[0] == DEFAULT else blank_line(self.columns, self.blank)
        grid.insert(y, blank)
        if self.top == 0 and not self.is_alternate:
            self.history.append(gone)
            self.history_total += 1
            if len(self.history) > self.scrollback + HISTORY_SLACK:
                del self.history[: len(self.history) - self.scrollback]

    def scroll_lines(self, top: int, bottom: int, count: int, *, remember: bool = False) -> None:
        """Move the lines from `top` to `bottom` up, or down when `count` is negative."""
        size = min(abs(count), bottom - top + 1)
        if size == 0:
            return
        grid = self.grid
        blanks = [blank_line(self.columns, self.blank)] * size
        if count > 0:
            if remember and top == 0:
                self._remember(grid[:size])
            grid[top : bottom + 1] = grid[top + size : bottom + 1] + blanks
        else:
            grid[top : bottom + 1] = blanks + grid[top : bottom + 1 - size]

    def erase_cells(self, y: int, start: int, end: int) -> None:
        """Blank the cells of a line from `start` up to `end`."""
        if self.pen[0] == DEFAULT and end >= self.columns:
            self.grid[y] = cut(self.grid[y], start)
        else:
            self.grid[y] = erase(self.grid[y], start, end, self.columns, self.blank)

    def erase_lines(self, start: int, end: int) -> None:
        """Blank the lines from `start` up to `end`."""
        self.grid[start:end] = [blank_line(self.columns, self.blank)] * (end - start)

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


def _broken(pieces: list[str], columns: int) -> list[str]:
    """Break lines at the width of the screen."""
    broken: list[str] = []
    for piece in pieces:
        if len(piece) <= columns:
            broken.append(piece)
            continue
        starts = range(0, len(piece), columns)
        broken.extend(piece[start : start + columns] + WRAP for start in starts)
        broken[-1] = broken[-1][:-1]
    return broken
