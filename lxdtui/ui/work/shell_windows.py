"""Windows of shells on a screen: which is shown, where its panes lie, who gets the keys."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from lxdtui.model.refs import InstanceRef
from lxdtui.ui.actions.leader import DEFAULT_LEADER, leader_name
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.amounts import count, plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.frames.terminal import TerminalScreen
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.pane_tree import (
    LEAST_COLUMNS,
    LEAST_ROWS,
    Axis,
    Direction,
    moved,
    neighbour,
    panes_of,
    regions_of,
    split_at,
)
from lxdtui.ui.state.session_book import SessionBook, Window
from lxdtui.ui.state.session_labels import label_of
from lxdtui.ui.state.sessions import Session, Unwatch
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.pane_area import PaneArea
from lxdtui.ui.widgets.pane_title import PaneInfo
from lxdtui.ui.widgets.session_tabs import SessionTabs, TabInfo
from lxdtui.ui.widgets.terminal_view import TerminalView, ViewMode

__all__ = ["ShellWindows"]

_STEP = {Direction.LEFT: 4, Direction.RIGHT: 4, Direction.UP: 2, Direction.DOWN: 2}
"""Cells that a border moves at once."""


class ShellWindows(TerminalScreen):
    """A screen with the windows of a book, one of them shown.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance whose shell is asked for.
        book: The sessions that are open.
        clock: What time it is.
        glyphs: The characters to draw with.
        leader: The key that is kept from the programs.
    """

    DEFAULT_CSS = """
    ShellWindows { PaneArea { height: 1fr; } }
    """
    AUTO_FOCUS: ClassVar[str | None] = "TerminalView"

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        book: SessionBook,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        leader: str = DEFAULT_LEADER,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self._ref = ref
        self._book = book
        self._leader_name = leader_name(leader)
        self._window: Window | None = None
        self._tabs = SessionTabs(glyphs=glyphs)
        self._area = PaneArea(glyphs=glyphs, leader=leader)
        self._unwatch: dict[Session, Unwatch] = {}

    def compose_body(self) -> ComposeResult:
        """Make the tabs and the panes."""
        yield self._tabs
        yield self._area

    def on_unmount(self) -> None:
        """Let the sessions go on; forget those that are over."""
        for unwatch in self._unwatch.values():
            unwatch()
        self._book.typed_at_once = frozenset()
        for session in self._book.sessions:
            session.look(is_looked_at=False)
            if session.is_over:
                self._book.discard(session)

    def find_focus(self) -> None:
        """Give the focus back to the pane that had the keys."""
        if self.focused is None and self._window is not None:
            self.set_focus(self._view)
        else:
            super().find_focus()

    @property
    def _session(self) -> Session | None:
        """The session that gets the keys."""
        return None if self._window is None else self._window.active

    @property
    def _view(self) -> TerminalView:
        """The terminal that gets the keys."""
        return self._area.box_of(self._session).view

    def _run(self, session: Session) -> None:
        # A worker of the app, not of this screen: the session outlives it.
        self.app.run_worker(
            session.run(self.fleet.sessions),
            name=f"shell in {session.ref.name}",
            group="shells",
            exit_on_error=False,
        )

    # What is shown

    async def _show(self, session: Session) -> None:
        """Show the window of a session, and give that one the keys."""
        window = self._book.window_of(session)
        if window is None:
            return
        if window.active is not session:
            window.active, window.is_zoomed = session, False
        self._window = window
        await self._lay_out()

    async def _lay_out(self) -> None:
        """Show the panes of the window as they are to lie now."""
        window = self._window
        if window is None:
            return
        self._ref = window.active.ref
        await self._area.show(window.shown, has_titles=self._has_titles(window))
        self.set_focus(self._view)
        self._refresh_states()
        self.update_frame()

    def _has_titles(self, window: Window) -> bool:
        several = self._book.typed_at_once
        return len(window.sessions) > 1 or any(one in several for one in window.sessions)

    def _refresh_states(self, _changed: Session | None = None) -> None:
        shown = () if self._window is None else panes_of(self._window.shown)
        for session in self._book.sessions:
            if session not in self._unwatch:
                self._unwatch[session] = session.watch_state(self._refresh_states)
            session.look(is_looked_at=session in shown)
        several = self._book.typed_at_once
        for box in self._area.boxes:
            box.refresh_state()
            others = [one for one in several if one is not box.session]
            box.view.others = tuple(others) if box.session in several else ()
        self._show_titles()
        self._show_tabs()
        self.update_keys()

    def _label(self, session: Session) -> str:
        names_server = len({one.ref.remote for one in self._book.sessions}) > 1
        return label_of(session, names_server=names_server)

    def _show_titles(self) -> None:
        window = self._window
        if window is None:
            return
        several, panes = self._book.typed_at_once, window.sessions
        for box in self._area.boxes:
            session = box.session
            if session is None:
                continue
            note = safe_text(session.note)
            if window.is_zoomed:
                note = f"zoomed, {panes.index(session) + 1} of {len(panes)}"
            if box.view.rows_back:
                note = _rows_back(box.view)
            box.title.show(
                PaneInfo(
                    label=self._label(session),
                    state=session.state,
                    is_active=session is window.active,
                    is_marked=session in self._book.marked,
                    at_once=len(several) if session in several else 0,
                    note=note,
                )
            )

    def _show_tabs(self) -> None:
        view, book = self._view, self._book
        note = _rows_back(view) if view.rows_back else ""
        if view.note:
            note = f"{view.note}  {note}".rstrip()
        is_waiting = view.mode is ViewMode.LEADER
        if is_waiting:
            note = self._leader_words()
        elif book.typed_at_once and not note:
            note = f"typing into {plural(len(book.typed_at_once), 'shell')}"
        elif self._window is not None and not note and not self._has_titles(self._window):
            note = self._window.active.note
        tabs = [
            TabInfo(
                label=window.name or self._label(window.active),
                state=window.active.state,
                panes=len(window.sessions),
                has_unread=any(session.has_unread for session in window.sessions),
                has_rung=any(session.has_rung for session in window.sessions),
                at_once=any(session in book.typed_at_once for session in window.sessions),
            )
            for window in book.windows
        ]
        current = book.windows.index(self._window) if self._window in book.windows else -1
        self._tabs.show(tabs, current, note, is_marked=is_waiting)

    def _leader_words(self) -> str:
        """Return what is said while the key after the leader is waited for."""
        return f"{self._leader_name} and now …"

    # Windows and panes

    async def _step(self, places: int) -> None:
        windows = self._book.windows
        if self._window in windows:
            place = (windows.index(self._window) + places) % len(windows)
            await self._show(windows[place].active)

    async def _choose(self, place: int) -> None:
        windows = self._book.windows
        if place < len(windows):
            await self._show(windows[place].active)
        else:
            self.say(f"There is no shell {place + 1}", is_warning=True)

    def _has_room(self, axis: Axis) -> bool:
        """Say whether the active pane can be split; tell the user where not."""
        window = self._window
        if window is None:
            return False
        half = object()
        tree = split_at(window.tree, window.active, half, axis)
        regions = regions_of(tree, self._area.size.region)
        # A first pane gets a row of words by the split; the region includes it.
        fits = all(
            region.width >= LEAST_COLUMNS and region.height >= LEAST_ROWS
            for one, region in regions.items()
            if one is half or one is window.active
        )
        if not fits:
            self.say(
                f"No room: a pane needs {LEAST_COLUMNS} columns and {LEAST_ROWS} rows",
                is_warning=True,
            )
        return fits

    async def _put_beside(self, session: Session, axis: Axis) -> None:
        """Put a session into a new pane of the window, moved there if it stands elsewhere."""
        window = self._window
        if window is None or session in window.sessions:
            await self._show(session)
            return
        if self._book.window_of(session) is None:
            window.split(session, axis)
            size = self._area.size_in(window.tree, session, has_titles=True)
            session.resize(*size)
            self._run(session)
        else:
            self._book.move(session, window, axis)
        await self._lay_out()

    async def _focus_to(self, direction: Direction) -> None:
        window = self._window
        if window is None:
            return
        window.is_zoomed = False
        regions = regions_of(window.tree, self._area.size.region)
        window.active = neighbour(regions, window.active, direction) or window.active
        await self._lay_out()

    async def _move_border(self, direction: Direction) -> None:
        window = self._window
        if window is None or len(window.sessions) == 1:
            return
        tree = moved(
            window.tree, self._area.size.region, window.active, direction, _STEP[direction]
        )
        if tree == window.tree:
            self.say("The border cannot go further that way")
        window.tree, window.is_zoomed = tree, False
        await self._lay_out()

    async def _zoom(self) -> None:
        window = self._window
        if window is not None and len(window.sessions) > 1:
            window.is_zoomed = not window.is_zoomed
            await self._lay_out()

    async def _forget(self, session: Session) -> None:
        """Take a session off the screen and out of the book; show what is left, or go back."""
        window = self._window
        windows = self._book.windows
        place = windows.index(window) if window in windows else 0
        if session in self._unwatch:
            self._unwatch.pop(session)()
        self._book.discard(session)
        if window in windows and window is not None:
            await self._lay_out()
        elif windows:
            await self._show(windows[min(place, len(windows) - 1)].active)
        else:
            self.go_back()

    @on(PaneArea.Chosen)
    async def _pane_chosen(self, message: PaneArea.Chosen) -> None:
        window = self._window
        session = message.session
        if window is not None and session in window.sessions and session is not window.active:
            window.active = session
            self._ref = session.ref
            self._refresh_states()
            self.update_frame()

    @on(TerminalView.ModeChanged)
    def _mode_changed(self) -> None:
        self.update_keys()
        self._show_tabs()

    @on(TerminalView.Scrolled)
    @on(TerminalView.TitleChanged)
    def _note_changed(self) -> None:
        self._show_titles()
        self._show_tabs()


def _rows_back(view: TerminalView) -> str:
    session = view.session
    kept = 0 if session is None else len(session.emulator.history)
    return f"{count(view.rows_back)} of {count(kept)} rows back"
