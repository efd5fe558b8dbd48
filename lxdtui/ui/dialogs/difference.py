"""The difference of one file on both sides of a comparison."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import cut_middle, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.diff_view import DiffView
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["DifferenceDialog"]

_PATH_WIDTH = 120


class DifferenceDialog(Dialog[bool]):
    """Shows the text of both sides; ends with whether it is to be taken back.

    Args:
        path: The file.
        before: Its text on the old side.
        after: Its text on the new side.
        labels: What the sides are.
        may_take_back: Whether it can be taken back.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "end(False)", "Close", show=False, id="difference.close"),
        Binding("t", "end(True)", "Take back", show=False, id="difference.take_back"),
    ]
    DEFAULT_CSS = """
    DifferenceDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 96%;
            height: 92%;
            padding: 0 1;
            border: round $accent;
            background: $raised;
        }
        Static { width: 1fr; height: 1; background: $raised; }
        DiffView { height: 1fr; margin: 1 0; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(
        self,
        path: str,
        before: str,
        after: str,
        *,
        labels: tuple[str, str],
        may_take_back: bool,
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._path, self._texts = path, (before, after)
        self._may_take_back = may_take_back
        self._view = DiffView(glyphs=glyphs, old_label=labels[0], new_label=labels[1])

    def compose(self) -> ComposeResult:
        """Put the difference under its path."""
        with Vertical(id="box"):
            yield Static(
                content_of((Piece(cut_middle(safe_text(self._path), 120), "$strong bold"),))
            )
            yield self._view
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", "Close", answer="close", classes="-safe")
                if self._may_take_back:
                    yield DialogButton("t", "Take back", answer="take")

    def on_mount(self) -> None:
        """Show the difference."""
        self._view.show(*self._texts)
        self.set_focus(self._view)

    def action_end(self, takes_back: bool) -> None:
        """End with what is to be done."""
        if not takes_back or self._may_take_back:
            self.answer(takes_back)

    def on_dialog_button_pressed(self, message: DialogButton.Pressed) -> None:
        """End as the button says."""
        message.stop()
        self.action_end(message.answer == "take")
