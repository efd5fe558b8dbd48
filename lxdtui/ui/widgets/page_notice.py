"""One line above a page that says why what it shows may be old."""

from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["PageNotice"]


class PageNotice(Bar):
    """A warning with the key that helps; not there while there is nothing to say.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    PageNotice { display: none; background: $bg; &.-shown { display: block; } }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._words = ""
        self._key = ""
        self._does = ""

    def show(self, words: str, *, key: str = "", does: str = "") -> None:
        """Show other words; the same again costs nothing.

        Args:
            words: What to say, safe text; empty for nothing.
            key: The key that helps.
            does: What that key does.
        """
        if (words, key, does) != (self._words, self._key, self._does):
            self._words, self._key, self._does = words, key, does
            self.set_class(bool(words), "-shown")
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return mark, words, and the key while there is room."""
        left = [gap(1), Piece(f"{self._glyphs.error} ", "$amber"), Piece(self._words, "$amber")]
        help_pieces = [gap(2), Piece(self._key, "$accent bold"), Piece(f" {self._does}", "$muted")]
        if self._key and width_of(left) + width_of(help_pieces) <= width:
            left += help_pieces
        return spread(left, (), width)
