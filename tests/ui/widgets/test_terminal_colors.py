"""Styles of programs on our grounds."""

import itertools

import pytest
from rich.color import Color

from lxdtui.terminal import DEFAULT_STYLE, ProgramColors, Style
from lxdtui.ui.widgets.terminal_colors import (
    DARK_PALETTE,
    LIGHT_PALETTE,
    StyleTable,
    TerminalColors,
    contrast,
)

DARK = TerminalColors(foreground=(0xD5, 0xDB, 0xE6), background=(0x10, 0x13, 0x1A))
LIGHT = TerminalColors(foreground=(0x2A, 0x2F, 0x38), background=(0xFB, 0xFB, 0xF9), is_dark=False)
BOTH = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]


def ratio(colors: TerminalColors, style: Style) -> float:
    """The contrast of a style's text and ground as they are drawn."""
    drawn = colors.style(style)
    assert drawn.color is not None
    assert drawn.bgcolor is not None
    return contrast(drawn.color.get_truecolor(), drawn.bgcolor.get_truecolor())


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colors", BOTH)
def test_named_colours_can_be_read_on_the_ground_and_on_each_other(
    colors: TerminalColors,
) -> None:
    assert ratio(colors, DEFAULT_STYLE) > 10
    for text in range(16):
        assert ratio(colors, Style(foreground=text)) >= 4.5, text
    for text, ground in itertools.permutations(range(16), 2):
        assert ratio(colors, Style(foreground=text, background=ground)) >= 4.5, (text, ground)
        assert ratio(colors, Style(foreground=text, background=ground, reverse=True)) >= 4.5


@pytest.mark.parametrize("palette", [DARK_PALETTE, LIGHT_PALETTE])
def test_there_are_sixteen_different_colours(palette: tuple[tuple[int, int, int], ...]) -> None:
    assert len(set(palette)) == 16


def test_text_in_the_colour_of_its_ground_stays_hidden() -> None:
    assert ratio(DARK, Style(foreground=1, background=1)) == 1
    assert ratio(DARK, Style(foreground=3, conceal=True)) == 1


@pytest.mark.parametrize(
    ("index", "expected"),
    [(16, "#000000"), (196, "#ff0000"), (110, "#87afd7"), (232, "#080808"), (255, "#eeeeee")],
)
def test_numbered_colours_are_those_of_xterm(index: int, expected: str) -> None:
    assert DARK.style(Style(background=index)).bgcolor == Color.parse(expected)


def test_colours_that_a_program_mixed_are_left_alone() -> None:
    drawn = LIGHT.style(Style(foreground=(250, 250, 250)))
    assert drawn.color == Color.from_rgb(250, 250, 250)


def test_faint_text_is_between_text_and_ground() -> None:
    assert 1.5 < ratio(DARK, Style(faint=True)) < ratio(DARK, DEFAULT_STYLE)


def test_left_to_the_host_colours_go_out_by_name() -> None:
    host = TerminalColors(foreground=(0, 0, 0), background=(0, 0, 0), is_host=True)
    drawn = host.style(Style(foreground=1, reverse=True, faint=True))
    assert drawn.color == Color.from_ansi(1)
    assert drawn.bgcolor == Color.default()
    assert drawn.reverse
    assert drawn.dim


def test_text_blinks_only_where_that_is_wanted() -> None:
    blinking = TerminalColors(foreground=(0, 0, 0), background=(9, 9, 9), blinks=True)
    assert not DARK.style(Style(blink=True)).blink
    assert blinking.style(Style(blink=True)).blink


@pytest.mark.parametrize(
    ("link", "reaches_host"),
    [
        ("https://example.org/", True),
        ("http://example.org/", True),
        ("file:///etc/passwd", False),
        ("mailto:a@example.org", False),
        ("https://example.org/\x1b\\", False),
        ("https://example.org/ü", False),
    ],
)
def test_links(link: str, reaches_host: bool) -> None:
    drawn = DARK.style(Style(link=link))
    assert drawn.underline
    assert drawn.link == (link if reaches_host else None)


def test_the_table_of_styles_is_bounded() -> None:
    table = StyleTable(DARK)
    for red, green in itertools.product(range(256), range(64)):
        assert table[Style(foreground=(red, green, 0))].color == Color.from_rgb(red, green, 0)
    assert len(vars(table)["_styles"]) <= 8192


def test_what_a_program_chose_is_drawn_as_it_chose() -> None:
    chosen = ProgramColors(
        palette={1: (1, 2, 3), 200: (4, 5, 6)},
        foreground=None,
        background=(250, 250, 240),
        cursor=(9, 9, 9),
    )
    colors = DARK.with_program(chosen)
    red = colors.style(Style(foreground=1, background=200))
    assert red.color == Color.from_rgb(1, 2, 3)
    assert red.bgcolor == Color.from_rgb(4, 5, 6)
    # What it left is made readable on its ground.
    assert ratio(colors, DEFAULT_STYLE) >= 4.5
    for text in range(2, 16):
        assert ratio(colors, Style(foreground=text)) >= 4.5, text
    assert not colors.is_dark
    assert colors.swapped().cursor == (9, 9, 9)
    nothing = ProgramColors(palette={}, foreground=None, background=None, cursor=None)
    assert DARK.with_program(nothing) == DARK
