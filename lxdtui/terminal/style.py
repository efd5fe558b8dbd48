"""How a cell looks: the `Style` value, and SGR sequences applied to it.

Sources: ECMA-48 8.3.117 (SGR), ITU T.416 (colon forms), xterm ctlseqs, and
kitty's underline extension (`4:3`, `58`, `59`). Knows nothing of screens.
"""

import re
from functools import lru_cache
from typing import NamedTuple

RGB = tuple[int, int, int]
Color = int | RGB | None
"""A palette index 0-255, a true colour, or None for the terminal's own."""


class Style(NamedTuple):
    """The attributes of a cell; immutable and hashable."""

    foreground: Color = None
    background: Color = None
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underline: int = 0
    """0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""
    underline_color: Color = None
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False
    overline: bool = False
    link: str = ""
    """The target of an OSC 8 hyperlink, printable ASCII; empty without one."""
    link_id: str = ""
    """Joins the parts of one hyperlink that is broken over rows."""
    guard: int = 0
    """Who may not erase the cell: nobody, DECSED and its like, or ED and its like."""


GUARD_DEC, GUARD_ISO = 1, 2


DEFAULT_STYLE = Style()

_SWITCHES: dict[int, tuple[tuple[str, bool | int | None], ...]] = {
    1: (("bold", True),),
    2: (("faint", True),),
    3: (("italic", True),),
    4: (("underline", 1),),
    5: (("blink", True),),
    6: (("blink", True),),
    7: (("reverse", True),),
    8: (("conceal", True),),
    9: (("strike", True),),
    21: (("underline", 2),),
    22: (("bold", False), ("faint", False)),
    23: (("italic", False),),
    24: (("underline", 0),),
    25: (("blink", False),),
    27: (("reverse", False),),
    28: (("conceal", False),),
    29: (("strike", False),),
    39: (("foreground", None),),
    49: (("background", None),),
    53: (("overline", True),),
    55: (("overline", False),),
    59: (("underline_color", None),),
    **{30 + color: (("foreground", color),) for color in range(8)},
    **{40 + color: (("background", color),) for color in range(8)},
    **{90 + color: (("foreground", 8 + color),) for color in range(8)},
    **{100 + color: (("background", 8 + color),) for color in range(8)},
}
_EXTENDED = {38: "foreground", 48: "background", 58: "underline_color"}
_BYTE = r"(?:[01]?\d?\d|2[0-4]\d|25[0-5])"
FOREGROUND = re.compile(rf"\x1b\[(?:3[0-79]|9[0-7]|38;5;{_BYTE}|38;2;{_BYTE};{_BYTE};{_BYTE})m")
"""A sequence that changes the foreground colour and nothing else."""
TRUE_FOREGROUND = re.compile(rf"\x1b\[38;2;{_BYTE};{_BYTE};{_BYTE}m")
_TRUE_COLOR = re.compile(r"([34])8;2;(\d{1,3});(\d{1,3});(\d{1,3})")
_POSITIONS = {name: position for position, name in enumerate(Style._fields)}

Change = tuple[int, object]
"""The position of a field in `Style`, and its new value."""


def apply_sgr(style: Style, parameters: str) -> Style:
    """Return the style after `CSI parameters m`.

    Args:
        style: The style before.
        parameters: The parameter string: digits, semicolons and colons.
    """
    if match := _TRUE_COLOR.fullmatch(parameters):
        ground, red, green, blue = match.groups()
        color = (int(red), int(green), int(blue))
        if max(color) > 255:
            return style
        if ground == "3":
            return Style(color, *style[1:])
        return Style(style[0], color, *style[2:])
    fields: list[object] = [*style]
    for position, value in _changes(parameters):
        fields[position] = value
    return Style._make(fields)


def foreground_of(sequence: str) -> Color:
    """Return the colour of a sequence that `FOREGROUND` matches."""
    fields = sequence[2:-1].split(";")
    if len(fields) == 1:
        code = int(fields[0])
        return None if code == 39 else code - 30 if code < 40 else code - 82
    if len(fields) == 3:
        return int(fields[2])
    return int(fields[2]), int(fields[3]), int(fields[4])


def changes_foreground(parameters: str) -> bool:
    """Return whether `CSI parameters m` leads to the same foreground from any other."""
    return any(position == 0 for position, _ in _changes(parameters))


_KEPT = {"link", "link_id", "guard"}
_RESET = {name: getattr(DEFAULT_STYLE, name) for name in Style._fields if name not in _KEPT}


@lru_cache(maxsize=4096)
def _changes(parameters: str) -> tuple[Change, ...]:
    """Return what parameters change in a style."""
    changes: dict[str, object] = {}
    fields = parameters.split(";")
    position = 0
    while position < len(fields):
        field = fields[position]
        position += 1
        if ":" in field:
            _apply_colon_form(field.split(":"), changes)
            continue
        code = number(field)
        if code == 0:
            changes = dict(_RESET)
        elif code in _EXTENDED:
            color_fields, position = _take_color(fields, position)
            _set_color(_EXTENDED[code], color_fields, changes)
        else:
            changes.update(_SWITCHES.get(code, ()))
    return tuple((_POSITIONS[name], value) for name, value in changes.items())


def number(field: str) -> int:
    """Return a parameter of digits as a number: 0 when empty, clamped at 65,535."""
    if len(field) < 5:
        return int(field or "0")
    return min(int(field.lstrip("0")[:6] or "0"), 65_535)


def _take_color(fields: list[str], position: int) -> tuple[list[str], int]:
    """Return the fields of a semicolon colour (`5;n` or `2;r;g;b`) and the position after."""
    if position >= len(fields):
        return [], position
    count = {2: 4, 5: 2}.get(number(fields[position]), 1)
    return fields[position : position + count], position + count


def _apply_colon_form(parts: list[str], changes: dict[str, object]) -> None:
    code = number(parts[0])
    if code == 4:
        kind = number(parts[1])
        if kind <= 5:
            changes["underline"] = kind
    elif code in _EXTENDED:
        kind = number(parts[1])
        # T.416 has a colour space before the components; xterm's older form leaves it out.
        components = parts[3:6] if kind == 2 and len(parts) > 5 else parts[2:]
        _set_color(_EXTENDED[code], [parts[1], *components], changes)


def _set_color(name: str, fields: list[str], changes: dict[str, object]) -> None:
    kind = number(fields[0]) if fields else 0
    if kind == 5 and len(fields) > 1:
        index = number(fields[1])
        if index <= 255:
            changes[name] = index
    elif kind == 2 and len(fields) > 3:
        red, green, blue = (number(field) for field in fields[1:4])
        if max(red, green, blue) <= 255:
            changes[name] = (red, green, blue)


def sgr_parameters(style: Style) -> str:
    """Return the parameters that make this style from the default one (for DECRQSS)."""
    parts = ["0"]
    for name, code in (("bold", "1"), ("faint", "2"), ("italic", "3")):
        if getattr(style, name):
            parts.append(code)
    if style.underline:
        parts.append("4" if style.underline == 1 else f"4:{style.underline}")
    for name, code in (("blink", "5"), ("reverse", "7"), ("conceal", "8"), ("strike", "9")):
        if getattr(style, name):
            parts.append(code)
    for color, base in ((style.foreground, 30), (style.background, 40)):
        parts.extend(_color_parameters(color, base))
    if style.overline:
        parts.append("53")
    parts.extend(_color_parameters(style.underline_color, 50))
    return ";".join(parts)


def _color_parameters(color: Color, base: int) -> list[str]:
    if color is None:
        return []
    if not isinstance(color, int):
        return [f"{base + 8}:2::{color[0]}:{color[1]}:{color[2]}"]
    if base != 50 and color < 8:
        return [str(base + color)]
    if base != 50 and color < 16:
        return [str(base + 52 + color)]
    return [f"{base + 8}:5:{color}"]


def palette_color(index: int) -> RGB:
    """Return xterm's own colour for a palette index 0-255."""
    if index < 16:
        return _ANSI[index]
    if index < 232:
        levels = (0, 95, 135, 175, 215, 255)
        index -= 16
        return levels[index // 36], levels[index // 6 % 6], levels[index % 6]
    level = 8 + 10 * (index - 232)
    return level, level, level


_ANSI: tuple[RGB, ...] = (
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
)
