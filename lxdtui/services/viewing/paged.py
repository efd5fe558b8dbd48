"""A file that is read in blocks, of which a bounded number is kept."""

from collections import OrderedDict
from contextlib import aclosing
from datetime import datetime
from enum import StrEnum

from lxdtui.errors import NotFound
from lxdtui.services.files import FileSystem

__all__ = ["FileNews", "PagedFile"]

_BLOCK = 256 * 1024
_SAMPLE = 4096
_BLOCKS_KEPT = 32
"""Eight mebibytes at the most, whatever the size of the file."""


class FileNews(StrEnum):
    """What became of a file since it was looked at."""

    SAME = "same"
    READ_AGAIN = "read again"
    """Nothing tells that it changed, but it may have, within the second of its last change."""
    GREW = "grew"
    BEGAN_ANEW = "began anew"
    """It is shorter than before: it was emptied, or another has its name."""
    CHANGED = "changed"
    GONE = "gone"


class PagedFile:
    """Bytes of a file, from any place.

    Args:
        files: The files of its place.
        path: Its path.
    """

    def __init__(self, files: FileSystem, path: str) -> None:
        self._files = files
        self._path = path
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._modified: datetime | None = None
        self._told_size = 0
        self._is_fresh = True
        self.size = 0
        """Bytes that it has, as far as is known."""

    async def open(self) -> None:
        """Find out how large it is; what was read before is forgotten.

        Raises:
            LxdTuiError: It cannot be read; :class:`~lxdtui.services.files.FileSystem`
                says which.
        """
        attributes = await self._files.stat(self._path)
        self._blocks.clear()
        self._is_fresh = True
        self._modified = attributes.modified
        self.size = self._told_size = attributes.size or 0
        if not self.size:
            # The files of /proc say that they are empty, and are not.
            self.size = len(await self._read_block(0))

    async def read(self, offset: int, size: int) -> bytes:
        """Return bytes, as many as there are.

        Args:
            offset: The first byte.
            size: How many, at the most.
        """
        offset, end = max(offset, 0), min(max(offset, 0) + size, self.size)
        parts: list[bytes] = []
        at = offset
        while at < end:
            number, start = divmod(at, _BLOCK)
            block = await self._block(number)
            part = block[start : start + end - at]
            if not part:
                break
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    async def look(self) -> FileNews:
        """Find out what became of the file; :attr:`size` is then the new one.

        Times count whole seconds. So what was written in the second in which it
        was read may look as if nothing had happened, and it is read once more
        at the first look after that.
        """
        try:
            attributes = await self._files.stat(self._path)
        except NotFound:
            return FileNews.GONE
        size, before = attributes.size or 0, self._told_size
        is_touched = attributes.modified != self._modified
        if size == before and not is_touched and not self._is_fresh:
            return FileNews.SAME
        self._modified = attributes.modified
        self._is_fresh = is_touched
        known = self._last_read()
        self._blocks.clear()
        self._told_size = size
        self.size = size or len(await self._read_block(0))
        if size < before:
            return FileNews.BEGAN_ANEW
        if await self.read(known[0], len(known[1])) != known[1]:
            return FileNews.CHANGED
        if size > before:
            return FileNews.GREW
        return FileNews.CHANGED if is_touched else FileNews.READ_AGAIN

    def _last_read(self) -> tuple[int, bytes]:
        """Return where some of what was read last stands, and what it is, to know it again."""
        if not self._blocks:
            return 0, b""
        number, block = next(reversed(self._blocks.items()))
        start = max(len(block) - _SAMPLE, 0)
        return number * _BLOCK + start, block[start:]

    async def _block(self, number: int) -> bytes:
        known = self._blocks.get(number)
        if known is None:
            known = await self._read_block(number)
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
            self._blocks[number] = known
        self._blocks.move_to_end(number)
        return known

    async def _read_block(self, number: int) -> bytes:
        content = bytearray()
        async with aclosing(self._files.read(self._path, offset=number * _BLOCK)) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) >= _BLOCK:
                    break
        return bytes(content[:_BLOCK])
