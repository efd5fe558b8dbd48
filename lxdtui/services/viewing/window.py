"""Which part of a file is looked at, and where to go from there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxdtui.services.editing.search import Hit
from lxdtui.services.viewing.lines import FileLines, ViewLine
from lxdtui.services.viewing.paged import PagedFile

__all__ = ["BYTES_A_ROW", "Target", "ViewWindow", "one_row", "target_of"]

BYTES_A_ROW = 16
"""Bytes that stand in one row where bytes are shown."""
_HEX = re.compile("0x[0-9a-f]{1,16}")
_NUMBER = re.compile("[0-9]{1,18}%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where somebody wants to go; one of these."""

    line: int | None = None
    """A line, from 1."""
    byte: int | None = None
    """A byte, from 0."""
    percent: int | None = None
    """A share of the file."""


def target_of(words: str, *, shows_bytes: bool) -> Target | None:
    """Read where somebody wants to go: ``120``, ``50%`` or ``0x1f00``.

    Args:
        words: What was typed.
        shows_bytes: Whether a plain number is a byte, and not a line.

    Returns:
        The place, or ``None`` where it is none.
    """
    words = words.strip().replace(",", "").lower()
    if _HEX.fullmatch(words):
        return Target(byte=int(words, 16))
    if not _NUMBER.fullmatch(words):
        return None
    number = int(words.removesuffix("%"))
    if words.endswith("%"):
        return Target(percent=min(number, 100))
    return Target(byte=number) if shows_bytes else Target(line=max(number, 1))


def one_row(_line: ViewLine) -> int:
    """Say that a line takes one row, as it does where lines are not wrapped."""
    return 1


class ViewWindow:
    """A window of some rows on a file.

    Args:
        file: The file.
    """

    def __init__(self, file: PagedFile) -> None:
        self.file = file
        self.lines = FileLines(file)
        """Its lines."""
        self.top = 0
        """The first byte that is seen."""
        self.height = 1
        """How many rows are seen."""
        self.shows_bytes = False
        """Whether the rows are bytes, and not lines."""
        self.skipped = 0
        """Rows of the first line that are above the window, where lines are wrapped."""
        self.rows_of: Callable[[ViewLine], int] = one_row
        """How many rows a line takes."""

    async def go(self, offset: int) -> None:
        """Begin with the line, or the row of bytes, that a byte is in."""
        offset = max(min(offset, self.file.size - 1), 0)
        self.skipped = 0
        if self.shows_bytes:
            self.top = offset // BYTES_A_ROW * BYTES_A_ROW
        else:
            self.top = await self.lines.start_of(offset)

    async def go_to(self, target: Target) -> None:
        """Begin with a place; with the last line where there are not so many."""
        self.skipped = 0
        if target.line is not None:
            self.top = await self.lines.start_of_number(target.line)
        elif target.percent is not None:
            await self.go(self.file.size * target.percent // 100)
        else:
            await self.go(target.byte or 0)

    async def go_last(self) -> None:
        """Show the end, and as much before it as there is room for."""
        if self.shows_bytes:
            self.top = self._last_row()
            return
        self.top, self.skipped = self.file.size, 0
        await self._up(self.height)

    async def go_to_hit(self, hit: Hit) -> None:
        """Show a place, some rows below the first one."""
        above = self.height // 3
        if self.shows_bytes:
            self.top = max(hit.start // BYTES_A_ROW - above, 0) * BYTES_A_ROW
            return
        self.top, self.skipped = await self.lines.start_of(hit.start), 0
        await self._up(above)

    async def move(self, rows: int) -> None:
        """Go down, or up where negative; the last page stays full."""
        if self.shows_bytes:
            self.top = max(0, min(self.top + rows * BYTES_A_ROW, self._last_row()))
        elif rows < 0:
            await self._up(-rows)
        else:
            await self._down(rows)

    async def _up(self, rows: int) -> None:
        self.skipped -= rows
        while self.skipped < 0:
            lines = await self.lines.before(self.top, 1)
            if not lines:
                self.skipped = 0
                return
            self.top = lines[0].offset
            self.skipped += self.rows_of(lines[0])

    async def _down(self, rows: int) -> None:
        lines = await self.lines.at(self.top, rows + self.height)
        taken = [self.rows_of(line) for line in lines]
        is_end = not lines or lines[-1].end >= self.file.size
        if is_end and sum(taken) - self.skipped - rows <= self.height:
            before = (self.top, self.skipped)
            await self.go_last()
            # A text that is shorter than the window begins at its first row.
            self.top, self.skipped = max(before, (self.top, self.skipped))
            return
        self.skipped += rows
        for line, size in zip(lines, taken, strict=True):
            if self.skipped < size:
                self.top = line.offset
                return
            self.skipped -= size

    def _last_row(self) -> int:
        rows = -(-self.file.size // BYTES_A_ROW)
        return max(rows - self.height, 0) * BYTES_A_ROW
