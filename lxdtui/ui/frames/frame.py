"""What every screen has: title bar, key bar, the link's words, one way to act.

A screen of the fleet says where it is (:meth:`FleetScreen.crumbs`), what its
actions apply to (:meth:`FleetScreen.targets`) and how they are done
(:meth:`FleetScreen.perform`).
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.store import Link, LinkState
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, action_by_id, actions_in, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.palette import Choice, PaletteDialog
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.messages import GoBack, OpenHelp, OpenRecordings, Quit, StoreChanged
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import DARK, LIGHT, UNICODE, Glyphs
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.key_bar import KeyBar
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.title_bar import TitleBar, TitleInfo

__all__ = ["FleetScreen", "worst_link"]

_WORDS_STAY = 4.0
_NOT_CHOSEN = frozenset(("frame.palette", "frame.back"))
_LINK_ORDER = (LinkState.LOST, LinkState.CONNECTING, LinkState.LIVE)


def worst_link(links: Iterable[Link]) -> Link | None:
    """Return the link that needs attention most, or ``None`` without links."""
    return min(links, key=lambda link: _LINK_ORDER.index(link.state), default=None)


class TooSmall(Static):
    """Stands in for everything where the terminal is too small to be of use."""

    DEFAULT_CSS = """
    TooSmall {
        display: none;
        width: 100%;
        height: 100%;
        background: $bg;
        color: $muted;
        content-align: center middle;
        text-align: center;
    }
    """


class FleetScreen(Screen[None]):
    """A screen that shows something of the fleet.

    Args:
        fleet: All configured servers and what is known of them.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.FRAME,)
    """The groups of actions that apply; they make key bar, help and palette."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.FRAME)]
    DEFAULT_CSS = """
    FleetScreen {
        background: $bg;
        color: $fg;
        layout: vertical;
        &.-tiny > *, &.-flat > * { display: none; }
        &.-tiny > TooSmall, &.-flat > TooSmall { display: block; }
    }
    """

    def __init__(
        self, fleet: Fleet, *, clock: Clock = SYSTEM_CLOCK, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__()
        self.fleet = fleet
        self.clock = clock
        self.glyphs = glyphs
        self._title_bar = TitleBar(clock=clock, glyphs=glyphs)
        self._key_bar = KeyBar()
        self._second_hand: Timer | None = None

    # For the screens

    def compose_body(self) -> ComposeResult:
        """Make what stands between title bar and key bar."""
        raise NotImplementedError

    def crumbs(self) -> tuple[str, ...]:
        """Return where we are: server, project, object, as they come from outside."""
        raise NotImplementedError

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the servers that matter on this screen; all by default."""
        return tuple(remote.name for remote in self.fleet.remotes)

    def object_state(self) -> tuple[Piece, ...]:
        """Return how it stands with the object of the screen, for the title bar."""
        return ()

    def badges(self) -> tuple[Piece, ...]:
        """Return what must be seen in the title bar whatever else happens."""
        return ()

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the instances that actions apply to now."""
        return ()

    def scopes(self) -> tuple[Scope, ...]:
        """Return the groups of actions that apply now."""
        return self.SCOPES

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen; it was found to be possible.

        Args:
            action: What to do.
            rows: What to do it to.
        """
        raise NotImplementedError

    def store_changed(self, message: StoreChanged) -> None:
        """Show what is different in the store."""

    def second_passed(self) -> None:
        """Show what depends on the time; called once a second while a link is lost."""

    @property
    def is_current(self) -> bool:
        """Whether anything of this screen can be seen.

        Textual takes the screen below the top one for visible even where the
        top one hides it all, and paints the whole top one for each change below.
        """
        stack = self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else []
        return super().is_current and all(one.styles.background.a < 1 for one in above)

    # What is the same everywhere

    def compose(self) -> ComposeResult:
        """Put the body between the two bars."""
        yield self._title_bar
        yield from self.compose_body()
        yield self._key_bar
        yield TooSmall("Make me larger:\n40 × 10 at least")

    def on_mount(self) -> None:
        """Show what is known already."""
        self.update_frame()

    def on_resize(self) -> None:
        """Find the focus again where a terminal that was too small took it."""
        self.call_after_refresh(self.find_focus)

    def find_focus(self) -> None:
        """Give the focus to the screen's first choice where nothing has it."""
        if self.focused is None and self.AUTO_FOCUS:
            for widget in self.query(self.AUTO_FOCUS).results(Widget):
                if widget.focusable:
                    self.set_focus(widget)
                    return

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now, in words; ``None`` where it is."""
        return action.why_not(self.targets())

    def update_frame(self) -> None:
        """Bring title bar, key bar and the second hand up to date."""
        links = [
            link
            for name in self.remotes_shown()
            if (link := self.fleet.store.state.links.get(name)) is not None
        ]
        remotes = [remote for remote in self.fleet.remotes if remote.name in self.remotes_shown()]
        servers = [self.fleet.store.state.servers.get(remote.name) for remote in remotes]
        self._title_bar.show(
            TitleInfo(
                crumbs=self.crumbs(),
                server=servers[0].label if len(servers) == 1 and servers[0] else "",
                link=worst_link(links),
                object_state=self.object_state(),
                badges=self.badges(),
                is_demo=any(remote.is_demo for remote in remotes),
                is_verified=all(remote.is_verified for remote in remotes),
            )
        )
        self.update_keys()
        self._run_second_hand(any(link.state is LinkState.LOST for link in links))

    def update_keys(self) -> None:
        """Offer the keys that work now."""
        self._key_bar.show(*self.hints())

    def hints(self) -> tuple[Sequence[Action], Sequence[Action]]:
        """Return the actions whose keys work now: for the left, best first, and for the end."""
        if isinstance(self.focused, FilterInput):
            return actions_in(Scope.FILTER), ()
        possible = [
            action
            for action in actions_in(*self.scopes())
            if action.rank and action.keys and self.why_not(action) is None
        ]
        possible.sort(key=lambda action: action.rank)
        # The way out is always there, also where the bar is short.
        way_out = "list.quit" if Scope.LIST in self.scopes() else "frame.back"
        ends = tuple(action_by_id(one) for one in (way_out, "frame.help"))
        return [action for action in possible if action not in ends], ends

    def act(self, action_id: str) -> None:
        """Do an action, or say why it is not possible.

        Args:
            action_id: Its id in the table.
        """
        action = action_by_id(action_id)
        reason = self.why_not(action)
        if reason is not None:
            self.say(f"Cannot {action.verb or action.words}: {reason}", is_warning=True)
            return
        match action_id:
            case "frame.help":
                self.post_message(OpenHelp())
            case "frame.palette":
                self.open_palette()
            case "frame.theme":
                self.app.theme = LIGHT.name if self.app.theme == DARK.name else DARK.name
            case "frame.recordings":
                self.post_message(OpenRecordings())
            case "frame.back":
                self.go_back()
            case "list.quit":
                self.post_message(Quit())
            case _:
                self.perform(action, self.targets())

    def choices(self) -> tuple[Choice, ...]:
        """Return every action of this screen, with why it is not possible."""
        actions = actions_in(*self.scopes())
        return tuple(
            Choice(action, self.why_not(action))
            for action in actions
            if action.id not in _NOT_CHOSEN
        )

    def open_palette(self) -> None:
        """Let an action be found by its words."""

        def run(action_id: str | None) -> None:
            if action_id is not None:
                self.act(action_id)

        # Not by a message: what is typed on belongs to the palette, and on the
        # screen below its keys would act.
        self.app.push_screen(PaletteDialog(self.choices()), run)

    def go_back(self) -> None:
        """Leave the screen; the first screen stays."""
        self.post_message(GoBack(self))

    def say(self, words: str, *, is_warning: bool = False) -> None:
        """Show a sentence for a few seconds; names in it need not be safe."""
        self.notify(
            safe_text(words),
            severity="warning" if is_warning else "information",
            timeout=_WORDS_STAY,
            markup=False,
        )

    def action_act(self, action_ids: str) -> None:
        """Do the first possible one of the actions that share a key."""
        ids = action_ids.split()
        possible = (one for one in ids if self.why_not(action_by_id(one)) is None)
        self.act(next(possible, ids[0]))

    @on(StoreChanged)
    def _store_changed(self, message: StoreChanged) -> None:
        self.store_changed(message)
        self.update_frame()

    @on(KeyBar.Chosen)
    def _hint_chosen(self, message: KeyBar.Chosen) -> None:
        message.stop()
        if not isinstance(self.focused, FilterInput):
            self.act(message.action_id)
        elif message.action_id in ("filter.leave", "filter.clear"):
            self.focused.action_leave(message.action_id == "filter.clear")

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _field_came_or_went(self) -> None:
        self.update_keys()

    def _run_second_hand(self, is_needed: bool) -> None:
        if is_needed and self._second_hand is None:
            self._second_hand = self.set_interval(1, self._second_passed)
        elif not is_needed and self._second_hand is not None:
            self._second_hand.stop()
            self._second_hand = None

    def _second_passed(self) -> None:
        self._title_bar.tick()
        self.second_passed()
