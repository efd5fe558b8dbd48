"""Terminal modes: what programs switch, and the frozen value the outside reads.

Modes are kept in a set of numbers as pyte does it: DEC private ones shifted
left by five bits.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum


class MouseMode(StrEnum):
    """Which mouse events a program wants."""

    OFF = "off"
    X10 = "x10"
    """Presses only, without modifiers (mode 9)."""
    NORMAL = "normal"
    """Presses and releases (mode 1000)."""
    BUTTON = "button"
    """Also movement with a button held (mode 1002)."""
    ANY = "any"
    """All movement (mode 1003)."""


class MouseEncoding(StrEnum):
    """How mouse events are written."""

    DEFAULT = "default"
    UTF8 = "utf8"
    SGR = "sgr"
    URXVT = "urxvt"


class CursorShape(StrEnum):
    """The form of the cursor (DECSCUSR)."""

    BLOCK = "block"
    UNDERLINE = "underline"
    BAR = "bar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The modes that matter outside of the screen; equal when nothing changed."""

    application_cursor: bool = False
    """DECCKM: cursor keys send `ESC O A` instead of `CSI A`."""
    application_keypad: bool = False
    bracketed_paste: bool = False
    focus_events: bool = False
    alternate_screen: bool = False
    alternate_scroll: bool = True
    """The wheel sends cursor keys on the alternate screen (1007)."""
    synchronized_output: bool = False
    """The program is in the middle of a frame (2026)."""
    autowrap: bool = True
    insert: bool = False
    origin: bool = False
    newline: bool = False
    """LNM: Enter sends CR LF."""
    reverse_screen: bool = False
    backarrow: bool = False
    """DECBKM: Backspace sends BS instead of DEL."""
    mouse: MouseMode = MouseMode.OFF
    mouse_encoding: MouseEncoding = MouseEncoding.DEFAULT


PRIVATE_SHIFT = 5


def private(number: int) -> int:
    """Return the number under which a DEC private mode is kept."""
    return number << PRIVATE_SHIFT


KAM = 2
IRM = 4
SRM = 12
LNM = 20
DECCKM = private(1)
DECCOLM = private(3)
DECSCNM = private(5)
DECOM = private(6)
DECAWM = private(7)
CURSOR_BLINK = private(12)
DECTCEM = private(25)
ALLOW_COLUMNS = private(40)
MORE_FIX = private(41)
REVERSE_WRAP = private(45)
REVERSE_WRAP_EXTENDED = private(1045)
REVERSE_WRAPS = frozenset({REVERSE_WRAP, REVERSE_WRAP_EXTENDED})
DECNKM = private(66)
DECBKM = private(67)
DECLRMM = private(69)
DECNCSM = private(95)
FOCUS = private(1004)
ALTERNATE_SCROLL = private(1007)
BRACKETED_PASTE = private(2004)
SYNCHRONIZED = private(2026)
GRAPHEMES = private(2027)
IN_BAND_RESIZE = private(2048)
ALTERNATE_SCREENS = frozenset({private(47), private(1047), private(1049)})

_MOUSE = {
    private(9): MouseMode.X10,
    private(1000): MouseMode.NORMAL,
    private(1002): MouseMode.BUTTON,
    private(1003): MouseMode.ANY,
}
_ENCODINGS = {
    private(1005): MouseEncoding.UTF8,
    private(1006): MouseEncoding.SGR,
    private(1015): MouseEncoding.URXVT,
}
MOUSE_MODES = frozenset(_MOUSE)
MOUSE_ENCODINGS = frozenset(_ENCODINGS)

SAVED_CURSOR = private(1048)

_WITHOUT_EFFECT = frozenset(
    {KAM, SRM}
    # Smooth scrolling, auto-repeat, printing, national keyboards and sets, pages.
    | {private(number) for number in (4, 8, 18, 19, 35, 42, 57, 61, 64, 68)}
    # Rate limit, monitor, modem.
    | {private(number) for number in (73, 97, 98, 99)}
    # Answerback, NUL, half duplex, the second language of the keyboard, overscan.
    | {private(number) for number in (100, 101, 102, 103, 104, 106)}
)
"""Modes of devices that we do not have: kept and reported, as terminals do."""

KNOWN: frozenset[int] = frozenset(
    {IRM, LNM, DECCKM, DECSCNM, DECOM, DECAWM, CURSOR_BLINK, DECTCEM, DECNKM, DECBKM}
    | {DECCOLM, ALLOW_COLUMNS, MORE_FIX, DECLRMM, DECNCSM}
    | {FOCUS, ALTERNATE_SCROLL, BRACKETED_PASTE, SYNCHRONIZED, GRAPHEMES, IN_BAND_RESIZE}
    | REVERSE_WRAPS
    | _WITHOUT_EFFECT
    | ALTERNATE_SCREENS
    | MOUSE_MODES
    | MOUSE_ENCODINGS
)
"""Modes that are kept and reported; all others are unknown to DECRQM."""

APART_FROM_DRAWING = _WITHOUT_EFFECT | {
    LNM,
    CURSOR_BLINK,
    DECCKM,
    DECSCNM,
    DECTCEM,
    DECNKM,
    DECBKM,
    ALLOW_COLUMNS,
    MORE_FIX,
    FOCUS,
    ALTERNATE_SCROLL,
    BRACKETED_PASTE,
    SYNCHRONIZED,
    IN_BAND_RESIZE,
}
"""Modes that leave it as it is how text is drawn."""

WITH_CONSEQUENCES = frozenset({CURSOR_BLINK, DECTCEM, LNM})
"""Those of them that the screen has to hear of when they change."""

PERMANENTLY_RESET = frozenset({1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19, private(60)})
"""Modes that exist and cannot be switched on: editing, transfer and status of ECMA-48."""

DEFAULT_MODES: frozenset[int] = frozenset({DECAWM, DECTCEM, ALTERNATE_SCROLL, SRM})


def modes_of(numbers: AbstractSet[int]) -> Modes:
    """Return the frozen value of a set of mode numbers."""
    mouse = [kind for number, kind in _MOUSE.items() if number in numbers]
    encoding = [kind for number, kind in _ENCODINGS.items() if number in numbers]
    return Modes(
        application_cursor=DECCKM in numbers,
        application_keypad=DECNKM in numbers,
        bracketed_paste=BRACKETED_PASTE in numbers,
        focus_events=FOCUS in numbers,
        alternate_screen=not ALTERNATE_SCREENS.isdisjoint(numbers),
        alternate_scroll=ALTERNATE_SCROLL in numbers,
        synchronized_output=SYNCHRONIZED in numbers,
        autowrap=DECAWM in numbers,
        insert=IRM in numbers,
        origin=DECOM in numbers,
        newline=LNM in numbers,
        reverse_screen=DECSCNM in numbers,
        backarrow=DECBKM in numbers,
        mouse=mouse[-1] if mouse else MouseMode.OFF,
        mouse_encoding=encoding[-1] if encoding else MouseEncoding.DEFAULT,
    )
