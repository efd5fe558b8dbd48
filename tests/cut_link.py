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
    is_cut: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def cut_after(self, count: int) -> None:
        """Cut the link after some more bytes."""
        self.left = count

    def cut(self) -> None:
        """Cut it now; new connections end at once."""
        self.is_cut = True
        for writer in tuple(self._writers):
            writer.transport.abort()

    def heal(self) -> None:
        """Let new connections through, and cut no more."""
        self.is_cut = False
        self.left = None

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
                group.create_task(self._pump(reader, back, is_counted=True))
                group.create_task(self._pump(there, writer, is_counted=False))
        finally:
            self._writers -= mine
            for one in mine:
                one.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_counted: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_PIECE):
                if is_counted and self.left is not None:
                    whole = len(data)
                    data = data[: self.left]
                    self.left -= len(data)
                    if len(data) < whole or not self.left:
                        target.write(data)
                        self.cut()
                        return
                target.write(data)
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
