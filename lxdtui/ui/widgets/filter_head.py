"""The line above a list: words, and a field to find by words."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from lxdtui.ui.widgets.bar import Bar

__all__ = ["FilterHead", "FilterInput"]


class FilterInput(Input):
    """The field for the words of the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(True)", "Clear the filter", show=False),
        Binding("enter,tab", "leave(False)", "To the list", show=False),
        Binding("down", "step(1)", "Next row", show=False),
        Binding("up", "step(-1)", "Row before", show=False),
    ]
    DEFAULT_CSS = """
    FilterInput {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0 1;
        background: $hover;
        color: $strong;
        &:focus { border: none; background: $hover; }
        & > .input--placeholder { color: $muted; }
    }
    """

    class Left(Message):
        """Posted when the field is left."""

        def __init__(self, *, is_cleared: bool) -> None:
            super().__init__()
            self.is_cleared = is_cleared

    class Stepped(Message):
        """Posted when the cursor of the list is to move while words are typed."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    def action_leave(self, is_cleared: bool) -> None:
        """Go back to the list."""
        self.post_message(self.Left(is_cleared=is_cleared))

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list."""
        self.post_message(self.Stepped(rows))


class FilterHead(Horizontal):
    """A bar, and a field that opens before it; the field posts what it posts by itself.

    Args:
        bar: What is shown beside the field.
        placeholder: What stands in the empty field.
    """

    DEFAULT_CSS = """
    FilterHead {
        height: 1;
        background: $bg;
        FilterInput { display: none; }
        #slash { display: none; width: 3; height: 1; padding: 0 1; color: $accent; }
        &.-filtering #slash { display: block; }
    }
    """

    def __init__(self, bar: Bar, *, placeholder: str) -> None:
        super().__init__()
        self._beside = bar
        self._field = FilterInput(placeholder=placeholder, compact=True, select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Put field and bar side by side."""
        yield Static("/", id="slash", markup=False)
        yield self._field
        yield self._beside

    @property
    def is_filtering(self) -> bool:
        """Whether words are being typed."""
        return self.has_class("-filtering")

    @property
    def words(self) -> str:
        """What stands in the field; it stays when the field is closed."""
        return self._field.value

    def filtering_changed(self) -> None:
        """Show the bar as it is while words are typed, or again as it is without."""

    def open_filter(self) -> None:
        """Let words be typed."""
        self.set_class(True, "-filtering")
        # At once, not when the style sheet comes to it: what is typed on after
        # the slash belongs into the field, and in the list its keys would act.
        self._field.display = True
        self.screen.set_focus(self._field)
        self.filtering_changed()

    def close_filter(self, *, clear: bool) -> None:
        """End typing.

        Args:
            clear: Whether the words are dropped.
        """
        if clear:
            self._field.value = ""
        self.set_class(False, "-filtering")
        self._field.display = False
        self.filtering_changed()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._field.action_leave(False)
