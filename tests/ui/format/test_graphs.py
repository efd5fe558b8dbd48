import pytest

from lxdtui.ui.format.graphs import area, gauge_cells, sparkline


@pytest.mark.parametrize(
    ("fraction", "cells"),
    [(-1, 0), (0, 0), (0.001, 1), (0.5, 5), (0.96, 9), (0.999, 9), (1, 10), (7, 10)],
)
def test_only_the_whole_fills_a_gauge(fraction: float, cells: int) -> None:
    assert gauge_cells(fraction, 10) == cells


def test_a_gauge_without_cells() -> None:
    assert gauge_cells(0.5, 0) == 0


def test_the_newest_sample_stands_at_the_right() -> None:
    assert sparkline([100.0], 3, 100) == "  ⢸"
    assert sparkline([0.0, 100.0], 2, 100) == " ⣸"


def test_a_gap_is_blank_and_a_zero_is_not() -> None:
    assert sparkline([None, None, 0.0, 0.0], 2, 100) == " ⣀"


def test_what_is_above_the_top_stays_inside() -> None:
    assert sparkline([900.0, 900.0], 1, 100) == "⣿"


def test_an_area_fills_from_below() -> None:
    assert area([50.0, 100.0], 1, 2, 100) == ("⢸", "⣿")


def test_only_the_newest_samples_are_drawn() -> None:
    assert sparkline([100.0] * 50 + [0.0] * 4, 2, 100) == "⣀⣀"


def test_without_braille_there_is_nothing_but_ascii() -> None:
    line = sparkline([0.0, 30.0, 60.0, 100.0], 3, 100, is_braille=False)
    assert line.isascii()
    assert line == " _="
