"""All actions of a screen by their words, with their keys: it teaches them."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.widgets.option_list import Option

from lxdtui.ui.actions import Action, key_label
from lxdtui.ui.dialogs.chooser import ChooserDialog
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, spread

__all__ = ["Choice", "PaletteDialog"]

_NAME_WIDTH = 13
"""Columns of the names and the gap after them; more where one is longer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An action, and why it is not possible now."""

    action: Action
    why_not: str | None


class PaletteDialog(ChooserDialog[str]):
    """Finds an action by words; ends with its id.

    Args:
        choices: The actions to choose from.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__(placeholder="an action by its words")
        # What is possible stands first; the rest says why it is not.
        self._choices = sorted(choices, key=lambda choice: choice.why_not is not None)
        longest = max((len(choice.action.words) for choice in choices), default=0)
        self._name_width = max(_NAME_WIDTH, longest + 1)

    def options(self, words: list[str], width: int) -> list[Option]:
        """Return the actions that have all of some words."""
        return [
            Option(content_of(_line(choice, self._name_width, width)), id=choice.action.id)
            for choice in self._choices
            if all(
                word in f"{choice.action.words} {choice.action.tells}".casefold() for word in words
            )
        ]

    def nothing(self) -> str:
        """Say that no action has the words, and how to leave."""
        return "No action has these words.  Esc leaves"

    def chosen(self, option_id: str) -> None:
        """End with the action."""
        self.answer(option_id)


def _line(choice: Choice, name_width: int, width: int) -> tuple[Piece, ...]:
    action = choice.action
    is_possible = choice.why_not is None
    name = "$red" if action.is_dangerous else "$strong"
    key = key_label(action.keys[0]) if action.keys else ""
    room = max(width - name_width - 2 - (len(key) + 2 if key else 0), 0)
    left = [
        gap(1),
        Piece(f"{action.words:<{name_width}}", f"{name} bold" if is_possible else "$muted"),
        Piece(cut(safe_text(choice.why_not or action.tells), room), "$muted"),
    ]
    right = [Piece(key, "$accent bold" if is_possible else "$muted"), gap(1)]
    return spread(left, right, width)
