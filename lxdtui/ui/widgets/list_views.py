"""One line above a list: which part of it is shown, and by what words it is filtered."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from lxdtui.ui.format.amounts import count
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["ListViews", "ViewTab"]


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A part of a list."""

    name: str
    rows: int
    """How many rows it has."""


class ListViews(Bar):
    """Names of the parts with their counts; a click chooses one."""

    DEFAULT_CSS = """
    ListViews { background: $bg; }
    """

    class Chosen(Message):
        """Posted when a part is clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._tabs: tuple[ViewTab, ...] = ()
        self._current = ""
        self._note: tuple[Piece, ...] = ()

    def show(self, tabs: Sequence[ViewTab], current: str, note: Sequence[Piece] = ()) -> None:
        """Show other parts; the same again costs nothing.

        Args:
            tabs: The parts.
            current: Name of the one that is shown.
            note: What stands at the right end.
        """
        shown = (tuple(tabs), current, tuple(note))
        if shown != (self._tabs, self._current, self._note):
            self._tabs, self._current, self._note = shown
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return names and counts, and the note at the end."""
        left: list[Piece] = [gap(1)]
        for tab in self._tabs:
            is_current = tab.name == self._current
            name = "$strong bold" if is_current else "$muted"
            number = "$accent" if is_current else "$muted"
            left += [
                Piece(tab.name, name, tab.name),
                Piece(f" {count(tab.rows)}", number, tab.name),
                gap(3),
            ]
        return spread(left, (*self._note, gap(1)), width)

    def chosen(self, target: str) -> None:
        """Tell which part was clicked."""
        self.post_message(self.Chosen(target))
