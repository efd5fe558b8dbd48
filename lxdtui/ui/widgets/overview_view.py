"""The scrolled page with everything about one instance."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.overview_pieces import Line, Overview, overview_lines
from lxdtui.ui.widgets.pieces import Piece, lines_of

__all__ = ["OverviewView"]


class _Page(Widget):
    """The lines, as many as there are."""

    DEFAULT_CSS = """
    _Page { width: 1fr; height: auto; padding: 0 1 0 0; color: $fg; background: $bg; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._overview: Overview | None = None
        self._words = ""

    def show(self, overview: Overview | None, words: str) -> None:
        if overview != self._overview or words != self._words:
            self._overview, self._words = overview, words
            self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        return max(len(self._lines(width)), 1)

    def render(self) -> Content:
        return lines_of(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Line]:
        if self._overview is None:
            return [(Piece(self._words, "$fg"),)]
        return overview_lines(self._overview, width, self._glyphs)


class OverviewView(VerticalScroll):
    """Everything about one instance, scrolled with the keys of the list.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    OverviewView {
        height: 1fr;
        padding: 0 0 0 1;
        background: $bg;
        scrollbar-size-vertical: 1;
        scrollbar-background: $bg;
        scrollbar-color: $line;
        scrollbar-background-hover: $bg;
        scrollbar-color-hover: $line;
        scrollbar-background-active: $bg;
        scrollbar-color-active: $line;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("j", "scroll_down", "line down"),
        ("k", "scroll_up", "line up"),
        ("ctrl+f", "page_down", "page down"),
        ("ctrl+b", "page_up", "page up"),
        ("g", "scroll_home", "first line"),
        ("G", "scroll_end", "last line"),
    ]

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._page = _Page(glyphs=glyphs)

    def compose(self) -> ComposeResult:
        """Make the page."""
        yield self._page

    def show(self, overview: Overview | None, words: str = "") -> None:
        """Show something else; the same again costs nothing.

        Args:
            overview: What is shown, or ``None`` for words alone.
            words: What is said instead, safe text.
        """
        self._page.show(overview, words)
