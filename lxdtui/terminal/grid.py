"""The screen's storage: lines, drawing on them, scrolling, and the scrollback.

`Grid` is the lower half of our `pyte.Screen`; `screen.py` has the control
functions. The stream gathers text across changes of style and hands it over
at once, see `Grid.write`.

A cursor with `x >= columns` stands behind text that is full: the next
character wraps first (the deferred wrap of DEC terminals). Control functions
see it in the last column, or at the right margin: `columns + 1 + margin` stands
for that.
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
    delete,
    erase,
    insert,
    is_wrapped,
    part,
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
        self.cursor = Cursor(0, 0)
        self.buffer = CharView(self)
        self.reset()

    @property
    def has_side_margins(self) -> bool:
        """Whether the scrolling region is narrower than the screen (DECSLRM)."""
        return self.left > 0 or self.right < self.columns - 1

    def column(self) -> int:
        """Return the column of the cursor, out of the deferred wrap."""
        x, columns = self.cursor.x, self.columns
        if x < columns:
            return x
        return columns - 1 if x == columns else x - columns - 1

    def _edge(self) -> int:
        """Return the column behind the last one that text at the cursor may reach."""
        return self.right + 1 if self.column() <= self.right else self.columns

    # Drawing

    def follow_drawing(self) -> None:
        """Note whether text may be written without further thought; see `ModalScreen`."""

    def reset_margins(self) -> None:
        """Let the whole screen scroll."""
        self.top, self.bottom = 0, self.lines - 1
        self.left, self.right = 0, self.columns - 1
        self.follow_drawing()

    def draw(self, data: str) -> None:
        """Draw text at the cursor.

        Args:
            data: Printable characters, no controls.
        """
        if self.once is not None:
            first, data = data[:1].translate(self.once), data[1:]
            self.once = None
            self.follow_drawing()
            self.draw(first)
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
        cursor = self.cursor
        if not self.autowrap:
            self._draw_clamped(cells)
            return
        position = 0
        while position < len(cells):
            edge = self._edge()
            room = edge - cursor.x
            if room > 0 and cells[position + room : position + room + 1] == WIDE_TAIL:
                room -= 1
            if room <= 0:
                self.wrap()
                if edge - self.left < 2 and cells[position + 1 : position + 2] == WIDE_TAIL:
                    position += 2
                continue
            piece = cells[position : position + room]
            position += len(piece)
            self._put(piece)
            if cursor.x == edge < self.columns:
                cursor.x = self.columns + edge

    def _draw_clamped(self, cells: str) -> None:
        """Draw without wrapping: what does not fit goes into the last column, unless it is wide."""
        cursor = self.cursor
        last = self._edge() - 1
        cursor.x = self.column()
        room = last + 1 - cursor.x
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
        cursor = self.cursor
        if self.insert_mode:
            self.insert_cells(cursor.y, cursor.x, self._edge(), len(cells))
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

    def wrap(self) -> None:
        """Go on in the next line, which continues this one."""
        line = self.grid[self.cursor.y]
        if not is_wrapped(line) and self.right == self.columns - 1:
            self.grid[self.cursor.y] = splice(line, self.columns, WRAP, DEFAULT)
        self.cursor.x = self.left
        self.index()

    def _combine(self, marks: str) -> None:
        """Add combining marks to the character before the cursor."""
        cursor = self.cursor
        line = self.grid[cursor.y]
        cells = cells_of(line)
        x = cursor.x - 1 if cursor.x <= self.columns else self.column()
        if x > 0 and cells[x : x + 1] == WIDE_TAIL:
            x -= 1
        if x < 0 or x >= len(cells):
            return
        changed = self.tables.clusters.extend(cells[x], marks)
        text = cells[:x] + changed + cells[x + 1 :]
        self.grid[cursor.y] = text if isinstance(line, str) else (text, line[1])
        self.last_drawn = text[x : x + 2] if text[x + 1 : x + 2] == WIDE_TAIL else text[x]

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
            cursor.x = self.column()
        if y != self.bottom:
            if y < self.lines - 1:
                cursor.y = y + 1
            return
        if self.has_side_margins:
            if self.left <= cursor.x <= self.right:
                self.scroll_lines(self.top, y, 1)
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
        """Move the lines from `top` to `bottom` up, or down when `count` is negative.

        Between the side margins only, when there are any.
        """
        size = min(abs(count), bottom - top + 1)
        if size == 0:
            return
        if self.has_side_margins:
            self._scroll_part(top, bottom, size if count > 0 else -size)
            return
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

    def insert_cells(self, y: int, x: int, end: int, count: int) -> None:
        """Put blanks in at a column; what leaves at `end` is lost."""
        size = min(count, end - x)
        line = self.grid[y]
        if end == self.columns:
            self.grid[y] = insert(line, x, size, end, self.blank)
            return
        cells, styles = part(line, x, end - size)
        self.grid[y] = splice(line, x, " " * size + cells, self.blank * size + styles)

    def delete_cells(self, y: int, x: int, end: int, count: int) -> None:
        """Take cells out at a column; blanks come in at `end`."""
        size = min(count, end - x)
        line = self.grid[y]
        if end == self.columns:
            self.grid[y] = delete(line, x, size, end, self.blank)
            return
        cells, styles = part(line, x + size, end)
        self.grid[y] = splice(line, x, cells + " " * size, styles + self.blank * size)

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
