"""A screen with a list that is filtered by words, and whose rows can be marked."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.widgets import Input

from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.marked_head import MarkedHead
from lxdtui.ui.widgets.marked_table import MarkedTable, TableColumn

__all__ = ["FilteredScreen"]


class FilteredScreen(FleetScreen):
    """A table under a head with a field: what is typed there narrows the table.

    Args:
        fleet: All configured servers and what is known of them.
        columns: Those of the table.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    FilteredScreen {
        MarkedTable { width: 1fr; height: 1fr; }
        &.-tall MarkedHead { height: 3; padding: 1 0; }
    }
    """
    AUTO_FOCUS: ClassVar[str | None] = "MarkedTable"

    def __init__(
        self,
        fleet: Fleet,
        columns: Sequence[TableColumn],
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self._head = MarkedHead(glyphs=glyphs)
        self._table = MarkedTable(columns, glyphs=glyphs)
        self._words = ""
        self._marks: frozenset[str] = frozenset()

    # For the screens

    def show_list(self) -> None:
        """Show the rows that have the words, with their marks, and all around them."""
        raise NotImplementedError

    def show_cursor(self) -> None:
        """Show what depends on the row under the cursor."""
        raise NotImplementedError

    def open_row(self) -> None:
        """React to Enter, or a second click, on a row."""
        raise NotImplementedError

    def perform_on_list(self, action_id: str, shown: Iterable[str]) -> None:
        """Mark rows, or leave the field.

        Args:
            action_id: Whose last word says what to do: ``mark``, ``mark_all``,
                or an action of the field.
            shown: Keys of the rows that are shown.
        """
        match action_id.rpartition(".")[2]:
            case "mark":
                if (key := self._table.cursor_key) is not None:
                    self._marks ^= {key}
                    self._table.action_move(1)
            case "mark_all":
                self._marks = frozenset() if self._marks else frozenset(shown)
            case "leave" | "clear" as how:
                if how == "clear":
                    self._words = ""
                self._head.close_filter(clear=how == "clear")
                self.set_focus(self._table)
        self.show_list()

    def clear(self) -> bool:
        """Take away marks and filter; says whether there were any."""
        if not (self._marks or self._words):
            return False
        self._marks, self._words = frozenset(), ""
        self._head.close_filter(clear=True)
        self.show_list()
        return True

    # What the widgets tell

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._words = message.value
        self.show_list()

    @on(FilterInput.Left)
    def _filter_left(self, message: FilterInput.Left) -> None:
        message.stop()
        self.perform_on_list("filter.clear" if message.is_cleared else "filter.leave", ())

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self._table.action_move(message.rows)

    @on(MarkedTable.CursorMoved)
    def _cursor_moved(self, message: MarkedTable.CursorMoved) -> None:
        message.stop()
        self.set_class(self._table.is_cursor_low, "-cursor-low")
        self.show_cursor()
        self.update_keys()

    @on(MarkedTable.Opened)
    def _opened(self, message: MarkedTable.Opened) -> None:
        message.stop()
        self.open_row()
