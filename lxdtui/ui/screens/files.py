"""The file browser: two panes, each a folder of a container or of this computer."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.snapshots.look_mark import LookMark
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.files import why_no_file
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.times import age_since
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.messages import OpenEditor, OpenShell, OpenTransfers, OpenViewer, StoreChanged
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.file_rows import FileSort
from lxdtui.ui.state.look_places import why_not_changed
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.transfer_panel import TransferPanel
from lxdtui.ui.work.file_deletion import delete_entries
from lxdtui.ui.work.file_marks import mark_by_pattern
from lxdtui.ui.work.file_operations import FileOperations
from lxdtui.ui.work.file_places import choose_bookmark, choose_place
from lxdtui.ui.work.file_properties import change_properties
from lxdtui.ui.work.file_transfers import FileTransfers

__all__ = ["FilesScreen"]

_SORTS = tuple(FileSort)
_ON_ENTRIES = frozenset(
    f"files.{name}" for name in ("delete", "rename", "copy", "move", "properties")
)
_ON_ONE = frozenset(("files.view", "files.edit"))
_CHANGING = frozenset(
    f"files.{name}"
    for name in ("delete", "edit", "folder", "link", "move", "new", "properties", "rename")
)


class FilesScreen(FleetScreen):
    """Files of an instance beside those of this computer, or of another instance.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance.
        path: Its folder; the home folder of root where empty.
        cursor: The name in it that gets the cursor.
        beside: The instance in the other pane; this computer where none is given.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.FILES, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.FILES)]
    DEFAULT_CSS = """
    FilesScreen {
        #panes { height: 1fr; }
        #second { margin: 0 0 0 1; }
        &.-tall #panes { margin: 1 0 0 0; }
        &.-narrow #second { margin: 0; }
        &.-narrow FilePane, &.-single FilePane { display: none; }
        &.-narrow FilePane.-active, &.-single FilePane.-active { display: block; margin: 0; }
    }
    """
    AUTO_FOCUS = ""

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        path: str = "",
        *,
        cursor: str = "",
        beside: InstanceRef | None = None,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self.ref = ref
        self.panes = (
            self._new_pane(Place(ref=beside), path if beside else "", "first"),
            self._new_pane(Place(ref=ref), path, "second"),
        )
        self._active = self.panes[1]
        self._shows_file = False
        self._cursor = cursor
        self._operations = FileOperations(self)
        self._transfers = FileTransfers(self, self.panes)

    def _new_pane(self, place: Place, path: str, name: str) -> FilePane:
        pane = FilePane(
            self.fleet.files.at(place),
            path,
            clock=self.clock,
            glyphs=self.glyphs,
            remote=self._remote_of(place),
        )
        pane.id = name
        return pane

    def compose_body(self) -> ComposeResult:
        """Put the panes side by side."""
        with Horizontal(id="panes"):
            yield from self.panes
        yield TransferPanel(self.fleet.transfers, glyphs=self.glyphs, clock=self.clock)

    def on_mount(self) -> None:
        """Give the focus to the container."""
        super().on_mount()
        self._activate(self._active)
        self._transfers.begin()
        if self._cursor:
            self._active.go(self._active.path, cursor=self._cursor)

    def on_unmount(self) -> None:
        """Follow the transfers no more."""
        self._transfers.end()

    # What the frame asks

    @property
    def active(self) -> FilePane:
        """The pane that keys go to."""
        return self._active

    @property
    def other(self) -> FilePane:
        """The pane beside it."""
        first, second = self.panes
        return second if self._active is first else first

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project, name, and that these are the files."""
        instance = self.fleet.store.state.instances.get(self.ref)
        mark = LookMark.of(self.ref.name, instance.config) if instance is not None else None
        if mark is not None:
            name, what = mark.source, f"Files of the snapshot {mark.snapshot}"
            return (self.ref.remote, self.ref.project, name, what)
        return (self.ref.remote, self.ref.project, self.ref.name, "Files")

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the servers of the panes."""
        refs = [pane.place.ref for pane in self.panes]
        names = [ref.remote for ref in refs if ref is not None]
        return tuple(dict.fromkeys([*names, self.ref.remote]))

    def object_state(self) -> tuple[Piece, ...]:
        """Return the status of the instance, and how long it has been running."""
        row = row_of(self.fleet.store, self.ref)
        if row is None:
            return ()
        condition = condition_of(row)
        hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
        up = age_since(started_at(row), self.clock.now()) if row.instance.is_running else ""
        return (Piece(f"{self.glyphs.of(condition)} {status_word(row)} {up}".rstrip(), hue),)

    def store_changed(self, message: StoreChanged) -> None:
        """Show how it stands with the instance; the frame does it."""

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now."""
        pane = self._active
        if action.id in _ON_ENTRIES and not pane.chosen:
            return "nothing is chosen"
        if action.id in _ON_ONE and (why := why_no_file(pane.entry)):
            return why
        if found := self._why_not_changed(action):
            return found
        match action.id:
            case "files.up" if pane.path == "/":
                return "nothing is above /"
            case "files.mark" if pane.entry is None:
                return "nothing is under the cursor"
            case "files.shell" if pane.place.is_local:
                return "this pane shows this computer"
            case "files.shell":
                row = self._row_of(pane)
                if row is None or not row.instance.is_running:
                    return f"{pane.place.words} is not running"
            case "files.mark_all" | "files.mark_like" | "files.filter" if not pane.rows.entries:
                return "the folder is empty"
            case "files.unmark_like" if not pane.rows.marks:
                return "nothing is marked"
        return super().why_not(action)

    def go_back(self) -> None:
        """Leave what is in the way in the pane, else the screen."""
        if self._working():
            self.workers.cancel_group(self, "files.work")
        elif not self._active.leave():
            super().go_back()

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:  # noqa: ARG002 - of the frame
        """Do an action of the browser."""
        simple = self._simple()
        if action.id in simple:
            simple[action.id]()
            return
        work = self._work_for(action.id)
        if work is not None and not self._working():
            self.run_worker(work, group="files.work", exclusive=False, exit_on_error=True)
        elif work is not None:
            work.close()
            self.say("Something is under way; Esc ends it", is_warning=True)

    def _simple(self) -> dict[str, Callable[[], object]]:
        pane = self._active
        return {
            "files.pane": lambda: self._activate(self.other),
            "files.open": pane.open_cursor,
            "files.view": lambda: self._show_file(OpenViewer),
            "files.edit": lambda: self._show_file(OpenEditor),
            "files.up": pane.go_up,
            "files.mark": pane.mark,
            "files.mark_all": pane.mark_all,
            "files.filter": pane.open_filter,
            "files.sort": self._sort_next,
            "files.reverse": self._reverse,
            "files.hidden": self._toggle_hidden,
            "files.home": lambda: pane.go(pane.home),
            "files.back": lambda: pane.step(-1),
            "files.forward": lambda: pane.step(1),
            "files.same": self._show_same,
            "files.panes": self._toggle_panes,
            "files.refresh": self._refresh,
            "files.shell": self._open_shell,
            "files.transfers": lambda: self.post_message(OpenTransfers()),
        }

    def _work_for(self, action_id: str) -> Coroutine[Any, Any, None] | None:
        pane, operations = self._active, self._operations
        match action_id:
            case "files.folder":
                return operations.make_folder(pane)
            case "files.new":
                return operations.make_file(pane)
            case "files.rename":
                if len(pane.chosen) > 1:
                    return operations.rename_many(pane, pane.chosen)
                return operations.rename(pane, pane.chosen[0])
            case "files.copy" | "files.move":
                is_move = action_id == "files.move"
                if is_move and self.other.place == pane.place:
                    return operations.move_within(pane, self.other, pane.chosen)
                return self._transfers.copy(pane, self.other, is_move=is_move)
            case "files.delete":
                return delete_entries(self, pane, pane.chosen)
            case "files.properties":
                return change_properties(self, pane, pane.chosen)
            case "files.mark_like" | "files.unmark_like":
                unmarks = action_id == "files.unmark_like"
                return mark_by_pattern(self, pane, unmarks=unmarks)
            case "files.find":
                return operations.find(pane)
            case "files.bookmarks":
                return choose_bookmark(self, pane)
            case "files.go":
                return operations.go_to(pane)
            case "files.link":
                target = pane.path_of(pane.entry) if pane.entry else ""
                is_same = self.other.place == pane.place
                return operations.make_link(self.other if is_same else pane, target)
            case "files.place":
                return choose_place(self, pane, self._remote_of)
            case _:
                return None

    # What is asked for

    def _activate(self, pane: FilePane) -> None:
        self._active = pane
        for one in self.panes:
            one.set_class(one is pane, "-active")
            one.set_active(one is pane)
        if not pane.is_filtering:
            self.set_focus(pane.table)
        self.update_keys()

    def _sort_next(self) -> None:
        view = self._active.rows.view
        following = _SORTS[(_SORTS.index(view.sort) + 1) % len(_SORTS)]
        self._active.look(replace(view, sort=following, reverse=False))

    def _reverse(self) -> None:
        view = self._active.rows.view
        self._active.look(replace(view, reverse=not view.reverse))

    def _toggle_hidden(self) -> None:
        shows = not self._active.rows.view.shows_hidden
        for pane in self.panes:
            pane.look(replace(pane.rows.view, shows_hidden=shows))

    def _show_same(self) -> None:
        pane, other = self._active, self.other
        if other.place == pane.place:
            other.go(pane.path)
        else:
            other.use(self.fleet.files.at(pane.place), pane.path, remote=pane.remote)

    def _show_file(self, message: type[OpenEditor | OpenViewer]) -> None:
        """Open the file under the cursor; what is left behind is read again afterwards."""
        pane = self._active
        if pane.entry is not None:
            self._shows_file = True
            self.post_message(message(pane.place, pane.path_of(pane.entry)))

    def _toggle_panes(self) -> None:
        self.toggle_class("-single")

    def _refresh(self) -> None:
        for pane in self.panes:
            pane.reload()

    def _open_shell(self) -> None:
        ref = self._active.place.ref
        if ref is not None:
            self.post_message(OpenShell(ref, directory=self._active.path))

    # Helpers

    def _why_not_changed(self, action: Action) -> str:
        """Return why an action would change what is not to be changed."""
        reason = why_not_changed(self.fleet.store, self._active.place)
        if reason and action.id in _CHANGING:
            return reason
        if action.id in ("files.copy", "files.move"):
            return why_not_changed(self.fleet.store, self.other.place)
        return ""

    def _remote_of(self, place: Place) -> str:
        """Return the server where it has to be said: another than that of the screen."""
        if place.ref is None or place.ref.remote == self.ref.remote:
            return ""
        return place.ref.remote

    def _row_of(self, pane: FilePane) -> InstanceRow | None:
        ref = pane.place.ref
        return None if ref is None else row_of(self.fleet.store, ref)

    def _working(self) -> bool:
        return any(
            worker.group == "files.work" and not worker.is_finished for worker in self.workers
        )

    @on(FilePane.Activated)
    def _pane_activated(self, message: FilePane.Activated) -> None:
        message.stop()
        if message.pane is not self._active:
            self._activate(message.pane)
        self.update_keys()

    @on(FilePane.Changed)
    def _pane_changed(self, message: FilePane.Changed) -> None:
        message.stop()
        if message.pane is self._active:
            self.set_class(message.pane.table.is_cursor_low, "-cursor-low")
            self.update_keys()

    @on(FilePane.Opened)
    def _entry_opened(self, message: FilePane.Opened) -> None:
        message.stop()
        if why_no_file(message.entry):
            self.say("That is no file, and leads to none", is_warning=True)
        else:
            self._show_file(OpenViewer)

    @on(events.ScreenResume)
    def _ask_again(self) -> None:
        if self._shows_file:
            self._shows_file = False
            self._refresh()
        self._transfers.look()
