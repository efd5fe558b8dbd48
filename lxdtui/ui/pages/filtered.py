"""A page that lists what has some words."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from lxdtui.ui.format.text import safe_text
from lxdtui.ui.pages.page import Page, PageContext
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.marked_table import MarkedTable, TableColumn
from lxdtui.ui.widgets.page_head import PageHead
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["FilteredPage"]


class FilteredPage(Page):
    """A table under a head with a field: what is typed there narrows the table.

    Args:
        context: The instance and what is needed to show it.
        columns: Those of the table.
        placeholder: What stands in the empty field.
    """

    FOCUS: ClassVar[str] = "MarkedTable"

    def __init__(
        self, context: PageContext, columns: Sequence[TableColumn], *, placeholder: str
    ) -> None:
        super().__init__(context)
        self._head = PageHead(placeholder=placeholder)
        self._table = MarkedTable(columns, glyphs=context.glyphs)

    def compose(self) -> ComposeResult:
        """Put the head over the table."""
        yield self._head
        yield self._table

    def show_list(self) -> None:
        """Show the rows that have the words of the head."""
        raise NotImplementedError

    def go_back(self) -> bool:
        """Clear the filter first."""
        if not self._head.words:
            return False
        self._leave_filter(clear=True)
        return True

    def nothing_matches(self, words: str) -> tuple[tuple[Piece, ...], ...]:
        """Return what stands in a table whose rows have not got the words.

        Args:
            words: The sentence up to the words: ``Nothing matches``.
        """
        sentence = Piece(f"{words} {safe_text(self._head.words)}.", "$fg")
        hint = (gap(2), Piece("Esc", "$accent bold"), Piece(" clears", "$muted"))
        return ((gap(4), sentence, *hint),)

    def _leave_filter(self, *, clear: bool) -> None:
        self._head.close_filter(clear=clear)
        self._table.focus()
        self.show_list()

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.show_list()

    @on(FilterInput.Left)
    def _filter_left(self, message: FilterInput.Left) -> None:
        message.stop()
        self._leave_filter(clear=message.is_cleared)

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self._table.action_move(message.rows)

    @on(MarkedTable.CursorMoved)
    def _cursor_moved(self, message: MarkedTable.CursorMoved) -> None:
        message.stop()
        self.show_list()
        self.changed()
