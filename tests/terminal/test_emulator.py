"""The emulator as its users see it."""

import pytest

from lxdtui.terminal import DEFAULT_STYLE, CursorShape, Emulator, MouseMode, Style


def shown(emulator: Emulator) -> list[str]:
    return [row.text for row in emulator.visible()]


def test_text_and_line_ends() -> None:
    emulator = Emulator(20, 3)
    update = emulator.feed(b"one\r\ntwo\nthree")
    assert shown(emulator) == ["one", "two", "   three"]
    assert update.changed
    assert (emulator.cursor.x, emulator.cursor.y) == (8, 2)


def test_nothing_changed_is_said() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"one")
    assert not emulator.feed(b"\x1b[c\x1b[m").changed
    assert emulator.feed(b"\x1b[?25l").changed
    assert emulator.feed(b"x").changed


def test_lines_leave_into_the_history() -> None:
    emulator = Emulator(20, 2, scrollback=3)
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(6)))
    assert shown(emulator) == ["line 5", ""]
    assert [row.text for row in emulator.history] == ["line 2", "line 3", "line 4"]
    assert emulator.history[-1].text == "line 4"
    assert emulator.history[0].text == "line 2"
    assert [row.text for row in emulator.history[1:]] == ["line 3", "line 4"]
    assert emulator.history_total == 5
    with pytest.raises(IndexError):
        emulator.history[3]


def test_runs_carry_style_and_width() -> None:
    emulator = Emulator(20, 1)
    emulator.feed("ab\x1b[1;31m中\x1b[m!".encode())
    assert emulator.row(0).runs() == [
        ("ab", DEFAULT_STYLE, 2),
        ("中", Style(foreground=1, bold=True), 2),
        ("!", DEFAULT_STYLE, 1),
    ]


def test_rows_are_equal_by_content() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"\x1b[32mone\r\none\r\ntwo")
    rows = emulator.visible()
    assert rows[0] == rows[1]
    assert hash(rows[0]) == hash(rows[1])
    assert rows[0] != rows[2]


def test_slice_of_columns() -> None:
    emulator = Emulator(20, 1)
    emulator.feed("a中b  c".encode())
    row = emulator.row(0)
    assert row.slice(0, 2) == "a中"
    assert row.slice(2, 4) == "b"
    assert row.slice(3, 7) == "b  c"


def test_cursor_stays_inside_while_the_wrap_is_deferred() -> None:
    emulator = Emulator(5, 2)
    emulator.feed(b"12345")
    assert (emulator.cursor.x, emulator.cursor.y) == (4, 0)
    assert not emulator.row(0).wrapped
    emulator.feed(b"6")
    assert shown(emulator) == ["12345", "6"]
    assert emulator.row(0).wrapped


def test_bell_title_and_cursor_shape() -> None:
    emulator = Emulator(5, 2)
    update = emulator.feed(b"\a\x1b]0;a\x02 title\x07\x1b[6 q")
    assert update.bell
    assert update.title_changed
    assert emulator.title == "a title"
    assert emulator.cursor.shape is CursorShape.BAR
    assert not emulator.cursor.blink
    assert not emulator.feed(b"\x1b]2;a title\x1b\\").title_changed


def test_modes_are_a_value() -> None:
    emulator = Emulator(5, 2)
    before = emulator.modes
    assert emulator.modes is before
    emulator.feed(b"\x1b[?1h\x1b[?1002;1006h\x1b[?2004h\x1b[?1049h")
    modes = emulator.modes
    assert modes.application_cursor
    assert modes.bracketed_paste
    assert modes.alternate_screen
    assert modes.mouse is MouseMode.BUTTON
    emulator.reset()
    assert emulator.modes == before


def test_clipboard_needs_permission() -> None:
    request = b"\x1b]52;c;aGVsbG8=\x07"
    assert Emulator(5, 2).feed(request).clipboard is None
    emulator = Emulator(5, 2, allow_clipboard=True)
    assert emulator.feed(request).clipboard == "hello"
    assert emulator.feed(b"").clipboard is None
    read = emulator.feed(b"\x1b]52;c;?\x07")
    assert (read.clipboard, read.replies) == (None, b"")
