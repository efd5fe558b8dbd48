"""Keys and pasted text into the bytes that xterm would send.

Keys come as the names that Textual gives them (strings only, no import), and
the bytes are made from the name: what a key printed is not known on hosts that
speak the kitty protocol. Sources: xterm ctlseqs "PC-Style Function Keys",
`modifyOtherKeys` off; terminfo `xterm-256color`.
"""

import re
import unicodedata
from functools import lru_cache

from .modes import Modes

_MODIFIER_BITS = {"shift": 1, "alt": 2, "ctrl": 4, "meta": 2}
_IGNORED_MODIFIERS = frozenset({"super", "hyper", "caps_lock", "num_lock"})

_CURSOR_KEYS = {
    "up": "A",
    "down": "B",
    "right": "C",
    "left": "D",
    "home": "H",
    "end": "F",
}
_PF_KEYS = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_NUMBERED_KEYS = {
    "insert": 2,
    "delete": 3,
    "pageup": 5,
    "pagedown": 6,
    "f5": 15,
    "f6": 17,
    "f7": 18,
    "f8": 19,
    "f9": 20,
    "f10": 21,
    "f11": 23,
    "f12": 24,
    "f13": 25,
    "f14": 26,
    "f15": 28,
    "f16": 29,
    "f17": 31,
    "f18": 32,
    "f19": 33,
    "f20": 34,
}
_NAMED_CHARACTERS = {
    "space": " ",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
    "period": ".",
    "left_square_brace": "[",
}
_ALIASES = {"return": "enter", "newline": "ctrl+j", "backtab": "shift+tab"}
_CONTROL = {
    " ": 0x00,
    "@": 0x00,
    "2": 0x00,
    "[": 0x1B,
    "3": 0x1B,
    "\\": 0x1C,
    "4": 0x1C,
    "]": 0x1D,
    "5": 0x1D,
    "^": 0x1E,
    "~": 0x1E,
    "6": 0x1E,
    "_": 0x1F,
    "/": 0x1F,
    "-": 0x1F,
    "7": 0x1F,
    "8": 0x7F,
    "?": 0x7F,
}

_PASTE_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_PASTE_DROPPED = re.compile("[\x1b\x80-\x9f\ud800-\udfff]")


def encode_key(name: str, *, character: str | None, modes: Modes) -> bytes | None:
    """Return what xterm sends for a key.

    Args:
        name: The key as Textual calls it, as `ctrl+a`, `shift+tab` or `full_stop`.
        character: What the key prints, if it is known.
        modes: The modes of the terminal: cursor keys, Backspace and Enter depend on them.

    Returns:
        The bytes, or None when the key sends nothing.
    """
    modifiers, key = _split(_ALIASES.get(name, name))
    if modifiers < 0:
        return None
    special = _special_key(key, modifiers, modes, character)
    if special is not None:
        return special
    printed = _printed(key, character)
    if printed is None:
        return None
    if not modifiers & 4:
        if modifiers & 1 and character is None and len(printed) == 1:
            printed = printed.upper()
        return _with_alt(printed.encode("utf-8", "ignore"), modifiers)
    return _control_key(printed, modifiers)


def _split(name: str) -> tuple[int, str]:
    """Return the modifiers as xterm's bits and the key; -1 for a lone or unknown modifier."""
    head, plus, key = name.rpartition("+")
    if not key and plus:  # the plus key itself, "ctrl++"
        head, key = head.rstrip("+"), "+"
    bits = 0
    for modifier in head.split("+") if head else ():
        if modifier in _IGNORED_MODIFIERS:
            continue
        if modifier not in _MODIFIER_BITS:
            return -1, key
        bits |= _MODIFIER_BITS[modifier]
    return bits, key


def _special_key(key: str, modifiers: int, modes: Modes, character: str | None) -> bytes | None:
    """Return the bytes of a key that prints nothing."""
    code = modifiers + 1
    if key in _CURSOR_KEYS:
        final = _CURSOR_KEYS[key]
        if modifiers:
            return f"\x1b[1;{code}{final}".encode()
        return f"\x1b{'O' if modes.application_cursor else '['}{final}".encode()
    if key in _PF_KEYS:
        final = _PF_KEYS[key]
        return f"\x1b[1;{code}{final}".encode() if modifiers else f"\x1bO{final}".encode()
    if key in _NUMBERED_KEYS:
        number = _NUMBERED_KEYS[key]
        return f"\x1b[{number};{code}~".encode() if modifiers else f"\x1b[{number}~".encode()
    if key == "enter":
        return _with_alt(b"\r\n" if modes.newline else b"\r", modifiers)
    if key == "tab":
        return b"\x1b[Z" if modifiers & 1 else _with_alt(b"\t", modifiers)
    if key == "escape":
        return _with_alt(b"\x1b", modifiers)
    if key == "backspace":
        # A host without the kitty protocol sends BS for Ctrl+H, and it arrives under this name.
        is_control = modifiers & 4 or character == "\x08"
        return _with_alt(b"\x08" if bool(is_control) != modes.backarrow else b"\x7f", modifiers)
    return None


def _with_alt(data: bytes, modifiers: int) -> bytes:
    return b"\x1b" + data if modifiers & 2 else data


def _printed(key: str, character: str | None) -> str | None:
    """Return the character of a printing key."""
    if character and character.isprintable():
        return character
    return _character(key)


@lru_cache(maxsize=512)
def _character(key: str) -> str | None:
    """Return the character that a key is named after.

    Textual names signs by Unicode with underscores, so that a hyphen in the
    name cannot be told from a space.
    """
    if len(key) == 1:
        return key if key.isprintable() else None
    if key in _NAMED_CHARACTERS:
        return _NAMED_CHARACTERS[key]
    words = key.replace("_", " ").upper()
    for candidate in (words, words.replace(" ", "-"), words.replace("THAN ", "THAN-")):
        for unicode_name in (candidate, candidate.replace("LESS THAN", "LESS-THAN")):
            try:
                return unicodedata.lookup(unicode_name.replace("GREATER THAN", "GREATER-THAN"))
            except KeyError:
                continue
    return None


def _control_key(printed: str, modifiers: int) -> bytes:
    """Return Ctrl with a printing key: a C0 control, or the character where there is none."""
    lowered = printed.lower()
    if len(lowered) == 1 and "a" <= lowered <= "z":
        return _with_alt(bytes([ord(lowered) - 0x60]), modifiers)
    if lowered in _CONTROL:
        return _with_alt(bytes([_CONTROL[lowered]]), modifiers)
    return _with_alt(printed.encode("utf-8", "ignore"), modifiers)


def encode_paste(text: str, modes: Modes) -> bytes:
    """Return pasted text as a program may safely receive it.

    ESC and C1 controls are dropped, so that the text cannot end its bracket or
    pose as keys; other controls but TAB and line ends become blanks.

    Args:
        text: What was pasted.
        modes: The modes of the terminal; with bracketed paste the text is marked.
    """
    filtered = _PASTE_CONTROLS.sub(" ", _PASTE_DROPPED.sub("", text))
    data = filtered.replace("\r\n", "\r").replace("\n", "\r").encode("utf-8")
    return b"\x1b[200~" + data + b"\x1b[201~" if modes.bracketed_paste else data


def encode_focus(focused: bool, modes: Modes) -> bytes | None:
    """Return the report that the terminal got or lost the focus, if it is wanted (mode 1004)."""
    if not modes.focus_events:
        return None
    return b"\x1b[I" if focused else b"\x1b[O"
