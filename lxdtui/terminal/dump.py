"""A screen as the output that paints it: what a recording that begins in the middle starts with."""

from .emulator import Emulator
from .style import DEFAULT_STYLE, Color, Style

__all__ = ["screen_output"]

_ATTRIBUTES = (
    ("bold", "1"),
    ("faint", "2"),
    ("italic", "3"),
    ("blink", "5"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("overline", "53"),
)


def screen_output(emulator: Emulator) -> bytes:
    """Return bytes after which a new terminal of the same size shows the same.

    Rows, styles, cursor, title, and the modes that a program would switch for
    them; the scrollback is left out.
    """
    modes = emulator.modes
    parts = ["\x1b[?1049h" if modes.alternate_screen else "", "\x1b[m\x1b[H\x1b[2J"]
    for y, row in enumerate(emulator.visible(), 1):
        parts.append(f"\x1b[{y}H")
        parts += [f"\x1b[{_sgr(run.style)}m{run.text}" for run in row.runs()]
    cursor = emulator.cursor
    if emulator.title:
        parts.append(f"\x1b]2;{emulator.title}\x1b\\")
    parts.append(f"\x1b[m\x1b[{cursor.y + 1};{cursor.x + 1}H")
    parts.append("" if cursor.visible else "\x1b[?25l")
    return "".join(parts).encode("utf-8", "replace")


def _sgr(style: Style) -> str:
    """Return the parameters of SGR (ECMA-48 8.3.117) for a style, from the default one."""
    if style == DEFAULT_STYLE:
        return ""
    codes = ["0", *(code for name, code in _ATTRIBUTES if getattr(style, name))]
    if style.underline:
        codes.append(f"4:{style.underline}")
    codes += _color(style.foreground, 38) + _color(style.background, 48)
    codes += _color(style.underline_color, 58)
    return ";".join(codes)


def _color(color: Color, base: int) -> list[str]:
    if color is None:
        return []
    if isinstance(color, int):
        return [f"{base}:5:{color}"]
    return [f"{base}:2::{':'.join(map(str, color))}"]
