"""Searching a file of any size, block by block, in both directions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit
from lxdtui.services.viewing.lines import text_of, unit_of
from lxdtui.services.viewing.paged import PagedFile

__all__ = ["Wanted", "search", "wanted_bytes", "wanted_words"]

_BLOCK = 1024 * 1024
_OVERLAP = 8192
"""Bytes of the block before that are searched again: the longest hit over a border."""
_HEX = re.compile(r"[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class WantedBytes:
    """What is looked for, as bytes."""

    pattern: re.Pattern[bytes]
    unit: int = 1
    """Bytes at whose multiples a place begins."""

    def hits(self, content: bytes) -> list[Hit]:
        """Return all places in some bytes."""
        return [
            Hit(match.start(), match.end())
            for match in self.pattern.finditer(content)
            if match.end() > match.start()
        ]


@dataclass(frozen=True, slots=True)
class WantedText:
    """What is looked for in text of a codec whose units are two bytes."""

    pattern: re.Pattern[str]
    codec: str
    unit: int = 2
    """Bytes at whose multiples a place begins."""

    def hits(self, content: bytes) -> list[Hit]:
        """Return all places in some bytes, which begin with a whole unit."""
        # What is replaced has the size of what is replaced by it, so places can be counted.
        text = text_of(content, self.codec)
        found: list[Hit] = []
        at = place = 0
        for match in self.pattern.finditer(text):
            start = place + len(text[at : match.start()].encode(self.codec))
            at, place = match.end(), start + len(match[0].encode(self.codec))
            if place > start:
                found.append(Hit(start, place))
        return found


Wanted: TypeAlias = WantedBytes | WantedText
"""What is looked for."""


def wanted_words(words: str, *, is_regex: bool, minds_case: bool, codec: str = "utf-8") -> Wanted:
    """Look for words, or a regular expression, as they stand in UTF-8 or in UTF-16.

    Raises:
        TextNotUnderstood: It is no regular expression.
    """
    flags = re.MULTILINE | (re.NOFLAG if minds_case else re.IGNORECASE)
    raw = words.encode("utf-8", "surrogateescape")
    try:
        if unit_of(codec) > 1:
            return WantedText(re.compile(words if is_regex else re.escape(words), flags), codec)
        return WantedBytes(re.compile(raw if is_regex else re.escape(raw), flags))
    except (re.error, OverflowError, RecursionError) as error:
        raise TextNotUnderstood(str(error)) from error


def wanted_bytes(words: str) -> Wanted:
    """Look for bytes, written as hexadecimal digits.

    Raises:
        TextNotUnderstood: These are no pairs of hexadecimal digits.
    """
    packed = "".join(words.split())
    if len(packed) % 2 or not all(map(_HEX.fullmatch, re.findall("..", packed))):
        raise TextNotUnderstood("bytes are pairs of hexadecimal digits, such as 1f 8b")
    return WantedBytes(re.compile(re.escape(bytes.fromhex(packed))))


async def search(
    file: PagedFile,
    wanted: Wanted,
    start: int,
    *,
    backwards: bool = False,
    progress: Callable[[int], None] = lambda _at: None,
) -> Hit | None:
    """Find the next place in a file; may be cancelled at any time.

    Args:
        file: The file.
        wanted: What is looked for.
        start: The first byte at which a place may begin; going backwards, the
            byte before which it begins.
        backwards: Whether the place before is wanted.
        progress: Told how far the search has come, in bytes from the beginning.

    Returns:
        The place, or ``None`` up to the end or the beginning of the file.
    """
    if backwards:
        return await _before(file, wanted, start, progress)
    at = -(-start // wanted.unit) * wanted.unit
    while at < file.size:
        progress(at)
        # What stands before tells where a line begins.
        low = max(at - wanted.unit, 0)
        content = await file.read(low, _BLOCK + _OVERLAP + at - low)
        for hit in wanted.hits(content):
            if at <= low + hit.start < at + _BLOCK:
                return Hit(low + hit.start, low + hit.end)
        at += _BLOCK
    return None


async def _before(
    file: PagedFile, wanted: Wanted, end: int, progress: Callable[[int], None]
) -> Hit | None:
    while end > 0:
        progress(end)
        start = max(end - _BLOCK, 0) // wanted.unit * wanted.unit
        low = max(start - wanted.unit, 0)
        content = await file.read(low, end - low + _OVERLAP)
        hits = [hit for hit in wanted.hits(content) if start <= low + hit.start < end]
        if hits:
            return Hit(low + hits[-1].start, low + hits[-1].end)
        end = start
    return None
