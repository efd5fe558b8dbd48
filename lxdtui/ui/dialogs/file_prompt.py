"""A question that is answered by a name or a path."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["FilePrompt", "Prompt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What is asked."""

    title: Sequence[Piece]
    """The question, with the place."""
    do: str
    """Words on the button."""
    value: str = ""
    """What stands in the field at first."""
    chosen: tuple[int, int] | None = None
    """The part of it that typing replaces."""
    hint: str = ""
    """What helps to answer."""
    check: Callable[[str], str] = lambda _value: ""
    """Why an answer cannot be taken, in words; empty where it can."""
    complete: Callable[[str], Awaitable[str]] | None = None
    """Makes an answer longer as far as there is only one way; for Tab."""


class FilePrompt(Dialog[str | None]):
    """Asks for a line of text; ends with it.

    Args:
        prompt: What is asked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="file_prompt.leave"),
        Binding("tab", "complete", "Complete", show=False, id="file_prompt.complete"),
    ]
    DEFAULT_CSS = """
    FilePrompt {
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
        Input, Input:focus {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0 1;
            margin: 1 0;
            background: $hover;
            color: $strong;
        }
        Input:focus { background: $cursor; }
        #hint { color: $muted; margin: 0 0 1 0; }
        #hint.-wrong { color: $amber; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self._prompt = prompt
        self._typed_ahead = ""

    def compose(self) -> ComposeResult:
        """Put title, field and buttons below one another."""
        prompt = self._prompt
        with Vertical(id="box"):
            yield Static(content_of(prompt.title))
            yield Input(value=prompt.value, compact=True, select_on_focus=False)
            yield Static(prompt.hint, id="hint", markup=False)
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
                yield DialogButton("Enter", prompt.do, answer="do")

    def on_mount(self) -> None:
        """Put the cursor where typing goes on."""
        field = self.query_one(Input)
        self.set_focus(field)
        start, end = self._prompt.chosen or (len(field.value), len(field.value))
        if self._typed_ahead:
            field.value = f"{field.value[:start]}{self._typed_ahead}{field.value[end:]}"
            field.cursor_position = start + len(self._typed_ahead)
        else:
            field.cursor_position = end
            if start != end:
                field.selection = field.selection._replace(start=start, end=end)
        self._tell()

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed before the field is there."""
        if self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            self._typed_ahead += event.character

    def action_leave(self) -> None:
        """End without an answer."""
        self.answer(None)

    def action_complete(self) -> None:
        """Make the answer longer, as far as there is only one way."""
        if self._prompt.complete is not None:
            self.run_worker(self._complete(), group="complete", exclusive=True)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._tell()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._take(message.value)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "do":
            self._take(self.query_one(Input).value)
        else:
            self.answer(None)

    def _take(self, value: str) -> None:
        if value and not self._prompt.check(value):
            self.answer(value)

    def _tell(self) -> None:
        value = self.query_one(Input).value
        wrong = self._prompt.check(value) if value else ""
        hint = self.query_one("#hint", Static)
        hint.update(content_of([Piece(wrong or self._prompt.hint, "")]))
        hint.display = bool(wrong or self._prompt.hint)
        hint.set_class(bool(wrong), "-wrong")

    async def _complete(self) -> None:
        field = self.query_one(Input)
        complete = self._prompt.complete
        before = field.value
        if complete is None:
            return
        longer = await complete(before)
        if field.value == before and longer != before:
            field.value = longer
            field.cursor_position = len(longer)
