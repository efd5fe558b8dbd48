"""The files of one instance, running or stopped: what services and users work with.

Over SFTP where the server has it, else over the files API, which lacks
renaming, changing of attributes and names that are no UTF-8. Paths are ``str``
as :mod:`lxdtui.model.files` writes them; a relative one begins at ``/``.
"""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from typing import TypeAlias

from lxdtui.api.atomic_write import AtomicWrite
from lxdtui.api.contents import Content, Progress, Source
from lxdtui.api.directories import ENTRY_LIMIT, list_directory, make_directory
from lxdtui.api.file_trees import FileTree, RestTree, SftpTree, Wanted
from lxdtui.api.files import FileCalls
from lxdtui.api.sftp.sessions import SftpSessions
from lxdtui.api.special_bits import Run, SpecialBits
from lxdtui.api.tree_removal import TreeRemoval
from lxdtui.errors import (
    BadRequest,
    Conflict,
    ExtensionMissing,
    NotFound,
    UnexpectedResponse,
)
from lxdtui.model.files import (
    FileAttributes,
    FileEntry,
    FileKind,
    absolute_path,
    join_path,
    short_path,
)
from lxdtui.model.refs import InstanceRef

__all__ = ["ENTRY_LIMIT", "READ_LIMIT", "InstanceFiles"]

READ_LIMIT = 256 << 20
"""Bytes of a file that are read into memory, where nothing else is said."""

Entries: TypeAlias = list[FileEntry]
"""Entries of one directory."""


