"""Text looked for in lines, also across the places where a line was broken to fit the screen."""

from collections.abc import Iterable, Iterator

from .lines import WRAP, Line, cells_of


def find(lines: Iterable[Line], cells: str, *, ignore_case: bool) -> Iterator[tuple[int, int]]:
    """Yield row and column of each place where cells stand, from the top.

    Args:
        lines: The lines in order; the first one is row 0.
        cells: What to look for, as in lines.
        ignore_case: Whether capital and small letters are the same.
    """
    if not cells:
        return
    wanted = _lower(cells) if ignore_case else cells
    parts: list[str] = []
    row = -1
    for line in lines:
        row += 1
        text = cells_of(line)
        if text[-1:] == WRAP:
            parts.append(text[:-1])
            continue
        if parts:
            parts.append(text)
            text = "".join(parts)
        found = _lower(text) if ignore_case else text
        if wanted in found:
            starts = _starts(parts, row)
            yield from _places(found, wanted, starts)
        if parts:
            parts = []
    if parts:
        found = "".join(parts)
        yield from _places(_lower(found) if ignore_case else found, wanted, _starts(parts, row))


def _starts(parts: list[str], row: int) -> list[tuple[int, int]]:
    """Return row and offset of the pieces of a line of which the last is on a row."""
    starts = []
    offset = 0
    for number, part in enumerate(parts or [""], row - max(len(parts) - 1, 0)):
        starts.append((number, offset))
        offset += len(part)
    return starts


def _places(text: str, wanted: str, starts: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    piece = 0
    position = text.find(wanted)
    while position >= 0:
        while piece + 1 < len(starts) and starts[piece + 1][1] <= position:
            piece += 1
        row, offset = starts[piece]
        yield row, position - offset
        position = text.find(wanted, position + len(wanted))


def _lower(cells: str) -> str:
    """Return cells in small letters, each in its column."""
    lowered = cells.lower()
    if len(lowered) == len(cells):
        return lowered
    return "".join(cell.lower() if len(cell.lower()) == 1 else cell for cell in cells)
