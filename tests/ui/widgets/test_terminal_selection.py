"""Text selected in a terminal."""

import pytest

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.terminal_selection import Selection, SelectionKind, numbered_row


def selected(emulator: Emulator, anchor: tuple[int, int], head: tuple[int, int]) -> str:
    return Selection.begin(*anchor).moved(*head).ended().text(emulator)


@pytest.fixture
def emulator() -> Emulator:
    emulator = Emulator(10, 3)
    emulator.feed(b"zero\r\none\r\ntwo\r\nthree   \r\nfour")
    return emulator


@pytest.mark.parametrize(
    ("anchor", "head", "text"),
    [
        ((0, 0), (0, 3), "zero"),
        ((0, 1), (1, 1), "ero\non"),
        ((1, 1), (0, 1), "ero\non"),
        ((2, 0), (4, 9), "two\nthree\nfour"),
        ((-5, 0), (99, 9), "zero\none\ntwo\nthree\nfour"),
        ((1, 5), (1, 8), ""),
        ((1, 1), (1, 1), ""),
    ],
)
def test_rows_of_scrollback_and_screen(
    emulator: Emulator, anchor: tuple[int, int], head: tuple[int, int], text: str
) -> None:
    assert emulator.history_total == 2
    assert selected(emulator, anchor, head) == text


def test_a_line_that_was_wrapped_is_copied_as_one() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"a long line that wraps\r\nnext")
    assert selected(emulator, (0, 2), (3, 3)) == "long line that wraps\nnext"


def test_a_selection_stays_on_its_text_while_rows_come_in(emulator: Emulator) -> None:
    selection = Selection.begin(2, 0).moved(2, 2).ended()
    emulator.feed(b"\r\n1\r\n2\r\n3")
    assert selection.text(emulator) == "two"


def test_rows_that_are_gone_are_left_out() -> None:
    emulator = Emulator(10, 2, scrollback=2)
    emulator.feed(b"a\r\nb\r\nc\r\nd\r\ne")
    assert numbered_row(emulator, 0) is None
    assert numbered_row(emulator, 5) is None
    assert selected(emulator, (0, 0), (9, 9)) == "b\nc\nd\ne"


@pytest.mark.parametrize(
    ("kind", "anchor", "head", "text"),
    [
        (SelectionKind.WORDS, (0, 6), (0, 6), "/etc/hosts"),
        (SelectionKind.WORDS, (0, 6), (0, 0), "cat /etc/hosts"),
        (SelectionKind.WORDS, (1, 1), (1, 1), "漢字"),
        (SelectionKind.WORDS, (2, 18), (2, 18), "wrapped"),
        (SelectionKind.WORDS, (4, 3), (4, 3), ""),
        (SelectionKind.LINES, (3, 2), (3, 2), "this line is wrapped over"),
        (SelectionKind.LINES, (0, 9), (1, 0), "cat /etc/hosts | x\n漢字 b"),
        (SelectionKind.BLOCK, (0, 0), (2, 2), "cat\n漢字\nthi"),
    ],
)
def test_kinds(
    kind: SelectionKind, anchor: tuple[int, int], head: tuple[int, int], text: str
) -> None:
    emulator = Emulator(20, 6)
    emulator.feed("cat /etc/hosts | x\r\n漢字 b\r\nthis line is wrapped over\r\n".encode())
    assert Selection.begin(*anchor, kind).moved(*head).text(emulator) == text
