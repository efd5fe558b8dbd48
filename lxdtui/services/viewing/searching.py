"""Searching a file of any size, block by block, in both directions."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit
from lxdtui.services.expressions import Expressions
from lxdtui.services.viewing.lines import text_of, unit_of
from lxdtui.services.viewing.paged import PagedFile

__all__ = ["Wanted", "search", "wanted_bytes", "wanted_words"]

_BLOCK = 1024 * 1024
_OVERLAP = 8192
"""Bytes of the block before that are searched again: the longest hit over a border."""
_FROM_BEFORE = 2
"""Places that can begin in what is read from before the first byte that is searched."""
_HEX = re.compile(r"[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for, in bytes or in text of a codec."""

    expression: str | bytes
    """A regular expression; bytes where bytes are searched."""
    flags: int = 0
    """Flags of `re` for it."""
    codec: str = "utf-8"
    """How bytes are text."""

    @property
    def unit(self) -> int:
        """Bytes at whose multiples a place begins."""
        return 1 if isinstance(self.expression, bytes) else unit_of(self.codec)

    async def hits(
        self, expressions: Expressions, contents: Sequence[bytes], *, limit: int
    ) -> list[tuple[Hit, ...]]:
        """Return the places in some bytes, each of which begin with a whole unit.

        Args:
            expressions: What tries regular expressions.
            contents: What is searched, each for itself.
            limit: How many places in each at the most.

        Raises:
            TextNotUnderstood: It is no regular expression, or takes too long.
        """
        is_raw = isinstance(self.expression, bytes)
        # What is replaced in UTF-16 has the size of what is replaced by it: places can be counted.
        texts = contents if is_raw else [text_of(content, self.codec) for content in contents]
        spans = await expressions.spans(self.expression, texts, flags=self.flags, limit=limit)
        if is_raw:
            return [tuple(starmap(Hit, one)) for one in spans]
        return [
            tuple(self._in_bytes(str(text), one)) for text, one in zip(texts, spans, strict=True)
        ]

    async def last(self, expressions: Expressions, content: bytes, before: int) -> Hit | None:
        """Return the last place in some bytes that begins before one of them.

        Args:
            expressions: What tries regular expressions.
            content: What is searched; it begins with a whole unit.
            before: The byte.

        Raises:
            TextNotUnderstood: It is no regular expression, or takes too long.
        """
        if isinstance(self.expression, bytes):
            span = await expressions.last_span(
                self.expression, content, flags=self.flags, before=before
            )
            return Hit(*span) if span is not None else None
        text = text_of(content, self.codec)
        characters = len(text_of(content[:before], self.codec))
        span = await expressions.last_span(
            self.expression, text, flags=self.flags, before=characters
        )
        return next(self._in_bytes(text, (span,))) if span is not None else None

    def _in_bytes(self, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Hit]:
        at = place = 0
        for first, last in spans:
            start = place + self._size(text[at:first])
            at, place = last, start + self._size(text[first:last])
            yield Hit(start, place)

    def _size(self, text: str) -> int:
        """Return how many bytes a text has."""
        if unit_of(self.codec) == 1 and text.isascii():
            return len(text)
        return len(text.encode(self.codec, "surrogateescape"))


def wanted_words(words: str, *, is_regex: bool, minds_case: bool, codec: str = "utf-8") -> Wanted:
    """Look for words, or a regular expression, as they stand in a codec."""
    flags = re.MULTILINE | (re.NOFLAG if minds_case else re.IGNORECASE)
    expression = words if is_regex else re.escape(words)
    if is_regex or unit_of(codec) > 1 or not words.isascii():
        # Characters, of which bytes do not tell where they end and what their capitals are.
        return Wanted(expression=expression, flags=flags, codec=codec)
    return Wanted(expression=expression.encode("ascii"), flags=flags)


def wanted_bytes(words: str) -> Wanted:
    """Look for bytes, written as hexadecimal digits.

    Raises:
        TextNotUnderstood: These are no pairs of hexadecimal digits.
    """
    packed = "".join(words.split())
    if len(packed) % 2 or not all(map(_HEX.fullmatch, re.findall("..", packed))):
        raise TextNotUnderstood("bytes are pairs of hexadecimal digits, such as 1f 8b")
    return Wanted(expression=re.escape(bytes.fromhex(packed)))


async def search(
    expressions: Expressions,
    file: PagedFile,
    wanted: Wanted,
    start: int,
    *,
    backwards: bool = False,
    progress: Callable[[int], None] = lambda _at: None,
) -> Hit | None:
    """Find the next place in a file; may be cancelled at any time.

    Args:
        expressions: What tries regular expressions.
        file: The file.
        wanted: What is looked for.
        start: The first byte at which a place may begin; going backwards, the
            byte before which it begins.
        backwards: Whether the place before is wanted.
        progress: Told how far the search has come, in bytes from the beginning.

    Returns:
        The place, or ``None`` up to the end or the beginning of the file.

    Raises:
        TextNotUnderstood: It is no regular expression, or takes too long.
        LxdTuiError: The file cannot be read.
    """
    if backwards:
        return await _before(expressions, file, wanted, start, progress)
    at = -(-start // wanted.unit) * wanted.unit
    while at < file.size:
        progress(at)
        # What stands before tells where a line begins.
        low = max(at - wanted.unit, 0)
        content = await file.read(low, _BLOCK + _OVERLAP + at - low)
        (found,) = await wanted.hits(expressions, (content,), limit=_FROM_BEFORE + 1)
        for hit in found:
            if at <= low + hit.start < at + _BLOCK:
                return Hit(low + hit.start, low + hit.end)
        at += _BLOCK
    return None


async def _before(
    expressions: Expressions,
    file: PagedFile,
    wanted: Wanted,
    end: int,
    progress: Callable[[int], None],
) -> Hit | None:
    while end > 0:
        progress(end)
        start = max(end - _BLOCK, 0) // wanted.unit * wanted.unit
        low = max(start - wanted.unit, 0)
        content = await file.read(low, end - low + _OVERLAP)
        hit = await wanted.last(expressions, content, end - low)
        if hit is not None and low + hit.start >= start:
            return Hit(low + hit.start, low + hit.end)
        end = start
    return None
