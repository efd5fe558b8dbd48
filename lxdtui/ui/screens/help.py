"""All keys of a screen, from the table of actions, and what the signs mean."""

from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from lxdtui.model.instance import Condition
from lxdtui.ui.actions import Action, Scope, actions_in, key_labels
from lxdtui.ui.actions.leader import DEFAULT_LEADER, leader_name, spelled
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import pad_right
from lxdtui.ui.theme import Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["HelpScreen"]

_KEYS_WIDTH = 17
_WORDS_WIDTH = 51
_MEANINGS = {
    Condition.RUNNING: "running",
    Condition.STOPPED: "stopped",
    Condition.FROZEN: "frozen: its processes are paused",
    Condition.ERROR: "error: the server does not know how it is",
    Condition.CHANGING: "something is under way",
}

Line = tuple[Piece, ...]


class HelpScreen(Dialog[None]):
    """The keys that apply where it was opened.

    Args:
        scopes: The groups of actions that apply there.
        leader: The key that is kept from programs in a shell, as Textual names keys.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "leave", "Leave", show=False, id="help.leave"),
        Binding("j,down", "step(1)", "Down", show=False, id="help.down"),
        Binding("k,up", "step(-1)", "Up", show=False, id="help.up"),
        Binding("ctrl+f,space", "page(True)", "Page down", show=False, id="help.page_down"),
        Binding("ctrl+b", "page(False)", "Page up", show=False, id="help.page_up"),
        Binding("g,home", "end(False)", "To the top", show=False, id="help.top"),
        Binding("G,end", "end(True)", "To the bottom", show=False, id="help.bottom"),
    ]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 78;
            max-width: 100%;
            height: 100%;
            max-height: 46;
            padding: 0 2;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        #title { height: 2; }
        #keys { height: auto; }
        #end { height: 2; padding: 1 0 0 0; }
    }
    """

    def __init__(
        self, scopes: tuple[Scope, ...], *, glyphs: Glyphs, leader: str = DEFAULT_LEADER
    ) -> None:
        super().__init__()
        self._scopes = scopes
        self._leader = leader_name(leader)
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Put the groups below one another."""
        with Vertical(id="box"):
            yield Static(lines_of([(Piece("Keys", "$strong bold"),)]), id="title")
            with VerticalScroll():
                yield Static(lines_of(self._lines()), id="keys")
            end = (
                Piece("j k", "$accent bold"),
                Piece(" move  ", "$muted"),
                Piece("Esc", "$accent bold"),
                Piece(" close", "$muted"),
            )
            yield Static(lines_of([end]), id="end")

    def action_leave(self) -> None:
        """Close."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Scroll by some rows."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_page(self, is_down: bool) -> None:
        """Scroll by a page."""
        scroll = self.query_one(VerticalScroll)
        if is_down:
            scroll.scroll_page_down(animate=False)
        else:
            scroll.scroll_page_up(animate=False)

    def action_end(self, is_last: bool) -> None:
        """Scroll to the first line or the last one."""
        scroll = self.query_one(VerticalScroll)
        if is_last:
            scroll.scroll_end(animate=False)
        else:
            scroll.scroll_home(animate=False)

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        scopes = [*self._scopes]
        if Scope.LIST in scopes:
            scopes.insert(scopes.index(Scope.LIST) + 1, Scope.FILTER)
        if Scope.FRAME in scopes:
            scopes.insert(scopes.index(Scope.FRAME), Scope.MOVING)
        for scope in scopes:
            lines.append((Piece(scope, "$strong bold"),))
            for action in actions_in(scope):
                lines += _lines(spelled(action, self._leader))
            lines.append(())
        lines.append((Piece("Signs", "$strong bold"),))
        for condition, meaning in _MEANINGS.items():
            sign = pad_right(self._glyphs.of(condition), _KEYS_WIDTH)
            role = f"${condition_role(condition)}"
            lines.append((gap(2), Piece(sign, role), Piece(meaning, "$fg")))
        return lines


def _lines(action: Action) -> list[Line]:
    keys = key_labels(action.keys) or ": palette"
    hue = "$red bold" if action.is_dangerous else "$accent bold"
    first, *rest = wrap(action.tells, _WORDS_WIDTH)
    return [
        (gap(2), Piece(pad_right(keys, _KEYS_WIDTH), hue), Piece(first, "$fg")),
        *((gap(2 + _KEYS_WIDTH), Piece(line, "$fg")) for line in rest),
    ]
