"""Finding, replacing and going to a line: the rows between a text and the key bar."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from lxdtui.services.editing.search import Pattern
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["FindBar", "FindMode"]


class FindMode(StrEnum):
    """What is asked for. The value is the label of the field."""

    FIND = "Find"
    REPLACE = "Replace"
    GO_TO = "Go to"
    BYTES = "Bytes"
    SAVE_AS = "Save as"


class FindBar(Vertical):
    """Asks what to find; hidden until it is opened.

    Args:
        enter_closes: Whether Enter closes it, as in a pager, so that keys of the
            text go on from place to place; it goes to the next one otherwise.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, id="find.close"),
        Binding("down,f3", "step(1)", "Next", show=False, id="find.next"),
        Binding("up,shift+f3", "step(-1)", "Before", show=False, id="find.before"),
        Binding("alt+r", "regex", "Regex", show=False, id="find.regex"),
        Binding("alt+c", "case", "Case", show=False, id="find.case"),
        Binding("alt+a", "replace_all", "All", show=False, id="find.all"),
    ]
    DEFAULT_CSS = """
    FindBar {
        height: auto;
        width: 1fr;
        background: $bar;
        display: none;
        &.-open { display: block; }
        Horizontal { height: 1; width: 1fr; }
        .label { width: 9; padding: 0 0 0 1; color: $muted; }
        Input, Input:focus {
            width: 1fr;
            min-width: 24;
            height: 1;
            border: none;
            padding: 0 1;
            background: $hover;
            color: $strong;
        }
        Input:focus { background: $cursor; }
        .note { width: auto; padding: 0 1; }
        #find-second { display: none; }
        &.-two #find-second { display: block; }
    }
    """

    class Changed(Message):
        """Posted when something else is looked for."""

    class Closed(Message):
        """Posted when the bar was closed."""

    class Stepped(Message):
        """Posted when the next place is wanted, or the one before."""

        def __init__(self, places: int) -> None:
            super().__init__()
            self.places = places

    class Replaced(Message):
        """Posted when this place, or all, is to be replaced."""

        def __init__(self, *, is_all: bool) -> None:
            super().__init__()
            self.is_all = is_all

    class Entered(Message):
        """Posted when a line, an offset or a name was entered."""

        def __init__(self, mode: FindMode, words: str) -> None:
            super().__init__()
            self.mode = mode
            self.words = words

    def __init__(self, *, enter_closes: bool = False) -> None:
        super().__init__()
        self._enter_closes = enter_closes
        self.mode = FindMode.FIND
        """What is asked for."""
        self._is_regex = False
        self._minds_case = False
        self._note: tuple[Piece, ...] = ()

    def compose(self) -> ComposeResult:
        """Make both rows."""
        with Horizontal(id="find-first"):
            yield Static("", id="find-label", classes="label", markup=False)
            yield Input(id="find-words", compact=True, select_on_focus=False)
            yield Static("", id="find-note", classes="note")
        with Horizontal(id="find-second"):
            yield Static("with", classes="label", markup=False)
            yield Input(id="find-new", compact=True, select_on_focus=False)
            hints = (
                Piece("Enter", "$accent bold"),
                Piece(" this one  ", "$muted"),
                Piece("Alt-A", "$accent bold"),
                Piece(" all", "$muted"),
            )
            yield Static(content_of(hints), classes="note")

    # What it holds

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return self.has_class("-open")

    @property
    def pattern(self) -> Pattern:
        """What is looked for."""
        words = self.query_one("#find-words", Input).value
        return Pattern(words=words, is_regex=self._is_regex, minds_case=self._minds_case)

    @property
    def new_words(self) -> str:
        """What comes in its place."""
        return self.query_one("#find-new", Input).value

    def open(self, mode: FindMode, words: str | None = None) -> None:
        """Ask for something.

        Args:
            mode: What is asked for.
            words: What the field begins with; as it was where nothing is given.
        """
        was_search = self.mode in (FindMode.FIND, FindMode.REPLACE)
        is_search = mode in (FindMode.FIND, FindMode.REPLACE)
        self.mode = mode
        field = self.query_one("#find-words", Input)
        if words is not None or was_search != is_search:
            field.value = words or ""
        self.query_one("#find-label", Static).update(mode.value)
        self.set_class(True, "-open")
        self.set_class(mode is FindMode.REPLACE, "-two")
        field.focus()
        field.action_select_all() if words is None else field.action_end()
        self.note()

    def note(self, words: str = "", *, is_warning: bool = False) -> None:
        """Show how it stands, beside the field."""
        pieces = [Piece(safe_text(words), "$amber" if is_warning else "$fg")]
        if self.mode in (FindMode.FIND, FindMode.REPLACE):
            pieces += [
                *_switch("Alt-R", "regex", self._is_regex),
                *_switch("Alt-C", "case", self._minds_case),
            ]
        self.query_one("#find-note", Static).update(content_of(pieces))

    # Actions

    def action_close(self) -> None:
        """Close."""
        if self.is_open:
            self.set_class(False, "-open")
            self.post_message(self.Closed())

    def action_step(self, places: int) -> None:
        """Go to the next place or the one before."""
        if self.mode is not FindMode.GO_TO:
            self.post_message(self.Stepped(places))

    def action_regex(self) -> None:
        """Take the words for a regular expression, or not."""
        self._is_regex = not self._is_regex
        self.post_message(self.Changed())

    def action_case(self) -> None:
        """Tell upper case from lower case, or not."""
        self._minds_case = not self._minds_case
        self.post_message(self.Changed())

    def action_replace_all(self) -> None:
        """Replace all places."""
        if self.mode is FindMode.REPLACE:
            self.post_message(self.Replaced(is_all=True))

    @on(Input.Changed, "#find-words")
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        if self.is_open and self.mode in (FindMode.FIND, FindMode.REPLACE, FindMode.BYTES):
            self.post_message(self.Changed())

    @on(Input.Changed, "#find-new")
    def _new_changed(self, message: Input.Changed) -> None:
        message.stop()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if message.input.id == "find-new":
            self.post_message(self.Replaced(is_all=False))
        elif self.mode in (FindMode.GO_TO, FindMode.SAVE_AS):
            self.post_message(self.Entered(self.mode, message.value))
        elif self._enter_closes:
            self.action_close()
        else:
            self.post_message(self.Stepped(1))


def _switch(key: str, words: str, is_on: bool) -> Iterable[Piece]:
    yield Piece(f"  {key}", "$accent bold")
    yield Piece(f" {words} {'on' if is_on else 'off'}", "$strong bold" if is_on else "$muted")
