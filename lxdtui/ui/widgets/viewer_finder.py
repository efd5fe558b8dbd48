"""Finding in the file that is viewed, as the find bar asks."""

from collections.abc import Callable, Sequence

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.editing.search import Hit
from lxdtui.services.expressions import Expressions
from lxdtui.services.viewing import PagedFile, Wanted, search, wanted_bytes, wanted_words
from lxdtui.ui.format.amounts import percent
from lxdtui.ui.widgets.find_bar import FindBar, FindMode

__all__ = ["ViewerFinder"]

_MARKED = 500
"""Places in a line that are marked."""


class ViewerFinder:
    """Knows what is looked for, and which place was found last.

    Args:
        file: The file.
        bar: Where it is asked for.
        say: Says something where the bar is closed; whether it is a warning.
    """

    def __init__(self, file: PagedFile, bar: FindBar, say: Callable[[str, bool], None]) -> None:
        self.wanted: Wanted | None = None
        """What is looked for."""
        self.here: Hit | None = None
        """The place that was found last."""
        self._file = file
        self._bar = bar
        self._say = say
        self._searching = Expressions()
        # What is seen is marked also while the file is searched.
        self._marking = Expressions()

    def ask(self, codec: str) -> bool:
        """Take what the bar asks for; say whether it is anything.

        Args:
            codec: How the bytes of the file are text.
        """
        pattern = self._bar.pattern
        self.wanted = self.here = None
        self._bar.note()
        try:
            if pattern.words and self._bar.mode is FindMode.BYTES:
                self.wanted = wanted_bytes(pattern.words)
            elif pattern.words:
                self.wanted = wanted_words(
                    pattern.words,
                    is_regex=pattern.is_regex,
                    minds_case=pattern.minds_case,
                    codec=codec,
                )
        except TextNotUnderstood as error:
            self._bar.note(error.reason, is_warning=True)
        return self.wanted is not None

    def forget(self) -> None:
        """Look for nothing any more."""
        self.wanted = self.here = None

    def close(self) -> None:
        """End what searches."""
        self._searching.close()
        self._marking.close()

    async def hits(self, contents: Sequence[bytes]) -> Sequence[tuple[Hit, ...]]:
        """Find what is marked in what is seen."""
        if self.wanted is not None:
            try:
                return await self.wanted.hits(self._marking, contents, limit=_MARKED)
            except TextNotUnderstood as error:
                self._give_up(error)
        return [()] * len(contents)

    async def find(self, top: int, *, backwards: bool) -> None:
        """Find the next place or the one before, round the ends of the file.

        Args:
            top: The first byte that is seen, for the first place that is looked for.
            backwards: Whether the place before is wanted.

        Raises:
            LxdTuiError: The file cannot be read.
        """
        wanted, start = self.wanted, top
        if wanted is None:
            return
        if self.here is not None:
            start = self.here.start + (0 if backwards else 1)
        words = "found"
        try:
            hit = await self._search(wanted, start, backwards=backwards)
            if hit is None:
                words = "found from the end" if backwards else "found from the beginning"
                again = self._file.size if backwards else 0
                hit = await self._search(wanted, again, backwards=backwards)
        except TextNotUnderstood as error:
            self._give_up(error)
            return
        self.here = hit
        self.tell("not found" if hit is None else words)

    def tell(self, words: str) -> None:
        """Say how it stands, where somebody may look for it."""
        if self._bar.is_open:
            self._bar.note(words)
        elif words == "not found":
            self._say("It is not found", False)

    async def _search(self, wanted: Wanted, start: int, *, backwards: bool) -> Hit | None:
        def progress(at: int) -> None:
            done = at / max(self._file.size, 1)
            self.tell(f"searching {percent(100 * done)}, Esc stops")

        return await search(
            self._searching, self._file, wanted, start, backwards=backwards, progress=progress
        )

    def _give_up(self, error: TextNotUnderstood) -> None:
        """Look for nothing any more: it is no expression, or takes too long."""
        self.forget()
        if self._bar.is_open:
            self._bar.note(error.reason, is_warning=True)
        else:
            self._say(f"It is not looked for any more: {error.reason}", True)
