"""The row of windows: each an open shell, or several in panes."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.state.sessions import SessionState
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pane_title import state_mark
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["SessionTabs", "TabInfo"]

_NEW = "new"
_NAME_WIDTHS = (40, 24, 16, 12, 8, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TabInfo:
    """What a tab says."""

    label: str
    """Safe text."""
    state: SessionState
    panes: int = 1
    has_unread: bool = False
    has_rung: bool = False
    at_once: bool = False
    """Whether what is typed elsewhere goes here as well."""


class SessionTabs(Bar):
    """Shows the windows by number, and a note at the right end.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = "SessionTabs { background: $bg; }"

    class Chosen(Message):
        """Posted when a tab is clicked; its place counts from 0, and None is a new shell."""

        def __init__(self, place: int | None) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._tabs: tuple[TabInfo, ...] = ()
        self._current = -1
        self._note = ""
        self._is_marked = False

    def show(
        self, tabs: Sequence[TabInfo], current: int, note: str, *, is_marked: bool = False
    ) -> None:
        """Show other tabs; the same again costs nothing.

        Args:
            tabs: The windows, in their order.
            current: Place of the one that is looked at; -1 for none.
            note: Text for the right end, as it comes from outside.
            is_marked: Whether the note tells what the next key does.
        """
        new = (tuple(tabs), current, note, is_marked)
        if new != (self._tabs, self._current, self._note, self._is_marked):
            self._tabs, self._current, self._note, self._is_marked = new
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the tabs; names are cut where there is little room, the note leaves first."""
        new = [Piece("+", "$accent bold", _NEW), Piece(" new", "$muted", _NEW), gap(1)]
        hue = "$accent bold" if self._is_marked else "$muted"
        note = safe_text(self._note)
        # What tells the next key is worth more than whole names.
        least = min(len(note), 20) + 2 if self._is_marked else 0
        for name_width in _NAME_WIDTHS:
            tabs = self._tab_pieces(name_width)
            room = width - width_of(tabs) - width_of(new) - 2
            if room >= least:
                words = cut(note, room) if room > 8 else ""
                return spread(tabs, [Piece(words, hue), gap(2 if words else 0), *new], width)
        return spread(self._tab_pieces(_NAME_WIDTHS[-1]), new, width)

    def chosen(self, target: str) -> None:
        """Tell the screen which window was clicked."""
        self.post_message(self.Chosen(None if target == _NEW else int(target)))

    def _tab_pieces(self, name_width: int) -> list[Piece]:
        pieces = [gap(1)]
        glyphs = self._glyphs
        for place, tab in enumerate(self._tabs):
            is_current = place == self._current
            target = str(place)
            glyph, role = state_mark(tab.state, glyphs)
            words = "$strong bold" if is_current else "$muted"
            if tab.at_once:
                words = "$amber bold" if is_current else "$amber"
            pieces += [
                Piece(f"{place + 1} ", "$accent bold" if is_current else "$muted", target),
                Piece(f"{glyph} ", role, target),
                Piece(cut(tab.label, name_width, glyphs.cut), words, target),
            ]
            if tab.panes > 1:
                pieces.append(Piece(f" +{tab.panes - 1}", "$muted", target))
            if tab.has_rung:
                pieces.append(Piece(f" {glyphs.bell}", "$amber bold", target))
            elif tab.has_unread:
                pieces.append(Piece(f" {glyphs.unread}", "$accent bold", target))
            pieces.append(gap(3))
        return pieces
