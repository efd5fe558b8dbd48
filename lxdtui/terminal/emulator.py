"""The terminal emulator as others see it: bytes in, rows out.

Knows nothing of Textual, sockets or the event loop. What has to reach the
outside is returned: `feed` gives an `Update`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from .lines import Line, is_wrapped
from .modes import CursorShape, Modes, modes_of
from .palette import ProgramColors
from .row import Row
from .screen import Screen
from .search import Match, Matcher, PatternMatcher, find, text_matcher
from .stream import Stream
from .style import RGB

PIECE = 64 * 1024
"""Bytes that are parsed at once; longer input is taken in pieces."""

MAX_COLUMNS = 1000
MAX_ROWS = 1000

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a piece of output led to."""

    replies: bytes = b""
    """To be sent to the program unchanged; at most a few KiB."""
    bell: bool = False
    title_changed: bool = False
    changed: bool = False
    """Whether rows, cursor, modes or colours differ from before."""
    clipboard: str | None = None
    """Text for the clipboard, when allowed and asked for (OSC 52)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where and how the cursor is to be shown."""

    x: int
    y: int
    visible: bool
    shape: CursorShape
    blink: bool


class Emulator:
    """A terminal of a given size.

    Args:
        columns: The width in cells, 2 to 1000.
        rows: The height, 1 to 1000.
        scrollback: Rows that are kept above the screen.
        allow_clipboard: Whether programs may set the clipboard (OSC 52).
    """

    def __init__(
        self,
        columns: int,
        rows: int,
        *,
        scrollback: int = 10_000,
        allow_clipboard: bool = False,
    ) -> None:
        columns, rows = _clamped(columns, rows)
        self._screen = Screen(columns, rows, scrollback, allow_clipboard=allow_clipboard)
        self._stream = Stream(self._screen)
        self._modes = modes_of(self._screen.mode)
        self._mode_numbers = frozenset(self._screen.mode)
        self.faults = 0
        """Exceptions that the parser guard has swallowed; a fault of ours each."""

    @property
    def columns(self) -> int:
        """The width in cells."""
        return self._screen.columns

    @property
    def rows(self) -> int:
        """The height in rows."""
        return self._screen.lines

    @property
    def title(self) -> str:
        """The title that the program gave, plain text of at most 256 characters."""
        return self._screen.title

    @property
    def directory(self) -> str:
        """The working directory that the program reported (OSC 7), or nothing."""
        return self._screen.directory

    @property
    def cursor(self) -> Cursor:
        """The cursor, always inside of the screen."""
        screen = self._screen
        return Cursor(
            x=screen.column(),
            y=screen.cursor.y,
            visible=not screen.cursor.hidden,
            shape=screen.shape,
            blink=screen.blink,
        )

    @property
    def modes(self) -> Modes:
        """The modes that the program has switched."""
        if self._screen.mode != self._mode_numbers:
            self._mode_numbers = frozenset(self._screen.mode)
            self._modes = modes_of(self._mode_numbers)
        return self._modes

    @property
    def set_by_program(self) -> ProgramColors:
        """The colours that the program chose (OSC 4, 10, 11, 12)."""
        return self._screen.palette.set_by_program()

    @property
    def history(self) -> "History":
        """The rows above the screen, newest last; a live view."""
        return History(self._screen)

    @property
    def history_total(self) -> int:
        """Rows that ever went into the history since it was last emptied or reflowed."""
        return self._screen.history_total

    def row(self, y: int) -> Row:
        """Return a row of the screen.

        Raises:
            IndexError: There is no such row.
        """
        if not 0 <= y < self._screen.lines:
            raise IndexError(y)
        return self._screen.row(y)

    def visible(self) -> list[Row]:
        """Return all rows of the screen, from the top."""
        tables = self._screen.tables
        return [Row.from_line(line, tables) for line in self._screen.grid]

    def search(self, text: str, *, ignore_case: bool = False) -> Iterator[tuple[int, int]]:
        """Look for text in the history and on the screen, from the oldest row.

        Args:
            text: What to look for; it may go on over rows that continue each other.
            ignore_case: Whether capital and small letters are the same.

        Returns:
            Row and column of each place. Rows count from the oldest one of the
            history; those of the screen follow.
        """
        matcher = self.matcher(text, ignore_case=ignore_case)
        return ((row, column) for row, column, _ in self.find(matcher))

    def matcher(self, text: str, *, ignore_case: bool = False, is_pattern: bool = False) -> Matcher:
        """Prepare a search; see `find`.

        Args:
            text: What to look for.
            ignore_case: Whether capital and small letters are the same.
            is_pattern: Whether the text is a regular expression.

        Raises:
            ValueError: The regular expression is none, or one that can take for ever.
        """
        screen = self._screen
        if is_pattern:
            return PatternMatcher(text, lambda: screen.tables.clusters, ignore_case=ignore_case)
        cells = screen.cells_for(_CONTROLS.sub("", text))
        return text_matcher(cells, ignore_case=ignore_case)

    def find(self, matcher: Matcher, start: int = 0, end: int | None = None) -> Iterator[Match]:
        """Find the places of a search in the lines that begin in some rows.

        Args:
            matcher: What is looked for, from `matcher`.
            start: The first row; 0 is the oldest one of the history.
            end: The row after the last one; all rows by default. A line that
                begins before it is searched to its end.
        """
        screen = self._screen
        history, skipped = screen.history, self.history.offset
        kept = len(history) - skipped
        total = kept + len(screen.grid)
        end = total if end is None else min(end, total)
        start = max(start, 0)

        def line(row: int) -> Line:
            return history[skipped + row] if row < kept else screen.grid[row - kept]

        while 0 < start < end and is_wrapped(line(start - 1)):
            start += 1
        if start >= end:
            return iter(())
        while end < total and is_wrapped(line(end - 1)):
            end += 1
        lines = history[skipped + start : skipped + end]
        if end > kept:
            lines += screen.grid[max(start - kept, 0) : end - kept]
        return find(lines, matcher, start)

    def feed(self, data: bytes) -> Update:
        """Obey what a program wrote.

        Never raises, whatever the data, and wherever it is cut.
        """
        screen = self._screen
        before = self._fingerprint()
        lines = screen.grid.copy()
        title = screen.title
        for start in range(0, len(data), PIECE):
            self._feed_piece(data[start : start + PIECE])
        clipboard, bell = screen.clipboard, screen.bell_rung
        screen.clipboard, screen.bell_rung = None, False
        return Update(
            replies=screen.take_replies(),
            bell=bell,
            title_changed=screen.title != title,
            changed=self._fingerprint() != before or screen.grid != lines,
            clipboard=clipboard,
        )

    def _feed_piece(self, data: bytes) -> None:
        screen = self._screen
        screen.earn(len(data))
        try:
            self._stream.feed(data)
        except Exception:  # noqa: BLE001  the parser guard: hostile data must not end the session
            self.faults += 1
            self._stream.reset()
            screen.let_go(len(screen.grid) - screen.lines)
        screen.compact_when_full()

    def _fingerprint(self) -> tuple[object, ...]:
        screen = self._screen
        cursor = screen.cursor
        return (
            cursor.x,
            cursor.y,
            cursor.hidden,
            screen.shape,
            screen.blink,
            screen.history_total,
            screen.palette.changes,
            frozenset(screen.mode),
        )

    def resize(self, columns: int, rows: int) -> bytes:
        """Change the size: the main screen is reflowed, the alternate one cut.

        Args:
            columns: The new width.
            rows: The new height.

        Returns:
            What the program has asked to be told about it (mode 2048).
        """
        columns, rows = _clamped(columns, rows)
        self._screen.resize(lines=rows, columns=columns)
        return self._screen.take_replies()

    def reset(self) -> None:
        """Return to the initial state and empty the scrollback."""
        self._stream.reset()
        self._screen.reset()
        self._screen.clear_history()

    def clear_scrollback(self) -> None:
        """Forget the rows above the screen."""
        self._screen.clear_history()

    def set_colors(self, foreground: RGB, background: RGB, palette: Sequence[RGB] = ()) -> None:
        """Say which colours are painted, for programs that ask (OSC 4, 10, 11).

        Args:
            foreground: The colour of text.
            background: The colour behind it.
            palette: The first palette colours, as many as are not xterm's.
        """
        self._screen.palette.foreground = foreground
        self._screen.palette.background = background
        self._screen.palette.colors = dict(enumerate(palette))


class History(Sequence[Row]):
    """The scrollback as a sequence of rows, newest last."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    @property
    def offset(self) -> int:
        """How many lines at the front are beyond the limit."""
        return max(len(self._screen.history) - self._screen.scrollback, 0)

    def __len__(self) -> int:
        return min(len(self._screen.history), self._screen.scrollback)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        tables = self._screen.tables
        offset = self.offset
        if isinstance(index, slice):
            return [
                Row.from_line(self._screen.history[offset + number], tables)
                for number in range(*index.indices(len(self)))
            ]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        position = index if index < 0 else offset + index
        return Row.from_line(self._screen.history[position], tables)

    def __iter__(self) -> Iterator[Row]:
        tables = self._screen.tables
        for line in self._screen.history[self.offset :]:
            yield Row.from_line(line, tables)


def _clamped(columns: int, rows: int) -> tuple[int, int]:
    return min(max(columns, 2), MAX_COLUMNS), min(max(rows, 1), MAX_ROWS)
