"""Finding and replacing in a text."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.expressions import Expressions

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

    @property
    def expression(self) -> str:
        """The regular expression that finds it."""
        return self.words if self.is_regex else re.escape(self.words)

    @property
    def flags(self) -> int:
        """The flags of `re` for it."""
        return re.MULTILINE | (re.NOFLAG if self.minds_case else re.IGNORECASE)


class Hit(NamedTuple):
    """Where something was found."""

    start: int
    """The first character in the text, from 0."""
    end: int
    """The character after the last one."""


async def find(expressions: Expressions, text: str, pattern: Pattern) -> tuple[Hit, ...]:
    """Find all places in a text, a hundred thousand at most; empty ones are left out.

    Raises:
        TextNotUnderstood: The pattern is no regular expression, or takes too long.
    """
    if not pattern.words:
        return ()
    (spans,) = await expressions.spans(
        pattern.expression, (text,), flags=pattern.flags, limit=_HITS_AT_MOST
    )
    return tuple(Hit(start, end) for start, end in spans)


async def replace_hits(
    expressions: Expressions, text: str, pattern: Pattern, hits: Sequence[Hit], new: str
) -> str:
    r"""Return what stands between the first hit and the end of the last one, replaced.

    Args:
        expressions: What tries regular expressions.
        text: The text in which they were found.
        pattern: What was looked for; in a regular expression, ``\1`` in the new
            text stands for its first group.
        hits: What is replaced, in their order, none in between left out; at least one.
        new: What comes in their place.

    Raises:
        TextNotUnderstood: The new text names a group that there is not, or it
            takes too long.
    """
    if pattern.is_regex:
        replaced, end = await expressions.replaced(
            pattern.expression,
            text,
            new,
            flags=pattern.flags,
            start=hits[0].start,
            count=len(hits),
        )
        if end != hits[-1].end:
            raise TextNotUnderstood("it finds other places now")
        return replaced
    parts: list[str] = []
    at = hits[0].start
    for hit in hits:
        parts += (text[at : hit.start], new)
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
