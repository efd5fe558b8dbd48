"""Shells and consoles: what is looked at, and the row of all that are open."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import SessionKind, SessionOrder
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.actions.leader import DEFAULT_LEADER, spelled
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.palette import Choice
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.times import age_since
from lxdtui.ui.messages import OpenHelp, OpenRecordings
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.pane_tree import Axis, Direction
from lxdtui.ui.state.session_book import SessionBook
from lxdtui.ui.state.sessions import Session, SessionState
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.session_tabs import SessionTabs
from lxdtui.ui.widgets.terminal_view import TerminalView
from lxdtui.ui.work.shell_asking import USUAL, ShellAsking
from lxdtui.ui.work.shell_keys import hints

__all__ = ["ShellScreen"]

_ARROWS = {
    "left": Direction.LEFT,
    "right": Direction.RIGHT,
    "up": Direction.UP,
    "down": Direction.DOWN,
}
_BORDERS = {
    **{f"shift+{key}": direction for key, direction in _ARROWS.items()},
    "less_than_sign": Direction.LEFT,
    "greater_than_sign": Direction.RIGHT,
}
_SPLITS = {"vertical_line": Axis.ROW, "minus": Axis.COLUMN}
_COMMANDS = {
    "q": "shell.leave",
    "d": "shell.leave",
    "escape": "shell.leave",
    "question_mark": "shell.help",
    "colon": "frame.palette",
    "n": "shell.next",
    "p": "shell.previous",
    "c": "shell.new",
    "x": "shell.close",
    "comma": "shell.rename",
    "w": "shell.list",
    "vertical_line": "shell.beside",
    "minus": "shell.below",
    "z": "shell.zoom",
    "b": "shell.several",
    "m": "shell.mark",
    "o": "shell.options",
    "k": "shell.keep",
    "f": "shell.files",
}


class ShellScreen(ShellAsking):
    """Shows the shell of an instance, and the others beside it.

    Leaving the screen leaves the shells running; they are in the book, and
    what they print is read on.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance whose shell is asked for.
        book: The shells that are open.
        order: What is opened there; the shell that is open already where none is given.
        session: The one to show, where one is chosen already.
        asks: Whether the user chooses first how a shell starts.
        lists: Whether the user chooses first among all shells.
        clock: What time it is.
        glyphs: The characters to draw with.
        leader: The key that is kept from the programs.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SHELL,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,r", "act('shell.again')", "Start again", show=False, id="shell.again"),
        Binding("f", "act('shell.take_over')", "Take over", show=False, id="shell.take_over"),
    ]

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        book: SessionBook,
        *,
        order: SessionOrder | None = None,
        session: Session | None = None,
        asks: bool = False,
        lists: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        leader: str = DEFAULT_LEADER,
    ) -> None:
        super().__init__(fleet, ref, book, clock=clock, glyphs=glyphs, leader=leader)
        self._order = order
        self._asked_for = session
        self._asks = asks
        self._lists = lists

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project, container and that this is its shell."""
        ref = self._ref
        session = self._session
        is_console = session is not None and session.order.kind is SessionKind.CONSOLE
        return (ref.remote, ref.project, ref.name, "Console" if is_console else "Shell")

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the container."""
        return (self._ref.remote,)

    def badges(self) -> tuple[Piece, ...]:
        """Return the mark of a shell that is recorded."""
        return self.recording_badges(self._session)

    def object_state(self) -> tuple[Piece, ...]:
        """Return how it stands with the container: ``● running 41 d``."""
        row = row_of(self.fleet.store, self._ref)
        if row is None:
            return ()
        condition = condition_of(row)
        since = age_since(started_at(row), self.clock.now())
        return (
            Piece(f"{self.glyphs.of(condition)} ", f"${condition_role(condition)}"),
            Piece(f"{status_word(row)} {since}".rstrip(), "$muted"),
        )

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now; while a shell is live, none starts in it."""
        session = self._session
        if action.id == "shell.again" and (session is None or not session.is_over):
            return "the shell is still there"
        if action.id == "shell.take_over" and not self._can_take_over(session):
            return "no console is refused because it is in use"
        return super().why_not(action)

    def update_keys(self) -> None:
        """Offer the keys that work now."""
        session = self._session
        state = SessionState.OPENING if session is None else session.state
        has_others = len(self._book.windows) > 1
        self._key_bar.show(
            *hints(state, self._view.mode, has_others=has_others, leader=self._leader_name)
        )

    def choices(self) -> tuple[Choice, ...]:
        """Return every action, with the leader that is used."""
        return tuple(
            replace(choice, action=spelled(choice.action, self._leader_name))
            for choice in super().choices()
        )

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen.

        Args:
            action: What to do.
            rows: Not used: the shell is what it is about.
        """
        del rows
        match action.id:
            case "shell.leave":
                self.go_back()
            case "shell.help":
                self.post_message(OpenHelp())
            case "shell.scroll":
                self._view.start_scrolling()
            case "shell.search":
                self._view.start_search()
            case "shell.open":
                self._view.start_links()
            case "shell.save":
                self._view.post_message(TerminalView.SaveAsked(self._view))
            case "shell.record":
                self.toggle_recording(self._session)
            case "shell.record_keys":
                self.toggle_recording(self._session, has_input=True)
            case "shell.recordings":
                self.post_message(OpenRecordings())
            case "shell.literal":
                self._view.send_leader()
            case _:
                # Panes are made in order, before the next key is looked at.
                self.call_later(self._do, action.id)

    async def _do(self, action_id: str) -> None:
        """Do what changes the windows."""
        match action_id:
            case "shell.next":
                await self._step(1)
            case "shell.previous":
                await self._step(-1)
            case "shell.new":
                await self._show(self._open(self._ref))
            case "shell.again":
                await self._open_again()
            case "shell.beside":
                await self._split(Axis.ROW)
            case "shell.below":
                await self._split(Axis.COLUMN)
            case "shell.zoom":
                await self._zoom()
            case "shell.list":
                self._ask_where_to()
            case "shell.close":
                await self._close()
            case "shell.rename":
                self._ask_for_name()
            case "shell.mark":
                self._mark()
            case "shell.several":
                await self._turn_several()
            case "shell.take_over":
                await self._open_again(SessionOrder(kind=SessionKind.CONSOLE, takes_over=True))
            case "shell.options":
                self.run_worker(self._ask_how(self._ref), group="ask", exclusive=True)
            case "shell.keep":
                self.run_worker(self._ask_for_kept(self._ref), group="ask", exclusive=True)
            case "shell.files":
                self.run_worker(self._open_files(), group="ask", exclusive=True)

    # Messages

    @on(TerminalView.Ready)
    async def _terminal_ready(self) -> None:
        if self._window is not None:
            return
        session = self._asked_for
        if session is None:
            session = self._open_already()
        if session is None and self._asks:
            self.run_worker(self._ask_how(self._ref), group="ask", exclusive=True)
            return
        await self._show(session or self._open(self._ref, self._order or USUAL))
        if self._ref not in self._book.offered:
            self._book.offered.add(self._ref)
            self.run_worker(self._offer_kept(self._ref), group="offer", exclusive=True)
        if self._lists:
            self._ask_where_to()

    def _open_already(self) -> Session | None:
        """Return the session that is asked for, where it is open."""
        order = self._order
        if self._asks or (order is not None and order.kind is SessionKind.SHELL):
            return None
        kind = SessionKind.SHELL if order is None else order.kind
        return self._book.live(self._ref, kind)

    def _can_take_over(self, session: Session | None) -> bool:
        return (
            session is not None
            and session.state is SessionState.FAILED
            and session.order.kind is SessionKind.CONSOLE
            and "takes it over" in session.hint
        )

    @on(TerminalView.Command)
    async def _commanded(self, message: TerminalView.Command) -> None:
        key = message.key
        if key in _ARROWS:
            await self._focus_to(_ARROWS[key])
        elif key in _BORDERS:
            await self._move_border(_BORDERS[key])
        elif key in tuple("123456789"):
            await self._choose(int(key) - 1)
        elif key in _COMMANDS:
            action_id = _COMMANDS[key]
            if action_id in ("shell.leave", "shell.help", "frame.palette"):
                self.act(action_id)
            else:
                # In this handler, so that what is typed on finds the pane that it is for.
                await self._do(action_id)
        else:
            self.say(f"Not a key of lxdtui; {self._leader_name} ? shows them", is_warning=True)

    @on(SessionTabs.Chosen)
    async def _tab_chosen(self, message: SessionTabs.Chosen) -> None:
        if message.place is None:
            await self._show(self._open(self._ref))
        else:
            await self._choose(message.place)
