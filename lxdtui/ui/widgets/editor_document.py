"""The text behind the editor: lines that end at LF alone, quick also where there are many.

Textual's own document takes more characters for line ends than files do, looks
at all lines after each key, and keeps three lists beside them that no text
without wrapping needs.
"""

import itertools

from rich.cells import cell_len
from textual.document._document import Document, EditResult, Location
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Size

from lxdtui.services.editing.search import LinePlaces

__all__ = ["EditorDocument", "EditorLayout", "columns_of", "with_tab_stops"]


class EditorDocument(Document):
    """The lines of a text.

    Args:
        text: The text, with LF between its lines.
    """

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._lines = text.split("\n")
        self._text: str | None = text
        self._places: LinePlaces | None = None
        self._tab_width = 0
        self._widths: list[int] = []

    @property
    def text(self) -> str:
        """The text; made of its lines once after each change."""
        if self._text is None:
            self._text = "\n".join(self._lines)
        return self._text

    @property
    def places(self) -> LinePlaces:
        """Where its lines begin; found out once after each change."""
        if self._places is None:
            self._places = LinePlaces(self._lines)
        return self._places

    def get_size(self, tab_width: int) -> Size:
        """Return the columns of the widest line, and the number of lines."""
        if tab_width != self._tab_width:
            self._tab_width = tab_width
            self._widths = [columns_of(line, tab_width) for line in self._lines]
        return Size(max(self._widths), len(self._lines))

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace what stands between two places.

        Args:
            start: Line and column where it begins.
            end: Line and column where it ends, or the other way round.
            text: What comes in its place.
        """
        (top, column), (bottom, end_column) = sorted((start, end))
        last = len(self._lines) - 1
        if bottom > last:
            bottom, end_column = last, len(self._lines[last])
        if top > last:
            top, column = last, len(self._lines[last])
        replaced = self.get_text_range((top, column), (bottom, end_column))
        before, after = self._lines[top][:column], self._lines[bottom][end_column:]
        lines = (before + text + after).split("\n")
        self._lines[top : bottom + 1] = lines
        if self._tab_width:
            self._widths[top : bottom + 1] = [columns_of(line, self._tab_width) for line in lines]
        self._text = self._places = None
        return EditResult((top + len(lines) - 1, len(lines[-1]) - len(after)), replaced)

    def get_text_range(self, start: Location, end: Location) -> str:
        """Return what stands between two places."""
        (top, column), (bottom, end_column) = sorted((start, end))
        lines = self._lines[top : bottom + 1]
        if not lines:
            return ""
        if bottom - top < len(lines):
            lines[-1] = lines[-1][:end_column]
        lines[0] = lines[0][column:]
        return "\n".join(lines)


class EditorLayout(WrappedDocument):
    """How lines stand on rows; without wrapping, one line is one row and nothing is kept."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Lay out all lines.

        Args:
            width: Columns to wrap at; 0 for no wrapping.
            tab_width: Columns from one tab stop to the next.
        """
        if width:
            super().wrap(width, tab_width)
            return
        self._width = 0
        if tab_width:
            self._tab_width = tab_width

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self._offset_to_line_info) if self._width else self.document.line_count

    def row(self, offset: int) -> tuple[int, int]:
        """Return the line of a row, and which of its rows that is."""
        return self._offset_to_line_info[offset] if self._width else (offset, 0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Lay out what was changed."""
        if self._width:
            super().wrap_range(start, old_end, new_end)

    def get_offsets(self, line_index: int) -> list[int]:
        """Return where a line is wrapped."""
        return super().get_offsets(line_index) if self._width else []

    def get_sections(self, line_index: int) -> list[str]:
        """Return the parts of a line that stand on rows of their own."""
        line = self.document.get_line(line_index)
        ends = [0, *self.get_offsets(line_index), len(line)]
        return [line[start:end] for start, end in itertools.pairwise(ends)]

    def location_to_offset(self, location: Location) -> Offset:
        """Return column and row of a place in the text."""
        if self._width:
            return super().location_to_offset(location)
        line_index, column = location
        line = self.document.get_line(line_index)[:column]
        return Offset(columns_of(line, self._tab_width), line_index)

    def offset_to_location(self, offset: Offset) -> Location:
        """Return the place in the text at a column and row."""
        if self._width:
            return super().offset_to_location(offset)
        x, y = max(offset.x, 0), max(offset.y, 0)
        line_index = min(y, self.document.line_count - 1)
        line = self.document.get_line(line_index)
        if line.isascii() and "\t" not in line:
            return line_index, min(x, len(line))
        return line_index, self.get_target_document_column(line_index, x, -1)


def with_tab_stops(line: str, tab_width: int) -> str:
    """Return a line with blanks up to the next stop in place of its tabs."""
    if "\t" not in line:
        return line
    if line.isascii():
        return line.expandtabs(tab_width)
    *parts, last = line.split("\t")
    cells: list[str] = []
    for part in parts:
        # Each part begins at a stop.
        cells += (part, " " * (tab_width - cell_len(part) % tab_width))
    return "".join((*cells, last))


def columns_of(line: str, tab_width: int) -> int:
    """Return how many columns a line takes."""
    line = with_tab_stops(line, tab_width)
    return len(line) if line.isascii() else cell_len(line)
