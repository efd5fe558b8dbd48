"""What is being copied now, in a few lines at the foot of a screen.

For a screen::

    def compose_body(self):
        yield ...panes...
        yield TransferPanel(self.fleet.transfers, glyphs=self.glyphs, clock=self.clock)

It hides itself while there is nothing to tell, keeps itself current, and posts
``OpenTransfers`` where it is clicked. Four rows; from 30 rows of the terminal
on a blank one below.
"""

from textual import events
from textual.content import Content
from textual.widget import Widget

from lxdtui.services.transfers import TransferState, TransferView
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.transfers import speed
from lxdtui.ui.later import Later, later
from lxdtui.ui.messages import OpenTransfers
from lxdtui.ui.ports.transfers import TransferQueue
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of, spread
from lxdtui.ui.widgets.transfer_row import row_pieces

__all__ = ["TransferPanel"]

_ROWS = 3
_SHOWN_AFTERWARDS = 10.0
"""Seconds that a transfer is shown after it ended well."""
_ORDER = (
    TransferState.ASKING,
    TransferState.RUNNING,
    TransferState.COUNTING,
    TransferState.PAUSED,
    TransferState.FAILED,
    TransferState.WAITING,
    TransferState.DONE,
    TransferState.CANCELLED,
)


class TransferPanel(Widget):
    """The transfers that matter most, with speed and time left.

    Args:
        transfers: The queue.
        glyphs: The characters to draw with.
        clock: What time it is.
    """

    DEFAULT_CSS = """
    TransferPanel { height: 4; width: 1fr; background: $bg; color: $fg; display: none; }
    .-tall TransferPanel { height: 5; }
    """
    # How high it is depends on the screen around it.
    SCOPED_CSS = False
    ALLOW_SELECT = False

    def __init__(self, transfers: TransferQueue, *, glyphs: Glyphs, clock: Clock) -> None:
        super().__init__()
        self._transfers = transfers
        self._glyphs = glyphs
        self._clock = clock
        self._views: tuple[TransferView, ...] = ()
        self._ended: dict[int, float] = {}
        self._hiding: Later | None = None

    def on_mount(self) -> None:
        """Follow the queue."""
        self._unwatch = self._transfers.watch(self._take)
        self._take(self._transfers.views)

    def on_unmount(self) -> None:
        """Follow it no more."""
        self._unwatch()
        if self._hiding is not None:
            self._hiding.stop()

    def on_click(self, event: events.Click) -> None:
        """Show all of them."""
        event.stop()
        self.post_message(OpenTransfers())

    def render(self) -> Content:
        """Draw the head and the most important ones."""
        width = self.content_size.width
        first = sorted(self._views, key=lambda view: _ORDER.index(view.state))[:_ROWS]
        return lines_of(
            (self._head(width), *(row_pieces(view, width, self._glyphs) for view in first))
        )

    def _take(self, views: tuple[TransferView, ...]) -> None:
        now = self._clock.monotonic()
        over = {
            view.number: view
            for view in views
            if view.state in (TransferState.DONE, TransferState.CANCELLED)
        }
        self._ended = {number: self._ended.get(number, now) for number in over}
        gone = {n for n, at in self._ended.items() if now - at >= _SHOWN_AFTERWARDS}
        self._views = tuple(view for view in views if view.number not in gone)
        self.display = bool(self._views)
        self.refresh()
        waiting = [at for number, at in self._ended.items() if number not in gone]
        if waiting and self._hiding is None:
            self._hiding = later(self, min(waiting) + _SHOWN_AFTERWARDS - now, self._hide)

    def _hide(self) -> None:
        self._hiding = None
        self._take(self._transfers.views)

    def _head(self, width: int) -> tuple[Piece, ...]:
        views = self._views
        over = sum(view.state.is_over for view in views)
        failed = sum(view.state is TransferState.FAILED for view in views)
        is_asking = any(view.state is TransferState.ASKING for view in views)
        position = min(over + 1, len(views))
        left = [
            gap(1),
            Piece("Transfers ", "$strong bold"),
            Piece(f"{position} of {len(views)}", "$muted"),
        ]
        if failed:
            left += [gap(2), Piece(f"{failed} failed", "$red")]
        if is_asking:
            left += [gap(2), Piece("t", "$accent bold"), Piece(" answers a question", "$amber")]
        right = [Piece(speed(views), "$fg"), gap(1)]
        return tuple(
            Piece(piece.text, f"{piece.style} on $bar", piece.target)
            for piece in spread(left, right, width)
        )
