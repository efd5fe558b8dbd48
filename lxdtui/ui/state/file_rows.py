"""The rows of a folder: sorted, filtered and marked. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lxdtui.model.files import FileAttributes, FileEntry, FileKind

__all__ = ["UP", "FileRows", "FileSort", "FileView", "is_up"]

UP = FileEntry(name="..", attributes=FileAttributes(kind=FileKind.DIRECTORY))
"""The row that leads to the folder above. No entry of a folder can have its name."""

_PARTS = re.compile(r"(\d+)")


class FileSort(StrEnum):
    """What rows are sorted by. The value is the word for it."""

    NAME = "name"
    SIZE = "size"
    CHANGED = "changed"
    EXTENSION = "extension"


LARGEST_FIRST = frozenset((FileSort.SIZE, FileSort.CHANGED))
"""What begins at its large end where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """Which rows are shown, and in which order."""

    words: str = ""
    """Words that must stand in a name."""
    shows_hidden: bool = False
    """Whether names that begin with a dot are shown."""
    sort: FileSort = FileSort.NAME
    """What the rows are sorted by; folders stand first in any case."""
    reverse: bool = False
    """Whether the other way round."""


def is_up(entry: FileEntry | None) -> bool:
    """Say whether a row leads to the folder above."""
    return entry is UP


class FileRows:
    """The entries of one folder, and those that are shown."""

    def __init__(self) -> None:
        self.view = FileView()
        """Which rows are shown; changed by :meth:`look`."""
        self.marks: set[str] = set()
        """Names that are marked."""
        self.shown: Sequence[FileEntry] = ()
        """The rows that are shown."""
        self._entries: Sequence[FileEntry] = ()
        self._sorted: Sequence[FileEntry] = ()
        self._is_top = True
        self._dotted = 0
        self.folder_count = 0
        """How many of the entries are folders."""

    @property
    def entries(self) -> Sequence[FileEntry]:
        """All entries of the folder."""
        return self._entries

    @property
    def hidden_count(self) -> int:
        """How many entries are not shown because of their dot."""
        return 0 if self.view.shows_hidden else self._dotted

    @property
    def marked(self) -> tuple[FileEntry, ...]:
        """The marked entries, also those that the filter leaves out."""
        if not self.marks:
            return ()
        return tuple(entry for entry in self._sorted if entry.name in self.marks)

    def take(self, entries: Sequence[FileEntry], *, is_top: bool) -> None:
        """Take the entries of a folder; marks of names that are gone are dropped.

        Args:
            entries: All entries.
            is_top: Whether it is ``/``, which nothing is above.
        """
        self._entries = entries
        self._is_top = is_top
        self._dotted = sum(1 for entry in entries if entry.name.startswith("."))
        self.folder_count = sum(1 for entry in entries if entry.kind is FileKind.DIRECTORY)
        if self.marks:
            self.marks &= {entry.name for entry in entries}
        self._sort()

    def look(self, view: FileView) -> None:
        """Choose which rows are shown."""
        before, self.view = self.view, view
        if (before.sort, before.reverse) != (view.sort, view.reverse):
            self._sort()
        elif before != view:
            self._select()

    def toggle(self, names: Sequence[str]) -> None:
        """Mark what is not marked, and the other way round."""
        self.marks ^= set(names)

    def _sort(self) -> None:
        view = self.view
        folders = [entry for entry in self._entries if entry.is_directory]
        files = [entry for entry in self._entries if not entry.is_directory]
        key = _KEYS[view.sort]
        for group in (folders, files):
            group.sort(key=_by_name)
            if view.sort is not FileSort.NAME:
                # Stable: what is alike stays in the order of the names.
                group.sort(key=key, reverse=(view.sort in LARGEST_FIRST) != view.reverse)
            elif view.reverse:
                group.reverse()
        self._sorted = [*folders, *files]
        self._select()

    def _select(self) -> None:
        view = self.view
        rows = self._sorted
        if not view.shows_hidden:
            rows = [entry for entry in rows if not entry.name.startswith(".")]
        words = view.words.casefold().split()
        if words:
            rows = [entry for entry in rows if all(word in entry.name.casefold() for word in words)]
        self.shown = list(rows) if self._is_top or words else [UP, *rows]


def _by_name(entry: FileEntry) -> tuple[Any, ...]:
    """Sort as people count: 2 before 10, capitals beside small letters."""
    parts = _PARTS.split(entry.name.casefold())
    parts[1::2] = [number.lstrip("0").rjust(20, "0") for number in parts[1::2]]
    return (parts, entry.name)


def _by_size(entry: FileEntry) -> int:
    return entry.attributes.size or 0


def _by_time(entry: FileEntry) -> float:
    modified = entry.attributes.modified
    return modified.timestamp() if modified is not None else 0.0


def _by_extension(entry: FileEntry) -> str:
    stem, dot, extension = entry.name.rpartition(".")
    return extension.casefold() if dot and stem else ""


_KEYS: dict[FileSort, Callable[[FileEntry], Any]] = {
    FileSort.NAME: _by_name,
    FileSort.SIZE: _by_size,
    FileSort.CHANGED: _by_time,
    FileSort.EXTENSION: _by_extension,
}
