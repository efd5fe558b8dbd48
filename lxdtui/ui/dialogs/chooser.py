"""A dialog that finds one of many by words."""

from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["ChooserDialog"]

T = TypeVar("T")

_WIDEST = 78
"""Columns of the whole box, where the terminal has them."""
_AROUND = 4
"""Columns of frame and padding."""
_ROWS_AROUND = 6
"""Rows that are not for the list: margin, frame, field, and one below the box."""
_TITLE_ROWS = 2


class ChooserDialog(Dialog[T | None]):
    """A field for words over a list of what has them; ends with ``None`` where it is left.

    Args:
        placeholder: What stands in the empty field.
        title: What is chosen; none where it is empty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="chooser.leave"),
        Binding("down,ctrl+n", "step(1)", "Next", show=False, id="chooser.down"),
        Binding("up,ctrl+p", "step(-1)", "Before", show=False, id="chooser.up"),
    ]
    DEFAULT_CSS = """
    ChooserDialog {
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

    def __init__(self, *, placeholder: str, title: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder
        self._title = title
        self._typed_ahead = ""

    def options(self, words: list[str], width: int) -> list[Option]:
        """Return what has all of some words, drawn in so many columns.

        Args:
            words: In lower case.
            width: Columns.
        """
        raise NotImplementedError

    def nothing(self) -> str:
        """Return what to say where nothing has the words."""
        raise NotImplementedError

    def chosen(self, option_id: str) -> None:
        """Answer with what was chosen."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Put the field over the list."""
        with Vertical(id="box"):
            if self._title:
                yield Static(content_of([Piece(self._title, "$strong bold")]), id="title")
            yield Input(placeholder=self._placeholder, compact=True)
            found = OptionList(compact=True)
            found.can_focus = False
            yield found
            yield Static("", id="nothing", markup=False)

    def on_mount(self) -> None:
        """Put what was typed already into the field, and show what it leaves."""
        field = self.query_one(Input)
        self.set_focus(field)
        field.value = self._typed_ahead
        self._fit(self.app.size.height)
        self._show(at=0)

    def on_resize(self) -> None:
        """Fit the list to the terminal: what is below its end is scrolled to."""
        self._fit(self.size.height)
        self._show(at=self.query_one(OptionList).highlighted or 0)

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
        found = self.query_one(OptionList)
        if rows > 0:
            found.action_cursor_down()
        else:
            found.action_cursor_up()

    @property
    def under_cursor(self) -> str | None:
        """The id of what the cursor is on."""
        highlighted = self.query_one(OptionList).highlighted_option
        return None if highlighted is None else highlighted.id

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show(at=0)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self.under_cursor is not None:
            self.chosen(self.under_cursor)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        if message.option_id is not None:
            self.chosen(message.option_id)

    def _fit(self, height: int) -> None:
        around = _ROWS_AROUND + (_TITLE_ROWS if self._title else 0)
        self.query_one(OptionList).styles.max_height = max(height - around, 1)

    def _show(self, *, at: int) -> None:
        # One column less, for the scrollbar.
        width = min(self.size.width, _WIDEST) - _AROUND - 1
        options = self.options(self.query_one(Input).value.casefold().split(), width)
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options(options)
        found.display = bool(options)
        nothing = self.query_one("#nothing", Static)
        nothing.update(self.nothing())
        nothing.display = not options
        if options:
            found.highlighted = min(at, len(options) - 1)
