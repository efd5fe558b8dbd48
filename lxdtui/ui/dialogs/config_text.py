"""A text of several lines to be changed: one value, or a whole configuration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from lxdtui.services.configuration import HiddenValues
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.host.lending import CannotLend
from lxdtui.ui.host.outside import edit_outside, editor_words
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["TextDialog", "TextQuestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion:
    """A text to be changed."""

    what: str
    """What it is: ``cloud-init.user-data``."""
    name: str
    """Of which instance."""
    text: str
    before: str
    """What it was before anything was changed."""
    note: str = ""
    """A sentence above it; any text."""
    suffix: str = ".yaml"
    """End of the file's name in the user's own editor."""
    is_read_only: bool = False
    line: int = 0
    """The line to begin at, from 1; 0 for the first."""
    hidden: HiddenValues | None = None
    """What stand-ins in the text stand for; they can be written out."""
    is_covered: bool = False
    """Whether the whole text is hidden until it is asked for."""


class TextDialog(ConfigDialog[str | None]):
    """Lets a text be changed; ends with it, or ``None`` for no change.

    Esc throws nothing away at once: where something was changed it asks again.
    What looks like a secret is hidden until it is asked for.

    Args:
        question: The text.
        glyphs: The characters to draw with.
        refusal: Why the text before was not accepted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="text.leave", priority=True),
        Binding("ctrl+s", "accept", "Accept", show=False, id="text.accept", priority=True),
        Binding("ctrl+e", "outside", "Own editor", show=False, id="text.outside", priority=True),
        Binding("ctrl+r", "reveal", "Reveal", show=False, id="text.reveal", priority=True),
    ]
    DEFAULT_CSS = """
    TextDialog #cover { height: 1fr; color: $muted; }
    """

    def __init__(self, question: TextQuestion, *, glyphs: Glyphs, refusal: str = "") -> None:
        super().__init__(glyphs=glyphs, refusal=refusal, classes="-high")
        self._question = question
        self._before = question.before
        self._is_covered = question.is_covered
        self._hidden = question.hidden.count_in(question.text) if question.hidden else 0
        self._is_warned = False

    def heading(self) -> Sequence[Piece]:
        """Return what it is, of which instance."""
        return (
            Piece(safe_text(self._question.what), "$strong bold"),
            Piece(" of ", "$muted"),
            Piece(safe_text(self._question.name), "$strong bold"),
        )

    def parts(self) -> Iterable[Widget]:
        """Return the note and the text."""
        note = self._question.note
        if self._hidden:
            verb = (
                "looks like a secret and is" if self._hidden == 1 else "look like secrets and are"
            )
            note = f"{note} {plural(self._hidden, 'value')} {verb} hidden.".strip()
        if note:
            yield Static(safe_text(note), classes="after", markup=False)
        if self._is_covered:
            lines = plural(self._question.text.count("\n") + 1, "line")
            words = f"It looks like a secret: {lines} hidden until you ask for them."
            yield Static(words, id="cover", markup=False)
        area = TextArea(
            self._question.text,
            tab_behavior="indent",
            show_line_numbers=True,
            soft_wrap=False,
            read_only=self._question.is_read_only,
        )
        area.indent_width = 2
        area.display = not self._is_covered
        yield area

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe -leave")
        if self._is_covered or self._hidden:
            yield DialogButton("Ctrl-R", "Reveal", answer="reveal", classes="-safe -reveal")
        if not self._question.is_read_only:
            buttons = (
                DialogButton("Ctrl-E", "Your editor", answer="outside", classes="-safe"),
                DialogButton("Ctrl-S", "Next", answer="accept"),
            )
            for button in buttons:
                button.display = not self._is_covered
                yield button

    def on_mount(self) -> None:
        """Go to the text, to the line that was complained of."""
        area = self.query_one(TextArea)
        if not self._is_covered:
            self.set_focus(area)
        if self._question.line:
            area.move_cursor((self._question.line - 1, 0), center=True)

    def action_leave(self) -> None:
        """End without a change; ask again where something would be lost."""
        is_changed = self.query_one(TextArea).text != self._before
        if is_changed and not self._is_warned and not self._question.is_read_only:
            self._warn(is_warned=True)
            return
        self.answer(None)

    def _warn(self, *, is_warned: bool) -> None:
        """Say on the button itself that the next Esc throws the text away."""
        self._is_warned = is_warned
        button = self.query_one(".-leave", DialogButton)
        button.set_class(is_warned, "-danger")
        button.set_class(not is_warned, "-safe")
        button.say("Throw your text away" if is_warned else "Leave")

    def action_accept(self) -> None:
        """End with the text."""
        if not self._question.is_read_only and not self._is_covered:
            self.answer(self.query_one(TextArea).text)

    def action_reveal(self) -> None:
        """Show what is hidden."""
        area = self.query_one(TextArea)
        if self._is_covered:
            self._is_covered = False
            self.query_one("#cover").display = False
            area.display = True
        elif self._hidden and self._question.hidden is not None:
            self._hidden = 0
            row, column = area.cursor_location
            line = area.document.get_line(row)
            self._before = self._question.hidden.reveal(self._before)
            text = self._question.hidden.reveal(area.text)
            area.text = text
            lines = text.split("\n")
            row = lines.index(line) if line in lines else min(row, len(lines) - 1)
            area.move_cursor((row, column), center=True)
        for button in self.query(DialogButton):
            button.display = not button.has_class("-reveal")
        self.set_focus(area)

    def action_outside(self) -> None:
        """Let the text be changed in the user's own editor."""
        if not self._question.is_read_only and not self._is_covered:
            # A group that waits for the user, as for a dialog.
            self.run_worker(self._edit_outside(), group="instance.outside", exclusive=True)

    async def _edit_outside(self) -> None:
        area = self.query_one(TextArea)
        path = f"{self._question.what}{self._question.suffix}"
        problem = ""
        try:
            left, status = await edit_outside(self.app, area.text.encode(), path)
            text = left.decode()
        except CannotLend as error:
            problem = str(error)
        except UnicodeDecodeError:
            problem = "what it left is no UTF-8"
        else:
            if text != area.text:
                area.text = text
            if status:
                problem = f"it ended with status {status}"
        if problem:
            words = f"{editor_words()}: {problem}"
            self.notify(safe_text(words), severity="warning", timeout=6, markup=False)

    @on(TextArea.Changed)
    def _changed(self, message: TextArea.Changed) -> None:
        message.stop()
        if self._is_warned:
            self._warn(is_warned=False)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "accept":
                self.action_accept()
            case "outside":
                self.action_outside()
            case "reveal":
                self.action_reveal()
            case _:
                self.action_leave()
