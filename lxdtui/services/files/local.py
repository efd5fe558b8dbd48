"""The files of this computer. All that may wait for a disk is done in threads."""

import os
import stat
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from lxdtui.api.contents import Source
from lxdtui.errors import BadRequest, Conflict, NotFound
from lxdtui.model.files import (
    FileAttributes,
    FileKind,
    absolute_path,
    join_path,
    parent_path,
    path_bytes,
    path_text,
    short_path,
)
from lxdtui.model.place import LOCAL
from lxdtui.services.files.filesystem import READ_LIMIT, Content, Entries, Progress
from lxdtui.services.files.local_calls import (
    attributes_of,
    change_owner,
    list_directory,
    make_directory,
    open_file,
    write_all,
)
from lxdtui.services.files.local_removal import Removal
from lxdtui.services.files.local_write import LocalWrite
from lxdtui.services.files.threads import in_thread

__all__ = ["LocalFileSystem"]

_PIECE = 1 << 20
_NEW_BITS = 0o600


class LocalFileSystem:
    """The files of this computer; see :class:`~lxdtui.services.files.FileSystem`."""

    place = LOCAL
    """This computer."""

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Do nothing: this computer is always there."""
        return _nothing()

    async def list(self, path: str) -> Entries:
        """List a directory, or what a link to one leads to."""
        return await in_thread(_tried("list", path), list_directory, _bytes(path))

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return attributes_of(await in_thread(_tried("look at", path), os.stat, _bytes(path)))

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return attributes_of(await in_thread(_tried("look at", path), os.lstat, _bytes(path)))

    async def exists(self, path: str) -> bool:
        """Say whether something is there."""
        try:
            await self.lstat(path)
        except NotFound:
            return False
        return True

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        tried = _tried("read the link", path)
        return path_text(await in_thread(tried, os.readlink, _bytes(path)))

    async def walk(self, path: str) -> AsyncGenerator[tuple[str, Entries], None]:
        """Go through a directory and all below it."""
        top = absolute_path(path)
        pending = [top]
        while pending:
            directory = pending.pop()
            try:
                entries = await in_thread(
                    _tried("list", directory), list_directory, _bytes(directory), links=False
                )
            except NotFound:
                if directory == top:
                    raise
                continue
            yield directory, entries
            pending += [
                join_path(directory, entry.name)
                for entry in reversed(entries)
                if entry.kind is FileKind.DIRECTORY
            ]

    async def home(self) -> str:
        """Return the home directory of the user."""
        try:
            return path_text(os.fsencode(Path.home()))
        except RuntimeError:
            return "/"

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path."""
        found = await in_thread(_tried("measure", path), os.statvfs, _bytes(path))
        return found.f_bavail * found.f_frsize

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece."""
        tried = _tried("read", path)
        descriptor = await in_thread(tried, open_file, _bytes(path), os.O_RDONLY)
        try:
            found = FileKind.from_mode(os.fstat(descriptor).st_mode)
            if found is not FileKind.FILE:
                raise BadRequest(tried, f"it is a {found}")
            while piece := await in_thread(tried, os.pread, descriptor, _PIECE, offset):
                yield piece
                offset += len(piece)
        finally:
            os.close(descriptor)

    async def read_bytes(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Read a whole file, links followed."""
        content = bytearray()
        pieces = self.read(path)
        try:
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    raise BadRequest(_tried("read", path), f"it is larger than {limit} bytes")
        finally:
            await pieces.aclose()
        return bytes(content)

    async def write(
        self,
        path: str,
        content: Content,
        *,
        size: int | None = None,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Replace the content of a file in one step, or create the file."""
        writing = LocalWrite(_tried("write", path), mode=mode, uid=uid, gid=gid)
        source = Source(content, tried=writing.tried, size=size, progress=progress)
        await writing.run(_bytes(path), source)

    async def overwrite(self, path: str, content: bytes) -> None:
        """Write over a file in place."""
        tried = _tried("write", path)
        descriptor = await in_thread(tried, open_file, _bytes(path), os.O_WRONLY)
        try:
            found = FileKind.from_mode(os.fstat(descriptor).st_mode)
            if found is not FileKind.FILE:
                raise BadRequest(tried, f"it is a {found}")
            await in_thread(tried, write_all, descriptor, content)
            # What was longer before loses its end last.
            await in_thread(tried, os.ftruncate, descriptor, len(content))
            await in_thread(tried, os.fsync, descriptor)
        finally:
            os.close(descriptor)

    async def append(
        self, path: str, content: Content, *, progress: Progress | None = None
    ) -> None:
        """Write to the end of a file, in place."""
        tried = _tried("write", path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        descriptor = await in_thread(tried, open_file, _bytes(path), flags, _NEW_BITS)
        try:
            found = FileKind.from_mode(os.fstat(descriptor).st_mode)
            if found is not FileKind.FILE:
                raise BadRequest(tried, f"it is a {found}")
            pieces = Source(content, tried=tried, progress=progress).pieces()
            try:
                async for piece in pieces:
                    await in_thread(tried, write_all, descriptor, piece)
            finally:
                await pieces.aclose()
        finally:
            os.close(descriptor)

    async def make_directory(
        self,
        path: str,
        *,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        parents: bool = False,
    ) -> None:
        """Make a directory."""
        tried = _tried("make", path)
        missing = [absolute_path(path)]
        top = missing[0]
        while missing:
            made = missing[-1]
            try:
                if made == top:
                    await in_thread(
                        tried, make_directory, _bytes(made), mode=mode, uid=uid, gid=gid
                    )
                else:
                    await in_thread(tried, make_directory, _bytes(made))
            except NotFound:
                above = parent_path(made)
                if not parents or above == made:
                    raise
                missing.append(above)
                continue
            except Conflict:
                if not parents or (await self.stat(made)).kind is not FileKind.DIRECTORY:
                    raise
            missing.pop()

    async def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        await in_thread(_tried("link", path), os.symlink, path_bytes(target), _bytes(path))

    async def rename(self, old: str, new: str, *, replace: bool = False) -> None:
        """Rename or move within a disk."""
        tried = _tried("rename", old)
        if not replace and await self.exists(new):
            raise Conflict(tried, f"{short_path(new)} exists")
        await in_thread(tried, os.rename, _bytes(old), _bytes(new))

    async def chmod(self, path: str, mode: int) -> None:
        """Change the permission bits of what a path leads to."""
        await in_thread(_tried("change", path), os.chmod, _bytes(path), stat.S_IMODE(mode))

    async def chown(self, path: str, *, uid: int | None = None, gid: int | None = None) -> None:
        """Change owner or group of what a path leads to."""
        await in_thread(_tried("change", path), change_owner, _bytes(path), uid, gid)

    async def set_modified(self, path: str, modified: datetime) -> None:
        """Change the time of the last change of what a path leads to."""
        seconds = int(modified.timestamp())
        await in_thread(_tried("change", path), os.utime, _bytes(path), (seconds, seconds))

    async def remove(self, path: str) -> None:
        """Remove a file, a link itself or an empty directory."""
        found = await self.lstat(path)
        remove = os.rmdir if found.kind is FileKind.DIRECTORY else os.unlink
        await in_thread(_tried("remove", path), remove, _bytes(path))

    async def remove_tree(self, path: str, *, progress: Progress | None = None) -> int:
        """Remove whatever is there, with all that it holds."""
        found = await self.lstat(path)
        if found.kind is not FileKind.DIRECTORY:
            await self.remove(path)
            return 1
        return await Removal(_tried("remove", path), progress).run(_bytes(path))


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


def _bytes(path: str) -> bytes:
    return path_bytes(absolute_path(path))


def _tried(verb: str, path: str) -> str:
    return f"{verb} {short_path(path)} on this computer"
