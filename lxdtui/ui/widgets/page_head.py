"""The line above what a page lists: words at both ends, and a field to find by words."""

from collections.abc import Sequence

from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.filter_head import FilterHead
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


class PageHead(FilterHead):
    """Words at both ends, and a field for words.

    Args:
        placeholder: What stands in the empty field.
    """

    DEFAULT_CSS = "PageHead.-filtering _Words { width: 40%; }"

    def __init__(self, *, placeholder: str) -> None:
        bar = _Words()
        super().__init__(bar, placeholder=placeholder)
        self._bar = bar

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show other words; the same again costs nothing."""
        self._bar.show(left, right)
