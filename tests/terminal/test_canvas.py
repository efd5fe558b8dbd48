"""A busy screen is laid out on the canvas; what stands on it is the same as without."""

import random

import pytest

from lxdtui.terminal import Emulator
from lxdtui.terminal.canvas import PATIENCE

STYLES = ["\x1b[m", "\x1b[31m", "\x1b[1m", "\x1b[44m", "\x1b[38;2;1;2;3m", "\x1b(B\x1b[0;7m"]
TEXTS = ["a", "word", "│", "x" * 9, " ", "naïve", "y" * 30]
MOVES = ["\r", "\r\n", "\n", "\b", "\x1b[C", "\x1b[3C", "\x1b[A", "\x1b[2B", "\x1b[4d", "\x1b[9G"]
ERASING = ["\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[X", "\x1b[4X", "\x1b[99X"]
OTHERS = [
    "\x1b[?25l",
    "\x07",
    "\x1b[?2004h",
    "\x1b[2P",
    "\x1bM",
    "\x1b[b",
    "中文",
    "e\u0301",
    "\x1b(0",
]


def tokens(source: random.Random, count: int) -> list[str]:
    """Return what a full-screen program may write, mostly places and short texts."""
    made = []
    for _ in range(count):
        made.append(f"\x1b[{source.randint(1, 7)};{source.randint(1, 24)}H")
        kinds = source.choices((STYLES, TEXTS, MOVES, ERASING), k=3)
        made.extend(source.choice(kind) for kind in kinds)
        if source.random() < 0.01:
            made.append(source.choice(OTHERS))
    return made


def seen(emulator: Emulator) -> object:
    rows = [
        [(character, run.style) for run in row.runs() for character in run.text]
        for row in emulator.visible()
    ]
    wrapped = [row.wrapped for row in emulator.visible()]
    return rows, wrapped, emulator.cursor, emulator.history_total, emulator.modes


@pytest.mark.parametrize("seed", range(5))
def test_a_busy_screen_in_one_piece_and_in_many(seed: int) -> None:
    source = random.Random(seed)
    whole, single = Emulator(24, 6), Emulator(24, 6)
    for _ in range(4):
        made = tokens(source, 2 * PATIENCE + source.randint(0, 200))
        whole.feed("".join(made).encode())
        for token in made:
            single.feed(token.encode())
        assert seen(whole) == seen(single)
    assert whole.faults == single.faults == 0


def test_a_line_with_wide_characters_is_not_for_the_canvas() -> None:
    emulator = Emulator(20, 3)
    emulator.feed("中文\r\n".encode() + b"\x1b[3;1Hx" * PATIENCE + b"\x1b[1;2Hy\x1b[1;9Hz")
    assert [row.text for row in emulator.visible()] == [" y文    z", "", "x"]


def test_what_scrolls_off_while_lines_gather_is_history() -> None:
    emulator = Emulator(20, 3, scrollback=10)
    emulator.feed(b"".join(b"\x1b[31m%d\x1b[m\r\n" % number for number in range(3000)))
    assert [row.text for row in emulator.history] == [str(number) for number in range(2988, 2998)]
    assert [row.text for row in emulator.visible()] == ["2998", "2999", ""]
    assert emulator.history_total == 2998
    assert len(emulator._screen.history) <= 10 + 2000
