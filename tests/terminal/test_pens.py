"""What is remembered about styles never differs from what is worked out."""

import random

import pyte
import pytest

from lxdtui.terminal import Emulator, Style
from lxdtui.terminal.pens import MAX_SEQUENCES
from lxdtui.terminal.screen import Screen
from lxdtui.terminal.stream import Stream
from lxdtui.terminal.style import apply_sgr

PARAMETERS = [
    "",
    "0",
    "1",
    "22",
    "31",
    "39",
    "97",
    "0;32",
    "7;0;1",
    "44",
    "49",
    "38;5;7",
    "38;5;255",
    "38;5;256",
    "38;2;1;2;3",
    "38;2;1;2;300",
    "48;2;9;9;9",
    "38:2::4:5:6",
    "4:3",
    "58;5;3",
    "1;31;42",
]


@pytest.mark.parametrize("seed", range(4))
def test_remembered_styles_are_the_right_ones(seed: int) -> None:
    source = random.Random(seed)
    emulator = Emulator(80, 2)
    style = Style()
    for _ in range(3000):
        kind = source.random()
        if kind < 0.05:
            uri = source.choice(["", "https://example.org/"])
            style = style._replace(link=uri)
            sequence = f"\x1b]8;;{uri}\x07"
        elif kind < 0.1:
            sequence = source.choice(["\x1b(0", "\x1b(B", "\x0e", "\x0f"])
        else:
            chosen = source.choices(PARAMETERS, k=source.randint(1, 3))
            for parameters in chosen:
                style = apply_sgr(style, parameters)
            sequence = source.choice(["", "\x1b(B"]).join(f"\x1b[{item}m" for item in chosen)
        emulator.feed(f"{sequence}x".encode())
        x = emulator.cursor.x
        row = emulator.row(emulator.cursor.y)
        assert row.tables.style(row.styles[x - 1] if row.styles else "\0") == style
        if x > 70:
            emulator.feed(b"\r")


def test_more_sequences_than_are_remembered() -> None:
    emulator = Emulator(80, 2)
    for number in range(MAX_SEQUENCES + 2000):
        emulator.feed(b"\x1b[48;2;%d;%d;7m" % (number & 255, number >> 8))
    emulator.feed(b"\x1b[38;5;9mx\x1b[my")
    colors = [run.style.foreground for run in emulator.row(0).runs()]
    assert colors == [9, None]


def test_the_screen_is_one_of_pyte() -> None:
    screen = Screen(10, 2)
    assert isinstance(screen, pyte.Screen)
    Stream(screen).feed("a\x1b[1;31m中\x1b[m".encode())
    assert screen.display == ["a中" + " " * 7, " " * 10]
    assert screen.buffer[0][0].data == "a"
    assert (screen.buffer[0][1].data, screen.buffer[0][1].fg, screen.buffer[0][1].bold) == (
        "中",
        "red",
        True,
    )
    assert screen.buffer[1][5].data == " "
    assert (screen.cursor.x, screen.cursor.y) == (3, 0)


def test_pytes_own_stream_drives_the_screen() -> None:
    screen = Screen(10, 3)
    stream = pyte.Stream(screen)
    stream.feed("ab\r\n\x1b[1mcd\x1b[2;2HX\x1b[K\x1b[?25l")
    assert [line.rstrip() for line in screen.display] == ["ab", "cX", ""]
    assert screen.cursor.hidden


def test_styles_are_kept_up_to_ten_deep_and_in_part() -> None:
    emulator = Emulator(10, 1)
    emulator.feed(b"\x1b[1;4;31;42m\x1b[4;31#{\x1b[m\x1b]8;;https://example.org\x07\x1b[#}x")
    style = emulator.row(0).runs()[0].style
    assert (style.bold, style.underline, style.foreground, style.background) == (False, 1, None, 2)
    assert style.link == "https://example.org"
    emulator.feed(b"\x1bc" + b"".join(b"\x1b[38;5;%dm\x1b[#{" % color for color in range(20)))
    emulator.feed(b"\x1b[#}" * 20 + b"y")
    assert emulator.row(0).runs()[0].style.foreground == 0
    emulator.feed(b"\x1b[3m\x1b[#{\x1bc\x1b[#}z")
    assert not emulator.row(0).runs()[0].style.italic
