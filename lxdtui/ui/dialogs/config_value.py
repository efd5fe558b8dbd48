"""One configuration key: what is known of it, and its value to be changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.model.config_keys import ConfigKey, KeyKind, value_problem
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.configuration import facts_of
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import pad_right, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, gap

__all__ = ["KeyQuestion", "ValueDialog"]

_LABEL = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyQuestion:
    """A key with what is known of it and of its value."""

    key: str
    name: str
    """The instance."""
    value: str
    """What stands in the field at first."""
    known: ConfigKey | None
    is_set: bool
    """Whether the instance itself has a value."""
    without: str = ""
    """What holds where it is unset, and who says so: ``2GiB of default``."""
    is_running: bool = False
    """Whether a change that needs a start is late."""


class ValueDialog(ConfigDialog[str | None]):
    """Asks for the value of a key; ends with it, empty to unset it, ``None`` for no change.

    Args:
        question: The key.
        glyphs: The characters to draw with.
        refusal: Why the value before was not accepted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="value.leave"),
        Binding("enter", "accept", "Accept", show=False, id="value.accept"),
        Binding("ctrl+r", "reveal", "Reveal or hide", show=False, id="value.reveal"),
    ]
    DEFAULT_CSS = """
    ValueDialog #problem { height: 1; margin: 0; color: $amber; }
    """

    def __init__(self, question: KeyQuestion, *, glyphs: Glyphs, refusal: str = "") -> None:
        super().__init__(glyphs=glyphs, refusal=refusal)
        self._question = question
        self._choices = _choices(question)

    def heading(self) -> Sequence[Piece]:
        """Return key and instance."""
        question = self._question
        return (
            Piece(safe_text(question.key), "$strong bold"),
            Piece(" of ", "$muted"),
            Piece(safe_text(question.name), "$strong bold"),
        )

    def parts(self) -> Iterable[Widget]:
        """Return the facts and the field."""
        question = self._question
        known = question.known
        if known is not None and known.tells:
            tells = known.tells[0].upper() + known.tells[1:]
            yield Static(f"{safe_text(tells)}.", classes="after", markup=False)
        facts = [*facts_of(known)]
        if question.without:
            facts.append(("Unset", question.without))
        lines = []
        for name, words in facts:
            is_late = name == "In effect" and known and known.is_live is False
            hue = "$amber" if is_late and question.is_running else "$fg"
            lines.append((Piece(pad_right(name, _LABEL), "$muted"), Piece(safe_text(words), hue)))
        yield self.block(lines, classes="after")
        if self._choices:
            options = OptionList(
                *(Option(self._choice(value), id=value or "-") for value in self._choices),
                compact=True,
            )
            current = question.value if question.value in self._choices else ""
            options.highlighted = self._choices.index(current)
            yield options
        else:
            yield Input(
                question.value,
                placeholder="empty unsets it",
                compact=True,
                password=is_secret(question.key),
                select_on_focus=False,
            )
            yield Static("", id="problem", markup=False)

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave as it is", answer="leave", classes="-safe")
        if is_secret(self._question.key) and not self._choices:
            yield DialogButton("Ctrl-R", "Reveal", answer="reveal", classes="-safe")
        yield DialogButton("Enter", "Next", answer="accept")

    def on_mount(self) -> None:
        """Go to the field; the value may be old and wrong already."""
        self.set_focus(self.query_one(OptionList if self._choices else Input))
        if not self._choices:
            self._judge(self._question.value)

    def on_key(self, event: events.Key) -> None:
        """Let the letter of a choice choose it."""
        if self._choices and event.character:
            for index, value in enumerate(self._choices):
                if value and value[0] == event.character.lower():
                    self.query_one(OptionList).highlighted = index
                    event.stop()
                    return

    def action_leave(self) -> None:
        """End without a change."""
        self.answer(None)

    def action_accept(self) -> None:
        """End with the value."""
        if self._choices:
            index = self.query_one(OptionList).highlighted or 0
            self.answer(self._choices[index])
        else:
            self.answer(self.query_one(Input).value)

    def action_reveal(self) -> None:
        """Show a secret, or hide it again."""
        if not self._choices:
            field = self.query_one(Input)
            field.password = not field.password

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._judge(message.value)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.answer(message.value)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer(self._choices[message.option_index])

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "accept":
                self.action_accept()
            case "reveal":
                self.action_reveal()
            case _:
                self.action_leave()

    def _judge(self, value: str) -> None:
        known = self._question.known
        problem = value_problem(known, value) if known else None
        words = f"{self.glyphs.error} It {problem}." if problem else ""
        self.query_one("#problem", Static).update(Content(words))

    def _choice(self, value: str) -> Content:
        question = self._question
        if value:
            return content_of((Piece(value, "$strong"),))
        default = question.known.default if question.known else ""
        otherwise = question.without or (f"then {default}" if default else "")
        return content_of(
            (Piece("unset", "$strong"), gap(2), Piece(safe_text(otherwise), "$muted"))
        )


def _choices(question: KeyQuestion) -> tuple[str, ...]:
    known = question.known
    if known is None:
        return ()
    values = ("true", "false") if known.kind is KeyKind.BOOL else known.choices
    if not values or (question.value and question.value not in values):
        return ()
    return (*values, "")
