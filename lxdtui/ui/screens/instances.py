"""The container list."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from lxdtui.model.instance import Condition
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.store import FollowedInstance, Link, LinkState
from lxdtui.store.select import InstanceRow, SortKey
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age
from lxdtui.ui.frames.frame import worst_link
from lxdtui.ui.later import Later, later
from lxdtui.ui.messages import (
    OpenConsole,
    OpenFiles,
    OpenInstance,
    OpenShell,
    OpenShells,
    OpenTransfers,
    StoreChanged,
)
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.rows import Rows, View
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.instance_table import InstanceTable
from lxdtui.ui.widgets.list_head import CountsBar, HeadInfo, ListHead
from lxdtui.ui.widgets.pieces import Piece, gap
from lxdtui.ui.widgets.side_panel import SidePanel
from lxdtui.ui.widgets.trouble import TroublePage
from lxdtui.ui.work.operating import OperatingScreen

__all__ = ["InstancesScreen"]

_LOOK_AFTER = 0.15
_SORT_ORDER = (
    SortKey.NAME,
    SortKey.STATUS,
    SortKey.CPU,
    SortKey.MEMORY,
    SortKey.IPV4,
    SortKey.SNAPSHOTS,
    SortKey.PROCESSES,
    SortKey.PROJECT,
)
_NEEDS_ROWS = frozenset(("list.filter", "list.view", "list.sort", "list.reverse"))
_LARGEST_FIRST = frozenset((SortKey.CPU, SortKey.MEMORY, SortKey.PROCESSES, SortKey.SNAPSHOTS))


class InstancesScreen(OperatingScreen):
    """Every container of the fleet, with what can be done with it.

    Args:
        fleet: All configured servers and what is known of them.
        clock: What time it is.
        glyphs: The characters to draw with.
        problems: Why the last action on an instance failed, shared with other screens.
        shells: Tells in which instances a shell is open.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.INSTANCES, Scope.LIST, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.INSTANCES, Scope.LIST)]
    DEFAULT_CSS = """
    InstancesScreen {
        #list-body { height: 1fr; }
        InstanceTable { width: 1fr; height: 1fr; }
        SidePanel { display: none; }
        TroublePage { display: none; }
        &.-wide SidePanel { display: block; }
        &.-tall ListHead { height: 3; padding: 1 0; }
        &.-narrow ListHead, &.-low ListHead { height: 1; padding: 0; }
        &.-trouble ListHead, &.-trouble #list-body { display: none; }
        &.-trouble TroublePage { display: block; }
    }
    """
    AUTO_FOCUS = "InstanceTable"

    def __init__(
        self,
        fleet: Fleet,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        problems: dict[InstanceRef, str] | None = None,
        shells: Callable[[], Collection[InstanceRef]] = tuple,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs, problems=problems)
        self._rows = Rows(fleet.store)
        self._shells = shells
        self._head = ListHead(glyphs=glyphs)
        self._table = InstanceTable(clock=clock, glyphs=glyphs)
        self._panel = SidePanel(clock=clock, glyphs=glyphs)
        self._trouble = TroublePage(glyphs=glyphs)
        self._under_cursor: FollowedInstance | None = None
        self._looking: Later | None = None
        self._looked_at: list[InstanceRef] | None = None

    def compose_body(self) -> ComposeResult:
        """Make counts, table and side panel, and the page that stands in for them."""
        yield self._head
        with Horizontal(id="list-body"):
            yield self._table
            yield self._panel
        yield self._trouble

    def on_mount(self) -> None:
        """Show what is known already."""
        super().on_mount()
        self._show()

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project and that this is the list."""
        remotes = tuple(self.fleet.remotes)
        if len(remotes) != 1:
            return (f"{len(remotes)} servers", "Containers")
        return (remotes[0].name, remotes[0].project or "all projects", "Containers")

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the row under the cursor."""
        row = self._table.cursor_row
        return () if row is None or self.has_class("-trouble") else (row,)

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible: also where there is no list at all."""
        if action.id in _NEEDS_ROWS and not len(self._rows):
            return "there are no containers"
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of the list, or one on containers."""
        match action.id:
            case "instance.open":
                self.post_message(OpenInstance(rows[0].ref))
            case "instance.configure":
                self.post_message(OpenInstance(rows[0].ref, page="configuration"))
            case "instance.shell":
                self.post_message(OpenShell(rows[0].ref))
            case "instance.shell_options":
                self.post_message(OpenShell(rows[0].ref, asks=True))
            case "instance.console":
                self.post_message(OpenConsole(rows[0].ref))
            case "list.shells":
                self.post_message(OpenShells())
            case "instance.files":
                self.post_message(OpenFiles(rows[0].ref))
            case "list.filter":
                self._head.open_filter()
            case "list.view":
                self._look(replace(self._rows.view, condition=self._next_condition()))
            case "list.sort":
                self._sort_by(self._next_sort())
            case "list.reverse":
                view = self._rows.view
                self._look(replace(view, reverse=not view.reverse))
            case "list.transfers":
                self.post_message(OpenTransfers())
            case "list.create":
                self._create(rows)
            case "list.refresh":
                self._refresh_all()
            case _:
                super().perform(action, rows)

    def hints(self) -> tuple[Sequence[Action], Sequence[Action]]:
        """Return the keys that work now; where the link is lost, what helps then is first."""
        left, end = super().hints()
        if any(link.state is LinkState.LOST for link in self._links()):
            left = sorted(left, key=lambda action: action.id != "list.refresh")
        return left, end

    def go_back(self) -> None:
        """Clear the filter; the list itself is never left."""
        view = self._rows.view
        self._head.close_filter(clear=True)
        self._look(replace(view, words="", condition=None))

    def store_changed(self, message: StoreChanged) -> None:
        """Read what is different and show it."""
        self._rows.apply(message.change)
        self.forget_problems(message.change.instances)
        held = self._under_cursor
        renamed = held.ref if held is not None and held.follow() else None
        self._show(anew=message.change.membership, renamed=renamed)

    def work_changed(self) -> None:
        """Show what was asked for."""
        self._rows.set_under_way(self.under_way)
        self._show()

    def second_passed(self) -> None:
        """Show how old the rows are, and when the next try comes."""
        self._show_head()
        if self.has_class("-trouble"):
            self._show_trouble()

    # Showing

    def _show(self, *, anew: bool = False, renamed: InstanceRef | None = None) -> None:
        view = self._rows.view
        self._show_trouble()
        self._table.show(
            self._rows.shown,
            sort=view.sort,
            reverse=view.reverse,
            problems=self.problems,
            placeholder=self._placeholder(),
            shells=frozenset(self._shells()),
            anew=anew,
            renamed=renamed,
        )
        self._show_head()
        self._show_panel()
        self.update_frame()

    def _show_head(self) -> None:
        rows, view = self._rows, self._rows.view
        notice, is_warning = self._notice()
        self._head.show(
            HeadInfo(
                counts=rows.counts,
                chosen=view.condition,
                work_word=rows.work_word,
                words=view.words,
                position=self._table.cursor + 1 if rows.shown else 0,
                shown=len(rows.shown),
                total=len(rows),
                notice=notice,
                is_warning=is_warning,
            )
        )

    def _show_panel(self) -> None:
        row = self._table.cursor_row
        snapshots = () if row is None else self.fleet.store.state.snapshots.get(row.ref, ())
        self._panel.show(row, snapshots, self.problems.get(row.ref, "") if row else "")

    def _show_trouble(self) -> None:
        trouble = self._trouble_link()
        if self.has_class("-trouble") and trouble is None:
            self.call_after_refresh(self.find_focus)
        self.set_class(trouble is not None, "-trouble")
        if trouble is not None:
            (remote,) = (one for one in self.fleet.remotes if one.name == trouble.remote)
            self._trouble.show(trouble, *(remote.searched or (remote.place,)))

    def _links(self) -> list[Link]:
        links = self.fleet.store.state.links
        return [links[remote.name] for remote in self.fleet.remotes if remote.name in links]

    def _trouble_link(self) -> Link | None:
        """Return the link whose failure is all that there is to show."""
        links = self._links()
        if len(self._rows) or any(link.listed for link in links):
            return None
        # While the next try is under way the page stays, so that it can be read.
        failed = [link for link in links if link.error is not None]
        return failed[0] if failed else None

    def _notice(self) -> tuple[str, bool]:
        links = self._links()
        reading = [link for link in links if not link.listed and link.state is not LinkState.LOST]
        worst = worst_link(links)
        if worst is not None and worst.state is LinkState.LOST and worst.lost_at is not None:
            seconds = self.clock.monotonic() - worst.lost_at
            return f"as of {age(seconds)} ago", True
        if reading and len(links) > 1:
            return f"reading {len(links) - len(reading)} of {len(links)} servers", False
        return "", False

    def _placeholder(self) -> tuple[tuple[Piece, ...], ...]:
        view = self._rows.view
        if view.is_filtered:
            what = f"`{safe_text(view.words.strip())}`" if view.words.split() else ""
            status = f"status {view.condition}" if view.condition is not None else ""
            wanted = " and ".join(part for part in (what, status) if part)
            return (
                (
                    gap(4),
                    Piece(f"Nothing matches {wanted}.", "$fg"),
                    gap(2),
                    Piece("Esc", "$accent bold"),
                    Piece(" clears", "$muted"),
                ),
            )
        if not all(link.listed for link in self._links()) or not self._links():
            glyph = self.glyphs.working[0]
            return ((gap(2), Piece(glyph, "$accent"), Piece(" reading containers", "$muted")),)
        remotes = tuple(self.fleet.remotes)
        project = remotes[0].project if len(remotes) == 1 else ""
        place = f" in {safe_text(project)}" if project else ""
        return (
            (
                gap(4),
                Piece(f"No containers{place} yet.", "$fg"),
                gap(2),
                Piece("c", "$accent bold"),
                Piece(" creates one", "$muted"),
            ),
            (gap(4), Piece("What any client creates appears here at once.", "$muted")),
        )

    # What is asked for

    def _create(self, rows: tuple[InstanceRow, ...]) -> None:
        """Make a container beside the one under the cursor, else where the list is of."""
        remote = next(iter(self.fleet.remotes))
        place = (rows[0].ref.remote, rows[0].ref.project) if rows else (remote.name, remote.project)
        work = self.lifecycle_work().create(place[0], place[1] or DEFAULT_PROJECT)
        self.app.run_worker(work, group="instance.create", exit_on_error=True)

    def _look(self, view: View) -> None:
        self._rows.look(view)
        self._show()

    def _sort_by(self, key: SortKey) -> None:
        view = self._rows.view
        reverse = not view.reverse if view.sort is key else key in _LARGEST_FIRST
        self._look(replace(view, sort=key, reverse=reverse))

    def _next_sort(self) -> SortKey:
        index = _SORT_ORDER.index(self._rows.view.sort)
        return _SORT_ORDER[(index + 1) % len(_SORT_ORDER)]

    def _next_condition(self) -> Condition | None:
        there = [condition for condition in Condition if self._rows.counts.get(condition)]
        chosen = self._rows.view.condition
        after = there if chosen not in there else there[there.index(chosen) + 1 :]
        return after[0] if after else None

    def _refresh_all(self) -> None:
        links = self.fleet.store.state.links
        for remote in self.fleet.remotes:
            link = links.get(remote.name)
            if link is not None and link.state is LinkState.LIVE:
                self.fleet.refresh(remote.name)
            else:
                self.fleet.retry(remote.name)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Have the rows measured again after another screen had its own."""
        self._looked_at = None
        self._look_soon()
        self._show()

    @on(InstanceTable.CursorMoved)
    def _cursor_moved(self, message: InstanceTable.CursorMoved) -> None:
        message.stop()
        row = self._table.cursor_row
        self._under_cursor = FollowedInstance(self.fleet.store, row.ref) if row else None
        self.set_class(self._table.is_cursor_low, "-cursor-low")
        self._show_head()
        self._show_panel()
        self.update_keys()

    @on(InstanceTable.Opened)
    def _opened(self, message: InstanceTable.Opened) -> None:
        message.stop()
        row = self._table.cursor_row
        if row is not None:
            self.post_message(OpenInstance(row.ref))

    @on(InstanceTable.SortAsked)
    def _sort_asked(self, message: InstanceTable.SortAsked) -> None:
        message.stop()
        self._sort_by(message.key)

    @on(CountsBar.Chosen)
    def _count_chosen(self, message: CountsBar.Chosen) -> None:
        message.stop()
        view = self._rows.view
        condition = None if message.condition is view.condition else message.condition
        self._look(replace(view, condition=condition))

    @on(Input.Changed)
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._look(replace(self._rows.view, words=message.value))

    @on(FilterInput.Left)
    def _filter_left(self, message: FilterInput.Left) -> None:
        message.stop()
        self._leave_filter(clear=message.is_cleared)

    def _leave_filter(self, *, clear: bool) -> None:
        self._head.close_filter(clear=clear)
        self.set_focus(self._table)
        self._show()

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self._table.move_to(self._table.cursor + message.rows)

    # What is on the screen is measured

    @on(InstanceTable.ViewMoved)
    def _view_moved(self, message: InstanceTable.ViewMoved) -> None:
        message.stop()
        self.set_class(self._table.is_cursor_low, "-cursor-low")
        self._look_soon()

    def _look_soon(self) -> None:
        if self._looking is None:
            self._looking = later(self, _LOOK_AFTER, self._look_at_visible)

    def _look_at_visible(self) -> None:
        self._looking = None
        if not self.is_current:
            return
        refs = [row.ref for row in self._table.visible_rows]
        if refs != self._looked_at:
            self._looked_at = refs
            self.fleet.look_at(refs)
