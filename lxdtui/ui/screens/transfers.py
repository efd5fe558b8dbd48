"""All copies in the background: how they stand, what failed and why."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from lxdtui.services.transfers import Outcome, TransferState, TransferView
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.transfers import place_words, speed, title
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread
from lxdtui.ui.widgets.transfer_details import TransferDetails
from lxdtui.ui.widgets.transfer_row import TransferRow
from lxdtui.ui.work.transfer_asker import TransferAsker

__all__ = ["TransfersScreen"]

_NOTHING = "Nothing is being copied.  F5 in the files of a container copies"


class _Head(Bar):
    """How many, and how fast."""

    DEFAULT_CSS = "_Head { background: $bg; }"

    def __init__(self) -> None:
        super().__init__()
        self._views: tuple[TransferView, ...] = ()

    def show(self, views: tuple[TransferView, ...]) -> None:
        """Show something else."""
        self._views = views
        self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return counts at the left, speed at the right."""
        views = self._views
        going = sum(not view.state.is_over for view in views)
        failed = sum(view.state is TransferState.FAILED for view in views)
        left = [gap(1), Piece(plural(len(views), "transfer"), "$strong bold")]
        if going:
            left.append(Piece(f"  {going} not over", "$muted"))
        if failed:
            left.append(Piece(f"  {failed} failed", "$red"))
        return spread(left, [Piece(speed(views), "$fg"), gap(1)], width)


