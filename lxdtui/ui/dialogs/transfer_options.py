"""Before a copy or a move: where to, and how."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from lxdtui.model.files import base_name
from lxdtui.model.place import Place
from lxdtui.services.transfers import Choice, CopyOptions
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.transfers import CHOICE_WORDS
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["CopyDialog", "CopyPlan", "default_options"]

_CHOICES = tuple(CHOICE_WORDS)
_FLAGS = {
    "keep_owner": "owner and group as numbers",
    "keep_mode": "mode",
    "keep_times": "times",
    "follow_links": "what links lead to instead of the links",
    "checksum": "compare the SHA-256 of both sides afterwards",
}


def default_options(source: Place, target: Place) -> CopyOptions:
    """Return how files are copied where nobody chose: owners are kept between containers."""
    return CopyOptions(keep_owner=not source.is_local and not target.is_local)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlan:
    """What was chosen."""

    directory: str
    """The folder of the target."""
    options: CopyOptions


class _Line(Widget, can_focus=True):
    """A line that can be changed: a choice among several, or yes and no."""

    DEFAULT_CSS = """
    _Line { height: 1; width: 1fr; background: $raised; color: $fg; }
    _Line:focus { background: $cursor; color: $strong; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "turn(1)", "Change", show=False),
        Binding("left", "turn(-1)", "Change back", show=False),
    ]

    def __init__(self, dialog: "CopyDialog", name: str, *, glyphs: Glyphs) -> None:
        super().__init__(id=name)
        self._dialog = dialog
        self._glyphs = glyphs

    def render(self) -> Content:
        """Draw what it is now."""
        options = self._dialog.options
        if self.id == "existing":
            words = CHOICE_WORDS[options.existing]
            return content_of(
                (Piece("Where one is there  ", "$muted"), Piece(f"{words} ", "$strong"))
            )
        is_on = bool(getattr(options, str(self.id)))
        sign = f"[{self._glyphs.done}]" if is_on else "[ ]"
        words = _FLAGS[str(self.id)]
        return content_of((Piece(f"{sign} ", "$accent bold" if is_on else "$muted"), Piece(words)))

    def action_turn(self, step: int) -> None:
        """Take the other value, or the next one."""
        self._dialog.turn(str(self.id), step)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Do as the key does."""
        event.stop()
        self.focus()
        self.action_turn(1)


class CopyDialog(Dialog[CopyPlan | None]):
    """Asks where to and how; ends with the plan, or ``None``.

    Args:
        paths: What is copied.
        source: Where it is.
        target: Where it goes.
        directory: The folder that is proposed.
        is_move: Whether the source is removed afterwards.
        options: What is chosen at first.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="copy.leave"),
        Binding("enter", "go", "Go", show=False, id="copy.go"),
        Binding("down", "app.focus_next", "Down", show=False, id="copy.down"),
        Binding("up", "app.focus_previous", "Up", show=False, id="copy.up"),
    ]
    DEFAULT_CSS = """
    CopyDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 70;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        Static { width: 1fr; height: auto; background: $raised; }
        .after { margin: 0 0 1 0; }
        .before { margin: 1 0 0 0; }
        .label { color: $muted; }
        #where { height: 1; margin: 0 0 1 0; }
        #where Static { width: auto; }
        Input {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0 1;
            margin: 0 0 0 2;
            background: $hover;
            color: $strong;
        }
        Input:focus { background: $cursor; }
        #existing { margin: 1 0; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        paths: Sequence[str],
        source: Place,
        target: Place,
        directory: str,
        *,
        is_move: bool,
        options: CopyOptions,
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._paths = tuple(paths)
        self._source = source
        self._target = target
        self._directory = directory
        self._is_move = is_move
        self.options = options
        """What is chosen now."""
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Put the folder over the choices."""
        verb = "Move" if self._is_move else "Copy"
        what = plural(len(self._paths), "item")
        if len(self._paths) == 1:
            what = safe_text(base_name(self._paths[0]))
        title = (
            Piece(f"{verb} ", "$strong bold"),
            Piece(what, "$strong bold"),
            Piece(" from ", "$muted"),
            Piece(safe_text(self._source.words), "$fg"),
            Piece(" to ", "$muted"),
            Piece(safe_text(self._target.words), "$accent bold"),
        )
        with Vertical(id="box"):
            yield Static(content_of(title), classes="after")
            with Horizontal(id="where"):
                yield Static("Into the folder", markup=False, classes="label")
                yield Input(safe_text(self._directory), compact=True, select_on_focus=False)
            yield Static("Keep", markup=False, classes="label")
            for name in _FLAGS:
                if name == "follow_links":
                    yield Static("Copy", markup=False, classes="label before")
                yield _Line(self, name, glyphs=self._glyphs)
            yield _Line(self, "existing", glyphs=self._glyphs)
            if self._is_move:
                words = "Each one is removed here only after it is whole there."
                yield Static(words, markup=False, classes="label after")
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
                yield DialogButton("Enter", verb, answer="go")

    def turn(self, name: str, step: int) -> None:
        """Change one of the options."""
        if name == "existing":
            at = _CHOICES.index(self.options.existing) if self.options.existing in _CHOICES else 0
            choice: Choice = _CHOICES[(at + step) % len(_CHOICES)]
            self.options = replace(self.options, existing=choice)
            return
        flags = {flag: bool(getattr(self.options, flag)) for flag in _FLAGS}
        flags[name] = not flags[name]
        self.options = CopyOptions(**flags, existing=self.options.existing)

    def action_leave(self) -> None:
        """End without a plan."""
        self.answer(None)

    def action_go(self) -> None:
        """End with the plan."""
        directory = self.query_one(Input).value
        if directory == safe_text(self._directory):
            # What stands in the field may be a harmless picture of the real path.
            directory = self._directory
        if not directory.startswith("/"):
            self.notify("The folder has to begin with /", severity="warning", markup=False)
            return
        self.answer(CopyPlan(directory=directory, options=self.options))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_go()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "go":
            self.action_go()
        else:
            self.action_leave()
