"""One instance: attributes, addresses, usage, snapshots, devices, configuration."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.fleet import Fleet
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age_since
from lxdtui.ui.messages import OpenShell, StoreChanged
from lxdtui.ui.operate import OperatingScreen
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.overview_page import OverviewPage
from lxdtui.ui.widgets.overview_pieces import Overview
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["InstanceScreen"]


class InstanceScreen(OperatingScreen):
    """Everything about one instance.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance.
        clock: What time it is.
        glyphs: The characters to draw with.
        problems: Why the last action on an instance failed, shared with other screens.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.INSTANCES, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.INSTANCES),
        Binding("q", "quit_from_list", "Quit", show=False, id="instance.quit"),
    ]
    DEFAULT_CSS = """
    InstanceScreen {
        &.-tall OverviewPage { padding: 1 0 0 1; }
    }
    """
    AUTO_FOCUS = "OverviewPage"

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        problems: dict[InstanceRef, str] | None = None,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs, problems=problems)
        self.ref = ref
        self._page = OverviewPage(glyphs=glyphs)

    def compose_body(self) -> ComposeResult:
        """Make the page."""
        yield self._page

    def on_mount(self) -> None:
        """Show what is known already."""
        super().on_mount()
        self._show()

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project and name."""
        return (self.ref.remote, self.ref.project, self.ref.name)

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the instance."""
        return (self.ref.remote,)

    def object_state(self) -> tuple[Piece, ...]:
        """Return its status, and how long it has been running."""
        row = self._row()
        if row is None:
            return ()
        condition = condition_of(row)
        hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
        up = age_since(started_at(row), self.clock.now()) if row.instance.is_running else ""
        return (Piece(f"{self.glyphs.of(condition)} {status_word(row)} {up}".rstrip(), hue),)

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the instance, while it exists."""
        row = self._row()
        return () if row is None else (row,)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action on the instance."""
        if action.id == "instance.shell":
            self.post_message(OpenShell(self.ref))
        else:
            super().perform(action, rows)

    def action_quit_from_list(self) -> None:
        """Say where the key that is wanted works: here it would end more than this page."""
        self.say("Esc goes back to the list; q quits there")

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now; what is open need not be opened."""
        if action.id == "instance.open":
            return "it is open"
        return super().why_not(action)

    def store_changed(self, message: StoreChanged) -> None:
        """Show what is different, if it is this instance or its server."""
        if self.ref in message.change.instances or self.ref.remote in message.change.remotes:
            self.forget_problems((self.ref,))
            self._show()

    def work_changed(self) -> None:
        """Show what is under way or failed."""
        self._show()
        self.update_frame()

    def _row(self) -> InstanceRow | None:
        return row_of(self.fleet.store, self.ref)

    def _show(self) -> None:
        row = self._row()
        if row is None:
            self._page.show(None, f"{safe_text(self.ref.name)} does not exist any more.")
            return
        overview = Overview(
            row=row,
            snapshots=self.fleet.store.state.snapshots.get(self.ref),
            problem=self.problems.get(self.ref, ""),
            now=self.clock.now(),
        )
        self._page.show(overview)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Have this instance measured, and no other."""
        self.fleet.look_at((self.ref,))
