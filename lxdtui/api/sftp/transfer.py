"""Contents of files over SFTP: many requests under way, little in memory.

A request moves 32 KiB, so one at a time would wait for the network most of the
time. A transfer keeps up to :data:`WINDOW` of them under way, which is one
mebibyte, and begins with a few: most files are small.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator
from dataclasses import dataclass

from lxdtui.api.sftp.packets import PIECE, Packet
from lxdtui.api.sftp.session import SftpSession

__all__ = ["WINDOW", "read_handle", "write_handle"]

WINDOW = 32
"""Requests of one transfer under way."""

_FIRST_WINDOW = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    offset: int
    count: int
    reply: asyncio.Future[Packet]


async def read_handle(
    session: SftpSession, handle: bytes, *, tried: str, offset: int = 0
) -> AsyncGenerator[bytes, None]:
    """Read an open file to its end, in order.

    The size that the file is said to have is not looked at: those in ``/proc``
    say nothing, and others grow.

    Args:
        session: The session.
        handle: The file.
        tried: What is tried, in words.
        offset: Where to begin.

    Yields:
        Pieces of at most 32 KiB.
    """
    asked: deque[_Asked] = deque()
    window, size = _FIRST_WINDOW, PIECE
    try:
        while True:
            # Many requests go out together: each sending costs as much as it moves.
            if len(asked) <= window // 2:
                for reply in await session.submit_reads(
                    handle, offset, size, window - len(asked), tried=tried
                ):
                    asked.append(_Asked(offset, size, reply))
                    offset += size
            first = asked.popleft()
            data = session.piece(await first.reply, first.count, tried=tried)
            if not data:
                return
            missing = first.count - len(data)
            if missing:
                # Less than asked for: the end is near, or the server gives smaller pieces.
                size = max(len(data), PIECE // 8)
                begin = first.offset + len(data)
                reply = await session.submit_read(handle, begin, missing, tried=tried)
                asked.appendleft(_Asked(begin, missing, reply))
                window = len(asked)
            else:
                window = min(max(_FIRST_WINDOW, window * 2), WINDOW)
            yield data
    finally:
        for request in asked:
            request.reply.cancel()


async def write_handle(
    session: SftpSession,
    handle: bytes,
    pieces: AsyncIterable[bytes],
    *,
    tried: str,
    offset: int = 0,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write pieces into an open file, one behind the other.

    Args:
        session: The session.
        handle: The file.
        pieces: What is written, in pieces of any size.
        tried: What is tried, in words.
        offset: Where to begin.
        progress: Told after each piece how many bytes the server has.

    Returns:
        How many bytes were written.
    """
    begin = offset
    asked: deque[_Asked] = deque()

    async def settle(left: int) -> None:
        while len(asked) > left:
            request = asked.popleft()
            session.written(await request.reply, tried=tried)
            if progress is not None:
                progress(request.offset + request.count - begin)

    try:
        async for piece in pieces:
            for part in _parts(piece):
                await settle(WINDOW - 1)
                reply = await session.submit_write(handle, offset, part, tried=tried)
                asked.append(_Asked(offset, len(part), reply))
                offset += len(part)
        await settle(0)
    finally:
        for request in asked:
            request.reply.cancel()
    return offset - begin


def _parts(piece: bytes) -> Iterator[bytes]:
    if len(piece) <= PIECE:
        if piece:
            yield piece
        return
    view = memoryview(piece)
    for start in range(0, len(piece), PIECE):
        yield bytes(view[start : start + PIECE])
