"""Row 1: product, where we are, the server and how it stands with the link."""

from dataclasses import dataclass

from lxdtui.store import Link, LinkState
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.format.times import seconds_to
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["TitleBar", "TitleInfo"]

PRODUCT = "lxdtui"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleInfo:
    """What the title bar shows."""

    crumbs: tuple[str, ...] = ()
    """Server, project, object, as they come from outside; the last is where we are."""
    server: str = ""
    """Kind and version of the server: ``LXD 5.0.2``."""
    link: Link | None = None
    """The link that matters here; the worst of several."""
    object_state: tuple[Piece, ...] = ()
    """How it stands with the object of the screen; shown in place of the
    server and the latency while the link is live."""
    badges: tuple[Piece, ...] = ()
    """What must be seen whatever else happens."""
    is_demo: bool = False
    """Whether nothing real is behind it."""
    is_verified: bool = True
    """Whether the server's certificate is checked."""


class TitleBar(Bar):
    """The title bar of every screen.

    Args:
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    def __init__(self, *, clock: Clock, glyphs: Glyphs) -> None:
        super().__init__()
        self._clock = clock
        self._glyphs = glyphs
        self._info = TitleInfo()

    @property
    def info(self) -> TitleInfo:
        """What is shown."""
        return self._info

    def show(self, info: TitleInfo) -> None:
        """Show something else; the same again costs nothing."""
        if info != self._info:
            self._info = info
            self.refresh()

    def tick(self) -> None:
        """Draw again where seconds are counted down."""
        link = self._info.link
        if link is not None and link.retry_at is not None:
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the pieces for a width; crumbs leave before the words on the link."""
        crumbs = [safe_text(crumb) for crumb in self._info.crumbs]
        # The project goes first: which server it is must be seen for longer.
        lefts = [
            self._left(crumbs),
            self._left([*crumbs[:1], *crumbs[1:][-1:]]),
            self._left(crumbs[-1:]),
        ]
        rights = self._right_ends()
        # Shorter words cost less than a crumb, but the last words only go with the last crumb.
        tries = [(left, right) for left in lefts for right in rights[:2]]
        for left, right in (*tries, (lefts[-1], rights[-1])):
            if width_of(left) + 2 + width_of(right) <= width:
                return spread(left, right, width)
        return spread(self._cut_to(width, crumbs[-1:], rights[-1]), rights[-1], width)

    def _cut_to(self, width: int, crumbs: list[str], right: list[Piece]) -> list[Piece]:
        """Cut the last crumb so that a gap stays between it and the right end."""
        room = width - width_of(self._left([])) - width_of(right) - 2
        return self._left([cut(crumb, max(room, 1), self._glyphs.cut) for crumb in crumbs])

    def _left(self, crumbs: list[str]) -> list[Piece]:
        pieces = [gap(1), Piece(PRODUCT, "$accent bold"), gap(2)]
        if self._info.is_demo:
            pieces += [Piece(" DEMO ", "bold $on-fill on $amber"), gap(2)]
        for badge in self._info.badges:
            pieces += [badge, gap(2)]
        if not self._info.is_verified:
            pieces += [Piece(f"{self._glyphs.error} TLS not verified", "$amber bold"), gap(2)]
        for crumb in crumbs[:-1]:
            pieces += [Piece(crumb, "$muted"), Piece(f" {self._glyphs.crumb} ", "$faint")]
        if crumbs:
            pieces.append(Piece(crumbs[-1], "$strong bold"))
        return pieces

    def _right_ends(self) -> list[list[Piece]]:
        """Return what can stand at the right, the longest first."""
        link = self._info.link
        server = [Piece(safe_text(self._info.server), "$muted"), gap(2)]
        if not self._info.server:
            server = []
        if link is None:
            return [[*server], []]
        if link.state is LinkState.LOST:
            name = safe_text(link.remote)
            when = self._next_try(link)
            long, short = f"link to {name} lost", "link lost"
            if not link.listed:
                long, short = f"no link to {name}", "no link"
            return [
                [Piece(f"{self._glyphs.error} {words}", "$amber"), gap(1)]
                for words in (f"{long}{when}", f"{short}{when}", short)
            ]
        if link.state is LinkState.CONNECTING:
            connecting = [Piece(self._glyphs.working[0], "$accent"), Piece(" connecting", "$muted")]
            return [[*server, *connecting, gap(1)], [*connecting, gap(1)]]
        if self._info.object_state:
            return [[*self._info.object_state, gap(1)]]
        live = [Piece(self._glyphs.running, "$green")]
        if link.latency is not None:
            live.append(Piece(f" {_milliseconds(link.latency)}", "$muted"))
        return [[*server, *live, gap(1)], [*live, gap(1)]]

    def _next_try(self, link: Link) -> str:
        dot = self._glyphs.dot
        if link.retry_at is None:
            return f" {dot} trying again"
        seconds = seconds_to(link.retry_at, self._clock.monotonic())
        return f" {dot} next try in {seconds} s" if seconds else f" {dot} trying again"


def _milliseconds(seconds: float) -> str:
    return f"{max(round(seconds * 1000), 1)} ms"
