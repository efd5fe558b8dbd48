"""A list to choose from, found by words: places, bookmarks, what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from lxdtui.ui.dialogs.chooser import ChooserDialog
from lxdtui.ui.format.text import cut, cut_middle
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, spread

__all__ = ["FileChoice", "FileOption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOption:
    """One thing to choose."""

    id: str
    """What it means."""
    words: str
    """What is shown, safe."""
    note: str = ""
    """What stands at the right end, safe."""


class FileChoice(ChooserDialog[tuple[str, str]]):
    """Lets one be chosen; ends with ``choose`` or ``remove``, and its id.

    Args:
        title: What is chosen.
        options: What there is.
        nothing: What to say where there is nothing.
        can_remove: Whether F8 takes one out of the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "remove", "Remove", show=False, id="file_choice.remove"),
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[FileOption],
        *,
        nothing: str,
        can_remove: bool = False,
    ) -> None:
        super().__init__(placeholder="words of it", title=title)
        self._all = tuple(options)
        self._nothing = nothing
        self._can_remove = can_remove

    def options(self, words: list[str], width: int) -> list[Option]:
        """Return what has all of some words."""
        return [
            Option(content_of(_line(one, width)), id=one.id)
            for one in self._all
            if all(word in f"{one.words} {one.note}".casefold() for word in words)
        ]

    def nothing(self) -> str:
        """Say that there is nothing, or nothing with the words."""
        return "Nothing has these words." if self._all else self._nothing

    def chosen(self, option_id: str) -> None:
        """End with it."""
        self.answer(("choose", option_id))

    def action_remove(self) -> None:
        """Take the one under the cursor out of the list."""
        if self._can_remove and self.under_cursor is not None:
            self.answer(("remove", self.under_cursor))


def _line(option: FileOption, width: int) -> tuple[Piece, ...]:
    note = cut(option.note, max(width // 2, 1))
    room = max(width - len(note) - 4, 4)
    right = [gap(2), Piece(note, "$muted"), gap(1)]
    return spread([gap(1), Piece(cut_middle(option.words, room), "$strong")], right, width)