class TransfersScreen(FleetScreen):
    """The queue of copies.

    Args:
        fleet: All configured servers and what is known of them.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.TRANSFERS, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.TRANSFERS),
        Binding("j,down", "step(1)", "Down", show=False, id="transfers.down"),
        Binding("k,up", "step(-1)", "Up", show=False, id="transfers.up"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="transfers.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="transfers.page_up"),
        Binding("q,w,t", "leave", "Back", show=False, id="transfers.leave"),
    ]
    DEFAULT_CSS = """
    TransfersScreen {
        &.-tall _Head { height: 3; padding: 1 0; }
        #rows {
            height: auto;
            max-height: 40%;
            background: $bg;
            scrollbar-size-vertical: 1;
        }
        #rule { height: 1; width: 1fr; color: $line; }
        #nothing { height: 1fr; padding: 0 1; color: $muted; }
    }
    """

    def __init__(
        self, fleet: Fleet, *, clock: Clock = SYSTEM_CLOCK, glyphs: Glyphs = UNICODE
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self._views: tuple[TransferView, ...] = ()
        self._number = 0
        self._head = _Head()
        self._details = TransferDetails(glyphs=glyphs)
        self._asker = TransferAsker(self, fleet.transfers, glyphs=glyphs)

    def compose_body(self) -> ComposeResult:
        """Put the list over the details."""
        yield self._head
        yield VerticalScroll(id="rows", can_focus=False)
        yield Static("", id="rule", markup=False)
        yield self._details
        yield Static(_NOTHING, id="nothing", markup=False)

    def on_mount(self) -> None:
        """Follow the queue."""
        super().on_mount()
        self._unwatch = self.fleet.transfers.watch(self._take)
        self._take(self.fleet.transfers.views)

    def on_unmount(self) -> None:
        """Follow it no more."""
        self._unwatch()

    def on_resize(self) -> None:
        """Draw the rule over the whole width."""
        super().on_resize()
        self.query_one("#rule", Static).update(self.glyphs.rest * self.size.width)

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return where we are."""
        return ("Transfers",)

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now, in words."""
        view = self._current()
        if action.scope is not Scope.TRANSFERS:
            return super().why_not(action)
        if action.id == "transfers.clear":
            return None if any(one.state.is_over for one in self._views) else "none is over"
        if view is None:
            return "nothing is being copied"
        match action.id:
            case "transfers.answer":
                return None if view.question is not None else "it asks nothing"
            case "transfers.pause" | "transfers.cancel":
                return "it is over" if view.state.is_over else None
            case "transfers.retry" if view.state is not TransferState.FAILED:
                return "nothing of it failed"
            case "transfers.retry" if _is_hopeless(view):
                return "what is left cannot be copied at all"
        return None

    def perform(
        self,
        action: Action,
        rows: tuple[InstanceRow, ...],  # noqa: ARG002 - transfers are no instances
    ) -> None:
        """Do an action on the transfer under the cursor."""
        queue, view = self.fleet.transfers, self._current()
        if action.id == "transfers.clear":
            queue.clear()
        elif view is not None:
            match action.id:
                case "transfers.answer":
                    self._asker.ask(view)
                case "transfers.pause" if view.state is TransferState.PAUSED:
                    queue.resume(view.number)
                case "transfers.pause":
                    queue.pause(view.number)
                case "transfers.retry":
                    queue.retry(view.number)
                case "transfers.cancel":
                    queue.cancel(view.number)
                case "transfers.copy":
                    self._copy_words(view)
        self._take(queue.views)

    # Moving

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        numbers = [view.number for view in self._views]
        if numbers:
            at = numbers.index(self._number) if self._number in numbers else 0
            self._number = numbers[min(max(at + rows, 0), len(numbers) - 1)]
            self._show()

    def action_page(self, pages: int) -> None:
        """Scroll the details."""
        height = max(self._details.size.height - 1, 1)
        self._details.scroll_relative(y=pages * height, animate=False)

    def action_leave(self) -> None:
        """Go back to where we came from."""
        self.go_back()

    @on(TransferRow.Chosen)
    def _chosen(self, message: TransferRow.Chosen) -> None:
        message.stop()
        self._number = message.number
        self._show()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self._asker.look()

    # Showing

    def _current(self) -> TransferView | None:
        return next((view for view in self._views if view.number == self._number), None)

    def _take(self, views: tuple[TransferView, ...]) -> None:
        self._views = views
        if self._current() is None:
            asking = [view for view in views if view.question is not None]
            going = [view for view in views if not view.state.is_over]
            self._number = next((one.number for one in (*asking, *going, *views)), 0)
        self._show()
        self._asker.look()

    def _show(self) -> None:
        box = self.query_one("#rows", VerticalScroll)
        shown = {row.view.number: row for row in box.query(TransferRow)}
        wanted = {view.number for view in self._views}
        for number, row in shown.items():
            if number not in wanted:
                row.remove()
        new = [view for view in self._views if view.number not in shown]
        rows = [TransferRow(view, glyphs=self.glyphs) for view in new]
        if rows:
            box.mount(*rows)
        for view in self._views:
            if view.number in shown:
                shown[view.number].show(view)
        for row in (*shown.values(), *rows):
            is_current = row.view.number == self._number
            row.set_class(is_current, "-cursor")
            if is_current:
                row.scroll_visible(animate=False)
        for part in ("#rows", "#rule"):
            self.query_one(part).display = bool(self._views)
        self._details.display = bool(self._views)
        self.query_one("#nothing").display = not self._views
        self._head.show(self._views)
        self._details.show(self._current())
        self.update_keys()

    def _copy_words(self, view: TransferView) -> None:
        where = place_words(view.target, view.directory)
        lines = [f"{title(view)} to {where}: {view.state.value}", safe_text(view.words)]
        lines += [
            f"{safe_text(one.path)}: {safe_text(one.words) or one.outcome.value}"
            for one in view.results
            if one.is_trouble
        ]
        self.app.copy_to_clipboard("\n".join(line for line in lines if line))
        self.say("The words are copied")


def _is_hopeless(view: TransferView) -> bool:
    """Say whether all that failed are things that are not copied, such as sockets."""
    outcomes = {one.outcome for one in view.results}
    return Outcome.UNSUPPORTED in outcomes and Outcome.FAILED not in outcomes
