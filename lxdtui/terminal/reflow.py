"""Lines broken anew for another width, as terminals do when their window changes.

Lines that continue each other are joined and broken at the new width. What the
cursor stands on, and the top of the screen, are followed through the change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import WIDE_TAIL
from .lines import BLANK, DEFAULT, WRAP, Line, cells_of, cut, is_wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflowed:
    """The outcome of a change of size."""

    history: list[Line]
    grid: list[Line]
    x: int
    y: int


def reflow(
    history: Sequence[Line],
    grid: Sequence[Line],
    *,
    columns: int,
    rows: int,
    x: int,
    y: int,
) -> Reflowed:
    """Return history and screen for a new size.

    Args:
        history: The lines above the screen, oldest first.
        grid: The lines of the screen.
        columns: The new width.
        rows: The new height.
        x: The column of the cursor; may stand behind the last one.
        y: The line of the cursor.
    """
    end = len(grid)
    while end > y + 1 and grid[end - 1] == BLANK:
        end -= 1
    was_full = end == len(grid)
    lines = [*history, *grid[:end]]
    marks = {len(history): 0, len(history) + y: x}
    broken, places = _break_all(lines, columns, marks)
    top, _ = places[len(history)]
    cursor_row, cursor_x = places[len(history) + y]
    last_top = max(len(broken) - rows, 0)
    if was_full or top < last_top:
        top = last_top
    top = min(top, cursor_row)
    if cursor_row - top >= rows:
        top = cursor_row - rows + 1
    shown = broken[top : top + rows]
    shown.extend([BLANK] * (rows - len(shown)))
    return Reflowed(history=broken[:top], grid=shown, x=cursor_x, y=cursor_row - top)


def _break_all(
    lines: Sequence[Line], columns: int, marks: dict[int, int]
) -> tuple[list[Line], dict[int, tuple[int, int]]]:
    """Break lines at a width.

    Args:
        lines: All lines in order.
        columns: The new width.
        marks: Positions to follow: a column by the index of its line.

    Returns:
        The new lines, and the new row and column of each mark by its old index.
    """
    broken: list[Line] = []
    places: dict[int, tuple[int, int]] = {}
    index = 0
    while index < len(lines):
        line = lines[index]
        if not is_wrapped(line) and len(cells_of(line)) <= columns:
            if index in marks:
                places[index] = (len(broken), min(marks[index], columns))
            broken.append(line)
            index += 1
            continue
        first = index
        while index < len(lines) - 1 and is_wrapped(lines[index]):
            index += 1
        index += 1
        joined, offsets = _join(lines[first:index])
        keep = 0
        for position, old in enumerate(range(first, index)):
            if old in marks:
                keep = max(keep, offsets[position] + marks[old])
        pieces, starts = _break(joined, columns, keep)
        for position, old in enumerate(range(first, index)):
            if old in marks:
                row, column = _place(starts, offsets[position] + marks[old], columns)
                places[old] = (len(broken) + row, column)
        broken.extend(pieces)
    return broken, places


def _join(parts: Sequence[Line]) -> tuple[tuple[str, str], list[int]]:
    """Return lines that continue each other as one, and where each begins in it."""
    cells, styles = "", ""
    offsets = []
    for part in parts:
        text = cells_of(part)
        style = DEFAULT * len(text) if isinstance(part, str) else part[1]
        if text[1:2] == WIDE_TAIL and cells[-1:] == " " and styles[-1:] == DEFAULT:
            # The blank that filled the line because this character did not fit.
            cells, styles = cells[:-1], styles[:-1]
        offsets.append(len(cells))
        if text[-1:] == WRAP:
            text, style = text[:-1], style[:-1]
        cells += text
        styles += style
    return (cells, styles), offsets


def _break(line: tuple[str, str], columns: int, keep: int) -> tuple[list[Line], list[int]]:
    """Return a long line in pieces, and the offset at which each begins."""
    cells, styles = line
    length = max(len(cells.rstrip(" ")), min(keep, len(cells)))
    if length <= columns:
        length = min(len(cells), columns)
    pieces: list[Line] = []
    starts = []
    start = 0
    while True:
        end = min(start + columns, length)
        if end < length and cells[end] == WIDE_TAIL:
            end -= 1
        text, style = cells[start:end], styles[start:end]
        starts.append(start)
        start = end
        if end < length:
            fill = columns - len(text)
            text += " " * fill + WRAP
            style += DEFAULT * (fill + 1)
        pieces.append((text, style) if style.strip(DEFAULT) else text)
        if end >= length:
            return pieces, starts


def _place(starts: list[int], offset: int, columns: int) -> tuple[int, int]:
    """Return the row and column of an offset in a broken line."""
    row = 0
    while row + 1 < len(starts) and starts[row + 1] <= offset:
        row += 1
    return row, min(offset - starts[row], columns)


def _unwrapped(line: Line) -> Line:
    return cut(line, len(cells_of(line)) - 1) if is_wrapped(line) else line


def crop(grid: Sequence[Line], columns: int, rows: int) -> list[Line]:
    """Return a screen cut or filled to a size, from the top left, as the alternate screen is."""
    lines = [cut(_unwrapped(line), columns) for line in grid[:rows]]
    return lines + [BLANK] * (rows - len(lines))
