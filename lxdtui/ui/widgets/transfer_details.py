"""Everything about one transfer: from where to where, how far, and what became of each item."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from lxdtui.services.transfers import Outcome, TransferState, TransferView
from lxdtui.ui.format.amounts import bytes_per_second, count, plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age
from lxdtui.ui.format.transfers import place_words, role_of
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["TransferDetails", "detail_lines"]

_LABEL = 11
_RESULTS_SHOWN = 200

Line = tuple[Piece, ...]


class TransferDetails(VerticalScroll, can_focus=False):
    """Details of the transfer under the cursor.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    TransferDetails {
        height: 1fr;
        padding: 0 1;
        background: $bg;
        color: $fg;
        scrollbar-size-vertical: 1;
        Static { width: 1fr; height: auto; }
    }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._view: TransferView | None = None

    def compose(self) -> ComposeResult:
        """Make one text of it."""
        yield Static("", markup=False)

    def show(self, view: TransferView | None) -> None:
        """Show another one; the same again costs nothing."""
        if view == self._view:
            return
        if self._view is None or view is None or view.number != self._view.number:
            self.scroll_home(animate=False)
        self._view = view
        lines = () if view is None else detail_lines(view, self._glyphs)
        self.query_one(Static).update(lines_of(lines))


def detail_lines(view: TransferView, glyphs: Glyphs) -> tuple[Line, ...]:
    """Return the lines; what went wrong comes first among the results.

    Args:
        view: The transfer.
        glyphs: The characters to draw with.
    """
    lines: list[Line] = [
        _pair("from", place_words(view.source, view.folder)),
        _pair("to", place_words(view.target, view.directory)),
        (_label("state"), Piece(_state(view), role_of(view))),
        _pair("done", _progress(view)),
    ]
    if view.state in (TransferState.RUNNING, TransferState.COUNTING):
        left = "" if view.seconds_left is None else f", {age(view.seconds_left + 0.999)} left"
        lines.append(_pair("speed", f"{bytes_per_second(view.rate)}{left}"))
    if view.current:
        reached = f"{size(view.current_done)} of {size(view.current_size)}"
        lines.append(_pair("now", f"{safe_text(view.current)}  {reached}"))
    if view.words:
        lines.append((_label(""), Piece(safe_text(view.words), "$amber")))
    troubles = [one for one in view.results if one.is_trouble]
    notable = [one for one in view.results if not one.is_trouble and one.words]
    plain = [one for one in view.results if not one.is_trouble and not one.words]
    lines.append((gap(1),))
    for one in (*troubles, *notable, *plain)[:_RESULTS_SHOWN]:
        hue = "$red" if one.is_trouble else "$muted"
        sign = glyphs.failed if one.is_trouble else glyphs.done
        if one.outcome is Outcome.SKIPPED:
            sign = glyphs.stopped
        lines.append(
            (
                Piece(f"{sign} ", "$red" if one.is_trouble else "$green"),
                Piece(safe_text(one.path), "$strong" if one.is_trouble else "$fg"),
                Piece(f"  {safe_text(one.words) or one.outcome.value}", hue),
            )
        )
    hidden = view.files_done - min(len(view.results), _RESULTS_SHOWN)
    if hidden > 0:
        lines.append((Piece(f"  and {count(hidden)} more", "$muted"),))
    return tuple(lines)


def _state(view: TransferView) -> str:
    verb = "move" if view.is_move else "copy"
    match view.state:
        case TransferState.DONE:
            return "all moved" if view.is_move else "all copied"
        case TransferState.FAILED:
            return f"not all of it was done; r tries the rest of this {verb} again"
        case TransferState.ASKING:
            return "waits for an answer; Enter shows the question"
        case TransferState.PAUSED:
            return "paused; Space goes on"
    return view.state.value


def _progress(view: TransferView) -> str:
    more = "" if view.is_counted else " or more"
    words = [
        f"{count(view.files_done)} of {plural(view.files_total, 'item')}{more}",
        f"{size(view.bytes_done)} of {size(view.bytes_total)}{more}",
    ]
    if view.skipped:
        words.append(f"{count(view.skipped)} left out")
    if view.failed:
        words.append(f"{count(view.failed)} failed")
    return ", ".join(words)


def _label(word: str) -> Piece:
    return Piece(f"{word:<{_LABEL}}", "$muted")


def _pair(word: str, value: str) -> Line:
    return (_label(word), Piece(value, "$fg"))
