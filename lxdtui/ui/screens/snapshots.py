"""The snapshots of one container."""

from collections.abc import Coroutine, Sequence
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.looks import Look
from lxdtui.store import FollowedInstance, LinkState
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.actions.snapshot_refusals import why_not_snapshots
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.error import Failure
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age, age_since
from lxdtui.ui.frames.filtered import FilteredScreen
from lxdtui.ui.messages import OpenComparison, OpenFiles, StoreChanged
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.marked_table import MarkedTable
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of
from lxdtui.ui.widgets.snapshot_pieces import (
    COLUMNS,
    SnapshotSort,
    panel_lines,
    snapshot_row,
    sorted_snapshots,
    taking_row,
)
from lxdtui.ui.widgets.snapshot_states import placeholder, summary
from lxdtui.ui.work.command_choice import choose_snapshot_command
from lxdtui.ui.work.snapshot_looks import LookWork
from lxdtui.ui.work.snapshot_schedule import ScheduleWork
from lxdtui.ui.work.snapshots import SnapshotWork

__all__ = ["SnapshotsScreen"]

_PANEL_WIDTH = 41


class SnapshotsScreen(FilteredScreen):
    """Every snapshot of a container, with what can be done with it.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The container.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SNAPSHOTS, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.SNAPSHOTS)]
    DEFAULT_CSS = """
    SnapshotsScreen {
        #snapshots-body { height: 1fr; }
        #snapshot-panel {
            display: none;
            width: 45;
            height: 1fr;
            padding: 0 2;
            background: $bar;
            scrollbar-size-vertical: 1;
        }
        #snapshot-panel Static { background: $bar; }
        &.-wide #snapshot-panel { display: block; }
    }
    """

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, COLUMNS, clock=clock, glyphs=glyphs)
        self._followed = FollowedInstance(fleet.store, ref)
        self.ref = ref
        self._panel = Static(id="snapshot-about")
        self._sort, self._reverse = SnapshotSort.AGE, False
        self._error: LxdTuiError | None = None
        self._look: Look | None = None
        self._looks = LookWork(self.app, fleet, glyphs=glyphs)
        self._work = SnapshotWork(
            self.app, fleet, clock=clock, glyphs=glyphs, changed=self._work_changed
        )

    def compose_body(self) -> ComposeResult:
        """Make the head, the table and the panel beside it."""
        yield self._head
        with Horizontal(id="snapshots-body"):
            yield self._table
            with VerticalScroll(id="snapshot-panel", can_focus=False):
                yield self._panel

    def on_mount(self) -> None:
        """Show what is known already, and read it anew."""
        super().on_mount()
        self.show_list()
        self._refresh()

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project, name and that these are its snapshots."""
        return (self.ref.remote, self.ref.project, self.ref.name, "Snapshots")

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the container."""
        return (self.ref.remote,)

    def object_state(self) -> tuple[Piece, ...]:
        """Return how it stands with the container."""
        row = self._row()
        if row is None:
            return ()
        condition = condition_of(row)
        hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
        up = age_since(started_at(row), self.clock.now()) if row.instance.is_running else ""
        return (Piece(f"{self.glyphs.of(condition)} {status_word(row)} {up}".rstrip(), hue),)

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the container, while it exists."""
        row = self._row()
        return () if row is None else (row,)

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now."""
        is_free = action.id == "snapshot.command" and self._row() is not None
        if is_free or not action.id.startswith("snapshot.") or action.id == "snapshot.refresh":
            return super().why_not(action)
        return why_not_snapshots(
            action.id,
            self.ref,
            self._row(),
            has_snapshots=bool(self._known()),
            chosen=self._chosen(),
            under_way=self._work.under_way,
        )

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action on snapshots."""
        chosen = self._chosen()
        match action.id:
            case "snapshot.create":
                self._begin(action, self._work.create([rows[0].instance]))
            case "snapshot.restore":
                self._begin(action, self._work.restore(self.ref, chosen[0]))
            case "snapshot.rename":
                self._begin(action, self._work.rename(self.ref, chosen[0]))
            case "snapshot.browse":
                self._begin(action, self._browse(chosen[0]))
            case "snapshot.compare":
                old, new = self._compared(chosen)
                self.post_message(OpenComparison(self.ref, old, new))
            case "snapshot.copy":
                self._begin(action, self._work.copy(self.ref, chosen[0]))
            case "snapshot.publish":
                self._begin(action, self._work.publish(self.ref, chosen[0]))
            case "snapshot.expiry":
                self._begin(action, self._work.change_expiry(self.ref, chosen))
            case "snapshot.delete":
                self._begin(action, self._work.delete(self.ref, chosen))
            case "snapshot.prune":
                self._begin(action, self._work.prune(self.ref, self._known() or ()))
            case "snapshot.schedule":
                asking = ScheduleWork(self.app, self.fleet, clock=self.clock, glyphs=self.glyphs)
                self._begin(action, asking.run(self.ref))
            case "snapshot.command":
                self._begin(action, choose_snapshot_command(self, self.fleet, self.ref, chosen))
            case "snapshot.refresh":
                self._refresh()
            case "snapshot.filter":
                self._head.open_filter()
            case _:
                self._rearrange(action.id)

    def go_back(self) -> None:
        """Take away marks and filter first; then leave."""
        if not self.clear():
            super().go_back()

    def store_changed(self, message: StoreChanged) -> None:
        """Show what is different, if it is this container or its server; follow a rename."""
        if self._followed.follow():
            self.ref = self._followed.ref
            self.fleet.look_at((self.ref,))
            self.update_frame()
        if self.ref in message.change.instances or self.ref.remote in message.change.remotes:
            self.show_list()

    def second_passed(self) -> None:
        """Show how old the list is."""
        self._show_head()

    # Showing

    def _row(self) -> InstanceRow | None:
        return row_of(self.fleet.store, self.ref)

    def _known(self) -> tuple[Snapshot, ...] | None:
        return self.fleet.store.state.snapshots.get(self.ref)

    def _shown(self) -> list[Snapshot]:
        """Return the snapshots that pass the filter, in their order."""
        words = self._words.casefold().split()
        return [
            one
            for one in sorted_snapshots(self._known() or (), self._sort, reverse=self._reverse)
            if all(word in one.name.casefold() for word in words)
        ]

    def _chosen(self) -> tuple[Snapshot, ...]:
        """Return the marked snapshots, else the one under the cursor."""
        known = {one.name: one for one in self._shown()}
        marked = tuple(one for name, one in known.items() if name in self._marks)
        under = self._table.cursor_key
        return marked or ((known[under],) if under is not None and under in known else ())

    def show_list(self) -> None:
        """Show the snapshots, and those that are being taken."""
        row, known = self._row(), self._known()
        names = {one.name for one in known or ()}
        self._marks &= names
        now = self.clock.now()
        rows = [
            taking_row(name, self.glyphs)
            for name in sorted(self._work.taking - names)
            if name or known is not None
        ]
        rows += [
            snapshot_row(
                one,
                now=now,
                glyphs=self.glyphs,
                is_stale=row is None or row.is_stale,
                work=self._work.under_way.get(one.name, ""),
                problem=self._work.problems.get(one.name, ""),
            )
            for one in self._shown()
        ]
        self._table.show(
            rows,
            marks=self._marks,
            sort=self._sort,
            reverse=self._reverse,
            placeholder=placeholder(
                self.ref.name,
                known,
                exists=row is not None,
                is_stale=row is None or row.is_stale,
                words=self._words,
                error=self._error,
                glyphs=self.glyphs,
            ),
        )
        self.show_cursor()
        self.update_frame()

    def show_cursor(self) -> None:
        """Show counts and position, and what is known of the one under the cursor."""
        self._show_head()
        self._show_panel()

    def _show_head(self) -> None:
        row, known, shown = self._row(), self._known() or (), self._shown()
        notice, is_warning = self._notice()
        self._head.show(
            summary=(
                gap(1),
                Piece(summary(known, row.instance if row else None, self.clock.now()), "$muted"),
            ),
            position=self._table.cursor + 1 if shown else 0,
            shown=len(shown),
            total=len(known),
            marked=len(self._marks),
            words=self._words,
            notice=notice,
            is_warning=is_warning,
        )

    def _notice(self) -> tuple[str, bool]:
        link = self.fleet.store.state.links.get(self.ref.remote)
        if link is not None and link.state is LinkState.LOST and link.lost_at is not None:
            return f"as of {age(self.clock.monotonic() - link.lost_at)} ago", True
        if self._error is not None and self._known() is not None:
            return "not read again: " + safe_text(Failure.of(self._error).reason), True
        return "", False

    def _show_panel(self) -> None:
        row = self._row()
        by_name = {one.name: one for one in self._shown()}
        snapshot = by_name.get(self._table.cursor_key or "")
        if snapshot is None:
            self._panel.update("")
            return
        lines = panel_lines(
            snapshot,
            row.instance if row else None,
            len(self._work.newer_than(self.ref, snapshot)),
            now=self.clock.now(),
            width=_PANEL_WIDTH,
            problem=self._work.problems.get(snapshot.name, ""),
        )
        self._panel.update(lines_of(lines))

    def open_row(self) -> None:
        """Restore the snapshot under the cursor, when asked."""
        self.act("snapshot.restore")

    # What is asked for

    def _begin(self, action: Action, work: Coroutine[Any, Any, None]) -> None:
        """Work on, also when this screen is left meanwhile."""
        self.app.run_worker(work, group=action.id, exclusive=False, exit_on_error=True)

    def _compared(self, chosen: Sequence[Snapshot]) -> tuple[Snapshot, Snapshot | None]:
        """Return the sides of a comparison: the older one first, and now for nothing."""
        if len(chosen) == 1:
            return chosen[0], None
        old, new = sorted(chosen, key=lambda one: str(one.created_at or ""))
        return old, new

    async def _browse(self, snapshot: Snapshot) -> None:
        """Open the files of a snapshot beside those of the container."""
        look = await self._looks.open_look(self.ref, snapshot)
        if look is None:
            return
        if not self.is_current:
            await self._looks.close_look(look)
            return
        self._look = look
        self.post_message(OpenFiles(look.ref, "/", beside=self.ref))

    def _work_changed(self) -> None:
        if self.is_attached:
            self.show_list()

    def _refresh(self) -> None:
        self.run_worker(self._read(), group="snapshot.refresh", exclusive=True)

    async def _read(self) -> None:
        try:
            await self.fleet.snapshots.refresh(self.ref)
        except LxdTuiError as error:
            self._error = error
        else:
            self._error = None
        self.show_list()

    def _rearrange(self, action_id: str) -> None:
        match action_id:
            case "snapshot.sort":
                order = list(SnapshotSort)
                self._sort = order[(order.index(self._sort) + 1) % len(order)]
                self._reverse = False
            case "snapshot.reverse":
                self._reverse = not self._reverse
            case _:
                self.perform_on_list(action_id, (one.name for one in self._shown()))
                return
        self.show_list()

    @on(MarkedTable.SortAsked)
    def _sort_asked(self, message: MarkedTable.SortAsked) -> None:
        message.stop()
        if message.column not in list(SnapshotSort):
            return
        column = SnapshotSort(message.column)
        self._reverse = not self._reverse if column is self._sort else False
        self._sort = column
        self.show_list()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Have this container looked at, and no other."""
        self.fleet.look_at((self.ref,))
        self._close_look()
        self.show_list()

    def on_unmount(self) -> None:
        """Remove the copy that nobody comes back from; the app outlives this screen."""
        if self.app.is_running:
            self._close_look()

    def _close_look(self) -> None:
        if self._look is not None:
            look, self._look = self._look, None
            work = self._looks.close_look(look)
            self.app.run_worker(work, group="snapshot.close", exit_on_error=True)
