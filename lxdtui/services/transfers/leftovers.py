"""Broken files that wait to be gone on with, or to be removed."""

import asyncio

from lxdtui.errors import LxdTuiError, NotFound
from lxdtui.model.place import Place
from lxdtui.services.transfers.sides import Side

__all__ = ["Leftovers"]

_SECONDS = 5.0


class Leftovers:
    """Broken files on one side that wait to be gone on with, or to be removed.

    Args:
        side: Where they are.
        in_use: Temporary files that are being written, of all transfers.
    """

    def __init__(self, side: Side, in_use: set[tuple[Place, str]]) -> None:
        self._side = side
        self._in_use = in_use
        self._paths: set[str] = set()

    def take(self, path: str) -> bool:
        """Take a temporary name; say whether nobody else has it."""
        if (self._side.place, path) in self._in_use:
            return False
        self._in_use.add((self._side.place, path))
        self._paths.add(path)
        return True

    def give_back(self, path: str, *, is_kept: bool) -> None:
        """Give a name back, and say whether something is left under it."""
        self._in_use.discard((self._side.place, path))
        if not is_kept:
            self._paths.discard(path)

    async def remove(self) -> tuple[str, ...]:
        """Remove what is left; return what could not be removed."""
        for path in sorted(self._paths):
            try:
                async with asyncio.timeout(_SECONDS):
                    await self._side.remove(path, is_directory=False)
            except NotFound:
                pass
            except (LxdTuiError, TimeoutError):
                # The others would only take as long.
                break
            self._paths.discard(path)
        return tuple(sorted(self._paths))
