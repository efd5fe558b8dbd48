"""Where something is to be saved on this computer."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from lxdtui.ui.dialogs.box import BoxDialog
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["SaveAsDialog"]


class SaveAsDialog(BoxDialog[Path | None]):
    """Asks for a path; ends with it, or ``None``. A file that is there is named first.

    Args:
        title: What is to be saved.
        path: What is proposed.
        words: What else is to be known.
        do: What is done, in one word.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Do not save", show=False, id="save.no"),
    ]

    def __init__(self, title: str, path: Path, *, words: str, do: str = "save") -> None:
        super().__init__()
        self._title = title
        self._path = path
        self._words = words
        self._do = do
        self._asked_about: Path | None = None

    def title_pieces(self) -> list[Piece]:
        """Return what is to be saved."""
        return [Piece(self._title, "$strong bold")]

    def body(self) -> ComposeResult:
        """Let the path be typed."""
        yield Input(str(self._path), id="path", compact=True, select_on_focus=False)
        yield Static(self._words, id="words", classes="after muted", markup=False)

    def buttons(self) -> Iterable[Widget]:
        """Make the buttons."""
        yield DialogButton("Esc", f"do not {self._do}", answer="no", classes="-safe")
        yield DialogButton("Enter", self._do, answer="yes")

    def pressed(self, answer: str) -> None:
        """Do what was clicked."""
        if answer == "yes":
            self._save(self.query_one("#path", Input).value)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Save nothing."""
        self.answer(None)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._save(message.value)

    def _save(self, typed: str) -> None:
        try:
            path = Path(typed.strip()).expanduser()
            is_folder = not typed.strip() or path.is_dir()
            is_there = path.exists() or path.is_symlink()
        except (OSError, RuntimeError, ValueError) as error:
            self._say(str(error))
            return
        if is_folder:
            self._say("That is a folder; a file needs a name.")
        elif is_there and path != self._asked_about:
            self._asked_about = path
            self._say("There is such a file already. Enter once more writes over it.")
        else:
            self.answer(path)

    def _say(self, words: str) -> None:
        static = self.query_one("#words", Static)
        static.set_classes("after problem")
        static.update(words)
