"""Lines of text drawn column by column: colours below, marked places above.

Shared by the editor and the viewer. Only the part of a line that is seen is
looked at, so that a long line costs no more than a short one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from lxdtui.ui.format.highlight import Span
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["Mark", "text_pieces"]

Mark = tuple[int, int, str]
"""First character, the one after the last, and what it is marked as."""


@dataclass(slots=True)
class _Run:
    text: list[str]
    style: str
    mark: str


def text_pieces(
    line: str,
    drawn: str,
    *,
    spans: Sequence[Span],
    marks: Iterable[Mark],
    tab_width: int,
    first: int,
    width: int,
    column: int = 0,
) -> list[tuple[Piece, str]]:
    """Return the part of a line that is seen.

    Args:
        line: The line, or a part of it that begins at a tab stop.
        drawn: The same with harmless characters, of the same length and widths.
        spans: Its colours.
        marks: Places that are marked; later ones lie over earlier ones.
        tab_width: Columns from one tab stop to the next.
        first: The first column that is seen.
        width: How many columns are seen.
        column: Which character of the spans and marks its first one is.

    Returns:
        Pieces that together take ``width`` columns at the most, each with its mark.
    """
    start, at = _start(line, first, tab_width)
    end = min(start + width + 1, len(line))
    styles = [""] * (end - start)
    for left, right, role in spans:
        for index in range(max(left - column - start, 0), min(right - column - start, len(styles))):
            styles[index] = role
    marked = [""] * (end - start)
    for left, right, mark in marks:
        for index in range(max(left - column - start, 0), min(right - column - start, len(marked))):
            marked[index] = mark
    runs: list[_Run] = []
    for index in range(start, end):
        character = drawn[index]
        size = tab_width - at % tab_width if line[index] == "\t" else _columns(character)
        seen_from, seen_to = max(at, first), min(at + size, first + width)
        at += size
        if seen_to <= seen_from:
            if at >= first + width:
                break
            continue
        is_whole = size == seen_to - seen_from and line[index] != "\t"
        cells = character if is_whole else " " * (seen_to - seen_from)
        style, mark = styles[index - start], marked[index - start]
        if runs and runs[-1].style == style and runs[-1].mark == mark:
            runs[-1].text.append(cells)
        else:
            runs.append(_Run([cells], style, mark))
    return [(Piece("".join(run.text), f"${run.style or 'fg'}"), run.mark) for run in runs]


def _start(line: str, first: int, tab_width: int) -> tuple[int, int]:
    """Return the first character that reaches into a column, and its own column."""
    if not first:
        return 0, 0
    head = line[: first + 1]
    if head.isascii() and "\t" not in head:
        return min(first, len(line)), first
    at = 0
    for index, character in enumerate(line):
        size = tab_width - at % tab_width if character == "\t" else _columns(character)
        if at + size > first:
            return index, at
        at += size
    return len(line), at


def _columns(character: str) -> int:
    return 1 if character.isascii() else cell_len(character)
