"""Shells: one that is looked at, and the row of all that are open."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.fleet import Fleet
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.times import age_since
from lxdtui.ui.messages import OpenHelp
from lxdtui.ui.sessions import Session, SessionBook, SessionState, Unwatch
from lxdtui.ui.shell_keys import hints
from lxdtui.ui.terminal_screen import TerminalScreen
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.session_notice import EndedBar, SessionNotice
from lxdtui.ui.widgets.session_tabs import SessionTabs
from lxdtui.ui.widgets.terminal_view import TerminalView, ViewMode

__all__ = ["ShellScreen"]


class ShellScreen(TerminalScreen):
    """Shows the shell of an instance, and the others beside it.

    Leaving the screen leaves the shells running; they are in the book, and
    what they print is read on.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance whose shell is asked for.
        book: The shells that are open.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SHELL,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,r", "act('shell.again')", "Start again", show=False, id="shell.again"),
    ]
    DEFAULT_CSS = """
    ShellScreen {
        #shell-body {
            height: 1fr;
            layers: base notice;
        }
        TerminalView { layer: base; }
        SessionNotice { layer: notice; dock: top; }
    }
    """
    AUTO_FOCUS = "TerminalView"

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        book: SessionBook,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self._ref = ref
        self._book = book
        self._tabs = SessionTabs(glyphs=glyphs)
        self._view = TerminalView()
        self._notice = SessionNotice(glyphs=glyphs)
        self._ended = EndedBar(glyphs=glyphs)
        self._unwatch: dict[Session, Unwatch] = {}

    def compose_body(self) -> ComposeResult:
        """Make the tabs, the terminal, and what is said where there is none."""
        yield self._tabs
        with Container(id="shell-body"):
            yield self._view
            yield self._notice
        yield self._ended

    def on_unmount(self) -> None:
        """Let the shells go on; forget those that are over."""
        for unwatch in self._unwatch.values():
            unwatch()
        for session in self._book.sessions:
            if session.is_over:
                self._book.discard(session)

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return server, project, container and that this is its shell."""
        ref = self._ref
        return (ref.remote, ref.project, ref.name, "Shell")

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the container."""
        return (self._ref.remote,)

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
        session = self._view.session
        if action.id == "shell.again" and (session is None or not session.is_over):
            return "the shell is still there"
        return super().why_not(action)

    def update_keys(self) -> None:
        """Offer the keys that work now."""
        session = self._view.session
        state = SessionState.OPENING if session is None else session.state
        has_others = len(self._book.sessions) > 1
        self._key_bar.show(*hints(state, self._view.mode, has_others=has_others))

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen.

        Args:
            action: What to do.
            rows: Not used: the shell is what it is about.
        """
        del rows
        match action.id:
            case "shell.leave":
                self._leave()
            case "shell.scroll":
                self._view.start_scrolling()
            case "shell.search":
                self._view.start_search()
            case "shell.open":
                self._view.start_links()
            case "shell.save":
                self._view.post_message(TerminalView.SaveAsked(self._view))
            case "shell.next":
                self._step(1)
            case "shell.new":
                self._show(self._open())
            case "shell.again":
                self._open_again()
            case "shell.literal":
                self._view.send_leader()
            case "shell.help":
                self.post_message(OpenHelp())

    # Sessions

    def _open(self) -> Session:
        """Open a shell in the container, as large as the terminal is."""
        session = Session(self._ref, columns=self._view.size.width, rows=self._view.size.height)
        self._book.add(session)
        self._run(session)
        return session

    def _open_again(self) -> None:
        """Open a shell in the place of the one that is over."""
        # The bar about the end goes first, so that the new shell has its row as well.
        self._ended.show(None)
        self.call_after_refresh(self._replace_session)

    def _replace_session(self) -> None:
        old = self._view.session
        if old is None or not old.is_over:
            return
        width, height = self._view.size
        new = Session(old.ref, columns=width, rows=height)
        self._book.replace(old, new)
        self._run(new)
        self._show(new)

    def _run(self, session: Session) -> None:
        # A worker of the app, not of this screen: the shell outlives it.
        self.app.run_worker(
            session.run(self.fleet.sessions),
            name=f"shell in {session.ref.name}",
            group="shells",
            exit_on_error=False,
        )

    def _show(self, session: Session) -> None:
        self._ref = session.ref
        self._view.show(session)
        self._refresh_states()
        self.update_frame()
        self._view.focus()

    def _refresh_states(self, _changed: Session | None = None) -> None:
        for session in self._book.sessions:
            if session not in self._unwatch:
                self._unwatch[session] = session.watch_state(self._refresh_states)
        self._notice.show(self._view.session)
        self._ended.show(self._view.session)
        self._show_tabs()
        self.update_keys()

    def _show_tabs(self) -> None:
        view = self._view
        session = view.session
        note = "" if session is None else session.emulator.title
        if session is not None and view.rows_back:
            kept = len(session.emulator.history)
            note = f"{count(view.rows_back)} of {count(kept)} rows back"
        if view.note:
            note = f"{view.note}  {note}"
        is_waiting = view.mode is ViewMode.LEADER
        if is_waiting:
            note = "Ctrl-] and now …"
        self._tabs.show(self._book.sessions, session, note, is_marked=is_waiting)

    def _step(self, places: int) -> None:
        sessions = self._book.sessions
        current = self._view.session
        if current in sessions:
            self._show(sessions[(sessions.index(current) + places) % len(sessions)])

    def _choose(self, place: int) -> None:
        sessions = self._book.sessions
        if place < len(sessions):
            self._show(sessions[place])
        else:
            self.say(f"There is no shell {place + 1}", is_warning=True)

    def _leave(self) -> None:
        self.go_back()

    @on(TerminalView.Ready)
    def _terminal_ready(self) -> None:
        self._show(self._book.live(self._ref) or self._open())

    @on(TerminalView.Command)
    def _commanded(self, message: TerminalView.Command) -> None:
        match message.key:
            case "q" | "d" | "escape":
                self._leave()
            case "question_mark":
                self.post_message(OpenHelp())
            case "colon":
                self.open_palette()
            case "n":
                self._step(1)
            case "p":
                self._step(-1)
            case "c":
                self._show(self._open())
            case digit if digit in tuple("123456789"):
                self._choose(int(digit) - 1)
            case _:
                self.say("Not a key of lxdtui; Ctrl-] ? shows them", is_warning=True)

    @on(TerminalView.ModeChanged)
    def _mode_changed(self) -> None:
        self.update_keys()
        self._show_tabs()

    @on(TerminalView.Scrolled)
    @on(TerminalView.TitleChanged)
    def _note_changed(self) -> None:
        self._show_tabs()

    @on(SessionTabs.Chosen)
    def _tab_chosen(self, message: SessionTabs.Chosen) -> None:
        if message.place is None:
            self._show(self._open())
        else:
            self._choose(message.place)
