"""A long text read line by line, wrapped or not; what was found is marked. Hostile text is safe."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.ui.format.text import cell_width, cut, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.painted_view import CURSOR, PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["LogView"]

_LONGEST = 4000
"""Characters of a line that are shown; the rest is counted."""
_STEP = 8


class LogView(PaintedView, can_focus=True):
    """Lines of text.

    Args:
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", "Down", show=False, id="log.down"),
        Binding("k,up", "lines(-1)", "Up", show=False, id="log.up"),
        Binding("ctrl+f,pagedown,space", "pages(1)", "Page down", show=False, id="log.page_down"),
        Binding("ctrl+b,pageup", "pages(-1)", "Page up", show=False, id="log.page_up"),
        Binding("g,home", "ends(False)", "First", show=False, id="log.first"),
        Binding("G,end", "ends(True)", "Last", show=False, id="log.last"),
        Binding("l,right", "columns(1)", "Right", show=False, id="log.right"),
        Binding("h,left", "columns(-1)", "Left", show=False, id="log.left"),
    ]
    DEFAULT_CSS = """
    LogView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """
    ALLOW_SELECT = False

    class Moved(Message):
        """Posted when another part is shown."""

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._lines: Sequence[str] = ()
        self._rows: list[tuple[int, int]] = []
        self._words = ""
        self._found: list[int] = []
        self._at: int | None = None
        self._column = 0
        self._wraps = True
        self._is_muted = False
        self._width = 0
        self._told: Sequence[Sequence[Piece]] = ()

    @property
    def wraps(self) -> bool:
        """Whether long lines go on in the next row."""
        return self._wraps

    @property
    def found(self) -> Sequence[int]:
        """Numbers of the lines that have the words."""
        return self._found

    @property
    def found_at(self) -> int:
        """Which of the found lines is looked at, from 1; 0 for none."""
        return self._found.index(self._at) + 1 if self._at in self._found else 0

    @property
    def is_at_end(self) -> bool:
        """Whether the last row is visible."""
        return self.scroll_offset.y + self._page >= len(self._rows)

    @property
    def place(self) -> tuple[int, int]:
        """The first line that is visible, from 1, and how many there are."""
        if not self._rows:
            return 0, 0
        first = self._rows[min(self.scroll_offset.y, len(self._rows) - 1)][0]
        return first + 1, len(self._lines)

    def show(self, lines: Sequence[str], *, to_end: bool, is_muted: bool = False) -> None:
        """Show another text; the same again costs nothing.

        Args:
            lines: The lines, as they come from outside.
            to_end: Whether to go to the end of it.
            is_muted: Whether it is old.
        """
        if lines is not self._lines or is_muted != self._is_muted:
            self._lines, self._is_muted = lines, is_muted
            self._lay_out()
            self._find()
        if to_end:
            self.action_ends(True)

    def tell(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show some words in place of the text; without words, the text again."""
        if lines != self._told:
            self._told = lines
            self.refresh()

    def wrap(self, wraps: bool) -> None:
        """Let long lines go on in the next row, or beyond the right end."""
        line = self.place[0] - 1
        self._wraps, self._column = wraps, 0
        self._lay_out()
        self._go_to_line(line)

    def look_for(self, words: str) -> None:
        """Mark the lines that have some words, and go to the last one of them."""
        if words != self._words:
            self._words, self._at = words, None
            self._find()
            self.step_found(-1)

    def step_found(self, step: int) -> None:
        """Go to the next line that was found, or to the one before; the ends meet."""
        if not self._found:
            return
        at = self._found.index(self._at) if self._at in self._found else (0 if step < 0 else -1)
        self._at = self._found[(at + step) % len(self._found)]
        self._go_to_line(self._at)
        self.refresh()

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        if self.scrollable_content_region.width != self._width:
            is_at_end = self.is_at_end
            self._lay_out()
            if is_at_end:
                self.action_ends(True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that another part is shown."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def action_lines(self, count: int) -> None:
        """Move by some rows."""
        self._scroll(self.scroll_offset.y + count)

    def action_pages(self, count: int) -> None:
        """Move by a page."""
        self._scroll(self.scroll_offset.y + count * max(self._page - 1, 1))

    def action_ends(self, is_last: bool) -> None:
        """Move to the first row, or to the last one."""
        self._scroll(len(self._rows) if is_last else 0)

    def action_columns(self, count: int) -> None:
        """Move sideways, where lines are not wrapped."""
        if not self._wraps:
            self._column = max(min(self._column + count * _STEP, _LONGEST), 0)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.scrollable_content_region.width
        if self._told:
            pieces = self._told[y] if y < len(self._told) else ()
            return self.strip(spread(pieces, (), width), "")
        index = self.scroll_offset.y + y
        if index >= len(self._rows):
            return self.strip((gap(width),), "")
        number, start = self._rows[index]
        text = self._text(number)
        part = text[start + self._column :]
        role = "$muted" if self._is_muted else "$fg"
        piece = cut(part, width, "" if self._wraps else self._glyphs.cut)
        marked = _marked(piece, self._words, role)
        return self.strip(spread(marked, (), width), CURSOR if number == self._at else "")

    @property
    def _page(self) -> int:
        return max(self.scrollable_content_region.height, 1)

    def _text(self, number: int) -> str:
        line = self._lines[number]
        if len(line) <= _LONGEST:
            return safe_text(line)
        rest = len(line) - _LONGEST
        return f"{safe_text(line[:_LONGEST])}{self._glyphs.cut} {rest:,} more characters"

    def _lay_out(self) -> None:
        """Number the rows: a line, and where in it the row begins."""
        width = self._width = self.scrollable_content_region.width
        self._rows = []
        for number, line in enumerate(self._lines):
            if not self._wraps or width < 2 or len(line) * 2 <= width:
                self._rows.append((number, 0))
                continue
            text = self._text(number)
            self._rows += ((number, start) for start in _row_starts(text, width))
        self.virtual_size = Size(1, len(self._rows))
        self.refresh()

    def _find(self) -> None:
        words = self._words.casefold()
        self._found = []
        if words:
            self._found = [
                number for number, line in enumerate(self._lines) if words in line.casefold()
            ]
        self.refresh()

    def _go_to_line(self, line: int) -> None:
        row = next((at for at, (number, _) in enumerate(self._rows) if number >= line), 0)
        self._scroll(row - self._page // 2)

    def _scroll(self, row: int) -> None:
        self.scroll_to(y=max(row, 0), animate=False, force=True, immediate=True)


def _row_starts(text: str, width: int) -> list[int]:
    """Return where the rows of a line begin."""
    if text.isascii():
        return list(range(0, max(len(text), 1), width))
    starts, taken = [0], 0
    for at, character in enumerate(text):
        cells = cell_width(character)
        if taken + cells > width:
            starts.append(at)
            taken = 0
        taken += cells
    return starts


def _marked(text: str, words: str, role: str) -> list[Piece]:
    """Take a row apart where the words stand in it."""
    folded, wanted = text.casefold(), words.casefold()
    if not wanted or len(folded) != len(text):
        return [Piece(text, role)]
    pieces: list[Piece] = []
    start = 0
    while (at := folded.find(wanted, start)) >= 0:
        pieces += [
            Piece(text[start:at], role),
            Piece(text[at : at + len(wanted)], "$amber bold"),
        ]
        start = at + len(wanted)
    return [*pieces, Piece(text[start:], role)]
