"""Shows the questions of copies in the background, one after the other, on one screen."""

from collections.abc import Callable

from textual.screen import Screen

from lxdtui.services.transfers import Answer, TransferView
from lxdtui.ui.dialogs.transfer_overwrite import OverwriteDialog
from lxdtui.ui.ports.transfers import TransferQueue
from lxdtui.ui.theme import Glyphs

__all__ = ["TransferAsker"]


class TransferAsker:
    """Asks on a screen while it is on top; a question put off is not asked again by itself.

    Args:
        screen: Where the dialogs are shown.
        transfers: The queue.
        glyphs: The characters to draw with.
        asked_later: Told when the user puts a question off.
    """

    def __init__(
        self,
        screen: Screen[None],
        transfers: TransferQueue,
        *,
        glyphs: Glyphs,
        asked_later: Callable[[], None] | None = None,
    ) -> None:
        self._screen = screen
        self._transfers = transfers
        self._glyphs = glyphs
        self._asked_later = asked_later
        # Those put off, and those answered, which stay for a moment until the answer is taken.
        self._asked: set[tuple[int, int]] = set()
        self._shown: tuple[int, int] | None = None

    def look(self) -> None:
        """Ask the first question that was not asked yet, if the screen is on top."""
        for view in self._transfers.views:
            if view.question is not None:
                key = (view.number, view.question.number)
                if key not in self._asked:
                    self.ask(view)
                    return

    def ask(self, view: TransferView) -> None:
        """Ask the question of a transfer, also one that was put off."""
        question = view.question
        if question is None or self._shown is not None or not self._screen.is_current:
            return
        key = self._shown = (view.number, question.number)

        def take(answer: Answer | None) -> None:
            self._shown = None
            self._asked.add(key)
            if answer is None:
                if self._asked_later is not None:
                    self._asked_later()
            else:
                self._transfers.answer(*key, answer)

        self._screen.app.push_screen(OverwriteDialog(view, question, glyphs=self._glyphs), take)
