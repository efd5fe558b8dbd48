"""Small files that are copied many at a time, where nothing can be in their way."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lxdtui.api.sftp.small import LARGEST
from lxdtui.services.transfers.file_copy import FileCopy
from lxdtui.services.transfers.gate import Gate
from lxdtui.services.transfers.items import Item
from lxdtui.services.transfers.sides import Far, Near, Side, Small

__all__ = ["AT_ONCE", "Bundles"]

AT_ONCE = 2
"""Bundles at a time: each keeps one processor of the server busy."""

_MOST_WAITING = 400
_LARGEST_BUNDLE = 200


@dataclass(frozen=True, slots=True)
class _Waiting:
    item: Item
    small: Small


class Bundles:
    """Between this computer and an instance, into folders that were made for it.

    A file of a bundle whose copy does not succeed at once is handed back.

    Args:
        source: Where files are.
        target: Where they go.
        files: Knows how they are copied alone.
        gate: Closed while all is paused.
        begun: Told each file that is begun.
        copied: Told each file that is there.
        handed_back: Takes those that are to be tried alone.
        is_move: Whether the sources are removed, which is done one by one.
    """

    def __init__(
        self,
        source: Side,
        target: Side,
        files: FileCopy,
        gate: Gate,
        *,
        begun: Callable[[Item], None],
        copied: Callable[[Item], None],
        handed_back: Callable[[Item], Awaitable[None]],
        is_move: bool,
    ) -> None:
        self._near: Near | None = None if is_move else source.near or target.near
        self._far: Far | None = target.far or source.far
        self._is_put = target.far is not None
        self._files = files
        self._gate = gate
        self._begun = begun
        self._copied = copied
        self._handed_back = handed_back
        self._waiting: deque[_Waiting] = deque()
        self._is_over = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    def fits(self, item: Item) -> bool:
        """Whether a file can be copied this way."""
        return (
            self._near is not None
            and self._far is not None
            and item.size <= LARGEST
            and self._files.is_plain(item)
        )

    async def add(self, item: Item, path: str) -> None:
        """Copy a file, later and with others.

        Args:
            item: It fits.
            path: Where it goes; nothing is there, and the folder was made by us.
        """
        while len(self._waiting) >= _MOST_WAITING:
            self._room.clear()
            await self._room.wait()
        small = Small(
            source=item.path,
            size=item.size,
            path=path,
            dress=self._files.dress(item.attributes),
        )
        self._waiting.append(_Waiting(item, small))
        self._changed.set()

    def end(self) -> None:
        """No more are added."""
        self._is_over = True
        self._changed.set()

    async def run(self) -> None:
        """Copy bundle after bundle until the end."""
        while True:
            while not self._waiting:
                if self._is_over:
                    return
                self._changed.clear()
                await self._changed.wait()
            count = min(len(self._waiting), _LARGEST_BUNDLE)
            bundle = [self._waiting.popleft() for _ in range(count)]
            self._room.set()
            await self._copy(bundle)

    async def _copy(self, bundle: list[_Waiting]) -> None:
        if self._near is None or self._far is None:
            return
        missing = dict(enumerate(bundle))
        for one in bundle:
            self._begun(one.item)
        copy = self._far.put_many if self._is_put else self._far.get_many
        await copy(
            [one.small for one in bundle],
            self._near,
            done=lambda number: self._copied(missing.pop(number).item),
            may_go=lambda: self._gate.is_open,
        )
        for one in missing.values():
            await self._handed_back(one.item)
