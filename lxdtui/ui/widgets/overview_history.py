"""The last operations of an instance as lines of pieces. Pure."""

from collections.abc import Sequence
from datetime import datetime

from lxdtui.store.history import HistoryEntry
from lxdtui.ui.format.history import entry_title, has_failed, outcome_words
from lxdtui.ui.format.text import cut, pad_left
from lxdtui.ui.format.times import age_since
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, spread

__all__ = ["operation_lines"]

_SHOWN = 5
_AGE_WIDTH = 8


def operation_lines(
    history: Sequence[HistoryEntry], now: datetime, width: int, glyphs: Glyphs
) -> list[tuple[Piece, ...]]:
    """Return the operations that began last, the newest first, with what became of them.

    Args:
        history: What happened, oldest first.
        now: The time of day.
        width: Columns there are.
        glyphs: The characters to draw with.
    """
    lines: list[tuple[Piece, ...]] = []
    for entry in reversed(history):
        operation = entry.operation
        if operation is None:
            continue
        mark, words, hue = Piece(f"{glyphs.working[0]} ", "$accent"), entry_title(entry), "$fg"
        if has_failed(operation):
            mark, hue = Piece(f"{glyphs.failed} ", "$red"), "$red"
            words = f"{words}: {outcome_words(entry)}"
        elif operation.is_final:
            mark = Piece(f"{glyphs.done} ", "$green")
        name = Piece(cut(words, width - 2 - _AGE_WIDTH, glyphs.cut), hue)
        passed = Piece(pad_left(age_since(entry.at, now), _AGE_WIDTH), "$muted")
        lines.append(spread([mark, name], [passed], width))
        if len(lines) == _SHOWN:
            break
    return lines
