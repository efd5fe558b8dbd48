"""The files of an instance, over SFTP where the server has it, else over the files API."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import datetime

from lxdtui.api.instance_files import InstanceFiles
from lxdtui.errors import BadRequest, NotFound
from lxdtui.model.files import FileAttributes, FileKind, short_path
from lxdtui.model.place import Place
from lxdtui.services.files.filesystem import READ_LIMIT, Content, Entries, Progress
from lxdtui.services.files.owners import home_of

__all__ = ["ContainerFileSystem"]

_ROOT_HOME = "/root"
_PASSWD = "/etc/passwd"
_PASSWD_LIMIT = 1 << 20
_APPENDED_MODE = 0o600


class ContainerFileSystem:
    """The files of one instance; see :class:`~lxdtui.services.files.FileSystem`.

    Args:
        files: The instance's files.
    """

    def __init__(self, files: InstanceFiles) -> None:
        self.place = Place(ref=files.ref)
        """The instance."""
        self._files = files

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Keep the SFTP session open for many calls."""
        return self._files.hold()

    async def list(self, path: str) -> Entries:
        """List a directory, or what a link to one leads to."""
        return await self._files.list(path, links=True)

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return await self._files.stat(path)

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await self._files.lstat(path)

    async def exists(self, path: str) -> bool:
        """Say whether something is there."""
        return await self._files.exists(path)

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        return await self._files.read_link(path)

    async def walk(self, path: str) -> AsyncGenerator[tuple[str, Entries], None]:
        """Go through a directory and all below it."""
        async with aclosing(self._files.walk(path)) as directories:
            async for directory in directories:
                yield directory

    async def home(self) -> str:
        """Return the home directory of root."""
        try:
            passwd = await self.read_bytes(_PASSWD, limit=_PASSWD_LIMIT)
        except (BadRequest, NotFound):
            passwd = b""
        for path in (home_of(passwd, 0), _ROOT_HOME):
            if path is not None and await self._is_directory(path):
                return path
        return "/"

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written, where the server tells."""
        return await self._files.free_space(path)

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece."""
        async with self._files.hold():
            # Opening a pipe would wait for a writer, and hold up every other request.
            found = await self._files.stat(path)
            if found.kind not in (FileKind.FILE, FileKind.UNKNOWN):
                raise BadRequest(
                    f"read {short_path(path)} in {self._files.ref.name}", f"it is a {found.kind}"
                )
            async with aclosing(self._files.read(path, offset=offset)) as pieces:
                async for piece in pieces:
                    yield piece

    async def read_bytes(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Read a whole file, links followed."""
        content = bytearray()
        async with aclosing(self.read(path)) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    raise BadRequest(
                        f"read {short_path(path)} in {self._files.ref.name}",
                        f"it is larger than {limit} bytes",
                    )
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
        await self._files.write_atomic(
            path, content, size=size, mode=mode, uid=uid, gid=gid, progress=progress
        )

    async def overwrite(self, path: str, content: bytes) -> None:
        """Write over a file in place."""
        found = await self._files.stat(path)
        if found.kind is not FileKind.FILE:
            tried = f"write {short_path(path)} in {self._files.ref.name}"
            raise BadRequest(tried, f"it is a {found.kind}")
        await self._files.write(path, content, size=len(content))

    async def append(
        self, path: str, content: Content, *, progress: Progress | None = None
    ) -> None:
        """Write to the end of a file, in place."""
        async with self._files.hold():
            try:
                kind = (await self._files.lstat(path)).kind
            except NotFound:
                await self._files.write(path, b"", mode=_APPENDED_MODE)
                kind = FileKind.FILE
            if kind is not FileKind.FILE:
                raise BadRequest(
                    f"write {short_path(path)} in {self._files.ref.name}", f"it is a {kind}"
                )
            await self._files.write(path, content, append=True, progress=progress)

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
        await self._files.make_directory(path, mode=mode, uid=uid, gid=gid, parents=parents)

    async def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        await self._files.symlink(target, path)

    async def rename(self, old: str, new: str, *, replace: bool = False) -> None:
        """Rename or move within the instance."""
        await self._files.rename(old, new, replace=replace)

    async def chmod(self, path: str, mode: int) -> None:
        """Change the permission bits of what a path leads to."""
        await self._files.chmod(path, mode)

    async def chown(self, path: str, *, uid: int | None = None, gid: int | None = None) -> None:
        """Change owner or group of what a path leads to."""
        await self._files.chown(path, uid=uid, gid=gid)

    async def set_modified(self, path: str, modified: datetime) -> None:
        """Change the time of the last change of what a path leads to."""
        await self._files.set_modified(path, modified)

    async def remove(self, path: str) -> None:
        """Remove a file, a link itself or an empty directory."""
        await self._files.remove(path)

    async def remove_tree(self, path: str, *, progress: Progress | None = None) -> int:
        """Remove whatever is there, with all that it holds."""
        return await self._files.remove_tree(path, progress=progress)

    async def _is_directory(self, path: str) -> bool:
        try:
            return (await self._files.stat(path)).kind is FileKind.DIRECTORY
        except (BadRequest, NotFound):
            return False
