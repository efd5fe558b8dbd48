"""Keys, pasted text and mouse events as bytes."""

import pytest

from lxdtui.terminal import (
    Modes,
    MouseEncoding,
    MouseKind,
    MouseMode,
    MouseModifiers,
    encode_focus,
    encode_key,
    encode_mouse,
    encode_paste,
)

PLAIN = Modes()
NONE = MouseModifiers()

# The names are Textual's; the bytes are those of xterm with terminfo xterm-256color.
KEYS = [
    ("a", "a", b"a"),
    ("A", "A", b"A"),
    ("upper_a", "A", b"A"),
    ("1", "1", b"1"),
    ("space", " ", b" "),
    ("full_stop", ".", b"."),
    ("slash", "/", b"/"),
    ("minus", "-", b"-"),
    ("less_than_sign", "<", b"<"),
    ("latin_small_letter_e_with_acute", "é", "é".encode()),
    ("é", "é", "é".encode()),
    ("enter", "\r", b"\r"),
    ("tab", "\t", b"\t"),
    ("shift+tab", None, b"\x1b[Z"),
    ("escape", "\x1b", b"\x1b"),
    ("backspace", "\x7f", b"\x7f"),
    ("backspace", "\x08", b"\x08"),
    ("ctrl+h", "\x08", b"\x08"),
    ("ctrl+backspace", None, b"\x08"),
    ("alt+backspace", None, b"\x1b\x7f"),
    ("ctrl+a", "\x01", b"\x01"),
    ("ctrl+a", None, b"\x01"),
    ("ctrl+z", None, b"\x1a"),
    ("ctrl+@", "\x00", b"\x00"),
    ("ctrl+space", None, b"\x00"),
    ("ctrl+at", None, b"\x00"),
    ("ctrl+backslash", None, b"\x1c"),
    ("ctrl+right_square_bracket", None, b"\x1d"),
    ("ctrl+left_square_bracket", None, b"\x1b"),
    ("ctrl+circumflex_accent", None, b"\x1e"),
    ("ctrl+6", None, b"\x1e"),
    ("ctrl+underscore", None, b"\x1f"),
    ("ctrl+slash", None, b"\x1f"),
    ("ctrl+question_mark", None, b"\x7f"),
    ("ctrl+j", None, b"\n"),
    ("newline", None, b"\n"),
    ("alt+a", None, b"\x1ba"),
    ("alt+A", "A", b"\x1bA"),
    ("alt+full_stop", None, b"\x1b."),
    ("alt+1", None, b"\x1b1"),
    ("alt+enter", None, b"\x1b\r"),
    ("alt+left_square_bracket", None, b"\x1b["),
    ("alt+ctrl+a", None, b"\x1b\x01"),
    ("ctrl+shift+a", None, b"\x01"),
    ("shift+a", None, b"A"),
    ("up", None, b"\x1b[A"),
    ("down", None, b"\x1b[B"),
    ("right", None, b"\x1b[C"),
    ("left", None, b"\x1b[D"),
    ("home", None, b"\x1b[H"),
    ("end", None, b"\x1b[F"),
    ("shift+up", None, b"\x1b[1;2A"),
    ("alt+left", None, b"\x1b[1;3D"),
    ("ctrl+right", None, b"\x1b[1;5C"),
    ("alt+ctrl+left", None, b"\x1b[1;7D"),
    ("ctrl+shift+end", None, b"\x1b[1;6F"),
    ("insert", None, b"\x1b[2~"),
    ("delete", None, b"\x1b[3~"),
    ("pageup", None, b"\x1b[5~"),
    ("pagedown", None, b"\x1b[6~"),
    ("ctrl+delete", None, b"\x1b[3;5~"),
    ("f1", None, b"\x1bOP"),
    ("f4", None, b"\x1bOS"),
    ("shift+f3", None, b"\x1b[1;2R"),
    ("f5", None, b"\x1b[15~"),
    ("ctrl+f5", None, b"\x1b[15;5~"),
    ("f12", None, b"\x1b[24~"),
    ("f20", None, b"\x1b[34~"),
    ("ctrl++", "+", b"+"),
    ("ctrl+plus", None, b"+"),
    ("super+a", "a", b"a"),
    ("left_shift", None, None),
    ("caps_lock", None, None),
    ("volume_up", None, None),
    ("<ignore>", None, None),
]


@pytest.mark.parametrize(("name", "character", "expected"), KEYS)
def test_key(name: str, character: str | None, expected: bytes | None) -> None:
    assert encode_key(name, character=character, modes=PLAIN) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("up", b"\x1bOA"), ("home", b"\x1bOH"), ("ctrl+up", b"\x1b[1;5A"), ("delete", b"\x1b[3~")],
)
def test_key_in_application_mode(name: str, expected: bytes) -> None:
    assert encode_key(name, character=None, modes=Modes(application_cursor=True)) == expected


