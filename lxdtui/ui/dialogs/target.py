"""What to do with an address or a path that a program has written."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.ui.dialogs.box import BoxDialog
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.terminal_links import Target, TargetKind

__all__ = ["TargetAnswer", "TargetDialog"]

_WIDTH = 62


class TargetAnswer(StrEnum):
    """What is to be done."""

    COPY = "copy"
    OPEN = "open"


class TargetDialog(BoxDialog[TargetAnswer | None]):
    """Shows where a target leads; ends with what to do.

    Args:
        target: The address or path.
        open_words: What opening it means; empty where that is not possible.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "choose('')", "Nothing", show=False, id="target.no"),
        Binding("enter,c,y", "choose('copy')", "Copy", show=False, id="target.copy"),
        Binding("o", "choose('open')", "Open", show=False, id="target.open"),
    ]

    def __init__(self, target: Target, *, open_words: str) -> None:
        super().__init__()
        self._target = target
        self._open_words = open_words

    def title_pieces(self) -> list[Piece]:
        """Return what it is."""
        words = "An address" if self._target.kind is TargetKind.URL else "A path"
        return [Piece(f"{words} on the screen", "$strong bold")]

    def body(self) -> ComposeResult:
        """Show the true target whole, and the words on the screen where they differ."""
        yield Static(safe_text(self._target.value), classes="after", markup=False)
        if self._target.is_disguised:
            shown = cut(safe_text(self._target.shown.strip()), _WIDTH - 22)
            words = f"On the screen it says: {shown}"
            yield Static(words, classes="after muted", markup=False)

    def buttons(self) -> Iterable[Widget]:
        """Make the buttons."""
        yield DialogButton("Esc", "nothing", answer="", classes="-safe")
        if self._open_words:
            yield DialogButton("o", self._open_words, answer="open", classes="-safe")
        yield DialogButton("Enter", "copy", answer="copy")

    def pressed(self, answer: str) -> None:
        """Do what was clicked."""
        self.action_choose(answer)

    def action_choose(self, answer: str) -> None:
        """End with what is to be done."""
        if answer == TargetAnswer.OPEN and not self._open_words:
            return
        self.answer(TargetAnswer(answer) if answer else None)
