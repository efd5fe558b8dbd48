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
from functools import partial

import pyte
from pyte.screens import Cursor

from .cells import CLUSTER_BASE, MAX_CLUSTERS, NARROW, WIDE_TAIL, Clusters
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
from .row import Row, Tables
from .style import Style, apply_sgr
from .view import CharView

COMPACT_STYLES = 40_000
"""Registered styles at which the tables are renewed."""
COMPACT_CLUSTERS = MAX_CLUSTERS * 3 // 4
"""Registered clusters at which the tables are renewed."""
MAX_REMEMBERED = 96
"""Characters of a run of SGR sequences that is worth remembering."""
MAX_SEQUENCES = 30_000
MAX_PENS = 10_000


class Action(partial[object]):
    """What a sequence does: a call that leaves the style and the way of drawing as they are."""


class Switch(Action):
    """A call that may change the style or the way of drawing."""


Known = Action | tuple[int, int]
"""What is known of a sequence: a call, or the line and column that the cursor goes to."""


Pen = tuple[str, dict[str, "Pen"], dict[str, "Pen"]]
"""A style number, and the pens that SGR sequences lead to from it.

The second table is shared by all pens that differ in nothing but the
foreground: it has the sequences to which the foreground before does not matter.
"""

_NARROW_CELL = re.compile(f"[^{WIDE_TAIL}](?!{WIDE_TAIL})")


class Grid(pyte.Screen):
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
        self.tables = Tables()
        self.grid: list[Line] = [BLANK] * lines
        self.inactive: list[Line] = [BLANK] * lines
        """The screen that is not shown: the alternate one, or the main one under it."""
        self.is_alternate = False
        self.pen: Pen = (DEFAULT, {}, {})
        """The number of the current style, and where SGR sequences lead from it."""
        self.autowrap = True
        self.insert_mode = False
        self.is_remapped = False
        """Whether G0 is not ASCII, so that `ESC ( B` among SGR sequences means something."""
        self.translation: dict[int, str] | None = None
        """Of the character set in use, when it is not ASCII."""
        self.limit = columns
        """The column up to which text may be written without further thought; -1 for none."""
        self.actions: dict[str, Known] = {}
        """What sequences do, remembered by the stream; emptied when that changes."""
        self.last_drawn = ""
        """Cells that end with the character drawn last."""
        self.columns = columns
        self.lines = lines
        self.savepoints = []
        self.dirty = set()
        self.top = 0
        self.bottom = lines - 1
        self.cursor = Cursor(0, 0)
        self.buffer = CharView(self)
        self._pens: dict[str, Pen] = {}
        self._colors: dict[tuple[object, ...], dict[str, Pen]] = {}
        self._remembered = 0
        self._blanks: dict[str, str] = {}
        self.reset()

    # Styles

    @property
    def style_number(self) -> str:
        """What stands for the current style in lines."""
        return self.pen[0]

    @property
    def style(self) -> Style:
        """The style of characters drawn from now on."""
        return self.tables.style(self.pen[0])

    @style.setter
    def style(self, style: Style) -> None:
        self.set_style_number(self.tables.number(style))

    def set_style_number(self, number: str) -> None:
        """Draw in the style that the number stands for from now on."""
        if self.is_remapped:
            self.pen = (number, {}, {})
        else:
            self.pen = self._pen(number)

    def _pen(self, number: str) -> Pen:
        pen = self._pens.get(number)
        if pen is None:
            if len(self._pens) >= MAX_PENS:
                self._forget_pens()
            colors = self._colors.setdefault(self.tables.style(number)[1:], {})
            pen = self._pens[number] = (number, {}, colors)
        return pen

    def recolor(self, sequence: str) -> None:
        """Draw in another foreground colour from now on.

        Args:
            sequence: One that `FOREGROUND` matches.
        """
        number, _, colors = self.pen
        pen = colors.get(sequence)
        if pen is None:
            style = apply_sgr(self.tables.style(number), sequence[2:-1])
            pen = (self.tables.number(style), {}, colors)
            self._remembered += 1
            if self._remembered > MAX_SEQUENCES:
                self._forget_pens()
            colors[sequence] = pen
        self.pen = pen

    def learn_style(self, sequence: str, style: Style, *, is_absolute: bool) -> None:
        """Draw in a style from now on, and remember the sequence that leads to it.

        Args:
            sequence: SGR sequences.
            style: The style after them.
            is_absolute: Whether they begin with a reset.
        """
        _, transition, colors = self.pen
        self.set_style_number(self.tables.number(style))
        if len(sequence) > MAX_REMEMBERED or self.is_remapped:
            return
        self._remembered += 1
        if self._remembered > MAX_SEQUENCES:
            self._forget_pens()
        elif is_absolute:
            colors[sequence] = self.pen
        else:
            transition[sequence] = self.pen

    def _forget_pens(self) -> None:
        """Begin anew with remembering, so that what is remembered stays bounded."""
        self._pens = {}
        self._colors = {}
        self._remembered = 0
        self.pen = (self.pen[0], {}, {})

    @property
    def blank(self) -> str:
        """The style number of erased cells: the current background and nothing else."""
        number = self.style_number
        if number == DEFAULT:
            return DEFAULT
        known = self._blanks.get(number)
        if known is None:
            if len(self._blanks) >= 4096:
                self._blanks.clear()
            background = self.tables.style(number).background
            known = self._blanks[number] = self.tables.number(Style(background=background))
        return known

    def compact_when_full(self) -> None:
        """Renew the tables when they have become large; to be called between pieces of input."""
        styles, clusters = len(self.tables.styles), len(self.tables.clusters.texts)
        if styles >= COMPACT_STYLES or clusters >= COMPACT_CLUSTERS:
            self.compact()

    def compact(self) -> None:
        """Renew the tables with the styles and clusters that are still to be seen."""
        old, new = self.tables, Tables()
        renumbered: dict[int, str] = {}

        def number(code: int) -> str:
            if code not in renumbered:
                renumbered[code] = new.number(old.styles[code])
            return renumbered[code]

        def moved(line: Line) -> Line:
            cells = _moved_cells(cells_of(line), old.clusters, new.clusters)
            # What is left of screenfuls of noise is not worth more memory.
            if isinstance(line, str) or len(new.styles) >= COMPACT_STYLES // 2:
                return cells
            styles = line[1]
            return cells, styles.translate({code: number(code) for code in map(ord, set(styles))})

        current = self.style
        for lines in (self.grid, self.inactive, self.history):
            for index in range(len(lines) - 1, -1, -1):
                lines[index] = moved(lines[index])
        self.tables = new
        self._forget_pens()
        self.actions.clear()
        self._blanks.clear()
        self.last_drawn = ""
        self.style = current

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
        y = cursor.y
        self.last_drawn = cells
        self.grid[y] = splice(self.grid[y], cursor.x - len(cells), cells, styles)

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
        # Trimmed in steps, because the front of a list is expensive to move.
        if len(history) > self.scrollback * 2 + 1024:
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
            if len(self.history) > self.scrollback * 2 + 1024:
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


def _moved_cells(cells: str, old: Clusters, new: Clusters) -> str:
    """Return a cell string with its clusters registered in another table."""
    if cells.isascii():
        return cells
    moved = []
    for cell in cells:
        if ord(cell) < CLUSTER_BASE:
            moved.append(cell)
        else:
            text = old.text_of(cell)
            few = len(new.texts) < MAX_CLUSTERS // 2 or ord(text[0]) >= CLUSTER_BASE
            moved.append(new.stand_in(text) if few else text[0])
    return "".join(moved)


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
