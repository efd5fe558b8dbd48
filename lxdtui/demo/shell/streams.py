"""Byte streams between commands, sockets and files; all of them bounded."""

import asyncio
from typing import Protocol

PIPE_LIMIT = 64 * 1024
"""Bytes a pipe holds before its writer has to wait."""


class Reader(Protocol):
    """Where a command reads from."""

    async def read(self) -> bytes:
        """The next bytes; empty at the end."""


class Input(Reader, Protocol):
    """A standard input: several commands may read from it one after the other."""

    def push_back(self, data: bytes) -> None:
        """Return bytes that were read and belong to the next reader."""


class Writer(Protocol):
    """Where a command writes to."""

    async def write(self, data: bytes) -> None:
        """Write everything.

        Raises:
            BrokenPipeError: Nobody reads any more.
        """


class Pipe:
    """A bounded pipe: one side waits for the other."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._ended = False
        self._broken = False
        self._changed = asyncio.Condition()

    async def read(self) -> bytes:
        """The next bytes; empty at the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._buffer or self._ended)
            data = bytes(self._buffer)
            self._buffer.clear()
            self._changed.notify_all()
        return data

    async def write(self, data: bytes) -> None:
        """Write everything, waiting for room.

        Raises:
            BrokenPipeError: The reader has gone.
        """
        view = memoryview(data)
        while view:
            async with self._changed:
                await self._changed.wait_for(
                    lambda: self._broken or self._ended or len(self._buffer) < PIPE_LIMIT
                )
                if self._broken or self._ended:
                    raise BrokenPipeError
                room = PIPE_LIMIT - len(self._buffer)
                self._buffer += view[:room]
                view = view[room:]
                self._changed.notify_all()

    def push_back(self, data: bytes) -> None:
        """Return bytes that were read, in front of what is waiting."""
        self._buffer[:0] = data

    async def end(self) -> None:
        """Say that nothing more will be written."""
        async with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def abandon(self) -> None:
        """Say that nothing more will be read."""
        async with self._changed:
            self._broken = True
            self._buffer.clear()
            self._changed.notify_all()


class Empty:
    """A stream that is at its end from the beginning."""

    async def read(self) -> bytes:
        """Nothing."""
        return b""

    def push_back(self, data: bytes) -> None:
        """Nothing was read, so nothing comes back."""


class Discard:
    """A stream that swallows everything."""

    async def write(self, _data: bytes) -> None:
        """Forget the data, but let others run."""
        await asyncio.sleep(0)


class Given:
    """A stream with a content known beforehand.

    Args:
        data: The content.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self) -> bytes:
        """The content, then the end."""
        data, self._data = self._data, b""
        return data

    def push_back(self, data: bytes) -> None:
        """Return bytes that were read."""
        self._data = data + self._data


class Collected:
    """A stream that keeps what is written, up to a limit.

    Args:
        limit: Bytes kept; what follows is dropped.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.data = bytearray()

    async def write(self, data: bytes) -> None:
        """Keep what still fits, and let others run."""
        self.data += data[: self._limit - len(self.data)]
        await asyncio.sleep(0)


class Lines:
    """Reads a stream line by line.

    Args:
        source: The stream.
    """

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._rest = b""

    @property
    def rest(self) -> bytes:
        """What was read behind the last line."""
        return self._rest

    async def next(self) -> bytes:
        """The next line with its newline; the last one may lack it; empty at the end."""
        while b"\n" not in self._rest:
            data = await self._source.read()
            if not data:
                line, self._rest = self._rest, b""
                return line
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line + b"\n"
