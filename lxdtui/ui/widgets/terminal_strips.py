"""Rows of the terminal into strips of Textual.

A strip is remembered by the content of its row, not by its place, so that a
screen that scrolls by one line costs one new strip. The same strip object also
keeps its own escape sequences, which is what a frame costs most otherwise.
"""

from collections.abc import Callable

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from lxdtui.terminal import DEFAULT_STYLE, RGB, CursorShape, Row
from lxdtui.ui.widgets.terminal_colors import StyleTable, TerminalColors, blend, readable

__all__ = ["StripPainter"]

_MAX_STRIPS = 512

Restyle = Callable[[RichStyle], RichStyle]


class StripPainter:
    """Draws rows in the colours of the theme.

    Args:
        colors: The colours of the terminal.
    """

    def __init__(self, colors: TerminalColors) -> None:
        self.colors = colors
        self._styles = StyleTable(colors)
        # Insertion order is the order of use: the oldest entries go first.
        self._strips: dict[tuple[Row, int], Strip] = {}
        self._blanks: dict[int, Strip] = {}

    def strip(self, row: Row, width: int) -> Strip:
        """Return a row as a strip of exactly `width` columns."""
        key = (row, width)
        strips = self._strips
        found = strips.pop(key, None)
        if found is None:
            found = self._paint(row, width)
            if len(strips) >= _MAX_STRIPS:
                del strips[next(iter(strips))]
        strips[key] = found
        return found

    def blank(self, width: int) -> Strip:
        """Return an empty line of `width` columns."""
        found = self._blanks.get(width)
        if found is None:
            self._blanks.clear()
            style = self._styles[DEFAULT_STYLE]
            found = self._blanks[width] = Strip([Segment(" " * width, style)], width)
        return found

    def with_cursor(
        self, strip: Strip, x: int, cell: int, shape: CursorShape, *, has_focus: bool
    ) -> Strip:
        """Return a strip with the cursor on it.

        A block and a bar are drawn as exchanged colours (a cell grid has no
        thinner bar), an underline as an underline. Without the focus the
        cursor is a dim ground that leaves the text as it is.

        Args:
            strip: The line.
            x: Column of the cursor.
            cell: Columns of the character under it, 1 or 2.
            shape: The shape that the program asked for.
            has_focus: Whether keys go to this terminal now.
        """
        if not has_focus:
            return self._restyled(strip, x, x + cell, self._dim)
        restyle = _underlined if shape == CursorShape.UNDERLINE else self._block
        return self._restyled(strip, x, x + cell, restyle)

    def with_selection(self, strip: Strip, start: int, end: int) -> Strip:
        """Return a strip whose columns `start` up to `end` are drawn as selected."""
        return self._restyled(strip, start, end, self._selected)

    def _paint(self, row: Row, width: int) -> Strip:
        styles = self._styles
        segments = []
        used = 0
        for text, style, columns in row.runs():
            segments.append(Segment(text, styles[style]))
            used += columns
        if used < width:
            segments.append(Segment(" " * (width - used), styles[DEFAULT_STYLE]))
            used = width
        strip = Strip(segments, used)
        return strip if used == width else strip.crop(0, width)

    def _restyled(self, strip: Strip, start: int, end: int, restyle: Restyle) -> Strip:
        width = strip.cell_length
        start, end = max(start, 0), min(end, width)
        if start >= end:
            return strip
        segments = []
        for index, part in enumerate(strip.divide([start, end, width])):
            for segment in part:
                style = segment.style or self._styles[DEFAULT_STYLE]
                segments.append(Segment(segment.text, restyle(style)) if index == 1 else segment)
        return Strip(segments, width)

    def _block(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host or style.color is None or style.bgcolor is None:
            return style + RichStyle(reverse=not style.reverse)
        foreground, background = style.color, style.bgcolor
        if foreground == background:
            foreground = RichColor.from_rgb(*self.colors.foreground)
        return style + RichStyle(color=background, bgcolor=foreground)

    def _dim(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(underline=True)
        return style + self._ground(blend(self.colors.background, self.colors.foreground, 0.25))

    def _selected(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(reverse=not style.reverse)
        blue = self.colors.palette[4]
        return style + self._ground(blend(self.colors.background, blue, 0.35))

    def _ground(self, ground: RGB) -> RichStyle:
        return RichStyle(
            color=RichColor.from_rgb(*readable(self.colors.foreground, ground)),
            bgcolor=RichColor.from_rgb(*ground),
        )


def _underlined(style: RichStyle) -> RichStyle:
    return style + RichStyle(underline=not style.underline, bold=True)
