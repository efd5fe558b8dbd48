"""Every control function that is obeyed, one by one and in what it leaves on the screen.

`CASES` is the table of supported sequences: a name, what is fed, and the rows
of a screen of 10 columns and 4 rows afterwards, with the cursor. What a row's
text cannot show has tests of its own below.
"""

import pytest

from lxdtui.terminal import Emulator, Style

FULL = b"aaaa\r\nbbbb\r\ncccc\r\ndddd"
LOWER = ["cccc", "dddd"]

# A name, what is fed, the rows afterwards, and the cursor as column and row.
CASES: list[tuple[str, bytes, list[str], tuple[int, int]]] = [
    ("BS", b"abc\bX", ["abX"], (3, 0)),
    ("HT", b"a\tb", ["a       b"], (9, 0)),
    ("LF keeps the column", b"a\nb", ["a", " b"], (2, 1)),
    ("VT and FF are LF", b"a\x0bb\x0cc", ["a", " b", "  c"], (3, 2)),
    ("CR, text and LF", b"\rab\ncd", ["ab", "  cd"], (4, 1)),
    ("LF, text and CR", b"ab\ncd\re", ["ab", "e cd"], (1, 1)),
    ("CR", b"abc\rX", ["Xbc"], (1, 0)),
    ("LNM", b"\x1b[20ha\nb", ["a", "b"], (1, 1)),
    ("CUU", b"\n\n\x1b[AX", ["", "X"], (1, 1)),
    ("CUU count", b"\n\n\n\x1b[2AX", ["", "X"], (1, 1)),
    ("CUD", b"\x1b[2BX", ["", "", "X"], (1, 2)),
    ("CUF", b"\x1b[3CX", ["   X"], (4, 0)),
    ("CUB", b"abcd\x1b[2DX", ["abXd"], (3, 0)),
    ("HPB", b"abcd\x1b[2jX", ["abXd"], (3, 0)),
    ("VPB", b"\n\n\n\x1b[2kX", ["", "X"], (1, 1)),
    ("CNL", b"ab\x1b[2EX", ["ab", "", "X"], (1, 2)),
    ("CPL", b"\n\nab\x1b[FX", ["", "X", "ab"], (1, 1)),
    ("CHA", b"abc\x1b[2GX", ["aXc"], (2, 0)),
    ("HPA", b"abc\x1b[2`X", ["aXc"], (2, 0)),
    ("HPR", b"a\x1b[2aX", ["a  X"], (4, 0)),
    ("VPA", b"ab\x1b[3dX", ["ab", "", "  X"], (3, 2)),
    ("VPR", b"ab\x1b[2eX", ["ab", "", "  X"], (3, 2)),
    ("CUP", b"\x1b[2;3HX", ["", "  X"], (3, 1)),
    ("CUP clamps", b"\x1b[99;99HX", ["", "", "", "         X"], (9, 3)),
    ("HVP", b"\x1b[2;3fX", ["", "  X"], (3, 1)),
    ("CHT", b"\x1b[IX", ["        X"], (9, 0)),
    ("CBT", b"abcdefghi\x1b[ZX", ["abcdefghX"], (9, 0)),
    ("HTS and TBC", b"\x1b[3g\x1b[4G\x1bH\r\tX", ["   X"], (4, 0)),
    ("TBC at the cursor", b"\x1b[9G\x1b[g\r\tX", ["         X"], (9, 0)),
    ("ED 0", FULL + b"\x1b[2;3H\x1b[J", ["aaaa", "bb"], (2, 1)),
    ("ED 1", FULL + b"\x1b[2;3H\x1b[1J", ["", "   b", "cccc", "dddd"], (2, 1)),
    ("ED 2", FULL + b"\x1b[2J", [], (4, 3)),
    ("DECSED", FULL + b"\x1b[?2J", [], (4, 3)),
    ("EL 0", b"abcd\x1b[3G\x1b[K", ["ab"], (2, 0)),
    ("EL 1", b"abcd\x1b[2G\x1b[1K", ["  cd"], (1, 0)),
    ("EL 1 behind the text", b"ab\x1b[6G\x1b[1K", [], (5, 0)),
    ("EL 1 in colour", b"ab\x1b[31mcd\x1b[m\x1b[2G\x1b[1K", ["  cd"], (1, 0)),
    ("EL 1 of half a character", "a中b\x1b[2G\x1b[1K".encode(), ["   b"], (1, 0)),
    ("EL 2", b"abcd\x1b[2K", [], (4, 0)),
    ("ECH", b"abcd\x1b[2G\x1b[2X", ["a  d"], (1, 0)),
    ("ICH", b"abcd\x1b[2G\x1b[2@", ["a  bcd"], (1, 0)),
    ("ICH pushes out", b"abcdefghij\x1b[2G\x1b[3@", ["a   bcdefg"], (1, 0)),
    ("DCH", b"abcd\x1b[2G\x1b[2P", ["ad"], (1, 0)),
    ("IL", FULL + b"\x1b[2H\x1b[L", ["aaaa", "", "bbbb", "cccc"], (0, 1)),
    ("DL", FULL + b"\x1b[2H\x1b[2M", ["aaaa", "dddd"], (0, 1)),
    ("IL in a region", FULL + b"\x1b[1;3r\x1b[2H\x1b[L", ["aaaa", "", "bbbb", "dddd"], (0, 1)),
    ("SU", FULL + b"\x1b[2S", ["cccc", "dddd"], (4, 3)),
    ("SD", FULL + b"\x1b[T", ["", "aaaa", "bbbb", "cccc"], (4, 3)),
    ("REP", b"ab\x1b[3b", ["abbbb"], (5, 0)),
    ("REP wraps", b"a\x1b[11b", ["aaaaaaaaaa", "aa"], (2, 1)),
    ("REP of a wide character", "中\x1b[2b".encode(), ["中中中"], (6, 0)),
    ("IND", b"a\x1bDb", ["a", " b"], (2, 1)),
    ("NEL", b"a\x1bEb", ["a", "b"], (1, 1)),
    ("RI", b"\na\x1bMb", [" b", "a"], (2, 0)),
    ("RI scrolls", FULL + b"\x1b[H\x1bM", ["", "aaaa", "bbbb", "cccc"], (0, 0)),
    ("DECSTBM", FULL + b"\x1b[2;3r\x1b[3H\nX", ["aaaa", "cccc", "X", "dddd"], (1, 2)),
    ("CUU at the margin", FULL + b"\x1b[2;3r\x1b[3H\x1b[9AX", ["aaaa", "Xbbb", *LOWER], (1, 1)),
    ("CUU above it", FULL + b"\x1b[3;4r\x1b[2H\x1b[9AX", ["Xaaa", "bbbb", *LOWER], (1, 0)),
    ("DECOM", b"\x1b[2;3r\x1b[?6hX\x1b[9;1HY", ["", "X", "Y"], (1, 2)),
    ("IRM", b"abc\r\x1b[4hXY\x1b[4lZ", ["XYZbc"], (3, 0)),
    ("DECAWM off", b"\x1b[?7labcdefghijklm", ["abcdefghim"], (9, 0)),
    ("DECAWM off and on", b"\x1b[?7labcdefghijkl\x1b[?7hm", ["abcdefghil", "m"], (1, 1)),
    ("mark without DECAWM", "\x1b[?7labcdefghijkle\u0301".encode(), ["abcdefghie\u0301"], (9, 0)),
    ("deferred wrap", b"abcdefghij\rX", ["Xbcdefghij"], (1, 0)),
    ("wrap", b"abcdefghijk", ["abcdefghij", "k"], (1, 1)),
    ("CUB out of the deferred wrap", b"abcdefghij\x1b[DX", ["abcdefghXj"], (9, 0)),
    ("EL in the deferred wrap", b"abcdefghij\x1b[KX", ["abcdefghij", "X"], (1, 1)),
    ("EL 1 in the deferred wrap", b"abcdefghij\x1b[1KX", ["", "X"], (1, 1)),
    ("ED in the deferred wrap", b"\n123\x1b[Habcdefghij\x1b[JX", ["abcdefghij", "X"], (1, 1)),
    ("ECH out of the deferred wrap", b"abcdefghij\x1b[XX", ["abcdefghiX"], (9, 0)),
    ("LF out of the deferred wrap", b"abcdefghij\nX", ["abcdefghij", "         X"], (9, 1)),
    ("wide at the edge wraps", "abcdefghi中".encode(), ["abcdefghi", "中"], (2, 1)),
    ("half of a wide character", "中文\x1b[2GX".encode(), [" X文"], (2, 0)),
    ("DECSC, DECRC", b"ab\x1b7\x1b[4;4H\x1b8X", ["abX"], (3, 0)),
    ("DECRC is a slot", b"a\x1b7bc\x1b8\x1b8X", ["aXc"], (2, 0)),
    ("DECRC without DECSC", b"abc\x1b8X", ["Xbc"], (1, 0)),
    ("SCOSC, SCORC", b"ab\x1b[s\x1b[4;4H\x1b[uX", ["abX"], (3, 0)),
    ("1048", b"ab\x1b[?1048h\r\x1b[?1048lX", ["abX"], (3, 0)),
    ("1049 and back", b"ab\x1b[?1049hXY\x1b[?1049lc", ["abc"], (3, 0)),
    ("1049 is empty", b"ab\x1b[?1049hX", ["  X"], (3, 0)),
    ("47 and back", b"ab\x1b[?47hXY\x1b[?47l", ["ab"], (4, 0)),
    ("1047 clears on leaving", b"\x1b[?1047hXY\x1b[?1047l\r\x1b[?47h", [], (0, 0)),
    ("line drawing G0", b"\x1b(0lqk\x1b(Bq", ["┌─┐q"], (4, 0)),
    ("line drawing G1", b"\x1b)0q\x0eq\x0fq", ["q─q"], (3, 0)),
    ("line drawing ends in a run of SGR", b"\x1b(0q\x1b[m\x1b(B\x1b[mq", ["─q"], (2, 0)),
    ("line drawing twice", b"\x1b(0q\x1b(Bq\x1b(0q\x1b(Bq", ["─q─q"], (4, 0)),
    ("LS2", b"\x1b*0\x1bnq\x0fq", ["─q"], (2, 0)),
    ("DECALN", b"x\x1b#8", ["E" * 10] * 4, (0, 0)),
    ("RIS", FULL + b"\x1b[2;3r\x1b[4h\x1bcX", ["X"], (1, 0)),
    ("DECSTR", b"\x1b[2;3r\x1b[4h\x1b[?6h\x1b[!p\x1b[4HX\n\rY", ["", "", "X", "Y"], (1, 3)),
    ("C1 CSI", "ab\x9b2DX".encode(), ["Xb"], (1, 0)),
    ("C1 IND", "a\x84b".encode(), ["a", " b"], (2, 1)),
    ("C1 string", "a\x90b\x9cc".encode(), ["ac"], (2, 0)),
    ("controls inside CSI", b"ab\x1b[\r2CX", ["abX"], (3, 0)),
    ("CAN inside CSI", b"\x1b[3\x18CX", ["CX"], (2, 0)),
    ("ESC inside CSI", b"\x1b[3\x1b[2CX", ["  X"], (3, 0)),
    ("letter with a mark", "e\u0301x".encode(), ["e\u0301x"], (2, 0)),
    ("mark in the next feed belongs to the cell", "中\u0301x".encode(), ["中\u0301x"], (3, 0)),
    ("ZWSP keeps the text", "a\u200bb".encode(), ["a\u200bb"], (2, 0)),
    ("soft hyphen keeps the text", "a\u00adb".encode(), ["a\u00adb"], (3, 0)),
    ("bidi overrides are dropped", "a\u202eb\u2066c".encode(), ["abc"], (3, 0)),
    ("bad UTF-8", b"a\xff\xc3(b", ["a\ufffd\ufffd(b"], (5, 0)),
]  # fmt: skip

