"""The question before something that costs: what, where, and what becomes of it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import cell_width, cut_middle, pad_right
from lxdtui.ui.forms.questions import Concerned, Question
from lxdtui.ui.theme import Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, lines_of, spread, width_of

__all__ = ["ConfirmDialog"]

_WIDTH = 62
_OBJECTS_SHOWN = 6
_NAME_WIDTH = 16


class ConfirmDialog(Dialog[bool]):
    """Asks; ends with whether it is to be done.

    Where something has to be typed, Enter does nothing until it is.

    Args:
        question: What to ask.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", "Keep", show=False, id="confirm.keep"),
        Binding("enter", "answer(True)", "Do it", show=False, id="confirm.do"),
        # A field takes every plain letter.
        Binding("y,ctrl+y", "copy", "Copy the command", show=False, id="confirm.copy"),
    ]
    DEFAULT_CSS = """
    ConfirmDialog {
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
        &.-danger #box { border: round $red; }
        Static { width: 1fr; height: auto; background: $raised; }
        .after { margin: 0 0 1 0; }
        #objects { height: auto; max-height: 6; margin: 0 0 1 0; scrollbar-size-vertical: 1; }
        #sign { width: 2; color: $amber; }
        &.-danger #sign { color: $red; }
        .line { height: auto; width: 1fr; }
        #same-as { width: 9; color: $muted; }
        #command { max-height: 4; }
        #copy { width: auto; margin: 0 0 0 2; }
        #ask-for { width: auto; }
        #typed {
            width: 1fr;
            max-width: 30;
            height: 1;
            border: none;
            padding: 0 1;
            margin: 0 0 0 2;
            background: $hover;
            color: $strong;
        }
        #typed:focus { background: $cursor; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(self, question: Question, *, glyphs: Glyphs) -> None:
        super().__init__(classes="-danger" if question.is_dangerous else "")
        self._question = question
        self._glyphs = glyphs
        self._do = DialogButton("Enter", question.do, answer="do", classes=self._do_classes(""))

    def compose(self) -> ComposeResult:
        """Put the parts below one another, buttons at the end."""
        question = self._question
        with Vertical(id="box"):
            yield Static(content_of(self._title()), classes="after")
            with VerticalScroll(id="objects", can_focus=False):
                yield Static(lines_of(self._object(one) for one in question.objects))
            with Horizontal(classes="line after"):
                yield Static(self._glyphs.error, id="sign", markup=False)
                yield Static(question.consequences, markup=False)
            if question.command:
                with Horizontal(classes="line after"):
                    yield Static("Same as", id="same-as", markup=False)
                    # Whole, over as many lines as it takes: its end is the name.
                    yield Static(question.command, id="command", markup=False)
                    yield Static(content_of(self._copy_hint()), id="copy")
            if question.typed:
                with Horizontal(classes="line after"):
                    yield Static(question.ask_for, id="ask-for", markup=False)
                    yield Input(id="typed", compact=True, select_on_focus=False)
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", question.keep, answer="keep", classes="-safe")
                yield self._do

    def action_answer(self, is_yes: bool) -> None:
        """End with an answer; a yes only counts when what is asked for is typed."""
        if not is_yes:
            self.answer(False)
        elif self._is_allowed():
            self.answer(True)

    def action_copy(self) -> None:
        """Copy the command, where there is one (OSC 52)."""
        if not self._question.command:
            return
        self.app.copy_to_clipboard(self._question.command)
        self.notify("The command is copied", timeout=4, markup=False)

    @on(Input.Changed, "#typed")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._do.set_classes(self._do_classes(message.value))

    @on(Input.Submitted, "#typed")
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        # What was typed since then does not count for this Enter.
        if message.value.strip() == self._question.typed:
            self.answer(True)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.action_answer(message.answer == "do")

    def _is_allowed(self) -> bool:
        if not self._question.typed:
            return True
        return self.query_one("#typed", Input).value.strip() == self._question.typed

    def _do_classes(self, typed: str) -> str:
        if self._question.typed and typed.strip() != self._question.typed:
            return "-not-yet"
        return "-danger" if self._question.is_dangerous else ""

    def _title(self) -> list[Piece]:
        question = self._question
        hue = "$strong bold" if question.is_home else "$amber bold"
        crumb = f" {self._glyphs.crumb} "
        return [
            Piece(f"{question.title} ", "$strong bold"),
            Piece(crumb.join(question.place), hue),
        ]

    def _object(self, one: Concerned) -> tuple[Piece, ...]:
        if one.is_plain:
            right = [gap(2), Piece(one.note, "$fg")]
            room = _WIDTH - width_of(right) - cell_width(one.state) - 2
            name = cut_middle(one.name, room, self._glyphs.cut)
            state = Piece(f"  {one.state}", "$muted")
            return spread([Piece(name, "$strong"), state], right, _WIDTH)
        left = [
            Piece(self._glyphs.of(one.condition), f"${condition_role(one.condition)}"),
            gap(1),
            Piece(pad_right(one.name, _NAME_WIDTH, self._glyphs.cut), "$strong"),
            Piece(one.state, "$muted"),
        ]
        return spread(left, [Piece(one.note, "$fg")], _WIDTH)

    def _copy_hint(self) -> list[Piece]:
        key = "Ctrl-Y" if self._question.typed else "y"
        return [Piece(key, "$accent bold"), Piece(" copy", "$muted")]
