"""The page that stands where the list would be, when no server can be read at all."""

import textwrap
from collections.abc import Iterator

from textual.content import Content
from textual.widget import Widget

from lxdtui.errors import (
    ApiError,
    ConnectionFailed,
    ConnectionProblem,
    LxdTuiError,
    NotFound,
    Unauthorized,
)
from lxdtui.store import Link
from lxdtui.ui.format.text import cut_middle, safe_lines, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["TroublePage", "advice_for"]

_UNIX = "unix:"
_WIDEST = 76
_ANSWER_LINES = 4
_PLACES_SHOWN = 4

Advice = tuple[tuple[str, str], ...]
"""What can be done: words, and a command that does it or nothing."""


def advice_for(error: LxdTuiError | None, place: str) -> tuple[str, Advice]:
    """Say what is wrong and what can be done about it.

    Args:
        error: Why the server cannot be read.
        place: Where it is: ``unix:/path`` or ``https://…``.

    Returns:
        One sentence, and the ways out with their commands.
    """
    group = "incus-admin" if "incus" in place else "lxd"
    if isinstance(error, ConnectionFailed) and error.group not in ("", "root"):
        group = safe_text(error.group)
    problem = error.problem if isinstance(error, ConnectionFailed) else None
    demo = ("Look around first, without any server:", "lxdtui --demo")
    elsewhere = ("Use a socket at another place:", "lxdtui --socket PATH")
    remote = ("Or a server over the network, with a token that it made:", "lxdtui --token TOKEN")
    if problem is ConnectionProblem.DENIED:
        return (
            f"This user may not open the socket; the group {group} may.",
            (
                ("Join the group, then log in again:", f"sudo usermod -aG {group} $USER"),
                ("Or for this shell only:", f"newgrp {group}"),
                demo,
            ),
        )
    if problem is ConnectionProblem.MISSING:
        return "No LXD or Incus runs here.", (demo, elsewhere, remote)
    if problem is ConnectionProblem.REFUSED and place.startswith(_UNIX):
        daemon = "incus" if "incus" in place else "lxd"
        return (
            "The socket is there, but nobody listens.",
            (("See how the daemon is:", f"systemctl status {daemon}"), demo, elsewhere),
        )
    if problem is ConnectionProblem.CERTIFICATE:
        return (
            "The server's certificate is not the one that is expected.",
            (("With a token that the server made, it is known anew:", "lxdtui --token TOKEN"),),
        )
    if isinstance(error, NotFound):
        return (
            "The server does not have this project.",
            (
                ("Look at all projects:", "the same command without --project"),
                ("The server's projects are listed by:", "lxc project list, or incus project list"),
            ),
        )
    if isinstance(error, Unauthorized):
        return (
            "The server does not trust this client's certificate.",
            (
                ("On an LXD server, make a token:", "lxc config trust add --name NAME"),
                ("On an Incus server:", "incus config trust add NAME"),
                ("Here, hand it in:", "lxdtui --token TOKEN"),
            ),
        )
    return "The server cannot be reached.", (demo, elsewhere, remote)


class TroublePage(Widget):
    """Says what was tried, what came back, and what can be done.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    TroublePage {
        width: 1fr;
        height: 1fr;
        padding: 1 4;
        background: $bg;
        color: $fg;
    }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._shown: tuple[LxdTuiError | None, str, tuple[str, ...]] = (None, "", ())

    def show(self, link: Link, *places: str) -> None:
        """Show something else; the same again costs nothing.

        Args:
            link: The link that failed.
            places: Where the server is, or where it was looked for in vain.
        """
        shown = (link.error, link.remote, places)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Content:
        """Draw the words for the size there is."""
        error, remote, places = self._shown
        width = min(self.content_size.width, _WIDEST)
        sentence, advice = advice_for(error, places[0] if places else "")
        tried = error.tried if isinstance(error, ApiError) else f"reach {remote}"
        words = error.server_text if isinstance(error, ApiError) else str(error or "")
        lines: list[tuple[Piece, ...]] = [
            (Piece(f"{self._glyphs.error} ", "$red bold"), Piece(sentence, "$strong bold")),
            (),
            self._fact("Tried", tried, width),
            *(
                self._fact("" if index else "At", place, width)
                for index, place in enumerate(places[:_PLACES_SHOWN])
            ),
        ]
        lines += self._answer(words, places, width)
        lines.append(())
        for explanation, command in advice:
            lines.append((Piece(explanation, "$muted"),))
            lines.append((gap(2), Piece(command, "$strong")))
            lines.append(())
        lines.append((Piece("Ctrl-R", "$accent bold"), Piece(" tries again now", "$muted")))
        return lines_of(lines)

    def _answer(
        self, words: str, places: tuple[str, ...], width: int
    ) -> Iterator[tuple[Piece, ...]]:
        """Wrap what came back; the place, which stands above, is not said again."""
        for place in places:
            words = words.removeprefix(f"{place}: ").removeprefix(f"{_UNIX}{place}: ")
        wrapped = [
            part for line in safe_lines(words) for part in textwrap.wrap(line, max(width - 8, 20))
        ]
        for index, line in enumerate(wrapped[:_ANSWER_LINES]):
            yield self._fact("" if index else "Answer", line, width)

    def _fact(self, label: str, value: str, width: int) -> tuple[Piece, ...]:
        return (
            Piece(f"{label:<8}", "$muted"),
            Piece(cut_middle(safe_text(value), width - 8, self._glyphs.cut), "$fg"),
        )
