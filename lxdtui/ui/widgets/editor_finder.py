"""Finding and replacing in the text under edit, as the find bar asks."""

from collections.abc import Sequence

from textual.document._document import Location, Selection

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit, Pattern, find, replace_hits
from lxdtui.ui.format.amounts import count, plural
from lxdtui.ui.widgets.editor_area import EditorArea
from lxdtui.ui.widgets.find_bar import FindBar

__all__ = ["EditorFinder"]


class EditorFinder:
    """Knows what was found, and goes from place to place.

    Args:
        area: The text.
        bar: Where it is asked for.
    """

    def __init__(self, area: EditorArea, bar: FindBar) -> None:
        self._area = area
        self._bar = bar
        self._text = ""
        self._pattern = Pattern(words="")
        self._hits: Sequence[Hit] = ()
        self._replaced = 0

    @property
    def has_pattern(self) -> bool:
        """Whether something was looked for."""
        return bool(self._pattern.words)

    def find(self) -> None:
        """Look for what the bar asks; the cursor goes to the first place from where it is."""
        self._pattern = self._bar.pattern
        self._replaced = 0
        self._look()
        if self._hits:
            start, _ = sorted(self._area.selection)
            self._show(self._index_from(self._place(start)))

    def refresh(self) -> None:
        """Look again, after the text was changed."""
        if self.has_pattern:
            self._look()

    def close(self) -> None:
        """Mark nothing any more; what was looked for is kept."""
        self._area.show_hits(())

    def step(self, places: int) -> None:
        """Go to the next place or the one before, round the ends of the text."""
        self._look()
        if not self._hits:
            return
        start, end = sorted(self._area.selection)
        if places > 0:
            index = self._index_from(self._place(end if start != end else start))
        else:
            index = self._index_from(self._place(start)) - 1
        self._show(index % len(self._hits))

    def replace(self, *, is_all: bool) -> None:
        """Replace the place under the cursor and go on, or replace all."""
        self._look()
        if not self._hits:
            return
        if is_all:
            self._put(self._hits)
            return
        start, end = sorted(self._area.selection)
        here = [hit for hit in self._hits if self._ends(hit) == (start, end)]
        if not here or self._put(here):
            self.step(1)

    def _put(self, hits: Sequence[Hit]) -> bool:
        """Replace some places in one step of the history."""
        new = self._area.shown(self._bar.new_words)
        try:
            text = replace_hits(self._text, self._shown_pattern(), hits, new)
        except TextNotUnderstood as error:
            self._bar.note(error.reason, is_warning=True)
            return False
        start, _ = self._ends(hits[0])
        _, end = self._ends(hits[-1])
        self._area.history.checkpoint()
        result = self._area.replace(text, start, end, maintain_selection_offset=False)
        self._area.history.checkpoint()
        self._area.move_cursor(result.end_location)
        self._replaced = len(hits)
        self._look()
        return True

    # Helpers

    def _shown_pattern(self) -> Pattern:
        pattern = self._pattern
        return Pattern(
            words=self._area.shown(pattern.words),
            is_regex=pattern.is_regex,
            minds_case=pattern.minds_case,
        )

    def _look(self) -> None:
        self._text = self._area.lines.text
        try:
            self._hits = find(self._text, self._shown_pattern())
        except TextNotUnderstood as error:
            self._hits = ()
            self._bar.note(error.reason, is_warning=True)
        else:
            self._bar.note(self._words())
        self._area.show_hits(self._hits)

    def _words(self, index: int | None = None) -> str:
        if not self._pattern.words:
            return ""
        if not self._hits:
            return f"{plural(self._replaced, 'place')} replaced" if self._replaced else "not found"
        if index is None:
            return count(len(self._hits))
        return f"{count(index + 1)} of {count(len(self._hits))}"

    def _show(self, index: int) -> None:
        index %= len(self._hits)
        start, end = self._ends(self._hits[index])
        self._area.selection = Selection(start, end)
        self._area.scroll_cursor_visible(center=True)
        self._bar.note(self._words(index))

    def _index_from(self, place: int) -> int:
        """Return the first hit at a place or after it."""
        low, high = 0, len(self._hits)
        while low < high:
            middle = (low + high) // 2
            if self._hits[middle].start < place:
                low = middle + 1
            else:
                high = middle
        return low

    def _place(self, location: Location) -> int:
        return self._area.lines.places.place(location)

    def _ends(self, hit: Hit) -> tuple[Location, Location]:
        places = self._area.lines.places
        return places.location(hit.start), places.location(hit.end)
