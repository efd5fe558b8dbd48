"""The files of this computer, for copying."""

import asyncio
import contextlib
import hashlib
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from lxdtui.errors import BadRequest
from lxdtui.model.files import (
    FileAttributes,
    FileEntry,
    FileKind,
    parent_path,
    path_bytes,
    path_text,
    short_path,
)
from lxdtui.model.place import LOCAL
from lxdtui.services.files.threads import in_thread, local_failures
from lxdtui.services.transfers.names import random_temporary
from lxdtui.services.transfers.rooted import Rooted
from lxdtui.services.transfers.sides import Digest, Dress

__all__ = ["LocalSide", "LocalStaged"]

_PIECE = 1 << 20
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700
_PLAIN_BITS = 0o777


class LocalSide:
    """See :class:`~lxdtui.services.transfers.sides.Side`.

    Args:
        root: The folder that everything is below of.
        follows: Whether links below it are followed.
    """

    def __init__(self, root: str, *, follows: bool = False) -> None:
        self.place = LOCAL
        """This computer."""
        self._follows = follows
        self._rooted = Rooted(root, follows=follows)

    @property
    def near(self) -> "LocalSide":
        """Its files by plain calls."""
        return self

    @property
    def far(self) -> None:
        """They are not elsewhere."""
        return None

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Keep directories open for many calls."""
        try:
            yield
        finally:
            self._rooted.close()

    async def scan(self, path: str) -> list[FileEntry]:
        """List a directory with the attributes of its entries."""
        return await in_thread(f"list {short_path(path)}", self._scan, path)

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await in_thread(f"look at {short_path(path)}", self._stat, path, follow=False)

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return await in_thread(f"look at {short_path(path)}", self._stat, path, follow=True)

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        return await in_thread(f"read the link {short_path(path)}", self._read_link, path)

    async def read_small(self, path: str, size: int) -> bytes:
        """Read the beginning of a file: ``size`` bytes, and one more where there is one."""
        return await in_thread(f"read {short_path(path)}", self._read_small, path, size)

    async def descriptor(self, path: str) -> int | None:
        """Open a file; the caller closes it."""
        return await in_thread(f"read {short_path(path)}", self.open_for_reading, path)

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file to its end, piece by piece."""
        tried = f"read {short_path(path)}"
        descriptor = await in_thread(tried, self.open_for_reading, path)
        try:
            while piece := await in_thread(tried, os.pread, descriptor, _PIECE, offset):
                offset += len(piece)
                yield piece
        finally:
            os.close(descriptor)

    def open_for_reading(self, path: str) -> int:
        """Open a file, not anything else. For threads; the caller closes it.

        Raises:
            OSError: It cannot be opened, or is a link.
            BadRequest: It is no file.
        """
        flags = _READ if self._follows else _READ | os.O_NOFOLLOW
        with self._rooted.parent(path) as (directory, name):
            descriptor = os.open(name, flags, dir_fd=directory)
        kind = FileKind.from_mode(os.fstat(descriptor).st_mode)
        if kind is not FileKind.FILE:
            os.close(descriptor)
            raise BadRequest(f"read {short_path(path)}", f"it is a {kind}")
        return descriptor

    async def fetch(
        self,
        path: str,  # noqa: ARG002 - of the shape
        sink: Callable[[memoryview], None],  # noqa: ARG002 - of the shape
        *,
        offset: int,
        size: int,  # noqa: ARG002 - of the shape
        progress: Callable[[int], None],  # noqa: ARG002 - of the shape
        may_go: Callable[[], bool],  # noqa: ARG002 - of the shape
    ) -> int:
        """Leave it to :meth:`read`, which is as fast here."""
        return offset

    async def make_directory(self, path: str, *, is_private: bool) -> None:  # noqa: ARG002 - until it is finished it is, always
        """Make a directory; something that is there is a ``Conflict``."""
        await in_thread(f"make {short_path(path)}", self._make_directory, path)

    async def finish_directory(self, path: str, dress: Dress) -> None:
        """Give a directory its attributes, when everything is in it."""
        await in_thread(f"change {short_path(path)}", self._finish_directory, path, dress)

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link in one step, over a file or link that is there."""
        await in_thread(f"link {short_path(path)}", self._make_link, target, path)

    async def put_small(self, path: str, data: bytes, dress: Dress) -> None:
        """Write a small file in one step, over a file or link that is there."""
        await in_thread(f"write {short_path(path)}", self._put_small, path, data, dress)

    async def stage(self, path: str, temporary: str, *, offset: int) -> "LocalStaged":
        """Begin a large file under another name, or go on with one."""
        tried = f"write {short_path(path)}"
        descriptor = await in_thread(tried, self._open_staged, temporary, offset)
        return LocalStaged(self._rooted, descriptor, path, temporary, offset)

    async def remove(self, path: str, *, is_directory: bool) -> None:
        """Remove a file, a link itself or an empty directory."""
        await in_thread(f"remove {short_path(path)}", self._remove, path, is_directory)

    async def sweep(self) -> tuple[str, ...]:
        """Nothing is left here: no link is between us and the files."""
        return ()

    async def rename(self, old: str, new: str) -> None:
        """Rename within this computer, over a file that is there."""
        # Both ends are the user's own, and need not be below one folder.
        await in_thread(f"rename {short_path(old)}", os.rename, path_bytes(old), path_bytes(new))

    async def digest(self, path: str, length: int) -> Digest:
        """Compute the SHA-256 of the first bytes of a file as they are there now."""
        tried = f"read {short_path(path)}"
        value = hashlib.sha256()
        descriptor = await in_thread(tried, self.open_for_reading, path)
        try:
            offset = 0
            while offset < length:
                count = min(8 * _PIECE, length - offset)
                taken = await in_thread(tried, _add, value, descriptor, count, offset)
                if not taken:
                    break
                offset += taken
        finally:
            os.close(descriptor)
        return Digest(value.hexdigest(), "read on this computer")

    # In threads.

    def read_now(self, path: str, size: int) -> bytes:
        """Read the beginning of a file: ``size`` bytes, and one more where there is one."""
        with local_failures(f"read {short_path(path)}"):
            return self._read_small(path, size)

    def put_now(self, path: str, data: bytes, dress: Dress) -> None:
        """Write a small file in one step, over a file or link that is there."""
        with local_failures(f"write {short_path(path)}"):
            self._put_small(path, data, dress)

    def _scan(self, path: str) -> list[FileEntry]:
        entries: list[FileEntry] = []
        with self._rooted.directory(path) as directory, os.scandir(directory) as found:
            for item in found:
                with contextlib.suppress(FileNotFoundError):
                    attributes = _attributes(item.stat(follow_symlinks=False))
                    name = path_text(os.fsencode(item.name))
                    entries.append(FileEntry(name=name, attributes=attributes))
        return entries

    def _stat(self, path: str, *, follow: bool) -> FileAttributes:
        if not path.rstrip("/"):
            return _attributes(Path("/").stat())
        with self._rooted.parent(path) as (directory, name):
            return _attributes(os.stat(name, dir_fd=directory, follow_symlinks=follow))

    def _read_link(self, path: str) -> str:
        with self._rooted.parent(path) as (directory, name):
            return path_text(os.readlink(name, dir_fd=directory))

    def _read_small(self, path: str, size: int) -> bytes:
        descriptor = self.open_for_reading(path)
        try:
            content = os.read(descriptor, size + 1)
            while len(content) <= size and (more := os.read(descriptor, size + 1 - len(content))):
                content += more
            return content
        finally:
            os.close(descriptor)

    def _make_directory(self, path: str) -> None:
        with self._rooted.parent(path) as (directory, name):
            os.mkdir(name, _PRIVATE_DIRECTORY, dir_fd=directory)

    def _finish_directory(self, path: str, dress: Dress) -> None:
        with self._rooted.directory(path) as directory:
            _dress(directory, dress)

    def _make_link(self, target: str, path: str) -> None:
        with self._rooted.parent(path) as (directory, name):
            temporary = path_bytes(random_temporary(path_text(name)))
            os.symlink(path_bytes(target), temporary, dir_fd=directory)
            try:
                os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            except OSError:
                os.unlink(temporary, dir_fd=directory)
                raise

    def _put_small(self, path: str, data: bytes, dress: Dress) -> None:
        with self._rooted.parent(path) as (directory, name):
            temporary = path_bytes(random_temporary(path_text(name)))
            descriptor = os.open(temporary, _WRITE | os.O_EXCL, _PRIVATE_FILE, dir_fd=directory)
            try:
                try:
                    _write_all(descriptor, data)
                    _dress(descriptor, dress)
                finally:
                    os.close(descriptor)
                os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary, dir_fd=directory)
                raise

    def _open_staged(self, temporary: str, offset: int) -> int:
        with self._rooted.parent(temporary) as (directory, name):
            if not offset:
                # Not into what somebody else has put there, who can tell the name.
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=directory)
            flags = _WRITE if offset else _WRITE | os.O_EXCL
            descriptor = os.open(name, flags, _PRIVATE_FILE, dir_fd=directory)
        try:
            os.ftruncate(descriptor, offset)
            os.lseek(descriptor, offset, os.SEEK_SET)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _remove(self, path: str, is_directory: bool) -> None:
        with self._rooted.parent(path) as (directory, name):
            if is_directory:
                os.rmdir(name, dir_fd=directory)
            else:
                os.unlink(name, dir_fd=directory)


class LocalStaged:
    """See :class:`~lxdtui.services.transfers.sides.Staged`."""

    def __init__(
        self, rooted: Rooted, descriptor: int, path: str, temporary: str, offset: int
    ) -> None:
        self._rooted = rooted
        self._descriptor = descriptor
        self._path = path
        self._temporary = temporary
        self._offset = offset
        self._tried = f"write {short_path(path)}"

    async def write(self, pieces: AsyncIterable[bytes], progress: Callable[[int], None]) -> None:
        """Add pieces, gathered into large ones; the disk writes one while the next comes."""
        begin = self._offset
        gathered: list[bytes] = []
        size = 0
        writing: asyncio.Task[None] | None = None
        try:
            async for piece in pieces:
                gathered.append(piece)
                size += len(piece)
                if size >= _PIECE:
                    if writing is not None:
                        await writing
                        progress(self._offset - begin)
                    writing = asyncio.ensure_future(self._add(b"".join(gathered)))
                    gathered, size = [], 0
        finally:
            if writing is not None:
                await asyncio.wait({writing})
        if writing is not None:
            await writing
        await self._add(b"".join(gathered))
        progress(self._offset - begin)

    @property
    def sink(self) -> Callable[[memoryview], None]:
        """Adds a piece, from a thread."""
        return self._take

    async def send(
        self,
        descriptor: int,  # noqa: ARG002 - of the shape
        *,
        size: int,  # noqa: ARG002 - of the shape
        progress: Callable[[int], None],  # noqa: ARG002 - of the shape
        may_go: Callable[[], bool],  # noqa: ARG002 - of the shape
    ) -> bool:
        """Leave it to :meth:`write`, which is as fast here."""
        return False

    async def commit(self, dress: Dress, *, is_synced: bool) -> None:
        """Give it its attributes and its name."""
        await in_thread(self._tried, self._commit, dress, is_synced)

    async def leave(self) -> None:
        """Close it and keep what there is."""
        self._close()

    async def discard(self) -> None:
        """Close it and remove what there is."""
        self._close()
        with contextlib.suppress(OSError):
            await asyncio.shield(asyncio.to_thread(self._unlink))

    def _take(self, data: memoryview) -> None:
        with local_failures(self._tried):
            _write_all(self._descriptor, data)
        self._offset += len(data)

    async def _add(self, data: bytes) -> None:
        if data:
            await in_thread(self._tried, _write_all, self._descriptor, data)
            self._offset += len(data)

    def _commit(self, dress: Dress, is_synced: bool) -> None:
        written = os.fstat(self._descriptor).st_size
        if written != self._offset:
            raise ValueError(f"{written} bytes are there where {self._offset} were written")
        _dress(self._descriptor, dress)
        if is_synced:
            os.fsync(self._descriptor)
        self._close()
        if parent_path(self._path) != parent_path(self._temporary):
            raise ValueError("both names must be in one directory")
        with (
            self._rooted.parent(self._path) as (directory, name),
            self._rooted.parent(self._temporary) as (_, temporary),
        ):
            os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _unlink(self) -> None:
        with self._rooted.parent(self._temporary) as (directory, name):
            os.unlink(name, dir_fd=directory)


def _attributes(found: os.stat_result) -> FileAttributes:
    kind = FileKind.from_mode(found.st_mode)
    return FileAttributes(
        kind=kind,
        size=found.st_size,
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        modified=_time(found.st_mtime),
        accessed=_time(found.st_atime),
    )


def _time(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _dress(descriptor: int, dress: Dress) -> None:
    if dress.uid is not None or dress.gid is not None:
        keep = -1
        os.fchown(
            descriptor,
            keep if dress.uid is None else dress.uid,
            keep if dress.gid is None else dress.gid,
        )
    os.fchmod(descriptor, dress.mode & _PLAIN_BITS)
    if dress.times is not None:
        os.utime(descriptor, dress.times)


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _add(value: "hashlib._Hash", descriptor: int, count: int, offset: int) -> int:
    data = os.pread(descriptor, count, offset)
    value.update(data)
    return len(data)
