"""The tabs of the detail screen: names with their keys, a rule below, ways to other screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of, piece_at, spread, width_of

__all__ = ["PageTabs", "Tab"]

_LINK = "link:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A name in the bar."""

    target: str
    """What a click on it means: the page's name, or the id of an action."""
    key: str
    """The key that leads there."""
    title: str
    """What it says."""
    badge: str = ""
    """What stands behind it, such as a count; safe text."""


class PageTabs(Widget):
    """Shows which page is looked at, and what else there is.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    PageTabs { height: 2; width: 1fr; background: $bg; color: $fg; }
    """
    ALLOW_SELECT = False

    class Chosen(Message):
        """Posted when a tab is clicked: the name of a page."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class LinkChosen(Message):
        """Posted when a way to another screen is clicked: the id of an action."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._tabs: tuple[Tab, ...] = ()
        self._links: tuple[Tab, ...] = ()
        self._current = ""

    def show(self, tabs: Sequence[Tab], links: Sequence[Tab], current: str) -> None:
        """Show other tabs; the same again costs nothing.

        Args:
            tabs: The pages.
            links: Ways to other screens, the most wanted first; shown where there is room.
            current: Target of the page that is looked at.
        """
        shown = (tuple(tabs), tuple(links), current)
        if shown != (self._tabs, self._links, self._current):
            self._tabs, self._links, self._current = shown
            self.refresh()

    def render(self) -> Content:
        """Draw the names and the rule."""
        return lines_of(self.lines(self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        """Find what was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        piece = piece_at(self.lines(self.content_size.width)[0], offset.x)
        if piece is None or not piece.target:
            return
        event.stop()
        if piece.target.startswith(_LINK):
            self.post_message(self.LinkChosen(piece.target.removeprefix(_LINK)))
        else:
            self.post_message(self.Chosen(piece.target))

    def lines(self, width: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """Return the names and the rule below them for a width.

        Ways to other screens leave first, then blanks, then the keys of the
        tabs; at last names leave at the left, up to the current one.

        Args:
            width: Columns there are.
        """
        tries = [
            (count, between, True)
            for count in range(len(self._links), -1, -1)
            for between in (3, 2)
        ]
        for count, between, has_keys in (*tries, (0, 2, False)):
            links = self._link_pieces(self._links[:count])
            names = self._names(self._tabs, between, has_keys=has_keys)
            if width_of(names) + width_of(links) + (3 if links else 0) <= width:
                return spread(names, links, width), self._rule(names, width)
        for start in range(len(self._tabs)):
            names = self._names(self._tabs[start:], 2, has_keys=False)
            if width_of(names) <= width or self._tabs[start].target == self._current:
                return spread(names, (), width), self._rule(names, width)
        return (), ()

    def _names(self, tabs: Sequence[Tab], between: int, *, has_keys: bool) -> list[Piece]:
        pieces: list[Piece] = [gap(1)]
        for number, tab in enumerate(tabs):
            is_current = tab.target == self._current
            if number:
                pieces.append(gap(between))
            if has_keys and tab.key:
                hue = "$accent bold" if is_current else "$muted"
                pieces.append(Piece(f"{tab.key} ", hue, tab.target))
            name = "$strong bold" if is_current else "$muted"
            pieces.append(Piece(tab.title, name, tab.target))
            if tab.badge:
                pieces.append(Piece(f" {tab.badge}", "$fg" if is_current else "$muted", tab.target))
        return pieces

    def _link_pieces(self, links: Sequence[Tab]) -> list[Piece]:
        pieces: list[Piece] = []
        for link in links:
            target = f"{_LINK}{link.target}"
            pieces += [
                Piece(f"{link.key} ", "$accent bold", target),
                Piece(link.title, "$muted", target),
            ]
            if link.badge:
                pieces.append(Piece(f" {link.badge}", "$fg", target))
            pieces.append(gap(3))
        return [*pieces[:-1], gap(1)] if pieces else []

    def _rule(self, names: Sequence[Piece], width: int) -> tuple[Piece, ...]:
        """Draw the rule, in accent below the current name."""
        before = within = 0
        for piece in names:
            if piece.target and piece.target == self._current:
                within += width_of((piece,))
            elif not within:
                before += width_of((piece,))
        within = min(within, width - before)
        return (
            Piece(self._glyphs.rest * before, "$line"),
            Piece(self._glyphs.filled * within, "$accent"),
            Piece(self._glyphs.rest * max(width - before - within, 0), "$line"),
        )
