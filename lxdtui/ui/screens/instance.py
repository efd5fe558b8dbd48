"""One instance: pages as tabs, what is done to it, and how it stands with the link."""

from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from lxdtui.model.refs import InstanceRef
from lxdtui.store import FollowedInstance, LinkState
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import Action, Scope, action_by_id, actions_in, bindings, key_label
from lxdtui.ui.actions.equivalents import Equivalent
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.instances import condition_of, started_at, status_word
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age, age_since
from lxdtui.ui.messages import OpenConsole, OpenFiles, OpenShell, StoreChanged
from lxdtui.ui.pages.catalog import PAGES
from lxdtui.ui.pages.page import Page, PageContext
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.page_notice import PageNotice
from lxdtui.ui.widgets.page_tabs import PageTabs, Tab
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.work.operating import OperatingScreen

__all__ = ["InstanceScreen"]

_PAGE = "page."
_LINKS = (
    ("instance.snapshots", "Snapshots"),
    ("instance.files", "Files"),
    ("instance.shell", "Shell"),
)
"""Ways to other screens in the row of tabs, the most wanted first."""


class InstanceScreen(OperatingScreen):
    """Everything about one instance.

    It follows a rename. What is gone, or old because the link is lost, stays on
    the screen and is called so.

    Args:
        fleet: All configured servers and what is known of them.
        ref: The instance.
        clock: What time it is.
        glyphs: The characters to draw with.
        problems: Why the last action on an instance failed, shared with other screens.
        page: Name of the page to begin with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.INSTANCES, Scope.DETAIL, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.INSTANCES, Scope.DETAIL),
        Binding("q", "quit_from_list", "Quit", show=False, id="instance.quit"),
    ]
    DEFAULT_CSS = """
    InstanceScreen {
        #pages { height: 1fr; }
        &.-tall PageTabs { margin: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = ""

    def __init__(
        self,
        fleet: Fleet,
        ref: InstanceRef,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
        problems: dict[InstanceRef, str] | None = None,
        page: str = "overview",
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs, problems=problems)
        self._followed = FollowedInstance(fleet.store, ref)
        self.ref = ref
        self._tabs = PageTabs(glyphs=glyphs)
        self._notice = PageNotice(glyphs=glyphs)
        self._pages: dict[str, Page] = {}
        names = [kind.NAME for kind in PAGES]
        self._current = self._make(page if page in names else names[0])
        self._last_row = row_of(fleet.store, ref)

    def compose_body(self) -> ComposeResult:
        """Make the tabs and the first page."""
        yield self._tabs
        yield self._notice
        with Container(id="pages"):
            yield self._current

    def on_mount(self) -> None:
        """Show what is known already."""
        super().on_mount()
        self._show()

    @property
    def page(self) -> Page:
        """The page that is looked at."""
        return self._current

    # What the frame asks

    def scopes(self) -> tuple[Scope, ...]:
        """Return the actions of the page, then those of the screen."""
        return (*self._current.SCOPES, *self.SCOPES)

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
            return (Piece("gone", "$amber"),) if self._last_row is not None else ()
        condition = condition_of(row)
        hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
        up = age_since(started_at(row), self.clock.now()) if row.instance.is_running else ""
        return (Piece(f"{self.glyphs.of(condition)} {status_word(row)} {up}".rstrip(), hue),)

    def targets(self) -> tuple[InstanceRow, ...]:
        """Return the instance, while it exists."""
        row = self._row()
        return () if row is None else (row,)

    def find_focus(self) -> None:
        """Give the focus to the page where nothing has it."""
        if self.focused is None:
            self._current.take_focus()

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now; what is open need not be opened."""
        if action.id == "instance.open":
            return "it is open"
        if action.id == "instance.configure":
            return super().why_not(action) or self._why_not_page("configuration")
        if action.id.startswith(_PAGE):
            return self._why_not_page(action.id.removeprefix(_PAGE))
        if action.scope in self._current.SCOPES:
            return self._current.why_not(action, self.targets())
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action on the instance, of the screen or of the page."""
        match action.id:
            case "instance.shell":
                self.post_message(OpenShell(self.ref))
            case "instance.shell_options":
                self.post_message(OpenShell(self.ref, asks=True))
            case "instance.console":
                self.post_message(OpenConsole(self.ref))
            case "instance.files":
                self.post_message(OpenFiles(self.ref))
            case "instance.configure":
                self.show_page("configuration")
            case "detail.next":
                self._step(1)
            case "detail.previous":
                self._step(-1)
            case "detail.refresh":
                self._refresh_all()
            case name if name.startswith(_PAGE):
                self.show_page(name.removeprefix(_PAGE))
            case _ if action.scope in self._current.SCOPES:
                self._current.perform(action, rows)
            case _:
                super().perform(action, rows)

    def go_back(self) -> None:
        """Leave what is open on the page, then the screen."""
        if not self._current.go_back():
            super().go_back()

    def action_quit_from_list(self) -> None:
        """Say where the key that is wanted works: here it would end more than this page."""
        self.say("Esc goes back to the list; q quits there")

    def store_changed(self, message: StoreChanged) -> None:
        """Show what is different, if it is this instance or its server."""
        change = message.change
        self._follow_rename()
        if self.ref in change.instances or self.ref.remote in change.remotes:
            self.forget_problems((self.ref,))
            self._show()

    def work_changed(self) -> None:
        """Show what is under way or failed."""
        self._show()
        self.update_frame()

    def second_passed(self) -> None:
        """Count the age of what is shown."""
        self._show_notice()
        self._current.second_passed()

    def own_equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return the commands for what the page can do now."""
        return self._current.equivalents(client)

    # Pages

    def show_page(self, name: str) -> None:
        """Show a page; it is made where it was never looked at.

        Args:
            name: Its ``NAME``.
        """
        if name == self._current.NAME:
            return
        old, page = self._current, self._pages.get(name)
        old.end()
        old.display = False
        if page is None:
            page = self._make(name)
            self._current = page
            self.query_one("#pages").mount(page)
        self._current = page
        page.display = True
        self.call_after_refresh(self._begin, page)
        self._show()
        self.update_frame()

    def _begin(self, page: Page) -> None:
        """Let a page that is mounted now work, unless another was asked for meanwhile."""
        if page is self._current and self.is_attached:
            page.begin()
            page.take_focus()
            self.update_keys()

    def _make(self, name: str) -> Page:
        (kind,) = (kind for kind in PAGES if name == kind.NAME)
        page = kind(
            PageContext(
                fleet=self.fleet,
                ref=self.ref,
                clock=self.clock,
                glyphs=self.glyphs,
                problems=self.problems,
            )
        )
        self._pages[name] = page
        return page

    def _step(self, places: int) -> None:
        names = [kind.NAME for kind in PAGES]
        at = names.index(self._current.NAME)
        self.show_page(names[(at + places) % len(names)])

    def _why_not_page(self, name: str) -> str | None:
        if name not in (kind.NAME for kind in PAGES):
            return "there is no such page"
        return "it is shown" if name == self._current.NAME else None

    def _follow_rename(self) -> None:
        """Go on with the new name of an instance that was renamed."""
        if self._followed.follow():
            self.ref = self._followed.ref
            for page in self._pages.values():
                page.follow_to(self.ref)
            self.fleet.look_at((self.ref,))

    def _row(self) -> InstanceRow | None:
        return row_of(self.fleet.store, self.ref)

    def _show(self) -> None:
        row = self._row()
        if row is not None:
            self._last_row = row
        self._current.show_row(row or self._remembered())
        self._show_notice()
        self._show_tabs()

    def _remembered(self) -> InstanceRow | None:
        """Return the instance as it was last, for one that is gone."""
        last = self._last_row
        return None if last is None else replace(last, activity=None, is_stale=True)

    def _show_notice(self) -> None:
        name = safe_text(self.ref.name)
        link = self.fleet.store.state.links.get(self.ref.remote)
        if link is not None and link.state is LinkState.LOST and self._last_row is not None:
            since = self.clock.monotonic() - (link.lost_at or self.clock.monotonic())
            words = f"as of {age(since)} ago: the link to {safe_text(self.ref.remote)} is lost"
            self._notice.show(words, key="Ctrl-R", does="try now")
        elif self._row() is None and self._last_row is not None:
            words = f"{name} does not exist any more; this is how it was last"
            self._notice.show(words, key="Esc", does="back")
        else:
            self._notice.show("")

    def _show_tabs(self) -> None:
        tabs = [
            Tab(
                target=kind.NAME,
                key=key_label(action_by_id(f"{_PAGE}{kind.NAME}").keys[0]),
                title=kind.TITLE,
                badge=self._pages[kind.NAME].badge() if kind.NAME in self._pages else "",
            )
            for kind in PAGES
        ]
        known = {action.id: action for action in actions_in(Scope.INSTANCES)}
        count = len(self.fleet.store.state.snapshots.get(self.ref, ()))
        links = [
            Tab(
                target=action_id,
                key=key_label(known[action_id].keys[0]),
                title=title,
                badge=str(count) if count and action_id == "instance.snapshots" else "",
            )
            for action_id, title in _LINKS
            if action_id in known
        ]
        self._tabs.show(tabs, links, self._current.NAME)

    def _refresh_all(self) -> None:
        link = self.fleet.store.state.links.get(self.ref.remote)
        if link is not None and link.state is LinkState.LIVE:
            self.fleet.refresh(self.ref.remote)
            self._current.refresh_now()
        else:
            self.fleet.retry(self.ref.remote)

    @on(Page.Changed)
    def _page_changed(self, message: Page.Changed) -> None:
        message.stop()
        self._show_tabs()
        self.update_keys()

    @on(PageTabs.Chosen)
    def _tab_chosen(self, message: PageTabs.Chosen) -> None:
        message.stop()
        self.show_page(message.name)

    @on(PageTabs.LinkChosen)
    def _link_chosen(self, message: PageTabs.LinkChosen) -> None:
        message.stop()
        self.act(message.action_id)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Have this instance measured, and no other; let the page work."""
        self.fleet.look_at((self.ref,))
        self._begin(self._current)

    @on(events.ScreenSuspend)
    def _suspended(self) -> None:
        """Let the page rest below another screen; behind a dialog it works on."""
        if not isinstance(self.app.screen, ModalScreen):
            self._current.end()
