"""Text looked for in lines, also across the places where a line was broken to fit the screen."""

import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from .cells import Clusters
from .lines import WRAP, Line, cells_of

MAX_PATTERN = 512
"""Characters of a regular expression."""
MAX_LINE = 4096
"""Cells of one line that a regular expression is tried on."""
MAX_OPTIONAL = 8
"""Parts of a regular expression that may be left out: each one can double the time."""
LONGEST_STEP = 0.005
"""Seconds of the processor for a part of a line; when one took more, the line is left out."""
MAX_LEFT_OUT = 20
"""Lines that may take too long before nothing is looked for any more."""
_MOST_WAYS = 100_000

_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{]")
_NO_REPEAT = re.compile(r"\\.|\(\?", re.DOTALL)
_REPEAT = re.compile(r"[*+?}]+")
_OPTIONAL = re.compile(r"(?<![*+?}])\?")


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


class PatternMatcher:
    """Finds a regular expression, and gives a line up that takes too long.

    With several repeats beside each other, as in ``a*a*a*b``, the time grows
    with a high power of the length of what they match, and nothing can stop
    `re` in the middle. So a long line is tried from its beginning, each time a
    step longer; a step is so short that it alone cannot take long, and when
    one took long the next is not tried.

    Args:
        pattern: In the language of `re`.
        clusters: Returns what cells stand for now.
        ignore_case: Whether capital and small letters are the same.

    Raises:
        ValueError: It is not a regular expression, or one that can take for ever.
    """

    def __init__(
        self, pattern: str, clusters: Callable[[], Clusters], *, ignore_case: bool
    ) -> None:
        if len(pattern) > MAX_PATTERN:
            raise ValueError(f"longer than {MAX_PATTERN} characters")
        if _REPEATED_GROUP.search(pattern):
            raise ValueError("a repeated group can take for ever")
        if len(_OPTIONAL.findall(_NO_REPEAT.sub("", pattern))) > MAX_OPTIONAL:
            raise ValueError("so many optional parts can take for ever")
        try:
            self._compiled = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(str(error)) from error
        self._clusters = clusters
        self._step = _step(len(_REPEAT.findall(_NO_REPEAT.sub("", pattern))))
        self.left_out: set[str] = set()
        """Lines that took too long."""

    @property
    def has_given_up(self) -> bool:
        """Whether so many lines took too long that nothing is looked for any more."""
        return len(self.left_out) >= MAX_LEFT_OUT

    def __call__(self, cells: str) -> Sequence[tuple[int, int]]:
        """Return offset and length of what is found in cells."""
        cells = cells[:MAX_LINE]
        if cells.isascii() and "\0" not in cells:
            return [(start, end - start) for start, end in self._spans(cells) if end > start]
        text, columns = self._clusters().to_text_with_columns(cells)
        return [
            (columns[start], columns[end] - columns[start])
            for start, end in self._spans(text)
            if columns[end] > columns[start]
        ]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the expression is in a line; nothing where that takes too long."""
        if self.has_given_up or text in self.left_out:
            return []
        for end in range(self._step, len(text), self._step):
            began = time.thread_time()
            for _ in self._compiled.finditer(text, 0, end):
                pass
            if time.thread_time() - began > LONGEST_STEP:
                self.left_out.add(text)
                return []
        return [match.span() for match in self._compiled.finditer(text)]


def _step(repeats: int) -> int:
    """Return how many characters `repeats` repeats can be tried on in no time.

    The ways to share n characters among them are about n ** k / k!.
    """
    if repeats < 2:
        return MAX_LINE
    power = repeats + 1
    return max(int(math.exp((math.log(_MOST_WAYS) + math.lgamma(power + 1)) / power)), 8)


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
