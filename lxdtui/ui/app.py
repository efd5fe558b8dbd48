"""The app: theme, screens, and who opens what. Everything else is a screen's work."""

import time
from typing import ClassVar

from rich.console import RenderableType
from textual import events, on
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen

from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import SessionKind, SessionOrder, ShellOptions
from lxdtui.paths import recordings_dir
from lxdtui.store import Change
from lxdtui.ui.actions.key_order import KeyOrder
from lxdtui.ui.actions.leader import DEFAULT_LEADER
from lxdtui.ui.changes import PendingChanges
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.format.transfers import title
from lxdtui.ui.forms.questions import question_on_quit
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.host.driver import ShellDriver
from lxdtui.ui.host.painted_lines import forget_lines
from lxdtui.ui.later import later
from lxdtui.ui.messages import (
    GoBack,
    OpenComparison,
    OpenConsole,
    OpenEditor,
    OpenFiles,
    OpenHelp,
    OpenInstance,
    OpenRecordings,
    OpenShell,
    OpenShells,
    OpenSnapshots,
    OpenTransfers,
    OpenViewer,
    Quit,
    StoreChanged,
)
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.screens.comparison import ComparisonScreen
from lxdtui.ui.screens.editor import EditorScreen
from lxdtui.ui.screens.files import FilesScreen
from lxdtui.ui.screens.help import HelpScreen
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.screens.replay import ReplayScreen
from lxdtui.ui.screens.shell import ShellScreen
from lxdtui.ui.screens.snapshots import SnapshotsScreen
from lxdtui.ui.screens.transfers import TransfersScreen
from lxdtui.ui.screens.viewer import ViewerScreen
from lxdtui.ui.state.session_book import SessionBook
from lxdtui.ui.state.sessions import Session
from lxdtui.ui.theme import DARK, LIGHT, UNICODE, Glyphs

__all__ = ["LxdTuiApp"]


_HASTE_SECONDS = 0.25
"""An Enter that comes so soon after a dialog was left was meant for the dialog."""
_WIDTHS = [(0, "-tiny"), (40, "-narrow"), (80, "-normal"), (120, "-wide")]
_HEIGHTS = [(0, "-flat"), (10, "-low"), (30, "-tall")]


