"""The files of one instance by two ways: over SFTP, and over the files API.

Both can do the same simple things; what is made of them is in
:mod:`lxdtui.api.instance_files`. Where the files API cannot do one at all, it
says :class:`~lxdtui.errors.ExtensionMissing`.
"""

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from typing import Protocol

from lxdtui.api.files import LINKS_FOLLOWED, UNSATISFIABLE, FileCalls
from lxdtui.api.parallel import in_parallel
from lxdtui.api.sftp.packets import OpenFlag
from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.sftp.transfer import read_handle, write_handle
from lxdtui.errors import (
    BadRequest,
    Conflict,
    ExtensionMissing,
    LxdTuiError,
    NotFound,
    ServerError,
    UnexpectedResponse,
)
from lxdtui.model.files import (
    FileAttributes,
    FileEntry,
    FileKind,
    is_entry_name,
    join_path,
    parent_path,
    short_path,
)
from lxdtui.model.refs import InstanceRef

__all__ = ["FileTree", "RestTree", "SftpTree", "Wanted"]

_LOOKS_AT_ONCE = 8
_PLAIN_BITS = 0o777


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Attributes that somebody asks for; ``None`` leaves one as it is or would be."""

    mode: int | None = None
    """Permission bits."""
    uid: int | None = None
    """Owner."""
    gid: int | None = None
    """Group."""

    @property
    def is_anything(self) -> bool:
        """Whether anything is asked for."""
        return (self.mode, self.uid, self.gid) != (None, None, None)

    def differs_from(self, found: FileAttributes) -> bool:
        """Say whether something is not as it is asked for."""
        pairs = ((self.mode, found.mode), (self.uid, found.uid), (self.gid, found.gid))
        return any(wanted is not None and wanted != got for wanted, got in pairs)


class FileTree(Protocol):
    """The files of one instance. Paths are absolute."""

    def scan(self, path: str) -> AsyncGenerator[list[FileEntry], None]:
        """List a directory in batches as they come."""
        ...

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        ...

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        ...

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        ...

    def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece."""
        ...

    async def write(
        self, path: str, pieces: AsyncIterable[bytes], *, wanted: Wanted, append: bool
    ) -> None:
        """Create a file or write over one, in place."""
        ...

    async def make_directory(self, path: str, *, wanted: Wanted) -> None:
        """Make a directory; something that is there is a ``Conflict``."""
        ...

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        ...

    async def remove(self, path: str, *, is_directory: bool) -> None:
        """Remove a file, a link itself or an empty directory."""
        ...

    async def rename(self, old: str, new: str) -> None:
        """Rename, over what is there, in one step."""
        ...

    async def set_attributes(self, path: str, wanted: Wanted) -> None:
        """Change permission bits, owner or group of what a path leads to."""
        ...

    async def set_modified(self, path: str, seconds: int) -> None:
        """Change when what a path leads to was last changed, and last read."""
        ...

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path, where that is known."""
        ...


class SftpTree:
    """Files over SFTP.

    Args:
        session: An open session.
        ref: The instance.
    """

    def __init__(self, session: SftpSession, ref: InstanceRef) -> None:
        self.session = session
        self._ref = ref

    async def scan(self, path: str) -> AsyncGenerator[list[FileEntry], None]:
        """List a directory in batches as they come."""
        tried = f"list {short_path(path)} in {self._ref.name}"
        batches = self.session.scan(path)
        try:
            async for names in batches:
                entries = [
                    FileEntry(name=_checked(item.name, tried), attributes=item.attributes)
                    for item in names
                    if item.name not in (".", "..")
                ]
                yield entries
        finally:
            await batches.aclose()

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await self.session.lstat(path)

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return await self.session.stat(path)

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds, byte for byte."""
        return await self.session.read_link(path)

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece."""
        tried = f"read {short_path(path)} in {self._ref.name}"
        handle = await self.session.open(path, OpenFlag.READ)
        try:
            pieces = read_handle(self.session, handle, tried=tried, offset=offset)
            try:
                async for piece in pieces:
                    yield piece
            finally:
                await pieces.aclose()
        finally:
            await self.session.discard(handle)

    async def write(
        self, path: str, pieces: AsyncIterable[bytes], *, wanted: Wanted, append: bool
    ) -> None:
        """Create a file or write over one, in place."""
        tried = f"write {short_path(path)} in {self._ref.name}"
        flags = OpenFlag.WRITE | OpenFlag.CREATE
        handle = await self.session.open(path, flags if append else flags | OpenFlag.TRUNCATE)
        try:
            # With its append flag the server would still write at the offsets that it is given.
            begin = (await self.session.handle_attributes(handle)).size or 0 if append else 0
            await write_handle(self.session, handle, pieces, tried=tried, offset=begin)
        except BaseException:
            await self.session.discard(handle)
            raise
        await self.session.close(handle)
        await self.set_attributes(path, wanted)

    async def make_directory(self, path: str, *, wanted: Wanted) -> None:
        """Make a directory; something that is there is a ``Conflict``."""
        await self.session.make_directory(path)
        await self.set_attributes(path, wanted)

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        await self.session.make_link(target, path)

    async def remove(self, path: str, *, is_directory: bool) -> None:
        """Remove a file, a link itself or an empty directory."""
        if is_directory:
            await self.session.remove_directory(path)
        else:
            await self.session.remove(path)

    async def rename(self, old: str, new: str) -> None:
        """Rename, over what is there, in one step where the server can.

        Without ``posix-rename@openssh.com`` what is there is put aside first,
        and put back where the renaming fails.
        """
        if self.session.can_replace:
            await self.session.replace(old, new)
            return
        aside = f"{old}.aside"
        try:
            await self.session.rename(new, aside)
        except NotFound:
            await self.session.rename(old, new)
            return
        try:
            await self.session.rename(old, new)
        except LxdTuiError:
            await self.session.rename(aside, new)
            raise
        await self.session.remove(aside)

    async def set_attributes(self, path: str, wanted: Wanted) -> None:
        """Change permission bits, owner or group of what a path leads to.

        Raises:
            BadRequest: The server leaves set-id or sticky bits out, as LXD and
                Incus do without a word.
        """
        if wanted.uid is not None or wanted.gid is not None:
            uid, gid = wanted.uid, wanted.gid
            if uid is None or gid is None:
                found = await self.session.stat(path)
                uid = found.uid if uid is None else uid
                gid = found.gid if gid is None else gid
            # First, because a change of owner clears the set-id bits.
            await self.session.set_attributes(path, owner=(uid or 0, gid or 0))
        if wanted.mode is None:
            return
        await self.session.set_attributes(path, mode=wanted.mode)
        if wanted.mode > _PLAIN_BITS and (await self.session.stat(path)).mode != wanted.mode:
            raise BadRequest(
                f"change {short_path(path)} in {self._ref.name}",
                f"the server does not set all bits of the mode {wanted.mode:04o}",
                hint="Set-id and sticky bits can be set by chmod within the instance.",
            )

    async def set_modified(self, path: str, seconds: int) -> None:
        """Change when what a path leads to was last changed, and last read."""
        await self.session.set_attributes(path, times=(seconds, seconds))

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path, where that is known."""
        return await self.session.free_space(path)


