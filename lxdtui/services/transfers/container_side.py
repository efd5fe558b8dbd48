"""The files of an instance, for copying."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from lxdtui.api.beside import BesideWriter
from lxdtui.api.connection import Connection
from lxdtui.api.sftp import SftpSession
from lxdtui.errors import (
    BadRequest,
    Conflict,
    ConnectionFailed,
    ConnectionProblem,
    LxdTuiError,
    NotFound,
    SessionClosed,
)
from lxdtui.model.files import (
    FileAttributes,
    FileEntry,
    base_name,
    join_path,
    parent_path,
    short_path,
)
from lxdtui.model.instance import Condition
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers.container_many import ContainerMany
from lxdtui.services.transfers.names import random_temporary
from lxdtui.services.transfers.sides import SMALL, Digest, Dress, plain

__all__ = ["ContainerSide", "ContainerStaged"]

_PRIVATE_DIRECTORY = 0o700
_CLEANUP_SECONDS = 5.0
_SHA256_LENGTH = 64
_WORTH_A_LINK = 1 << 20
"""Bytes from which on a link of its own is worth it."""
_SUM_ANSWER = 1 << 12
"""Bytes that are taken of what the program of the instance says."""
_SUM = 'exec head -c "$1" -- "$2" | sha256sum'


class ContainerSide:
    """See :class:`~lxdtui.services.transfers.sides.Side`.

    Args:
        connection: The server.
        ref: The instance.
        follows: Whether a link that is read leads to its target.
    """

    def __init__(self, connection: Connection, ref: InstanceRef, *, follows: bool = False) -> None:
        self.place = Place(ref=ref)
        """The instance."""
        self._connection = connection
        self._ref = ref
        self._files = connection.files.of(ref)
        self._follows = follows
        self.large = connection.files.large
        """Moves large files of the server."""
        self._can_sum: bool | None = None
        self._left_behind: set[str] = set()
        self.far = ContainerMany(connection.files.small, ref, self._left_behind)
        """Its small files, many at a time."""

    @property
    def near(self) -> None:
        """They are elsewhere."""
        return None

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Keep the SFTP session open for many calls."""
        async with self._files.hold():
            yield

    async def scan(self, path: str) -> list[FileEntry]:
        """List a directory with the attributes of its entries."""
        return await self._files.list(path)

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await self._files.lstat(path)

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return await self._files.stat(path)

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        return await self._files.read_link(path)

    async def read_small(self, path: str, size: int) -> bytes:
        """Read the beginning of a file: ``size`` bytes, and one more where there is one."""
        async with self._session() as session:
            writer = BesideWriter(session)
            return await writer.read(path, size, tried=self._tried("read", path))

    async def descriptor(self, path: str) -> int | None:  # noqa: ARG002 - of the shape
        """Its files are elsewhere."""
        return None

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file to its end, piece by piece."""
        async with aclosing(self._files.read(path, offset=offset)) as pieces:
            async for piece in pieces:
                yield piece

    async def fetch(
        self,
        path: str,
        sink: Callable[[memoryview], None],
        *,
        offset: int,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> int:
        """Read a part of a large file over a link of its own."""
        if size - offset < _WORTH_A_LINK:
            return offset
        return await self.large.fetch(
            self._ref,
            path,
            sink,
            offset=offset,
            size=size,
            progress=progress,
            may_go=may_go,
        )

    async def make_directory(self, path: str, *, is_private: bool) -> None:
        """Make a directory; something that is there is a ``Conflict``."""
        try:
            await self._files.make_directory(path, mode=_PRIVATE_DIRECTORY if is_private else None)
        except (Conflict, ConnectionFailed, SessionClosed):
            # Whether it was made before the link broke is not known.
            raise
        except LxdTuiError:
            # The servers do not always say so in words that can be known.
            with contextlib.suppress(NotFound):
                await self._files.lstat(path)
                raise Conflict(self._tried("make", path), "file exists", status=409) from None
            raise

    async def finish_directory(self, path: str, dress: Dress) -> None:
        """Give a directory its attributes, when everything is in it."""
        async with self._session() as session:
            if dress.uid or dress.gid:
                await session.set_attributes(path, owner=(dress.uid or 0, dress.gid or 0))
            await session.set_attributes(path, mode=plain(dress).mode, times=dress.times)

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link in one step, over a file or link that is there."""
        temporary = join_path(parent_path(path), random_temporary(base_name(path)))
        async with self._session() as session:
            writer = BesideWriter(session)
            await session.make_link(target, temporary)
            try:
                await writer.rename(temporary, path)
            except BaseException:
                self._left_behind.add(temporary)
                await writer.clean_up(temporary)
                raise

    async def put_small(self, path: str, data: bytes, dress: Dress) -> None:
        """Write a small file in one step, over a file or link that is there."""
        temporary = join_path(parent_path(path), random_temporary(base_name(path)))
        try:
            async with self._session() as session:
                await BesideWriter(session).put(
                    temporary, path, data, plain(dress), tried=self._tried("write", path)
                )
        except (ConnectionFailed, SessionClosed):
            # Whether it is there cannot be known now.
            self._left_behind.add(temporary)
            raise

    async def stage(self, path: str, temporary: str, *, offset: int) -> "ContainerStaged":
        """Begin a large file under another name, or go on with one."""
        stack = contextlib.AsyncExitStack()
        try:
            session = await stack.enter_async_context(self._session())
            handle = await BesideWriter(session).open(
                temporary, is_new=offset == 0, tried=self._tried("write", path)
            )
        except BaseException:
            await stack.aclose()
            raise
        return ContainerStaged(self, session, handle, path, temporary, offset, stack)

    async def remove(self, path: str, *, is_directory: bool) -> None:
        """Remove a file, a link itself or an empty directory."""
        async with self._session() as session:
            if is_directory:
                await session.remove_directory(path)
            else:
                await session.remove(path)

    async def rename(self, old: str, new: str) -> None:
        """Rename within this instance, over a file that is there."""
        async with self._session() as session:
            await BesideWriter(session).rename(old, new)

    async def digest(self, path: str, length: int) -> Digest:
        """Compute the SHA-256 of the first bytes of a file as they are there now.

        By ``sha256sum`` in the instance where it runs and has it, which sends
        nothing over the link; otherwise by reading it again.
        """
        if length > SMALL and await self._may_sum():
            found = await self._sum(path, length)
            if found is not None:
                return Digest(found, f"by sha256sum in {self._ref.name}")
            self._can_sum = False
        value = hashlib.sha256()
        left = length
        async with aclosing(self.read(path)) as pieces:
            async for piece in pieces:
                value.update(piece[:left])
                left -= min(len(piece), left)
                if not left:
                    break
        return Digest(value.hexdigest(), f"read again from {self._ref.name}")

    async def sweep(self) -> tuple[str, ...]:
        """Remove temporary files that could not be removed at once."""
        for path in sorted(self._left_behind):
            if not await self.discard(path):
                # The others would only take as long.
                break
        return tuple(sorted(self._left_behind))

    async def discard(self, path: str) -> bool:
        """Remove a temporary file now, or where that fails in :meth:`sweep`.

        Returns:
            Whether it is gone.
        """
        self._left_behind.add(path)
        try:
            async with asyncio.timeout(_CLEANUP_SECONDS):
                await self.remove(path, is_directory=False)
        except NotFound:
            pass
        except (LxdTuiError, TimeoutError):
            return False
        self._left_behind.discard(path)
        return True

    def _session(self) -> contextlib.AbstractAsyncContextManager[SftpSession]:
        return self._connection.files.sftp.use(self._ref)

    def _tried(self, verb: str, path: str) -> str:
        return f"{verb} {short_path(path)} in {self._ref.name}"

    async def _may_sum(self) -> bool:
        if self._can_sum is None:
            try:
                instance, _ = await self._connection.instances.get(self._ref)
            except LxdTuiError:
                return False
            self._can_sum = instance.condition is Condition.RUNNING
        return self._can_sum

    async def _sum(self, path: str, length: int) -> str | None:
        command = ("sh", "-c", _SUM, "sh", str(length), path)
        try:
            code, output, _ = await self._connection.exec.run(self._ref, command, limit=_SUM_ANSWER)
        except (LxdTuiError, UnicodeError):
            return None
        word = output[:_SHA256_LENGTH].decode("ascii", "replace")
        is_sum = len(word) == _SHA256_LENGTH and all(char in "0123456789abcdef" for char in word)
        return word if code == 0 and is_sum else None


