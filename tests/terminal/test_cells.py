"""Widths, clusters, and the short cuts beside wcwidth."""

import pytest
from wcwidth import wcwidth

from lxdtui.terminal import Emulator, cell_width
from lxdtui.terminal.cells import NARROW, WIDE


def test_short_cuts_agree_with_wcwidth() -> None:
    for code in range(0x20, 0x40000):
        character = chr(code)
        if NARROW.fullmatch(character):
            assert wcwidth(character) == 1, hex(code)
        elif WIDE.fullmatch(character):
            assert wcwidth(character) == 2, hex(code)


@pytest.mark.parametrize(
    ("text", "shown", "width"),
    [
        ("plain", "plain", 5),
        ("naïve", "naïve", 5),
        ("中文", "中文", 4),
        ("e\u0301a", "e\u0301a", 2),
        ("👩\u200d👧", "👩👧", 4),
        ("❤\ufe0f!", "❤!", 2),
        ("a\u00adb", "a-b", 3),
        ("\U00100000x", "\U00100000x", 2),
        ("\u0301x", "x", 1),
        ("שָׁ", "שָׁ", 1),
        ("नि", "नि", 2),
        ("हिन्दी", "हिन्दी", 5),
        ("🇩🇪!", "🇩🇪!", 3),
        ("中\u0591文", "中\u0591文", 4),
    ],
)
def test_what_the_host_gets_has_the_width_of_the_run(text: str, shown: str, width: int) -> None:
    emulator = Emulator(20, 1)
    emulator.feed(text.encode())
    (run,) = emulator.row(0).runs()
    assert (run.text, run.width) == (shown, width)
    assert emulator.cursor.x == width
    if text[0] != "\u0301":
        assert emulator.row(0).text == text
        assert cell_width(text) == width


def test_a_vowel_sign_beside_its_letter_is_a_cell_of_its_own_wherever_the_text_is_cut() -> None:
    for pieces in (["हि"], ["ह", "ि"]):
        emulator = Emulator(20, 1)
        for piece in pieces:
            emulator.feed(piece.encode())
        emulator.feed(b"\x1b[DX")
        assert emulator.row(0).text == "हX"
