"""The cursor of the scroll mode."""

import pytest

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.terminal_reader import Reader


@pytest.fixture
def reader() -> Reader:
    emulator = Emulator(20, 5)
    emulator.feed(b"".join(b"word%d two.three\r\n" % number for number in range(20)))
    emulator.feed(b"\r\n  last one")
    return Reader(emulator, 5, 0)


def press(reader: Reader, *keys: str) -> tuple[int, int, int]:
    for key in keys:
        assert reader.press(key), key
    return (*reader.place, reader.rows_back)


# The screen's first row has the number 17.
MOVES = [
    ((), (21, 10, 0)),
    (("k", "k"), (19, 10, 0)),
    (("up",) * 6, (15, 10, 2)),
    (("g",), (0, 0, 17)),
    (("g", "G"), (21, 0, 0)),
    (("pageup",), (17, 10, 4)),
    (("ctrl+u",), (19, 10, 2)),
    (("pageup", "pagedown"), (21, 10, 0)),
    (("ctrl+y",) * 2, (19, 10, 2)),
    (("H",), (17, 10, 0)),
    (("M",), (19, 10, 0)),
    (("0",), (21, 0, 0)),
    (("circumflex_accent",), (21, 2, 0)),
    (("dollar_sign",), (21, 9, 0)),
    (("0", "w", "w"), (21, 7, 0)),
    (("0", "e"), (21, 5, 0)),
    (("0", "b"), (19, 11, 0)),
    (("left_curly_bracket",), (20, 0, 0)),
    (("g", "right_curly_bracket"), (20, 0, 1)),
    (("l",) * 30, (21, 19, 0)),
    (("h",) * 30, (21, 0, 0)),
]


@pytest.mark.parametrize(("keys", "place"), MOVES)
def test_moves(reader: Reader, keys: tuple[str, ...], place: tuple[int, int, int]) -> None:
    assert press(reader, *keys) == place


def test_other_keys_mean_nothing(reader: Reader) -> None:
    assert not reader.press("x")
    assert not reader.press("f1")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("0", "v", "e"), "  last"),
        (("0", "w", "v", "l"), "la"),
        (("v",), ""),
        (("0", "w", "v"), "l"),
        (("V", "k", "k"), "word19 two.three\n\n  last one"),
        (("g", "ctrl+v", "j", "j", "l", "l"), "wor\nwor\nwor"),
        (("g", "l", "l", "ctrl+v", "j", "h", "h"), "wor\nwor"),
        (("g", "v", "e", "o", "l"), "ord0"),
    ],
)
def test_selecting(reader: Reader, keys: tuple[str, ...], text: str) -> None:
    press(reader, *keys)
    assert reader.selection is not None
    assert reader.selection.text(vars(reader)["_emulator"]) == text


def test_the_same_key_again_ends_selecting(reader: Reader) -> None:
    press(reader, "v", "V", "V")
    assert reader.selection is None
    assert not reader.select_nothing()


def test_rows_that_are_gone_are_left() -> None:
    emulator = Emulator(10, 2, scrollback=5)
    emulator.feed(b"a\r\n" * 7)
    reader = Reader(emulator, 2, 0)
    press(reader, "g")
    emulator.feed(b"b\r\n" * 4)
    reader.output(5)
    assert reader.row == emulator.history_total - 5


def test_the_cursor_stays_in_what_the_wheel_and_a_new_size_show(reader: Reader) -> None:
    reader.scrolled(10, 5)
    assert (*reader.place, reader.rows_back) == (11, 10, 10)
    reader.scrolled(0, 3)
    assert (*reader.place, reader.rows_back) == (17, 10, 0)
    assert press(reader, "L") == (19, 10, 0)
