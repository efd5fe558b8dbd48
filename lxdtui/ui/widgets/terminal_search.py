"""A search through a terminal: words, matches, and which of them is looked at. Pure."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from lxdtui.terminal import Emulator, Match, Matcher, PatternMatcher
from lxdtui.ui.widgets.line_edit import LineEdit
from lxdtui.ui.widgets.terminal_selection import Place

__all__ = ["MOST_MATCHES", "TerminalSearch"]

MOST_MATCHES = 50_000
"""Matches that are counted; the newest ones."""
_CHUNK = 4000
"""Rows that are searched at once, at most."""
_FEW = 100
"""Rows that an expression is tried on at first, to see how long it takes."""
_LONG = 0.02
"""Seconds after which fewer rows are searched at once."""
_FINISH_SECONDS = 0.15
"""How long somebody waits for the next match; the search goes on after that."""
_ROWS_ABOVE = 500
"""Rows above the shown ones in which a broken line may begin."""


class TerminalSearch:
    """A search in scrollback and screen.

    Capital letters in the words make capitals count. The newest rows are
    searched first; `go_on` searches the rest piece by piece.

    Args:
        emulator: The terminal.
        is_backward: Whether the next match is an older one.
    """

    def __init__(self, emulator: Emulator, *, is_backward: bool = True) -> None:
        self._emulator = emulator
        self.is_backward = is_backward
        self.edit = LineEdit()
        self.is_pattern = False
        """Whether the words are a regular expression."""
        self.error = ""
        """Why the words are no regular expression."""
        self.matches: list[Place] = []
        """Places in the order of reading, by row number."""
        self._matcher: Matcher | None = None
        self._work: Iterator[list[Place]] | None = None

    @property
    def is_done(self) -> bool:
        """Whether all rows were searched."""
        return self._work is None

    @property
    def is_cut(self) -> bool:
        """Whether there are more matches than are counted."""
        return len(self.matches) >= MOST_MATCHES

    def begin(self) -> None:
        """Search again, for what the words are now; searches the newest rows at once."""
        self.matches = []
        self.error = ""
        self._matcher = self._work = None
        text = self.edit.text
        if not text:
            return
        try:
            self._matcher = self._emulator.matcher(
                text, ignore_case=text == text.lower(), is_pattern=self.is_pattern
            )
        except ValueError as error:
            self.error = str(error)
            return
        self._work = self._search(self._matcher)
        self.go_on()

    def go_on(self) -> bool:
        """Search some more rows; returns whether there are more still."""
        if self._work is not None:
            found = next(self._work, None)
            if found is None or self.is_cut:
                self._work = None
            if found:
                self.matches[:0] = found
        return self._work is not None

    def finish(self) -> None:
        """Search the rows that are left, as far as that takes no time to speak of."""
        deadline = time.monotonic() + _FINISH_SECONDS
        while self.go_on() and time.monotonic() < deadline:
            pass

    @property
    def left_out(self) -> str:
        """What was not searched because it would take too long, in words."""
        matcher = self._matcher
        if not isinstance(matcher, PatternMatcher) or not matcher.left_out:
            return ""
        if matcher.has_given_up:
            return "gave up: takes too long"
        lines = len(matcher.left_out)
        return f"{lines} {'line' if lines == 1 else 'lines'} left out: too slow"

    def nearest(self, place: Place, *, is_backward: bool, is_included: bool) -> Place | None:
        """Return the next match from a place on, round the end where there is none.

        Args:
            place: Where to begin.
            is_backward: Whether to look at older rows.
            is_included: Whether a match at the place itself counts.
        """
        if not self.matches:
            return None
        if is_backward:
            cut = bisect_right if is_included else bisect_left
            return self.matches[cut(self.matches, place) - 1]
        cut = bisect_left if is_included else bisect_right
        index = cut(self.matches, place)
        return self.matches[index if index < len(self.matches) else 0]

    def number_of(self, place: Place) -> int:
        """Return which match a place is, counted from 1; 0 where it is none."""
        index = bisect_left(self.matches, place)
        return index + 1 if index < len(self.matches) and self.matches[index] == place else 0

    def shown(self, first: int, last: int) -> list[Match]:
        """Return the matches in some rows as they are now, by row number."""
        if self._matcher is None:
            return []
        oldest = self._oldest
        start = max(first - oldest - _ROWS_ABOVE, 0)
        found = self._emulator.find(self._matcher, start, last + 1 - oldest)
        return [match._replace(row=match.row + oldest) for match in found]

    @property
    def _oldest(self) -> int:
        return self._emulator.history_total - len(self._emulator.history)

    def _search(self, matcher: Matcher) -> Iterator[list[Place]]:
        emulator = self._emulator
        end = emulator.history_total + emulator.rows
        rows = _FEW if isinstance(matcher, PatternMatcher) else _CHUNK
        while end > self._oldest:
            oldest = self._oldest
            start = max(end - rows, oldest)
            began = time.thread_time()
            found = emulator.find(matcher, start - oldest, end - oldest)
            places = [(match.row + oldest, match.column) for match in found]
            if time.thread_time() - began > _LONG:
                rows = max(rows // 4, 1)
            else:
                rows = min(rows * 2, _CHUNK)
            yield places
            end = start
            if isinstance(matcher, PatternMatcher) and matcher.has_given_up:
                return
