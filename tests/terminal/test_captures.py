"""Recorded output of real programs, cell by cell against what another terminal made of it.

`tests/captures/README.md` says how `NAME.bin` (what a program wrote) and
`NAME.screens` (what xterm.js showed on the way) are made and read.

Links to what is neither a web page, a mail address nor a file (such as
systemd's ``man:dbus-daemon(1)``) are left out on purpose. The text of the
recordings has none of the characters of `DIFFERENT`.
"""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from lxdtui.terminal import Color, Emulator, Row, Style

CAPTURES = Path(__file__).parent.parent / "captures"
NAMES = sorted(path.stem for path in CAPTURES.glob("*.bin"))

Cells = list[tuple[str, str]]
"""Text and look of each column up to the last one that is not blank."""
Cut = Callable[[bytes, random.Random], Iterator[bytes]]

_REFUSED_LINK = re.compile(r";?link=(?!https?:|mailto:|ftp:|file:).*")
_SWITCHES = {
    "bold": "1",
    "faint": "2",
    "italic": "3",
    "blink": "5",
    "reverse": "7",
    "conceal": "8",
    "strike": "9",
    "overline": "53",
}
_FLAGS = (
    "alternate_screen",
    "application_cursor",
    "application_keypad",
    "bracketed_paste",
    "focus_events",
    "insert",
    "origin",
    "synchronized_output",
    "autowrap",
)

# What we count differently from xterm.js with Unicode 11: text, our columns, its columns, why.
DIFFERENT = [
    ("\U0001fae0", 2, 1, "newer than Unicode 11"),
]

# Cells that look different, by recording, bytes, row and column. The half that is left of a wide
# character which is being overwritten keeps its colours; xterm.js gives it those of the new one.
HALVES = {("neovim", 4830, 18, 31)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that is compared at a checkpoint."""

    cursor: tuple[int, int]
    is_shown: bool
    modes: list[str]
    title: str
    history: tuple[int, str]
    rows: list[Cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a program wrote, and the screens that are expected after so many bytes of it."""

    columns: int
    rows: int
    data: bytes
    screens: list[tuple[int, Screen]]


def load(name: str) -> Recording:
    head, *lines = (CAPTURES / f"{name}.screens").read_text(encoding="utf-8").splitlines()
    size = json.loads(head)
    rows: list[Cells] = [[] for _ in range(size["rows"])]
    screens = []
    for line in lines:
        stored = json.loads(line)
        rows = rows.copy()
        for y, runs in stored["rows"].items():
            rows[int(y)] = [
                (text, _REFUSED_LINK.sub("", look)) for look, cells in runs for text in cells
            ]
        screen = Screen(
            cursor=tuple(stored["cursor"]),
            is_shown=stored["is_shown"],
            modes=stored["modes"],
            title=stored["title"],
            history=tuple(stored["history"]),
            rows=rows,
        )
        screens.append((stored["at"], screen))
    data = (CAPTURES / f"{name}.bin").read_bytes()
    return Recording(**size, data=data, screens=screens)


def shown(emulator: Emulator) -> Screen:
    """What the emulator shows, in the same terms."""
    modes = emulator.modes
    texts = [row.text for row in emulator.history]
    return Screen(
        cursor=(emulator.cursor.x, emulator.cursor.y),
        is_shown=emulator.cursor.visible,
        modes=[flag for flag in _FLAGS if getattr(modes, flag)] + [f"mouse={modes.mouse}"],
        title=emulator.title,
        history=(len(texts), hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]),
        rows=[cells_of(row) for row in emulator.visible()],
    )


def cells_of(row: Row) -> Cells:
    cells: Cells = []
    column = 0
    for run in row.runs():
        look = look_of(run.style)
        for x in range(column, column + run.width):
            cells.append((row.slice(x, x + 1), look))
        column += run.width
    while cells and cells[-1] == (" ", ""):
        cells.pop()
    return cells


def look_of(style: Style) -> str:
    """A style as parameters of SGR, the target of a link behind them."""
    codes = [code for name, code in _SWITCHES.items() if getattr(style, name)]
    if style.underline:
        codes += [f"4:{style.underline}", *color(58, style.underline_color)]
    codes += color(38, style.foreground) + color(48, style.background)
    if style.link:
        codes.append(f"link={style.link}")
    return ";".join(codes)


def color(base: int, value: Color) -> list[str]:
    if value is None:
        return []
    if isinstance(value, int):
        return [f"{base}:5:{value}"]
    return [f"{base}:2:{':'.join(map(str, value))}"]


def whole(data: bytes, _: random.Random) -> Iterator[bytes]:
    yield data


def byte_by_byte(data: bytes, _: random.Random) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


def at_random(data: bytes, source: random.Random) -> Iterator[bytes]:
    cuts = sorted(source.sample(range(1, len(data)), len(data) // 40))
    return (data[start:end] for start, end in pairwise([0, *cuts, len(data)]))


def test_there_are_recordings() -> None:
    assert len(NAMES) == len(list(CAPTURES.glob("*.screens"))) >= 34


@pytest.mark.parametrize("cut", [whole, byte_by_byte, at_random])
@pytest.mark.parametrize("name", NAMES)
def test_recording(name: str, cut: Cut) -> None:
    recording = load(name)
    emulator = Emulator(recording.columns, recording.rows)
    source = random.Random(name)
    start = 0
    for end, expected in recording.screens:
        for piece in cut(recording.data[start:end], source):
            emulator.feed(piece)
        start = end
        found = shown(emulator)
        for half_of, at, y, column in HALVES:
            if (half_of, at) == (name, end):
                assert found.rows[y][column] != expected.rows[y][column]
                expected.rows[y][column] = found.rows[y][column]
        for y, row in enumerate(found.rows):
            assert row == expected.rows[y], f"row {y} after {end} bytes"
        assert found == expected, f"after {end} bytes"
    assert start == len(recording.data)
    assert emulator.faults == 0


@pytest.mark.parametrize(("text", "ours"), [case[:2] for case in DIFFERENT])
def test_what_is_counted_differently(text: str, ours: int) -> None:
    emulator = Emulator(10, 1)
    emulator.feed(text.encode())
    assert emulator.cursor.x == ours
    assert emulator.row(0).text == text


def test_an_invisible_space_stays_for_copying() -> None:
    """xterm.js drops it."""
    emulator = Emulator(10, 1)
    emulator.feed("a\u200bb".encode())
    assert emulator.cursor.x == 2
    assert emulator.row(0).text == "a\u200bb"
