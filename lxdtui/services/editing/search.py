"""Finding and replacing in a text."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from lxdtui.errors import TextNotUnderstood

__all__ = ["Hit", "LinePlaces", "Pattern", "find", "replace_hits"]

_HITS_AT_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What is looked for."""

    words: str
    """A text, or a regular expression of Python."""
    is_regex: bool = False
    minds_case: bool = False
    """Whether upper and lower case differ."""

    def compiled(self) -> re.Pattern[str]:
        """Return what finds it.

        Raises:
            TextNotUnderstood: It is no regular expression.
        """
        flags = re.MULTILINE | (re.NOFLAG if self.minds_case else re.IGNORECASE)
        try:
            return re.compile(self.words if self.is_regex else re.escape(self.words), flags)
        except (re.error, OverflowError, RecursionError) as error:
            raise TextNotUnderstood(str(error)) from error


class Hit(NamedTuple):
    """Where something was found."""

    start: int
    """The first character in the text, from 0."""
    end: int
    """The character after the last one."""


def find(text: str, pattern: Pattern) -> tuple[Hit, ...]:
    """Find all places in a text, a hundred thousand at most; empty ones are left out.

    Raises:
        TextNotUnderstood: The pattern is no regular expression.
    """
    if not pattern.words:
        return ()
    spans = (match.span() for match in pattern.compiled().finditer(text))
    found = [Hit(start, end) for start, end in islice(spans, _HITS_AT_MOST) if end > start]
    return tuple(found)


def replace_hits(text: str, pattern: Pattern, hits: Sequence[Hit], new: str) -> str:
    r"""Return what stands between the first hit and the end of the last one, replaced.

    Args:
        text: The text in which they were found.
        pattern: What was looked for; in a regular expression, ``\1`` in the new
            text stands for its first group.
        hits: What is replaced, in their order; at least one.
        new: What comes in their place.

    Raises:
        TextNotUnderstood: The new text names a group that there is not.
    """
    compiled = pattern.compiled()
    parts: list[str] = []
    at = hits[0].start
    for hit in hits:
        parts.append(text[at : hit.start])
        match = compiled.match(text, hit.start) if pattern.is_regex else None
        try:
            parts.append(new if match is None else match.expand(new))
        except (re.error, IndexError) as error:
            raise TextNotUnderstood(str(error)) from error
        at = hit.end
    return "".join(parts)


class LinePlaces:
    """Where the lines of a text begin.

    Args:
        lines: Its lines, without their ends.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._starts = [0]
        at = 0
        for line in lines:
            at += len(line) + 1
            self._starts.append(at)

    def location(self, place: int) -> tuple[int, int]:
        """Return line and column of a character, both from 0."""
        line = bisect_right(self._starts, place) - 1
        return line, place - self._starts[line]

    def place(self, location: tuple[int, int]) -> int:
        """Return the character at a line and column."""
        line, column = location
        return self._starts[line] + column
