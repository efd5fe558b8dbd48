"""The lines of a terminal as they are shown now: scrollback, screen, selection, cursor."""

from dataclasses import dataclass

from textual.strip import Strip

from lxdtui.terminal import Emulator, Row, cell_width
from lxdtui.ui.widgets.terminal_selection import Selection
from lxdtui.ui.widgets.terminal_strips import StripPainter

__all__ = ["FrameView", "compose_frame", "first_row_number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameView:
    """What of a terminal is shown, and how."""

    width: int
    """Columns of the widget."""
    height: int
    """Rows of the widget."""
    rows_back: int = 0
    """How many rows of the scrollback stand above the screen."""
    selection: Selection | None = None
    """What is selected."""
    shows_cursor: bool = True
    """Whether there is a cursor: not after the end, nor in the dark half of a blink."""
    has_focus: bool = True
    """Whether keys go to this terminal now."""


def first_row_number(emulator: Emulator, rows_back: int) -> int:
    """Return the number of the row that is shown at the top; see `numbered_row`."""
    return emulator.history_total - rows_back


def compose_frame(emulator: Emulator, painter: StripPainter, view: FrameView) -> list[Strip]:
    """Return exactly `view.height` lines of `view.width` columns.

    While the emulator has another size than the widget (a resize is under
    way), its top left part is shown.

    Args:
        emulator: The terminal.
        painter: What draws rows.
        view: What is shown.
    """
    width, height = view.width, view.height
    rows: list[Row] = []
    if view.rows_back:
        history = emulator.history
        first = max(len(history) - view.rows_back, 0)
        rows += history[first : first + height]
    rows += emulator.visible()[: height - len(rows)]
    strips = [painter.strip(row, width) for row in rows]
    strips += [painter.blank(width)] * (height - len(strips))
    if view.selection is not None:
        top = first_row_number(emulator, view.rows_back)
        for y, strip in enumerate(strips):
            start, end = view.selection.columns(top + y, width)
            strips[y] = painter.with_selection(strip, start, end)
    if view.shows_cursor:
        _draw_cursor(strips, emulator, painter, view)
    return strips


def _draw_cursor(
    strips: list[Strip], emulator: Emulator, painter: StripPainter, view: FrameView
) -> None:
    cursor = emulator.cursor
    y = cursor.y + view.rows_back
    if not cursor.visible or y >= len(strips):
        return
    under = emulator.row(cursor.y).slice(cursor.x, cursor.x + 1)
    columns = max(cell_width(under), 1)
    strips[y] = painter.with_cursor(
        strips[y], cursor.x, columns, cursor.shape, has_focus=view.has_focus
    )
