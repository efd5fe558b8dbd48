"""Files of an instance written under another name first, by as few round trips as can be.

What a transfer needs of SFTP: small files in three round trips whose requests
go out together, large ones that can be broken off and gone on with. Renaming
over the old file comes last and alone, when all before it was answered.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass

from lxdtui.api.sftp.packets import PIECE, OpenFlag, Packet
from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.sftp.transfer import write_handle
from lxdtui.errors import LxdTuiError

__all__ = ["SMALL", "BesideWriter", "Dress"]

SMALL = 8 * PIECE
"""Bytes up to which a file is held in memory as a whole."""

_CLEANUP_SECONDS = 5.0
_PRIVATE = 0o600
_FOR_ALL = 0o044


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """Attributes that a new file gets."""

    mode: int
    """Permission bits."""
    uid: int | None = None
    """Owner; ``None`` for whoever writes, which is root in an instance."""
    gid: int | None = None
    """Group, likewise."""
    times: tuple[int, int] | None = None
    """Last read and last changed, seconds since 1970; ``None`` for now."""


class BesideWriter:
    """Writes files of one instance beside their places.

    Args:
        session: An open session.
    """

    def __init__(self, session: SftpSession) -> None:
        self._session = session

    async def put(
        self, temporary: str, path: str, data: bytes, dress: Dress, *, tried: str
    ) -> None:
        """Write a small file and rename it over what is there.

        Args:
            temporary: Its first name, in the same directory, not taken.
            path: Its name.
            data: Its content, at most :data:`SMALL` bytes.
            dress: Its attributes.
            tried: What is tried, in words.
        """
        session = self._session
        flags = OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.EXCLUSIVE
        try:
            handle = await session.open(temporary, flags)
            asked: list[asyncio.Future[Packet]] = []
            try:
                if dress.mode & _FOR_ALL != _FOR_ALL:
                    # Nobody else may read what comes.
                    asked.append(
                        await session.submit_attributes(handle, mode=_PRIVATE, tried=tried)
                    )
                    await _settle(session, asked, tried)
                for start in range(0, len(data), PIECE):
                    piece = data[start : start + PIECE]
                    asked.append(await session.submit_write(handle, start, piece, tried=tried))
                await _settle(session, asked, tried)
                await self._dress_and_close(handle, dress, tried)
            except BaseException:
                for reply in asked:
                    reply.cancel()
                await session.discard(handle)
                raise
            await self.rename(temporary, path)
        except BaseException:
            await self.clean_up(temporary)
            raise

    async def open(self, temporary: str, *, is_new: bool, tried: str) -> bytes:
        """Open a large file beside its place, for its owner's eyes alone.

        Args:
            temporary: Its first name.
            is_new: Whether it is begun anew.
            tried: What is tried, in words.

        Returns:
            Its handle, for :meth:`finish` or ``discard`` of the session.
        """
        flags = OpenFlag.WRITE | OpenFlag.CREATE
        handle = await self._session.open(temporary, flags | OpenFlag.TRUNCATE if is_new else flags)
        try:
            reply = await self._session.submit_attributes(handle, mode=_PRIVATE, tried=tried)
            self._session.written(await reply, tried=tried)
        except BaseException:
            await self._session.discard(handle)
            raise
        return handle

    async def write(
        self,
        handle: bytes,
        pieces: AsyncIterable[bytes],
        *,
        offset: int,
        tried: str,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Write pieces from an offset on; return how many bytes there were."""
        return await write_handle(
            self._session, handle, pieces, tried=tried, offset=offset, progress=progress
        )

    async def finish(
        self,
        handle: bytes,
        temporary: str,
        path: str,
        dress: Dress,
        *,
        tried: str,
        is_synced: bool,
    ) -> None:
        """Dress a large file and rename it over what is there.

        Args:
            handle: The file.
            temporary: Its first name.
            path: Its name.
            dress: Its attributes.
            tried: What is tried, in words.
            is_synced: Bring it to the disk before, where the server offers that.
        """
        try:
            if is_synced:
                await self._session.flush(handle, tried=tried)
            await self._dress_and_close(handle, dress, tried)
        except BaseException:
            await self._session.discard(handle)
            raise
        await self.rename(temporary, path)

    async def rename(self, old: str, new: str) -> None:
        """Rename over what is there, in one step where the server can."""
        if self._session.can_replace:
            await self._session.replace(old, new)
        else:
            await self._session.rename(old, new)

    async def clean_up(self, temporary: str) -> None:
        """Remove a temporary file as far as the link allows, also while being cancelled."""

        async def remove() -> None:
            with contextlib.suppress(LxdTuiError, TimeoutError):
                async with asyncio.timeout(_CLEANUP_SECONDS):
                    await self._session.remove(temporary)

        if self._session.is_open:
            await asyncio.shield(asyncio.ensure_future(remove()))

    async def read(self, path: str, size: int, *, tried: str) -> bytes:
        """Read the beginning of a small file, all requests at once.

        Args:
            path: The file, links followed.
            size: Bytes that it is said to have, at most :data:`SMALL`.
            tried: What is tried, in words.

        Returns:
            What there is of ``size`` and one byte more.
        """
        session = self._session
        handle = await session.open(path, OpenFlag.READ)
        asked: list[asyncio.Future[Packet]] = []
        content = bytearray()
        try:
            wanted = [(start, min(PIECE, size + 1 - start)) for start in range(0, size + 1, PIECE)]
            for start, count in wanted:
                asked.append(await session.submit_read(handle, start, count, tried=tried))
            for (start, count), reply in zip(wanted, asked, strict=True):
                data = session.piece(await reply, count, tried=tried)
                if start != len(content):
                    # An earlier piece was short: the file ends there.
                    break
                content += data
        finally:
            for reply in asked:
                reply.cancel()
            await session.discard(handle)
        return bytes(content)

    async def _dress_and_close(self, handle: bytes, dress: Dress, tried: str) -> None:
        session = self._session
        asked: list[asyncio.Future[Packet]] = []
        owner = (dress.uid or 0, dress.gid or 0)
        if owner != (0, 0):
            # By itself, because the servers mix up its place among other attributes,
            # and first, because a change of it clears bits of the mode.
            asked.append(await session.submit_attributes(handle, owner=owner, tried=tried))
        asked.append(
            await session.submit_attributes(handle, mode=dress.mode, times=dress.times, tried=tried)
        )
        asked.append(await session.submit_close(handle, tried=tried))
        await _settle(session, asked, tried)


async def _settle(session: SftpSession, asked: list[asyncio.Future[Packet]], tried: str) -> None:
    """Wait for all replies; the first refusal is raised."""
    try:
        for reply in asked:
            session.written(await reply, tried=tried)
    finally:
        for reply in asked:
            reply.cancel()
        asked.clear()