class InstanceFiles:
    """The files of one instance.

    Every method raises a class of :mod:`lxdtui.errors`: ``NotFound``,
    ``Conflict`` (something is in the way), ``BadRequest`` (not the kind of
    thing that this can be done to), ``Unauthorized``, ``ServerError`` (a full
    disk, …), ``ConnectionFailed``. Each may be cancelled at any time.

    Args:
        ref: The instance.
        rest: The files API of its server.
        sftp: The SFTP sessions of its server.
        ready: Awaited before each call, where something has to end first.
        run: Runs a command in it.
    """

    def __init__(
        self,
        ref: InstanceRef,
        rest: FileCalls,
        sftp: SftpSessions,
        *,
        ready: Callable[[], Awaitable[None]] | None = None,
        run: Run | None = None,
    ) -> None:
        self.ref = ref
        self._special = None if run is None else SpecialBits(ref, run)
        self._ready = ready
        self._rest = rest
        self._sftp = sftp

    @asynccontextmanager
    async def _tree(self) -> AsyncIterator[FileTree]:
        await self._settle()
        async with contextlib.AsyncExitStack() as stack:
            try:
                session = await stack.enter_async_context(self._sftp.use(self.ref))
            except ExtensionMissing:
                tree: FileTree = RestTree(self._rest, self.ref)
            else:
                tree = SftpTree(session, self.ref)
            yield tree

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Keep one SFTP session open for many calls.

        Meanwhile the servers do not start the instance, and LXD does not stop it.
        """
        async with self._tree():
            yield

    # Looking.

    async def list(self, path: str, *, links: bool = False) -> list[FileEntry]:
        """List a directory with the attributes of its entries, in the server's order.

        Args:
            path: The directory, or a link to one.
            links: Also ask what symbolic links hold and lead to.

        Raises:
            UnexpectedResponse: There are more than :data:`ENTRY_LIMIT` entries.
        """
        async with self._tree() as tree:
            return await list_directory(
                tree, absolute_path(path), links=links, tried=self._tried("list", path)
            )

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to, links followed."""
        async with self._tree() as tree:
            return await tree.stat(absolute_path(path))

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        async with self._tree() as tree:
            return await tree.lstat(absolute_path(path))

    async def exists(self, path: str) -> bool:
        """Say whether something is there, be it a link that leads nowhere."""
        try:
            await self.lstat(path)
        except NotFound:
            return False
        return True

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds. The files API alone makes it absolute."""
        async with self._tree() as tree:
            return await tree.read_link(absolute_path(path))

    async def walk(self, path: str) -> AsyncGenerator[tuple[str, Entries], None]:
        """Go through a directory and all below it, each before what it holds.

        Links are not followed. Directories that vanish meanwhile are left out.

        Yields:
            The path of a directory, and its entries.
        """
        top = absolute_path(path)
        pending = [top]
        while pending:
            directory = pending.pop()
            try:
                entries = await self.list(directory)
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
            if len(pending) > ENTRY_LIMIT:
                raise UnexpectedResponse(
                    self._tried("list", top), f"more than {ENTRY_LIMIT} directories wait"
                )

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path, where the server tells."""
        async with self._tree() as tree:
            return await tree.free_space(absolute_path(path))

    # Contents.

    async def read(
        self, path: str, *, offset: int = 0, progress: Progress | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece.

        Args:
            path: The file.
            offset: First byte.
            progress: Told after each piece how many bytes came.

        Yields:
            Pieces; about one mebibyte is in memory, however large the file is.
        """
        taken = 0
        async with (
            self._tree() as tree,
            aclosing(tree.read(absolute_path(path), offset=offset)) as pieces,
        ):
            async for piece in pieces:
                taken += len(piece)
                yield piece
                if progress is not None:
                    progress(taken)

    async def read_bytes(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Read a whole file, links followed.

        Raises:
            BadRequest: It is larger than ``limit`` bytes.
        """
        content = bytearray()
        async with aclosing(self.read(path)) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    raise BadRequest(self._tried("read", path), f"it is larger than {limit} bytes")
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
        append: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Create a file, or write over one in place: a broken link leaves it short.

        An existing file keeps its mode, owner and group where no others are asked for.

        Args:
            path: The file; a link is written through.
            content: The content, whole or in pieces.
            size: How many bytes there are, where that is known.
            mode: Permission bits, of a new file 0644 by default.
            uid: Owner, of a new file root by default.
            gid: Group, of a new file root by default.
            append: Add to the end of the file, which is made where it is missing.
            progress: Told how many bytes are on their way.
        """
        tried = self._tried("write", path)
        source = Source(content, tried=tried, size=size, progress=progress)
        wanted = Wanted(mode=mode, uid=uid, gid=gid)
        async with self._tree() as tree, aclosing(source.pieces()) as pieces:
            await tree.write(absolute_path(path), pieces, wanted=wanted, append=append)

    async def write_atomic(
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
        """Replace the content of a file in one step, or create the file.

        It is written beside under another name and then renamed over the old
        one: whatever breaks before that leaves the old file whole. Mode, owner
        and group are those of the old file where no others are asked for, set-id
        bits by chmod in the running instance; access lists and further hard links
        are not carried over.

        Args:
            path: The file; where it is a link, what that leads to is replaced.
            content: The content, whole or in pieces.
            size: How many bytes there are, where that is known.
            mode: Permission bits, of a new file 0644 by default.
            uid: Owner, of a new file root by default.
            gid: Group, of a new file root by default.
            progress: Told how many bytes the server has.

        Raises:
            BadRequest: It is a directory or another thing that is no file, or has
                set-id bits that cannot be kept.
            ExtensionMissing: The server has no SFTP.
        """
        wanted = Wanted(mode=mode, uid=uid, gid=gid)
        await self._settle()
        tried = self._tried("write", path)
        writing = AtomicWrite(self.ref, self._sftp, tried=tried, special=self._special)
        source = Source(content, tried=writing.tried, size=size)
        await writing.run(absolute_path(path), source, wanted, progress)

    # Changes.

    async def make_directory(
        self,
        path: str,
        *,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        parents: bool = False,
    ) -> None:
        """Make a directory.

        Args:
            path: The directory.
            mode: Permission bits, 0755 by default.
            uid: Owner, root by default.
            gid: Group, root by default.
            parents: Make the directories above it as well, and be content
                where it exists already.

        Raises:
            Conflict: Something of the name exists.
        """
        wanted = Wanted(mode=mode, uid=uid, gid=gid)
        async with self._tree() as tree:
            await make_directory(tree, absolute_path(path), wanted, parents=parents)

    async def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link.

        Args:
            target: What it holds, byte for byte; need not exist.
            path: Where it is made.

        Raises:
            Conflict: Something of the name exists.
        """
        async with self._tree() as tree:
            await tree.make_link(target, absolute_path(path))

    async def rename(self, old: str, new: str, *, replace: bool = False) -> None:
        """Rename or move within the instance.

        Args:
            old: What is renamed; a link itself.
            new: Its new path.
            replace: Over a file that is there, in one step. Otherwise that is
                looked for beforehand, and who is quick enough gets in between.

        Raises:
            Conflict: Something of the new name exists.
            ExtensionMissing: The server has no SFTP.
        """
        old, new = absolute_path(old), absolute_path(new)
        async with self._tree() as tree:
            if not replace:
                with contextlib.suppress(NotFound):
                    await tree.lstat(new)
                    raise Conflict(
                        self._tried("rename", old), f"{short_path(new)} exists", status=409
                    )
            await tree.rename(old, new)

    async def chmod(self, path: str, mode: int) -> None:
        """Change the permission bits of what a path leads to."""
        async with self._tree() as tree:
            await tree.set_attributes(absolute_path(path), Wanted(mode=mode))

    async def chown(self, path: str, *, uid: int | None = None, gid: int | None = None) -> None:
        """Change owner or group of what a path leads to."""
        async with self._tree() as tree:
            await tree.set_attributes(absolute_path(path), Wanted(uid=uid, gid=gid))

    async def set_modified(self, path: str, modified: datetime) -> None:
        """Change when what a path leads to was last changed, and last read, to a second.

        Raises:
            BadRequest: It is before 1970 or after 2106, which SFTP cannot say.
            ExtensionMissing: The server has no SFTP.
        """
        seconds = int(modified.timestamp())
        if not 0 <= seconds < 2**32:
            raise BadRequest(self._tried("change", path), f"the time {modified} cannot be set")
        async with self._tree() as tree:
            await tree.set_modified(absolute_path(path), seconds)

    async def remove(self, path: str) -> None:
        """Remove a file, a link itself or an empty directory.

        Raises:
            Conflict: The directory is not empty.
        """
        path = absolute_path(path)
        async with self._tree() as tree:
            found = await tree.lstat(path)
            await tree.remove(path, is_directory=found.kind is FileKind.DIRECTORY)

    async def remove_tree(self, path: str, *, progress: Callable[[int], None] | None = None) -> int:
        """Remove whatever is there, with all that it holds. Links are not followed.

        Args:
            path: A directory, a file or a link.
            progress: Told how many entries were removed.

        Returns:
            How many entries were removed.
        """
        path = absolute_path(path)
        async with self._tree() as tree:
            found = await tree.lstat(path)
            if found.kind is not FileKind.DIRECTORY:
                await tree.remove(path, is_directory=False)
                return 1
            return await TreeRemoval(tree, progress).run(path)

    # What they are made of.

    async def _settle(self) -> None:
        if self._ready is not None:
            await self._ready()

    def _tried(self, verb: str, path: str) -> str:
        return f"{verb} {short_path(path)} in {self.ref.name}"
