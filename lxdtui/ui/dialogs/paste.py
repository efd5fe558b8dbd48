"""The question before text is pasted that the program takes for keys."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.ui.dialogs.box import BoxDialog
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.widgets.pieces import Piece, lines_of

__all__ = ["PasteDialog", "one_line"]

_LINES_SHOWN = 8
_WIDTH = 62


def one_line(text: str) -> str:
    """Return a text with its lines joined by blanks, so that nothing in it acts as Enter."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


class PasteDialog(BoxDialog[str | None]):
    """Shows what would be pasted; ends with the text to paste, or ``None``.

    Args:
        text: What is to be pasted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "choose('no')", "Do not paste", show=False, id="paste.no"),
        Binding("p", "choose('yes')", "Paste", show=False, id="paste.yes"),
        Binding("o", "choose('one')", "As one line", show=False, id="paste.one"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._lines = text.rstrip("\n").split("\n")

    def title_pieces(self) -> list[Piece]:
        """Return the question."""
        lines = len(self._lines)
        what = f"{count(lines)} lines" if lines > 1 else "a line"
        return [Piece(f"Paste {what} into a program that takes them for keys?", "$strong bold")]

    def body(self) -> ComposeResult:
        """Show the beginning of the text, controls as signs."""
        shown = [
            [Piece(cut(safe_text(line.rstrip("\r")), _WIDTH) or " ", "$fg")]
            for line in self._lines[:_LINES_SHOWN]
        ]
        left = len(self._lines) - len(shown)
        if left:
            shown.append([Piece(f"and {count(left)} more", "$muted")])
        yield Static(lines_of(shown), classes="after")
        words = "Each line end acts as Enter: a shell runs what stands before it."
        yield Static(words, classes="after muted", markup=False)

    def buttons(self) -> Iterable[Widget]:
        """Make the buttons."""
        yield DialogButton("Esc", "no", answer="no", classes="-safe")
        yield DialogButton("o", "as one line", answer="one", classes="-safe")
        yield DialogButton("p", "paste", answer="yes")

    def pressed(self, answer: str) -> None:
        """Do what was clicked."""
        self.action_choose(answer)

    def action_choose(self, answer: str) -> None:
        """End with what is to be pasted."""
        texts = {"yes": self._text, "one": one_line(self._text)}
        self.answer(texts.get(answer))
