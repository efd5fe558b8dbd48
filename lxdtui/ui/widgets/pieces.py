"""Lines made of pieces: a text, the role of its colour, and what a click on it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from lxdtui.ui.format.text import cell_width, cut

__all__ = ["Piece", "content_of", "gap", "lines_of", "piece_at", "spread", "width_of"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line. The text is drawn as it is, never as markup."""

    text: str
    """Safe text (:func:`lxdtui.ui.format.text.safe_text`)."""
    style: str = "$fg"
    """Role of the colour with attributes: ``$strong bold``."""
    target: str = ""
    """What a click on it means to the widget; empty for nothing."""


def gap(width: int) -> Piece:
    """Return blanks."""
    return Piece(" " * max(width, 0))


def width_of(pieces: Iterable[Piece]) -> int:
    """Return the columns that pieces take together."""
    return sum(cell_width(piece.text) for piece in pieces)


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int) -> tuple[Piece, ...]:
    """Put pieces at both ends of a line.

    Where they do not fit, the left ones are cut with ``…``.

    Args:
        left: Pieces for the left end.
        right: Pieces for the right end.
        width: Columns of the line.
    """
    room = width - width_of(right)
    fitted: list[Piece] = []
    for piece in left:
        taken = cell_width(piece.text)
        if taken <= room:
            fitted.append(piece)
            room -= taken
            continue
        if room > 0:
            fitted.append(Piece(cut(piece.text, room), piece.style, piece.target))
            room -= cell_width(fitted[-1].text)
        break
    return (*fitted, gap(room), *right)


def piece_at(pieces: Iterable[Piece], x: int) -> Piece | None:
    """Return the piece at a column of a line, or ``None`` beyond its end."""
    position = 0
    for piece in pieces:
        position += cell_width(piece.text)
        if x < position:
            return piece
    return None


def content_of(pieces: Iterable[Piece]) -> Content:
    """Make what Textual draws from pieces. Nothing is read as markup."""
    return Content.assemble(*((piece.text, piece.style) for piece in pieces))


def lines_of(lines: Iterable[Sequence[Piece]]) -> Content:
    """Make what Textual draws from several lines of pieces."""
    return Content("\n").join(content_of(line) for line in lines)
