"""Mouse events into what xterm sends (xterm ctlseqs, "Mouse Tracking")."""

from enum import StrEnum
from typing import NamedTuple

from .modes import Modes, MouseEncoding, MouseMode

WHEEL_LINES = 3
"""Cursor keys for one notch of the wheel, where the wheel sends cursor keys."""


class MouseKind(StrEnum):
    """What the mouse did."""

    PRESS = "press"
    RELEASE = "release"
    MOVE = "move"
    WHEEL_UP = "wheel_up"
    WHEEL_DOWN = "wheel_down"
    WHEEL_LEFT = "wheel_left"
    WHEEL_RIGHT = "wheel_right"


class MouseModifiers(NamedTuple):
    """Keys held during a mouse event."""

    shift: bool = False
    alt: bool = False
    ctrl: bool = False


_WHEEL = {
    MouseKind.WHEEL_UP: 64,
    MouseKind.WHEEL_DOWN: 65,
    MouseKind.WHEEL_LEFT: 66,
    MouseKind.WHEEL_RIGHT: 67,
}
_ARROWS = {MouseKind.WHEEL_UP: "A", MouseKind.WHEEL_DOWN: "B"}
_NO_BUTTON = 3
_MOTION = 32


def encode_mouse(
    kind: MouseKind,
    button: int,
    x: int,
    y: int,
    modifiers: MouseModifiers,
    modes: Modes,
) -> bytes | None:
    """Return what a program gets to read of a mouse event.

    Args:
        kind: What happened.
        button: 1 left, 2 middle, 3 right; 0 for movement without a button.
        x: The column, from 0.
        y: The row, from 0.
        modifiers: Keys held.
        modes: The modes of the terminal.

    Returns:
        The bytes, or None when the program does not want the event.
    """
    if modes.mouse is MouseMode.OFF:
        if kind in _ARROWS and modes.alternate_screen and modes.alternate_scroll:
            introducer = "\x1bO" if modes.application_cursor else "\x1b["
            return (introducer + _ARROWS[kind]).encode() * WHEEL_LINES
        return None
    if not _is_wanted(kind, button, modes.mouse):
        return None
    code = _WHEEL.get(kind, button - 1 if button else _NO_BUTTON)
    if kind is MouseKind.MOVE:
        code += _MOTION
    if modes.mouse is not MouseMode.X10:
        code += 4 * modifiers.shift + 8 * modifiers.alt + 16 * modifiers.ctrl
    return _encoded(kind, code, max(x, 0) + 1, max(y, 0) + 1, modes.mouse_encoding)


def _is_wanted(kind: MouseKind, button: int, mode: MouseMode) -> bool:
    if kind is MouseKind.MOVE:
        return mode is MouseMode.ANY or (mode is MouseMode.BUTTON and button > 0)
    return mode is not MouseMode.X10 or kind is MouseKind.PRESS


def _encoded(kind: MouseKind, code: int, x: int, y: int, encoding: MouseEncoding) -> bytes | None:
    is_release = kind is MouseKind.RELEASE
    if encoding is MouseEncoding.SGR:
        return f"\x1b[<{code};{x};{y}{'m' if is_release else 'M'}".encode()
    if is_release:
        # The older encodings do not say which button went up.
        code = code & ~3 | _NO_BUTTON
    if encoding is MouseEncoding.URXVT:
        return f"\x1b[{code + 32};{x};{y}M".encode()
    limit = 2015 if encoding is MouseEncoding.UTF8 else 223
    if x > limit or y > limit:
        return None
    characters = "".join(chr(32 + value) for value in (code, x, y))
    charset = "utf-8" if encoding is MouseEncoding.UTF8 else "latin-1"
    return b"\x1b[M" + characters.encode(charset)
