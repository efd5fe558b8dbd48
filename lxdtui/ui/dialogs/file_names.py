"""The names of many entries as lines of a text, to be edited all at once."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.host.lending import CannotLend
from lxdtui.ui.host.outside import edit_outside, editor_words
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["FileNames"]

_NAME = "names.txt"


class FileNames(Dialog[tuple[str, ...] | None]):
    """Lets names be edited, one a line; ends with them.

    Args:
        title: What is asked.
        names: The lines at first.
        check: Why lines cannot be taken, in words; empty where they can.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="file_names.leave"),
        Binding("ctrl+s,f2", "take", "Rename", show=False, id="file_names.take"),
        Binding("f4", "outside", "In $EDITOR", show=False, id="file_names.outside"),
    ]
    DEFAULT_CSS = """
    FileNames {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 90%;
            height: 90%;
            padding: 1 3;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        Static { width: 1fr; height: auto; background: $raised; }
        TextArea, TextArea:focus {
            height: 1fr;
            border: none;
            padding: 0 1;
            margin: 1 0;
            background: $bg;
            color: $fg;
            scrollbar-size-vertical: 1;
            scrollbar-size-horizontal: 1;
            & .text-area--cursor-line { background: $cursor; }
            & .text-area--cursor { background: $strong; color: $bg; }
            & .text-area--gutter { color: $muted; background: $bg; }
            & .text-area--cursor-gutter { color: $accent; background: $cursor; }
            & .text-area--selection { background: $hover; }
        }
        #hint { color: $muted; margin: 0 0 1 0; }
        #hint.-wrong { color: $amber; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(
        self,
        title: Sequence[Piece],
        names: Sequence[str],
        *,
        check: Callable[[tuple[str, ...]], str],
    ) -> None:
        super().__init__()
        self._title = title
        self._names = tuple(names)
        self._check = check

    def compose(self) -> ComposeResult:
        """Put title, text and buttons below one another."""
        with Vertical(id="box"):
            yield Static(content_of(self._title))
            yield TextArea(
                "\n".join(self._names),
                soft_wrap=False,
                show_line_numbers=True,
                tab_behavior="focus",
                compact=True,
            )
            yield Static("", id="hint", markup=False)
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
                yield DialogButton("F4", "In your editor", answer="outside", classes="-safe")
                yield DialogButton("Ctrl-S", "Rename", answer="do")

    def on_mount(self) -> None:
        """Begin to edit."""
        self.query_one(TextArea).focus()
        self._tell()

    def action_leave(self) -> None:
        """End without names."""
        self.answer(None)

    def action_take(self) -> None:
        """End with the names, unless something is wrong with them."""
        lines = self._lines()
        if not self._check(lines):
            self.answer(lines)

    def action_outside(self) -> None:
        """Edit the lines in the program that the user named by ``$VISUAL`` or ``$EDITOR``."""
        self.run_worker(self._edit_outside(), group="names", exclusive=True)

    async def _edit_outside(self) -> None:
        text = self.query_one(TextArea)
        content = f"{text.text}\n".encode()
        try:
            edited, status = await edit_outside(self.app, content, _NAME)
            if status == 0:
                text.text = edited.decode().removesuffix("\n")
                return
            words = f"{editor_words()} ended with status {status}; nothing was changed"
        except CannotLend as error:
            words = f"{editor_words()} cannot be used: {error}"
        except UnicodeDecodeError:
            words = "What it left is no UTF-8; nothing was changed"
        self.notify(safe_text(words), severity="warning", timeout=4, markup=False)

    @on(TextArea.Changed)
    def _changed(self, message: TextArea.Changed) -> None:
        message.stop()
        self._tell()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "do":
                self.action_take()
            case "outside":
                self.action_outside()
            case _:
                self.answer(None)

    def _lines(self) -> tuple[str, ...]:
        text = self.query_one(TextArea).text
        return tuple(text.removesuffix("\n").split("\n"))

    def _tell(self) -> None:
        wrong = self._check(self._lines())
        hint = self.query_one("#hint", Static)
        hint.update(
            content_of([Piece(wrong or "One name a line; the order of the lines stays.", "")])
        )
        hint.set_class(bool(wrong), "-wrong")
