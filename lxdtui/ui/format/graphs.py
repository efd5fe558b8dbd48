"""Gauges and graphs drawn with characters. Braille has two samples and four steps a cell."""

from collections.abc import Sequence

__all__ = ["area", "gauge_cells", "sparkline"]

_BRAILLE = 0x2800
# Dots of a braille cell from the bottom up, left and right column.
_LEFT_DOTS = (0x40, 0x04, 0x02, 0x01)
_RIGHT_DOTS = (0x80, 0x20, 0x10, 0x08)
_ASCII_STEPS = " _.-="

Sample = float | None


def gauge_cells(fraction: float, width: int) -> int:
    """Return how many of ``width`` cells of a gauge are filled.

    A little shows as one cell, and only the whole fills the last one.

    Args:
        fraction: From 0 to 1; more counts as 1.
        width: Cells of the gauge.
    """
    if fraction <= 0 or width <= 0:
        return 0
    if fraction >= 1:
        return width
    return max(1, min(round(fraction * width), width - 1 if width > 1 else 1))


def sparkline(samples: Sequence[Sample], width: int, top: float, *, is_braille: bool = True) -> str:
    """Draw the newest samples in one line, the newest at the right.

    Args:
        samples: Oldest first; ``None`` is a gap.
        width: Cells; each holds two samples.
        top: The value of a full cell.
        is_braille: Whether braille may be used; plain ASCII steps otherwise.
    """
    return area(samples, width, 1, top, is_braille=is_braille)[0]


def area(
    samples: Sequence[Sample], width: int, height: int, top: float, *, is_braille: bool = True
) -> tuple[str, ...]:
    """Draw a filled graph of the newest samples, the newest at the right.

    Args:
        samples: Oldest first; ``None`` is a gap.
        width: Cells of a line; each holds two samples.
        height: Lines.
        top: The value that fills all lines.
        is_braille: Whether braille may be used; plain ASCII steps otherwise.

    Returns:
        The lines, the top one first.
    """
    slots = width * 2
    shown: list[Sample] = list(samples[-slots:]) if slots else []
    heights = [0] * (slots - len(shown)) + [_dots(sample, height * 4, top) for sample in shown]
    lines: list[str] = []
    for line in range(height):
        floor = (height - 1 - line) * 4
        cells = (
            (_clamp(heights[slot] - floor), _clamp(heights[slot + 1] - floor))
            for slot in range(0, slots, 2)
        )
        lines.append("".join(_cell(left, right, is_braille) for left, right in cells))
    return tuple(lines)


def _dots(sample: Sample, steps: int, top: float) -> int:
    if sample is None:
        return 0
    if top <= 0:
        return 1
    return max(1, min(round(sample / top * steps), steps))


def _clamp(dots: int) -> int:
    return max(0, min(dots, 4))


def _cell(left: int, right: int, is_braille: bool) -> str:
    if not is_braille:
        return _ASCII_STEPS[max(left, right)]
    if not left and not right:
        return " "
    return chr(_BRAILLE | sum(_LEFT_DOTS[:left]) | sum(_RIGHT_DOTS[:right]))
