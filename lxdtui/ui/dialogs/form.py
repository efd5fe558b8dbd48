"""A dialog with several fields, what they will do, and what is wrong with them."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import cell_width, safe_lines, safe_text
from lxdtui.ui.forms.form import Choices, Flag, Form, Text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, lines_of

__all__ = ["FormDialog"]


class _Changed(Message):
    """Posted when a flag or a choice is different."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.field, self.value = name, value


class _TextField(Input):
    """A field for words whose presets come by Up and Down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "preset(-1)", "Preset before", show=False),
        Binding("down", "preset(1)", "Next preset", show=False),
    ]

    def __init__(self, text: Text) -> None:
        super().__init__(
            text.value,
            placeholder=text.hint,
            id=f"field-{text.id}",
            compact=True,
            select_on_focus=False,
        )
        self._presets = text.presets

    def action_preset(self, step: int) -> None:
        """Put the next preset into the field; without presets, go to the next field."""
        if not self._presets:
            screen = self.screen
            (screen.focus_next if step > 0 else screen.focus_previous)()
            return
        known = list(self._presets)
        at = known.index(self.value) + step if self.value in known else max(step - 1, -1)
        self.value = known[at % len(known)]
        self.cursor_position = len(self.value)


class _FlagField(Widget, can_focus=True):
    """A check box."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,x", "turn", "Toggle", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
        Binding("down", "app.focus_next", "Next field", show=False),
    ]
    DEFAULT_CSS = """
    _FlagField {
        width: 1fr; height: auto; padding: 0 1; color: $fg; background: $raised;
        &:focus { background: $cursor; color: $strong; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, flag: Flag, *, glyphs: Glyphs) -> None:
        super().__init__(id=f"field-{flag.id}")
        self._flag, self._glyphs = flag, glyphs
        self._is_on = flag.value and not flag.why_not
        self.can_focus = not flag.why_not

    def render(self) -> Content:
        """Draw the box, the words, and why it cannot be chosen."""
        box = f"[{self._glyphs.done if self._is_on else ' '}] "
        if self._flag.why_not:
            words = f"{self._flag.label}: {safe_text(self._flag.why_not)}"
            return content_of((Piece(box + words, "$muted"),))
        return content_of((Piece(box, "$accent bold"), Piece(self._flag.label, "")))

    def action_turn(self) -> None:
        """Turn it round."""
        self._is_on = not self._is_on
        self.refresh()
        self.post_message(_Changed(self._flag.id, "yes" if self._is_on else ""))

    def on_click(self) -> None:
        """Turn it round, where it can be chosen."""
        if self.can_focus:
            self.action_turn()


class _ChoiceField(Widget, can_focus=True):
    """One of several, side by side."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose(-1)", "Choice before", show=False),
        Binding("right,space", "choose(1)", "Next choice", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
        Binding("down", "app.focus_next", "Next field", show=False),
    ]
    DEFAULT_CSS = """
    _ChoiceField {
        width: 1fr; height: 1; padding: 0 1; background: $raised;
        &:focus { background: $cursor; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, choices: Choices) -> None:
        super().__init__(id=f"field-{choices.id}")
        self._choices = choices
        values = [value for value, _ in choices.options]
        self._at = values.index(choices.value) if choices.value in values else 0

    def render(self) -> Content:
        """Draw all words, the chosen ones strong; those before it leave where it is narrow."""
        pieces: list[Piece] = []
        first = self._first()
        for index, (_, words) in enumerate(self._choices.options[first:], start=first):
            style = "$accent bold underline" if index == self._at else "$muted"
            pieces += [Piece(words, style), Piece("  ", "")]
        return content_of(pieces)

    def _first(self) -> int:
        """Return the first one that is drawn, so that there is room for the chosen one."""
        widths = [cell_width(words) + 2 for _, words in self._choices.options]
        first = 0
        while first < self._at and sum(widths[first : self._at + 1]) > self.content_size.width:
            first += 1
        return first

    def action_choose(self, step: int) -> None:
        """Go to the next one."""
        self._at = (self._at + step) % len(self._choices.options)
        self.refresh()
        self.post_message(_Changed(self._choices.id, self._choices.options[self._at][0]))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        position = 1
        first = self._first()
        for index, (_, words) in enumerate(self._choices.options[first:], start=first):
            position += cell_width(words) + 2
            if event.x < position:
                self.action_choose(index - self._at)
                return


class FormDialog(Dialog[dict[str, str] | None]):
    """Asks for several things; ends with the values, or ``None``.

    Enter does it from every field, unless something is wrong.

    Args:
        form: What to ask.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", show=False, id="form.cancel"),
        Binding("enter", "do", "Do it", show=False, id="form.do"),
        Binding("tab", "app.focus_next", "Next field", show=False, id="form.next"),
        Binding("shift+tab", "app.focus_previous", "Field before", show=False, id="form.back"),
        Binding("pagedown,ctrl+f", "scroll(1)", "Down", show=False, id="form.down"),
        Binding("pageup,ctrl+b", "scroll(-1)", "Up", show=False, id="form.up"),
    ]
    DEFAULT_CSS = """
    FormDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 74;
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
        .line { height: auto; width: 1fr; }
        .label { width: 12; color: $muted; }
        #fields { height: auto; margin: 0 0 1 0; }
        #fields Input, #fields Input:focus {
            width: 1fr; height: 1; border: none; padding: 0 1;
            background: $hover; color: $strong;
        }
        #fields Input:focus { background: $cursor; }
        .input--placeholder { color: $muted; }
        #told { height: auto; max-height: 9; margin: 0 0 1 0; scrollbar-size-vertical: 1; }
        #wrong { color: $amber; margin: 0 0 1 0; }
        #wrong.-hint { color: $muted; }
        #failure { margin: 0 0 1 0; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(self, form: Form, *, glyphs: Glyphs) -> None:
        super().__init__(classes="-danger" if form.is_dangerous else "")
        self._form, self._glyphs = form, glyphs
        self._values = form.initial()
        self._is_touched = False
        """Whether a field was changed, or the end asked for."""
        self._told = Static(id="explanation")
        self._wrong = Static(id="wrong", markup=False)
        self._do = DialogButton("Enter", form.do, answer="do")

    def compose(self) -> ComposeResult:
        """Put the parts below one another, buttons at the end."""
        form = self._form
        with Vertical(id="box"):
            yield Static(content_of(self._title()), classes="after")
            if form.failure:
                yield Static(lines_of(self._failure()), id="failure")
            with Vertical(id="fields"):
                for one in form.fields:
                    with Horizontal(classes="line"):
                        label = "" if isinstance(one, Flag) else one.label
                        yield Static(label, classes="label", markup=False)
                        match one:
                            case Text():
                                yield _TextField(one)
                            case Flag():
                                yield _FlagField(one, glyphs=self._glyphs)
                            case Choices():
                                yield _ChoiceField(one)
            with VerticalScroll(id="told", can_focus=False):
                yield self._told
            yield self._wrong
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", form.keep, answer="keep", classes="-safe")
                yield self._do

    def on_mount(self) -> None:
        """Show what the first values mean."""
        self.query_one("#fields").display = bool(self._form.fields)
        self._show()

    def action_leave(self) -> None:
        """End without values."""
        self.answer(None)

    def action_do(self) -> None:
        """End with the values, unless something is wrong with them."""
        if not self._form.problem(self._values):
            self.answer(dict(self._values))
        else:
            self._is_touched = True
            self._show()

    def action_scroll(self, pages: int) -> None:
        """Scroll what is told about the values."""
        told = self.query_one("#told", VerticalScroll)
        told.scroll_relative(y=pages * max(told.size.height - 1, 1), animate=False)

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._take((message.input.id or "").removeprefix("field-"), message.value)

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._take((message.input.id or "").removeprefix("field-"), message.value)
        self.action_do()

    @on(_Changed)
    def _changed(self, message: _Changed) -> None:
        message.stop()
        self._take(message.field, message.value)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "do":
            self.action_do()
        else:
            self.action_leave()

    def _take(self, name: str, value: str) -> None:
        if self._values.get(name) != value:
            self._values[name] = value
            self._is_touched = True
            self._show()

    def _show(self) -> None:
        lines = self._form.explain(self._values)
        self._told.update(lines_of(lines))
        self.query_one("#told").display = bool(lines)
        wrong = self._form.problem(self._values)
        # Before anything was answered, it tells what to do, not what is wrong.
        mark = f"{self._glyphs.error} " if self._is_touched else ""
        self._wrong.update(f"{mark}{safe_text(wrong)}" if wrong else "")
        self._wrong.set_class(not self._is_touched, "-hint")
        self._wrong.display = bool(wrong)
        hue = "-danger" if self._form.is_dangerous else ""
        self._do.set_classes("-not-yet" if wrong else hue)

    def _title(self) -> list[Piece]:
        form = self._form
        crumb = f" {self._glyphs.crumb} "
        hue = "$strong bold" if form.is_home else "$amber bold"
        place = crumb.join(safe_text(part) for part in form.place)
        return [Piece(f"{safe_text(form.title)} ", "$strong bold"), Piece(place, hue)]

    def _failure(self) -> list[list[Piece]]:
        tried, *others = self._form.failure
        lines = [[Piece(f"{self._glyphs.error} ", "$red bold"), Piece(safe_text(tried), "$strong")]]
        for number, words in enumerate(one for one in others if one):
            hue = "$muted" if number else "$fg"
            lines += [[Piece(f"  {line}", hue)] for line in safe_lines(words)]
        return lines