# Nothing of these may be drawn, and the text around them stays.
SWALLOWED = [
    b"\x1b]0;title\x07",
    b"\x1b]0;title\x1b\\",
    b"\x1b]133;A\x07",
    b"\x1b]104\x07",
    b"\x1b]9;4;1;50\x07",
    b"\x1bPzz\x1b\\",
    b"\x1bPq#0;2;0;0;0#0~~\x1b\\",
    b"\x1b_Gi=31;AAAA\x1b\\",
    b"\x1b^privacy\x1b\\",
    b"\x1bXstring\x1b\\",
    b"\x1bktitle\x1b\\",
    b"\x1b[>4;2m",
    b"\x1b[?4m",
    b"\x1b[0%m",
    b"\x1b[>1u",
    b"\x1b[<u",
    b"\x1b[=1;1u",
    b"\x1b[?u",
    b"\x1b[?1001s",
    b"\x1b[?1001r",
    b"\x1b[2$y",
    b"\x1b[1'w",
    b"\x1b[1*x",
    b"\x1b[!y",
    b"\x1b[8;50;200t",
    b"\x1b[?3h",
    b"\x1b[21t",
    b"\x1b[4i",
    b"\x1b[1;2;3;4;5;6n",
    b"\x1b%G",
    b"\x1b F",
    b"\x1b(K",
    b"\x05",
    b"\x7f",
    b"\x00",
]


