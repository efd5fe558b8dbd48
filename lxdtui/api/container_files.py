"""Files of a container, with the names of the seed page and with all others beyond them."""

import os
from collections.abc import Awaitable, Callable

from lxdtui.api.contents import Content, Progress
from lxdtui.api.file_access import FileAccess
from lxdtui.api.file_copies import Copied, pull_tree, push_tree
from lxdtui.api.file_trees import Wanted
from lxdtui.api.instance_files import READ_LIMIT, InstanceFiles
from lxdtui.errors import BadRequest
from lxdtui.model.files import absolute_path, parse_mode
from lxdtui.model.refs import InstanceRef

__all__ = ["ContainerFiles"]

_DELETE_EXTENSION = "file_delete"


class ContainerFiles(InstanceFiles):
    """``container.files``. The container may be running or stopped.

    :meth:`put`, :meth:`get`, :meth:`delete_available` and :meth:`delete` are
    those of the seed page; all of :class:`InstanceFiles` is there as well.

    Args:
        access: The files of the server.
        ref: The container.
        ready: Awaited before each call.
    """

    def __init__(
        self,
        access: FileAccess,
        ref: InstanceRef,
        *,
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(ref, access.rest, access.sftp, ready=ready)

    async def put(
        self,
        path: str,
        data: Content,
        mode: int | str | None = None,
        uid: int | None = None,
        gid: int | None = None,
        *,
        append: bool = False,
        size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write a file in place, made where it is missing.

        Args:
            path: The file; its directory must exist.
            data: ``bytes``, text that is written as UTF-8, or an iterable of
                pieces, asynchronous or not.
            mode: Permission bits as a number (``0o755``) or as octal digits
                (``"755"``). A new file has 0644 by default, others keep theirs.
            uid: Owner. A new file is root's by default, others keep theirs.
            gid: Group, likewise.
            append: Add to the end of the file, which is made where it is missing.
            size: How many bytes there are, where that is known.
            progress: Told how many bytes are on their way.

        Raises:
            NotFound: The directory does not exist.
            BadRequest: The path is a directory, or the mode is none.
        """
        wanted = Wanted(mode=self._mode(path, mode), uid=uid, gid=gid)
        if append:
            # The files API only appends to what exists.
            await self.write(
                path,
                data,
                size=size,
                mode=wanted.mode,
                uid=uid,
                gid=gid,
                append=True,
                progress=progress,
            )
            return
        await self._settle()
        await self._rest.write(
            self.ref,
            path,
            data,
            size=size,
            mode=wanted.mode,
            uid=uid,
            gid=gid,
            progress=progress,
        )
        if not wanted.is_anything:
            return
        # The servers look at them only where the file is new.
        async with self._tree() as tree:
            path = absolute_path(path)
            if wanted.differs_from(await tree.stat(path)):
                await tree.set_attributes(path, wanted)

    async def get(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Read a whole file, links followed.

        Args:
            path: The file.
            limit: Bytes that are accepted, 256 MiB by default; :meth:`read`
                gives files of any size piece by piece.

        Raises:
            NotFound: It does not exist.
            BadRequest: It is no file, or a larger one.
        """
        await self._settle()
        return await self._rest.read(self.ref, path, limit=limit)

    async def delete_available(self) -> bool:
        """Say whether :meth:`delete` can be used, which needs the extension ``file_delete``."""
        return self._rest.has(_DELETE_EXTENSION)

    async def delete(self, path: str) -> None:
        """Delete a file, a link itself or an empty directory.

        Raises:
            NotFound: It does not exist.
            Conflict: The directory is not empty.
            ExtensionMissing: The server cannot, see :meth:`delete_available`.
        """
        await self._settle()
        self._rest.require(_DELETE_EXTENSION, tried=self._tried("delete", path))
        await self._rest.remove(self.ref, path)

    async def mk_dir(
        self,
        path: str,
        mode: int | str | None = None,
        uid: int | None = None,
        gid: int | None = None,
    ) -> None:
        """Make a directory.

        Args:
            path: The directory; the one above it must exist.
            mode: Permission bits as for :meth:`put`, 0755 by default.
            uid: Owner, root by default.
            gid: Group, root by default.

        Raises:
            Conflict: Something of the name exists.
        """
        await self.make_directory(path, mode=self._mode(path, mode), uid=uid, gid=gid)

    async def recursive_put(
        self,
        src: str | os.PathLike[str],
        dst: str,
        mode: int | str | None = None,
        uid: int | None = None,
        gid: int | None = None,
        *,
        progress: Callable[[Copied], None] | None = None,
    ) -> Copied:
        """Copy what a directory of this machine holds into one of the container.

        Arguments and failures as for :func:`~lxdtui.api.file_copies.push_tree`.
        """
        bits = self._mode(dst, mode)
        return await push_tree(self, src, dst, mode=bits, uid=uid, gid=gid, progress=progress)

    async def recursive_get(
        self,
        remote_path: str,
        local_path: str | os.PathLike[str],
        *,
        progress: Callable[[Copied], None] | None = None,
    ) -> Copied:
        """Copy what a directory of the container holds into one of this machine.

        Arguments and failures as for :func:`~lxdtui.api.file_copies.pull_tree`.
        """
        return await pull_tree(self, remote_path, local_path, progress=progress)

    def _mode(self, path: str, mode: int | str | None) -> int | None:
        try:
            return parse_mode(mode)
        except ValueError as error:
            raise BadRequest(self._tried("write", path), str(error)) from error
