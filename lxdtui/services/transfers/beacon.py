"""A sign in the folder of the target by which it is known again, wherever it is met.

Two paths can lead to one folder: through a link, or through two servers of the
configuration that are the same one. Names do not tell that, and neither do
attributes over SFTP. A small file does that is there only while a transfer runs;
one that a killed program left is known by what it holds, and removed a day later.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from lxdtui.errors import ConnectionFailed, LxdTuiError, NotFound, SessionClosed
from lxdtui.model.files import FileAttributes, FileEntry, FileKind, join_path, parent_path
from lxdtui.services.transfers.leftovers import Leftovers
from lxdtui.services.transfers.names import is_temporary, random_temporary
from lxdtui.services.transfers.patience import Patience
from lxdtui.services.transfers.sides import Dress, Side

__all__ = ["Beacon"]

_SECONDS = 5.0
_KEPT = timedelta(days=1)


class Beacon:
    """A sign in one folder.

    Args:
        target: Whose folder it is.
        directory: The folder.
        leftovers: Of the target.
    """

    def __init__(self, target: Side, directory: str, leftovers: Leftovers) -> None:
        self._target = target
        self._name = random_temporary("copy")
        self._path = join_path(directory, self._name)
        self._leftovers = leftovers
        self._is_lit = False

    @asynccontextmanager
    async def lit(self, source: Side, patience: Patience) -> AsyncIterator[None]:
        """Let it be there meanwhile, where the source can be the same place at all.

        Args:
            source: Where things come from.
            patience: Tries again after the link broke.

        Raises:
            ConnectionFailed, SessionClosed: The link is lost.
        """
        if source.place.is_local != self._target.place.is_local:
            yield
            return
        self._leftovers.take(self._path)
        try:
            # Where it cannot be put nothing else can; that is told by each item.
            put = partial(
                self._target.put_small, self._path, _content(self._name), Dress(mode=0o600)
            )
            try:
                await patience.run(put)
                self._is_lit = True
            except (ConnectionFailed, SessionClosed):
                raise
            except LxdTuiError:
                pass
            yield
        finally:
            self._is_lit = False
            await asyncio.shield(asyncio.ensure_future(self._put_out()))

    async def is_seen_in(self, source: Side, directory: str) -> bool:
        """Say whether a folder of the source is the one of the target."""
        if not self._is_lit:
            return False
        try:
            await source.lstat(join_path(directory, self._name))
        except (ConnectionFailed, SessionClosed):
            raise
        except LxdTuiError:
            return False
        return True

    def is_among(self, entries: Iterable[FileEntry]) -> bool:
        """Say whether it is one of the entries of a folder."""
        return self._is_lit and any(entry.name == self._name for entry in entries)

    async def remove_old(self, there: Mapping[str, FileAttributes]) -> None:
        """Remove signs that were left behind long ago, as far as that is possible.

        Args:
            there: What is in the folder.
        """
        long_ago = datetime.now(UTC) - _KEPT
        for name, found in there.items():
            if (
                name == self._name
                or not is_temporary(name, "copy")
                or found.kind is not FileKind.FILE
                or found.size != len(_content(name))
                or found.modified is None
                or found.modified > long_ago
            ):
                continue
            path = join_path(parent_path(self._path), name)
            with contextlib.suppress(LxdTuiError):
                # Only what it holds tells that it is one.
                if await self._target.read_small(path, found.size) == _content(name):
                    await self._target.remove(path, is_directory=False)

    async def _put_out(self) -> None:
        is_kept = False
        try:
            async with asyncio.timeout(_SECONDS):
                await self._target.remove(self._path, is_directory=False)
        except NotFound:
            pass
        except (LxdTuiError, TimeoutError):
            is_kept = True
        self._leftovers.give_back(self._path, is_kept=is_kept)


def _content(name: str) -> bytes:
    """Return what a sign of a name holds."""
    return f"lxdtui copies something here: {name}\n".encode()
