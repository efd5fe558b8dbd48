"""A text that is about to be pasted: all of it, wrapped, and nothing in it acts."""

import re

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import pad_left, safe_text, wrapped
from lxdtui.ui.widgets.painted_view import PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["MOST_SHOWN", "PastedView", "pasted_lines"]

MOST_SHOWN = 256 * 1024
"""Characters that are shown; what comes after them is counted."""
_LINE_END = re.compile("\r\n|\r|\n")


def pasted_lines(text: str) -> list[str]:
    """Return the lines of a pasted text: terminals end them in any of the three ways."""
    lines = _LINE_END.split(text)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


class PastedView(PaintedView, can_focus=True):
    """Shows the lines with their numbers, long ones over several rows, controls as signs.

    Args:
        text: The text.
    """

    DEFAULT_CSS = """
    PastedView {
        width: 1fr;
        background: $hover;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        &:focus { background: $hover; }
    }
    """
    ALLOW_SELECT = False

    class Moved(Message):
        """Posted when other rows are shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._lines = [safe_text(line) for line in _shown_lines(text)]
        self._left_out = len(pasted_lines(text)) - len(self._lines)
        self._is_cut = len(text) > MOST_SHOWN
        self._digits = len(str(len(self._lines)))
        self._rows: list[tuple[int, str]] = []
        self._width = 0

    def fit(self, width: int, most_rows: int) -> None:
        """Wrap for a width, and be as high as that needs, within limits.

        Args:
            width: Columns of the widget.
            most_rows: Rows there are for it.
        """
        if width != self._width:
            self._width = width
            # A blank at both ends, two beside the number, and the scroll bar.
            room = max(width - self._digits - 5, 2)
            self._rows = [
                (0 if part else number, piece)
                for number, line in enumerate(self._lines, 1)
                for part, piece in enumerate(wrapped(line, room))
            ]
        self.virtual_size = Size(width, self.row_count)
        self.styles.height = max(min(self.row_count, most_rows), 1)
        self.refresh()

    @property
    def row_count(self) -> int:
        """How many rows there are to see."""
        return len(self._rows) + self._is_cut

    @property
    def place(self) -> str:
        """Which rows are shown, in words; empty where all of them are."""
        height = self.size.height
        if not height or self.row_count <= height:
            return ""
        first = self.scroll_offset.y
        last = min(first + height, self.row_count)
        return f"rows {count(first + 1)} to {count(last)} of {count(self.row_count)}"

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that other rows are shown."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        """Tell that more or fewer rows are shown."""
        del event
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        width = self.size.width
        index = self.scroll_offset.y + y
        if index < len(self._rows):
            number, piece = self._rows[index]
            gutter = str(number) if number else ""
            pieces = [gap(1), Piece(pad_left(gutter, self._digits), "$muted"), gap(2), Piece(piece)]
        elif self._is_cut and index == len(self._rows):
            more = f", {count(self._left_out)} more lines" if self._left_out else ""
            pieces = [gap(1), Piece(f"the rest is too long to be shown{more}", "$amber")]
        else:
            pieces = []
        return self.strip(spread(pieces, (), width), "")


def _shown_lines(text: str) -> list[str]:
    return pasted_lines(text[:MOST_SHOWN])
