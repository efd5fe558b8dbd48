"""Searching a file of any size, block by block, in both directions."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit
from lxdtui.services.viewing.paged import PagedFile

__all__ = ["Wanted", "search", "wanted_bytes", "wanted_words"]

_BLOCK = 1024 * 1024
_OVERLAP = 8192
"""Bytes of the block before that are searched again: the longest hit over a border."""
_HEX = re.compile(r"[0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    pattern: re.Pattern[bytes]

    def hits(self, content: bytes) -> list[Hit]:
        """Return all places in some bytes."""
        return [
            Hit(match.start(), match.end())
            for match in self.pattern.finditer(content)
            if match.end() > match.start()
        ]


def wanted_words(words: str, *, is_regex: bool, minds_case: bool) -> Wanted:
    """Look for words, or a regular expression, as they stand in UTF-8.

    Raises:
        TextNotUnderstood: It is no regular expression.
    """
    flags = re.MULTILINE | (re.NOFLAG if minds_case else re.IGNORECASE)
    raw = words.encode("utf-8", "surrogateescape")
    try:
        return Wanted(re.compile(raw if is_regex else re.escape(raw), flags))
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
    return Wanted(re.compile(re.escape(bytes.fromhex(packed))))


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
    at = start
    while at < file.size:
        progress(at)
        # What stands before tells where a line begins.
        low = max(at - 1, 0)
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
        start = max(end - _BLOCK, 0)
        low = max(start - 1, 0)
        content = await file.read(low, end - low + _OVERLAP)
        hits = [hit for hit in wanted.hits(content) if start <= low + hit.start < end]
        if hits:
            return Hit(low + hits[-1].start, low + hits[-1].end)
        end = start
    return None
