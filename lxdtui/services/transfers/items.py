"""Going through what is to be copied: item by item, ahead of the copying, in bounded memory."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from lxdtui.errors import BadRequest, LxdTuiError
from lxdtui.model.files import FileAttributes, FileEntry, FileKind, join_path, short_path
from lxdtui.services.transfers.beacon import Beacon
from lxdtui.services.transfers.patience import Patience
from lxdtui.services.transfers.sides import Side
from lxdtui.services.transfers.tally import Tally

__all__ = ["Item", "Walk"]

_MOST_AHEAD = 100_000
_LINKS_BEHIND_EACH_OTHER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file, a directory, a link or something else that is to be copied."""

    path: str
    """Where it is, absolute."""
    below: str
    """Where it is put, below the folder of the target."""
    attributes: FileAttributes
    """What is known of it; of what it leads to where links are followed."""
    links: int = 0
    """Links to directories that were followed on the way to it."""
    error: LxdTuiError | None = None
    """Why nothing can be done with it."""

    @property
    def kind(self) -> FileKind:
        """What it is."""
        return self.attributes.kind

    @property
    def size(self) -> int:
        """Bytes of content that it is said to have."""
        return (self.attributes.size or 0) if self.kind is FileKind.FILE else 0


class Walk:
    """Finds items and counts them, while those found already are being copied.

    Args:
        source: Where they are.
        tally: Where they are counted.
        follows: Whether links are followed.
        beacon: In the folder of the target.
        patience: Tries again after the link broke.
    """

    def __init__(
        self, source: Side, tally: Tally, *, follows: bool, beacon: Beacon, patience: Patience
    ) -> None:
        self._source = source
        self._tally = tally
        self._follows = follows
        self._beacon = beacon
        self._patience = patience
        self._found: deque[Item] = deque()
        self._is_over = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    async def run(self, roots: Iterable[Item]) -> None:
        """Find everything. A directory comes before what is in it."""
        try:
            pending = list(reversed(list(roots)))
            while pending:
                item = await self._followed(pending.pop())
                children: list[Item] = []
                if item.kind is FileKind.DIRECTORY and item.error is None:
                    try:
                        scan = partial(self._source.scan, item.path)
                        children = self._children(item, await self._patience.run(scan))
                    except LxdTuiError as error:
                        item = _failed(item, error)
                await self._give(item)
                for child in children:
                    is_followed = child.kind is FileKind.SYMLINK and self._follows
                    if child.kind is FileKind.DIRECTORY or is_followed:
                        pending.append(child)
                    else:
                        await self._give(child)
            self._tally.is_counted = True
        finally:
            self._is_over = True
            self._changed.set()

    async def next(self) -> Item | None:
        """Return the next item, or ``None`` after the last."""
        while not self._found:
            if self._is_over:
                return None
            self._changed.clear()
            await self._changed.wait()
        self._room.set()
        return self._found.popleft()

    async def _give(self, item: Item) -> None:
        while len(self._found) >= _MOST_AHEAD:
            self._room.clear()
            await self._room.wait()
        self._tally.count(item.size)
        self._found.append(item)
        self._changed.set()

    def _children(self, item: Item, entries: list[FileEntry]) -> list[Item]:
        if self._beacon.is_among(entries):
            raise BadRequest(f"copy {short_path(item.path)}", "it is the target itself")
        return [
            Item(
                path=join_path(item.path, entry.name),
                below=join_path(item.below, entry.name),
                attributes=entry.attributes,
                links=item.links,
            )
            for entry in entries
        ]

    async def _followed(self, item: Item) -> Item:
        if not self._follows or item.kind is not FileKind.SYMLINK or item.error is not None:
            return item
        try:
            found = await self._patience.run(partial(self._source.stat, item.path))
        except LxdTuiError as error:
            return _failed(item, error)
        links = item.links + (found.kind is FileKind.DIRECTORY)
        if links > _LINKS_BEHIND_EACH_OTHER:
            tried = f"copy {short_path(item.path)}"
            return _failed(item, BadRequest(tried, "links lead in circles, or too deep"))
        return Item(path=item.path, below=item.below, attributes=found, links=links)


def _failed(item: Item, error: LxdTuiError) -> Item:
    return Item(path=item.path, below=item.below, attributes=item.attributes, error=error)
