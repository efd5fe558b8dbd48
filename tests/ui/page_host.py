"""A screen with one page of the detail screen and nothing else: for pictures of the page alone."""

from textual.app import ComposeResult

from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.messages import StoreChanged
from lxdtui.ui.pages.page import Page, PageContext
from lxdtui.ui.theme import UNICODE, Glyphs
from tests.ui.fake import CLOCK, FakeFleet


class PageHost(FleetScreen):
    """Shows a page of an instance.

    Args:
        fleet: The fleet.
        ref: The instance.
        kind: The page.
        glyphs: The characters to draw with.
    """

    AUTO_FOCUS = ""

    def __init__(
        self, fleet: FakeFleet, ref: InstanceRef, kind: type[Page], *, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__(fleet, clock=CLOCK, glyphs=glyphs)
        self.ref = ref
        self.page = kind(PageContext(fleet=fleet, ref=ref, clock=CLOCK, glyphs=glyphs, problems={}))

    def compose_body(self) -> ComposeResult:
        yield self.page

    def on_mount(self) -> None:
        super().on_mount()
        self.page.show_row(self._row())
        self.page.begin()
        self.page.take_focus()

    def crumbs(self) -> tuple[str, ...]:
        return (self.ref.remote, self.ref.project, self.ref.name)

    def scopes(self) -> tuple[Scope, ...]:
        return (*self.page.SCOPES, Scope.FRAME)

    def targets(self) -> tuple[InstanceRow, ...]:
        row = self._row()
        return () if row is None else (row,)

    def why_not(self, action: Action) -> str | None:
        if action.scope in self.page.SCOPES:
            return self.page.why_not(action, self.targets())
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        self.page.perform(action, rows)

    def store_changed(self, _message: StoreChanged) -> None:
        self.page.show_row(self._row())

    def _row(self) -> InstanceRow | None:
        return row_of(self.fleet.store, self.ref)
