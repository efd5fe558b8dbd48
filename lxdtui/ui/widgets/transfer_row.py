"""One transfer in one line."""

from textual.message import Message

from lxdtui.services.transfers import TransferState, TransferView
from lxdtui.ui.format.amounts import percent
from lxdtui.ui.format.graphs import gauge_cells
from lxdtui.ui.format.text import cut, cut_middle, pad_left, pad_right, safe_text
from lxdtui.ui.format.transfers import amount, arrow, fraction, glyph_of, role_of, title
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["TransferRow", "row_pieces"]

_WIDE = 110
_AMOUNT = 14
_AMOUNT_WIDE = 30
_PERCENT = 5
_SIGNS = 5
"""Columns before the name: the shape, the arrow, and blanks."""
_TO_NAME = 0.4
"""Share of the line that is the name's."""


def row_pieces(view: TransferView, width: int, glyphs: Glyphs) -> tuple[Piece, ...]:
    """Draw a transfer: what it is, a gauge, how far it is.

    Args:
        view: The transfer.
        width: Columns of the line.
        glyphs: The characters to draw with.
    """
    is_wide = width >= _WIDE
    hue = role_of(view)
    is_trouble = view.state in (TransferState.FAILED, TransferState.ASKING)
    name_width = int(width * _TO_NAME) - _SIGNS
    amount_width = _AMOUNT_WIDE if is_wide else _AMOUNT
    reached = amount(view, of_all=is_wide)
    words = pad_left(cut(reached, amount_width, glyphs.cut), amount_width)
    share = fraction(view)
    has_gauge = share is not None and view.state in (
        TransferState.RUNNING,
        TransferState.PAUSED,
        TransferState.ASKING,
    )
    room = max(width - _SIGNS - name_width - _PERCENT - amount_width - 4, 0)
    pieces = [
        gap(1),
        Piece(glyph_of(view, glyphs), hue),
        gap(1),
        Piece(arrow(view, glyphs), "$muted"),
        gap(1),
        *_name(view, name_width, glyphs, is_wide=is_wide),
        gap(2),
    ]
    if has_gauge and share is not None:
        filled = gauge_cells(share, room)
        gauge_hue = "$accent" if view.state is TransferState.RUNNING else "$muted"
        pieces += [
            Piece(glyphs.filled * filled, gauge_hue),
            Piece(glyphs.rest * (room - filled), "$line"),
            Piece(pad_left(percent(int(share * 100)), _PERCENT), "$strong"),
        ]
    else:
        pieces.append(gap(room + _PERCENT))
    pieces += [gap(1), Piece(words, hue if is_trouble else "$muted"), gap(1)]
    return tuple(pieces)


def _name(view: TransferView, width: int, glyphs: Glyphs, *, is_wide: bool) -> tuple[Piece, ...]:
    name = title(view)
    if not is_wide:
        return (Piece(pad_right(cut_middle(name, width, glyphs.cut), width), "$fg"),)
    where = f" {glyphs.into} {safe_text(view.directory)}"
    if not view.target.is_local:
        where = f" {glyphs.into} {safe_text(view.target.words)}:{safe_text(view.directory)}"
    name = cut_middle(name, max(width // 2, 1), glyphs.cut)
    rest = max(width - len(name), 1)
    return (
        Piece(name, "$fg"),
        Piece(pad_right(cut_middle(where, rest, glyphs.cut), rest), "$muted"),
    )


class TransferRow(Bar):
    """A transfer of the list.

    Args:
        view: The transfer.
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    TransferRow { background: $bg; }
    TransferRow.-cursor { background: $cursor; }
    """

    class Chosen(Message):
        """Posted when it is clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, view: TransferView, *, glyphs: Glyphs) -> None:
        super().__init__()
        self.view = view
        self._glyphs = glyphs

    def show(self, view: TransferView) -> None:
        """Show something else; the same again costs nothing."""
        if view != self.view:
            self.view = view
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the line; all of it can be clicked."""
        drawn = row_pieces(self.view, width, self._glyphs)
        return tuple(Piece(piece.text, piece.style, "row") for piece in drawn)

    def chosen(self, target: str) -> None:  # noqa: ARG002 - all of it means the same
        """Tell that it was clicked."""
        self.post_message(self.Chosen(self.view.number))
