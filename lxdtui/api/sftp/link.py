"""Requests and replies of one SFTP connection.

Many requests may be under way, each known by its id; replies come in any
order. Bounds everywhere: so many requests, so long a packet, so long a
silence. A request that nobody waits for any more keeps its place until it is
answered, because the server works on it all the same.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lxdtui.api.sftp.packets import (
    Body,
    Framer,
    MalformedPacketError,
    Packet,
    Type,
    frame,
    parse_version,
    text,
)
from lxdtui.errors import (
    ConnectionFailed,
    ConnectionProblem,
    LxdTuiError,
    SessionClosed,
    UnexpectedResponse,
)

__all__ = ["REQUESTS_UNDER_WAY", "SILENCE", "SftpLink"]

REQUESTS_UNDER_WAY = 64
"""Requests that may wait for their reply. Far more of them make the servers'
helper process hang for good."""
SILENCE = 60.0
"""Seconds without a byte, while replies are due, after which the link is given up."""

_VERSION = 3
_OPENING = 15.0
_READ_BYTES = 256 * 1024
_IDS = 1 << 32


class _EndedError(Exception):
    """The link ended before the server said anything."""


@dataclass(slots=True)
class _Waiting:
    """A request that is not answered yet."""

    reply: asyncio.Future[Packet]
    tried: str
    gives_handle: bool
    """Whether a good reply makes something open that has to be closed."""


class SftpLink:
    """One SFTP connection.

    Args:
        reader: What the server sends.
        writer: What is sent to it.
        place: The server in words.
        silence: See :data:`SILENCE`.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        place: str,
        silence: float = SILENCE,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._place = place
        self._silence = silence
        self._loop = asyncio.get_running_loop()
        self._framer = Framer()
        self._slots = asyncio.Semaphore(REQUESTS_UNDER_WAY)
        self._waiting: dict[int, _Waiting] = {}
        self._next_id = 0
        self._outgoing: list[bytes] = []
        """What is sent together when everybody who has something to do now has done it."""
        self._end: Callable[[str], LxdTuiError] | None = None
        self._heard = self._loop.time()
        self._watch: asyncio.TimerHandle | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._greeting: asyncio.Future[Packet] = self._loop.create_future()
        self.extensions: Mapping[str, str] = {}
        """Extensions that the server offers, with their versions."""

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        return self._end is None

    @property
    def under_way(self) -> int:
        """How many requests are not answered yet."""
        return len(self._waiting)

    async def open(self, *, tried: str) -> None:
        """Agree on the version of the protocol.

        Raises:
            ConnectionFailed: The link broke, or no answer came in time.
            UnexpectedResponse: The other side does not speak SFTP 3.
        """
        self._receiving = asyncio.create_task(self._receive(), name=f"sftp of {self._place}")
        self._listen_for_silence()
        try:
            # The field of the id holds the version here.
            await self._send(frame(Type.INIT, _VERSION), tried=tried)
            try:
                async with asyncio.timeout(_OPENING):
                    packet = await self._greeting
            except TimeoutError as error:
                raise ConnectionFailed(
                    tried, ConnectionProblem.TIMEOUT, f"{self._place} does not begin SFTP"
                ) from error
            except _EndedError as error:
                raise self._loss(tried) from error
            self.extensions = self._read_version(packet, tried)
        except BaseException:
            await self.aclose()
            raise

    def _read_version(self, packet: Packet, tried: str) -> Mapping[str, str]:
        try:
            if packet.type != Type.VERSION:
                raise MalformedPacketError(f"packet {packet.type} instead of a version")
            version, extensions = parse_version(packet.body)
        except MalformedPacketError as error:
            raise UnexpectedResponse(
                tried, f"{self._place} does not speak SFTP: {error}"
            ) from error
        if version != _VERSION:
            raise UnexpectedResponse(tried, f"{self._place} speaks SFTP {version}, not {_VERSION}")
        return extensions

    async def submit(
        self, kind: Type, *parts: bytes, tried: str, gives_handle: bool = False
    ) -> asyncio.Future[Packet]:
        """Send a request, as soon as few enough are under way.

        Args:
            kind: The request.
            parts: Its fields, encoded.
            tried: What is tried, in words.
            gives_handle: A good reply is a handle: where nobody waits for it
                any more, it is closed again.

        Returns:
            The reply to come. It may be cancelled; then the reply is dropped.

        Raises:
            ConnectionFailed: The link is broken.
            SessionClosed: The link was closed.
        """
        await self._slots.acquire()
        if self._end is not None:
            self._slots.release()
            raise self._loss(tried)
        if not self._waiting:
            self._heard = self._loop.time()
        reply: asyncio.Future[Packet] = self._loop.create_future()
        number = self._new_id()
        self._waiting[number] = _Waiting(reply, tried, gives_handle)
        try:
            await self._send(frame(kind, number, *parts), tried=tried)
        except BaseException:
            reply.cancel()
            raise
        return reply

    async def submit_all(
        self, kind: Type, requests: Sequence[bytes], *, tried: str
    ) -> list[asyncio.Future[Packet]]:
        """Send several requests of a kind at once: at least one, as many as may be under way.

        Args:
            kind: The kind.
            requests: The encoded fields of each.
            tried: What is tried, in words.

        Returns:
            The replies to come, of the first ones.

        Raises:
            ConnectionFailed: The link is broken.
            SessionClosed: The link was closed.
        """
        replies: list[asyncio.Future[Packet]] = []
        packets: list[bytes] = []
        for fields in requests:
            if packets and self._slots.locked():
                # Waiting here with others unsent could hold up everybody for good.
                break
            await self._slots.acquire()
            if self._end is not None:
                self._slots.release()
                raise self._loss(tried)
            if not self._waiting:
                self._heard = self._loop.time()
            reply: asyncio.Future[Packet] = self._loop.create_future()
            number = self._new_id()
            self._waiting[number] = _Waiting(reply, tried, gives_handle=False)
            replies.append(reply)
            packets.append(frame(kind, number, fields))
        try:
            await self._send(b"".join(packets), tried=tried)
        except BaseException:
            for reply in replies:
                reply.cancel()
            raise
        return replies

    async def aclose(self) -> None:
        """Close the connection; whoever waits is told."""
        self._finish(lambda tried: SessionClosed(f"Cannot {tried}: the session was closed"))
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.wait([self._receiving])
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def _new_id(self) -> int:
        number = self._next_id
        while number in self._waiting:
            number = (number + 1) % _IDS
        self._next_id = (number + 1) % _IDS
        return number

    async def _send(self, packet: bytes, *, tried: str) -> None:
        self._put(packet)
        try:
            await self._writer.drain()
        except OSError as error:
            self._lose(str(error))
            raise self._loss(tried) from error

    def _put(self, packet: bytes) -> None:
        """Send a packet together with others: each sending costs more than what is sent."""
        self._outgoing.append(packet)
        if len(self._outgoing) == 1:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        packets, self._outgoing = self._outgoing, []
        if packets and self._end is None:
            self._writer.write(b"".join(packets))

    async def _receive(self) -> None:
        while self._end is None:
            try:
                data = await self._reader.read(_READ_BYTES)
            except OSError as error:
                self._lose(str(error))
                return
            if not data:
                self._lose("the connection ended")
                return
            self._heard = self._loop.time()
            try:
                for packet in self._framer.feed(data):
                    self._take(packet)
            except MalformedPacketError as error:
                self._refuse(str(error))

    def _take(self, packet: Packet) -> None:
        if not self._greeting.done():
            self._greeting.set_result(packet)
            return
        if packet.type == Type.VERSION:
            raise MalformedPacketError("a second greeting")
        waiting = self._waiting.pop(packet.id, None)
        if waiting is None:
            raise MalformedPacketError(f"an answer to the request {packet.id}, which was not made")
        if waiting.reply.cancelled() and waiting.gives_handle and packet.type == Type.HANDLE:
            # What was opened for somebody who went away is closed in its place.
            handle = Body(packet.body).string()
            number = self._new_id()
            self._waiting[number] = _Waiting(waiting.reply, waiting.tried, gives_handle=False)
            self._put(frame(Type.CLOSE, number, text(handle)))
            return
        self._slots.release()
        if not waiting.reply.done():
            waiting.reply.set_result(packet)

    def _listen_for_silence(self) -> None:
        now = self._loop.time()
        if self._waiting and now - self._heard >= self._silence:
            words = f"{self._place} was silent for {self._silence:g} s"
            self._finish(lambda tried: ConnectionFailed(tried, ConnectionProblem.TIMEOUT, words))
            return
        self._watch = self._loop.call_later(self._silence / 4, self._listen_for_silence)

    def _refuse(self, words: str) -> None:
        said = f"{self._place} does not speak SFTP: {words}"
        self._finish(lambda tried: UnexpectedResponse(tried, said))

    def _lose(self, words: str) -> None:
        said = f"{self._place}: {words}"
        self._finish(lambda tried: ConnectionFailed(tried, ConnectionProblem.LOST, said))

    def _finish(self, end: Callable[[str], LxdTuiError]) -> None:
        """End the link, once: everybody who waits gets an error of their own."""
        if self._end is not None:
            return
        self._end = end
        if self._watch is not None:
            self._watch.cancel()
        self._writer.transport.abort()
        if not self._greeting.done():
            self._greeting.set_exception(_EndedError())
            self._greeting.exception()
        waiting, self._waiting = self._waiting, {}
        for request in waiting.values():
            self._slots.release()
            if not request.reply.done():
                request.reply.set_exception(end(request.tried))
                # Looked at here, so that nobody has to.
                request.reply.exception()

    def _loss(self, tried: str) -> LxdTuiError:
        if self._end is None:
            return UnexpectedResponse(tried, f"{self._place} is still connected")
        return self._end(tried)
