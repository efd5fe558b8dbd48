"""The lines of a terminal as they are shown now: scrollback, screen, selection, cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.strip import Strip

from lxdtui.terminal import Emulator, Row
from lxdtui.ui.widgets.terminal_selection import Place, Selection, numbered_row
from lxdtui.ui.widgets.terminal_strips import StripPainter

__all__ = [
    "NO_OVERLAY",
    "Decoration",
    "DecorationKind",
    "FrameView",
    "Overlay",
    "compose_frame",
    "first_row_number",
    "spread_over_rows",
]


class DecorationKind(StrEnum):
    """What is drawn on the text of the program."""

    MATCH = "match"
    CURRENT = "current"
    """The match that is looked at."""
    LINK = "link"
    """Something that can be opened, under the mouse or among the letters."""
    LABEL = "label"
    """A letter to press, in place of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoration:
    """One stretch of a row that is drawn otherwise."""

    row: int
    """Number of the row."""
    start: int
    end: int
    """The column after the last."""
    kind: DecorationKind
    label: str = ""
    """Text that is shown instead; narrow characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What is drawn on top of a terminal."""

    decorations: Sequence[Decoration] = ()
    reader: Place | None = None
    """The cursor of the scroll mode, in place of the program's."""
    prompt: Sequence[tuple[str, str]] = ()
    """Texts and the roles of their colours, for the last line."""
    prompt_end: Sequence[tuple[str, str]] = ()
    """The same for its right end."""


NO_OVERLAY = Overlay()


def spread_over_rows(
    emulator: Emulator, row: int, column: int, length: int, kind: DecorationKind
) -> list[Decoration]:
    """Return the decorations of cells that may go on in the rows below."""
    parts = []
    while length > 0:
        found = numbered_row(emulator, row)
        width = emulator.columns if found is None else found.width
        end = min(column + length, width)
        parts.append(Decoration(row=row, start=column, end=end, kind=kind))
        length -= end - column
        if found is None or not found.wrapped:
            break
        row, column = row + 1, 0
    return parts


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
    overlay: Overlay = NO_OVERLAY
    """What is drawn on top."""


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
    top = first_row_number(emulator, view.rows_back)
    stretch = None if view.selection is None else view.selection.stretch(emulator)
    if stretch is not None:
        for y, strip in enumerate(strips):
            start, end = stretch.columns(top + y, width)
            strips[y] = painter.with_selection(strip, start, end)
    overlay = view.overlay
    if overlay is not NO_OVERLAY:
        _draw_overlay(strips, top, painter, overlay)
    if view.shows_cursor and overlay.reader is None and not overlay.prompt:
        _draw_cursor(strips, emulator, painter, view)
    return strips


def _draw_overlay(strips: list[Strip], top: int, painter: StripPainter, overlay: Overlay) -> None:
    for one in overlay.decorations:
        y = one.row - top
        if 0 <= y < len(strips):
            strips[y] = painter.with_decoration(
                strips[y], one.start, one.end, one.kind.value, one.label
            )
    if overlay.reader is not None:
        row, column = overlay.reader
        if 0 <= row - top < len(strips):
            strips[row - top] = painter.with_reader(strips[row - top], column)
    if overlay.prompt and strips:
        strips[-1] = painter.prompt(overlay.prompt, overlay.prompt_end, strips[-1].cell_length)


def _draw_cursor(
    strips: list[Strip], emulator: Emulator, painter: StripPainter, view: FrameView
) -> None:
    cursor = emulator.cursor
    y = cursor.y + view.rows_back
    if not cursor.visible or y >= len(strips):
        return
    columns = emulator.row(cursor.y).cell_width(cursor.x)
    strips[y] = painter.with_cursor(
        strips[y], cursor.x, columns, cursor.shape, has_focus=view.has_focus
    )
