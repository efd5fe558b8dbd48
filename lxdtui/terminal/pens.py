"""The pen: the style that text is drawn in, and how SGR sequences change it.

Styles are numbered, see `lines.py`. Where a sequence leads from a style is
remembered, so that a sequence seen before costs one look-up.
"""

from collections.abc import Callable

import pyte

from .cells import CLUSTER_BASE, MAX_CLUSTERS, Clusters
from .lines import DEFAULT, Line, cells_of
from .row import Tables
from .style import Style, foreground_of

COMPACT_STYLES = 100_000
"""Registered styles at which the tables are renewed."""
COMPACT_CLUSTERS = MAX_CLUSTERS * 3 // 4
"""Registered clusters at which the tables are renewed."""
MAX_REMEMBERED = 96
"""Characters of a run of SGR sequences that is worth remembering."""
MAX_SEQUENCES = 10_000
MAX_PENS = 10_000


Action = Callable[[], object]
"""What a sequence does: a call that leaves the style and the way of drawing as they are."""


MOVE, COLUMN, LINE, STEP, FEED, ERASE, ASIDE, CALL, SWITCH = range(9)
"""Kinds of what sequences do.

Go to a line and column, to a column, to a line. Move by lines and columns. Go to the
start of the next line. Erase columns before and from the cursor on. What has nothing to
do with lines, cursor and style. Anything else; and anything that may change the style or
the way of drawing.
"""
WHOLE_LINE = 10_000
"""More columns than there are: as far as the line goes."""

Known = tuple[int, int, int, Action]
"""What is known of a sequence: its kind, two numbers, and a call that does it.

The call is for whoever cannot do it faster with the numbers.
"""

NOTHING: Known = (ASIDE, 0, 0, int)
"""For sequences without a meaning."""


Pen = tuple[str, dict[str, "Pen"], dict[str, "Pen"]]
"""A style number, and the pens that SGR sequences lead to from it.

The second table is shared by all pens that differ in nothing but the
foreground: it has the sequences to which the foreground before does not matter.
"""


class PenScreen(pyte.Screen):
    """The part of the screen that knows styles."""

    grid: list[Line]
    inactive: list[Line]
    history: list[Line]
    is_remapped: bool
    """Whether G0 is not ASCII, so that `ESC ( B` among SGR sequences means something."""
    last_drawn: str
    """Cells that end with the character drawn last."""

    def prepare_pens(self) -> None:
        """Begin with empty tables."""
        self.tables = Tables()
        self.pen: Pen = (DEFAULT, {}, {})
        """The number of the current style, and where SGR sequences lead from it."""
        self.actions: dict[str, Known] = {}
        """What sequences do, remembered by the stream; emptied when that changes."""
        self._pens: dict[str, Pen] = {}
        self._colors: dict[tuple[object, ...], dict[str, Pen]] = {}
        self._remembered = 0
        self.blanks = {DEFAULT: DEFAULT}
        """By style, the one that erased cells get."""

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
        style = Style(foreground_of(sequence), *self.tables.style(number)[1:])
        self._remember_color(sequence, self.tables.number(style), colors)

    def recolor_truly(self, sequence: str) -> None:
        """Draw in another true foreground colour from now on.

        Args:
            sequence: One that `TRUE_FOREGROUND` matches.
        """
        number, _, colors = self.pen
        pen: Pen = (self.tables.recolored(sequence, number), {}, colors)
        self.pen = pen
        self._remembered += 1
        if self._remembered > MAX_SEQUENCES:
            self._forget_pens()
        else:
            colors[sequence] = pen

    def _remember_color(self, sequence: str, number: str, colors: dict[str, "Pen"]) -> None:
        self._remembered += 1
        if self._remembered > MAX_SEQUENCES:
            self._forget_pens()
            self.pen = self._pen(number)
            return
        self.pen = colors[sequence] = (number, {}, colors)

    def learn_style(self, sequence: str, style: Style, *, sets_foreground: bool) -> None:
        """Draw in a style from now on, and remember the sequence that leads to it.

        Args:
            sequence: SGR sequences.
            style: The style after them.
            sets_foreground: Whether they lead to the same foreground from any other.
        """
        _, transition, colors = self.pen
        self.set_style_number(self.tables.number(style))
        if len(sequence) > MAX_REMEMBERED or self.is_remapped:
            return
        self._remembered += 1
        if self._remembered > MAX_SEQUENCES:
            self._forget_pens()
        elif sets_foreground:
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
        known = self.blanks.get(number)
        if known is None:
            if len(self.blanks) >= 4096:
                self._forget_blanks()
            background = self.tables.style(number).background
            known = self.blanks[number] = self.tables.number(Style(background=background))
        return known

    def _forget_blanks(self) -> None:
        self.blanks.clear()
        self.blanks[DEFAULT] = DEFAULT

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
            known = renumbered.get(code)
            if known is None:
                sequence, source = old.recipe(code)
                if sequence:
                    known = new.recolored(sequence, number(ord(source)))
                else:
                    known = new.number(old.style(chr(code)))
                renumbered[code] = known
            return known

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
        self._forget_blanks()
        self.last_drawn = ""
        self.style = current


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
            moved.append(new.stand_in(text, old.shown_for(cell)) if few else text[0])
    return "".join(moved)
