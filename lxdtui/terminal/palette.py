"""Colours that programs set and ask for (OSC 4, 5, 10 to 19, 104, 105, 110 to 119).

What a program set is kept apart from the colours that whoever paints the
screen gave, so that it can be taken back. Colours are read in the forms of
XParseColor that need no display: `#rgb` to `#rrrrggggbbbb`, and `rgb:r/g/b`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .style import RGB, palette_color

SPECIAL = 256
"""The index at which the special colours follow in OSC 4: bold, underline, blink and so on."""
INDEXES = SPECIAL + 8
FOREGROUND, BACKGROUND, CURSOR = 10, 11, 12
DYNAMIC = range(10, 20)
_BACKGROUNDS = frozenset({11, 14, 16, 17})
_HASH = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})")
_DEVICE = re.compile(r"rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")


def parse_color(text: str) -> RGB | None:
    """Return the colour that a text names, or None."""
    if match := _HASH.fullmatch(text):
        digits = match.group(1)
        size = len(digits) // 3
        parts = [digits[start : start + size] for start in range(0, len(digits), size)]
        # The digits are the upper ones: #fff is f0f0f0.
        red, green, blue = (int(part.ljust(2, "0")[:2], 16) for part in parts)
        return red, green, blue
    if match := _DEVICE.fullmatch(text.lower()):
        red, green, blue = (
            round(int(part, 16) * 255 / (16 ** len(part) - 1)) for part in match.groups()
        )
        return red, green, blue
    return None


@dataclass(slots=True)
class Palette:
    """The colours of a terminal: painted ones, and those that the program set."""

    foreground: RGB = (229, 229, 229)
    background: RGB = (0, 0, 0)
    colors: dict[int, RGB] = field(default_factory=dict)
    """Painted palette colours that are not xterm's."""
    set_colors: dict[int, RGB] = field(default_factory=dict)
    """By palette index, from `SPECIAL` on the special ones."""
    set_dynamic: dict[int, RGB] = field(default_factory=dict)
    """By the number of their OSC sequence: 10 foreground, 11 background, 12 cursor."""

    changes: int = 0
    """How often the program has set or taken back a colour."""

    def color(self, index: int) -> RGB:
        """Return the colour of a palette index below `INDEXES`."""
        if index in self.set_colors:
            return self.set_colors[index]
        if index >= SPECIAL:
            return self.dynamic(FOREGROUND)
        return self.colors.get(index) or palette_color(index)

    def dynamic(self, number: int) -> RGB:
        """Return the colour of an OSC number of `DYNAMIC`."""
        painted = self.background if number in _BACKGROUNDS else self.foreground
        return self.set_dynamic.get(number, painted)

    def reset(self) -> None:
        """Forget what the program set."""
        self.changes += 1
        self.set_colors.clear()
        self.set_dynamic.clear()

    def set_by_program(self) -> "ProgramColors":
        """Return what the program set, as a value."""
        return ProgramColors(
            palette={i: color for i, color in self.set_colors.items() if i < SPECIAL},
            foreground=self.set_dynamic.get(FOREGROUND),
            background=self.set_dynamic.get(BACKGROUND),
            cursor=self.set_dynamic.get(CURSOR),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramColors:
    """Colours that a program chose for its screen; whoever paints may follow."""

    palette: Mapping[int, RGB]
    """By palette index 0-255; those that are not there are as before."""
    foreground: RGB | None
    background: RGB | None
    cursor: RGB | None
