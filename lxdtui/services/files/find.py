"""Finding files below a folder by their names and by what is in them.

By going through the folders, on running and stopped instances alike; a file is
read piece by piece, as far as it went when it was listed, so that little is in
memory however large it is, and one that grows has an end.
"""

import asyncio
import codecs
import fnmatch
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from lxdtui.errors import ConnectionFailed, LxdTuiError, SessionClosed
from lxdtui.model.files import FileEntry, FileKind, join_path, path_bytes, path_text
from lxdtui.services.files.filesystem import FileSystem

__all__ = ["Find", "Found", "Query"]

_AT_ONCE = 12
"""Files that are read at the same time."""
_LINE_SHOWN = 200
_LOST = (ConnectionFailed, SessionClosed)
"""Failures after which nothing else can be read."""
_KERNEL = frozenset(("/proc", "/sys", "/dev"))
"""Folders that hold no files but views of the kernel; left out below ``/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for. Small letters alone find capitals, too."""

    name: str = ""
    """Part of the name, or a pattern with ``*``, ``?`` and ``[…]``; all names where empty."""
    content: str = ""
    """Text that is in the file, in UTF-8 or marked UTF-16; not looked for where empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry that was found."""

    folder: str
    entry: FileEntry
    line: int = 0
    """The first line with the text, from 1; 0 where no text was looked for."""
    text: str = ""
    """What stands around it in that line; anything can be in it."""

    @property
    def path(self) -> str:
        """The path of the entry."""
        return join_path(self.folder, self.entry.name)


class Find:
    """One search.

    Args:
        files: Where it looks.
        folder: The folder to begin in; links are not followed.
        query: What is looked for.
    """

    def __init__(self, files: FileSystem, folder: str, query: Query) -> None:
        self.folders = 0
        """Folders that were looked through."""
        self.entries = 0
        """Entries that were looked at."""
        self.unread = 0
        """Files and folders that could not be read."""
        self._files = files
        self._folder = folder
        self._name = _name_pattern(query.name)
        self._needle = path_bytes(query.content)
        self._is_folded = query.content == query.content.lower()

    async def run(self) -> AsyncGenerator[Found, None]:
        """Go through everything.

        Yields:
            What is found, folder by folder.

        Raises:
            LxdTuiError: The folder itself cannot be read, or the link is lost.
        """
        pending = [self._folder]
        async with self._files.hold():
            while pending:
                folder = pending.pop()
                try:
                    entries = await self._files.list(folder)
                except LxdTuiError as error:
                    if folder == self._folder or isinstance(error, _LOST):
                        raise
                    self.unread += 1
                    continue
                self.folders += 1
                self.entries += len(entries)
                entries.sort(key=lambda entry: entry.name)
                hits = [entry for entry in entries if self._name.search(entry.name)]
                if not self._needle:
                    for entry in hits:
                        yield Found(folder=folder, entry=entry)
                else:
                    async with aclosing(self._look_into(folder, hits)) as found:
                        async for one in found:
                            yield one
                below = (
                    join_path(folder, entry.name)
                    for entry in reversed(entries)
                    if entry.kind is FileKind.DIRECTORY
                )
                pending += [path for path in below if path not in _KERNEL]

    async def _look_into(
        self, folder: str, entries: Sequence[FileEntry]
    ) -> AsyncGenerator[Found, None]:
        # Files without a size are empty, or views of the kernel that may never end.
        files = [one for one in entries if one.kind is FileKind.FILE and one.attributes.size]
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            searches = (self._search(folder, entry) for entry in some)
            # All of them are waited for, also where one fails: none goes on by itself.
            for found in await asyncio.gather(*searches, return_exceptions=True):
                if isinstance(found, BaseException):
                    raise found
                if found is not None:
                    yield found

    async def _search(self, folder: str, entry: FileEntry) -> Found | None:
        needle = self._needle.lower() if self._is_folded else self._needle
        lines, kept, before = 0, b"", b""
        left = entry.attributes.size or 0
        try:
            async with aclosing(self._files.read(join_path(folder, entry.name))) as pieces:
                recoded = _Recoded()
                async for piece in pieces:
                    data = kept + recoded.piece(piece[:left])
                    left -= len(piece)
                    at = (data.lower() if self._is_folded else data).find(needle)
                    if at >= 0:
                        line = lines + data.count(b"\n", 0, at) + 1
                        return Found(
                            folder=folder,
                            entry=entry,
                            line=line,
                            text=_around(before + data, len(before) + at),
                        )
                    kept = data[len(data) - len(needle) + 1 :] if len(needle) > 1 else b""
                    gone = data[: len(data) - len(kept)]
                    lines += gone.count(b"\n")
                    before = gone[-_LINE_SHOWN:]
                    if left <= 0:
                        break
        except _LOST:
            raise
        except LxdTuiError:
            self.unread += 1
        return None


class _Recoded:
    """The pieces of a file as they are, or in UTF-8 where it begins with a mark of UTF-16."""

    def __init__(self) -> None:
        self._is_begun = False
        self._decoder: codecs.IncrementalDecoder | None = None

    def piece(self, content: bytes) -> bytes:
        """Return a piece of text in UTF-8; the pieces are given in their order."""
        if not self._is_begun and content:
            self._is_begun = True
            is_marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            if is_marked and not content.startswith(codecs.BOM_UTF32_LE):
                self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        if self._decoder is None:
            return content
        return self._decoder.decode(content).encode("utf-8", "replace")


def _around(data: bytes, at: int) -> str:
    start = max(data.rfind(b"\n", 0, at) + 1, at - _LINE_SHOWN // 2)
    end = data.find(b"\n", at)
    end = min(len(data) if end < 0 else end, start + _LINE_SHOWN)
    return path_text(data[start:end])


def _name_pattern(name: str) -> re.Pattern[str]:
    flags = re.IGNORECASE if name == name.lower() else 0
    if any(character in name for character in "*?["):
        return re.compile(fnmatch.translate(name), flags)
    return re.compile(re.escape(name), flags)
