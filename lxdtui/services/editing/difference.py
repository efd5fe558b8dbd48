"""The difference of two texts, as rows to be drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, zip_longest

from lxdtui.services.editing.matching import Match, matches

__all__ = ["Difference", "DifferenceRow", "RowKind", "SidePair", "difference", "side_pairs"]

_ROWS_AT_MOST = 20_000


class RowKind(StrEnum):
    """What a row of a difference is."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"
    """Equal lines that are left out; the text says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One row of a difference."""

    kind: RowKind
    text: str
    """The line as it is in the text, without its end; nothing is made harmless here."""
    old_number: int | None = None
    """Its number in the old text, from 1; ``None`` where it is not in it."""
    new_number: int | None = None
    """Its number in the new text, from 1; ``None`` where it is not in it."""
    has_end: bool = True
    """Whether a line end follows; only the last line of a text may lack it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The difference of two texts."""

    rows: tuple[DifferenceRow, ...]
    """All changed lines with some equal ones around them; empty for equal texts."""
    added: int
    """Lines that only the new text has."""
    removed: int
    """Lines that only the old text has."""
    is_shortened: bool = False
    """Whether there are more rows than these."""

    @property
    def is_empty(self) -> bool:
        """Whether the texts are equal, line by line."""
        return not (self.added or self.removed)


@dataclass(frozen=True, slots=True)
class SidePair:
    """What stands side by side: a line of the old text and one of the new."""

    old: DifferenceRow | None
    new: DifferenceRow | None


def difference(
    old: str, new: str, *, context: int = 3, rows_at_most: int = _ROWS_AT_MOST
) -> Difference:
    """Compare two texts line by line. The work is bounded, see :mod:`.matching`.

    A last line without a line end is another line than the same one with it.

    Args:
        old: The text before.
        new: The text after.
        context: How many equal lines stand around a change.
        rows_at_most: How many rows to give; the counts are of the whole texts.
    """
    old_lines, new_lines = _lines(old), _lines(new)
    common = matches(old_lines, new_lines)
    kept = sum(match.size for match in common)
    rows: list[DifferenceRow] = []
    is_shortened = False
    for row in _rows(old_lines, new_lines, common, context):
        if len(rows) == rows_at_most:
            is_shortened = True
            break
        rows.append(row)
    added, removed = len(new_lines) - kept, len(old_lines) - kept
    return Difference(
        rows=tuple(rows) if added or removed else (),
        added=added,
        removed=removed,
        is_shortened=is_shortened,
    )


def side_pairs(rows: Sequence[DifferenceRow]) -> tuple[SidePair, ...]:
    """Put the rows of a difference side by side, removed lines beside added ones."""
    pairs: list[SidePair] = []
    removed: list[DifferenceRow] = []
    added: list[DifferenceRow] = []

    def flush() -> None:
        pairs.extend(SidePair(*pair) for pair in zip_longest(removed, added))
        removed.clear()
        added.clear()

    for row in rows:
        match row.kind:
            case RowKind.REMOVED:
                if added:
                    flush()
                removed.append(row)
            case RowKind.ADDED:
                added.append(row)
            case _:
                flush()
                pairs.append(SidePair(row, row))
    flush()
    return tuple(pairs)


def _lines(text: str) -> list[str]:
    """Return the lines, each but the last with its end."""
    *whole, last = text.split("\n")
    lines = [f"{line}\n" for line in whole]
    return [*lines, last] if last else lines


def _rows(
    old: Sequence[str], new: Sequence[str], common: Sequence[Match], context: int
) -> Iterator[DifferenceRow]:
    start = Match(0, 0, 0)
    for before, match in pairwise((start, *common)):
        for index in range(before.old + before.size, match.old):
            yield _row(RowKind.REMOVED, old[index], old_number=index + 1)
        for index in range(before.new + before.size, match.new):
            yield _row(RowKind.ADDED, new[index], new_number=index + 1)
        is_first = not match.old and not match.new
        is_last = match.old + match.size == len(old) and match.new + match.size == len(new)
        head = 0 if is_first else min(context, match.size)
        tail = 0 if is_last else min(context, match.size)
        if head + tail >= match.size:
            head, tail = match.size, 0
        skipped = match.size - head - tail
        for index in (*range(head), *range(head + skipped, match.size)):
            if skipped and index == head + skipped:
                yield _skipped(skipped, match, head)
            yield _row(
                RowKind.SAME,
                old[match.old + index],
                old_number=match.old + index + 1,
                new_number=match.new + index + 1,
            )
        if skipped and not tail:
            yield _skipped(skipped, match, head)


def _skipped(count: int, match: Match, head: int) -> DifferenceRow:
    words = "1 equal line" if count == 1 else f"{count} equal lines"
    return DifferenceRow(
        kind=RowKind.SKIPPED,
        text=words,
        old_number=match.old + head + 1,
        new_number=match.new + head + 1,
    )


def _row(
    kind: RowKind, line: str, *, old_number: int | None = None, new_number: int | None = None
) -> DifferenceRow:
    return DifferenceRow(
        kind=kind,
        text=line.removesuffix("\n"),
        old_number=old_number,
        new_number=new_number,
        has_end=line.endswith("\n"),
    )
