"""What can be opened on the rows of a terminal: hyperlinks, addresses, paths. Pure.

Everything here was written by a program in a container: a target is text to be
shown and copied, and opened only by whoever asks the user first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.terminal_selection import Place, line_around, numbered_row

__all__ = ["Target", "TargetKind", "labels", "target_at", "targets"]

MOST_TARGETS = 26 * 26
_MOST_CELLS = 20_000
_ROWS_AROUND = 20
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'`{}|\\^\x00-\x1f]{1,2000}", re.IGNORECASE)
_PATH = re.compile(
    r"(?<![\w/.~:-])(?:~|\.{1,2})?(?:/[\w.@%+,=~-]+)+/?|(?<![\w/.~:-])[\w.@+-]+(?:/[\w.@%+,=~-]+)+/?"
)
_TRAILING = ".,;:!?'\""
_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class TargetKind(StrEnum):
    """What a target is."""

    URL = "address"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that can be opened."""

    kind: TargetKind
    value: str
    """Where it leads, whatever the text on the screen says."""
    shown: str
    """The text on the screen."""
    pieces: tuple[tuple[int, int, int], ...]
    """Row numbers with the first column and the one after the last."""

    @property
    def is_disguised(self) -> bool:
        """Whether the text on the screen is another one than where it leads."""
        return self.shown.strip() != self.value


def targets(emulator: Emulator, first: int, last: int) -> list[Target]:
    """Return what can be opened in some rows, from the top.

    Args:
        emulator: The terminal.
        first: Number of the first row.
        last: Number of the last row.
    """
    found: list[Target] = []
    row = line_around(emulator, first, _ROWS_AROUND)[0]
    while row <= last and len(found) < MOST_TARGETS:
        end = line_around(emulator, row, _ROWS_AROUND)[1]
        found += _targets_of_line(emulator, row, end)
        row = end + 1
    return [one for one in found if any(first <= number <= last for number, _, _ in one.pieces)]


def target_at(emulator: Emulator, place: Place) -> Target | None:
    """Return what can be opened at a place."""
    row, column = place
    for one in targets(emulator, row, row):
        if any(number == row and start <= column < end for number, start, end in one.pieces):
            return one
    return None


def labels(count: int) -> list[str]:
    """Return different letters to press, one each where that is enough."""
    if count <= len(_LETTERS):
        return list(_LETTERS[:count])
    pairs = ("".join(pair) for pair in product(_LETTERS, repeat=2))
    return [next(pairs) for _ in range(min(count, MOST_TARGETS))]


def _targets_of_line(emulator: Emulator, first: int, last: int) -> list[Target]:
    """Return the targets of a line that was broken into rows."""
    text, places, links = "", list[Place](), list[str]()
    for number in range(first, last + 1):
        row = numbered_row(emulator, number)
        if row is None:
            continue
        x = 0
        for run in row.runs():
            # The second column of a wide character has no text.
            cells = [(c, row.slice(c, c + 1)[:1]) for c in range(x, x + run.width)]
            cells = [(column, cell) for column, cell in cells if cell]
            text += "".join(cell for _, cell in cells)
            places += [(number, column) for column, _ in cells]
            links += [run.style.link] * len(cells)
            x += run.width
        if len(text) > _MOST_CELLS:
            break
    found = list(_hyperlinks(text, places, links))
    taken = {place for one in found for place in _places_of(one)}
    for kind, start, end in _recognised(text):
        if not taken.isdisjoint(places[start:end]):
            continue
        value = text[start:end]
        found.append(Target(kind=kind, value=value, shown=value, pieces=_rows(places[start:end])))
    return sorted(found, key=lambda one: one.pieces)


def _hyperlinks(text: str, places: list[Place], links: list[str]) -> Iterator[Target]:
    """Yield what a program has marked as links (OSC 8)."""
    start = 0
    while start < len(links):
        end = start + 1
        while end < len(links) and links[end] == links[start]:
            end += 1
        if links[start]:
            yield Target(
                kind=TargetKind.URL,
                value=links[start],
                shown=text[start:end],
                pieces=_rows(places[start:end]),
            )
        start = end


def _recognised(text: str) -> Iterator[tuple[TargetKind, int, int]]:
    """Yield what looks like an address or a path."""
    position = 0
    spans = []
    for match in _URL.finditer(text):
        start, end = match.start(), _without_rest(text, match.start(), match.end())
        spans.append((start, end))
        yield TargetKind.URL, start, end
    for match in _PATH.finditer(text):
        start, end = match.start(), match.end()
        while end > start and text[end - 1] in _TRAILING:
            end -= 1
        if end - start < 2 or start < position:
            continue
        if any(start < other_end and other_start < end for other_start, other_end in spans):
            continue
        position = end
        yield TargetKind.PATH, start, end


def _without_rest(text: str, start: int, end: int) -> int:
    """Return where an address ends: without full stops, and brackets that were opened before it."""
    while end > start:
        last = text[end - 1]
        if last in _TRAILING or (
            last in ")]"
            and text.count(last, start, end) > text.count("(" if last == ")" else "[", start, end)
        ):
            end -= 1
        else:
            break
    return end


def _rows(places: list[Place]) -> tuple[tuple[int, int, int], ...]:
    """Return places that follow one another as stretches of rows."""
    rows: dict[int, list[int]] = {}
    for row, column in places:
        rows.setdefault(row, []).append(column)
    return tuple((row, columns[0], columns[-1] + 1) for row, columns in rows.items())


def _places_of(target: Target) -> Iterator[Place]:
    for row, start, end in target.pieces:
        for column in range(start, end):
            yield row, column
