"""Many small files between this computer and an instance, past the event loop.

Each is written beside its place and renamed, as :mod:`~lxdtui.api.beside` does
it, but in a thread that has several of them under way over one connection.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxdtui.api.beside import Dress
from lxdtui.api.sftp.packets import (
    PIECE,
    Body,
    OpenFlag,
    Packet,
    StatusCode,
    Type,
    attributes_body,
    text,
    u32,
    u64,
)
from lxdtui.api.sftp.replies import parsed, status_of, wrong_answer
from lxdtui.api.sftp.steps import SideBySide, Steps
from lxdtui.api.sftp.straight import StraightLink
from lxdtui.api.transport import Transport
from lxdtui.errors import BadRequest, LxdTuiError
from lxdtui.model.files import path_bytes
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["LARGEST", "SmallFile", "SmallFiles", "getting", "putting"]

LARGEST = 2 * PIECE
"""Bytes of a file that goes this way; it fits into one WRITE and few READs."""

_PRIVATE = 0o600
_FOR_ALL = 0o044
_GRACE = 2.0
"""Seconds for what is under way when nothing more is wanted."""
_TOLD_EACH = 0.05
"""Seconds between two reports."""
_POSIX_RENAME = "posix-rename@openssh.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallFile:
    """One of the files."""

    source: str
    """Where it is, absolute."""
    size: int
    """Bytes that it is said to have, at most :data:`LARGEST`."""
    temporary: str
    """Where it is written first; in the same directory as its place."""
    path: str
    """Its place, over what is there."""
    dress: Dress
    """Its attributes."""


class SmallFiles:
    """Copies many small files.

    A file with which anything is not as expected is left out, for somebody who
    tries it alone and tells why: what fails, what has another size by now. Of
    those that were begun something may be left under the first names.

    Args:
        transport: The server.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def put(
        self,
        ref: InstanceRef,
        files: Sequence[SmallFile],
        read: Callable[[str, int], bytes],
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Write files of this computer into an instance.

        Args:
            ref: The instance.
            files: The files.
            read: Called from a thread for the content of a file: so many bytes,
                and one more where there is one.
            done: Told the number of each file that is there.
            may_go: Asked from a thread: while it says no, no further file is begun.
        """
        tried = f"write files in {ref.name}"
        link = self._link(ref, tried)
        works = (putting(link, file, read) for file in files)
        await self._run(link, works, tried=tried, done=done, may_go=may_go)

    async def get(
        self,
        ref: InstanceRef,
        files: Sequence[SmallFile],
        write: Callable[[str, bytes, Dress], None],
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Read files of an instance.

        Args:
            ref: The instance.
            files: The files; their first names are not used.
            write: Called from a thread with path, content and attributes of each.
            done: Told the number of each file that is there.
            may_go: Asked from a thread: while it says no, no further file is begun.
        """
        tried = f"read files in {ref.name}"
        works = (getting(file, write) for file in files)
        await self._run(self._link(ref, tried), works, tried=tried, done=done, may_go=may_go)

    def _link(self, ref: InstanceRef, tried: str) -> StraightLink:
        path = f"{ref.path}/sftp?project={quote_segment(ref.project)}"
        return StraightLink(self._transport.streams.open_socket, path, tried=tried)

    async def _run(
        self,
        link: StraightLink,
        works: Iterator[Steps],
        *,
        tried: str,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        report = _Report(done)
        loop = asyncio.get_running_loop()
        side_by_side = SideBySide(link, tried, may_go=may_go, done=report.add)

        def run() -> None:
            try:
                link.open()
                side_by_side.run(works)
            finally:
                link.close()

        def stop() -> None:
            # What is begun is brought to its end, so that nothing is left of it.
            side_by_side.end()
            loop.call_later(_GRACE, link.stop)

        try:
            # What did not come to its end is tried alone, whatever the reason was.
            with contextlib.suppress(LxdTuiError):
                await self._transport.streams.apart(run, stop, tried=tried)
        finally:
            report.tell()


class _Report:
    """Tells the loop now and then what a thread has done."""

    def __init__(self, done: Callable[[int], None]) -> None:
        self._done = done
        self._loop = asyncio.get_running_loop()
        self._told_at = 0.0
        self._untold: list[int] = []

    def add(self, number: int) -> None:
        """Note, in the thread, that a file is there."""
        self._untold.append(number)
        now = time.monotonic()
        if now - self._told_at >= _TOLD_EACH:
            self._told_at = now
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.tell)

    def tell(self) -> None:
        """Tell it, in the loop."""
        while self._untold:
            self._done(self._untold.pop(0))


def putting(link: StraightLink, file: SmallFile, read: Callable[[str, int], bytes]) -> Steps:
    """Write one file beside its place, and rename it.

    Args:
        link: Where it is done.
        file: The file.
        read: See :meth:`SmallFiles.put`.
    """
    dress = file.dress
    flags = OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.EXCLUSIVE
    temporary = text(path_bytes(file.temporary))
    data = _exactly(file, read(file.source, file.size))
    (opened,) = yield [(Type.OPEN, temporary + u32(flags) + attributes_body())]
    handle = text(_handle(opened, file))
    if dress.mode & _FOR_ALL != _FOR_ALL:
        # Nobody else may read what comes.
        _all_done((yield [(Type.FSETSTAT, handle + attributes_body(mode=_PRIVATE))]), file.path)
    if data:
        _all_done((yield [(Type.WRITE, handle + u64(0) + text(data))]), file.path)
    last = []
    owner = (dress.uid or 0, dress.gid or 0)
    if owner != (0, 0):
        # By itself and first, as BesideWriter has to do it.
        last.append((Type.FSETSTAT, handle + attributes_body(uid=owner[0], gid=owner[1])))
    accessed, modified = dress.times or (None, None)
    changes = attributes_body(mode=dress.mode, accessed=accessed, modified=modified)
    _all_done((yield [*last, (Type.FSETSTAT, handle + changes), (Type.CLOSE, handle)]), file.path)
    names = temporary + text(path_bytes(file.path))
    if _POSIX_RENAME in link.extensions:
        request = (Type.EXTENDED, text(_POSIX_RENAME.encode()) + names)
    else:
        request = (Type.RENAME, names)
    _all_done((yield [request]), file.path)


def getting(file: SmallFile, write: Callable[[str, bytes, Dress], None]) -> Steps:
    """Read one file.

    Args:
        file: The file.
        write: See :meth:`SmallFiles.get`.
    """
    path = text(path_bytes(file.source))
    (opened,) = yield [(Type.OPEN, path + u32(OpenFlag.READ) + attributes_body())]
    handle = text(_handle(opened, file))
    # One byte more, to see that it ends.
    wanted = [(at, min(PIECE, file.size + 1 - at)) for at in range(0, file.size + 1, PIECE)]
    *replies, closed = yield [
        *((Type.READ, handle + u64(at) + u32(count)) for at, count in wanted),
        (Type.CLOSE, handle),
    ]
    _all_done([closed], file.source)
    content = bytearray()
    for (at, _), reply in zip(wanted, replies, strict=True):
        if at != len(content):
            # A piece before it was short: the file ends there.
            break
        content += _piece(reply, file)
    write(file.path, _exactly(file, bytes(content)), file.dress)


def _handle(packet: Packet, file: SmallFile) -> bytes:
    return parsed(packet, Type.HANDLE, lambda body: Body(body).string(), f"open {file.source}")


def _piece(packet: Packet, file: SmallFile) -> bytes:
    tried = f"read {file.source}"
    if packet.type == Type.STATUS and status_of(packet, tried) is StatusCode.EOF:
        return b""
    return parsed(packet, Type.DATA, lambda body: Body(body).string(), tried)


def _all_done(replies: list[Packet], path: str) -> None:
    for packet in replies:
        if packet.type != Type.STATUS or status_of(packet, path) is not StatusCode.OK:
            raise wrong_answer(path, f"packet {packet.type}")


def _exactly(file: SmallFile, data: bytes) -> bytes:
    if len(data) != file.size:
        raise BadRequest(f"copy {file.source}", "it has another size by now")
    return data
