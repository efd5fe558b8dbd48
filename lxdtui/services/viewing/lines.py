"""Lines of a file from any place, without knowing those before.

A line that is longer than a piece counts as several: it is cut at places that
depend on the file alone, so that going down and up meets the same ones.
"""

from dataclasses import dataclass

from lxdtui.services.viewing.paged import PagedFile

__all__ = ["PIECE", "FileLines", "ViewLine"]

PIECE = 8192
"""Bytes from which a line is cut, at multiples of as many from the beginning of the file."""
_COUNTED_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """A line, or a piece of one."""

    offset: int
    """Its first byte in the file."""
    content: bytes
    """Its bytes, without the line end."""
    size: int
    """How many bytes it has, with its line end."""

    @property
    def end(self) -> int:
        """The byte after it."""
        return self.offset + self.size


class FileLines:
    """The lines of a file.

    Args:
        file: The file.
    """

    def __init__(self, file: PagedFile) -> None:
        self.file = file

    async def start_of(self, offset: int) -> int:
        """Return where the line, or its piece, begins that a byte is in.

        A piece begins at a multiple of its size where a whole piece before it
        has no line end.
        """
        offset = max(min(offset, self.file.size), 0)
        piece = offset // PIECE * PIECE
        low = max(piece - PIECE, 0)
        before = await self.file.read(low, offset - low)
        newline = before.rfind(b"\n")
        return low + newline + 1 if newline >= 0 else piece

    async def at(self, offset: int, count: int) -> list[ViewLine]:
        """Return lines from the beginning of one on.

        Args:
            offset: Where it begins.
            count: How many, at the most.
        """
        lines: list[ViewLine] = []
        while len(lines) < count and offset < self.file.size:
            lines.append(await self._line(offset))
            offset = lines[-1].end
        return lines

    async def before(self, offset: int, count: int) -> list[ViewLine]:
        """Return the lines before the beginning of one, in their order."""
        lines: list[ViewLine] = []
        while len(lines) < count and offset > 0:
            offset = await self.start_of(offset - 1)
            lines.append(await self._line(offset))
        return lines[::-1]

    async def count_before(self, offset: int) -> int:
        """Count the line ends before a byte; reads all that is before it."""
        number = 0
        for at in range(0, offset, _COUNTED_AT_ONCE):
            part = await self.file.read(at, min(_COUNTED_AT_ONCE, offset - at))
            number += part.count(b"\n")
        return number

    async def start_of_number(self, number: int) -> int:
        """Return where a line begins, the last one where there are not so many.

        Args:
            number: Its number, from 1.
        """
        left = number - 1
        at = start = 0
        while left > 0 and at < self.file.size:
            part = await self.file.read(at, _COUNTED_AT_ONCE)
            if not part:
                break
            ends = part.count(b"\n")
            if ends < left:
                if ends:
                    start = at + part.rfind(b"\n") + 1
                left -= ends
                at += len(part)
                continue
            place = -1
            for _ in range(left):
                place = part.index(b"\n", place + 1)
            start = at + place + 1
            break
        return start if start < self.file.size else await self.start_of(self.file.size - 1)

    async def _line(self, offset: int) -> ViewLine:
        cut = _cut_after(offset)
        content = await self.file.read(offset, cut - offset)
        newline = content.find(b"\n")
        if newline < 0:
            return ViewLine(offset=offset, content=content, size=max(len(content), 1))
        end = newline - 1 if content[newline - 1 : newline] == b"\r" else newline
        return ViewLine(offset=offset, content=content[:end], size=newline + 1)


def _cut_after(start: int) -> int:
    """Return where a line that begins somewhere is cut at the latest."""
    return (start // PIECE + 2) * PIECE if start % PIECE else start + PIECE
