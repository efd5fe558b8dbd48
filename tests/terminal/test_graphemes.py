"""Mode 2027: what is seen as one character takes one place."""

import pytest
from rich.cells import cell_len

from lxdtui.terminal import Emulator

ON = b"\x1b[?2027h"
FAMILY = "👩\u200d👩\u200d👧"
CLUSTERS = [
    (FAMILY, "👩", 2),
    ("🇩🇪", "DE", 2),
    ("❤\ufe0f", "❤ ", 2),
    ("1\ufe0f\u20e3", "1\u20e3 ", 2),
    ("👍🏽", "👍", 2),
    ("☝🏽", "☝ ", 2),
    ("👩🏽\u200d❤\ufe0f\u200d👨🏻", "👩", 2),
    ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴", 2),
    ("e\u0301", "e\u0301", 1),
    ("中", "中", 2),
    ("ä", "ä", 1),
    ("\U00100000", "\U00100000", 1),
    ("\u00ad", "-", 1),
]


def pieces(text: str) -> str:
    return " ".join(f"{ord(one):x}" for one in text)


@pytest.mark.parametrize(("text", "shown", "width"), CLUSTERS, ids=lambda one: pieces(str(one)))
def test_a_cluster_is_one_place_however_it_is_cut(text: str, shown: str, width: int) -> None:
    for cuts in ([text], list(text)):
        emulator = Emulator(20, 2)
        emulator.feed(ON + b"a")
        for piece in cuts:
            emulator.feed(piece.encode())
        assert emulator.cursor.x == 1 + width
        (run,) = emulator.row(0).runs()
        assert (run.text.rstrip(" "), run.width) == (f"a{shown}".rstrip(" "), 1 + width)
        assert emulator.row(0).text == f"a{text}"
        assert emulator.row(0).cell_width(1) == width
        emulator.feed(b"b")
        assert emulator.row(0).text == f"a{text}b"
        assert [tuple(place) for place in emulator.search(text)] == [(0, 1)]
        assert emulator.faults == 0


@pytest.mark.parametrize(("text", "shown", "width"), CLUSTERS[:9], ids=lambda one: pieces(str(one)))
def test_what_the_host_gets_is_as_wide(text: str, shown: str, width: int) -> None:
    emulator = Emulator(20, 1)
    emulator.feed(ON + text.encode())
    (run,) = emulator.row(0).runs()
    assert run.text == shown
    assert sum(cell_len(one) for one in run.text) == width == run.width


def test_clusters_in_a_row_and_among_words() -> None:
    text = f"x{FAMILY}中 🇩🇪🇫🇷 e\u0301\u200e\u0302{FAMILY}."
    for size in (1, 2, 5, 1000):
        emulator = Emulator(40, 1)
        emulator.feed(ON)
        for start in range(0, len(text), size):
            emulator.feed(text[start : start + size].encode())
        assert emulator.row(0).text == text.replace("\u200e", "")
        assert emulator.cursor.x == 15


def test_off_it_is_as_it_was() -> None:
    emulator = Emulator(20, 1)
    emulator.feed(ON + FAMILY.encode() + b"\x1b[?2027l" + FAMILY.encode())
    assert emulator.cursor.x == 8
    assert emulator.row(0).slice(0, 2) == FAMILY


@pytest.mark.parametrize(
    ("before", "rows", "cursor"),
    [
        (b"\x1b[1;5H", ["", "\u2764\ufe0f"], (2, 1)),
        (b"xyz\x1b[4h\x1b[1;1H", ["\u2764\ufe0fxyz", ""], (2, 0)),
        (b"xyz\x1b[1;1H", ["\u2764\ufe0fz", ""], (2, 0)),
    ],
    ids=["wrapped", "inserted", "over"],
)
def test_a_character_that_becomes_wide(
    before: bytes, rows: list[str], cursor: tuple[int, int]
) -> None:
    emulator = Emulator(5, 2)
    emulator.feed(ON + before + "\u2764".encode())
    emulator.feed("\ufe0f".encode())
    assert [row.text for row in emulator.visible()] == rows
    assert (emulator.cursor.x, emulator.cursor.y) == cursor


def test_the_tables_are_renewed_without_a_change_to_what_is_seen() -> None:
    emulator = Emulator(240, 2)
    emulator.feed(ON + FAMILY.encode() + "❤\ufe0f".encode() + b"\r\n")
    before = emulator.row(0).runs()
    for number in range(0x4E00, 0x4E00 + 700):
        marks = "".join(f"{chr(number)}{chr(0x300 + mark)}" for mark in range(100))
        emulator.feed(b"\r" + marks.encode())
        emulator.feed(b"\x1b[2K\x1b[2;1H")
    assert emulator.row(0).runs() == before
    assert emulator.faults == 0
