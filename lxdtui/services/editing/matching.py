"""Which lines two texts have in common, in an order; the ground of difference and merge.

Lines that occur once in both texts are the anchors; what lies between two of
them is compared line by line, where that is not too much. So the work is
bounded, also for two texts of a hundred thousand lines that have little in
common: then they have fewer lines in common than they could.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Match", "matches"]

_COMPARED_AT_MOST = 250_000
"""Product of the lines on both sides up to which all are compared with all."""


class Match(NamedTuple):
    """Lines that two texts have in common."""

    old: int
    """The first line in the old text, from 0."""
    new: int
    """The first line in the new text, from 0."""
    size: int
    """How many lines."""


def matches(old: Sequence[str], new: Sequence[str]) -> tuple[Match, ...]:
    """Find what two texts have in common.

    Args:
        old: Lines.
        new: Lines.

    Returns:
        Stretches of equal lines in ascending order, none beside another; the
        last one is empty and stands at the ends of both texts.
    """
    found: list[Match] = []
    for match in _in_range(old, new, 0, len(old), 0, len(new)):
        last = found[-1] if found else None
        if (
            last is not None
            and last.old + last.size == match.old
            and last.new + last.size == match.new
        ):
            found[-1] = Match(last.old, last.new, last.size + match.size)
        elif match.size:
            found.append(match)
    return (*found, Match(len(old), len(new), 0))


def _in_range(
    old: Sequence[str], new: Sequence[str], low: int, high: int, new_low: int, new_high: int
) -> Iterator[Match]:
    """Yield the matches of a part of both texts."""
    head = 0
    while (
        low + head < high and new_low + head < new_high and old[low + head] == new[new_low + head]
    ):
        head += 1
    yield Match(low, new_low, head)
    low, new_low = low + head, new_low + head
    tail = 0
    while (
        low + tail < high
        and new_low + tail < new_high
        and old[high - tail - 1] == new[new_high - tail - 1]
    ):
        tail += 1
    high, new_high = high - tail, new_high - tail
    if low < high and new_low < new_high:
        yield from _between(old, new, low, high, new_low, new_high)
    yield Match(high, new_high, tail)


def _between(
    old: Sequence[str], new: Sequence[str], low: int, high: int, new_low: int, new_high: int
) -> Iterator[Match]:
    anchors = _anchors(old[low:high], new[new_low:new_high])
    if anchors:
        ends = [
            (low, new_low),
            *((low + one, new_low + other) for one, other in anchors),
            (high, new_high),
        ]
        for (start, new_start), (end, new_end) in pairwise(ends):
            yield from _in_range(old, new, start, end, new_start, new_end)
    elif (high - low) * (new_high - new_low) <= _COMPARED_AT_MOST:
        matcher = SequenceMatcher(None, old[low:high], new[new_low:new_high], autojunk=False)
        for one, other, size in matcher.get_matching_blocks():
            yield Match(low + one, new_low + other, size)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest ascending row of lines that occur once in both."""
    places = _once(new)
    pairs = [(place, places[line]) for line, place in _once(old).items() if line in places]
    pairs.sort()
    # The longest ascending row of the second numbers, by patience sorting.
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            top_pairs.append(index)
        else:
            tops[pile] = place
            top_pairs[pile] = index
    row: list[tuple[int, int]] = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]


def _once(lines: Sequence[str]) -> dict[str, int]:
    """Return the lines that occur once, with their places."""
    places: dict[str, int] = {}
    for place, line in enumerate(lines):
        places[line] = -1 if line in places else place
    return {line: place for line, place in places.items() if place >= 0}
