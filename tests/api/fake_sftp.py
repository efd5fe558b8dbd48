"""The other end of an SFTP connection, which does what a test tells it to."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lxdtui.api.sftp.link import SftpLink
from lxdtui.api.sftp.packets import Type, frame, text, u32
from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.sftp.straight import StraightLink

VERSION = frame(Type.VERSION, 3)
"""An answer to INIT without extensions."""

SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: sftp\r\nConnection: Upgrade\r\n\r\n"
"""An answer to the wish for another protocol."""

Answer = Callable[[int, int, bytes], bytes]
"""From kind, id and fields of a request to the bytes that are sent back."""


def status(number: int, code: int, words: str = "") -> bytes:
    return frame(Type.STATUS, number, u32(code), text(words.encode()), text(b""))


def name_list(number: int, *names: bytes, mode: int = 0o100644) -> bytes:
    items = [text(name) + text(b"long") + u32(4) + u32(mode) for name in names]
    return frame(Type.NAME, number, u32(len(names)), *items)


class FakeServer:
    """Answers requests, and keeps them."""

    def __init__(
        self, end: socket.socket, answer: Answer, greeting: bytes, *, upgrade: bytes = b""
    ) -> None:
        self.requests: list[tuple[int, int, bytes]] = []
        """Kind, id and fields."""
        self.kinds: list[int] = []
        self._end = end
        self._answer = answer
        self._greeting = greeting
        self._upgrade = upgrade
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(sock=self._end)
        self._serving = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        self._writer.transport.abort()
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.wait([self._serving])

    def send(self, data: bytes) -> None:
        """Send something without being asked."""
        self._writer.write(data)

    def cut(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    async def _serve(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            if self._upgrade:
                await self._reader.readuntil(b"\r\n\r\n")
                self._writer.write(self._upgrade)
            await self._reader.readexactly(9)
            self._writer.write(self._greeting)
            while True:
                length, kind = struct.unpack(">IB", await self._reader.readexactly(5))
                body = await self._reader.readexactly(length - 1)
                (number,) = struct.unpack_from(">I", body)
                self.requests.append((kind, number, body[4:]))
                self.kinds.append(kind)
                reply = self._answer(kind, number, body[4:])
                if reply:
                    self._writer.write(reply)


@asynccontextmanager
async def connected(
    answer: Answer, *, greeting: bytes = VERSION, silence: float = 60.0
) -> AsyncIterator[tuple[SftpSession, FakeServer]]:
    """A session with a server that answers as it is told."""
    ours, theirs = socket.socketpair()
    server = FakeServer(theirs, answer, greeting)
    await server.start()
    reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 18)
    link = SftpLink(reader, writer, place="unix:fake", silence=silence)
    try:
        await link.open(tried="open the files of c1")
        yield SftpSession(link, label="c1"), server
    finally:
        await link.aclose()
        await server.stop()


@asynccontextmanager
async def straight(
    answer: Answer, *, greeting: bytes = VERSION, upgrade: bytes = SWITCHING
) -> AsyncIterator[tuple[StraightLink, FakeServer]]:
    """A link for a thread, with a server that answers as it is told."""
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    server = FakeServer(theirs, answer, greeting, upgrade=upgrade)
    await server.start()
    link = StraightLink(lambda: ours, "/sftp", tried="copy /large in c1")
    try:
        yield link, server
    finally:
        link.close()
        ours.close()
        await server.stop()
