"""A list to choose from, found by words: places, bookmarks, what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import cut, cut_middle
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, spread

__all__ = ["FileChoice", "FileOption"]

_WIDEST = 78
_AROUND = 4
_ROWS_AROUND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOption:
    """One thing to choose."""

    id: str
    """What it means."""
    words: str
    """What is shown, safe."""
    note: str = ""
    """What stands at the right end, safe."""


class FileChoice(Dialog[tuple[str, str] | None]):
    """Lets one be chosen; ends with ``choose`` or ``remove``, and its id.

    Args:
        title: What is chosen.
        options: What there is.
        nothing: What to say where there is nothing.
        can_remove: Whether F8 takes one out of the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="file_choice.leave"),
        Binding("down,ctrl+n", "step(1)", "Next", show=False, id="file_choice.down"),
        Binding("up,ctrl+p", "step(-1)", "Before", show=False, id="file_choice.up"),
        Binding("f8", "remove", "Remove", show=False, id="file_choice.remove"),
    ]
    DEFAULT_CSS = """
    FileChoice {
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
        #title { height: 1; padding: 0 1; margin: 0 0 1 0; color: $strong; text-style: bold; }
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
        #nothing { height: auto; padding: 0 1; margin: 1 0 0 0; color: $muted; display: none; }
    }
    """

    def __init__(
        self,
        title: str,
        options: Sequence[FileOption],
        *,
        nothing: str,
        can_remove: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._all = tuple(options)
        self._nothing = nothing
        self._can_remove = can_remove
        self._typed_ahead = ""

    def compose(self) -> ComposeResult:
        """Put the field over the list."""
        with Vertical(id="box"):
            yield Static(content_of([Piece(self._title, "$strong bold")]), id="title")
            yield Input(placeholder="words of it", compact=True)
            options = OptionList(compact=True)
            options.can_focus = False
            yield options
            yield Static("", id="nothing", markup=False)

    def on_mount(self) -> None:
        """Show what there is."""
        field = self.query_one(Input)
        self.set_focus(field)
        field.value = self._typed_ahead
        self._show(at=0)

    def on_resize(self) -> None:
        """Fit the list to the terminal."""
        options = self.query_one(OptionList)
        options.styles.max_height = max(self.size.height - _ROWS_AROUND, 1)
        self._show(at=options.highlighted or 0)

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed before the field is there."""
        if self.focused is None and event.is_printable and event.character is not None:
            event.stop()
            self._typed_ahead += event.character

    def action_leave(self) -> None:
        """End without a choice."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_remove(self) -> None:
        """Take the one under the cursor out of the list."""
        if self._can_remove:
            self._answer("remove")

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show(at=0)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._answer("choose")

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        if message.option_id is not None:
            self.answer(("choose", message.option_id))

    def _answer(self, verb: str) -> None:
        highlighted = self.query_one(OptionList).highlighted_option
        if highlighted is not None and highlighted.id is not None:
            self.answer((verb, highlighted.id))

    def _show(self, *, at: int) -> None:
        options = self.query_one(OptionList)
        wanted = self.query_one(Input).value.casefold().split()
        width = min(self.size.width, _WIDEST) - _AROUND - 1
        found = [
            Option(content_of(_line(one, width)), id=one.id)
            for one in self._all
            if all(word in f"{one.words} {one.note}".casefold() for word in wanted)
        ]
        options.clear_options()
        options.add_options(found)
        options.display = bool(found)
        nothing = self.query_one("#nothing", Static)
        nothing.update(
            content_of([Piece(self._nothing if not self._all else "Nothing has these words.", "")])
        )
        nothing.display = not found
        if found:
            options.highlighted = min(at, len(found) - 1)


def _line(option: FileOption, width: int) -> tuple[Piece, ...]:
    note = cut(option.note, max(width // 2, 1))
    room = max(width - len(note) - 4, 4)
    right = [gap(2), Piece(note, "$muted"), gap(1)]
    return spread([gap(1), Piece(cut_middle(option.words, room), "$strong")], right, width)
