"""What stands in the place of a file that is not open: that it is read, or why it cannot be."""

from textual.widgets import Static

from lxdtui.ui.format.text import safe_lines, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, lines_of

__all__ = ["OpenNotice"]


class OpenNotice(Static):
    """A few lines at the place of the first ones of a file.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    OpenNotice { width: 1fr; height: 1fr; padding: 0 1; background: $bg; }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__("", markup=False)
        self._glyphs = glyphs

    def tell_reading(self, path: str) -> None:
        """Say that a file is read."""
        self.update(
            lines_of(
                [
                    (
                        Piece(f"{self._glyphs.working[0]} ", "$accent"),
                        Piece(f"reading {safe_text(path)}", "$muted"),
                    )
                ]
            )
        )

    def tell_failure(self, title: str, reason: str, hint: str) -> None:
        """Say why a file cannot be read, and which key tries again."""
        lines: list[tuple[Piece, ...]] = [
            (Piece(f"{self._glyphs.error} ", "$red bold"), Piece(safe_text(title), "$strong bold"))
        ]
        for text, hue in ((reason, "$fg"), (hint, "$muted")):
            lines += [(Piece(f"  {line}", hue),) for line in safe_lines(text) if line]
        lines += [(), (Piece("  r", "$accent bold"), Piece(" again", "$muted"))]
        self.update(lines_of(lines))
