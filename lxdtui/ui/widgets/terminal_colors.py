"""The colours of a terminal on our grounds: styles of the program into styles of Textual.

A program in a container knows 16 named colours, 256 numbered ones and true
colours. The 16 are ours, chosen for the dark and for the light ground; where a
program puts one of them (or its default colour) on a ground that makes it hard
to read, the text is moved away from the ground until it can be read. Colours
that a program mixed itself are shown as they are.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from rich.color import Color as RichColor
from rich.style import Style as RichStyle

from lxdtui.terminal import DEFAULT_STYLE, RGB, ProgramColors, Style

__all__ = [
    "DARK_PALETTE",
    "LIGHT_PALETTE",
    "StyleTable",
    "TerminalColors",
    "blend",
    "contrast",
    "readable",
]

DARK_PALETTE: tuple[RGB, ...] = (
    (0x2B, 0x33, 0x42),
    (0xFF, 0x80, 0x78),
    (0x5F, 0xD1, 0x8B),
    (0xE9, 0xB6, 0x50),
    (0x7D, 0xB2, 0xFF),
    (0xC3, 0xA6, 0xFF),
    (0x62, 0xCF, 0xE6),
    (0xC4, 0xCC, 0xDA),
    (0x7F, 0x8B, 0xA1),
    (0xFF, 0xA3, 0x9C),
    (0x88, 0xE3, 0xA9),
    (0xF7, 0xD0, 0x83),
    (0xA6, 0xCB, 0xFF),
    (0xDA, 0xC7, 0xFF),
    (0x96, 0xE3, 0xF3),
    (0xF5, 0xF7, 0xFB),
)
"""The 16 named colours on a dark ground, black first."""

LIGHT_PALETTE: tuple[RGB, ...] = (
    (0x0D, 0x11, 0x17),
    (0xBF, 0x22, 0x22),
    (0x0F, 0x6B, 0x35),
    (0x8A, 0x5A, 0x00),
    (0x0B, 0x5C, 0xC4),
    (0x6F, 0x3F, 0xC0),
    (0x09, 0x65, 0x7C),
    (0xD3, 0xD6, 0xDB),
    (0x63, 0x6C, 0x7B),
    (0xA8, 0x1B, 0x1B),
    (0x0B, 0x59, 0x2C),
    (0x75, 0x4C, 0x00),
    (0x09, 0x4D, 0xA5),
    (0x5D, 0x33, 0xA3),
    (0x07, 0x54, 0x67),
    (0xFF, 0xFF, 0xFF),
)
"""The 16 named colours on a light ground, black first."""

READABLE = 4.5
"""The contrast ratio (WCAG 2) that text in a named colour is moved to."""

_CUBE = (0, 95, 135, 175, 215, 255)
_MAX_STYLES = 8192
_NO_ATTRIBUTES = DEFAULT_STYLE[2:]
_LINK_SCHEMES = ("http://", "https://")


def _indexed(index: int) -> RGB:
    """Return one of the colours 16-255: xterm's cube of 6x6x6 and its ramp of 24 greys."""
    if index >= 232:
        level = 8 + 10 * (index - 232)
        return (level, level, level)
    index -= 16
    return (_CUBE[index // 36], _CUBE[index // 6 % 6], _CUBE[index % 6])


def blend(color: RGB, other: RGB, part: float) -> RGB:
    """Return a colour moved by a part (0-1) of the way towards another."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(color, other, strict=True))
    return (red, green, blue)


def _luminance(color: RGB) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(color: RGB, other: RGB) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    brighter, darker = sorted((_luminance(color), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=1024)
def readable(color: RGB, ground: RGB) -> RGB:
    """Return a text colour moved towards white or black until it can be read on a ground."""
    if contrast(color, ground) >= READABLE:
        return color
    white, black = (255, 255, 255), (0, 0, 0)
    target = white if contrast(white, ground) >= contrast(black, ground) else black
    for step in range(1, 10):
        moved = blend(color, target, step / 10)
        if contrast(moved, ground) >= READABLE:
            return moved
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalColors:
    """The colours that a terminal is drawn with; hashable, a key of caches."""

    foreground: RGB
    """Text in the terminal's own colour."""
    background: RGB
    """The ground."""
    is_dark: bool = True
    """Which of the two palettes is used."""
    is_host: bool = False
    """True leaves the named colours and the ground to the host terminal (16 colours)."""
    blinks: bool = False
    """Whether text that asks to blink does."""
    cursor: RGB | None = None
    """The cursor, where the program chose its colour."""
    chosen: tuple[tuple[int, RGB], ...] = ()
    """Palette colours that the program chose, by index."""

    @property
    def palette(self) -> tuple[RGB, ...]:
        """The 16 named colours."""
        return DARK_PALETTE if self.is_dark else LIGHT_PALETTE

    def with_program(self, program: ProgramColors) -> "TerminalColors":
        """Return the colours with those that a program chose (OSC 4, 10, 11, 12)."""
        background = program.background or self.background
        return replace(
            self,
            foreground=program.foreground or self.foreground,
            background=background,
            # The palette goes with the ground that the program made.
            is_dark=_luminance(background) < 0.18 if program.background else self.is_dark,
            cursor=program.cursor,
            chosen=tuple(sorted(program.palette.items())),
        )

    def swapped(self) -> "TerminalColors":
        """Return the colours with text and ground exchanged (DECSCNM)."""
        return replace(
            self,
            foreground=self.background,
            background=self.foreground,
            is_dark=not self.is_dark,
        )

    def style(self, style: Style) -> RichStyle:
        """Return how a style of the program is drawn."""
        underline = bool(style.underline or style.link)
        link = style.link if _is_web_link(style.link) else None
        if self.is_host:
            return RichStyle(
                color=_host_color(style.foreground),
                bgcolor=_host_color(style.background),
                bold=style.bold,
                dim=style.faint,
                italic=style.italic,
                underline=underline,
                reverse=style.reverse,
                conceal=style.conceal,
                strike=style.strike,
                blink=style.blink and self.blinks,
                link=link,
            )
        foreground, background = self._grounds(style)
        # The short way: a screen of pictures has thousands of such styles a frame.
        plain = RichStyle.from_color(_true_color(foreground), _true_color(background))
        if style[2:] == _NO_ATTRIBUTES:
            return plain
        return plain + RichStyle(
            bold=style.bold,
            italic=style.italic,
            underline=underline and style.underline != 2,
            underline2=style.underline == 2,
            strike=style.strike,
            overline=style.overline,
            blink=style.blink and self.blinks,
            link=link,
        )

    def _grounds(self, style: Style) -> tuple[RGB, RGB]:
        """Return the colours of text and ground, with reverse, faint and conceal worked in."""
        palette = self.palette
        chosen = dict(self.chosen)

        def value(color: int | RGB | None, own: RGB) -> RGB:
            if color is None:
                return own
            if isinstance(color, int):
                if color in chosen:
                    return chosen[color]
                return palette[color] if color < 16 else _indexed(color & 255)
            return color

        text, ground = style.foreground, style.background
        foreground = value(text, self.foreground)
        background = value(ground, self.background)
        if style.reverse:
            text, ground = ground, text
            foreground, background = background, foreground
        # A text in exactly the colour of its ground is hidden on purpose.
        is_named = text is None or (isinstance(text, int) and text < 16 and text not in chosen)
        if foreground != background and is_named:
            foreground = readable(foreground, background)
        if style.faint:
            foreground = blend(foreground, background, 0.35)
        if style.conceal:
            foreground = background
        return foreground, background


@lru_cache(maxsize=4096)
def _true_color(color: RGB) -> RichColor:
    return RichColor.from_rgb(*color)


def _host_color(color: int | RGB | None) -> RichColor:
    if color is None:
        return RichColor.default()
    return RichColor.from_ansi(color) if isinstance(color, int) else RichColor.from_rgb(*color)


def _is_web_link(link: str) -> bool:
    """Whether a hyperlink may reach the host: of the web, and of printable ASCII alone."""
    return link.startswith(_LINK_SCHEMES) and link.isascii() and link.isprintable()


class StyleTable:
    """Styles of the program into styles of Textual, remembered; bounded.

    Args:
        colors: The colours of the terminal.
    """

    def __init__(self, colors: TerminalColors) -> None:
        self.colors = colors
        self._styles: dict[Style, RichStyle] = {}

    def __getitem__(self, style: Style) -> RichStyle:
        found = self._styles.get(style)
        if found is None:
            if len(self._styles) >= _MAX_STYLES:
                self._styles.clear()
            found = self._styles[style] = self.colors.style(style)
        return found
