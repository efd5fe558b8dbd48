"""The difference before it is sent, and what two people changed at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.services.configuration import Difference, Merge, differences
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.configuration import HIDDEN, DifferenceLine, difference_lines
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["ChangeQuestion", "ChangesDialog", "ConflictDialog", "Decision"]


class Decision(StrEnum):
    """What becomes of a change."""

    SEND = "send"
    BACK = "back"
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuestion:
    """A change that is about to be sent."""

    name: str
    place: tuple[str, ...]
    """Server and project."""
    is_home: bool
    """Whether the place is the local server and the default project."""
    found: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    """What is worth knowing before, one sentence each; any text."""
    command: str = ""
    effective: tuple[Difference, ...] = ()
    """What changes in force, where that is more than what is set."""


class ChangesDialog(ConfigDialog[Decision | None]):
    """Shows a change and asks whether to send it; ``None`` drops it.

    Args:
        question: The change.
        glyphs: The characters to draw with.
    """

    SCROLLS: ClassVar[str] = "#found"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "decide('')", "Drop", show=False, id="changes.drop"),
        Binding("b,backspace", "decide('back')", "Back", show=False, id="changes.back"),
        Binding("enter", "decide('send')", "Send", show=False, id="changes.send"),
        Binding("x", "reveal", "Show or hide", show=False, id="changes.reveal"),
        Binding("y", "copy", "Copy the command", show=False, id="changes.copy"),
    ]
    DEFAULT_CSS = """
    ChangesDialog #found, ConflictDialog #found {
        height: auto;
        max-height: 14;
        margin: 0 0 1 0;
        scrollbar-size-vertical: 1;
    }
    ChangesDialog .command { color: $fg; max-height: 3; }
    """

    def __init__(self, question: ChangeQuestion, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs)
        self._question = question
        self._reveals = False

    def heading(self) -> Sequence[Piece]:
        """Return the whole question."""
        question = self._question
        hue = "$strong bold" if question.is_home else "$amber bold"
        crumb = f" {self.glyphs.crumb} "
        return (
            Piece(f"Change {safe_text(question.name)} in ", "$strong bold"),
            Piece(crumb.join(map(safe_text, question.place)) + "?", hue),
        )

    def parts(self) -> Iterable[Widget]:
        """Return the difference, the notes and the command."""
        question = self._question
        with_scroll = VerticalScroll(Static(self._lines(), id="lines"), id="found")
        yield with_scroll
        if question.notes:
            yield self.block(
                (
                    (Piece(f"{self.glyphs.error} {safe_text(note)}", "$amber"),)
                    for note in question.notes
                ),
                classes="after",
            )
        if question.command:
            yield self.block(
                (
                    (
                        Piece("Same as  ", "$muted"),
                        Piece(safe_text(question.command), "$fg"),
                        gap(2),
                        Piece("y", "$accent bold"),
                        Piece(" copy", "$muted"),
                    ),
                ),
                classes="command",
            )

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        if self._has_secrets():
            yield DialogButton("x", "Show hidden", answer="reveal", classes="-safe")
        yield DialogButton("Esc", "Drop it", answer="", classes="-safe")
        yield DialogButton("b", "Back", answer="back", classes="-safe")
        yield DialogButton("Enter", "Send", answer="send")

    def on_mount(self) -> None:
        """Let the keys scroll the difference."""
        self.set_focus(self.query_one("#found"))

    def action_decide(self, decision: str) -> None:
        """End."""
        self.answer(Decision(decision) if decision else None)

    def action_reveal(self) -> None:
        """Show the hidden values, or hide them again."""
        self._reveals = not self._reveals
        self.query_one("#lines", Static).update(self._lines())

    def action_copy(self) -> None:
        """Copy the command (OSC 52)."""
        if self._question.command:
            self.app.copy_to_clipboard(self._question.command)
            self.notify("The command is copied", timeout=4, markup=False)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        if message.answer == "reveal":
            self.action_reveal()
        else:
            self.action_decide(message.answer)

    def _lines(self) -> Content:
        question = self._question
        lines = _pieces(
            difference_lines(question.found, reveals=self._reveals, arrow=self.glyphs.crumb)
        )
        if question.effective:
            lines += [(), (Piece("In force then", "$muted"),)]
            lines += _pieces(
                difference_lines(question.effective, reveals=self._reveals, arrow=self.glyphs.crumb)
            )
        return lines_of(lines)

    def _has_secrets(self) -> bool:
        shown = difference_lines(
            (*self._question.found, *self._question.effective), reveals=False, arrow=""
        )
        return any(HIDDEN in line.words.split() for line in shown)


class ConflictDialog(ConfigDialog[Decision | None]):
    """Shows what two people changed; ends with what becomes of it, ``None`` to go on editing.

    Args:
        name: The instance.
        merge: The three versions.
        glyphs: The characters to draw with.
    """

    SCROLLS: ClassVar[str] = "#found"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "decide('')", "Go on editing", show=False, id="conflict.edit"),
        Binding("m", "decide('mine')", "Mine", show=False, id="conflict.mine"),
        Binding("t", "decide('theirs')", "Theirs", show=False, id="conflict.theirs"),
        Binding("enter", "decide('send')", "Both", show=False, id="conflict.both"),
    ]

    def __init__(self, name: str, merge: Merge, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs)
        self._instance = name
        self._merge = merge

    def heading(self) -> Sequence[Piece]:
        """Say what happened."""
        return (
            Piece(
                f"{safe_text(self._instance)} was changed by somebody else meanwhile", "$amber bold"
            ),
        )

    def parts(self) -> Iterable[Widget]:
        """Return both changes, and what they contradict in."""
        merge = self._merge
        arrow = self.glyphs.crumb
        mine = differences(merge.base, merge.mine)
        theirs = differences(merge.base, merge.theirs)
        lines: list[Sequence[Piece]] = [(Piece("Yours, not sent yet", "$muted"),)]
        lines += _pieces(difference_lines(mine, reveals=False, arrow=arrow))
        lines += [(), (Piece("Theirs, on the server now", "$muted"),)]
        shown = [one for one in theirs if not one.path[-1].startswith("volatile.")]
        lines += _pieces(difference_lines(shown, reveals=False, arrow=arrow))
        yield VerticalScroll(Static(lines_of(lines)), id="found")
        if merge.is_clean:
            words = "They do not touch each other: both can be kept."
            yield Static(words, markup=False)
        else:
            names = ", ".join(safe_text(part[-1]) for part in merge.conflicts[:6])
            number = plural(len(merge.conflicts), "value")
            words = f"Both changed {number}: {names}. What does not contradict is kept of both."
            yield self.block(((Piece(words, "$amber"),),))

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Go on editing", answer="", classes="-safe")
        if self._merge.is_clean:
            yield DialogButton("Enter", "Keep both", answer="send")
        else:
            yield DialogButton("t", "Theirs wins", answer="theirs", classes="-safe")
            yield DialogButton("m", "Mine wins", answer="mine", classes="-danger")

    def on_mount(self) -> None:
        """Let the keys scroll the changes."""
        self.set_focus(self.query_one("#found"))

    def action_decide(self, decision: str) -> None:
        """End, where the choice is one."""
        is_clean = self._merge.is_clean
        if not decision:
            self.answer(None)
        elif (decision == Decision.SEND) == is_clean:
            self.answer(Decision(decision))

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.action_decide(message.answer)


def _pieces(lines: Iterable[DifferenceLine]) -> list[Sequence[Piece]]:
    return [
        (Piece(f"{line.sign} ", f"${line.role} bold"), Piece(line.words, f"${line.role}"))
        for line in lines
    ]
