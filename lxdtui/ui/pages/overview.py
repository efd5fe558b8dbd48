"""The first page: everything about an instance at a glance."""

from typing import ClassVar

from textual.app import ComposeResult

from lxdtui.store.select import InstanceRow
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.pages.page import Page, PageContext
from lxdtui.ui.widgets.overview_pieces import Overview
from lxdtui.ui.widgets.overview_view import OverviewView

__all__ = ["OverviewPage"]


class OverviewPage(Page):
    """Attributes, addresses, usage, snapshots, devices, configuration.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "overview"
    TITLE: ClassVar[str] = "Overview"
    FOCUS: ClassVar[str] = "OverviewView"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._view = OverviewView(glyphs=context.glyphs)

    def compose(self) -> ComposeResult:
        """Make the scrolled page."""
        yield self._view

    def show_row(self, row: InstanceRow | None) -> None:
        """Show the instance as it is now."""
        if row is None:
            self._view.show(None, f"{safe_text(self.ref.name)} is not known to the server.")
            return
        overview = Overview(
            row=row,
            snapshots=self.fleet.store.state.snapshots.get(self.ref),
            history=self.fleet.store.state.history.get(self.ref, ()),
            problem=self.problems.get(self.ref, ""),
            now=self.clock.now(),
        )
        self._view.show(overview)
