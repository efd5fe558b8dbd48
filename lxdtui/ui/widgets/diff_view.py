"""The difference of two texts: one below the other, or side by side.

::

    view = DiffView(glyphs=self.glyphs)    # in compose
    view.show("text before", "text after")   # any time, also before it is mounted

Everything in the texts is made harmless; ``s`` changes between one column and
two. Without a change it says so in one line.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from lxdtui.services.editing.difference import (
    Difference,
    DifferenceRow,
    RowKind,
    SidePair,
    difference,
    side_pairs,
)
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import cell_width, cut, pad_right, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.painted_view import HEADER, PaintedView
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["DiffView"]

_TAB = 4
_LONGEST_DRAWN = 4000
"""Characters of a line that are drawn; what comes after them is left out."""
_SIDES_FROM = 110
"""Columns from which both texts stand side by side by themselves."""

_SIGNS = {RowKind.SAME: " ", RowKind.ADDED: "+", RowKind.REMOVED: "-", RowKind.SKIPPED: " "}
_HUES = {
    RowKind.SAME: "$fg",
    RowKind.ADDED: "$green",
    RowKind.REMOVED: "$red",
    RowKind.SKIPPED: "$muted",
}


class DiffView(PaintedView, can_focus=True):
    """Shows what is different between two texts, and scrolls.

    Args:
        glyphs: The characters to draw with.
        old_label: What the text before is, in a word or two.
        new_label: What the text after is.
        no_difference: What to say where there is none.
        id: Its id in the style sheet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="diff.down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="diff.up"),
        Binding("l,right", "scroll_right", "Right", show=False, id="diff.right"),
        Binding("h,left", "scroll_left", "Left", show=False, id="diff.left"),
        Binding("space,pagedown", "page_down", "Page down", show=False, id="diff.page_down"),
        Binding("pageup", "page_up", "Page up", show=False, id="diff.page_up"),
        Binding("g,home", "scroll_home", "First", show=False, id="diff.first"),
        Binding("G,end", "scroll_end", "Last", show=False, id="diff.last"),
        Binding("s", "change_sides", "Side by side", show=False, id="diff.sides"),
        Binding("n,right_square_bracket", "step(1)", "Next", show=False, id="diff.next"),
        Binding("p,left_square_bracket", "step(-1)", "Before", show=False, id="diff.before"),
    ]
    DEFAULT_CSS = """
    DiffView {
        width: 1fr;
        height: 1fr;
        overflow: auto auto;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
    }
    """
    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        glyphs: Glyphs,
        old_label: str = "before",
        new_label: str = "after",
        no_difference: str = "There is no difference.",
        id: str | None = None,  # noqa: A002  # the name that Textual has for it
    ) -> None:
        super().__init__()
        if id is not None:
            self.id = id
        self._glyphs = glyphs
        self._labels = (safe_text(old_label), safe_text(new_label))
        self._no_difference = no_difference
        self._difference = Difference(rows=(), added=0, removed=0)
        self._pairs: tuple[SidePair, ...] = ()
        self._wants_sides: bool | None = None
        self._widest = 0

    # What is shown

    @property
    def shown(self) -> Difference:
        """The difference that is shown."""
        return self._difference

    @property
    def has_sides(self) -> bool:
        """Whether both texts stand side by side."""
        if self._wants_sides is None:
            return self.size.width >= _SIDES_FROM
        return self._wants_sides

    def show(self, old: str, new: str) -> None:
        """Show the difference of two texts; any texts, of any size.

        Args:
            old: The text before.
            new: The text after.
        """
        self.show_difference(difference(old, new))

    def show_difference(
        self, shown: Difference, *, old_label: str = "", new_label: str = ""
    ) -> None:
        """Show a difference that was found before, as in a thread.

        Args:
            shown: The difference.
            old_label: What the text before is; as it was where empty.
            new_label: What the text after is; as it was where empty.
        """
        self._difference = shown
        self._labels = (
            safe_text(old_label) or self._labels[0],
            safe_text(new_label) or self._labels[1],
        )
        self._pairs = side_pairs(shown.rows)
        self._widest = max((cell_width(_text(row)) for row in shown.rows), default=0)
        if self.is_mounted:
            self._lay_out()
            self.scroll_home(animate=False)

    # Events

    def on_resize(self) -> None:
        """Choose how both texts stand for the new width."""
        self._lay_out()

    def action_change_sides(self) -> None:
        """Put both texts side by side, or one below the other."""
        self._wants_sides = not self.has_sides
        self._lay_out()

    def action_step(self, changes: int) -> None:
        """Go to the next change or the one before."""
        starts = self._change_starts()
        at = self.scroll_offset.y
        ahead = [start for start in starts if (start - at) * changes > 0]
        if ahead:
            self.scroll_to(y=ahead[0] if changes > 0 else ahead[-1], animate=False)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self.strip(self._head(width), HEADER)
        if self._difference.is_empty:
            words = self._no_difference if y == 1 else ""
            return self.strip(spread((gap(1), Piece(words, "$muted")), (), width), "")
        index = self.scroll_offset.y + y - 1
        if self.has_sides:
            if index < len(self._pairs):
                return self.strip(self._pair(self._pairs[index], width), "")
        elif index < len(self._difference.rows):
            return self.strip(self._row(self._difference.rows[index], width), "")
        return self.strip(self._end(index, width), "")

    def _head(self, width: int) -> tuple[Piece, ...]:
        counts = (
            Piece(f"+{count(self._difference.added)}", "$green bold"),
            Piece(f" -{count(self._difference.removed)}", "$red bold"),
            gap(1),
        )
        old, new = self._labels
        if not self.has_sides:
            left = (
                gap(1),
                Piece(old, "$red"),
                Piece(f" {self._glyphs.crumb} ", "$faint"),
                Piece(new, "$green"),
            )
            return spread(left, counts, width)
        half = width // 2
        return spread(
            (gap(1), Piece(pad_right(old, half - 1), "$red"), Piece(new, "$green")), counts, width
        )

    def _row(self, row: DifferenceRow, width: int) -> tuple[Piece, ...]:
        digits = self._digits()
        if row.kind is RowKind.SKIPPED:
            return self._skipped(row, width)
        numbers = (
            Piece(f"{row.old_number or '':>{digits}} {row.new_number or '':>{digits}} ", "$muted"),
            Piece(f"{_SIGNS[row.kind]} ", f"{_HUES[row.kind]} bold"),
        )
        room = width - width_of(numbers)
        return (*numbers, *self._line(row, room))

    def _pair(self, pair: SidePair, width: int) -> tuple[Piece, ...]:
        if pair.old is not None and pair.old.kind is RowKind.SKIPPED:
            return self._skipped(pair.old, width)
        half = width // 2
        left = self._side(pair.old, pair.old.old_number if pair.old else None, half - 1)
        right = self._side(pair.new, pair.new.new_number if pair.new else None, width - half)
        return (*left, gap(1), *right)

    def _side(self, row: DifferenceRow | None, number: int | None, width: int) -> tuple[Piece, ...]:
        if row is None:
            return (gap(width),)
        begin = (
            Piece(f"{number or '':>{self._digits()}} ", "$muted"),
            Piece(f"{_SIGNS[row.kind]} ", f"{_HUES[row.kind]} bold"),
        )
        return (*begin, *self._line(row, width - width_of(begin)))

    def _line(self, row: DifferenceRow, room: int) -> tuple[Piece, ...]:
        text = _text(row)[self.scroll_offset.x :]
        note = () if row.has_end else (Piece("  no line end", "$muted"),)
        return spread((Piece(cut(text, room - width_of(note)), _HUES[row.kind]), *note), (), room)

    def _skipped(self, row: DifferenceRow, width: int) -> tuple[Piece, ...]:
        rest = self._glyphs.rest
        begin = (Piece(f"{rest * 3} ", "$line"), Piece(row.text, "$muted"), gap(1))
        return (*begin, Piece(rest * max(width - width_of(begin), 0), "$line"))

    def _end(self, index: int, width: int) -> tuple[Piece, ...]:
        is_next = index == self._rows_shown()
        words = "There is more; it is too much to be shown here." if is_next else ""
        note = Piece(words if self._difference.is_shortened else "", "$amber")
        return spread((gap(1), note), (), width)

    # Helpers

    def _digits(self) -> int:
        last = self._difference.rows[-1] if self._difference.rows else None
        highest = max(last.old_number or 0, last.new_number or 0) if last else 0
        return max(len(str(highest)), 3)

    def _rows_shown(self) -> int:
        return len(self._pairs if self.has_sides else self._difference.rows)

    def _change_starts(self) -> Sequence[int]:
        if self.has_sides:
            changed = [
                pair.old is None or pair.old.kind is RowKind.REMOVED or pair.new is None
                for pair in self._pairs
            ]
        else:
            changed = [
                row.kind in (RowKind.ADDED, RowKind.REMOVED) for row in self._difference.rows
            ]
        return [
            index
            for index, is_changed in enumerate(changed)
            if is_changed and (not index or not changed[index - 1])
        ]

    def _lay_out(self) -> None:
        extra = self._digits() * 2 + 4
        rows = self._rows_shown() + 1 + self._difference.is_shortened
        width = self._widest + extra
        if self.has_sides:
            width = 2 * (self._widest + self._digits() + 4)
        self.virtual_size = Size(width, rows)
        self.refresh()


def _text(row: DifferenceRow) -> str:
    """Return a line as it is drawn: harmless, with blanks for tabs."""
    return safe_text(row.text[:_LONGEST_DRAWN].expandtabs(_TAB))
