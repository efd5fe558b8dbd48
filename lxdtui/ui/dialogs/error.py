"""What failed: what was tried, on what, the server's words, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from lxdtui.errors import ApiError, LxdTuiError, OperationError
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import safe_lines, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["ErrorDialog", "Failure", "NextStep"]


class NextStep(StrEnum):
    """What to do after a failure."""

    AGAIN = "again"
    FORCE = "force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failure taken apart for the eye."""

    tried: str
    """What was tried, on what: ``start web1``."""
    reason: str
    """The server's own words, or ours where no answer came."""
    hint: str
    """What can be done about it; may be empty."""

    @classmethod
    def of(cls, error: LxdTuiError) -> "Failure":
        """Take an error apart."""
        if isinstance(error, ApiError | OperationError):
            reason = error.server_text or "The server gave no reason."
            return cls(tried=error.tried, reason=reason, hint=error.hint)
        return cls(tried="", reason=error.message, hint=error.hint)

    @property
    def text(self) -> str:
        """All of it for the clipboard: what is pasted into a shell must be harmless, too."""
        title = f"Cannot {self.tried}" if self.tried else ""
        parts = (part for part in (title, self.reason, self.hint) if part)
        return "\n".join(line for part in parts for line in safe_lines(part))


class ErrorDialog(Dialog[NextStep | None]):
    """Tells what failed; ends with what to do next.

    Args:
        failures: What failed; at least one.
        offers_force: Whether force is a way out.
        offers_again: Whether trying again makes sense.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Close", show=False, id="error.close"),
        Binding("y", "copy", "Copy", show=False, id="error.copy"),
        Binding("r", "again", "Again", show=False, id="error.again"),
        Binding("K", "force", "By force", show=False, id="error.force"),
    ]
    DEFAULT_CSS = """
    ErrorDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 70;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            border: round $red;
            background: $raised;
            color: $fg;
        }
        #failures { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
        Static { width: 1fr; height: auto; background: $raised; margin: 0 0 1 0; }
        .reason { padding: 0 0 0 2; }
        .hint { color: $muted; padding: 0 0 0 2; }
        #buttons { height: 1; width: 1fr; align-horizontal: right; }
    }
    """

    def __init__(
        self,
        failures: Sequence[Failure],
        *,
        offers_force: bool = False,
        offers_again: bool = True,
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._failures = tuple(failures)
        self._offers_force = offers_force
        self._offers_again = offers_again
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Put the failures below one another, buttons at the end."""
        with Vertical(id="box"):
            with VerticalScroll(id="failures"):
                for failure in self._failures:
                    yield Static(content_of(self._title(failure)))
                    reason = "\n".join(safe_lines(failure.reason))
                    yield Static(reason, classes="reason", markup=False)
                    if failure.hint:
                        hint = "\n".join(safe_lines(failure.hint))
                        yield Static(hint, classes="hint", markup=False)
            with Horizontal(id="buttons"):
                yield DialogButton("y", "Copy", answer="copy", classes="-safe")
                yield DialogButton("Esc", "Close", answer="close", classes="-safe")
                if self._offers_again:
                    yield DialogButton("r", "Again", answer="again", classes="-safe")
                if self._offers_force:
                    yield DialogButton("K", "By force", answer="force", classes="-danger")

    def action_leave(self) -> None:
        """End without a next step."""
        self.answer(None)

    def action_copy(self) -> None:
        """Copy everything as text (OSC 52)."""
        self.app.copy_to_clipboard("\n\n".join(failure.text for failure in self._failures))
        self.notify("The words are copied", timeout=4, markup=False)

    def action_again(self) -> None:
        """Try again."""
        if self._offers_again:
            self.answer(NextStep.AGAIN)

    def action_force(self) -> None:
        """Try by force."""
        if self._offers_force:
            self.answer(NextStep.FORCE)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "copy":
                self.action_copy()
            case "again":
                self.action_again()
            case "force":
                self.action_force()
            case _:
                self.action_leave()

    def _title(self, failure: Failure) -> list[Piece]:
        words = f"Cannot {safe_text(failure.tried)}" if failure.tried else "That did not work"
        return [Piece(f"{self._glyphs.error} ", "$red bold"), Piece(words, "$strong bold")]