class ContainerStaged:
    """See :class:`~lxdtui.services.transfers.sides.Staged`."""

    def __init__(
        self,
        side: ContainerSide,
        session: SftpSession,
        handle: bytes,
        path: str,
        temporary: str,
        offset: int,
        stack: contextlib.AsyncExitStack,
    ) -> None:
        self._side = side
        self._session = session
        self._writer = BesideWriter(session)
        self._handle: bytes | None = handle
        self._path = path
        self._temporary = temporary
        self._offset = offset
        self._stack = stack
        self._large = side.large
        self._tried = f"write {short_path(path)} in {side.place.words}"

    async def write(self, pieces: AsyncIterable[bytes], progress: Callable[[int], None]) -> None:
        """Add pieces, with many requests under way."""
        if self._handle is None:
            raise BadRequest(self._tried, "it is closed")
        self._offset += await self._writer.write(
            self._handle, pieces, offset=self._offset, tried=self._tried, progress=progress
        )

    @property
    def sink(self) -> None:
        """It is elsewhere."""
        return None

    async def send(
        self,
        descriptor: int,
        *,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> bool:
        """Add the rest of a file of this computer over a link of its own."""
        begin = self._offset
        ref, handle = self._side.place.ref, self._handle
        if size - begin < _WORTH_A_LINK or ref is None or handle is None:
            return False
        await self._large.send(
            ref,
            self._temporary,
            descriptor,
            offset=begin,
            size=size,
            progress=lambda reached: progress(reached - begin),
            may_go=may_go,
        )
        there = (await self._session.handle_attributes(handle)).size
        if there != size:
            # What was received over a link that broke before came late. The next try sees it.
            words = f"{there} bytes are there instead of {size}"
            raise ConnectionFailed(self._tried, ConnectionProblem.LOST, words)
        self._offset = size
        return True

    async def commit(self, dress: Dress, *, is_synced: bool) -> None:
        """Dress it and give it its name."""
        handle, self._handle = self._handle, None
        if handle is None:
            raise BadRequest(self._tried, "it is closed")
        try:
            await self._writer.finish(
                handle,
                self._temporary,
                self._path,
                plain(dress),
                tried=self._tried,
                is_synced=is_synced,
            )
        finally:
            await self._stack.aclose()

    async def leave(self) -> None:
        """Close it and keep what there is."""
        handle, self._handle = self._handle, None
        if handle is not None:
            await self._session.discard(handle)
        await self._stack.aclose()

    async def discard(self) -> None:
        """Close it and remove what there is."""
        await self.leave()
        await self._side.discard(self._temporary)
