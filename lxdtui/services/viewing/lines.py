"""Lines of a file from any place, without knowing those before.

A line that is longer than a piece counts as several: it is cut at places that
depend on the file alone, so that going down and up meets the same ones. Text in
UTF-16 is read as it is: two bytes are one unit, from the beginning of the file.
"""

from dataclasses import dataclass

from lxdtui.services.viewing.paged import PagedFile

__all__ = ["PIECE", "FileLines", "ViewLine", "text_of", "unit_of"]

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
    mark: int = 0
    """Bytes of a byte order mark before its content."""

    @property
    def end(self) -> int:
        """The byte after it."""
        return self.offset + self.size


def unit_of(codec: str) -> int:
    """Return how many bytes the units have that characters are made of."""
    return 2 if codec.startswith("utf-16") else 1


def text_of(content: bytes, codec: str) -> str:
    """Return bytes as text; those without a meaning are kept, or replaced in UTF-16."""
    return content.decode(codec, "replace" if unit_of(codec) > 1 else "surrogateescape")


class FileLines:
    """The lines of a file.

    Args:
        file: The file.
    """

    def __init__(self, file: PagedFile) -> None:
        self.file = file
        self.codec = "utf-8"
        """How its bytes are text."""

    async def start_of(self, offset: int) -> int:
        """Return where the line, or its piece, begins that a byte is in.

        A piece begins at a multiple of its size where a whole piece before it
        has no line end.
        """
        offset = max(min(offset, self.file.size), 0)
        offset -= offset % unit_of(self.codec)
        piece = offset // PIECE * PIECE
        low = max(piece - PIECE, 0)
        before = await self.file.read(low, offset - low)
        newline = self._last_end(before)
        return low + newline + unit_of(self.codec) if newline >= 0 else piece

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
            number += self._count_ends(part)
        return number

    async def start_of_number(self, number: int) -> int:
        """Return where a line begins, the last one where there are not so many.

        Args:
            number: Its number, from 1.
        """
        left, unit = number - 1, unit_of(self.codec)
        at = start = 0
        while left > 0 and at < self.file.size:
            part = await self.file.read(at, _COUNTED_AT_ONCE)
            if not part:
                break
            ends = self._count_ends(part)
            if ends < left:
                if ends:
                    start = at + self._last_end(part) + unit
                left -= ends
                at += len(part)
                continue
            place = -unit
            for _ in range(left):
                place = self._next_end(part, place + unit)
            start = at + place + unit
            break
        return start if start < self.file.size else await self.start_of(self.file.size - 1)

    async def _line(self, offset: int) -> ViewLine:
        cut = _cut_after(offset)
        content = await self.file.read(offset, cut - offset)
        unit = unit_of(self.codec)
        mark = unit if unit > 1 and offset == 0 else 0
        newline = self._next_end(content, 0)
        if newline < 0:
            size = max(len(content), 1)
            return ViewLine(offset=offset, content=content[mark:], size=size, mark=mark)
        is_pair = content[max(newline - unit, 0) : newline] == "\r".encode(self.codec)
        end = newline - unit if is_pair else newline
        return ViewLine(offset=offset, content=content[mark:end], size=newline + unit, mark=mark)

    # Line ends in bytes that begin with a whole unit.

    def _next_end(self, content: bytes, start: int) -> int:
        end = "\n".encode(self.codec)
        place = content.find(end, start)
        while place % len(end) and place >= 0:
            place = content.find(end, place + 1)
        return place

    def _last_end(self, content: bytes) -> int:
        end = "\n".encode(self.codec)
        place = content.rfind(end)
        while place % len(end) and place >= 0:
            place = content.rfind(end, 0, place + len(end) - 1)
        return place

    def _count_ends(self, content: bytes) -> int:
        if unit_of(self.codec) == 1:
            return content.count(b"\n")
        return text_of(content, self.codec).count("\n")


def _cut_after(start: int) -> int:
    """Return where a line that begins somewhere is cut at the latest."""
    return (start // PIECE + 2) * PIECE if start % PIECE else start + PIECE
