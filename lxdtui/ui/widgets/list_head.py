"""Row 2 of the list: how many of each status, the filter, and the position."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.message import Message

from lxdtui.model.instance import Condition
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs, condition_role
from lxdtui.ui.widgets.bar import Bar
from lxdtui.ui.widgets.filter_head import FilterHead
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["CountsBar", "HeadInfo", "ListHead"]

_WORDS = {Condition.CHANGING: "working", Condition.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadInfo:
    """What the head of the list shows."""

    counts: Mapping[Condition, int] = field(default_factory=dict)
    """Rows by condition, before any filter."""
    chosen: Condition | None = None
    """The only condition that is shown, or ``None`` for all."""
    work_word: str = ""
    """What is under way, where it is the same for all: ``starting``."""
    words: str = ""
    """Words of the filter."""
    position: int = 0
    """Where the cursor is, from 1; 0 without rows."""
    shown: int = 0
    """Rows that are shown."""
    total: int = 0
    """Rows there are."""
    notice: str = ""
    """How old the rows are, or what is being read."""
    is_warning: bool = False
    """Whether the notice asks for attention."""


class CountsBar(Bar):
    """The line of counts.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = "CountsBar { background: $bg; }"

    class Chosen(Message):
        """Posted when a count, or the filter, is clicked."""

        def __init__(self, condition: Condition | None) -> None:
            super().__init__()
            self.condition = condition

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._info = HeadInfo()
        self._is_filtering = False

    def show(self, info: HeadInfo, *, is_filtering: bool) -> None:
        """Show something else; the same again costs nothing."""
        if (info, is_filtering) != (self._info, self._is_filtering):
            self._info, self._is_filtering = info, is_filtering
            self.refresh()

    def pieces(self, width: int) -> tuple[Piece, ...]:
        """Return counts at the left, filter and position at the right."""
        if self._is_filtering:
            return spread((), self._right(is_wide=False), width)
        tries = (
            (self._left(between=4), self._right(is_wide=True)),
            (self._left(between=2), self._right(is_wide=False)),
            (self._left(between=2, with_words=False), self._right(is_wide=False)),
        )
        for left, right in tries:
            if width_of(left) + width_of(right) <= width:
                return spread(left, right, width)
        return spread(*tries[-1], width)

    def chosen(self, target: str) -> None:
        """Tell the screen which count was clicked."""
        self.post_message(self.Chosen(Condition(target) if target else None))

    def _left(self, *, between: int, with_words: bool = True) -> list[Piece]:
        info = self._info
        pieces = [gap(1)]
        for condition in Condition:
            number = info.counts.get(condition, 0)
            if not number and condition is not info.chosen:
                continue
            word = _WORDS.get(condition, str(condition))
            if condition is Condition.CHANGING and info.work_word:
                word = info.work_word
            is_chosen = condition is info.chosen
            is_other = info.chosen is not None and not is_chosen
            target = str(condition)
            pieces += [
                Piece(self._glyphs.of(condition), f"${condition_role(condition)}", target),
                Piece(f" {count(number)}", "$muted" if is_other else "$strong bold", target),
            ]
            if with_words or is_chosen:
                style = "$accent underline" if is_chosen else "$muted"
                pieces += [gap(1), Piece(word, style, target)]
            pieces.append(gap(between))
        return pieces

    def _right(self, *, is_wide: bool) -> list[Piece]:
        info = self._info
        pieces: list[Piece] = [gap(1)]
        if info.notice:
            pieces += [Piece(info.notice, "$amber" if info.is_warning else "$muted"), gap(2)]
        if info.words and not self._is_filtering:
            pieces += [Piece("/ ", "$accent bold"), Piece(safe_text(info.words), "$strong"), gap(2)]
        position = count(info.position)
        if is_wide:
            of = "" if info.shown == info.total else f" ({count(info.total)})"
            pieces.append(Piece(f"{position} of {count(info.shown)}{of}", "$muted"))
            if info.total and not info.words and not self._is_filtering:
                pieces += [gap(3), Piece("/", "$accent bold"), Piece(" filter", "$muted")]
        else:
            pieces.append(Piece(f"{position}/{count(info.shown)}", "$muted"))
        return [*pieces, gap(1)]


class ListHead(FilterHead):
    """Counts that are overview, legend and filter in one, and a field for words.

    Args:
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = "ListHead.-filtering CountsBar { width: 24; }"

    def __init__(self, *, glyphs: Glyphs) -> None:
        bar = CountsBar(glyphs=glyphs)
        super().__init__(bar, placeholder="words of name, status, address, profile …")
        self._bar = bar
        self._info = HeadInfo()

    def show(self, info: HeadInfo) -> None:
        """Show something else; the same again costs nothing."""
        self._info = info
        self.filtering_changed()

    def filtering_changed(self) -> None:
        """Show no counts beside the field."""
        self._bar.show(self._info, is_filtering=self.is_filtering)
