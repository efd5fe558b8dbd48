"""Changes of size."""

import pytest

from lxdtui.terminal import Emulator, Style


def shown(emulator: Emulator) -> list[str]:
    return [row.text for row in emulator.visible()]


def test_a_long_line_is_broken_and_joined_again() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"abcdefghijklmno\r\n$ ")
    assert shown(emulator) == ["abcdefghij", "klmno", "$", ""]
    emulator.resize(5, 4)
    assert shown(emulator) == ["abcde", "fghij", "klmno", "$"]
    assert (emulator.cursor.x, emulator.cursor.y) == (2, 3)
    emulator.resize(20, 4)
    assert shown(emulator) == ["abcdefghijklmno", "$", "", ""]
    assert (emulator.cursor.x, emulator.cursor.y) == (2, 1)


def test_styles_and_wide_characters_move_along() -> None:
    emulator = Emulator(7, 3)
    emulator.feed("\x1b[31m中文中文\x1b[m".encode())
    assert shown(emulator) == ["中文中", "文", ""]
    emulator.resize(5, 4)
    assert shown(emulator) == ["中文", "中文", "", ""]
    assert emulator.row(1).runs() == [("中文", Style(foreground=1), 4)]
    emulator.resize(20, 4)
    assert emulator.row(0).runs() == [("中文中文", Style(foreground=1), 8)]


def test_lower_screens_push_into_the_history_and_taller_ones_take_back() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"1\r\n2\r\n3\r\n4")
    emulator.resize(10, 2)
    assert shown(emulator) == ["3", "4"]
    assert [row.text for row in emulator.history] == ["1", "2"]
    emulator.resize(10, 4)
    assert shown(emulator) == ["1", "2", "3", "4"]
    assert len(emulator.history) == 0


def test_empty_lines_below_the_cursor_go_first() -> None:
    emulator = Emulator(10, 6)
    emulator.feed(b"1\r\n2")
    emulator.resize(10, 3)
    assert shown(emulator) == ["1", "2", ""]
    assert len(emulator.history) == 0


def test_a_cleared_screen_takes_nothing_back() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"1\r\n2\r\n3\r\n4\r\n\x1b[H\x1b[2J$ ")
    emulator.resize(10, 5)
    assert shown(emulator) == ["$", "", "", "", ""]


def test_the_alternate_screen_is_cut_and_the_main_one_reflowed_under_it() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"abcdefghijkl\x1b[?1049h\x1b[H0123456789")
    emulator.resize(5, 3)
    assert shown(emulator) == ["01234", "", ""]
    emulator.feed(b"\x1b[?1049l")
    assert shown(emulator) == ["abcde", "fghij", "kl"]
    assert (emulator.cursor.x, emulator.cursor.y) == (2, 2)


def test_wrapped_lines_of_the_alternate_screen_can_be_widened() -> None:
    emulator = Emulator(5, 3)
    emulator.feed(b"\x1b[?1049h1234567")
    emulator.resize(12, 3)
    emulator.feed(b"\x1b[1;9Hx")
    assert shown(emulator) == ["12345   x", "67", ""]
    assert not emulator.row(0).wrapped


def test_lines_that_only_look_joined_stay_apart() -> None:
    emulator = Emulator(5, 3)
    emulator.feed(b"12345\r\n678")
    emulator.resize(10, 3)
    assert shown(emulator) == ["12345", "678", ""]


@pytest.mark.parametrize("columns", range(2, 30))
def test_text_survives_any_width(columns: int) -> None:
    emulator = Emulator(12, 6)
    words = "the quick 中文 brown fox ends"
    emulator.feed(words.encode() + b"\r\n")
    emulator.resize(columns, 6)
    emulator.resize(12, 6)
    rows = [*emulator.history, *emulator.visible()]
    text = "".join(row.slice(0, 12) if row.wrapped else row.text + "\n" for row in rows)
    assert "".join(text.split()) == "".join(words.split())


def test_margins_go_and_sizes_are_clamped() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"\x1b[2;3r")
    emulator.resize(0, 0)
    assert (emulator.columns, emulator.rows) == (2, 1)
    emulator.resize(10**6, 10**6)
    assert (emulator.columns, emulator.rows) == (1000, 1000)
