"""Rows of the terminal into strips of Textual.

A strip is remembered by the content of its row, not by its place, so that a
screen that scrolls by one line costs one new strip. The same strip object also
keeps its own escape sequences, which is what a frame costs most otherwise.
"""

from collections.abc import Callable, Sequence

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from lxdtui.terminal import DEFAULT_STYLE, RGB, CursorShape, Row
from lxdtui.ui.format.text import cell_width, cut
from lxdtui.ui.widgets.terminal_colors import StyleTable, TerminalColors, blend, readable

__all__ = ["StripPainter"]

_MAX_STRIPS = 512
_BAR = "\u258f"

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

        A block is drawn as exchanged colours, an underline as an underline. A
        bar stands in a blank cell as a thin block; on text, where a cell has no
        room for it, it is a ground that the text stands on in its own colours,
        and underlined. Without the focus the cursor is a dim ground that leaves
        the text as it is.

        Args:
            strip: The line.
            x: Column of the cursor.
            cell: Columns of the character under it, 1 or 2.
            shape: The shape that the program asked for.
            has_focus: Whether keys go to this terminal now.
        """
        if not has_focus:
            return self._restyled(strip, x, x + cell, self._dim)
        if shape == CursorShape.BAR:
            return self._with_bar(strip, x, cell)
        restyle = _underlined if shape == CursorShape.UNDERLINE else self._block
        return self._restyled(strip, x, x + cell, restyle)

    def _with_bar(self, strip: Strip, x: int, cell: int) -> Strip:
        if self.colors.is_host or strip.crop(x, x + cell).text.strip():
            return self._restyled(strip, x, x + cell, self._barred)
        width = strip.cell_length
        before, under, after = strip.divide([x, x + 1, width])
        style = next((one.style for one in under if one.style), self._styles[DEFAULT_STYLE])
        color = RichColor.from_rgb(*(self.colors.cursor or self.colors.foreground))
        bar = Strip([Segment(_BAR, style + RichStyle(color=color))], 1)
        return Strip.join([before, bar, after])

    def with_selection(self, strip: Strip, start: int, end: int) -> Strip:
        """Return a strip whose columns `start` up to `end` are drawn as selected."""
        return self._restyled(strip, start, end, self._selected)

    def with_decoration(self, strip: Strip, start: int, end: int, kind: str, label: str) -> Strip:
        """Return a strip with columns drawn as a match, a link or a letter to press.

        Args:
            strip: The line.
            start: The first column.
            end: The column after the last.
            kind: Value of a `DecorationKind`.
            label: Text that is shown instead.
        """
        if label:
            width = strip.cell_length
            start = min(start, max(width - len(label), 0))
            before, _, after = strip.divide([start, start + len(label), width])
            style = self._label(self._styles[DEFAULT_STYLE])
            return Strip.join([before, Strip([Segment(label, style)], len(label)), after])
        restyles: dict[str, Restyle] = {
            "match": self._match,
            "current": self._label,
            "link": _linked,
            "label": self._label,
        }
        return self._restyled(strip, start, end, restyles[kind])

    def with_reader(self, strip: Strip, x: int) -> Strip:
        """Return a strip with the cursor of the scroll mode in a column."""
        return self._restyled(strip, x, x + 1, self._block)

    def prompt(
        self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]], width: int
    ) -> Strip:
        """Return a line of our own, cut or filled to exactly `width` columns.

        Args:
            left: Texts and roles: strong, muted, accent, red or cursor.
            right: One of the same for the right end; it gets half of the line at most.
            width: Columns of the line.
        """
        right = [(cut(text, max(width // 2, 0)), role) for text, role in right]
        end = sum(cell_width(text) for text, _ in right)
        segments = []
        room = width - end
        for text, role in left:
            shown = cut(text, room)
            segments.append(Segment(shown, self._role(role)))
            room -= cell_width(shown)
        segments.append(Segment(" " * room, self._role("strong")))
        segments += [Segment(text, self._role(role)) for text, role in right]
        return Strip(segments, width)

    def _role(self, role: str) -> RichStyle:
        """Return the style of a role on a line of our own."""
        colors = self.colors
        if colors.is_host:
            return RichStyle(reverse=role != "cursor", bold=role in ("strong", "accent"))
        ground = blend(colors.background, colors.foreground, 0.12)
        hues = {
            "accent": colors.palette[4],
            "red": colors.palette[1],
            "muted": blend(colors.foreground, ground, 0.25),
        }
        hue = readable(hues.get(role, colors.foreground), ground)
        if role == "cursor":
            hue, ground = ground, colors.foreground
        return RichStyle(
            color=RichColor.from_rgb(*hue),
            bgcolor=RichColor.from_rgb(*ground),
            bold=role == "accent",
        )

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
        if self.colors.cursor is not None:
            ground = self.colors.cursor
            return style + RichStyle(
                color=RichColor.from_rgb(*readable(self.colors.background, ground)),
                bgcolor=RichColor.from_rgb(*ground),
            )
        if foreground == background:
            foreground = RichColor.from_rgb(*self.colors.foreground)
        return style + RichStyle(color=background, bgcolor=foreground)

    def _dim(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(underline=True)
        return style + self._ground(blend(self.colors.background, self.colors.foreground, 0.25))

    def _barred(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(underline=True, bold=True)
        ground = blend(self.colors.background, self.colors.cursor or self.colors.foreground, 0.4)
        return style + self._ground(ground) + RichStyle(underline=True)

    def _selected(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(reverse=not style.reverse)
        blue = self.colors.palette[4]
        return style + self._ground(blend(self.colors.background, blue, 0.35))

    def _match(self, style: RichStyle) -> RichStyle:
        if self.colors.is_host:
            return style + RichStyle(reverse=True)
        amber = self.colors.palette[3]
        return style + self._ground(blend(self.colors.background, amber, 0.35))

    def _label(self, style: RichStyle) -> RichStyle:
        """Return the style of what must be seen first: dark on a filled ground."""
        if self.colors.is_host:
            return style + RichStyle(reverse=True, bold=True)
        amber = self.colors.palette[3]
        return style + RichStyle(
            color=RichColor.from_rgb(*readable(self.colors.background, amber)),
            bgcolor=RichColor.from_rgb(*amber),
            bold=True,
        )

    def _ground(self, ground: RGB) -> RichStyle:
        return RichStyle(
            color=RichColor.from_rgb(*readable(self.colors.foreground, ground)),
            bgcolor=RichColor.from_rgb(*ground),
        )


def _linked(style: RichStyle) -> RichStyle:
    return style + RichStyle(underline=True)


def _underlined(style: RichStyle) -> RichStyle:
    return style + RichStyle(underline=not style.underline, bold=True)