@pytest.mark.parametrize(
    ("fed", "rows", "cursor"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_sequence(fed: bytes, rows: list[str], cursor: tuple[int, int]) -> None:
    for size in (len(fed), 1):
        emulator = Emulator(10, 4)
        for start in range(0, len(fed), size):
            emulator.feed(fed[start : start + size])
        expected = rows + [""] * (4 - len(rows))
        assert [row.text for row in emulator.visible()] == expected
        assert (emulator.cursor.x, emulator.cursor.y) == cursor
        assert emulator.faults == 0


@pytest.mark.parametrize("fed", SWALLOWED, ids=repr)
def test_swallowed(fed: bytes) -> None:
    for size in (len(fed) + 2, 1):
        whole = b"a" + fed + b"b"
        emulator = Emulator(10, 4)
        replies = b""
        for start in range(0, len(whole), size):
            replies += emulator.feed(whole[start : start + size]).replies
        assert emulator.row(0).text == "ab"
        assert emulator.row(0).runs()[0].style == Style()
        assert replies == b""
        assert (emulator.columns, emulator.rows) == (10, 4)
        assert emulator.faults == 0


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("1", Style(bold=True)),
        ("2;3", Style(faint=True, italic=True)),
        ("4", Style(underline=1)),
        ("21", Style(underline=2)),
        ("4:3", Style(underline=3)),
        ("4:0", Style()),
        ("4;24", Style()),
        ("5;7;8;9;53", Style(blink=True, reverse=True, conceal=True, strike=True, overline=True)),
        ("1;2;22", Style()),
        ("31;42", Style(foreground=1, background=2)),
        ("97;107", Style(foreground=15, background=15)),
        ("31;39", Style()),
        ("38;5;200", Style(foreground=200)),
        ("48;2;1;2;3", Style(background=(1, 2, 3))),
        ("38:2::1:2:3", Style(foreground=(1, 2, 3))),
        ("38:2:1:2:3", Style(foreground=(1, 2, 3))),
        ("38:5:9;1", Style(foreground=9, bold=True)),
        ("58:5:9", Style(underline_color=9)),
        ("58;2;1;2;3;4", Style(underline_color=(1, 2, 3), underline=1)),
        ("1;;4", Style(underline=1)),
        ("38;5", Style()),
        ("38", Style()),
        ("38;5;300;1", Style(bold=True)),
        ("999999999999999999999;1", Style(bold=True)),
        ("0000000001", Style(bold=True)),
    ],
)
def test_sgr(parameters: str, style: Style) -> None:
    emulator = Emulator(10, 1)
    emulator.feed(f"\x1b[{parameters}mx".encode())
    assert emulator.row(0).runs() == [("x", style, 1)]


