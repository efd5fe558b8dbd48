"""The ground of views that draw line by line: pieces in, strips out.

The roles of pieces are component classes, so that the theme decides on the
colours; the styles that come of it are kept until the theme changes.
"""

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lxdtui.ui.widgets.pieces import Piece

__all__ = ["CURSOR", "HEADER", "MARK", "PaintedView"]

HEADER = "ground--header"
"""Ground of a line of titles."""
CURSOR = "ground--cursor"
"""Ground of the row under the cursor; weaker without the focus."""
MARK = "ground--mark"
"""Ground of a marked row."""
_ROLES = (
    "fg",
    "strong",
    "muted",
    "faint",
    "line",
    "accent",
    "green",
    "cyan",
    "amber",
    "red",
    "violet",
)


class PaintedView(ScrollView):
    """A scrolling view whose lines are made of pieces."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"role--{role}" for role in _ROLES),
        HEADER,
        CURSOR,
        MARK,
    }
    DEFAULT_CSS = """
    PaintedView {
        background: $bg;
        color: $fg;
        & > .role--fg { color: $fg; }
        & > .role--strong { color: $strong; }
        & > .role--muted { color: $muted; }
        & > .role--faint { color: $faint; }
        & > .role--line { color: $line; }
        & > .role--accent { color: $accent; }
        & > .role--green { color: $green; }
        & > .role--cyan { color: $cyan; }
        & > .role--amber { color: $amber; }
        & > .role--red { color: $red; }
        & > .role--violet { color: $violet; }
        & > .ground--header { background: $bar; }
        & > .ground--mark { background: $mark; }
        & > .ground--cursor { background: $hover; }
        &:focus > .ground--cursor { background: $cursor; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._styles_by_words: dict[tuple[str, str], Style] = {}

    def notify_style_update(self) -> None:
        """Forget the styles of before."""
        super().notify_style_update()
        self._styles_by_words.clear()

    def strip(self, pieces: Iterable[Piece], ground: str) -> Strip:
        """Make a line.

        Args:
            pieces: What stands in it.
            ground: Component class of its ground; empty for that of the view.
        """
        segments = [
            Segment(piece.text, self._style(piece.style, ground)) for piece in pieces if piece.text
        ]
        return Strip(segments).simplify()

    def _style(self, words: str, ground: str) -> Style:
        known = self._styles_by_words.get((words, ground))
        if known is not None:
            return known
        role, _, attribute = words.partition(" ")
        style = self.rich_style
        if ground:
            style += Style(bgcolor=self.get_component_rich_style(ground).bgcolor)
        foreground = self.get_component_rich_style(f"role--{role.lstrip('$')}").color
        style += Style(color=foreground, bold=attribute == "bold")
        self._styles_by_words[words, ground] = style
        return style
