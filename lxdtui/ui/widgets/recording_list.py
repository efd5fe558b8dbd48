"""The recordings there are, one a row."""

from collections.abc import Sequence
from datetime import UTC, datetime

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from lxdtui.services.recordings import RecordingFile
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import pad_left, pad_right, safe_text
from lxdtui.ui.format.times import day_and_minute
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.painted_view import CURSOR, HEADER, PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["RecordingList"]

_SIZE_WIDTH = 10
_TIME_WIDTH = 16


class RecordingList(PaintedView, can_focus=True):
    """Shows recordings, newest first, and which one is meant.

    Args:
        glyphs: The characters to draw with.
    """

    ALLOW_SELECT = False

    class Chosen(Message):
        """Posted when a recording is clicked twice."""

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._files: tuple[RecordingFile, ...] = ()
        self.cursor = 0

    @property
    def current(self) -> RecordingFile | None:
        """The recording under the cursor."""
        return self._files[self.cursor] if self.cursor < len(self._files) else None

    def show(self, files: Sequence[RecordingFile]) -> None:
        """Show other recordings; the cursor stays on its own."""
        current = self.current
        self._files = tuple(files)
        paths = [one.path for one in files]
        if current is not None and current.path in paths:
            self.cursor = paths.index(current.path)
        self.cursor = min(self.cursor, max(len(files) - 1, 0))
        self.virtual_size = Size(self.size.width, len(files) + 1)
        self.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor = min(max(self.cursor + rows, 0), max(len(self._files) - 1, 0))
        top, height = self.scroll_offset.y, max(self.size.height - 1, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line: titles, or a recording."""
        width = self.size.width
        if y == 0:
            titles = [
                gap(2),
                Piece(pad_right("Recording", width - _SIZE_WIDTH - _TIME_WIDTH - 5), "$muted"),
                Piece(pad_left("Size", _SIZE_WIDTH) + "  Recorded", "$muted"),
            ]
            return self.strip(spread(titles, (), width), HEADER)
        index = self.scroll_offset.y + y - 1
        if index >= len(self._files):
            return self.strip([gap(width)], "")
        one = self._files[index]
        is_current = index == self.cursor
        name = pad_right(safe_text(one.path.stem), width - _SIZE_WIDTH - _TIME_WIDTH - 5)
        moment = day_and_minute(datetime.fromtimestamp(one.modified, UTC))
        pieces = [
            Piece(self._glyphs.cursor if is_current else " ", "$accent"),
            gap(1),
            Piece(name, "$strong bold" if is_current else "$fg"),
            Piece(pad_left(size(one.size), _SIZE_WIDTH), "$fg"),
            Piece(f"  {moment}", "$muted"),
        ]
        return self.strip(spread(pieces, (), width), CURSOR if is_current else "")

    def on_click(self, event: events.Click) -> None:
        """Move to what is clicked; twice opens it."""
        index = self.scroll_offset.y + event.y - 1
        if 0 <= index < len(self._files):
            self.cursor = index
            self.refresh()
            if event.chain == 2:
                self.post_message(self.Chosen())
