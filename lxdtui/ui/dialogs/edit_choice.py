"""A question with a few answers, each with its key; the editor asks with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import safe_lines
from lxdtui.ui.widgets.diff_view import DiffView
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["Answer", "EditChoice"]

_LABELS = {"escape": "Esc", "enter": "Enter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer."""

    key: str
    """Its key, as Textual names it."""
    words: str
    """What it does, in a word or two."""
    id: str
    """What the dialog ends with."""
    is_safe: bool = False
    """Whether it changes nothing."""
    is_dangerous: bool = False
    """Whether something is lost by it."""


class EditChoice(Dialog[str]):
    """Asks, and ends with the id of an answer; Escape is the first one that is safe.

    Args:
        title: The whole question.
        lines: What there is to know, one sentence a line; made harmless here.
        answers: The answers; at least one is safe.
        shows: A difference that is looked at while answering, already filled.
        is_dangerous: Whether something can be lost.
    """

    DEFAULT_CSS = """
    EditChoice {
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
        &.-danger #box { border: round $red; }
        &.-difference #box { width: 100%; height: 100%; max-width: 160; padding: 0 1; }
        Static { width: 1fr; height: auto; background: $raised; }
        .after { margin: 0 0 1 0; }
        &.-difference .after { margin: 0; }
        #lines { color: $muted; }
        #buttons { height: auto; width: 1fr; align-horizontal: right; }
        DiffView { margin: 0 0 1 0; }
    }
    """

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        answers: Sequence[Answer],
        *,
        shows: DiffView | None = None,
        is_dangerous: bool = False,
    ) -> None:
        classes = ["-danger"] * is_dangerous + ["-difference"] * (shows is not None)
        super().__init__(classes=" ".join(classes))
        self._title = title
        self._lines = tuple(lines)
        self._answers = tuple(answers)
        self._shows = shows
        safe = next(answer for answer in answers if answer.is_safe)
        for answer in answers:
            self._bind(answer.key, answer)
        self._bind("escape", safe)

    def compose(self) -> ComposeResult:
        """Put the parts below one another, buttons at the end."""
        with Vertical(id="box"):
            yield Static(content_of([Piece(self._title, "$strong bold")]), classes="after")
            if self._lines:
                text = "\n".join(line for one in self._lines for line in safe_lines(one))
                yield Static(text, id="lines", classes="after", markup=False)
            if self._shows is not None:
                yield self._shows
            with Horizontal(id="buttons"):
                for answer in self._answers:
                    yield DialogButton(
                        _LABELS.get(answer.key, answer.key),
                        answer.words,
                        answer=answer.id,
                        classes=(
                            "-safe" if answer.is_safe else "-danger" if answer.is_dangerous else ""
                        ),
                    )

    def on_mount(self) -> None:
        """Take away what was said before: it would cover the buttons."""
        self.app.clear_notifications()

    def action_choose(self, answer_id: str) -> None:
        """End with an answer."""
        self.answer(answer_id)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.answer(message.answer)

    def _bind(self, key: str, answer: Answer) -> None:
        binding = Binding(key, f"choose('{answer.id}')", answer.words, show=False)
        self._bindings.key_to_bindings[key] = [binding]