def test_keys_that_follow_other_modes() -> None:
    assert encode_key("enter", character="\r", modes=Modes(newline=True)) == b"\r\n"
    assert encode_key("backspace", character="\x7f", modes=Modes(backarrow=True)) == b"\x08"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext", b"plain\ttext"),
        ("one\ntwo\r\nthree\rfour", b"one\rtwo\rthree\rfour"),
        ("safe\x1b[201~evil\r", b"safe[201~evil\r"),
        ("safe\x9b201~evil", b"safe201~evil"),
        ("a\x03b\x7fc\x00d", b"a b c d"),
        ("é中", "é中".encode()),
        ("\ud800x", b"x"),
    ],
)
def test_paste(text: str, expected: bytes) -> None:
    assert encode_paste(text, PLAIN) == expected
    bracketed = encode_paste(text, Modes(bracketed_paste=True))
    assert bracketed == b"\x1b[200~" + expected + b"\x1b[201~"


def test_a_bracket_cannot_be_made_from_pieces() -> None:
    pasted = encode_paste("\x1b\x1b[20\x1b1~\x9b\x1b[201~", Modes(bracketed_paste=True))
    assert pasted.count(b"\x1b") == 2


def test_focus() -> None:
    assert encode_focus(True, PLAIN) is None
    assert encode_focus(True, Modes(focus_events=True)) == b"\x1b[I"
    assert encode_focus(False, Modes(focus_events=True)) == b"\x1b[O"


def mouse(mode: MouseMode, encoding: MouseEncoding = MouseEncoding.SGR) -> Modes:
    return Modes(mouse=mode, mouse_encoding=encoding)


MOUSE = [
    (MouseKind.PRESS, 1, NONE, mouse(MouseMode.NORMAL), b"\x1b[<0;3;5M"),
    (MouseKind.RELEASE, 1, NONE, mouse(MouseMode.NORMAL), b"\x1b[<0;3;5m"),
    (MouseKind.PRESS, 3, MouseModifiers(ctrl=True), mouse(MouseMode.NORMAL), b"\x1b[<18;3;5M"),
    (MouseKind.MOVE, 1, NONE, mouse(MouseMode.NORMAL), None),
    (MouseKind.MOVE, 1, NONE, mouse(MouseMode.BUTTON), b"\x1b[<32;3;5M"),
    (MouseKind.MOVE, 0, NONE, mouse(MouseMode.BUTTON), None),
    (MouseKind.MOVE, 0, NONE, mouse(MouseMode.ANY), b"\x1b[<35;3;5M"),
    (MouseKind.WHEEL_UP, 0, NONE, mouse(MouseMode.NORMAL), b"\x1b[<64;3;5M"),
    (MouseKind.WHEEL_DOWN, 0, NONE, mouse(MouseMode.ANY), b"\x1b[<65;3;5M"),
    (MouseKind.PRESS, 1, NONE, mouse(MouseMode.OFF), None),
    (MouseKind.PRESS, 2, NONE, mouse(MouseMode.X10, MouseEncoding.DEFAULT), b"\x1b[M!#%"),
    (MouseKind.RELEASE, 2, NONE, mouse(MouseMode.X10), None),
    (MouseKind.PRESS, 1, NONE, mouse(MouseMode.NORMAL, MouseEncoding.DEFAULT), b"\x1b[M #%"),
    (MouseKind.RELEASE, 1, NONE, mouse(MouseMode.NORMAL, MouseEncoding.DEFAULT), b"\x1b[M##%"),
    (MouseKind.PRESS, 1, NONE, mouse(MouseMode.NORMAL, MouseEncoding.URXVT), b"\x1b[32;3;5M"),
    (MouseKind.RELEASE, 1, NONE, mouse(MouseMode.NORMAL, MouseEncoding.URXVT), b"\x1b[35;3;5M"),
    (MouseKind.WHEEL_UP, 0, NONE, Modes(alternate_screen=True), b"\x1b[A" * 3),
    (
        MouseKind.WHEEL_DOWN,
        0,
        NONE,
        Modes(alternate_screen=True, application_cursor=True),
        b"\x1bOB" * 3,
    ),
    (
        MouseKind.WHEEL_DOWN,
        0,
        NONE,
        Modes(alternate_screen=True, alternate_scroll=False),
        None,
    ),
    (MouseKind.WHEEL_UP, 0, NONE, PLAIN, None),
]


@pytest.mark.parametrize(("kind", "button", "modifiers", "modes", "expected"), MOUSE)
def test_mouse(
    kind: MouseKind,
    button: int,
    modifiers: MouseModifiers,
    modes: Modes,
    expected: bytes | None,
) -> None:
    assert encode_mouse(kind, button, 2, 4, modifiers, modes) == expected


def test_columns_beyond_the_old_encodings() -> None:
    modes = mouse(MouseMode.NORMAL, MouseEncoding.DEFAULT)
    assert encode_mouse(MouseKind.PRESS, 1, 222, 0, NONE, modes) == b"\x1b[M \xff!"
    assert encode_mouse(MouseKind.PRESS, 1, 223, 0, NONE, modes) is None
    utf8 = mouse(MouseMode.NORMAL, MouseEncoding.UTF8)
    assert encode_mouse(MouseKind.PRESS, 1, 300, 0, NONE, utf8) == b"\x1b[M " + "ō!".encode()
