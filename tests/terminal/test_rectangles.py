"""Rectangles, and cells that erasing leaves alone."""

import pytest

from lxdtui.terminal import Emulator, Style

SHEET = b"abcde\r\nfghij\r\nklmno\r\npqrst"
ROWS = ["abcde", "fghij", "klmno", "pqrst"]
BOX = SHEET + b"\x1b[?69h\x1b[2;4s\x1b[2;4r"
GUARDED = b'ab\x1b[1"qcd\x1b[0"qef'
AREA = b"ab\x1bVcd\x1bWef"

CASES: list[tuple[str, bytes, list[str]]] = [
    ("DECFRA", SHEET + b"\x1b[37;2;2;3;4$x", ["abcde", "f%%%j", "k%%%o", "pqrst"]),
    ("DECFRA everywhere", b"\x1b[37$x", ["%" * 10] * 4),
    ("DECFRA takes no controls", SHEET + b"\x1b[7$x\x1b[155$x", ROWS),
    ("DECFRA is cut", b"\x1b[37;4;9;99;99$x", ["", "", "", "        %%"]),
    (
        "DECFRA in origin mode",
        BOX + b"\x1b[?6h\x1b[37;1;1;2;2$x", ["abcde", "f%%ij", "k%%no", "pqrst"],
    ),
    ("DECFRA ignores margins", BOX + b"\x1b[37;1;4;1;5$x", ["abc%%", *ROWS[1:]]),
    ("DECERA", SHEET + b"\x1b[2;2;3;4$z", ["abcde", "f   j", "k   o", "pqrst"]),
    ("DECERA the wrong way round", SHEET + b"\x1b[3;3;2;2$z", ROWS),
    ("DECERA erases guarded cells", GUARDED + b"\x1b[1;2;1;5$z", ["a    f"]),
    ("DECSERA", GUARDED + b"\x1b[1;2;1;5${", ["a cd f"]),
    ("DECSERA knows no SPA", AREA + b"\x1b[1;2;1;5${", ["a    f"]),
    ("DECCRA", SHEET + b"\x1b[1;1;2;2;1;3;4;1$v", ["abcde", "fghij", "klmab", "pqrfg"]),
    ("DECCRA overlapping", SHEET + b"\x1b[1;1;3;3;1;2;2;1$v", ["abcde", "fabcj", "kfgho", "pklmt"]),
    ("DECCRA is cut", SHEET + b"\x1b[1;1;2;2;1;4;10;1$v", [*ROWS[:3], "pqrst    a"]),
    ("DECCRA with defaults", SHEET + b"\x1b[2;2;3;3$v", ["ghcde", "lmhij", *ROWS[2:]]),
    ("DECSED", GUARDED + b"\x1b[?2J", ["  cd"]),
    ("DECSED 0", GUARDED + b"\x1b[1;2H\x1b[?J", ["a cd"]),
    ("DECSEL", GUARDED + b"\x1b[?1K", ["  cd"]),
    ("DECSEL knows no SPA", AREA + b"\x1b[?2K", []),
    ("ED erases what DECSCA guards", GUARDED + b"\x1b[2J", []),
    ("ED spares areas", AREA + b"\x1b[2J", ["  cd"]),
    ("EL spares areas", AREA + b"\x1b[1;4H\x1b[K", ["abcd"]),
    ("ECH spares areas", AREA + b"\x1b[1;2H\x1b[4X", ["a cd f"]),
    ("SGR 0 keeps the guard", b'\x1b[1"qa\x1b[mb\x1b[2"qc\x1b[?2K', ["ab"]),
    ("DECSTR ends the guard", b'\x1b[1"q\x1b[!pa\x1b[?2K', []),
    ("DECRC brings the guard back", b'\x1b[1"q\x1b7\x1b[0"q\x1b8a\x1b[?2K', ["a"]),
    ("RIS forgets areas", b"\x1bVa\x1bcb\x1b[2K", []),
]  # fmt: skip


@pytest.mark.parametrize(("fed", "rows"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_rectangle(fed: bytes, rows: list[str]) -> None:
    for size in (len(fed), 1):
        emulator = Emulator(10, 4)
        for start in range(0, len(fed), size):
            emulator.feed(fed[start : start + size])
        assert [row.text for row in emulator.visible()] == rows + [""] * (4 - len(rows))
        assert emulator.faults == 0


def test_the_cursor_stays() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"\x1b[3;4H\x1b[37;1;1;4;9$x\x1b[1;1;2;2;1;3;3;1$v\x1b[1;1;2;2$z")
    assert (emulator.cursor.x, emulator.cursor.y) == (3, 2)


def test_copies_keep_their_style() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"\x1b[31ma\x1b[32mb\x1b[m\x1b[1;1;1;2;1;2;2;1$v")
    assert [(run.text, run.style.foreground) for run in emulator.row(1).runs()] == [
        (" ", None),
        ("a", 1),
        ("b", 2),
    ]


def test_half_of_a_wide_character_is_a_blank() -> None:
    emulator = Emulator(10, 2)
    emulator.feed("a中b\x1b[1;1;1;2;1;2;1;1$v".encode())
    assert [row.text for row in emulator.visible()] == ["a中b", "a"]


def styles(emulator: Emulator, y: int) -> list[tuple[str, Style]]:
    return [(run.text, run.style) for run in emulator.row(y).runs()]


def test_attributes_change_in_a_rectangle() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"\x1b[31mabcd\x1b[m\x1b[2*x\x1b[1;2;2;3;1;4$r")
    red, changed = Style(foreground=1), Style(foreground=1, bold=True, underline=1)
    assert styles(emulator, 0) == [("a", red), ("bc", changed), ("d", red)]
    assert styles(emulator, 1) == [(" ", Style()), ("  ", Style(bold=True, underline=1))]
    emulator.feed(b"\x1b[1;2;1;3;22$r")
    assert styles(emulator, 0)[1] == ("bc", Style(foreground=1, underline=1))
    emulator.feed(b"\x1b[1;2;1;3;0$r")
    assert styles(emulator, 0) == [("abcd", red)]


def test_attributes_change_in_the_text_between() -> None:
    emulator = Emulator(4, 3)
    emulator.feed(b"abcdefghijk\x1b[1;3;3;2;7$r")
    reverse = Style(reverse=True)
    assert styles(emulator, 0) == [("ab", Style()), ("cd", reverse)]
    assert styles(emulator, 1) == [("efgh", reverse)]
    assert styles(emulator, 2) == [("ij", reverse), ("k", Style())]


def test_attributes_turn_over() -> None:
    emulator = Emulator(4, 1)
    emulator.feed(b"\x1b[1ma\x1b[mb\x1b[1;1;1;2;1;7$t")
    assert styles(emulator, 0) == [
        ("a", Style(reverse=True)),
        ("b", Style(bold=True, reverse=True)),
    ]
