"""What a page of the detail screen is."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from lxdtui.model.refs import InstanceRef
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.actions.equivalents import Equivalent
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import Glyphs

__all__ = ["LIVE", "Page", "PageContext", "page_bindings"]

LIVE = "live"
"""Group of the workers that run only while their page is visible."""
_WORDS_STAY = 4.0
_FOCUS_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What every page is made with."""

    fleet: Fleet
    """All configured servers and what is known of them."""
    ref: InstanceRef
    """The instance."""
    clock: Clock
    """What time it is."""
    glyphs: Glyphs
    """The characters to draw with."""
    problems: dict[InstanceRef, str]
    """Why the last action on an instance failed, shared with the screens."""


def page_bindings(*scopes: Scope) -> list[Binding]:
    """Make the key bindings of a page; its actions are done by :meth:`Page.perform`.

    Args:
        scopes: What applies on the page.
    """
    return bindings(*scopes, namespace="screen.")


class Page(Widget):
    """One tab of the detail screen: made when it is first looked at, then kept.

    The screen calls :meth:`show_row` whenever the instance looks different while
    the page is visible, and once before it becomes visible. Work that goes on
    while the page is visible is begun in :meth:`activate` by :meth:`run_live`
    or with timers; :meth:`deactivate` ends it.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = ""
    """Word by which messages and actions know the page: ``processes``."""
    TITLE: ClassVar[str] = ""
    """What the tab says."""
    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """Groups of actions of its own; they come before those of the screen."""
    FOCUS: ClassVar[str] = ""
    """Selector of the widget that gets the focus when the page is shown."""

    DEFAULT_CSS = """
    Page { width: 1fr; height: 1fr; background: $bg; color: $fg; layout: vertical; }
    """

    class Changed(Message):
        """Posted when the badge or the possible actions of a page are different."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.fleet = context.fleet
        self.ref = context.ref
        self.clock = context.clock
        self.glyphs = context.glyphs
        self.problems = context.problems
        self.is_active = False
        """Whether it is visible and works."""

    # For the pages

    def badge(self) -> str:
        """Return what stands behind the title of the tab, such as a count."""
        return ""

    def show_row(self, row: InstanceRow | None) -> None:
        """Show the instance as it is now; ``None`` while nothing was ever known of it.

        One that is gone is shown as it was last, marked as stale.
        """

    def activate(self) -> None:
        """Begin to work: the page is visible now."""

    def deactivate(self) -> None:
        """Stop working: the page is not visible any more."""

    def refresh_now(self) -> None:
        """Read again what the page reads by itself; asked for by Ctrl-R."""

    def renamed(self, ref: InstanceRef) -> None:
        """Follow the instance to its new name; :attr:`ref` is the new one already."""

    def second_passed(self) -> None:
        """Show what depends on the time; called once a second while the link is lost."""

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action of the page is not possible now; ``None`` where it is."""
        return action.why_not(rows)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of the page; it was found to be possible.

        Args:
            action: What to do.
            rows: The instance, while it exists.
        """
        raise NotImplementedError

    def equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return the commands that do the same as the actions of the page, where there are any.

        Args:
            client: ``lxc`` or ``incus``.
        """
        del client
        return ()

    def go_back(self) -> bool:
        """React to Esc; says whether it meant something to the page."""
        return False

    # What is the same on all of them

    def begin(self) -> None:
        """Become visible."""
        if not self.is_active:
            self.is_active = True
            self.activate()

    def end(self) -> None:
        """Become invisible."""
        if self.is_active:
            self.is_active = False
            self.workers.cancel_group(self, LIVE)
            self.deactivate()

    def follow_to(self, ref: InstanceRef) -> None:
        """Show the instance under another name."""
        self.ref = ref
        self.renamed(ref)

    def run_live(self, work: Coroutine[Any, Any, None], *, name: str = "") -> None:
        """Run something until it ends or the page is left.

        Args:
            work: What to run; it handles the errors that it expects.
            name: What it is, for the log.
        """
        self.run_worker(work, name=name, group=LIVE, exclusive=False, exit_on_error=True)

    def take_focus(self, tries: int = _FOCUS_TRIES) -> None:
        """Give the focus to what is meant to have it, as soon as that is there.

        Args:
            tries: How many more refreshes to wait for it.
        """
        if not self.FOCUS:
            return
        for widget in self.query(self.FOCUS).results(Widget):
            if widget.focusable:
                widget.focus(scroll_visible=False)
                return
        if tries and self.is_active:
            self.call_after_refresh(self.take_focus, tries - 1)

    def say(self, words: str, *, is_warning: bool = False) -> None:
        """Show a sentence for a few seconds; names in it need not be safe."""
        self.notify(
            safe_text(words),
            severity="warning" if is_warning else "information",
            timeout=_WORDS_STAY,
            markup=False,
        )

    def changed(self) -> None:
        """Have the tab and the key bar drawn again."""
        self.post_message(self.Changed())
