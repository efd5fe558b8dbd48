"""All actions of a screen by their words, with their keys: it teaches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.ui.actions import Action, key_label
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, spread

__all__ = ["Choice", "PaletteDialog"]

_WIDEST = 78
"""Columns of the whole box, where the terminal has them."""
_AROUND = 4
"""Columns of frame and padding."""
_ROWS_AROUND = 6
"""Rows that are not for the list: margin, frame, field, and one below the box."""
_NAME_WIDTH = 13


@dataclass(frozen=True, slots=True)
class Choice:
    """An action, and why it is not possible now."""

    action: Action
    why_not: str | None


class PaletteDialog(Dialog[str | None]):
    """Finds an action by words; ends with its id.

    Args:
        choices: The actions to choose from.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="palette.leave"),
        Binding("down,ctrl+n", "step(1)", "Next", show=False, id="palette.down"),
        Binding("up,ctrl+p", "step(-1)", "Before", show=False, id="palette.up"),
    ]
    DEFAULT_CSS = """
    PaletteDialog {
        align-horizontal: center;
        background: $bg 60%;
        #box {
            width: 78;
            max-width: 100%;
            height: auto;
            margin: 1 0 0 0;
            padding: 0 1;
            border: round $accent;
            background: $raised;
        }
        Input, Input:focus {
            height: 1;
            border: none;
            padding: 0 1;
            background: $hover;
            color: $strong;
        }
        .input--placeholder { color: $muted; }
        OptionList, OptionList:focus {
            height: auto;
            border: none;
            padding: 0;
            margin: 1 0 0 0;
            background: $raised;
            color: $fg;
            scrollbar-size-vertical: 1;
            & > .option-list--option { padding: 0; color: $fg; }
            & > .option-list--option-highlighted { background: $cursor; color: $strong; }
        }
        #nothing { height: 1; padding: 0 1; margin: 1 0 0 0; color: $muted; display: none; }
    }
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        # What is possible stands first; the rest says why it is not.
        self._typed_ahead = ""
        self._choices = sorted(choices, key=lambda choice: choice.why_not is not None)

    def compose(self) -> ComposeResult:
        """Put the field over the list."""
        with Vertical(id="box"):
            yield Input(placeholder="an action by its words", compact=True)
            actions = OptionList(compact=True)
            actions.can_focus = False
            yield actions
            yield Static("No action has these words.  Esc leaves", id="nothing", markup=False)

    def on_mount(self) -> None:
        """Put what was typed already into the field, and show what it leaves."""
        field = self.query_one(Input)
        self.set_focus(field)
        field.value = self._typed_ahead
        self._show_options(at=0)

    def on_resize(self) -> None:
        """Fit the list to the terminal: what is below its end is scrolled to."""
        actions = self.query_one(OptionList)
        actions.styles.max_height = max(self.size.height - _ROWS_AROUND, 1)
        self._show_options(at=actions.highlighted or 0)

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed before the field is there."""
        if self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            self._typed_ahead += event.character

    def action_leave(self) -> None:
        """End without an action."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list."""
        actions = self.query_one(OptionList)
        if rows > 0:
            actions.action_cursor_down()
        else:
            actions.action_cursor_up()

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show_options(at=0)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        highlighted = self.query_one(OptionList).highlighted_option
        if highlighted is not None:
            self.answer(highlighted.id)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer(message.option_id)

    def _show_options(self, *, at: int) -> None:
        actions = self.query_one(OptionList)
        options = self._options(self.query_one(Input).value)
        actions.clear_options()
        actions.add_options(options)
        actions.display = bool(options)
        self.query_one("#nothing").display = not options
        if options:
            actions.highlighted = at

    def _options(self, words: str) -> list[Option]:
        wanted = words.casefold().split()
        # One column less, for the scrollbar.
        width = min(self.size.width, _WIDEST) - _AROUND - 1
        return [
            Option(content_of(_line(choice, width)), id=choice.action.id)
            for choice in self._choices
            if all(word in f"{choice.action.words} {choice.action.tells}" for word in wanted)
        ]


def _line(choice: Choice, width: int) -> tuple[Piece, ...]:
    action = choice.action
    is_possible = choice.why_not is None
    name = "$red" if action.is_dangerous else "$strong"
    key = key_label(action.keys[0]) if action.keys else ""
    room = max(width - _NAME_WIDTH - 2 - (len(key) + 2 if key else 0), 0)
    left = [
        gap(1),
        Piece(f"{action.words:<{_NAME_WIDTH}}", f"{name} bold" if is_possible else "$muted"),
        Piece(cut(safe_text(choice.why_not or action.tells), room), "$muted"),
    ]
    right = [Piece(key, "$accent bold" if is_possible else "$muted"), gap(1)]
    return spread(left, right, width)
