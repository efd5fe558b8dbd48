"""A button of a dialog: a key and words, filled when it is the one that acts."""

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["DialogButton"]


class DialogButton(Widget):
    """Shows which key does what; a click does the same.

    Args:
        key: The key as people know it.
        words: What it does.
        answer: What a click means to the dialog.
        classes: ``-safe`` for the one that changes nothing, ``-danger`` where
            data can be lost.
    """

    DEFAULT_CSS = """
    DialogButton {
        width: auto;
        height: 1;
        padding: 0 1;
        margin: 0 0 0 2;
        background: $accent;
        color: $on-fill;
        text-style: bold;
        &.-danger { background: $red; }
        &.-safe { background: $hover; color: $strong; text-style: none; }
        &.-not-yet { background: $hover; color: $muted; text-style: none; }
    }
    """
    ALLOW_SELECT = False

    class Pressed(Message):
        """Posted when the button is clicked."""

        def __init__(self, answer: str) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, key: str, words: str, *, answer: str, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._key = key
        self._words = words
        self._answer = answer

    def say(self, words: str) -> None:
        """Change what it says that it does.

        Args:
            words: The new words.
        """
        self._words = words
        self.refresh(layout=True)

    def render(self) -> Content:
        """Draw key and words."""
        return content_of((Piece(self._key, "bold"), Piece(f"  {self._words}", "")))

    def on_click(self, event: events.Click) -> None:
        """Tell the dialog."""
        event.stop()
        self.post_message(self.Pressed(self._answer))