class LxdTuiApp(App[None], inherit_bindings=False):
    """The interface of a fleet.

    Args:
        fleet: All configured servers and what is known of them; closed by
            whoever made it.
        clock: What time it is.
        glyphs: The characters to draw with.
        theme: Name of the theme to begin with.
        leader: The key that is kept from programs in a shell, as Textual names keys.
    """

    TITLE = "lxdtui"
    ENABLE_COMMAND_PALETTE = False
    # No key has priority: a shell gets every key. Ctrl-C is a habit, not a wish to quit.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "explain_quit", "How to quit", show=False, system=True)
    ]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    CSS = """
    ToastRack { margin: 0 1 1 0; }
    Toast {
        width: auto;
        max-width: 60;
        margin: 0;
        padding: 0 1;
        background: $raised;
        color: $fg;
    }
    Toast.-information { border-left: outer $green; }
    Toast.-warning { border-left: outer $amber; }
    Toast.-error { border-left: outer $red; }
    .-cursor-low ToastRack { margin: 0 1 7 0; }
    EditorScreen ToastRack, ViewerScreen ToastRack { margin: 0 1 2 0; }
    """

    def __init__(
        self,
        fleet: Fleet,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        theme: str = DARK.name,
        leader: str = DEFAULT_LEADER,
    ) -> None:
        super().__init__(driver_class=ShellDriver)
        self._fleet = fleet
        self._clock = clock
        self._glyphs = glyphs
        self._book = SessionBook()
        self._leader = leader
        self._problems: dict[InstanceRef, str] = {}
        self._key_order = KeyOrder(self, self._hand_on_key)
        self._dialog_left_at = float("-inf")
        self._pending = PendingChanges(
            schedule=lambda seconds: later(self, seconds, self._pending.flush),
            hand_on=self._hand_on,
            clock=clock.monotonic,
        )
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme

    def get_default_screen(self) -> InstancesScreen:
        """Return the screen to begin with."""
        return InstancesScreen(
            self._fleet,
            clock=self._clock,
            glyphs=self._glyphs,
            problems=self._problems,
            shells=self._book.refs,
        )

    def on_mount(self) -> None:
        """Watch the store and let the fleet keep it current."""
        self._unwatch = self._fleet.store.watch(self._pending.add)
        self.run_worker(self._fleet.run(), group="fleet", exclusive=True, exit_on_error=True)

    async def on_unmount(self) -> None:
        """Watch no more, and hang up on the shells."""
        self._unwatch()
        await self._book.aclose()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Draw a frame, unless the terminal has not taken the last ones yet."""
        driver = self._driver
        if not (isinstance(driver, ShellDriver) and driver.skips_frame()):
            super()._display(screen, renderable)

    def action_explain_quit(self) -> None:
        """Say how to quit."""
        self.notify("q quits from the list; Esc goes back to it", timeout=4, markup=False)

    async def on_event(self, event: events.Event) -> None:
        """Take keys one after another; all other events as they come."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._key_order.take(event)
        else:
            await super().on_event(event)

    async def _hand_on_key(self, key: events.Key) -> MessagePump | None:
        """Give a key to who has the focus, unless it was meant for a dialog just left."""
        if key.key == "enter" and key.time - self._dialog_left_at < _HASTE_SECONDS:
            return None
        # After another key, an Enter is meant for what is on the screen.
        self._dialog_left_at = float("-inf")
        target = self.focused or self.screen
        await super().on_event(key)
        return target

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen on top, and remember when that was a dialog."""
        is_dialog = isinstance(self.screen, ModalScreen)
        left = super().pop_screen()
        forget_lines()
        if is_dialog:
            self._dialog_left_at = time.monotonic()
        return left

    def _hand_on(self, change: Change) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, FleetScreen):
                screen.post_message(StoreChanged(change))

    @on(OpenInstance)
    def _open_instance(self, message: OpenInstance) -> None:
        message.stop()
        if isinstance(self.screen, InstanceScreen):
            return
        screen = InstanceScreen(
            self._fleet,
            message.ref,
            clock=self._clock,
            glyphs=self._glyphs,
            problems=self._problems,
            page=message.page,
        )
        self.push_screen(screen)

    @on(OpenShell)
    def _open_shell(self, message: OpenShell) -> None:
        message.stop()
        order = SessionOrder(options=ShellOptions(directory=message.directory))
        self._show_shells(message.ref, order if message.directory else None, asks=message.asks)

    @on(OpenConsole)
    def _open_console(self, message: OpenConsole) -> None:
        message.stop()
        self._show_shells(message.ref, SessionOrder(kind=SessionKind.CONSOLE))

    @on(OpenShells)
    def _open_shells(self, message: OpenShells) -> None:
        message.stop()
        sessions = self._book.sessions
        if sessions:
            self._show_shells(sessions[-1].ref, None, session=sessions[-1], lists=True)
        else:
            self.notify("No shell is open; s opens one", timeout=4, markup=False)

    def _show_shells(
        self,
        ref: InstanceRef,
        order: SessionOrder | None,
        *,
        session: Session | None = None,
        asks: bool = False,
        lists: bool = False,
    ) -> None:
        if not isinstance(self.screen, ShellScreen):
            screen = ShellScreen(
                self._fleet,
                ref,
                self._book,
                order=order,
                session=session,
                asks=asks,
                lists=lists,
                clock=self._clock,
                glyphs=self._glyphs,
                leader=self._leader,
            )
            self.push_screen(screen)

    @on(OpenSnapshots)
    def _open_snapshots(self, message: OpenSnapshots) -> None:
        message.stop()
        if isinstance(self.screen, SnapshotsScreen):
            return
        self.push_screen(
            SnapshotsScreen(self._fleet, message.ref, clock=self._clock, glyphs=self._glyphs)
        )

    @on(OpenTransfers)
    def _open_transfers(self, message: OpenTransfers) -> None:
        message.stop()
        if not isinstance(self.screen, TransfersScreen):
            self.push_screen(TransfersScreen(self._fleet, clock=self._clock, glyphs=self._glyphs))

    @on(OpenComparison)
    def _open_comparison(self, message: OpenComparison) -> None:
        message.stop()
        if isinstance(self.screen, ComparisonScreen):
            return
        self.push_screen(
            ComparisonScreen(
                self._fleet,
                message.ref,
                message.old,
                message.new,
                clock=self._clock,
                glyphs=self._glyphs,
            )
        )

    @on(OpenFiles)
    def _open_files(self, message: OpenFiles) -> None:
        message.stop()
        screen = self.screen
        if isinstance(screen, FilesScreen):
            return
        self.push_screen(
            FilesScreen(
                self._fleet,
                message.ref,
                message.path,
                cursor=message.cursor,
                beside=message.beside,
                clock=self._clock,
                glyphs=self._glyphs,
            )
        )

    @on(OpenEditor)
    def _open_editor(self, message: OpenEditor) -> None:
        message.stop()
        screen = EditorScreen(
            self._fleet, message.place, message.path, clock=self._clock, glyphs=self._glyphs
        )
        self._put_in_place(screen, ViewerScreen)

    @on(OpenViewer)
    def _open_viewer(self, message: OpenViewer) -> None:
        message.stop()
        screen = ViewerScreen(
            self._fleet,
            message.place,
            message.path,
            words=message.words,
            clock=self._clock,
            glyphs=self._glyphs,
        )
        self._put_in_place(screen, EditorScreen)

    def _put_in_place(self, screen: FleetScreen, other: type[FleetScreen]) -> None:
        """Open a screen; one of the other kind, from which it was asked for, goes away."""
        if isinstance(self.screen, other):
            self.switch_screen(screen)
            forget_lines()
        else:
            self.push_screen(screen)

    @on(OpenRecordings)
    def _open_recordings(self, message: OpenRecordings) -> None:
        message.stop()
        if not isinstance(self.screen, ReplayScreen):
            folder = recordings_dir()
            self.push_screen(
                ReplayScreen(self._fleet, folder, clock=self._clock, glyphs=self._glyphs)
            )

    @on(OpenHelp)
    def _open_help(self, message: OpenHelp) -> None:
        message.stop()
        screen = self.screen
        if isinstance(screen, FleetScreen):
            self.push_screen(HelpScreen(screen.scopes(), glyphs=self._glyphs, leader=self._leader))

    @on(GoBack)
    def _go_back(self, message: GoBack) -> None:
        message.stop()
        if message.screen is self.screen and len(self.screen_stack) > 1:
            self.pop_screen()

    @on(Quit)
    def _quit(self, message: Quit) -> None:
        message.stop()
        names = [session.ref.name for session in self._book.sessions if not session.is_over]
        copies = [title(view) for view in self._fleet.transfers.views if not view.state.is_over]
        if not names and not copies:
            self.exit()
            return

        def leave(is_yes: bool | None) -> None:
            if is_yes:
                self.exit()

        self.push_screen(ConfirmDialog(question_on_quit(names, copies), glyphs=self._glyphs), leave)
