"""The whole screen: strings that programs send, and changes of size."""

from .modes import IN_BAND_RESIZE, SYNCHRONIZED
from .osc import StringScreen
from .palette import Palette
from .reflow import crop, reflow


class Screen(StringScreen):
    """A `pyte.Screen` with lines of strings, a scrollback and an alternate screen.

    Args:
        columns: The width in cells, at least 2.
        lines: The height, at least 1.
        scrollback: Lines that the history keeps.
        allow_clipboard: Whether programs may set the clipboard with OSC 52.
    """

    def __init__(
        self,
        columns: int,
        lines: int,
        scrollback: int = 0,
        *,
        allow_clipboard: bool = False,
    ) -> None:
        self.allow_clipboard = allow_clipboard
        self.palette = Palette()
        self.replies: list[str] = []
        self.reply_size = 0
        self.bell_rung = False
        self.clipboard: str | None = None
        super().__init__(columns, lines, scrollback)

    def reset(self) -> None:
        """Return to the initial state; the scrollback stays (RIS)."""
        super().reset()
        self.palette.reset()

    # Size

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Change the size: the main screen is reflowed, the alternate one cut.

        Args:
            lines: The new height, at least 1.
            columns: The new width, at least 2.
        """
        rows, width = max(lines or self.lines, 1), max(columns or self.columns, 2)
        if (rows, width) == (self.lines, self.columns):
            return
        if self.cursor.x > self.columns:
            self.cursor.x = self.column()
        saved = self.saved[False]
        x, y = (saved.x, saved.y) if self.is_alternate else (self.cursor.x, self.cursor.y)
        main = self.inactive if self.is_alternate else self.grid
        other = self.grid if self.is_alternate else self.inactive
        moved = reflow(self.history, main, columns=width, rows=rows, x=x, y=min(y, len(main) - 1))
        self.history = moved.history[-self.scrollback :] if self.scrollback else []
        self.history_total = len(self.history)
        main[:] = moved.grid
        other[:] = crop(other, width, rows)
        self._place_cursor(moved.x, moved.y, width, rows)
        self.tabstops -= set(range(width, self.columns))
        self.tabstops |= set(range((self.columns + 7) // 8 * 8, width, 8))
        self.lines, self.columns = rows, width
        self.actions.clear()
        self.reset_margins()
        self.mode.discard(SYNCHRONIZED)
        if IN_BAND_RESIZE in self.mode:
            self.write_process_input(f"\x1b[48;{rows};{width};0;0t")

    def _place_cursor(self, x: int, y: int, columns: int, rows: int) -> None:
        if self.is_alternate:
            self.cursor.x = min(self.cursor.x, columns - 1)
            self.cursor.y = min(self.cursor.y, rows - 1)
            self.saved[False] = self.saved[False]._replace(x=x, y=y)
        else:
            self.cursor.x, self.cursor.y = x, y
