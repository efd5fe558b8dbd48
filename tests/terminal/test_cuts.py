"""The same is on the screen however output is cut, over short ways through the core, too."""

import random

import pytest

from lxdtui.terminal import Emulator, Style

TEXTS = (
    "a",
    "word word",
    "x" * 20,
    " ",
    "Köln",
    "中文",
    "a中b",
    "e\u0301",
    "─┼─",
    "😀",
    "हि",
    "🇩🇪",
)
CONTROLS = ("\r\n", "\r\n", "\r", "\n", "\b", "\t")
SEQUENCES = (
    *(
        "\x1b[m",
        "\x1b[1;31m",
        "\x1b[44m",
        "\x1b[38;5;9m",
        "\x1b[38;2;1;2;3m",
        "\x1b[4:3m",
        "\x1b(B",
    ),
    *("\x1b[H", "\x1b[2;3H", "\x1b[3;99H", "\x1b[A", "\x1b[2B", "\x1b[3C", "\x1b[2D", "\x1b[5G"),
    *("\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[2X", "\x1b[2@", "\x1b[2P"),
    *("\x1b[L", "\x1b[M", "\x1b[S", "\x1b[T", "\x1b[3b", "\x1b[2;4r", "\x1b[r", "\x1bM", "\x1bD"),
    *("\x1b7", "\x1b8", "\x1b[4h", "\x1b[4l", "\x1b[?7l", "\x1b[?7h", "\x1b[?6h", "\x1b[?6l"),
    *(
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b(0",
        "\x1b]2;title\x07",
        "\x1b]8;;\x1b\\",
        "\x1bkname\x1b\\",
    ),
    *("\x1b[?25l", "\x1b[?69h", "\x1b[3;9s", "\x1b[?69l", "\x1b[2\r;3H", "\x1b[3\x18", "\x1b"),
)


def stream(source: random.Random) -> str:
    """A few pieces of output, of one kind most of the time."""
    weights = source.choice([(6, 4, 0), (6, 1, 1), (4, 2, 4)])
    texts = source.choice([TEXTS[:4], TEXTS])
    kinds = source.choices([texts, CONTROLS, SEQUENCES], weights, k=source.randint(2, 14))
    return "".join(source.choice(kind) for kind in kinds)


def pieces(data: bytes, longest: int, source: random.Random) -> list[bytes]:
    found, start = [], 0
    while start < len(data):
        size = source.randint(1, longest)
        found.append(data[start : start + size])
        start += size
    return found


def shown(emulator: Emulator) -> tuple[object, ...]:
    """What can be seen; a row may have one run or two of the same look."""
    rows = [*emulator.history, *emulator.visible()]
    cells = [[(cell, run.style) for run in row.runs() for cell in run.text] for row in rows]
    for row in cells:
        while row and row[-1] == (" ", Style()):
            row.pop()
    texts = [row.text for row in rows]
    return cells, texts, emulator.cursor, emulator.modes, emulator.title


@pytest.mark.parametrize("seed", range(6))
def test_cuts_change_nothing(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(400):
        data = stream(source).encode()
        whole = Emulator(16, 5)
        whole.feed(data)
        for longest in (1, 5):
            cut = Emulator(16, 5)
            for piece in pieces(data, longest, source):
                cut.feed(piece)
            assert shown(cut) == shown(whole), data
        text = "".join("".join(run.text for run in row.runs()) for row in whole.visible())
        assert text.isprintable(), data
        assert whole.faults == 0
