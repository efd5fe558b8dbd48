"""Where a recording is, how long it is, and how fast it goes."""

from textual import events
from textual.message import Message

from lxdtui.ui.format.graphs import gauge_cells
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, width_of

__all__ = ["ReplayBar", "clock_time"]


def clock_time(seconds: float) -> str:
    """Write a time as players do: ``1:05`` or ``2:03:04``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class ReplayBar(Bar):
    """A line with a gauge; a click on it goes there.

    Args:
        glyphs: The characters to draw with.
    """

    class Sought(Message):
        """Posted when a place is clicked."""

        def __init__(self, part: float) -> None:
            super().__init__()
            self.part = part
            """From 0 to 1."""

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._shown: tuple[str, float, float, str] = ("", 0.0, 0.0, "")

    def show(self, state: str, position: float, length: float, note: str) -> None:
        """Show how it stands; the same again costs nothing.

        Args:
            state: One word: playing, paused, at the end.
            position: Seconds from the beginning.
            length: Seconds in all.
            note: Speed and the like.
        """
        # A tenth of a second more is nothing to see.
        shown = (state, round(position, 1), length, note)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return state, times and the gauge between them."""
        _, position, length, _ = self._shown
        left, right = self._ends()
        room = max(width - width_of(left) - width_of(right) - 2, 0)
        filled = gauge_cells(position / length if length else 1.0, room)
        return (
            *left,
            gap(1),
            Piece(self._glyphs.filled * filled, "$accent"),
            Piece(self._glyphs.rest * (room - filled), "$line"),
            gap(1),
            *right,
        )

    def on_click(self, event: events.Click) -> None:
        """Tell which place of the gauge was clicked."""
        left, right = self._ends()
        start = width_of(left) + 1
        room = self.content_size.width - start - width_of(right) - 1
        if room > 0 and start <= event.x < start + room:
            event.stop()
            self.post_message(self.Sought((event.x - start) / max(room - 1, 1)))

    def _ends(self) -> tuple[list[Piece], list[Piece]]:
        state, position, length, note = self._shown
        left = [gap(1), Piece(f"{state} ", "$strong bold"), Piece(clock_time(position), "$fg")]
        right = [Piece(clock_time(length), "$muted")]
        if note:
            right.append(Piece(f"  {note}", "$accent"))
        return left, [*right, gap(1)]
