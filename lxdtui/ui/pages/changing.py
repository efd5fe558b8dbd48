"""A page that shows what an instance has and gets from its profiles, and changes it."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.model.profile import Profile
from lxdtui.services.configuration import Version
from lxdtui.store.select import InstanceRow
from lxdtui.ui.pages.config_flow import words_of
from lxdtui.ui.pages.page import Page, PageContext
from lxdtui.ui.widgets.pieces import Piece, lines_of
from lxdtui.ui.widgets.row_table import RowTable, TableColumn

__all__ = ["ChangingPage"]

_EVERY_SECONDS = 20.0
_CHANGING = "instance.config"
"""Group of the workers that wait for an answer."""


class ChangingPage(Page):
    """A table over the facts of its row; the profiles are read while it is looked at.

    What the store holds is shown at once; what comes from a profile is known
    when the profiles were read.

    Args:
        context: The instance and what is needed to show it.
        columns: Those of the table.
    """

    FOCUS: ClassVar[str] = "RowTable"
    DEFAULT_CSS = """
    ChangingPage {
        #facts { height: 3; width: 1fr; padding: 0 1; background: $bar; }
    }
    """

    def __init__(self, context: PageContext, columns: Sequence[TableColumn]) -> None:
        super().__init__(context)
        self._table = RowTable(columns, glyphs=context.glyphs)
        self._facts = Static("", id="facts")
        self._row: InstanceRow | None = None
        self._is_made = False
        self._profiles: Mapping[str, Profile] = {}

    # For those who derive from it

    def draw(self) -> None:
        """Show what is known now."""
        raise NotImplementedError

    def facts(self, width: int) -> Sequence[tuple[Piece, ...]]:
        """Return all that is known of the row under the cursor.

        Args:
            width: Columns that there are.
        """
        raise NotImplementedError

    def open_row(self) -> None:
        """React to a second click on a row."""
        raise NotImplementedError

    async def version_read(self, version: Version) -> None:
        """Read what else is needed to show a version.

        Raises:
            LxdTuiError: It cannot be read.
        """

    def show_trouble(self, words: str) -> None:
        """Tell why the profiles could not be read; empty where they could."""
        raise NotImplementedError

    def begin_change(self, work: Coroutine[Any, Any, None]) -> None:
        """Ask, change and tell, beside the page."""
        self.run_worker(work, group=_CHANGING, exclusive=False, exit_on_error=True)

    def draw_facts(self) -> None:
        """Show what is known of the row under the cursor."""
        self._facts.update(lines_of(self.facts(max(self.size.width - 2, 20))))

    # What the screen asks

    def on_mount(self) -> None:
        """Show what is known already."""
        self._is_made = True
        self.draw()

    def show_row(self, row: InstanceRow | None) -> None:
        """Show the instance as it is now, and read the profiles again where it changed."""
        before, self._row = self._row, row
        self.draw()
        is_new = row is not None and (before is None or before.instance is not row.instance)
        if is_new and self.is_active:
            self.run_live(self._read(), name="profiles")

    def activate(self) -> None:
        """Read the profiles."""
        self.run_live(self._read_for_ever(), name="profiles")

    def refresh_now(self) -> None:
        """Read the profiles again."""
        self.run_live(self._read(), name="profiles")

    async def _read_for_ever(self) -> None:
        """Read again and again: a profile may change in what the instance hides, untold."""
        while True:
            await self._read()
            await asyncio.sleep(_EVERY_SECONDS)

    async def _read(self) -> None:
        try:
            version = await self.fleet.configuration.read(self.ref)
            await self.version_read(version)
            self._profiles = version.profiles
        except LxdTuiError as error:
            self.show_trouble(words_of(error).partition("\n")[0])
        else:
            self.show_trouble("")
        self.draw()

    # Events

    @on(RowTable.CursorMoved)
    def _cursor_moved(self, message: RowTable.CursorMoved) -> None:
        message.stop()
        self.draw()

    @on(RowTable.Opened)
    def _opened(self, message: RowTable.Opened) -> None:
        message.stop()
        self.open_row()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the facts to the width."""
        self.draw_facts()
