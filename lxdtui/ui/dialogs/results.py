"""What became of each of several things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.dialogs.error import Failure, NextStep
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_lines, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, lines_of

__all__ = ["Result", "ResultsDialog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one thing."""

    name: str
    failure: Failure | None
    """Why it failed; ``None`` where it was done."""


class ResultsDialog(Dialog[NextStep | None]):
    """Tells what was done and what was not; ends with whether to try the failed ones again.

    Args:
        done: What was to be done: ``deleted``.
        results: What became of each.
        noun: What one of them is called.
        nouns: What several are called; ``noun`` with an ``s`` where empty.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Close", show=False, id="results.close"),
        Binding("y", "copy", "Copy", show=False, id="results.copy"),
        Binding("r", "again", "Again", show=False, id="results.again"),
        Binding("j,down", "scroll(1)", "Down", show=False, id="results.down"),
        Binding("k,up", "scroll(-1)", "Up", show=False, id="results.up"),
        Binding("pagedown,ctrl+f", "scroll(10)", "Page down", show=False, id="results.page_down"),
        Binding("pageup,ctrl+b", "scroll(-10)", "Page up", show=False, id="results.page_up"),
    ]
    DEFAULT_CSS = """
    ResultsDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 74;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            border: round $red;
            background: $raised;
            color: $fg;
        }
        #results { height: auto; max-height: 14; margin: 1 0; scrollbar-size-vertical: 1; }
        Static { width: 1fr; height: auto; background: $raised; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(
        self,
        done: str,
        results: Sequence[Result],
        *,
        noun: str = "snapshot",
        nouns: str = "",
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._noun, self._nouns = noun, nouns
        self._done, self._results, self._glyphs = done, tuple(results), glyphs

    def compose(self) -> ComposeResult:
        """Put the failed ones first, then what was done."""
        failed = [one for one in self._results if one.failure is not None]
        done = len(self._results) - len(failed)
        title = f"{done} of {plural(len(self._results), self._noun, self._nouns)} {self._done}"
        with Vertical(id="box"):
            yield Static(content_of((Piece(title, "$strong bold"),)))
            with VerticalScroll(id="results", can_focus=False):
                yield Static(lines_of(self._lines()))
            with Horizontal(id="buttons"):
                yield DialogButton("y", "Copy", answer="copy", classes="-safe")
                yield DialogButton("Esc", "Close", answer="close", classes="-safe")
                yield DialogButton("r", f"Try {len(failed)} again", answer="again")

    def action_leave(self) -> None:
        """End without a next step."""
        self.answer(None)

    def action_again(self) -> None:
        """Try the failed ones again."""
        self.answer(NextStep.AGAIN)

    def action_copy(self) -> None:
        """Copy the failures as text (OSC 52)."""
        failures = [one.failure for one in self._results if one.failure is not None]
        self.app.copy_to_clipboard("\n\n".join(failure.text for failure in failures))
        self.notify("The words are copied", timeout=4, markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the results."""
        self.query_one("#results", VerticalScroll).scroll_relative(y=lines, animate=False)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "copy":
                self.action_copy()
            case "again":
                self.action_again()
            case _:
                self.action_leave()

    def _lines(self) -> list[list[Piece]]:
        lines: list[list[Piece]] = []
        for one in sorted(self._results, key=lambda result: result.failure is None):
            name = Piece(safe_text(one.name), "$strong")
            if one.failure is None:
                lines.append([Piece(f"{self._glyphs.done} ", "$green"), name])
                continue
            lines.append([Piece(f"{self._glyphs.failed} ", "$red bold"), name])
            lines += [[Piece(f"  {words}", "$fg")] for words in safe_lines(one.failure.reason)]
            if one.failure.hint:
                lines += [[Piece(f"  {words}", "$muted")] for words in safe_lines(one.failure.hint)]
        return lines
