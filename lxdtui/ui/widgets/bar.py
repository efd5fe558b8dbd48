"""The ground of all one-line widgets: drawn from pieces, clicked by targets."""

from textual import events
from textual.content import Content
from textual.widget import Widget

from lxdtui.ui.widgets.pieces import Piece, content_of, piece_at

__all__ = ["Bar"]


class Bar(Widget):
    """A line of pieces over its whole width."""

    DEFAULT_CSS = """
    Bar {
        height: 1;
        width: 1fr;
        background: $bar;
        color: $fg;
    }
    """
    ALLOW_SELECT = False

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the pieces for a width.

        Args:
            width: Columns of the line.
        """
        raise NotImplementedError

    def chosen(self, target: str) -> None:
        """React to a click on a piece with a target.

        Args:
            target: The piece's target.
        """

    def render(self) -> Content:
        """Draw the pieces for the width there is."""
        return content_of(self.pieces(self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        """Find what was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y:
            return
        piece = piece_at(self.pieces(self.content_size.width), offset.x)
        if piece is not None and piece.target:
            event.stop()
            self.chosen(piece.target)
