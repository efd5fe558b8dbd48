"""What is said about a shell that is not live: it is being opened, failed, or ended."""

from collections.abc import Sequence

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from lxdtui.ui.format.text import safe_lines, safe_text
from lxdtui.ui.state.sessions import Session, SessionState
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, lines_of, spread

__all__ = ["EndedBar", "SessionNotice"]

_SPIN_SECONDS = 0.25
_HINT_LINES = 3


class SessionNotice(Widget):
    """Stands where the first lines of a shell would: opening, or why it cannot be opened.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    SessionNotice {
        display: none;
        width: 1fr;
        height: auto;
        padding: 0 1;
        background: $bg;
        color: $fg;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._session: Session | None = None
        self._spinner: Timer | None = None
        self._turn = 0

    def show(self, session: Session | None) -> None:
        """Say how it stands with a session; nothing about one that is live or was."""
        self._session = session
        state = None if session is None else session.state
        self.display = state in (SessionState.OPENING, SessionState.FAILED)
        if state is SessionState.OPENING and self._spinner is None:
            self._spinner = self.set_interval(_SPIN_SECONDS, self._spin)
        elif state is not SessionState.OPENING and self._spinner is not None:
            self._spinner.stop()
            self._spinner = None
        self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the words."""
        session = self._session
        if session is None:
            return Content()
        if session.state is SessionState.OPENING:
            glyph = self._glyphs.working[self._turn % len(self._glyphs.working)]
            name = safe_text(session.ref.name)
            return content_of(
                [
                    Piece(glyph, "$accent"),
                    Piece(f" opening a {session.order.kind} in ", "$muted"),
                    Piece(name, "$strong bold"),
                ]
            )
        lines: list[Sequence[Piece]] = [
            [Piece(f"{self._glyphs.error} ", "$red"), Piece(safe_text(session.words))]
        ]
        lines += [
            [Piece(f"  {line}", "$muted")]
            for line in safe_lines(session.hint)[:_HINT_LINES]
            if line
        ]
        return lines_of(lines)

    def _spin(self) -> None:
        self._turn += 1
        self.refresh()


class EndedBar(Bar):
    """One line below a shell that is over: how it ended. The key bar says what to do now.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    EndedBar {
        display: none;
        background: $hover;
    }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._session: Session | None = None

    def show(self, session: Session | None) -> None:
        """Say how a session ended, or nothing."""
        self._session = session
        self.display = session is not None and session.state in (
            SessionState.ENDED,
            SessionState.WAITING,
        )
        self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the words, cut where they do not fit."""
        session = self._session
        if session is None:
            return ()
        if session.state is SessionState.WAITING:
            mark = Piece(f"{self._glyphs.working[0]} ", "$amber")
        elif session.exit_status is None:
            mark = Piece(f"{self._glyphs.error} ", "$amber")
        elif session.exit_status:
            mark = Piece(f"{self._glyphs.failed} ", "$red")
        else:
            mark = Piece(f"{self._glyphs.done} ", "$green")
        return spread([gap(1), mark, Piece(safe_text(session.words))], (), width)
