"""The line above what a page lists: words at both ends, and a field to find by words."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.list_head import FilterInput
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["PageHead"]


class _Words(Bar):
    DEFAULT_CSS = "_Words { background: $bg; }"

    def __init__(self) -> None:
        super().__init__()
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()

    def show(self, left: Sequence[Piece], right: Sequence[Piece]) -> None:
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        return spread((gap(1), *self._left), (*self._right, gap(1)), width)


class PageHead(Horizontal):
    """Words, and a field that opens before them; the field posts what it posts by itself.

    Args:
        placeholder: What stands in the empty field.
    """

    DEFAULT_CSS = """
    PageHead {
        height: 1;
        background: $bg;
        FilterInput { display: none; }
        #slash { display: none; width: 3; height: 1; padding: 0 1; color: $accent; }
        &.-finding #slash { display: block; }
        &.-finding FilterInput { display: block; }
        &.-finding _Words { width: 40%; }
    }
    """

    def __init__(self, *, placeholder: str) -> None:
        super().__init__()
        self._words = _Words()
        self._field = FilterInput(placeholder=placeholder, compact=True, select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Put the field before the words."""
        yield Static("/", id="slash", markup=False)
        yield self._field
        yield self._words

    @property
    def words(self) -> str:
        """What stands in the field; it stays when the field is closed."""
        return self._field.value

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show other words; the same again costs nothing."""
        self._words.show(left, right)

    def open_field(self) -> None:
        """Let words be typed."""
        self.add_class("-finding")
        self._field.focus()

    def close_field(self, *, is_cleared: bool) -> None:
        """Close the field; who had the focus before takes it again by itself."""
        self.remove_class("-finding")
        if is_cleared:
            self._field.value = ""
