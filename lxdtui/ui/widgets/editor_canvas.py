"""How the text under edit is laid out, coloured and drawn.

Of :class:`textual.widgets.TextArea` the editor takes the keys, the selection,
the mouse and the history. Its drawing is not used: that takes the whole text
for each line, and hands every character to the terminal as it is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from textual.document._document import EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from lxdtui.services.editing.search import Hit
from lxdtui.ui.format.highlight import Highlighter, Span
from lxdtui.ui.format.stand_ins import StandIns
from lxdtui.ui.later import Later, later
from lxdtui.ui.widgets.editor_document import EditorDocument, EditorLayout
from lxdtui.ui.widgets.painted_view import PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, width_of
from lxdtui.ui.widgets.text_strips import Mark, text_pieces

__all__ = ["EditorCanvas"]

_BRACKET_LOOKS = 10_000
"""Characters that are looked at for the other one of two brackets."""
_COLOURS_AFTER = 0.08
"""Seconds of rest after which the colours of changed lines are found anew."""
_CACHED_ROWS = 1000
_MARKS_A_LINE = 1000
_GROUND = {
    "line": "ground--line",
    "selected": "ground--selected",
    "found": "ground--found",
    "cell": "ground--cell",
}


class EditorCanvas(PaintedView, TextArea):
    """A text area that draws only what is seen, and only what is harmless."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*_GROUND.values(), "role--cell"}
    DEFAULT_CSS = """
    EditorCanvas {
        width: 1fr;
        height: 1fr;
        overflow: auto auto;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        & > .ground--line { background: $bar; }
        & > .ground--selected { background: $cursor; }
        & > .ground--found { background: $hover; }
        & > .ground--cell { background: $strong; }
        & > .role--cell { color: $bg; }
    }
    """

    @dataclass
    class Edited(Message):
        """Posted when the text is different."""

        area: "EditorCanvas"

        @property
        def control(self) -> "EditorCanvas":
            """The text area."""
            return self.area

    def __init__(self) -> None:
        self._stand_ins = StandIns()
        self._highlighter = Highlighter("")
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._colours: Later | None = None
        self._hits: Sequence[Hit] = ()
        self._rows: dict[tuple[object, ...], Strip] = {}
        super().__init__()
        self.soft_wrap = False
        self.show_line_numbers = True
        self.cursor_blink = False

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Mark places that were found, in ascending order."""
        self._hits = hits
        self.refresh()

    def _hits_in(self, line: int) -> Iterator[Mark]:
        """Yield the places in a line; only lines that are seen are looked at."""
        if not self._hits:
            return
        text = self.document
        assert isinstance(text, EditorDocument)
        begin = text.places.place((line, 0))
        end = begin + len(text[line]) + 1
        first = bisect_right(self._hits, begin, key=lambda hit: hit.end)
        for hit in self._hits[first : first + _MARKS_A_LINE]:
            if hit.start >= end:
                return
            yield hit.start - begin, hit.end - begin, "found"

    # What Textual's text area asks

    @property
    def gutter_width(self) -> int:
        """The columns of the line numbers, with a blank before and two after them."""
        return max(len(str(self.document.line_count)), 2) + 3 if self.show_line_numbers else 0

    def _set_document(self, text: str, language: str | None) -> None:
        """Take a text. The language is not Textual's matter."""
        del language
        self.document = EditorDocument(text)
        self.wrapped_document = EditorLayout(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._spans.clear()
        self._rows.clear()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()
        if self.is_mounted:
            self._find_colours()

    def _build_highlight_map(self) -> None:
        """Find colours anew soon; called after each change."""
        self._line_cache.clear()
        if self.is_mounted:
            self._find_colours_soon()
            self.post_message(self.Edited(self))

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; lines below a change keep their colours."""
        before = self.document.line_count
        result = super().edit(edit)
        shift = self.document.line_count - before
        if shift:
            top = edit.top[0]
            self._spans = {
                line if line <= top else line + shift: spans
                for line, spans in self._spans.items()
                if line <= top or line + shift > top
            }
        return result

    def _yield_character_locations(self, start: Location) -> Iterable[tuple[str, Location]]:
        """Yield the characters from a place on, up to a bound."""
        return islice(super()._yield_character_locations(start), _BRACKET_LOOKS)

    def _yield_character_locations_reverse(self, start: Location) -> Iterable[tuple[str, Location]]:
        """Yield the characters before a place, up to a bound."""
        return islice(super()._yield_character_locations_reverse(start), _BRACKET_LOOKS)

    # Colours

    def on_mount(self) -> None:
        """Find the first colours."""
        self._find_colours()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Find the colours of lines that come into view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._find_colours_soon()

    def notify_style_update(self) -> None:
        """Forget what was drawn in the colours of before."""
        super().notify_style_update()
        self._rows.clear()

    def _find_colours_soon(self) -> None:
        if self._colours is not None:
            self._colours.stop()
        self._colours = later(self, _COLOURS_AFTER, self._find_colours)

    def _find_colours(self) -> None:
        layout = self._layout_of_lines
        height = layout.height
        top = min(self.scroll_offset.y, height - 1)
        first, _ = layout.row(top)
        last, _ = layout.row(min(top + max(self.size.height, 40), height) - 1)
        self._spans = self._highlighter.spans(self.document.lines, first, last + 1)
        self._rows.clear()
        self.refresh()

    # Drawing

    @property
    def _layout_of_lines(self) -> EditorLayout:
        assert isinstance(self.wrapped_document, EditorLayout)
        return self.wrapped_document

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines, without the themes of Textual's text area."""
        return super(TextArea, self).render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one row: number, text, marks, cursor."""
        width = self.scrollable_content_region.width
        scroll_x, scroll_y = self.scroll_offset
        offset = y + scroll_y
        layout = self._layout_of_lines
        if offset >= layout.height:
            return self.strip((gap(width),), "")
        line, section = layout.row(offset)
        text = self.document[line]
        marks = self._marks(line, text)
        key = (
            line,
            section,
            text,
            scroll_x,
            width,
            self.gutter_width,
            marks,
            self._spans.get(line),
        )
        known = self._rows.get(key)
        if known is None:
            if len(self._rows) >= _CACHED_ROWS:
                self._rows.clear()
            known = self._row(line, section, text, marks, scroll_x, width)
            self._rows[key] = known
        return known

    def _marks(self, line: int, text: str) -> tuple[Mark, ...]:
        start, end = sorted(self.selection)
        cursor_row, cursor_column = self.selection.end
        marks: list[Mark] = []
        if line == cursor_row and self._has_cursor:
            marks.append((0, len(text) + 1, "line"))
        marks += self._hits_in(line)
        if start != end and start[0] <= line <= end[0]:
            left = start[1] if line == start[0] else 0
            right = end[1] if line == end[0] else len(text) + 1
            marks.append((left, right, "selected"))
        other = self._matching_bracket_location
        if other is not None and other[0] == line and start == end:
            marks.append((other[1], other[1] + 1, "found"))
        if line == cursor_row and self.has_focus and self._has_cursor:
            marks.append((cursor_column, cursor_column + 1, "cell"))
        return tuple(marks)

    def _row(
        self,
        line: int,
        section: int,
        text: str,
        marks: tuple[Mark, ...],
        scroll_x: int,
        width: int,
    ) -> Strip:
        is_current = bool(marks) and marks[0][2] == "line"
        gutter = self.gutter_width
        number = str(line + 1) if not section else ""
        role = "$strong" if is_current else "$muted"
        ground = "line" if is_current else ""
        ends = [0, *self._layout_of_lines.get_offsets(line), len(text)]
        start, end = ends[section], ends[section + 1]
        is_last = section == len(ends) - 2
        # One blank more, for the cursor behind the last character.
        part = text[start:end] + (" " if is_last else "")
        pieces = text_pieces(
            part,
            self._stand_ins.drawn(part),
            spans=(*self._spans.get(line, ()), *self._stand_in_spans(text)),
            marks=marks,
            tab_width=self.indent_width,
            first=0 if self.soft_wrap else scroll_x,
            width=width - gutter,
            column=start,
        )
        drawn = [(Piece(f"{number:>{gutter - 2}}  ", role), ground), *pieces]
        drawn.append((gap(width - width_of(piece for piece, _ in drawn)), ground))
        return Strip(
            [
                Segment(piece.text, self._style(piece.style, _GROUND.get(mark, "")))
                for piece, mark in drawn
                if piece.text
            ],
            width,
        )

    def _stand_in_spans(self, text: str) -> tuple[Span, ...]:
        return tuple((place, place + 1, "amber") for place in self._stand_ins.places(text))
