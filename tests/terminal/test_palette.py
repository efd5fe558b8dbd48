"""Colours that programs set, ask for and take back."""

import pytest

from lxdtui.terminal import RGB, Emulator
from lxdtui.terminal.palette import INDEXES, parse_color


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#fff", (240, 240, 240)),
        ("#102030", (16, 32, 48)),
        ("#800900a00", (128, 144, 160)),
        ("#111122223333", (17, 34, 51)),
        ("rgb:f/8/0", (255, 136, 0)),
        ("rgb:ff/80/00", (255, 128, 0)),
        ("RGB:ffff/8080/0000", (255, 128, 0)),
        ("#ffff", None),
        ("rgb:1/2", None),
        ("rgb:00000/1/2", None),
        ("red", None),
        ("", None),
        ("#12345\u0663", None),
    ],
)
def test_forms(text: str, color: RGB | None) -> None:
    assert parse_color(text) == color


CASES = [
    (b"\x1b]4;1;#102030\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:1010/2020/3030\x07"),
    (b"\x1b]4;1;#102030;2;?\x1b\\", b"\x1b]4;2;rgb:0000/cdcd/0000\x1b\\"),
    (b"\x1b]4;1;#102030\x07\x1b]104;1\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
    (b"\x1b]4;1;#102030\x07\x1b]104\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
    (b"\x1b]4;1;#102030\x07\x1bc\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
    (b"\x1b]5;1;#102030\x07\x1b]4;257;?\x07", b"\x1b]4;257;rgb:1010/2020/3030\x07"),
    (b"\x1b]5;1;#102030\x07\x1b]105;1\x07\x1b]5;1;?\x07", b"\x1b]5;1;rgb:e5e5/e5e5/e5e5\x07"),
    (b"\x1b]5;1;#102030\x07\x1b]104\x07\x1b]5;1;?\x07", b"\x1b]5;1;rgb:1010/2020/3030\x07"),
    (b"\x1b]10;#102030;#405060\x07\x1b]11;?\x07", b"\x1b]11;rgb:4040/5050/6060\x07"),
    (b"\x1b]12;#102030\x07\x1b]112\x07\x1b]12;?\x07", b"\x1b]12;rgb:e5e5/e5e5/e5e5\x07"),
    (b"\x1b]11;#102030\x07\x1b]111;\x07\x1b]11;?\x07", b"\x1b]11;rgb:0000/0000/0000\x07"),
    (b"\x1b]19;?;?\x07", b"\x1b]19;rgb:e5e5/e5e5/e5e5\x07"),
    (b"\x1b]10;nonsense\x07\x1b]10;?\x07", b"\x1b]10;rgb:e5e5/e5e5/e5e5\x07"),
]


@pytest.mark.parametrize(("fed", "answer"), CASES, ids=repr)
def test_answers(fed: bytes, answer: bytes) -> None:
    assert Emulator(10, 4).feed(fed).replies == answer


def test_what_was_set_is_told() -> None:
    emulator = Emulator(10, 4)
    assert emulator.set_by_program.palette == {}
    emulator.feed(b"\x1b]4;1;#102030\x07\x1b]11;#405060\x07")
    colors = emulator.set_by_program
    assert colors.palette == {1: (16, 32, 48)}
    assert (colors.foreground, colors.background, colors.cursor) == (None, (64, 80, 96), None)
    assert emulator.set_by_program == colors
    emulator.reset()
    assert emulator.set_by_program != colors


def test_a_flood_of_colours_is_bounded() -> None:
    emulator = Emulator(10, 4)
    flood = ";".join(f"{index};#111" for index in range(2000))
    emulator.feed(f"\x1b]4;{flood}\x07".encode() * 20)
    assert len(emulator.set_by_program.palette) <= INDEXES
