"""A search through scrollback and screen."""

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.line_edit import LineEdit
from lxdtui.ui.widgets.terminal_search import MOST_MATCHES, TerminalSearch


def search(emulator: Emulator, words: str, *, is_pattern: bool = False) -> TerminalSearch:
    found = TerminalSearch(emulator)
    found.edit.insert(words)
    found.is_pattern = is_pattern
    found.begin()
    found.finish()
    return found


def test_matches_go_by_row_numbers_and_round_the_ends() -> None:
    emulator = Emulator(20, 3, scrollback=4)
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(9)) + b"line")
    found = search(emulator, "line")
    assert found.matches == [(number, 0) for number in range(3, 10)]
    assert found.nearest((5, 0), is_backward=True, is_included=True) == (5, 0)
    assert found.nearest((5, 0), is_backward=True, is_included=False) == (4, 0)
    assert found.nearest((5, 0), is_backward=False, is_included=False) == (6, 0)
    assert found.nearest((3, 0), is_backward=True, is_included=False) == (9, 0)
    assert found.nearest((9, 4), is_backward=False, is_included=True) == (3, 0)
    assert (found.number_of((4, 0)), found.number_of((4, 1))) == (2, 0)
    assert [match.row for match in found.shown(8, 9) if match.row >= 8] == [8, 9]


def test_capitals_count_where_there_are_some() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"Error error ERROR")
    assert len(search(emulator, "error").matches) == 3
    assert search(emulator, "Error").matches == [(0, 0)]
    assert len(search(emulator, "err.r", is_pattern=True).matches) == 3
    broken = search(emulator, "(", is_pattern=True)
    assert broken.error
    assert broken.matches == []
    assert search(emulator, "").nearest((0, 0), is_backward=True, is_included=True) is None


def test_the_newest_rows_of_a_long_scrollback_are_there_at_once() -> None:
    emulator = Emulator(80, 24, scrollback=100_000)
    emulator.feed(b"".join(b"message number %d of a day\r\n" % n for n in range(100_000)))
    found = TerminalSearch(emulator)
    found.edit.insert("day")
    found.begin()
    assert found.matches[-1] == (99_999, 26)
    assert len(found.matches) < 10_000
    assert not found.is_done
    while found.go_on():
        pass
    assert found.is_cut
    assert len(found.matches) >= MOST_MATCHES


def test_a_line_is_edited() -> None:
    edit = LineEdit("one two")
    for key, character in (("left", None), ("X", "X"), ("home", None), ("delete", None)):
        assert edit.press(key, character)
    assert (edit.text, edit.cursor) == ("ne twXo", 0)
    edit.press("end", None)
    edit.press("ctrl+w", "\x17")
    assert edit.text == "ne "
    edit.insert("a\x1b\nb")
    assert edit.text == "ne ab"
    edit.press("backspace", "\x08")
    edit.press("ctrl+u", "\x15")
    assert edit.text == ""
    assert not edit.press("f5", None)
