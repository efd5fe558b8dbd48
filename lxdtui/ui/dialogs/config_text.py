"""A text of several lines to be changed: one value, or a whole configuration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.outside_editor import edit_outside
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


class TextDialog(ConfigDialog[str | None]):
    """Lets a text be changed; ends with it, or ``None`` for no change.

    Esc throws nothing away at once: where something was changed it asks again.

    Args:
        question: The text.
        glyphs: The characters to draw with.
        refusal: Why the text before was not accepted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="text.leave", priority=True),
        Binding("ctrl+s", "accept", "Accept", show=False, id="text.accept", priority=True),
        Binding("ctrl+e", "outside", "Own editor", show=False, id="text.outside", priority=True),
    ]

    def __init__(self, question: TextQuestion, *, glyphs: Glyphs, refusal: str = "") -> None:
        super().__init__(glyphs=glyphs, refusal=refusal, classes="-high")
        self._question = question
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
        if self._question.note:
            yield Static(safe_text(self._question.note), classes="after", markup=False)
        area = TextArea(
            self._question.text,
            tab_behavior="indent",
            show_line_numbers=True,
            soft_wrap=False,
            read_only=self._question.is_read_only,
        )
        area.indent_width = 2
        yield area

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
        if not self._question.is_read_only:
            yield DialogButton("Ctrl-E", "Your editor", answer="outside", classes="-safe")
            yield DialogButton("Ctrl-S", "Next", answer="accept")

    def on_mount(self) -> None:
        """Go to the text, to the line that was complained of."""
        area = self.query_one(TextArea)
        self.set_focus(area)
        if self._question.line:
            area.move_cursor((self._question.line - 1, 0), center=True)

    def action_leave(self) -> None:
        """End without a change; ask again where something would be lost."""
        is_changed = self.query_one(TextArea).text != self._question.before
        if is_changed and not self._is_warned and not self._question.is_read_only:
            self._is_warned = True
            self.notify("Esc again throws your text away", timeout=4, markup=False)
            return
        self.answer(None)

    def action_accept(self) -> None:
        """End with the text."""
        if not self._question.is_read_only:
            self.answer(self.query_one(TextArea).text)

    async def action_outside(self) -> None:
        """Let the text be changed in the user's own editor."""
        if self._question.is_read_only:
            return
        area = self.query_one(TextArea)
        text, problem = edit_outside(self.app, area.text, suffix=self._question.suffix)
        if problem:
            self.notify(problem, severity="warning", timeout=6, markup=False)
        elif text != area.text:
            area.text = text

    @on(TextArea.Changed)
    def _changed(self, message: TextArea.Changed) -> None:
        message.stop()
        self._is_warned = False

    @on(DialogButton.Pressed)
    async def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "accept":
                self.action_accept()
            case "outside":
                await self.action_outside()
            case _:
                self.action_leave()
