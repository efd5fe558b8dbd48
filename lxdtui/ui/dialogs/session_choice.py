"""Choosing among all sessions and containers, and where to show what was chosen."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from lxdtui.ui.dialogs.file_choice import FileChoice, FileOption

__all__ = ["SessionChoice"]


class SessionChoice(FileChoice):
    """Ends with ``choose``, ``beside`` or ``below``, and the id of what was chosen.

    Args:
        options: What there is.
        can_split: Whether it can be put beside what is shown now.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "put('beside')", "Beside", show=False, id="session_choice.beside"),
        Binding("shift+tab", "put('below')", "Below", show=False, id="session_choice.below"),
    ]

    def __init__(self, options: Sequence[FileOption], *, can_split: bool) -> None:
        places = ", Tab beside this one, Shift-Tab below" if can_split else ""
        super().__init__(
            f"Go to a shell, or open one: Enter{places}",
            options,
            nothing="There is no shell, and no container runs.",
        )
        self._can_split = can_split

    def action_put(self, verb: str) -> None:
        """End with where to put what is under the cursor."""
        if self._can_split and self.under_cursor is not None:
            self.answer((verb, self.under_cursor))
