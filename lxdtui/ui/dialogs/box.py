"""The ground of small dialogs: a title, something to read or type, buttons."""

from collections.abc import Iterable
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["BoxDialog"]

Answer = TypeVar("Answer")


class BoxDialog(Dialog[Answer]):
    """A box with a title, a body and buttons."""

    DEFAULT_CSS = """
    BoxDialog {
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
        Static { width: 1fr; height: auto; background: $raised; }
        #title { margin: 0 0 1 0; }
        .after { margin: 0 0 1 0; }
        .muted { color: $muted; }
        .problem { color: $red; }
        Input {
            height: 1;
            border: none;
            padding: 0 1;
            margin: 0 0 1 0;
            background: $hover;
            color: $strong;
        }
        Input:focus { background: $cursor; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def title_pieces(self) -> list[Piece]:
        """Return the title: a whole question or sentence."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Make what stands between title and buttons."""
        raise NotImplementedError

    def buttons(self) -> Iterable[Widget]:
        """Make the buttons, the safe one first."""
        raise NotImplementedError

    def pressed(self, answer: str) -> None:
        """React to a click on a button.

        Args:
            answer: What it means.
        """
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Put the parts below one another."""
        with Vertical(id="box"):
            yield Static(content_of(self.title_pieces()), id="title")
            yield from self.body()
            with Horizontal(id="buttons"):
                yield from self.buttons()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.pressed(message.answer)
