"""Merging two changes of one text (three-way merge), line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxdtui.services.editing.document import LineEnds, TextFile
from lxdtui.services.editing.matching import matches

__all__ = ["Merged", "merge", "merge_files"]

_BEGIN, _BASE, _MIDDLE, _END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The outcome of a merge."""

    text: str
    """Both changes in one text; where they contradict, both stand in it, marked."""
    conflicts: int
    """How many places are marked."""


def merge_files(base: TextFile, mine: TextFile, theirs: TextFile) -> tuple[TextFile, int]:
    """Put two changes of a file together; each line keeps its line end.

    Args:
        base: The file that both began with.
        mine: One change of it.
        theirs: The other, whose encoding is taken.

    Returns:
        Both in one, and how many places are marked because they contradict.
    """
    merged = merge(
        base.raw,
        mine.raw,
        theirs.raw,
        theirs_label="in the file",
        end="\r\n" if mine.form.line_ends is LineEnds.CRLF else "\n",
    )
    return TextFile.of_raw(merged.text, theirs.form.encoding), merged.conflicts


def merge(
    base: str,
    mine: str,
    theirs: str,
    *,
    mine_label: str = "mine",
    theirs_label: str = "theirs",
    end: str = "\n",
) -> Merged:
    """Put two changes of one text together.

    What only one side changed is taken from it; what both changed alike is
    taken once. Where they differ, both versions stand between lines of
    ``<<<<<<<``, ``|||||||`` (what was there before), ``=======`` and ``>>>>>>>``.

    Args:
        base: The text that both began with.
        mine: One change of it.
        theirs: The other.
        mine_label: What stands behind ``<<<<<<<``.
        theirs_label: What stands behind ``>>>>>>>``.
        end: What ends the lines of marks.
    """
    parts: list[str] = []
    conflicts = 0
    for before, one, other in _chunks(_lines(base), _lines(mine), _lines(theirs)):
        if one in (other, before):
            parts += other
        elif other == before:
            parts += one
        else:
            conflicts += 1
            parts.append(f"{_BEGIN} {mine_label}{end}")
            parts += _ended(one, end)
            parts.append(f"{_BASE} before{end}")
            parts += _ended(before, end)
            parts.append(f"{_MIDDLE}{end}")
            parts += _ended(other, end)
            parts.append(f"{_END} {theirs_label}{end}")
    return Merged(text="".join(parts), conflicts=conflicts)


def _chunks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut three texts at the lines that all have, and at the ends of these.

    Yields:
        What stands in each of them: equal in all, or different in some.
    """
    in_mine = _places(base, mine)
    in_theirs = _places(base, theirs)
    low = mine_low = theirs_low = 0
    index = 0
    while index < len(base):
        if index not in in_mine or index not in in_theirs:
            index += 1
            continue
        start, mine_start, theirs_start = index, in_mine[index], in_theirs[index]
        yield (
            list(base[low:start]),
            list(mine[mine_low:mine_start]),
            list(theirs[theirs_low:theirs_start]),
        )
        size = 1
        while (
            in_mine.get(start + size) == mine_start + size
            and in_theirs.get(start + size) == theirs_start + size
        ):
            size += 1
        same = list(base[start : start + size])
        yield same, same, same
        index = low = start + size
        mine_low, theirs_low = mine_start + size, theirs_start + size
    yield list(base[low:]), list(mine[mine_low:]), list(theirs[theirs_low:])


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Return where the lines of the base stand in another text."""
    return {
        match.old + index: match.new + index
        for match in matches(base, other)
        for index in range(match.size)
    }


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    lines = [f"{line}\n" for line in whole]
    return [*lines, last] if last else lines


def _ended(lines: list[str], end: str) -> list[str]:
    """Give the last line an end, so that the mark after it has a line of its own."""
    return [line if line.endswith("\n") else f"{line}{end}" for line in lines]
