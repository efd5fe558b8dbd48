"""The lines around the rows of a pane: where it is, what it holds, what failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.widget import Widget

from lxdtui.model.place import LOCAL, Place
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.files import path_words
from lxdtui.ui.format.text import cell_width, cut_middle, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of, spread, width_of

__all__ = ["PaneFoot", "PaneHead", "PaneInfo", "PaneRule", "PaneTrouble"]

_PATH_LEAST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneInfo:
    """What the lines of a pane show."""

    place: Place = LOCAL
    remote: str = ""
    """The server, where it has to be said."""
    path: str = "/"
    home: str = ""
    free: int | None = None
    is_active: bool = False
    """Whether keys go to this pane."""
    notes: tuple[Piece, ...] = field(default=())
    """What the foot says at its left."""
    right: tuple[Piece, ...] = field(default=())
    """What the foot says at its right end."""


class _PaneBar(Bar):
    DEFAULT_CSS = "_PaneBar { background: $bg; }"

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._info = PaneInfo()

    def show(self, info: PaneInfo) -> None:
        """Show something else; the same again costs nothing."""
        if info != self._info:
            self._info = info
            self.refresh()


class PaneHead(_PaneBar):
    """Whose folder it is, and how much room is left."""

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return place and path, and the free space where there is room."""
        info = self._info
        place = safe_text(info.place.words)
        if info.remote:
            place = f"{safe_text(info.remote)} {self._glyphs.crumb} {place}"
        name = Piece(place, "$accent bold" if info.is_active else "$muted", "place")
        left = [gap(1), name, gap(1)]
        right = [gap(1)]
        if info.free is not None:
            right = [gap(2), Piece(f"{size(info.free)} free", "$muted"), gap(1)]
        path = path_words(info.path, info.home)
        room = width - width_of(left) - width_of(right)
        if room < min(cell_width(path), _PATH_LEAST):
            room = width - width_of(left) - 1
            right = [gap(1)]
        path = cut_middle(path, max(room, 1), self._glyphs.cut)
        hue = "$strong bold" if info.is_active else "$muted"
        return spread([*left, Piece(path, hue, "path")], right, width)

    def chosen(self, target: str) -> None:
        """Leave clicks to the pane below."""


class PaneRule(_PaneBar):
    """The line under the head, bright where the keys go to."""

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the line."""
        if self._info.is_active:
            return (Piece(self._glyphs.filled * width, "$accent"),)
        return (Piece(self._glyphs.rest * width, "$line"),)


class PaneFoot(_PaneBar):
    """How much there is, what is marked, what is under way."""

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return the notes, and the position at the right end."""
        return spread([gap(1), *self._info.notes], [gap(2), *self._info.right, gap(1)], width)


class PaneTrouble(Widget):
    """What failed: what was tried, what came back, and what can be done.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    PaneTrouble { height: 3; width: 1fr; background: $bg; display: none; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._lines: Sequence[Sequence[Piece]] = ()

    def show(self, tried: str, reason: str) -> None:
        """Show a failure, or none.

        Args:
            tried: What was tried, on what; empty for no failure.
            reason: The words of who refused it.
        """
        self.display = bool(tried)
        self._lines = trouble_lines(tried, reason, self._glyphs)
        self.refresh()

    def render(self) -> Content:
        """Draw the lines for the width there is."""
        width = self.content_size.width
        return lines_of(_fitted(line, width, self._glyphs) for line in self._lines)


def trouble_lines(tried: str, reason: str, glyphs: Glyphs) -> tuple[tuple[Piece, ...], ...]:
    """Return what was tried, the words that came back, and the keys that help."""
    return (
        (gap(1), Piece(f"{glyphs.error} ", "$red bold"), Piece(safe_text(tried), "$strong bold")),
        (gap(3), Piece(safe_text(reason), "$fg")),
        (
            gap(3),
            Piece("Ctrl-R", "$accent bold"),
            Piece(" again  ", "$muted"),
            Piece("Esc", "$accent bold"),
            Piece(" leave it", "$muted"),
        ),
    )


def _fitted(line: Sequence[Piece], width: int, glyphs: Glyphs) -> list[Piece]:
    room = width
    fitted: list[Piece] = []
    for piece in line:
        text = cut_middle(piece.text, max(room, 0), glyphs.cut)
        fitted.append(Piece(text, piece.style))
        room -= cell_width(text)
    return fitted
