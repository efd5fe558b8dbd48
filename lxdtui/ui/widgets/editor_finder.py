"""Finding and replacing in the text under edit, as the find bar asks."""

import asyncio
from collections.abc import Sequence

from textual.document._document import Location, Selection

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit, Pattern, find, replace_hits
from lxdtui.services.expressions import Expressions
from lxdtui.ui.format.amounts import count, plural
from lxdtui.ui.widgets.editor_area import EditorArea
from lxdtui.ui.widgets.find_bar import FindBar

__all__ = ["EditorFinder"]


class EditorFinder:
    """Knows what was found, and goes from place to place, one wish after another.

    The search itself runs beside: what is typed into the text meanwhile is searched, too.

    Args:
        area: The text.
        bar: Where it is asked for.
    """

    def __init__(self, area: EditorArea, bar: FindBar) -> None:
        self._area = area
        self._bar = bar
        self._expressions = Expressions()
        self._turn = asyncio.Lock()
        self._text = ""
        self._pattern = Pattern(words="")
        self._asked: Pattern | None = None
        self._hits: Sequence[Hit] = ()
        self._replaced = 0

    @property
    def has_pattern(self) -> bool:
        """Whether something was looked for."""
        return bool(self._pattern.words)

    async def find(self) -> None:
        """Look for what the bar asks; the cursor goes to the first place from where it is."""
        async with self._turn:
            self._pattern = self._bar.pattern
            self._replaced = 0
            await self._look()
            if self._hits:
                start, _ = sorted(self._area.selection)
                self._show(self._index_from(self._place(start)))

    async def refresh(self) -> None:
        """Look again, after the text was changed."""
        async with self._turn:
            if self.has_pattern:
                await self._look()

    def close(self) -> None:
        """Mark nothing any more; what was looked for is kept."""
        self._area.show_hits(())

    def leave(self) -> None:
        """End what searches."""
        self._expressions.close()

    async def step(self, places: int) -> None:
        """Go to the next place or the one before, round the ends of the text."""
        async with self._turn:
            await self._look()
            self._step(places)

    async def replace(self, *, is_all: bool) -> None:
        """Replace the place under the cursor and go on, or replace all."""
        async with self._turn:
            await self._look()
            if not self._hits:
                return
            if is_all:
                await self._put(self._hits)
                return
            start, end = sorted(self._area.selection)
            here = [hit for hit in self._hits if self._ends(hit) == (start, end)]
            if not here or await self._put(here):
                self._step(1)

    def _step(self, places: int) -> None:
        if not self._hits:
            return
        start, end = sorted(self._area.selection)
        if places > 0:
            index = self._index_from(self._place(end if start != end else start))
        else:
            index = self._index_from(self._place(start)) - 1
        self._show(index % len(self._hits))

    async def _put(self, hits: Sequence[Hit]) -> bool:
        """Replace some places in one step of the history."""
        new = self._area.shown(self._bar.new_words)
        try:
            text = await replace_hits(
                self._expressions, self._text, self._shown_pattern(), hits, new
            )
        except TextNotUnderstood as error:
            self._bar.note(error.reason, is_warning=True)
            return False
        if self._area.lines.text is not self._text:
            # It was changed meanwhile, so the places are others.
            await self._look()
            return False
        start, _ = self._ends(hits[0])
        _, end = self._ends(hits[-1])
        self._area.history.checkpoint()
        result = self._area.replace(text, start, end, maintain_selection_offset=False)
        self._area.history.checkpoint()
        self._area.move_cursor(result.end_location)
        self._replaced = len(hits)
        await self._look()
        return True

    # Helpers

    def _shown_pattern(self) -> Pattern:
        pattern = self._pattern
        return Pattern(
            words=self._area.shown(pattern.words),
            is_regex=pattern.is_regex,
            minds_case=pattern.minds_case,
        )

    async def _look(self) -> None:
        try:
            while self._text is not self._area.lines.text or self._asked != self._pattern:
                text = self._area.lines.text
                hits = await find(self._expressions, text, self._shown_pattern())
                self._text, self._asked, self._hits = text, self._pattern, hits
        except TextNotUnderstood as error:
            self._hits = ()
            self._asked = None
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
