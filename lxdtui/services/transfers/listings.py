"""What is in the folders of the target, asked once for each."""

import asyncio
from collections import OrderedDict

from lxdtui.model.files import FileAttributes
from lxdtui.services.transfers.sides import Side

__all__ = ["Listings"]

_KEPT = 256


class Listings:
    """Names and attributes by directory. Directories made here need not be asked for.

    Args:
        side: The target.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._known: OrderedDict[str, dict[str, FileAttributes]] = OrderedDict()
        self._made: set[str] = set()
        self._turn = asyncio.Lock()

    async def of(self, directory: str) -> dict[str, FileAttributes]:
        """Return what is in a directory; what is put there is to be added to it.

        Raises:
            LxdTuiError: It cannot be listed.
        """
        known = self._known.get(directory)
        if known is not None:
            return known
        async with self._turn:
            known = self._known.get(directory)
            if known is None:
                entries = await self._side.scan(directory)
                known = {entry.name: entry.attributes for entry in entries}
                self._keep(directory, known)
        return known

    def known(self, directory: str) -> dict[str, FileAttributes]:
        """Return what is known of a directory without asking."""
        return self._known.get(directory, {})

    def know_made(self, other: "Listings") -> None:
        """Take note of the directories that were made before."""
        self._made |= other._made

    def made(self, directory: str) -> None:
        """Note that a directory was made and is empty."""
        self._made.add(directory)
        self._keep(directory, {})

    def is_made(self, directory: str) -> bool:
        """Whether a directory was made here."""
        return directory in self._made

    def _keep(self, directory: str, known: dict[str, FileAttributes]) -> None:
        self._known[directory] = known
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
