"""The question before text is pasted that the program takes for keys."""

import re
from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.ui.dialogs.box import BoxDialog
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.format.amounts import count
from lxdtui.ui.widgets.pasted_view import PastedView, pasted_lines
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["PasteDialog", "one_line"]

_LINE_END = re.compile("[\r\n]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WIDEST = 110
_BESIDE = 8
"""Columns of frame and padding."""
_AROUND = 14
"""Rows of the frame, the words and the buttons."""
_AROUND_LOW = 7
"""The same where there is little room, and the words leave."""
_LOW, _NARROW = 20, 50
_LEAST_ROWS = 3


def one_line(text: str) -> str:
    """Return a text with its lines joined by blanks, so that nothing in it acts as Enter."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _consequences(text: str) -> str:
    """Say what will happen with the line ends and the other controls of a text."""
    sentences = []
    if _LINE_END.search(text):
        sentences.append("Each line end acts as Enter: a shell runs what stands before it.")
        if not text.endswith(("\n", "\r")):
            sentences.append("The last line has none, and waits for yours.")
    if _CONTROL.search(text):
        sentences.append("Signs such as ␛ stand for control characters.")
    return " ".join(sentences)


class PasteDialog(BoxDialog[str | None]):
    """Shows what would be pasted, all of it; ends with the text to paste, or ``None``.

    Args:
        text: What is to be pasted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "choose('no')", "Do not paste", show=False, id="paste.no"),
        Binding("p", "choose('yes')", "Paste", show=False, id="paste.yes"),
        Binding("o", "choose('one')", "As one line", show=False, id="paste.one"),
    ]
    DEFAULT_CSS = """
    PasteDialog {
        #box { width: 110; }
        #place { color: $muted; }
        &.-cramped {
            #box { padding: 0; }
            #title { margin: 0; }
            #place { margin: 0; }
            #words { display: none; }
        }
    }
    """
    AUTO_FOCUS = "PastedView"

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._view = PastedView(text)
        self._place = Static("", id="place", classes="after", markup=False)

    def title_pieces(self) -> list[Piece]:
        """Return the question."""
        lines = len(pasted_lines(self._text))
        what = f"{count(lines)} lines" if lines > 1 else "a line"
        return [Piece(f"Paste {what} into a program that takes them for keys?", "$strong bold")]

    def body(self) -> ComposeResult:
        """Show the text, controls as signs."""
        yield self._view
        yield self._place
        yield Static(_consequences(self._text), id="words", classes="after muted", markup=False)

    def buttons(self) -> Iterable[Widget]:
        """Make the buttons."""
        yield DialogButton("Esc", "no", answer="no", classes="-safe")
        yield DialogButton("o", "one line", answer="one", classes="-safe")
        yield DialogButton("p", "paste", answer="yes")

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        width, height = self.size
        is_low = height < _LOW or width < _NARROW
        self.set_class(is_low, "-cramped")
        most = height - (_AROUND_LOW if is_low else _AROUND)
        self._view.fit(min(width, _WIDEST) - (2 if is_low else _BESIDE), max(most, _LEAST_ROWS))

    @on(PastedView.Moved)
    def _moved(self, message: PastedView.Moved) -> None:
        message.stop()
        place = self._view.place
        self._place.update(f"{place}  PgUp PgDn")
        self._place.display = bool(place)
        self._view.set_class(not place, "after")

    def pressed(self, answer: str) -> None:
        """Do what was clicked."""
        self.action_choose(answer)

    def action_choose(self, answer: str) -> None:
        """End with what is to be pasted."""
        texts = {"yes": self._text, "one": one_line(self._text)}
        self.answer(texts.get(answer))
