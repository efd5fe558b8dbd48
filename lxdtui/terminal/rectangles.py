"""Rectangles of cells: filled, erased, copied, and their attributes changed.

Sources: DEC STD 070 and the VT420 and VT510 manuals. Positions count from 1,
from the margins in origin mode, and what is outside of the screen is cut off.
Pages are ignored: there is one. The checksum of a rectangle (DECRQCRA) is left
out, because it lets a program read the screen.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .editing import EditingScreen
from .lines import part, splice
from .style import GUARD_DEC, Style

_ATTRIBUTES = {1: "bold", 4: "underline", 5: "blink", 7: "reverse", 8: "conceal"}
_OFF = {22: "bold", 24: "underline", 25: "blink", 27: "reverse", 28: "conceal"}
_ALL = (1, 4, 5, 7)


class Rectangle(NamedTuple):
    """Rows and columns counted from 0, the ends outside of it."""

    top: int
    left: int
    bottom: int
    right: int


class RectangleScreen(EditingScreen):
    """Control functions on rectangles."""

    is_extent_rectangular = False
    """Whether changes of attributes take a rectangle, or the text from corner to corner."""

    def _rectangle(
        self, top: int, left: int, bottom: int, right: int, *, is_text: bool = False
    ) -> Rectangle | None:
        """Return what four parameters of a sequence mean, or None when nothing is left of it.

        Args:
            top: The first row.
            left: The first column.
            bottom: The last row.
            right: The last column.
            is_text: Whether the text from one place to the other is meant, which may end
                left of its start.
        """
        if self._origin():
            y, x, height, width = self.top, self.left, self.bottom + 1, self.right + 1
        else:
            y, x, height, width = 0, 0, self.lines, self.columns
        end_y, end_x = (y + bottom if bottom else height), (x + right if right else width)
        y, x = y + max(top, 1) - 1, x + max(left, 1) - 1
        rectangle = Rectangle(y, x, min(end_y, height), min(end_x, width))
        if y >= rectangle.bottom or x >= width or (x >= rectangle.right and not is_text):
            return None
        return rectangle if self.spend(2 * (rectangle.bottom - y)) else None

    def fill_rectangle(
        self, code: int = 0, top: int = 0, left: int = 0, bottom: int = 0, right: int = 0
    ) -> None:
        """Fill a rectangle with a character in the current style (DECFRA).

        Args:
            code: The character, of ASCII or Latin-1.
            top: Its first row.
            left: Its first column.
            bottom: Its last row.
            right: Its last column.
        """
        rectangle = self._rectangle(top, left, bottom, right)
        if rectangle is None or not (32 <= code <= 126 or 160 <= code <= 255):
            return
        size = rectangle.right - rectangle.left
        cells, styles = chr(code) * size, self.style_number * size
        for y in range(rectangle.top, rectangle.bottom):
            self.grid[y] = splice(self.grid[y], rectangle.left, cells, styles)

    def erase_rectangle(self, top: int = 0, left: int = 0, bottom: int = 0, right: int = 0) -> None:
        """Erase a rectangle, guarded cells too (DECERA)."""
        self._erase_rectangle(self._rectangle(top, left, bottom, right), 0)

    def erase_rectangle_selectively(
        self, top: int = 0, left: int = 0, bottom: int = 0, right: int = 0
    ) -> None:
        """Erase a rectangle, but for guarded cells (DECSERA)."""
        self._erase_rectangle(self._rectangle(top, left, bottom, right), GUARD_DEC)

    def _erase_rectangle(self, rectangle: Rectangle | None, spared: int) -> None:
        if rectangle is None:
            return
        before, self.spared = self.spared, spared
        for y in range(rectangle.top, rectangle.bottom):
            self.erase_cells(y, rectangle.left, rectangle.right)
        self.spared = before

    def copy_rectangle(self, *numbers: int) -> None:
        """Copy a rectangle to another place (DECCRA).

        Args:
            numbers: Top, left, bottom, right, page; then top, left, page of the copy.
        """
        top, left, bottom, right, _, to_top, to_left, _ = (*numbers, *[0] * 8)[:8]
        source = self._rectangle(top, left, bottom, right)
        target = self._rectangle(to_top, to_left, 0, 0)
        if source is None or target is None:
            return
        width = min(source.right - source.left, target.right - target.left)
        height = min(source.bottom - source.top, target.bottom - target.top)
        parts = [
            part(line, source.left, source.left + width)
            for line in self.grid[source.top : source.top + height]
        ]
        for y, (cells, styles) in enumerate(parts, target.top):
            self.grid[y] = splice(self.grid[y], target.left, cells, styles)

    # Attributes

    def choose_extent(self, how: int = 0) -> None:
        """Let changes of attributes take the text between two places, or a rectangle with 2.

        That is DECSACE.
        """
        if how <= 2:
            self.is_extent_rectangular = how == 2

    def change_attributes(self, *numbers: int) -> None:
        """Switch bold, underline, blink, reverse or conceal in an area on or off (DECCARA).

        Args:
            numbers: Top, left, bottom, right; then attributes as of SGR.
        """

        def changed(style: Style) -> Style:
            values: dict[str, bool] = {}
            for number in numbers[4:] or (0,):
                if number == 0:
                    values.update(dict.fromkeys((_ATTRIBUTES[code] for code in _ALL), False))
                elif number in _ATTRIBUTES:
                    values[_ATTRIBUTES[number]] = True
                elif number in _OFF:
                    values[_OFF[number]] = False
            return _with_attributes(style, values)

        self._restyle(numbers, changed)

    def reverse_attributes(self, *numbers: int) -> None:
        """Turn bold, underline, blink, reverse or conceal in an area over (DECRARA).

        Args:
            numbers: Top, left, bottom, right; then attributes as of SGR.
        """

        def changed(style: Style) -> Style:
            values: dict[str, bool] = {}
            for number in numbers[4:] or (0,):
                for code in _ALL if number == 0 else (number,):
                    if code in _ATTRIBUTES:
                        name = _ATTRIBUTES[code]
                        values[name] = not values.get(name, bool(getattr(style, name)))
            return _with_attributes(style, values)

        self._restyle(numbers, changed)

    def _restyle(self, numbers: tuple[int, ...], changed: Callable[[Style], Style]) -> None:
        top, left, bottom, right = (*numbers, *[0] * 4)[:4]
        is_text = not self.is_extent_rectangular
        rectangle = self._rectangle(top, left, bottom, right, is_text=is_text)
        if rectangle is None:
            return
        table: dict[int, str] = {}
        for y, start, end in self._extent(rectangle):
            cells, styles = part(self.grid[y], start, end)
            for number in set(styles):
                if ord(number) not in table:
                    table[ord(number)] = self.tables.number(changed(self.tables.style(number)))
            self.grid[y] = splice(self.grid[y], start, cells, styles.translate(table))

    def _extent(self, rectangle: Rectangle) -> Iterator[tuple[int, int, int]]:
        """Yield row, first column and the column after the last of what DECSACE chose."""
        top, left, bottom, right = rectangle
        for y in range(top, bottom):
            if self.is_extent_rectangular:
                yield y, left, right
                continue
            start, end = left if y == top else 0, right if y == bottom - 1 else self.columns
            if start < end:
                yield y, start, end


def _with_attributes(style: Style, values: dict[str, bool]) -> Style:
    underline = values.pop("underline", None)
    style = Style._make(values.get(name, value) for name, value in style._asdict().items())
    if underline is None or underline == bool(style.underline):
        return style
    return style._replace(underline=int(underline))
