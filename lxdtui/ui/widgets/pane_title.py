"""The row of words above a pane: what runs in it, and whether it gets the keys."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from lxdtui.ui.format.text import cut
from lxdtui.ui.state.sessions import SessionState
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["PaneInfo", "PaneTitle", "state_mark"]


def state_mark(state: SessionState, glyphs: Glyphs) -> tuple[str, str]:
    """Return the sign of a state and the role of its colour."""
    match state:
        case SessionState.OPENING:
            return glyphs.working[0], "$accent"
        case SessionState.LIVE:
            return glyphs.running, "$green"
        case SessionState.WAITING:
            return glyphs.working[0], "$amber"
        case SessionState.ENDED:
            return glyphs.stopped, "$muted"
        case SessionState.FAILED:
            return glyphs.error, "$red"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneInfo:
    """What the row says."""

    label: str
    """Safe text."""
    state: SessionState
    is_active: bool
    is_marked: bool = False
    at_once: int = 0
    """How many sessions get what is typed here; 0 where it is this one alone."""
    note: str = ""
    """What stands at the right end."""


class PaneTitle(Bar):
    """One row; amber where what is typed goes to several.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    PaneTitle {
        background: $bar;
        &.-active { background: $cursor; }
        &.-several { background: $amber; }
    }
    """

    class Clicked(Message):
        """Posted when the row is clicked."""

        def __init__(self, title: "PaneTitle") -> None:
            super().__init__()
            self.title = title

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._info: PaneInfo | None = None

    def show(self, info: PaneInfo) -> None:
        """Say something else; the same again costs nothing."""
        if info != self._info:
            self._info = info
            self.set_class(info.is_active and not info.at_once, "-active")
            self.set_class(bool(info.at_once), "-several")
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the words; those at the right end leave where there is no room."""
        info, glyphs = self._info, self._glyphs
        if info is None:
            return ()
        sign, role = state_mark(info.state, glyphs)
        words = "$strong bold" if info.is_active else "$muted"
        hue = "$accent"
        if info.at_once:
            role = words = hue = "$on-fill bold" if info.is_active else "$on-fill"
        left = [
            Piece(glyphs.cursor if info.is_active else " ", hue),
            Piece(f"{glyphs.marked} " if info.is_marked else "", hue),
            Piece(f"{sign} ", role),
        ]
        note = f"{info.at_once} typed at once" if info.at_once else info.note
        right = [Piece(f"  {note} ", hue if info.at_once else "$muted")] if note else []
        room = width - width_of(left) - width_of(right)
        if room < 8:
            right, room = [], width - width_of(left)
        left.append(Piece(cut(info.label, max(room, 0), glyphs.cut), words))
        return spread(left, right or [gap(0)], width)

    def on_click(self, event: events.Click) -> None:
        """Tell the pane."""
        event.stop()
        self.post_message(self.Clicked(self))
