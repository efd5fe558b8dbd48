"""Row 2 of the snapshot list: what there is in all, the filter, and the position."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.list_head import FilterInput
from lxdtui.ui.widgets.pieces import Piece, gap, spread

__all__ = ["SnapshotHead"]


class _SummaryBar(Bar):
    DEFAULT_CSS = "_SummaryBar { background: $bg; }"

    def __init__(self) -> None:
        super().__init__()
        self.left: tuple[Piece, ...] = ()
        self.right: tuple[Piece, ...] = ()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the summary at the left, the position at the right."""
        return spread(self.left, self.right, width)


class SnapshotHead(Horizontal):
    """A line on all snapshots, and a field for words.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    SnapshotHead {
        height: 1;
        background: $bg;
        FilterInput { display: none; }
        #slash { display: none; width: 3; height: 1; padding: 0 1; color: $accent; }
        &.-filtering #slash { display: block; }
        &.-filtering _SummaryBar { width: 24; }
    }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._bar = _SummaryBar()
        self._input = FilterInput(
            placeholder="words of the name …", compact=True, select_on_focus=False
        )

    def compose(self) -> ComposeResult:
        """Put field and summary side by side."""
        yield Static("/", id="slash", markup=False)
        yield self._input
        yield self._bar

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
        is_filtering = self.has_class("-filtering")
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

    def open_filter(self) -> None:
        """Let words be typed."""
        self.set_class(True, "-filtering")
        # At once: what is typed on after the slash belongs into the field.
        self._input.display = True
        self.screen.set_focus(self._input)

    def close_filter(self, *, clear: bool) -> None:
        """End typing.

        Args:
            clear: Whether the words are dropped.
        """
        if clear:
            self._input.value = ""
        self.set_class(False, "-filtering")
        self._input.display = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._input.action_leave(False)
