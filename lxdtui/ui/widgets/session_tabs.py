"""The row of open shells."""

from collections.abc import Sequence

from textual.message import Message

from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.sessions import Session, SessionState
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["SessionTabs"]

_NEW = "new"
_NAME_WIDTHS = (40, 24, 16, 12, 8, 5)


class SessionTabs(Bar):
    """Shows the open shells by number, and a note at the right end.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = "SessionTabs { background: $bg; }"

    class Chosen(Message):
        """Posted when a shell is clicked; its place counts from 0, and None is a new one."""

        def __init__(self, place: int | None) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._tabs: tuple[tuple[str, SessionState], ...] = ()
        self._current = -1
        self._note = ""
        self._is_marked = False

    def show(
        self,
        sessions: Sequence[Session],
        current: Session | None,
        note: str,
        *,
        is_marked: bool = False,
    ) -> None:
        """Show other shells; the same again costs nothing.

        Args:
            sessions: The open shells, in their order.
            current: The one that is looked at.
            note: Text for the right end, as it comes from outside.
            is_marked: Whether the note tells what the next key does.
        """
        tabs = tuple((safe_text(session.ref.name), session.state) for session in sessions)
        place = next((index for index, one in enumerate(sessions) if one is current), -1)
        old = (self._tabs, self._current, self._note, self._is_marked)
        if (tabs, place, note, is_marked) != old:
            self._tabs, self._current, self._note, self._is_marked = tabs, place, note, is_marked
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the tabs; names are cut where there is little room, the note leaves first."""
        new = [Piece("+", "$accent bold", _NEW), Piece(" new", "$muted", _NEW), gap(1)]
        hue = "$accent bold" if self._is_marked else "$muted"
        for name_width in _NAME_WIDTHS:
            tabs = self._tab_pieces(name_width)
            room = width - width_of(tabs) - width_of(new) - 2
            if room >= 0:
                note = cut(safe_text(self._note), room) if room > 8 else ""
                return spread(tabs, [Piece(note, hue), gap(2 if note else 0), *new], width)
        return spread(self._tab_pieces(_NAME_WIDTHS[-1]), new, width)

    def chosen(self, target: str) -> None:
        """Tell the screen which shell was clicked."""
        self.post_message(self.Chosen(None if target == _NEW else int(target)))

    def _tab_pieces(self, name_width: int) -> list[Piece]:
        pieces = [gap(1)]
        for place, (name, state) in enumerate(self._tabs):
            is_current = place == self._current
            target = str(place)
            glyph, role = self._mark(state)
            pieces += [
                Piece(f"{place + 1} ", "$accent bold" if is_current else "$muted", target),
                Piece(f"{glyph} ", role, target),
                Piece(
                    cut(name, name_width, self._glyphs.cut),
                    "$strong bold" if is_current else "$muted",
                    target,
                ),
                gap(3),
            ]
        return pieces

    def _mark(self, state: SessionState) -> tuple[str, str]:
        glyphs = self._glyphs
        match state:
            case SessionState.OPENING:
                return glyphs.working[0], "$accent"
            case SessionState.LIVE:
                return glyphs.running, "$green"
            case SessionState.ENDED:
                return glyphs.stopped, "$muted"
            case SessionState.FAILED:
                return glyphs.error, "$red"
