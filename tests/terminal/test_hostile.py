"""Input that wants to break the terminal: garbage, floods, sequences without an end."""

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lxdtui.terminal import Emulator

from .fuzz import assert_sound, run

INPUTS = 10_000
"""Of a seed; `python -m tests.terminal.fuzz` runs a million."""
TIME_LIMIT = 4.0
"""Seconds; about one on an idle machine, where what is unbounded takes minutes."""
MEMORY_LIMIT = 16 * 1024 * 1024


@pytest.mark.parametrize("seed", [20_240_607, 7])
def test_garbage_never_breaks_it(seed: int) -> None:
    run(INPUTS, seed)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(st.binary(max_size=8), st.sampled_from([b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b("]))
    )
)
def test_any_bytes_in_any_pieces(pieces: list[bytes]) -> None:
    whole = Emulator(12, 4)
    whole.feed(b"".join(pieces))
    cut = Emulator(12, 4)
    for piece in pieces:
        cut.feed(piece)
    assert_sound(whole)
    assert [row.text for row in whole.visible()] == [row.text for row in cut.visible()]
    assert whole.cursor == cut.cursor


def repeated(unit: bytes, size: int) -> bytes:
    return unit * (size // len(unit))


FLOODS: dict[str, Callable[[], bytes]] = {
    "unterminated OSC": lambda: b"\x1b]0;" + b"a" * 20_000_000,
    "unterminated DCS": lambda: b"\x1bP" + b"a" * 20_000_000,
    "unterminated APC with escapes": lambda: b"\x1b_" + repeated(b"a" * 4000 + b"\x1b", 5_000_000),
    "unterminated CSI": lambda: b"\x1b[" + b"1;" * 500_000,
    "combining marks": lambda: b"a" + "\u0301".encode() * 1_000_000,
    "saved cursors": lambda: b"\x1b7" * 500_000,
    "titles": lambda: b"\x1b]0;" + b"t" * 100_000 + b"\x07" + b"\x1b[22t" * 200_000,
    "counts": lambda: b"".join(b"x\x1b[99999999%c" % final for final in b"b@LMPSTXIZ") * 100,
    "tab stops": lambda: b"\x1bH\x1b[I" * 100_000,
    "requests": lambda: b"\x1b[c\x1b[6n" * 100_000,
    "repeated characters": lambda: b"x" + b"\x1b[99999b" * 50_000,
    "lines between side margins": lambda: b"\x1b[?69h\x1b[2;119s" + b"a\n" * 250_000,
    "columns": lambda: b"\x1b['}\x1b6" * 60_000,
    "rectangles": lambda: b"\x1b[37$x\x1b[$r\x1b[;;;;;2;2$v" * 20_000,
    "many modes": lambda: b"\x1b[?" + b";".join(b"%d" % number for number in range(1000)) + b"h",
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_floods_are_bounded(name: str) -> None:
    data = FLOODS[name]()
    emulator = Emulator(120, 40)
    started = time.process_time()
    for start in range(0, len(data), 4096):
        emulator.feed(data[start : start + 4096])
    assert time.process_time() - started < TIME_LIMIT
    assert_sound(emulator)


@pytest.mark.parametrize(
    "name", ["unterminated OSC", "unterminated DCS", "titles", "combining marks"]
)
def test_floods_take_no_memory(name: str) -> None:
    data = FLOODS[name]()[:4_000_000]
    emulator = Emulator(120, 40)
    tracemalloc.start()
    try:
        emulator.feed(data)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < MEMORY_LIMIT


def test_side_margins_work_again_after_a_flood() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"\x1b[?69h\x1b[2;9s" + b"a\n" * 100_000)
    emulator.feed(b"\x1b[2J" * 10_000)
    emulator.feed(b"\x1b[2;4s\x1b[H" + b"abcdefgh\x1b[S")
    assert [row.text for row in emulator.visible()][:2] == ["aefg", " h"]


def test_an_endless_string_ends_with_its_terminator() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"\x1b]0;" + b"a" * 1_000_000)
    emulator.feed(b"\x07ok")
    assert emulator.row(0).text == "ok"
    assert emulator.title == ""


def test_an_endless_sequence_does_nothing() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"a\x1b[" + b"1" * 1_000_000)
    emulator.feed(b"Jok")
    assert emulator.row(0).text == "aok"


def test_more_styles_than_the_table_holds() -> None:
    emulator = Emulator(100, 5, scrollback=2000)
    source = random.Random(3)
    for _ in range(1200):
        emulator.feed(
            b"".join(
                b"\x1b[38;2;%d;%d;%dmx" % (source.randrange(256), source.randrange(256), number)
                for number in range(100)
            )
        )
    emulator.feed(b"\x1b[38;2;9;8;7mlast\x1b[m")
    assert_sound(emulator)
    assert emulator.row(4).runs()[-1].style.foreground == (9, 8, 7)
    assert emulator.row(0).runs()[0].style.foreground is not None


def test_more_clusters_than_the_table_holds() -> None:
    emulator = Emulator(100, 5, scrollback=1000)
    marks = [chr(code) for code in range(0x300, 0x36F)]
    for first in marks:
        text = "".join(
            "a" + first + second + third for second in marks[:30] for third in marks[:30]
        )
        emulator.feed(text.encode())
    emulator.feed("\r\no\u0308".encode())
    assert_sound(emulator)
    assert emulator.row(4).text == "o\u0308"


def test_a_cell_takes_no_more_than_some_marks() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"a" + "\u0301".encode() * 1000 + b"b")
    assert len(emulator.row(0).text) <= 17
    assert emulator.row(0).runs()[0].width == 2


def test_titles_are_plain_and_short() -> None:
    emulator = Emulator(20, 2)
    emulator.feed("\x1b]0;[@click=quit]\u202ex\u200b\ty\x07".encode())
    assert emulator.title == "[@click=quit]xy"
    emulator.feed(b"\x1b]0;" + b"x" * 10_000 + b"\x07")
    assert len(emulator.title) == 256
