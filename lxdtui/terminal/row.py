"""What the outside reads: rows as runs of equally styled text."""

import re
from typing import NamedTuple

from .cells import WIDE_TAIL, Clusters
from .lines import WRAP, Line
from .style import DEFAULT_STYLE, Style, foreground_of

_SAME = re.compile(r"(.)\1*", re.DOTALL)


class Run(NamedTuple):
    """A piece of a row in one style."""

    text: str
    style: Style
    width: int
    """Columns on the screen; not the length of the text, see wide characters."""


class Tables:
    """What the numbers in lines mean, shared by the rows of one terminal.

    Compared by identity: rows of different tables are never equal, so that a
    cache keyed on rows stays right when the tables are renewed.
    """

    def __init__(self) -> None:
        self.styles: list[Style | str] = [DEFAULT_STYLE]
        """By number; text is a sequence that changes the foreground, not worked out yet."""
        self._sources = [""]
        """By number, the style that was recoloured."""
        self.numbers: dict[Style, str] = {DEFAULT_STYLE: "\0"}
        self.clusters = Clusters()

    def number(self, style: Style) -> str:
        """Return the character that stands for a style, registering it when new."""
        new = chr(len(self.styles))
        known = self.numbers.setdefault(style, new)
        if known is new:
            self.styles.append(style)
            self._sources.append("")
        return known

    def recolored(self, sequence: str, number: str) -> str:
        """Return a new number for a style that differs in the foreground from another one.

        What the style is gets worked out when somebody looks at it: a program
        that sends true colours by the thousand scrolls most of them away unseen.

        Args:
            sequence: One that `FOREGROUND` matches.
            number: The style before.
        """
        styles, sources = self.styles, self._sources
        new = chr(len(styles))
        sources.append(sources[ord(number)] or number)
        styles.append(sequence)
        return new

    def recipe(self, code: int) -> tuple[str, str]:
        """Return how a style is to be worked out: a sequence, and the style before it.

        Nothing where the style has been worked out already.
        """
        style = self.styles[code]
        return (style, self._sources[code]) if isinstance(style, str) else ("", "")

    def style(self, number: str) -> Style:
        """Return the style that a character stands for."""
        style = self.styles[ord(number)]
        if isinstance(style, Style):
            return style
        source = self._sources[ord(number)]
        made = Style(foreground_of(style), *self.style(source)[1:])
        self.styles[ord(number)] = made
        self.numbers.setdefault(made, number)
        return made


class Row(NamedTuple):
    """One row of the screen or of the history; immutable, hashable, compared by content."""

    cells: str
    """One character a column, see `cells.py`; use `runs` or `text`."""
    styles: str
    """A style number a column, empty when the whole row has the default style."""
    tables: Tables

    @classmethod
    def from_line(cls, line: Line, tables: Tables) -> "Row":
        """Return a line as a row that can be read on its own."""
        if isinstance(line, str):
            return cls(line, "", tables)
        return cls(line[0], line[1], tables)

    @property
    def wrapped(self) -> bool:
        """Whether the text goes on in the next row without a line break."""
        return self.cells[-1:] == WRAP

    @property
    def width(self) -> int:
        """How many columns were written; beyond them the row is blank."""
        return len(self.cells) - self.wrapped

    @property
    def text(self) -> str:
        """The whole text, without blanks at the end."""
        return self.tables.clusters.to_text(self.cells.rstrip(WRAP)).rstrip(" ")

    def runs(self) -> list[Run]:
        """Return the row as runs of text in one style, from the left.

        Columns beyond the last run are blank in the default style.
        """
        cells = self.cells
        if cells[-1:] == WRAP:
            cells = cells[:-1]
        if not self.styles:
            return [Run(self._shown(cells), DEFAULT_STYLE, len(cells))] if cells else []
        runs = []
        for match in _SAME.finditer(self.styles, 0, len(cells)):
            start, end = match.span()
            style = self.tables.style(match.group(1))
            runs.append(Run(self._shown(cells[start:end]), style, end - start))
        return runs

    def slice(self, start: int, end: int) -> str:
        """Return the text of the columns from `start` up to `end`.

        A wide character belongs to its first column.
        """
        cells = self.cells.rstrip(WRAP)[start:end]
        return self.tables.clusters.to_text(cells)

    def cell_width(self, column: int) -> int:
        """Return how many columns the character takes that begins in a column: 1 or 2."""
        return 2 if self.cells[column + 1 : column + 2] == WIDE_TAIL else 1

    def _shown(self, cells: str) -> str:
        if cells.isascii() and WIDE_TAIL not in cells:
            return cells
        return cells.translate(self.tables.clusters.display)
