"""The ground of all dialogs: a question that is answered once."""

from typing import TypeVar

from textual.screen import ModalScreen

__all__ = ["Dialog"]

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A dialog. Keys may come faster than it leaves; only the first answer counts."""

    _is_answered = False

    def answer(self, value: Answer) -> None:
        """End with an answer, unless there is one already.

        Args:
            value: The answer.
        """
        if not self._is_answered:
            self._is_answered = True
            self.dismiss(value)
