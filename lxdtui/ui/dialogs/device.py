"""A device to be added or changed: its type, then the fields that it needs, one row each."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.model.device_fields import (
    DEVICE_TYPES,
    DeviceField,
    DeviceType,
    Offer,
    device_problems,
)
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, gap

__all__ = ["DeviceAnswer", "DeviceDialog", "DeviceQuestion", "DeviceTypeDialog"]

_TYPE_WIDTH = 12


class DeviceTypeDialog(ConfigDialog[str | None]):
    """Asks for the type of a new device; ends with it.

    Args:
        instance: Name of the instance.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="type.leave"),
        Binding("j", "step(1)", "Next", show=False, id="type.down"),
        Binding("k", "step(-1)", "Before", show=False, id="type.up"),
    ]

    def __init__(self, instance: str, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs)
        self._instance = instance
        self._types = [kind for kind in DEVICE_TYPES.values() if kind.name != "none"]

    def heading(self) -> Sequence[Piece]:
        """Return what is asked."""
        return (Piece(f"Add what to {safe_text(self._instance)}?", "$strong bold"),)

    def parts(self) -> Iterable[Widget]:
        """Return the types."""
        yield OptionList(
            *(
                Option(
                    content_of(
                        (
                            Piece(f"{kind.name:<{_TYPE_WIDTH}}", "$strong bold"),
                            Piece(kind.tells, "$muted"),
                        )
                    ),
                    id=kind.name,
                )
                for kind in self._types
            ),
            compact=True,
        )

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
        yield DialogButton("Enter", "Next", answer="accept")

    def on_mount(self) -> None:
        """Go to the list."""
        options = self.query_one(OptionList)
        options.highlighted = 0
        self.set_focus(options)

    def action_leave(self) -> None:
        """End without a type."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer(message.option_id)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        options = self.query_one(OptionList)
        if message.answer == "accept" and options.highlighted is not None:
            self.answer(self._types[options.highlighted].name)
        else:
            self.answer(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceQuestion:
    """A device to be changed."""

    instance: str
    name: str
    device: Mapping[str, str]
    """Its options, ``type`` among them."""
    is_new: bool = False
    """Whether its name can be chosen."""
    taken: frozenset[str] = frozenset()
    """Names that a new one cannot have."""
    note: str = ""
    """A sentence about where it comes from; any text."""
    pools: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceAnswer:
    """A device as it is wanted."""

    name: str
    device: Mapping[str, str] = field(default_factory=dict)


class DeviceDialog(ConfigDialog[DeviceAnswer | None]):
    """Asks for the fields of a device; ends with it, ``None`` for no change.

    Options that are not in the form keep their values.

    Args:
        question: The device.
        glyphs: The characters to draw with.
        refusal: Why the device before was not accepted.
    """

    SCROLLS: ClassVar[str] = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="device.leave"),
        Binding("down", "step(1)", "Next", show=False, id="device.down"),
        Binding("up", "step(-1)", "Before", show=False, id="device.up"),
        Binding("ctrl+s", "accept", "Next", show=False, id="device.accept"),
    ]
    DEFAULT_CSS = """
    DeviceDialog {
        #fields { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
        .field { height: 1; width: 1fr; }
        .label { width: 15; color: $muted; }
        .label.-needed { color: $strong; }
        .field Input { width: 1fr; }
        #hint { height: 2; color: $muted; margin: 1 0 0 0; }
        #problem { height: 2; color: $amber; }
        #buttons { margin: 0; }
    }
    """

    def __init__(self, question: DeviceQuestion, *, glyphs: Glyphs, refusal: str = "") -> None:
        super().__init__(glyphs=glyphs, refusal=refusal)
        self._question = question
        kind = question.device.get("type", "")
        self._kind = DEVICE_TYPES.get(kind, DeviceType(name=kind, tells=""))

    def heading(self) -> Sequence[Piece]:
        """Return which device of which instance."""
        question = self._question
        what = f"New {self._kind.name}" if question.is_new else question.name
        words = f" of {safe_text(question.instance)}"
        return (
            Piece(safe_text(what), "$strong bold"),
            Piece(words, "$strong bold"),
            gap(2),
            Piece(self._kind.tells if question.is_new else safe_text(self._kind.name), "$muted"),
        )

    def parts(self) -> Iterable[Widget]:
        """Return the fields."""
        question = self._question
        if question.note:
            yield Static(safe_text(question.note), classes="after", markup=False)
        yield _Fields(self._rows(), id="fields")
        yield Static("", id="hint")
        yield Static("", id="problem", markup=False)

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
        yield DialogButton("Enter", "Next", answer="accept")

    def on_mount(self) -> None:
        """Go to the first field."""
        self.set_focus(self.query(Input).first())
        self._judge()

    def action_leave(self) -> None:
        """End without a change."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Go to another field."""
        if rows > 0:
            self.focus_next(Input)
        else:
            self.focus_previous(Input)

    def action_accept(self) -> None:
        """End with the device; it must at least have a free name."""
        try:
            answer = self._answer()
        except ValueError:
            self._judge()
            return
        if not answer.name or answer.name in self._question.taken:
            self._judge()
            self.set_focus(self.query(Input).first())
            return
        self.answer(answer)

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        """Tell what the field is that has the focus."""
        if isinstance(event.widget, _FieldInput):
            one = event.widget
            pieces = [Piece(one.tells, "$fg")]
            if one.offers:
                pieces += [Piece("  offered: ", "$muted"), Piece(", ".join(one.offers), "$accent")]
            self.query_one("#hint", Static).update(content_of(pieces))

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._judge()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_accept()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "accept":
            self.action_accept()
        else:
            self.action_leave()

    def _rows(self) -> list[Horizontal]:
        question = self._question
        rows = []
        if question.is_new:
            rows.append(_row("", "name", "its name, as you like", question.name, (), True))
        for option in self._kind.fields:
            value = question.device.get(option.name, "")
            offers = self._offers(option)
            rows.append(
                _row(option.name, option.name, option.tells, value, offers, option.is_needed)
            )
        more = shlex.join(f"{key}={question.device[key]}" for key in self._unknown())
        tells = "other options, as key=value 'key=other value'"
        rows.append(_row("+", "more", tells, more, (), False))
        return rows

    def _offers(self, option: DeviceField) -> tuple[str, ...]:
        match option.offer:
            case Offer.POOLS:
                return self._question.pools
            case Offer.NETWORKS:
                return self._question.networks
            case Offer.BOOL:
                return ("true", "false")
        return option.choices

    def _unknown(self) -> list[str]:
        known = {option.name for option in self._kind.fields}
        return sorted(set(self._question.device) - known - {"type"})

    def _answer(self) -> DeviceAnswer:
        """Return what stands in the fields; a `ValueError` where it cannot be told apart."""
        name, device = self._question.name, {"type": self._kind.name}
        for one in self.query(_FieldInput):
            value = one.value.strip()
            if one.option == "":
                name = value
            elif one.option == "+":
                pairs = (word.partition("=") for word in shlex.split(one.value))
                device |= {key: value for key, sign, value in pairs if sign and key}
            elif value:
                device[one.option] = value
        return DeviceAnswer(name, device)

    def _judge(self) -> None:
        words = self._problems()
        text = f"{self.glyphs.error} {safe_text('; '.join(words))}." if words else ""
        self.query_one("#problem", Static).update(Content(text))

    def _problems(self) -> tuple[str, ...]:
        try:
            answer = self._answer()
        except ValueError as error:
            return (f"the other options cannot be told apart: {error}",)
        if answer.name in self._question.taken:
            return (f"there is a device {answer.name} already",)
        if not answer.name:
            return ("it needs a name",)
        return device_problems(answer.name, answer.device)


class _FieldInput(Input):
    """The value of an option: empty for the name, ``+`` for options that are not in the form."""

    def __init__(self, option: str, value: str, tells: str, offers: Sequence[str]) -> None:
        # Suggestions are drawn as they are.
        harmless = [offer for offer in offers if safe_text(offer) == offer]
        suggester = SuggestFromList(harmless) if harmless else None
        super().__init__(value, compact=True, select_on_focus=False, suggester=suggester)
        self.option = option
        self.tells = tells[0].upper() + tells[1:]
        self.offers = tuple(map(safe_text, offers))


class _Fields(VerticalScroll):
    """The rows of the form."""

    can_focus = False

    def __init__(self, rows: Sequence[Widget], *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._rows_made = rows

    def compose(self) -> ComposeResult:
        yield from self._rows_made


def _row(
    option: str, label: str, tells: str, value: str, offers: Sequence[str], is_needed: bool
) -> Horizontal:
    return Horizontal(
        Static(label, classes="label -needed" if is_needed else "label", markup=False),
        _FieldInput(option, value, tells, offers),
        classes="field",
    )
