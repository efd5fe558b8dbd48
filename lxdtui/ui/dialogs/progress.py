"""Something under way that is waited for: how far it is, and a way to end it."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.graphs import gauge_cells
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, lines_of

__all__ = ["ProgressDialog"]

_WIDTH = 62
_GAUGE = 40


class ProgressDialog(Dialog[bool]):
    """Shows how far something is; ends with whether it came to its end by itself.

    Args:
        title: What is under way.
        notes: What to know meanwhile.
        cancels: Words on the button that ends it.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False, id="progress.cancel"),
    ]
    DEFAULT_CSS = """
    ProgressDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 70;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        Static { width: 1fr; height: auto; background: $raised; margin: 0 0 1 0; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(
        self, title: str, *, notes: str = "", cancels: str = "Cancel", glyphs: Glyphs
    ) -> None:
        super().__init__()
        self._title, self._notes, self._glyphs = title, notes, glyphs
        self._cancels = cancels
        self._words = ""
        self._percent: int | None = None
        self._is_over = False
        self._state = Static(id="state")

    def compose(self) -> ComposeResult:
        """Put the title over how far it is."""
        with Vertical(id="box"):
            yield Static(content_of((Piece(safe_text(self._title), "$strong bold"),)))
            yield self._state
            if self._notes:
                yield Static(content_of((Piece(safe_text(self._notes), "$muted"),)))
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", self._cancels, answer="cancel", classes="-safe")

    def on_mount(self) -> None:
        """Show what was told before."""
        self._state.update(self._drawn())

    def report(self, words: str, percent: int | None) -> None:
        """Show how far it is.

        Args:
            words: The server's words, or ours.
            percent: Per cent done, where known.
        """
        self._words, self._percent = words, percent
        if self.is_mounted:
            self._state.update(self._drawn())

    def finish(self) -> None:
        """End the dialog, as soon as it is on top: it is done, or failed."""
        self._is_over = True
        if self.is_current:
            self.answer(True)

    def action_cancel(self) -> None:
        """End it before it is done."""
        self.answer(False)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        if self._is_over:
            self.answer(True)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.action_cancel()

    def _drawn(self) -> Content:
        glyph = Piece(f"{self._glyphs.working[0]} ", "$accent")
        words = Piece(cut(safe_text(self._words) or "under way", _WIDTH - 2), "$fg")
        if self._percent is None:
            return lines_of([(glyph, words), ()])
        filled = gauge_cells(self._percent / 100, _GAUGE)
        gauge = (
            Piece(self._glyphs.filled * filled, "$accent"),
            Piece(self._glyphs.rest * (_GAUGE - filled), "$line"),
            Piece(f"  {self._percent:>3}%", "$strong"),
        )
        return lines_of([(glyph, words), gauge])
