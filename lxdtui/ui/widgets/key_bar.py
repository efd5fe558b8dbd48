"""The last row: the keys that work now."""

from collections.abc import Sequence

from textual.message import Message

from lxdtui.ui.actions import Action, key_label
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["KeyBar"]


class KeyBar(Bar):
    """Key hints, best first; whole hints leave at the right where there is no room."""

    class Chosen(Message):
        """Posted when a hint is clicked."""

        def __init__(self, key_bar: "KeyBar", action_id: str) -> None:
            super().__init__()
            self.key_bar = key_bar
            self.action_id = action_id

        @property
        def control(self) -> "KeyBar":
            """The key bar."""
            return self.key_bar

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[Action, ...] = ()
        self._end: tuple[Action, ...] = ()

    def show(self, hints: Sequence[Action], end: Sequence[Action] = ()) -> None:
        """Show the actions that are possible now; the same again costs nothing.

        Args:
            hints: For the left, in the order in which they stay.
            end: For the right end; these always stay.
        """
        if (tuple(hints), tuple(end)) != (self._hints, self._end):
            self._hints, self._end = tuple(hints), tuple(end)
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the hints that fit whole."""
        right = [piece for action in self._end for piece in (gap(2), *_hint(action))][1:]
        right.append(gap(1))
        left = [gap(1)]
        for action in self._hints:
            hint = _hint(action)
            needed = width_of(left) + width_of(hint) + 2 + width_of(right)
            if needed > width:
                break
            left += [*hint, gap(2)]
        return spread(left, right, width)

    def chosen(self, target: str) -> None:
        """Tell the screen which hint was clicked."""
        self.post_message(self.Chosen(self, target))


def _hint(action: Action) -> list[Piece]:
    hue = "$red bold" if action.is_dangerous else "$accent bold"
    return [
        Piece(key_label(action.keys[0]), hue, action.id),
        Piece(f" {action.words}", "$muted", action.id),
    ]
