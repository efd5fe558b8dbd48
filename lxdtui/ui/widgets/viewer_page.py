"""The part of a file that is looked at: lines of text, or bytes with what they mean."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from lxdtui.services.editing.search import Hit
from lxdtui.services.viewing import BYTES_A_ROW, ViewLine, text_of
from lxdtui.ui.format.highlight import Highlighter, Span
from lxdtui.ui.format.stand_ins import StandIns
from lxdtui.ui.widgets.editor_document import columns_of
from lxdtui.ui.widgets.painted_view import PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, width_of
from lxdtui.ui.widgets.text_strips import Mark, text_pieces

__all__ = ["ViewerPage"]

_TAB_WIDTH = 8
_WHEEL_ROWS = 3
_GROUND = {"found": "ground--found", "here": "ground--here"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of text: a line, or a part of one where lines are wrapped."""

    line: int
    first: int
    """Its first column."""


class ViewerPage(PaintedView, can_focus=True):
    """Draws what it is given, and tells where to go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down,enter", "move(1)", "Down", show=False, id="page.down"),
        Binding("k,up", "move(-1)", "Up", show=False, id="page.up"),
        Binding("space,pagedown,ctrl+v", "page(1)", "Page down", show=False, id="page.page_down"),
        Binding("b,pageup", "page(-1)", "Page up", show=False, id="page.page_up"),
        Binding("g,home", "jump('first')", "First", show=False, id="page.first"),
        Binding("G,end", "jump('last')", "Last", show=False, id="page.last"),
        Binding("h,left", "aside(-8)", "Left", show=False, id="page.left"),
        Binding("l,right", "aside(8)", "Right", show=False, id="page.right"),
        Binding("0", "aside(-1000000)", "Line start", show=False, id="page.line_start"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {*_GROUND.values(), "role--here"}
    DEFAULT_CSS = """
    ViewerPage {
        width: 1fr;
        height: 1fr;
        overflow: hidden hidden;
        & > .ground--found { background: $hover; }
        & > .ground--here { background: $accent; }
        & > .role--here { color: $on-fill; }
    }
    """
    ALLOW_SELECT = False

    class Moved(Message):
        """Posted when other lines are wanted: so many further down, negative for up."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    class Jumped(Message):
        """Posted when the beginning or the end is wanted."""

        def __init__(self, *, is_last: bool) -> None:
            super().__init__()
            self.is_last = is_last

    class Resized(Message):
        """Posted when there is room for more lines, or for fewer."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[ViewLine] = ()
        self._texts: list[str] = []
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._hits: dict[int, list[Mark]] = {}
        self._rows: list[_Row] = []
        self._stand_ins = StandIns()
        self._bytes: tuple[int, bytes, set[int], set[int]] | None = None
        self._x = 0
        self._is_wrapped = False
        self._skipped = 0
        self.encoding = "utf-8"
        """How bytes are read as text."""

    # What is shown

    def show_lines(
        self,
        lines: Sequence[ViewLine],
        *,
        above: Sequence[ViewLine],
        highlighter: Highlighter,
        hits: Sequence[Sequence[Hit]],
        here: int | None,
        is_wrapped: bool,
        skipped: int = 0,
        reveals: bool = False,
    ) -> None:
        """Show lines.

        Args:
            lines: What is seen, from the first row on.
            above: Some lines before, which tell the colours.
            highlighter: What finds colours.
            hits: Places in each of them that are marked; none at all where nothing is.
            here: The first byte of the place that was found last.
            is_wrapped: Whether long lines go on in the next row.
            skipped: Rows of the first line that are above the page.
            reveals: Whether the place that was found last is to be seen.
        """
        self._bytes = None
        self._stand_ins = StandIns()
        self._lines = lines
        self._is_wrapped = is_wrapped
        every = [self._text(line) for line in (*above, *lines)]
        self._texts = every[len(above) :]
        spans = highlighter.spans(every, len(above), len(every))
        self._spans = {line - len(above): one for line, one in spans.items()}
        self._hits = {
            number: _marks(line, found, here, self.encoding)
            for number, (line, found) in enumerate(zip(lines, hits, strict=False))
        }
        self._skipped = skipped
        self._arrange()
        if reveals:
            self._reveal()
        self.refresh()

    def rows_of(self, line: ViewLine) -> int:
        """Return how many rows a line takes where lines are wrapped."""
        columns = columns_of(self._text(line), _TAB_WIDTH)
        return max(-(-columns // max(self.size.width - 2, 1)), 1)

    def _reveal(self) -> None:
        """Go aside as far as the place that was found last demands."""
        width = max(self.size.width - 2, 1)
        for number, marks in self._hits.items():
            for start, end, mark in marks:
                if mark == "here":
                    text = self._texts[number]
                    left, right = (columns_of(text[:at], _TAB_WIDTH) for at in (start, end))
                    if right > self._x + width or left < self._x:
                        self._x = 0 if right <= width else max(left - width // 3, 0)

    def show_bytes(
        self, offset: int, content: bytes, *, hits: Sequence[Hit], here: int | None
    ) -> None:
        """Show bytes.

        Args:
            offset: The first byte, at the beginning of a row.
            content: What is seen.
            hits: Places in it that are marked.
            here: The first byte of the place that was found last.
        """
        found: set[int] = set()
        current: set[int] = set()
        for hit in hits:
            places = range(hit.start, hit.end)
            (current if offset + hit.start == here else found).update(places)
        self._bytes = (offset, content, found, current)
        self.refresh()

    # Events

    def on_resize(self) -> None:
        """Ask for as many lines as there is room for."""
        self._arrange()
        self.post_message(self.Resized())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go down."""
        event.stop()
        self.post_message(self.Moved(_WHEEL_ROWS))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go up."""
        event.stop()
        self.post_message(self.Moved(-_WHEEL_ROWS))

    def action_move(self, rows: int) -> None:
        """Go down or up."""
        self.post_message(self.Moved(rows))

    def action_page(self, pages: int) -> None:
        """Go down or up by a page."""
        self.post_message(self.Moved(pages * max(self.size.height - 1, 1)))

    def action_jump(self, where: str) -> None:
        """Go to the beginning or the end."""
        self.post_message(self.Jumped(is_last=where == "last"))

    def action_aside(self, columns: int) -> None:
        """Go to the right or the left."""
        widest = max((len(text) for text in self._texts), default=0)
        self._x = max(0, min(self._x + columns, widest))
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        if self._bytes is not None:
            return self._bytes_row(y, width)
        if y >= len(self._rows):
            return self.strip((gap(width),), "")
        row = self._rows[y]
        text = self._texts[row.line]
        pieces = text_pieces(
            text,
            self._stand_ins.drawn(text),
            spans=(
                *self._spans.get(row.line, ()),
                *((place, place + 1, "amber") for place in self._stand_ins.places(text)),
            ),
            marks=self._hits.get(row.line, ()),
            tab_width=_TAB_WIDTH,
            first=row.first if self._is_wrapped else self._x,
            width=width - 2,
        )
        return self._strip([(gap(1), ""), *pieces], width)

    def _strip(self, pieces: list[tuple[Piece, str]], width: int) -> Strip:
        pieces.append((gap(width - width_of(piece for piece, _ in pieces)), ""))
        return Strip(
            [
                Segment(
                    piece.text,
                    self._style("$here" if mark == "here" else piece.style, _GROUND.get(mark, "")),
                )
                for piece, mark in pieces
                if piece.text
            ],
            width,
        )

    def _bytes_row(self, y: int, width: int) -> Strip:
        assert self._bytes is not None
        offset, content, found, here = self._bytes
        first = y * BYTES_A_ROW
        row = content[first : first + BYTES_A_ROW]
        if not row:
            return self.strip((gap(width),), "")
        pieces: list[tuple[Piece, str]] = [(Piece(f" {offset + first:08x}  ", "$muted"), "")]
        for column in range(BYTES_A_ROW):
            if column and column % 8 == 0:
                pieces.append((gap(1), ""))
            mark = _mark(first + column, found, here)
            if column < len(row):
                hue = "$faint" if not row[column] else "$fg"
                pieces.append((Piece(f"{row[column]:02x}", hue), mark))
                pieces.append((gap(1), ""))
            else:
                pieces.append((gap(3), ""))
        pieces.append((gap(1), ""))
        for column, byte in enumerate(row):
            is_plain = 0x20 <= byte < 0x7F
            piece = Piece(chr(byte) if is_plain else ".", "$strong" if is_plain else "$faint")
            pieces.append((piece, _mark(first + column, found, here)))
        return self._strip(pieces, width)

    # Helpers

    def _arrange(self) -> None:
        """Lay the lines out in rows."""
        width = max(self.size.width - 2, 1)
        self._rows = []
        for number, text in enumerate(self._texts):
            self._rows.append(_Row(number, 0))
            if self._is_wrapped:
                columns = columns_of(text, _TAB_WIDTH)
                self._rows += [_Row(number, first) for first in range(width, columns, width)]
        self._rows = self._rows[self._skipped :]

    def _text(self, line: ViewLine) -> str:
        return self._stand_ins.shown(text_of(line.content, self.encoding))


def _mark(place: int, found: set[int], here: set[int]) -> str:
    return "here" if place in here else "found" if place in found else ""


def _marks(line: ViewLine, hits: Sequence[Hit], here: int | None, encoding: str) -> list[Mark]:
    """Return the places in a line, counted in characters."""
    first = line.offset + line.mark
    text = text_of(line.content, encoding)
    places: Sequence[int] = range(len(text) + 1)
    if len(text) != len(line.content):
        sizes = (len(one.encode(encoding, "surrogateescape")) for one in text)
        ends = [0, *accumulate(sizes)]
        hits = [Hit(bisect_left(ends, hit.start), bisect_left(ends, hit.end)) for hit in hits]
        places = ends
    return [
        (hit.start, hit.end, "here" if first + places[hit.start] == here else "found")
        for hit in hits
    ]
