"""Where each item of a transfer goes, and what is there already."""

from dataclasses import dataclass

from lxdtui.errors import Conflict, LxdTuiError, NotFound
from lxdtui.model.files import (
    FileAttributes,
    FileKind,
    base_name,
    join_path,
    parent_path,
    short_path,
)
from lxdtui.services.transfers.desk import Desk
from lxdtui.services.transfers.items import Item
from lxdtui.services.transfers.listings import Listings
from lxdtui.services.transfers.sides import Side

__all__ = ["Goal", "Goals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What becomes of an item."""

    path: str = ""
    """Where it is put; empty where it is left out."""
    there: FileAttributes | None = None
    """What is replaced."""
    words: str = ""
    """What there is to say about it."""


class Goals:
    """Finds out where items go, and takes the names for them.

    Args:
        target: Where they go.
        directory: The folder there.
        there: What is in the folders there.
        desk: Decides what becomes of what is there.
        tried: What an earlier pass has tried in vain.
    """

    def __init__(
        self,
        target: Side,
        directory: str,
        there: Listings,
        desk: Desk,
        tried: frozenset[str],
    ) -> None:
        self._target = target
        self._directory = directory
        self._there = there
        self._desk = desk
        self._tried = tried

    async def free_path(self, item: Item) -> str:
        """Take the path of a file that nothing can be at, or nothing."""
        directory = parent_path(join_path(self._directory, item.below))
        if not self._there.is_made(directory):
            return ""
        try:
            names = await self._there.of(directory)
        except LxdTuiError:
            # Whoever tries it alone tells why.
            return ""
        name = base_name(item.below)
        if name in names:
            return ""
        names[name] = item.attributes
        return join_path(directory, name)

    async def find(self, item: Item) -> Goal:
        """Find out what becomes of an item, once, however often it is tried."""
        if item.kind not in (FileKind.FILE, FileKind.SYMLINK):
            return Goal()
        directory = parent_path(join_path(self._directory, item.below))
        name = base_name(item.below)
        there = await self._taken(item, directory, name)
        if there is not None:
            self._refuse_mismatch(item, there)
        while there is not None:
            names = await self._there.of(directory)
            decided = await self._desk.decide(item, there, directory, names)
            if decided is None:
                return Goal()
            if decided == name:
                names[name] = item.attributes
                break
            # That the other name was not taken may be over as well.
            if await self._taken(item, directory, decided) is None:
                name, there = decided, None
        renamed = "" if name == base_name(item.below) else f"as {name}"
        return Goal(path=join_path(directory, name), there=there, words=renamed)

    async def _taken(self, item: Item, directory: str, name: str) -> FileAttributes | None:
        """Take a name for an item, unless something has it by now; then say what."""
        names = await self._there.of(directory)
        known = names.get(name)
        if known is not None and known is not item.attributes and not self._is_own(item, known):
            return known
        names[name] = item.attributes
        if self._there.is_made(directory):
            return None
        try:
            # The folder may have been listed long ago.
            names[name] = there = await self._target.lstat(join_path(directory, name))
        except NotFound:
            return None
        return there

    def _is_own(self, item: Item, known: FileAttributes) -> bool:
        """Whether what is there was made by an earlier try, whose answer got lost with the link."""
        directory = parent_path(join_path(self._directory, item.below))
        return (
            item.below in self._tried
            and self._there.is_made(directory)
            and (known.kind, known.size) == (item.kind, item.attributes.size)
        )

    def _refuse_mismatch(self, item: Item, there: FileAttributes) -> None:
        if there.kind not in (FileKind.FILE, FileKind.SYMLINK):
            raise Conflict(
                f"write {short_path(join_path(self._directory, item.below))}",
                f"a {there.kind} of this name is there",
                status=409,
            )
