"""Selected text of a terminal, by the numbers of rows ever written."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from lxdtui.terminal import Emulator, Row

__all__ = [
    "Place",
    "Selection",
    "SelectionKind",
    "Stretch",
    "line_around",
    "numbered_row",
    "word_around",
]

Place = tuple[int, int]
"""Number of a row, see `numbered_row`, and column."""

_LAST_COLUMN = 1_000_000
_WORD = re.compile(r"[\w@%#~?&=+,.:/-]+|\S|\s+")
"""What a double click takes: paths, addresses and options whole."""
_MOST_ROWS = 1000
"""Rows of one broken line that are looked at in each direction."""
_WORD_ROWS = 5
"""The same for a word."""


def numbered_row(emulator: Emulator, number: int) -> Row | None:
    """Return a row of the scrollback or the screen.

    Args:
        emulator: The terminal.
        number: Counted from the first row ever written; the top row of the
            screen has the number `history_total`.

    Returns:
        The row, or None if it is gone or not there yet.
    """
    distance = number - emulator.history_total
    if distance >= 0:
        return emulator.row(distance) if distance < emulator.rows else None
    history = emulator.history
    return history[distance] if -distance <= len(history) else None


def line_around(emulator: Emulator, number: int, most_rows: int = _MOST_ROWS) -> tuple[int, int]:
    """Return the first and the last row of the line that a row belongs to."""
    first = last = number
    while number - first < most_rows:
        before = numbered_row(emulator, first - 1)
        if before is None or not before.wrapped:
            break
        first -= 1
    while last - number < most_rows:
        row = numbered_row(emulator, last)
        if row is None or not row.wrapped or numbered_row(emulator, last + 1) is None:
            break
        last += 1
    return first, last


def word_around(emulator: Emulator, place: Place) -> tuple[Place, Place]:
    """Return first and last place of the word at a place, also over broken rows."""
    number = place[0]
    first, last = line_around(emulator, number, _WORD_ROWS)
    text, places = "", list[Place]()
    for one in range(first, last + 1):
        row = numbered_row(emulator, one)
        width = emulator.columns if row is None or not row.wrapped else row.width
        for x in range(width):
            cell = "" if row is None else row.slice(x, x + 1)
            if not cell and row is not None and x < row.width:
                continue  # The second half of a wide character.
            text += cell[:1] or " "
            places.append((one, x))
    index = max((i for i, one in enumerate(places) if one <= place), default=0)
    for match in _WORD.finditer(text):
        if match.start() <= index < match.end():
            return places[match.start()], _end_of(places, match.end() - 1)
    return place, place


def _end_of(places: list[Place], index: int) -> Place:
    """Return the last column of a character, which may be a wide one."""
    number, column = places[index]
    if index + 1 < len(places) and places[index + 1][0] == number:
        return number, places[index + 1][1] - 1
    return number, column


class SelectionKind(StrEnum):
    """What a selection grows by."""

    CHARACTERS = "characters"
    WORDS = "words"
    LINES = "lines"
    BLOCK = "block"
    """The same columns of each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is selected, in the order of reading."""

    start: Place
    end: Place
    """The last place; included."""
    is_block: bool = False

    def columns(self, number: int, width: int) -> tuple[int, int]:
        """Return the selected columns of a row, first and one after the last; equal for none."""
        (first, left), (last, right) = self.start, self.end
        if not first <= number <= last:
            return (0, 0)
        if self.is_block:
            return (min(left, right), max(left, right) + 1)
        return (left if number == first else 0, right + 1 if number == last else width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Text from one place to another."""

    anchor: Place
    """Where it began."""
    head: Place
    """Where it was dragged to; included."""
    kind: SelectionKind = SelectionKind.CHARACTERS
    is_open: bool = True
    """Whether the button is still held."""
    by_keys: bool = False
    """Whether keys made it: then one place is a selection already."""

    @classmethod
    def begin(
        cls, row: int, column: int, kind: SelectionKind = SelectionKind.CHARACTERS
    ) -> "Selection":
        """Return a selection that begins at a place."""
        return cls(anchor=(row, column), head=(row, column), kind=kind)

    def moved(self, row: int, column: int) -> "Selection":
        """Return the selection dragged to another place."""
        return replace(self, head=(row, max(column, 0)))

    def ended(self) -> "Selection":
        """Return the selection after the button was released."""
        return replace(self, is_open=False)

    @property
    def is_empty(self) -> bool:
        """Whether it was not dragged anywhere: a click."""
        return (
            self.anchor == self.head
            and not self.by_keys
            and self.kind in (SelectionKind.CHARACTERS, SelectionKind.BLOCK)
        )

    def stretch(self, emulator: Emulator) -> Stretch | None:
        """Return what is selected, words and lines whole; ``None`` for nothing."""
        if self.is_empty:
            return None
        start, end = sorted((self.anchor, self.head))
        match self.kind:
            case SelectionKind.BLOCK:
                # The corners may lie the other way round: upper right, lower left.
                return Stretch(start=start, end=end, is_block=True)
            case SelectionKind.WORDS:
                start, end = word_around(emulator, start)[0], word_around(emulator, end)[1]
            case SelectionKind.LINES:
                start = (line_around(emulator, start[0])[0], 0)
                end = (line_around(emulator, end[0])[1], _LAST_COLUMN)
            case SelectionKind.CHARACTERS:
                pass
        return Stretch(start=start, end=end)

    def text(self, emulator: Emulator) -> str:
        """Return what is selected; wrapped rows are joined, blanks at the end left out."""
        stretch = self.stretch(emulator)
        if stretch is None:
            return ""
        first = max(stretch.start[0], emulator.history_total - len(emulator.history))
        last = min(stretch.end[0], emulator.history_total + emulator.rows - 1)
        parts = []
        for number in range(first, last + 1):
            row = numbered_row(emulator, number)
            start, end = stretch.columns(number, emulator.columns)
            if row is None or start >= end:
                continue
            text = row.slice(start, end)
            if row.wrapped and end >= row.width and not stretch.is_block:
                parts.append(text)
            else:
                parts.append(text.rstrip(" "))
                parts.append("\n")
        return "".join(parts).rstrip("\n")
