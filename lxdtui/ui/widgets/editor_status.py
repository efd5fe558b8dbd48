"""The row over the keys of an editor: which file, whether it is saved, and how it is written."""

from dataclasses import dataclass

from lxdtui.services.editing import LineEnds, TextForm
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import cut_middle, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["EditorStatus", "StatusInfo", "text_facts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInfo:
    """What the row shows."""

    path: str = ""
    """The path of the file."""
    state: str = ""
    """How it stands with it: ``modified``."""
    is_warning: bool = False
    """Whether that needs attention."""
    place: str = ""
    """Where the cursor is: ``12:5``."""
    facts: tuple[str, ...] = ()
    """How it is written, the most important first."""


class EditorStatus(Bar):
    """The row of an editor or a viewer.

    Args:
        glyphs: The characters to draw with.
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._info = StatusInfo()

    @property
    def info(self) -> StatusInfo:
        """What is shown."""
        return self._info

    def show(self, info: StatusInfo) -> None:
        """Show something else; the same again costs nothing."""
        if info != self._info:
            self._info = info
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the pieces for a width; facts leave from the right where there is no room."""
        info = self._info
        facts = list(info.facts)
        state: list[Piece] = []
        if info.state:
            hue = "$amber" if info.is_warning else "$muted"
            state = [gap(2), Piece(f"{self._glyphs.running} " * info.is_warning + info.state, hue)]
        right: list[Piece] = []
        while True:
            right = [Piece(info.place, "$strong")]
            for fact in facts:
                right += [gap(2), Piece(safe_text(fact), "$muted")]
            right.append(gap(1))
            if not facts or width_of(state) + width_of(right) + 24 <= width:
                break
            facts.pop()
        room = width - width_of(state) - width_of(right) - 3
        path = cut_middle(safe_text(info.path), max(room, 1), self._glyphs.cut)
        return spread((gap(1), Piece(path, "$fg"), *state), right, width)


def text_facts(
    form: TextForm, *, bytes_kept: int, written_in: str, has_last_end: bool
) -> tuple[str, ...]:
    """Return what there is to know about a text.

    Args:
        form: How it goes back to bytes.
        bytes_kept: Bytes that have no meaning in its encoding.
        written_in: Its language; empty where that is not known.
        has_last_end: Whether its last line has an end.
    """
    facts = [form.encoding.value]
    if bytes_kept:
        facts.append(f"{plural(bytes_kept, 'byte')} kept")
    is_mixed = form.line_ends is LineEnds.MIXED
    facts.append("LF and CRLF" if is_mixed else form.line_ends.value)
    if written_in:
        facts.append(written_in)
    if not has_last_end:
        facts.append("no last line end")
    return tuple(facts)
