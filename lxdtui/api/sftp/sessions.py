"""One SFTP session per instance, kept open for a while after its last use."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lxdtui.api.sftp.link import SftpLink
from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.transport import Transport
from lxdtui.errors import ExtensionMissing, NotFound, ServerError, SessionClosed
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["IDLE_SECONDS", "SftpSessions"]

IDLE_SECONDS = 1.0
"""Seconds that a session is kept after its last use. Not longer: the servers
do not start an instance while a session is open, and LXD does not stop it.
Opening another one is cheap, as their helper process lives on for ten seconds."""

_NOT_IMPLEMENTED = 501


@dataclass(slots=True)
class _Place:
    """What is kept for one instance."""

    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    session: SftpSession | None = None
    users: int = 0
    closing: asyncio.Task[None] | None = None


class SftpSessions:
    """The SFTP sessions of one server.

    Args:
        transport: The server.
        idle_seconds: See :data:`IDLE_SECONDS`.
    """

    def __init__(self, transport: Transport, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._transport = transport
        self._idle_seconds = idle_seconds
        self._places: dict[InstanceRef, _Place] = {}
        self._is_offered = True
        self._is_closed = False

    @property
    def open_count(self) -> int:
        """How many sessions are open."""
        return sum(1 for place in self._places.values() if place.session and place.session.is_open)

    @asynccontextmanager
    async def use(self, ref: InstanceRef) -> AsyncIterator[SftpSession]:
        """Give the session of an instance, opened where there is none.

        Several users share it at the same time.

        Args:
            ref: The instance; it may be stopped.

        Raises:
            ExtensionMissing: The server has no SFTP.
            NotFound: The instance does not exist.
            ConnectionFailed: The link could not be made.
            SessionClosed: The connection to the server was closed.
            ApiError: The server refused.
        """
        if self._is_closed:
            raise SessionClosed(f"Cannot open the files of {ref.name}: the connection is closed")
        place = self._places.setdefault(ref, _Place())
        place.users += 1
        if place.closing is not None:
            place.closing.cancel()
            place.closing = None
        try:
            async with place.opening:
                session = place.session
                if session is None or not session.is_open:
                    if session is not None:
                        await session.aclose()
                    session = place.session = await self.open(ref)
            yield session
        finally:
            place.users -= 1
            if place.users == 0:
                if place.session is None or not place.session.is_open:
                    if self._places.get(ref) is place:
                        del self._places[ref]
                else:
                    place.closing = asyncio.create_task(self._close_later(ref, place))

    async def open(self, ref: InstanceRef) -> SftpSession:
        """Open a session of one's own (``GET /1.0/instances/NAME/sftp``); its user closes it.

        Raises:
            ExtensionMissing: The server has no SFTP.
            NotFound: The instance does not exist.
            ConnectionFailed: The link could not be made.
            ApiError: The server refused.
        """
        tried = f"open the files of {ref.name}"
        if not self._is_offered:
            raise ExtensionMissing(tried, "sftp")
        path = f"{ref.path}/sftp?project={quote_segment(ref.project)}"
        try:
            reader, writer = await self._transport.streams.upgrade(path, "sftp", tried=tried)
        except (NotFound, ServerError) as error:
            # No extension tells of SFTP; a server without it does not know the path.
            if error.status == _NOT_IMPLEMENTED or error.server_text.lower() == "not found":
                self._is_offered = False
                raise ExtensionMissing(tried, "sftp") from error
            raise
        link = SftpLink(reader, writer, place=self._transport.endpoint.place)
        await link.open(tried=tried)
        return SftpSession(link, label=ref.name)

    async def release(self, ref: InstanceRef) -> None:
        """Close the session of an instance now, if nobody is using it."""
        place = self._places.get(ref)
        if place is not None and place.users == 0:
            del self._places[ref]
            await _close(place)

    async def aclose(self) -> None:
        """Close all sessions, for good."""
        self._is_closed = True
        places, self._places = self._places, {}
        for place in places.values():
            await _close(place)

    async def _close_later(self, ref: InstanceRef, place: _Place) -> None:
        await asyncio.sleep(self._idle_seconds)
        place.closing = None
        if self._places.get(ref) is place:
            del self._places[ref]
        if place.session is not None:
            await place.session.aclose()


async def _close(place: _Place) -> None:
    if place.closing is not None:
        place.closing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await place.closing
        place.closing = None
    if place.session is not None:
        await place.session.aclose()
