"""Left and right margins, and what moves between all four of them.

The screen has 10 columns and 5 rows, the letters of `SHEET` on it, and margins
from the second to the fourth column and line where `BOX` is fed.
"""

import pytest

from lxdtui.terminal import Emulator

SHEET = b"abcde\r\nfghij\r\nklmno\r\npqrst\r\nuvwxy"
ROWS = ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]
SIDES = SHEET + b"\x1b[?69h\x1b[2;4s"
BOX = SIDES + b"\x1b[2;4r"

# A name, what is fed, the rows afterwards, and the cursor as column and row.
CASES: list[tuple[str, bytes, list[str], tuple[int, int]]] = [
    ("DECSLRM goes home", SHEET + b"\x1b[?69h\x1b[2;4s", ROWS, (0, 0)),
    ("DECSLRM needs its mode", b"\x1b[2;4s\x1b[4GX", ["   X"], (4, 0)),
    ("DECSLRM the wrong way round", b"ab\x1b[?69h\x1b[4;2sX", ["abX"], (3, 0)),
    ("margins go with the mode", b"\x1b[?69h\x1b[2;4s\x1b[?69labcdef", ["abcdef"], (6, 0)),
    ("DECSTR takes them", b"\x1b[?69h\x1b[2;4s\x1b[!pabcdef", ["abcdef"], (6, 0)),
    (
        "DECALN takes them",
        b"\x1b[?69h\x1b[2;4s\x1b#8abcde", ["abcdeEEEEE", *["E" * 10] * 4], (5, 0),
    ),
    ("text wraps", b"\x1b[?69h\x1b[3;5sabcdefgh", ["abcde", "  fgh"], (4, 1)),
    ("the wrap is deferred", b"\x1b[?69h\x1b[3;5s\x1b[3Gabc", ["  abc"], (4, 0)),
    ("deferred until CUB", b"\x1b[?69h\x1b[3;5s\x1b[3Gabc\x1b[DX", ["  aXc"], (4, 0)),
    ("deferred until CUP", b"\x1b[?69h\x1b[3;5s\x1b[3Gabc\x1b[1;5HX", ["  abX"], (4, 0)),
    ("text right of them", b"\x1b[?69h\x1b[3;5s\x1b[9Gabc", ["        ab", "  c"], (3, 1)),
    (
        "a wide character wraps",
        "\x1b[?69h\x1b[3;5s\x1b[3Ga中文".encode(),
        ["  a中", "  文"],
        (4, 1),
    ),
    ("no wrap", b"\x1b[?7l\x1b[?69h\x1b[3;5s\x1b[3Gabcdef", ["  abf"], (4, 0)),
    ("no room for wide characters", "\x1b[?69h\x1b[3;4s\x1b[3G中".encode(), ["  中"], (3, 0)),
    ("IRM pushes to the margin", SIDES + b"\x1b[2G\x1b[4hX", ["aXbce", *ROWS[1:]], (2, 0)),
    ("CR", SIDES + b"\x1b[4G\rX", ["aXcde", *ROWS[1:]], (2, 0)),
    ("CR left of them", SIDES + b"\rX", ["Xbcde", *ROWS[1:]], (1, 0)),
    ("CR in origin mode", SIDES + b"\x1b[?6h\rX", ["aXcde", *ROWS[1:]], (2, 0)),
    ("BS stops", SIDES + b"\x1b[3G\b\b\bX", ["aXcde", *ROWS[1:]], (2, 0)),
    ("CUB stops", SIDES + b"\x1b[3G\x1b[9DX", ["aXcde", *ROWS[1:]], (2, 0)),
    ("CUB left of them", SIDES + b"\x1b[1G\x1b[9DX", ["Xbcde", *ROWS[1:]], (1, 0)),
    ("CUF stops", SIDES + b"\x1b[3G\x1b[9CX", ["abcXe", *ROWS[1:]], (3, 0)),
    ("CUF right of them", SIDES + b"\x1b[6G\x1b[9CX", ["abcde    X", "fghij", *ROWS[2:]], (9, 0)),
    ("HT stops", SIDES + b"\x1b[3G\tX", ["abcXe", *ROWS[1:]], (3, 0)),
    ("CUP in origin mode", BOX + b"\x1b[?6h\x1b[2;2HX", [*ROWS[:2], "klXno", *ROWS[3:]], (3, 2)),
    ("CUP clamps there", BOX + b"\x1b[?6h\x1b[9;9HX", [*ROWS[:3], "pqrXt", ROWS[4]], (3, 3)),
    (
        "LF scrolls the box",
        BOX + b"\x1b[4;3H\n", ["abcde", "flmnj", "kqrso", "p   t", "uvwxy"], (2, 3),
    ),
    ("LF beside the box", BOX + b"\x1b[4;1H\n", ROWS, (0, 3)),
    ("NEL beside the box", BOX + b"\x1b[4;7H\x1bE", ROWS, (1, 3)),
    (
        "RI scrolls the box",
        BOX + b"\x1b[2;3H\x1bM", ["abcde", "f   j", "kghio", "plmnt", "uvwxy"], (2, 1),
    ),
    ("RI beside the box", BOX + b"\x1b[2;7H\x1bM", ROWS, (6, 1)),
    ("SU", BOX + b"\x1b[2S", ["abcde", "fqrsj", "k   o", "p   t", "uvwxy"], (0, 0)),
    ("SU of everything", BOX + b"\x1b[99S", ["abcde", "f   j", "k   o", "p   t", "uvwxy"], (0, 0)),
    ("SD", BOX + b"\x1b[T", ["abcde", "f   j", "kghio", "plmnt", "uvwxy"], (0, 0)),
    ("IL", BOX + b"\x1b[3;3H\x1b[L", ["abcde", "fghij", "k   o", "plmnt", "uvwxy"], (1, 2)),
    ("DL", BOX + b"\x1b[3;3H\x1b[M", ["abcde", "fghij", "kqrso", "p   t", "uvwxy"], (1, 2)),
    ("IL beside the box", BOX + b"\x1b[3;1H\x1b[L", ROWS, (0, 2)),
    ("ICH", SIDES + b"\x1b[3G\x1b[@", ["ab ce", *ROWS[1:]], (2, 0)),
    ("DCH", SIDES + b"\x1b[2G\x1b[P", ["acd e", *ROWS[1:]], (1, 0)),
    ("DCH of everything", SIDES + b"\x1b[2G\x1b[99P", ["a   e", *ROWS[1:]], (1, 0)),
    ("ICH beside them", SIDES + b"\x1b[@\x1b[6G\x1b[@", ROWS, (5, 0)),
    ("DECIC", BOX + b"\x1b[2;3H\x1b['}", ["abcde", "fg hj", "kl mo", "pq rt", "uvwxy"], (2, 1)),
    ("DECDC", BOX + b"\x1b[2;3H\x1b['~", ["abcde", "fgi j", "kln o", "pqs t", "uvwxy"], (2, 1)),
    ("DECIC beside the box", BOX + b"\x1b[2;1H\x1b['}", ROWS, (0, 1)),
    (
        "DECBI scrolls",
        BOX + b"\x1b[3;2H\x1b6", ["abcde", "f ghj", "k lmo", "p qrt", "uvwxy"], (1, 2),
    ),
    ("DECBI moves", BOX + b"\x1b[3;3H\x1b6", ROWS, (1, 2)),
    (
        "DECFI scrolls",
        BOX + b"\x1b[3;4H\x1b9", ["abcde", "fhi j", "kmn o", "prs t", "uvwxy"], (3, 2),
    ),
    ("DECFI moves", BOX + b"\x1b[3;3H\x1b9", ROWS, (3, 2)),
    ("SL", BOX + b"\x1b[3;3H\x1b[ @", ["abcde", "fhi j", "kmn o", "prs t", "uvwxy"], (2, 2)),
    ("SR", BOX + b"\x1b[3;3H\x1b[ A", ["abcde", "f ghj", "k lmo", "p qrt", "uvwxy"], (2, 2)),
    ("REP wraps", b"\x1b[?69h\x1b[2;4s\x1b[2Ga\x1b[4b", [" aaa", " aa"], (3, 1)),
    ("EL ignores them", SIDES + b"\x1b[2G\x1b[K", ["a", *ROWS[1:]], (1, 0)),
    ("ECH ignores them", SIDES + b"\x1b[3G\x1b[3X", ["ab", *ROWS[1:]], (2, 0)),
    ("a wide character at the edge", "a中b\x1b[?69h\x1b[3;5s\x1b[2S".encode(), ["a"], (0, 0)),
    (
        "45 goes back in a wrapped line",
        b"abcdefghijkl\x1b[?45h\b\b\bX", ["abcdefghiX", "kl"], (9, 0),
    ),
    ("45 stops at a line of its own", b"ab\r\ncd\x1b[?45h\b\b\b\bX", ["ab", "Xd"], (1, 1)),
    ("1045 goes back anywhere", b"ab\r\ncd\x1b[?1045h\b\b\bX", ["ab       X", "cd"], (9, 0)),
    ("1045 goes to the bottom", b"\x1b[?1045h\x1b[2;3r\x1b[2H\bX", ["", "", "         X"], (9, 2)),
    ("1045 stays in the box", b"\x1b[?69h\x1b[2;4s\x1b[?1045h\x1b[2;2H\b\bX", ["  X"], (3, 0)),
    ("HPR in origin mode", BOX + b"\x1b[?6h\x1b[6aX", ["abcde", "fghij  X", *ROWS[2:]], (8, 1)),
    ("MoreFix", b"abcdefghij\x1b[?41h\tX", ["abcdefghij", "        X"], (9, 1)),
    ("DECCOLM clears", SIDES + b"\x1b[?40h\x1b[?3habcdef", ["abcdef"], (6, 0)),
    ("DECCOLM with 95 does not", b"ab\x1b[?40h\x1b[?95h\x1b[?3hX", ["abX"], (3, 0)),
    ("DECSCL resets", SIDES + b'\x1b[64;1"pabcdef', ["abcdef"], (6, 0)),
    ("a low level has no side margins", b'\x1b[62"p\x1b[?69h\x1b[2;4sabcdef', ["abcdef"], (6, 0)),
    ("SS2 is for one character", b"\x1b*0\x1bNqq", ["─q"], (2, 0)),
    ("SS3 in a run", b"a\x1b+0\x1bO\x1b[1mqq", ["a─q"], (3, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fed", "rows", "cursor"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_margins(fed: bytes, rows: list[str], cursor: tuple[int, int]) -> None:
    for size in (len(fed), 1):
        emulator = Emulator(10, 5)
        for start in range(0, len(fed), size):
            emulator.feed(fed[start : start + size])
        assert [row.text for row in emulator.visible()] == rows + [""] * (5 - len(rows))
        assert (emulator.cursor.x, emulator.cursor.y) == cursor
        assert emulator.faults == 0


def test_what_leaves_a_box_is_not_history() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"a\r\nb\r\nc\x1b[?69h\x1b[1;4s\x1b[3H\n\n")
    assert [row.text for row in emulator.visible()] == ["c", "", ""]
    assert len(emulator.history) == 0


def test_lines_that_end_at_a_side_margin_are_not_joined() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"\x1b[?69h\x1b[1;4sabcdef")
    assert not emulator.row(0).wrapped


def test_colours_move_with_the_text() -> None:
    emulator = Emulator(6, 2)
    emulator.feed(b"\x1b[31mabcd\r\n\x1b[32mefgh\x1b[m\x1b[?69h\x1b[2;3s\x1b[S")
    runs = [[(run.text, run.style.foreground) for run in row.runs()] for row in emulator.visible()]
    assert runs == [
        [("a", 1), ("fg", 2), ("d", 1)],
        [("e", 2), ("  ", None), ("h", 2)],
    ]


def test_resizing_takes_the_margins_away() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"\x1b[?69h\x1b[1;4sabcd")
    emulator.resize(8, 3)
    emulator.feed(b"efgh")
    assert emulator.row(0).text == "abcefgh"
