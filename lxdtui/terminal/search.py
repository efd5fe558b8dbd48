"""Text looked for in lines, also across the places where a line was broken to fit the screen."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from .cells import Clusters
from .lines import WRAP, Line, cells_of

MAX_PATTERN = 512
"""Characters of a regular expression."""
MAX_LINE = 4096
"""Cells of one line that a regular expression is tried on."""

_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{]")


class Match(NamedTuple):
    """Where something was found. Rows count from the oldest one of the history."""

    row: int
    column: int
    length: int
    """Cells that it takes, from here on over the rows that continue this one."""


Matcher = Callable[[str], Sequence[tuple[int, int]]]
"""Gives offset and length of what is found in cells."""


def text_matcher(cells: str, *, ignore_case: bool) -> Matcher:
    """Return what finds cells.

    Args:
        cells: What to look for, as in lines.
        ignore_case: Whether capital and small letters are the same.
    """
    wanted = _lower(cells) if ignore_case else cells
    size = len(wanted)

    def found_in(text: str) -> Sequence[tuple[int, int]]:
        if ignore_case:
            text = _lower(text)
        position = text.find(wanted) if wanted else -1
        if position < 0:
            return ()
        found = []
        while position >= 0:
            found.append((position, size))
            position = text.find(wanted, position + size)
        return found

    return found_in


def pattern_matcher(
    pattern: str, clusters: Callable[[], Clusters], *, ignore_case: bool
) -> Matcher:
    """Return what finds a regular expression.

    Args:
        pattern: In the language of `re`.
        clusters: Returns what cells stand for now.
        ignore_case: Whether capital and small letters are the same.

    Raises:
        ValueError: It is not a regular expression, or one that can take for ever.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"longer than {MAX_PATTERN} characters")
    if _REPEATED_GROUP.search(pattern):
        raise ValueError("a repeated group can take for ever")
    try:
        compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error

    def found_in(cells: str) -> Sequence[tuple[int, int]]:
        cells = cells[:MAX_LINE]
        if cells.isascii() and "\0" not in cells:
            spans = [match.span() for match in compiled.finditer(cells)]
        else:
            text, columns = clusters().to_text_with_columns(cells)
            spans = [
                (columns[start], columns[end])
                for start, end in (match.span() for match in compiled.finditer(text))
            ]
        return [(start, end - start) for start, end in spans if end > start]

    return found_in


def find(lines: Iterable[Line], matcher: Matcher, first: int = 0) -> Iterator[Match]:
    """Yield each place that a matcher finds, from the top.

    Args:
        lines: The lines in order.
        matcher: What is looked for.
        first: The row of the first line.
    """
    parts: list[str] = []
    row = first - 1
    for line in lines:
        row += 1
        text = cells_of(line)
        if text[-1:] == WRAP:
            parts.append(text[:-1])
            continue
        if parts:
            parts.append(text)
            text = "".join(parts)
        spans = matcher(text)
        if spans:
            yield from _places(spans, _starts(parts, row))
        if parts:
            parts = []
    if parts:
        yield from _places(matcher("".join(parts)), _starts(parts, row))


def _starts(parts: list[str], row: int) -> list[tuple[int, int]]:
    """Return row and offset of the pieces of a line of which the last is on a row."""
    starts = []
    offset = 0
    for number, part in enumerate(parts or [""], row - max(len(parts) - 1, 0)):
        starts.append((number, offset))
        offset += len(part)
    return starts


def _places(spans: Iterable[tuple[int, int]], starts: list[tuple[int, int]]) -> Iterator[Match]:
    piece = 0
    for position, length in spans:
        while piece + 1 < len(starts) and starts[piece + 1][1] <= position:
            piece += 1
        row, offset = starts[piece]
        yield Match(row, position - offset, length)


def _lower(cells: str) -> str:
    """Return cells in small letters, each in its column."""
    lowered = cells.lower()
    if len(lowered) == len(cells):
        return lowered
    return "".join(cell.lower() if len(cell.lower()) == 1 else cell for cell in cells)
