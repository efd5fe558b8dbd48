"""Where something is to be saved on this computer."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from lxdtui.ui.dialogs.box import BoxDialog
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.later import later
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["SaveAsDialog"]

_PATIENCE_SECONDS = 0.3
"""After how long it is told that the file system is waited for."""


class SaveAsDialog(BoxDialog[Path | None]):
    """Asks for a path; ends with it, or ``None``. A file that is there is named first.

    Args:
        title: What is to be saved.
        path: What is proposed.
        words: What else is to be known.
        do: What is done, in one word.
        warns: Whether the words are a warning.
    """

    DEFAULT_CSS = """
    SaveAsDialog .warning { color: $amber; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Do not save", show=False, id="save.no"),
    ]

    def __init__(
        self, title: str, path: Path, *, words: str, do: str = "save", warns: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._path = path
        self._words = words
        self._do = do
        self._classes_of_words = "after warning" if warns else "after muted"
        self._asked_about: Path | None = None
        self._is_looking = False

    def title_pieces(self) -> list[Piece]:
        """Return what is to be saved."""
        return [Piece(self._title, "$strong bold")]

    def body(self) -> ComposeResult:
        """Let the path be typed."""
        yield Input(str(self._path), id="path", compact=True, select_on_focus=False)
        yield Static(self._words, id="words", classes=self._classes_of_words, markup=False)

    def on_mount(self) -> None:
        """Show the end of a long path: the name is there."""
        self.query_one("#path", Input).action_end()

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
        self.run_worker(self._look_and_answer(typed), group="path", exclusive=True)

    async def _look_and_answer(self, typed: str) -> None:
        """Look at the path elsewhere: a file system may take its time."""
        self._is_looking = True
        patience = later(self, _PATIENCE_SECONDS, self._be_patient)
        try:
            found = await asyncio.to_thread(_looked_at, typed)
        finally:
            self._is_looking = False
            patience.stop()
        if typed != self.query_one("#path", Input).value:
            self._say("")
        elif found.problem:
            self._say(found.problem, is_problem=True)
        elif found.is_there and found.path != self._asked_about:
            self._asked_about = found.path
            self._say(
                "There is such a file already. Enter once more writes over it.", is_problem=True
            )
        else:
            self.answer(found.path)

    def _be_patient(self) -> None:
        if self._is_looking:
            self._say("Looking what is there")

    def _say(self, words: str, *, is_problem: bool = False) -> None:
        static = self.query_one("#words", Static)
        static.set_classes("after problem" if is_problem else self._classes_of_words)
        static.update(words or self._words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is at a path."""

    path: Path
    is_there: bool = False
    problem: str = ""
    """Why nothing can be saved there."""


def _looked_at(typed: str) -> _Found:
    """Look at what was typed; takes as long as the file system does."""
    name = typed.strip()
    path = Path(name)
    try:
        path = path.expanduser()
        if not name or path.is_dir():
            return _Found(path=path, problem="That is a folder; a file needs a name.")
        return _Found(path=path, is_there=path.exists() or path.is_symlink())
    except (OSError, RuntimeError, ValueError) as error:
        return _Found(path=path, problem=safe_text(str(error)))