class RestTree:
    """Files over the files API, for servers without SFTP.

    Args:
        calls: The server.
        ref: The instance.
    """

    def __init__(self, calls: FileCalls, ref: InstanceRef) -> None:
        self._calls = calls
        self._ref = ref

    async def scan(self, path: str) -> AsyncGenerator[list[FileEntry], None]:
        """List a directory: its names, then the attributes of each, which is slow."""
        tried = f"list {short_path(path)} in {self._ref.name}"
        names = [
            _checked(name, tried)
            for name in await self._calls.names(self._ref, await self._followed(path))
            if name not in (".", "..")
        ]
        found: dict[str, FileAttributes] = {}

        async def look(name: str) -> None:
            try:
                found[name] = await self._calls.stat(self._ref, join_path(path, name))
            except NotFound:
                # Gone since, or of bytes that JSON could not carry.
                found[name] = FileAttributes()

        await in_parallel(names, look, width=_LOOKS_AT_ONCE)
        yield [FileEntry(name=name, attributes=found[name]) for name in names]

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await self._calls.stat(self._ref, path)

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        return await self._calls.stat(self._ref, await self._followed(path))

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds, made absolute by the server."""
        return await self._calls.read_target(self._ref, path)

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, piece by piece."""
        try:
            async with self._calls.open(
                self._ref, await self._followed(path), offset=offset
            ) as opened:
                if opened.attributes.kind is not FileKind.FILE:
                    raise BadRequest(
                        f"read {short_path(path)} in {self._ref.name}",
                        f"it is a {opened.attributes.kind}",
                    )
                async for piece in opened.pieces:
                    yield piece
        except ServerError as error:
            if error.status != UNSATISFIABLE:
                raise

    async def write(
        self, path: str, pieces: AsyncIterable[bytes], *, wanted: Wanted, append: bool
    ) -> None:
        """Create a file or write over one, in place."""
        if append:
            try:
                await self.stat(path)
            except NotFound:
                # The files API only appends to what exists.
                append = False
        await self._calls.write(
            self._ref,
            path,
            pieces,
            mode=wanted.mode,
            uid=wanted.uid,
            gid=wanted.gid,
            append=append,
        )
        # The servers pass over what is asked of a file that exists.
        if wanted.is_anything and wanted.differs_from(await self.stat(path)):
            raise self._impossible(f"change {short_path(path)}")

    async def make_directory(self, path: str, *, wanted: Wanted) -> None:
        """Make a directory; something that is there is a ``Conflict``."""
        try:
            await self.lstat(path)
        except NotFound:
            await self._calls.make_directory(
                self._ref, path, mode=wanted.mode, uid=wanted.uid, gid=wanted.gid
            )
            return
        raise Conflict(f"make {short_path(path)} in {self._ref.name}", "file exists", status=409)

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link."""
        await self._calls.make_link(self._ref, target, path)

    async def remove(
        self,
        path: str,
        *,
        is_directory: bool,  # noqa: ARG002 - the files API finds out by itself
    ) -> None:
        """Remove a file, a link itself or an empty directory."""
        await self._calls.remove(self._ref, path)

    async def rename(self, old: str, new: str) -> None:  # noqa: ARG002 - part of the protocol
        """Say that the files API cannot rename."""
        raise self._impossible(f"rename {short_path(old)}")

    async def set_attributes(self, path: str, wanted: Wanted) -> None:
        """Say that the files API cannot change what exists."""
        if wanted.is_anything:
            raise self._impossible(f"change {short_path(path)}")

    async def set_modified(self, path: str, seconds: int) -> None:  # noqa: ARG002 - part of the protocol
        """Say that the files API cannot change what exists."""
        raise self._impossible(f"change {short_path(path)}")

    async def free_space(self, path: str) -> int | None:  # noqa: ARG002 - part of the protocol
        """Say that it is not known: the files API does not tell."""
        return None

    async def _followed(self, path: str) -> str:
        """Follow links at the end of a path."""
        for _ in range(LINKS_FOLLOWED):
            if (await self._calls.stat(self._ref, path)).kind is not FileKind.SYMLINK:
                return path
            target = await self._calls.read_target(self._ref, path)
            path = join_path(parent_path(path), target)
        raise BadRequest(
            f"follow {short_path(path)} in {self._ref.name}", "too many levels of symbolic links"
        )

    def _impossible(self, what: str) -> ExtensionMissing:
        return ExtensionMissing(f"{what} in {self._ref.name}", "sftp")


def _checked(name: str, tried: str) -> str:
    """Refuse names that would lead out of the directory that they are said to be in."""
    if not is_entry_name(name):
        raise UnexpectedResponse(tried, f"the server lists the name {name[:80]!r}")
    return name
