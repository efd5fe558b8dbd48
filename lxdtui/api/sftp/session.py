"""The requests of SFTP version 3, one method each.

Paths are absolute, as :mod:`lxdtui.model.files` writes them. Each request is
one round trip; several may be made at once.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from lxdtui.api.sftp.link import SftpLink
from lxdtui.api.sftp.packets import (
    PIECE,
    Body,
    NameItem,
    OpenFlag,
    Packet,
    StatusCode,
    Type,
    attributes_body,
    parse_attributes,
    parse_free_space,
    parse_names,
    text,
    u32,
    u64,
)
from lxdtui.api.sftp.replies import parsed, status_of, wrong_answer
from lxdtui.errors import ExtensionMissing
from lxdtui.model.files import FileAttributes, path_bytes, path_text, short_path

__all__ = ["SftpSession"]

_POSIX_RENAME = "posix-rename@openssh.com"
_FSYNC = "fsync@openssh.com"
_STATVFS = "statvfs@openssh.com"
_LONGEST_HANDLE = 256
_PARTS_AHEAD = 3
"""Parts of a long list that are asked for at a time."""


class SftpSession:
    """An SFTP session of one instance.

    Every method raises what a refusal fits:

    - ``NotFound``: a file or a directory on the way to it is not there
    - ``Unauthorized``: the container's root may not do that
    - ``Conflict``: something is in the way, a directory is not empty
    - ``BadRequest``: it is not the kind of thing that this can be done to
    - ``ServerError``: any other failure, such as a full disk
    - ``ConnectionFailed``, ``SessionClosed``: the link is gone
    - ``UnexpectedResponse``: what came is not SFTP

    Args:
        link: An open link.
        label: The instance in words, for messages.
    """

    def __init__(self, link: SftpLink, *, label: str) -> None:
        self._link = link
        self._label = label

    @property
    def is_open(self) -> bool:
        """Whether the session can be used."""
        return self._link.is_open

    @property
    def under_way(self) -> int:
        """How many requests are not answered yet."""
        return self._link.under_way

    def has(self, extension: str) -> bool:
        """Say whether the server offers an extension of SFTP."""
        return extension in self._link.extensions

    async def aclose(self) -> None:
        """Close the session; whoever waits for a reply gets ``SessionClosed``."""
        await self._link.aclose()

    # Attributes and names.

    async def real_path(self, path: str) -> str:
        """Make a path absolute. The servers do not follow links in doing so."""
        tried = self._tried("find", path)
        return path_text(self._one_name(await self._ask(Type.REALPATH, path, tried=tried), tried))

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to, links followed."""
        return await self._attributes(Type.STAT, path)

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        return await self._attributes(Type.LSTAT, path)

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds, byte for byte."""
        tried = self._tried("read the link", path)
        return path_text(self._one_name(await self._ask(Type.READLINK, path, tried=tried), tried))

    async def set_attributes(
        self,
        path: str,
        *,
        mode: int | None = None,
        owner: tuple[int, int] | None = None,
        size: int | None = None,
        times: tuple[int, int] | None = None,
    ) -> None:
        """Change attributes of what a path leads to, links followed.

        Args:
            path: The path.
            mode: Permission bits.
            owner: User and group.
            size: Bytes to cut it, or fill it up with zeros, to.
            times: Last read and last changed, seconds since 1970.
        """
        changes = attributes_body(
            size=size,
            uid=owner[0] if owner else None,
            gid=owner[1] if owner else None,
            mode=mode,
            accessed=times[0] if times else None,
            modified=times[1] if times else None,
        )
        await self._do(
            Type.SETSTAT,
            text(path_bytes(path)),
            changes,
            tried=self._tried("change", path),
        )

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path (``statvfs@openssh.com``).

        Returns:
            Bytes that users without special rights may still write, or ``None``
            where the server does not offer to tell.
        """
        if not self.has(_STATVFS):
            return None
        tried = self._tried("measure", path)
        packet = await self._reply(
            Type.EXTENDED, text(_STATVFS.encode()), text(path_bytes(path)), tried=tried
        )
        return parsed(packet, Type.EXTENDED_REPLY, parse_free_space, tried)

    async def scan(self, path: str) -> AsyncGenerator[list[NameItem], None]:
        """List a directory in batches as they come, ``.`` and ``..`` among them."""
        tried = self._tried("list", path)
        ahead = 1
        handle = await self._open_handle(Type.OPENDIR, text(path_bytes(path)), tried=tried)
        asked: deque[asyncio.Future[Packet]] = deque()
        try:
            while True:
                # While some names are looked at, the server finds the next ones.
                while len(asked) < ahead:
                    asked.append(await self._link.submit(Type.READDIR, text(handle), tried=tried))
                packet = await asked.popleft()
                if packet.type == Type.STATUS:
                    if status_of(packet, tried) is StatusCode.EOF:
                        return
                    raise wrong_answer(tried, "no names")
                names = parsed(packet, Type.NAME, parse_names, tried)
                if not names:
                    raise wrong_answer(tried, "an empty part of a list")
                yield names
                ahead = _PARTS_AHEAD
        finally:
            for reply in asked:
                reply.cancel()
            await self.discard(handle)

    # Changes.

    async def make_directory(self, path: str) -> None:
        """Make a directory. The servers give it mode 0755 whatever is asked for."""
        await self._do(
            Type.MKDIR, text(path_bytes(path)), attributes_body(), tried=self._tried("make", path)
        )

    async def remove_directory(self, path: str) -> None:
        """Remove an empty directory."""
        await self._do(Type.RMDIR, text(path_bytes(path)), tried=self._tried("remove", path))

    async def remove(self, path: str) -> None:
        """Remove a file or a link itself."""
        await self._do(Type.REMOVE, text(path_bytes(path)), tried=self._tried("remove", path))

    async def rename(self, old: str, new: str) -> None:
        """Rename as SFTP 3 does; whether it replaces what is there is up to the server."""
        await self._do(
            Type.RENAME,
            text(path_bytes(old)),
            text(path_bytes(new)),
            tried=self._tried("rename", old),
        )

    @property
    def can_replace(self) -> bool:
        """Whether :meth:`replace` can be done in one step."""
        return self.has(_POSIX_RENAME)

    async def replace(self, old: str, new: str) -> None:
        """Rename over what is there, in one step (``posix-rename@openssh.com``).

        Raises:
            ExtensionMissing: The server cannot.
        """
        tried = self._tried("rename", old)
        if not self.can_replace:
            raise ExtensionMissing(tried, _POSIX_RENAME)
        await self._do(
            Type.EXTENDED,
            text(_POSIX_RENAME.encode()),
            text(path_bytes(old)),
            text(path_bytes(new)),
            tried=tried,
        )

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link.

        Args:
            target: What it holds; need not exist.
            path: Where it is made.
        """
        # In the order of OpenSSH, which is not that of the draft.
        await self._do(
            Type.SYMLINK,
            text(path_bytes(target)),
            text(path_bytes(path)),
            tried=self._tried("link", path),
        )

    # Open files.

    async def open(self, path: str, flags: OpenFlag) -> bytes:
        """Open a file; the handle is for :meth:`close`."""
        return await self._open_handle(
            Type.OPEN,
            text(path_bytes(path)),
            u32(flags),
            attributes_body(),
            tried=self._tried("open", path),
        )

    async def close(self, handle: bytes) -> None:
        """Close a file or directory; what the disk refused may be told only now."""
        await self._do(Type.CLOSE, text(handle), tried=f"close a file of {self._label}")

    async def discard(self, handle: bytes) -> None:
        """Close a file or directory, and never mind how that ends.

        It goes on where its caller is cancelled: nothing is left open.
        """
        if not self._link.is_open:
            return
        closing = asyncio.ensure_future(self.close(handle))
        closing.add_done_callback(_look_at)
        await asyncio.wait([closing])

    async def handle_attributes(self, handle: bytes) -> FileAttributes:
        """Read the attributes of an open file."""
        tried = f"read a file of {self._label}"
        packet = await self._reply(Type.FSTAT, text(handle), tried=tried)
        return parsed(packet, Type.ATTRS, lambda data: parse_attributes(Body(data)), tried)

    async def submit_read(
        self, handle: bytes, offset: int, count: int, *, tried: str
    ) -> asyncio.Future[Packet]:
        """Ask for at most :data:`PIECE` bytes; see :meth:`piece`."""
        return await self._link.submit(
            Type.READ, text(handle), u64(offset), u32(min(count, PIECE)), tried=tried
        )

    async def submit_reads(
        self, handle: bytes, offset: int, count: int, times: int, *, tried: str
    ) -> list[asyncio.Future[Packet]]:
        """Ask for several pieces behind one another; fewer may be asked for, but one is.

        Args:
            handle: The file.
            offset: Where the first begins.
            count: Bytes of each, at most :data:`PIECE`.
            times: How many.
            tried: What is tried.
        """
        count = min(count, PIECE)
        begin, end = text(handle), u32(count)
        requests = [begin + u64(offset + number * count) + end for number in range(times)]
        return await self._link.submit_all(Type.READ, requests, tried=tried)

    def piece(self, packet: Packet, count: int, *, tried: str) -> bytes:
        """Take the bytes out of a reply; none at the end of the file.

        Args:
            packet: The reply.
            count: How many were asked for.
            tried: What is tried.
        """
        if packet.type == Type.STATUS and status_of(packet, tried) is StatusCode.EOF:
            return b""
        data = parsed(packet, Type.DATA, lambda body: Body(body).string(), tried)
        if not 0 < len(data) <= count:
            raise wrong_answer(tried, f"{len(data)} bytes where {count} were asked for")
        return data

    async def submit_write(
        self, handle: bytes, offset: int, data: bytes, *, tried: str
    ) -> asyncio.Future[Packet]:
        """Write at most :data:`PIECE` bytes; see :meth:`written`."""
        return await self._link.submit(
            Type.WRITE, text(handle), u64(offset), text(data), tried=tried
        )

    def written(self, packet: Packet, *, tried: str) -> None:
        """Make sure that a reply says that it was done."""
        if packet.type != Type.STATUS or status_of(packet, tried) is not StatusCode.OK:
            raise wrong_answer(tried, "no status")

    async def submit_attributes(
        self,
        handle: bytes,
        *,
        mode: int | None = None,
        owner: tuple[int, int] | None = None,
        times: tuple[int, int] | None = None,
        tried: str,
    ) -> asyncio.Future[Packet]:
        """Change attributes of an open file; see :meth:`written`."""
        changes = attributes_body(
            uid=owner[0] if owner else None,
            gid=owner[1] if owner else None,
            mode=mode,
            accessed=times[0] if times else None,
            modified=times[1] if times else None,
        )
        return await self._link.submit(Type.FSETSTAT, text(handle), changes, tried=tried)

    async def submit_close(self, handle: bytes, *, tried: str) -> asyncio.Future[Packet]:
        """Close a file; see :meth:`written`."""
        return await self._link.submit(Type.CLOSE, text(handle), tried=tried)

    async def flush(self, handle: bytes, *, tried: str) -> None:
        """Bring a file to the disk, where the server offers ``fsync@openssh.com``."""
        if self.has(_FSYNC):
            await self._do(Type.EXTENDED, text(_FSYNC.encode()), text(handle), tried=tried)

    # What they are made of.

    def _tried(self, verb: str, path: str) -> str:
        return f"{verb} {short_path(path)} in {self._label}"

    async def _reply(self, kind: Type, *parts: bytes, tried: str) -> Packet:
        return await (await self._link.submit(kind, *parts, tried=tried))

    async def _ask(self, kind: Type, path: str, *, tried: str) -> Packet:
        return await self._reply(kind, text(path_bytes(path)), tried=tried)

    async def _do(self, kind: Type, *parts: bytes, tried: str) -> None:
        self.written(await self._reply(kind, *parts, tried=tried), tried=tried)

    async def _attributes(self, kind: Type, path: str) -> FileAttributes:
        tried = self._tried("look at", path)
        packet = await self._ask(kind, path, tried=tried)
        return parsed(packet, Type.ATTRS, lambda data: parse_attributes(Body(data)), tried)

    async def _open_handle(self, kind: Type, *parts: bytes, tried: str) -> bytes:
        reply = await self._link.submit(kind, *parts, tried=tried, gives_handle=True)
        try:
            packet = await reply
        except asyncio.CancelledError:
            if _is_handle(reply):
                await self.discard(Body(reply.result().body).string())
            raise
        handle = parsed(packet, Type.HANDLE, lambda body: Body(body).string(), tried)
        if len(handle) > _LONGEST_HANDLE:
            raise wrong_answer(tried, f"a handle of {len(handle)} bytes")
        return handle

    def _one_name(self, packet: Packet, tried: str) -> bytes:
        names = parsed(packet, Type.NAME, parse_names, tried)
        if len(names) != 1:
            raise wrong_answer(tried, f"{len(names)} names instead of one")
        return path_bytes(names[0].name)


def _is_handle(reply: asyncio.Future[Packet]) -> bool:
    if not reply.done() or reply.cancelled() or reply.exception() is not None:
        return False
    return reply.result().type == Type.HANDLE


def _look_at(done: asyncio.Future[None]) -> None:
    """Take the exception of what nobody waits for any more."""
    if not done.cancelled():
        done.exception()