def test_sgr_reset_keeps_the_link_and_osc_8_ends_it() -> None:
    emulator = Emulator(10, 1)
    emulator.feed(b"\x1b]8;id=7;https://example.org/\x1b\\\x1b[1ma\x1b[mb\x1b]8;;\x1b\\c")
    styles = [run.style for run in emulator.row(0).runs()]
    assert [style.link for style in styles] == ["https://example.org/"] * 2 + [""]
    assert [style.bold for style in styles] == [True, False, False]
    assert styles[0].link_id == "7"


@pytest.mark.parametrize(
    "uri", ["javascript:alert(1)", "https://a b", "https://\u202ex", "x" * 9000]
)
def test_links_that_are_refused(uri: str) -> None:
    emulator = Emulator(10, 1)
    emulator.feed(f"\x1b]8;;{uri}\x1b\\a".encode())
    assert emulator.row(0).runs() == [("a", Style(), 1)]


@pytest.mark.parametrize(
    "erase", [b"\x1b[K", b"\x1b[2J", b"\x1b[10X", b"\x1b[10@", b"\x1b[10P", b"\x1b[L"]
)
def test_erased_cells_keep_the_background_only(erase: bytes) -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"abc\r\x1b[1;4;44m" + erase)
    assert emulator.row(0).runs() == [(" " * 10, Style(background=4), 10)]


def test_scrolled_in_lines_keep_the_background() -> None:
    emulator = Emulator(4, 2)
    emulator.feed(b"\x1b[45ma\r\nb\r\nc")
    assert emulator.row(1).runs() == [("c   ", Style(background=5), 4)]


def test_title_stack() -> None:
    emulator = Emulator(10, 1)
    emulator.feed(b"\x1b]0;one\x07\x1b[22;0;0t\x1b]2;two\x07")
    assert emulator.title == "two"
    emulator.feed(b"\x1b[23;0;0t\x1b[23t")
    assert emulator.title == "one"


def test_saved_modes() -> None:
    emulator = Emulator(10, 1)
    emulator.feed(b"\x1b[?2004s\x1b[?2004h")
    assert emulator.modes.bracketed_paste
    emulator.feed(b"\x1b[?2004r")
    assert not emulator.modes.bracketed_paste


def test_directory() -> None:
    emulator = Emulator(10, 1)
    emulator.feed(b"\x1b]7;file://web1/srv/a%20b\x1b\\")
    assert emulator.directory == "/srv/a b"
