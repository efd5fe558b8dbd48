"""pyte's `buffer` for our screen: cells made from lines when somebody asks."""

from typing import Protocol

import pyte.graphics
from pyte.screens import Char, StaticDefaultDict

from .cells import WIDE_TAIL
from .lines import Line
from .row import Row, Tables
from .style import DEFAULT_STYLE, Color, Style


class Source(Protocol):
    """What the view reads."""

    columns: int
    grid: list[Line]
    tables: Tables


class CharView(dict[int, StaticDefaultDict[int, Char]]):
    """pyte's `buffer`, made line by line when somebody asks for it; read only."""

    def __init__(self, grid: Source) -> None:
        super().__init__()
        self._grid = grid

    def __missing__(self, y: int) -> StaticDefaultDict[int, Char]:
        line: StaticDefaultDict[int, Char] = StaticDefaultDict(Char(" "))
        if not 0 <= y < len(self._grid.grid):
            return line
        row = Row.from_line(self._grid.grid[y], self._grid.tables)
        for x, cell in enumerate(row.cells[: self._grid.columns]):
            style = self._grid.tables.style(row.styles[x]) if row.styles else DEFAULT_STYLE
            text = "" if cell == WIDE_TAIL else self._grid.tables.clusters.text_of(cell)
            line[x] = _char(text, style)
        return line


def _char(text: str, style: Style) -> Char:
    return Char(
        text,
        _color_name(style.foreground),
        _color_name(style.background),
        style.bold,
        style.italic,
        style.underline > 0,
        style.strike,
        style.reverse,
        style.blink,
    )


def _color_name(color: Color) -> str:
    if color is None:
        return "default"
    if isinstance(color, int):
        if color < 8:
            return pyte.graphics.FG_ANSI[30 + color]
        if color < 16:
            return pyte.graphics.FG_AIXTERM[82 + color]
        return pyte.graphics.FG_BG_256[color]
    return "{:02x}{:02x}{:02x}".format(*color)
