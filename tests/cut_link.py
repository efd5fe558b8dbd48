"""A link that can be cut: a unix socket in front of another one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["CutLink", "cut_link"]

_PIECE = 64 << 10


@dataclass(eq=False)
class CutLink:
    """Hands everything on until so many bytes went to the server; then every connection ends."""

    path: Path
    server: Path
    left: int | None = None
    """Bytes to the server until the cut; ``None`` for no cut."""
    left_back: int | None = None
    """Bytes from the server until the cut, likewise."""
    is_cut: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut_after(self, count: int) -> None:
        """Cut the link after some more bytes."""
        self.left = count

    def cut_after_back(self, count: int) -> None:
        """Cut the link after some more bytes from the server."""
        self.left_back = count

    def cut(self) -> None:
        """Cut it now; new connections end at once."""
        self.is_cut = True
        for writer in tuple(self._writers):
            writer.transport.abort()

    def heal(self) -> None:
        """Let new connections through, and cut no more."""
        self.is_cut = False
        self.left = self.left_back = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on one connection."""
        if self.is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_unix_connection(str(self.server))
        mine = {writer, back}
        self._writers |= mine
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back, is_back=False))
                group.create_task(self._pump(there, writer, is_back=True))
        finally:
            self._writers -= mine
            for one in mine:
                one.transport.abort()

    def _allowed(self, data: bytes, *, is_back: bool) -> bytes:
        """Count bytes, and return those before the cut."""
        left = self.left_back if is_back else self.left
        if left is None:
            return data
        data = data[:left]
        if is_back:
            self.left_back = left - len(data)
        else:
            self.left = left - len(data)
        return data

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_back: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_PIECE):
                allowed = self._allowed(data, is_back=is_back)
                target.write(allowed)
                if len(allowed) < len(data) or 0 in (self.left, self.left_back):
                    self.cut()
                    return
                await target.drain()
        # The other direction ends by itself when both sides know.
        target.close()


@asynccontextmanager
async def cut_link(path: Path, server: Path) -> AsyncIterator[CutLink]:
    """Put a link that can be cut in front of a server's socket."""
    link = CutLink(path=path, server=server)
    listening = await asyncio.start_unix_server(link.serve, str(path))
    try:
        yield link
    finally:
        link.cut()
        listening.close()
