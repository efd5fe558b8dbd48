"""The text under edit: what is typed, pasted, moved and taken out."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import EditResult, Location, Selection

from lxdtui.ui.format.highlight import Highlighter
from lxdtui.ui.format.stand_ins import StandIns
from lxdtui.ui.widgets.editor_canvas import EditorCanvas
from lxdtui.ui.widgets.editor_document import EditorDocument

__all__ = ["EditorArea"]

_TAB_WIDTH = 8
"""Columns from one tab stop to the next, as terminals have them."""


class EditorArea(EditorCanvas):
    """A text that is edited.

    What it holds are stand-ins where characters cannot be drawn; :attr:`real_text`
    is the text as it is in the file.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "outdent", "Less indent", show=False, id="area.outdent"),
        Binding("ctrl+home", "go_first", "First line", show=False, id="area.first"),
        Binding("ctrl+end", "go_last", "Last line", show=False, id="area.last"),
        Binding("alt+up", "move_lines(-1)", "Lines up", show=False, id="area.up"),
        Binding("alt+down", "move_lines(1)", "Lines down", show=False, id="area.down"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.tab_behavior = "focus"
        self.indent_width = _TAB_WIDTH
        self._step = 4

    # The text

    @property
    def real_text(self) -> str:
        """The text as it is in the file, with LF between its lines."""
        return self._stand_ins.real(self.document.text)

    @property
    def lines(self) -> EditorDocument:
        """The text behind the widget."""
        assert isinstance(self.document, EditorDocument)
        return self.document

    @property
    def written_in(self) -> str:
        """What the text is written in; empty where that is not known."""
        return self._highlighter.language

    def open(self, text: str, *, path: str, indent: str, indent_width: int) -> None:
        """Begin with a text; the history begins anew.

        Args:
            text: The text as it is in the file, with LF between its lines.
            path: The path of the file, which tells its language.
            indent: What it indents with, a tab or a blank.
            indent_width: Columns of one step.

        Raises:
            TooManyKinds: It has too many kinds of characters that cannot be drawn.
        """
        self._stand_ins = StandIns()
        self._highlighter = Highlighter(path, text[:200].partition("\n")[0])
        self.indent_type = "tabs" if indent == "\t" else "spaces"
        self._step = indent_width
        self.load_text(self._stand_ins.shown(text))

    def replace_all(self, text: str) -> None:
        """Put another text in the place of the whole one, as one step of the history."""
        place = self.cursor_location
        self.history.checkpoint()
        self.replace(
            self._stand_ins.shown(text), (0, 0), self.document.end, maintain_selection_offset=False
        )
        self.history.checkpoint()
        self.move_cursor(self.clamp_visitable(place), center=True)

    def shown(self, text: str) -> str:
        """Return a text with the stand-ins that it has in here."""
        return self._stand_ins.shown(text)

    # What Textual's text area asks

    def _replace_via_keyboard(
        self, insert: str, start: Location, end: Location
    ) -> EditResult | None:
        """Put in what was typed or pasted; terminals paste CR at the end of lines."""
        plain = insert.replace("\r\n", "\n").replace("\r", "\n")
        return super()._replace_via_keyboard(self._stand_ins.shown(plain), start, end)

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say whether a key is text; with Alt it is not."""
        return super().check_consume_key(key, character) and not key.startswith(("alt+", "ctrl+"))

    async def _on_key(self, event: events.Key) -> None:
        """Take what is typed; a new line begins where the one before does."""
        insert = event.character if self.check_consume_key(event.key, event.character) else None
        start, end = self.selection
        match event.key:
            case "enter":
                insert = "\n" + self._indent_at(min(start, end))
            case "tab":
                if start[0] != end[0]:
                    self._indent_lines(1)
                    event.stop()
                    event.prevent_default()
                    return
                column = self.get_column_width(*end)
                step = " " * (self._step - column % self._step)
                insert = "\t" if self.indent_type == "tabs" else step
        # Textual would take the letter of a key with Alt for text.
        event.prevent_default()
        if insert is None or self.read_only:
            return
        event.stop()
        self._replace_via_keyboard(insert, start, end)

    # Actions

    def action_copy(self) -> None:
        """Copy what is selected, or the line."""
        text = self.selected_text or f"{self.document[self.cursor_location[0]]}\n"
        self.app.copy_to_clipboard(self._stand_ins.real(text))

    def action_cut(self) -> None:
        """Copy what is selected, or the line, and take it out."""
        if not self.read_only:
            self.action_copy()
            start, end = self.selection
            if start == end:
                self._delete_cursor_line()
            else:
                self._delete_via_keyboard(start, end)

    def action_outdent(self) -> None:
        """Take one step of indent from the lines of the selection."""
        self._indent_lines(-1)

    def action_go_first(self) -> None:
        """Go to the beginning of the text."""
        self.move_cursor((0, 0))

    def action_go_last(self) -> None:
        """Go to the end of the text."""
        self.move_cursor(self.document.end)

    def action_move_lines(self, rows: int) -> None:
        """Move the lines of the selection up or down."""
        first, last = sorted((self.selection.start[0], self.selection.end[0]))
        low, high = (first - 1, last) if rows < 0 else (first, last + 1)
        if self.read_only or low < 0 or high >= self.document.line_count:
            return
        lines = [self.document[line] for line in range(low, high + 1)]
        lines = [*lines[1:], lines[0]] if rows < 0 else [lines[-1], *lines[:-1]]
        start, end = self.selection
        self.replace("\n".join(lines), (low, 0), (high, len(self.document[high])))
        self.selection = Selection((start[0] + rows, start[1]), (end[0] + rows, end[1]))

    def _indent_at(self, place: Location) -> str:
        line = self.document[place[0]][: place[1]]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _indent_lines(self, steps: int) -> None:
        first, last = sorted((self.selection.start[0], self.selection.end[0]))
        step = "\t" if self.indent_type == "tabs" else " " * self._step
        lines = [self.document[line] for line in range(first, last + 1)]
        if steps > 0:
            changed = [step + line if line else line for line in lines]
        else:
            changed = [_without_step(line, self._step) for line in lines]
        if self.read_only or changed == lines:
            return
        (row, column), (end_row, end_column) = self.selection
        self.replace(
            "\n".join(changed), (first, 0), (last, len(lines[-1])), maintain_selection_offset=False
        )
        pairs = zip(lines, changed, strict=True)
        moved = {line: len(new) - len(old) for line, (old, new) in enumerate(pairs, first)}
        self.selection = Selection(
            (row, max(column + moved[row], 0)), (end_row, max(end_column + moved[end_row], 0))
        )


def _without_step(line: str, width: int) -> str:
    if line.startswith("\t"):
        return line[1:]
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, width) :]
