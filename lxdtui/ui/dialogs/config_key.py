"""Which configuration key: found by its name or by what it does."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from lxdtui.model.config_keys import ConfigKey, KeyBook
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.text import cut, pad_right, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, gap

__all__ = ["KeyDialog"]

_ROOM = 70
_NAME = 36
_SHOWN = 60


class KeyDialog(ConfigDialog[str | None]):
    """Asks for a key; ends with its name.

    Args:
        book: What is known of keys.
        present: Keys that are set already.
        name: The instance.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="key.leave"),
        Binding("down,ctrl+n", "step(1)", "Next", show=False, id="key.down"),
        Binding("up,ctrl+p", "step(-1)", "Before", show=False, id="key.up"),
        Binding("tab", "complete", "Complete", show=False, id="key.complete"),
    ]
    DEFAULT_CSS = """
    KeyDialog #box { height: 22; }
    KeyDialog OptionList { margin: 1 0 0 0; height: 1fr; max-height: 100%; }
    """

    def __init__(
        self, book: KeyBook, present: Collection[str], *, name: str, glyphs: Glyphs
    ) -> None:
        super().__init__(glyphs=glyphs)
        self._book = book
        self._present = frozenset(present)
        self._instance = name

    def heading(self) -> Sequence[Piece]:
        """Return what is asked."""
        return (
            Piece("Set a key of ", "$strong bold"),
            Piece(safe_text(self._instance), "$strong bold"),
        )

    def parts(self) -> Iterable[Widget]:
        """Return the field and the list below it."""
        yield Input(placeholder="a key, or what it does", compact=True)
        options = OptionList(compact=True)
        options.can_focus = False
        yield options

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
        yield DialogButton("Tab", "Complete", answer="complete", classes="-safe")
        yield DialogButton("Enter", "Next", answer="accept")

    def on_mount(self) -> None:
        """Go to the field."""
        self.set_focus(self.query_one(Input))
        self._show()

    def action_leave(self) -> None:
        """End without a key."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_complete(self) -> None:
        """Write the key under the cursor of the list into the field."""
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            field = self.query_one(Input)
            field.value = option.id.removesuffix("*")
            field.cursor_position = len(field.value)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._accept()

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.action_complete()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "accept":
                self._accept()
            case "complete":
                self.action_complete()
            case _:
                self.action_leave()

    def _accept(self) -> None:
        """End with what is typed where it is a key, else with the one under the cursor."""
        typed = self.query_one(Input).value.strip()
        known = self._book.find(typed)
        option = self.query_one(OptionList).highlighted_option
        if known is not None or (typed and option is None):
            self.answer(typed)
        elif option is not None and option.id is not None:
            if option.id.endswith("*"):
                self.action_complete()
            else:
                self.answer(option.id)

    def _show(self) -> None:
        typed = self.query_one(Input).value
        options = self.query_one(OptionList)
        options.clear_options()
        found = self._book.completions(typed)
        options.add_options([self._option(key) for key in found[:_SHOWN]])
        if found:
            options.highlighted = 0
        else:
            words = "Not known here; Enter asks for its value, and the server decides."
            options.add_option(Option(content_of((Piece(words, "$amber"),)), disabled=True))

    def _option(self, key: ConfigKey) -> Option:
        is_set = key.name in self._present
        mark = Piece(self.glyphs.marked if is_set else " ", "$accent")
        name = Piece(pad_right(safe_text(key.name), _NAME, self.glyphs.cut), "$strong")
        tells = cut(safe_text(key.tells), _ROOM - _NAME - 4, self.glyphs.cut)
        return Option(content_of((mark, gap(1), name, gap(1), Piece(tells, "$muted"))), id=key.name)
