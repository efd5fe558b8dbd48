"""Recorded output of real programs, against grids that another emulator made of it.

`tests/captures/NAME.bin` was recorded on a pty of 80 columns and 24 rows in an
empty directory, or in a container of Debian 12; `NAME.txt` is the screen that
xterm.js 5, or for the container's programs tmux 3, shows at its end: the column
and row of the cursor, then the 24 rows.
"""

import random
from pathlib import Path

import pytest

from lxdtui.terminal import Emulator

CAPTURES = Path(__file__).parent.parent / "captures"
NAMES = sorted(path.stem for path in CAPTURES.glob("*.bin"))


def grid(emulator: Emulator) -> str:
    cursor = emulator.cursor
    rows = [row.text for row in emulator.visible()]
    return "\n".join([f"{cursor.x} {cursor.y}", *rows]) + "\n"


def test_there_are_recordings() -> None:
    assert len(NAMES) >= 11


@pytest.mark.parametrize("name", NAMES)
def test_recording(name: str) -> None:
    emulator = Emulator(80, 24)
    emulator.feed((CAPTURES / f"{name}.bin").read_bytes())
    assert emulator.faults == 0
    assert grid(emulator) == (CAPTURES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("longest", [1, 7, 300])
def test_recording_in_pieces(name: str, longest: int) -> None:
    data = (CAPTURES / f"{name}.bin").read_bytes()
    source = random.Random(longest)
    whole = Emulator(80, 24)
    whole.feed(data)
    cut = Emulator(80, 24)
    start = 0
    while start < len(data):
        size = source.randint(1, longest)
        cut.feed(data[start : start + size])
        start += size
    assert [row.runs() for row in cut.visible()] == [row.runs() for row in whole.visible()]
    assert [row.text for row in cut.history] == [row.text for row in whole.history]
    assert (cut.cursor, cut.modes, cut.title) == (whole.cursor, whole.modes, whole.title)
    assert cut.faults == 0
