"""Something of the name is there: what becomes of it, and of those that follow."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from lxdtui.model.files import FileAttributes, base_name, is_entry_name
from lxdtui.services.transfers import Answer, Choice, Question, TransferView
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.transfers import compared, place_words
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["OverwriteDialog"]

_CHOICES = {
    "y": (Choice.YES, "Replace"),
    "n": (Choice.NO, "Leave out"),
    "k": (Choice.KEEP_BOTH, "Keep both…"),
    "A": (Choice.ALL, "Replace all"),
    "N": (Choice.NONE, "Leave all out"),
    "K": (Choice.KEEP_ALL_BOTH, "Keep all both"),
    "u": (Choice.NEWER, "Only newer ones"),
}


class OverwriteDialog(Dialog[Answer | None]):
    """Asks about one file; ends with the answer, or ``None`` to answer later.

    Args:
        view: The transfer that asks.
        question: What it asks.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Later", show=False, id="overwrite.later"),
        *(
            Binding(key, f"choose('{key}')", words, show=False, id=f"overwrite.{choice.name}")
            for key, (choice, words) in _CHOICES.items()
        ),
    ]
    DEFAULT_CSS = """
    OverwriteDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 70;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            border: round $amber;
            background: $raised;
            color: $fg;
        }
        Static { width: 1fr; height: auto; background: $raised; }
        .after { margin: 0 0 1 0; }
        .buttons { height: 1; width: 1fr; }
        .buttons DialogButton { margin: 0 2 0 0; }
        #all { margin: 1 0 0 0; }
        #later { align-horizontal: right; margin: 1 0 0 0; }
        #naming { display: none; height: 1; margin: 0 0 1 0; }
        #naming Static { width: auto; }
        &.-naming #naming { display: block; }
        Input, Input:focus {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0 1;
            margin: 0 0 0 2;
            background: $cursor;
            color: $strong;
        }
    }
    """

    def __init__(self, view: TransferView, question: Question, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._view = view
        self._question = question
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Put both files below one another, the answers at the end."""
        question = self._question
        name = safe_text(base_name(question.path))
        with Vertical(id="box"):
            yield Static(
                content_of(
                    (
                        Piece(f"{self._glyphs.error} ", "$amber bold"),
                        Piece(name, "$strong bold"),
                        Piece(" is there already in ", "$strong bold"),
                        Piece(place_words(self._view.target, question.directory), "$amber bold"),
                    )
                ),
                classes="after",
            )
            yield Static(self._line("there", question.target, question.source))
            yield Static(self._line("new", question.source, question.target), classes="after")
            if words := self._sameness():
                yield Static(content_of((Piece(words, "$muted"),)), classes="after")
            with Horizontal(id="naming"):
                yield Static("Name of the new one", markup=False)
                yield Input(compact=True, disabled=True, select_on_focus=False)
            for row in ("nyk", "NAK"):
                with Horizontal(classes="buttons", id="one" if row == "nyk" else "all"):
                    for key in row:
                        yield self._button(key)
            with Horizontal(classes="buttons", id="later"):
                yield self._button("u")
                yield DialogButton("Esc", "Answer later", answer="later", classes="-safe")

    def on_key(self, event: events.Key) -> None:
        """Let Esc leave the field before it leaves the dialog."""
        if event.key == "escape" and self.has_class("-naming"):
            event.stop()
            event.prevent_default()
            self._ask_name(is_wanted=False)

    def action_leave(self) -> None:
        """End without an answer; the transfer goes on asking."""
        self.answer(None)

    def action_choose(self, key: str) -> None:
        """Answer, or ask for a name first."""
        choice, _ = _CHOICES[key]
        if choice is Choice.KEEP_BOTH:
            self._ask_name(is_wanted=True)
        else:
            self.answer(Answer(choice=choice))

    @on(Input.Submitted)
    def _named(self, message: Input.Submitted) -> None:
        message.stop()
        name = message.value
        if name == safe_text(self._question.proposed):
            # What stands in the field may be a harmless picture of the real name.
            name = self._question.proposed
        if is_entry_name(name):
            self.answer(Answer(choice=Choice.KEEP_BOTH, name=name))
        else:
            self.notify("This is no name of a file", severity="warning", markup=False)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "later":
            self.action_leave()
        else:
            self.action_choose(message.answer)

    def _ask_name(self, *, is_wanted: bool) -> None:
        field = self.query_one(Input)
        field.disabled = not is_wanted
        self.set_class(is_wanted, "-naming")
        if is_wanted:
            field.value = safe_text(self._question.proposed)
            field.focus()
        else:
            self.set_focus(None)

    def _button(self, key: str) -> DialogButton:
        choice, words = _CHOICES[key]
        classes = "-danger" if choice in (Choice.YES, Choice.ALL) else "-safe"
        return DialogButton(key, words, answer=key, classes=classes)

    def _line(self, word: str, found: FileAttributes, other: FileAttributes) -> Content:
        return content_of((Piece(f"{word:<7}", "$muted"), Piece(compared(found, other), "$fg")))

    def _sameness(self) -> str:
        """Say what else there is to say: the same, or how many wait."""
        source, target = self._question.source, self._question.target
        words: list[str] = []
        if source.size == target.size and source.modified == target.modified:
            words.append("Both have the same size and time.")
        left = self._view.files_total - self._view.files_done - 1
        if left > 0:
            more = "" if self._view.is_counted else " at least"
            words.append(f"{plural(left, 'more item')}{more} in this batch.")
        return " ".join(words)
