"""Row 2 of a list with marks: what there is in all, the filter, and the position."""

from collections.abc import Sequence

from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.filter_head import FilterHead
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["MarkedHead"]


class _SummaryBar(Bar):
    DEFAULT_CSS = "_SummaryBar { background: $bg; }"

    def __init__(self) -> None:
        super().__init__()
        self.left: tuple[Piece, ...] = ()
        self.right: tuple[Piece, ...] = ()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the summary at the left, the position at the right."""
        return spread(self.left, self.right, width)


class MarkedHead(FilterHead):
    """A line on all that is listed, and a field for words.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = "MarkedHead.-filtering _SummaryBar { width: 24; }"

    def __init__(self, *, glyphs: Glyphs) -> None:
        bar = _SummaryBar()
        super().__init__(bar, placeholder="words of the name …")
        self._bar = bar
        self._glyphs = glyphs

    def show(
        self,
        *,
        summary: Sequence[Piece],
        position: int,
        shown: int,
        total: int,
        marked: int,
        words: str,
        notice: str,
        is_warning: bool,
    ) -> None:
        """Show something else.

        Args:
            summary: What stands at the left.
            position: Where the cursor is, from 1; 0 without rows.
            shown: Rows that are shown.
            total: Rows there are.
            marked: Rows that are marked.
            words: Words of the filter.
            notice: How old the rows are, or what failed.
            is_warning: Whether the notice asks for attention.
        """
        is_filtering = self.is_filtering
        self._bar.left = () if is_filtering else tuple(summary)
        right: list[Piece] = [gap(2)]
        if notice and not is_filtering:
            right += [Piece(notice, "$amber" if is_warning else "$muted"), gap(2)]
        if words and not is_filtering:
            right += [Piece("/ ", "$accent bold"), Piece(safe_text(words), "$strong"), gap(2)]
        if marked:
            right += [Piece(f"{self._glyphs.marked} {count(marked)}", "$accent bold"), gap(2)]
        of = "" if shown == total else f" ({count(total)})"
        right += [Piece(f"{count(position)}/{count(shown)}{of}", "$muted"), gap(1)]
        self._bar.right = tuple(right)
        self._bar.refresh()
