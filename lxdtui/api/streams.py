"""Bodies of any size, piece by piece, and connections that change their protocol."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.envelope import decode, decode_json, error_for
from lxdtui.api.file_sending import FileSending, ShortFileError
from lxdtui.api.upgrade import ask_for_upgrade
from lxdtui.errors import BadRequest, ConnectionFailed, UnexpectedResponse

__all__ = ["Streamed", "Streams", "whole"]

_CONNECT_TIMEOUT = 5.0
_ANSWER_TIMEOUT = 30.0
_LONGEST_REFUSAL = 1 << 20
_BUFFER = 1 << 18


@dataclass(frozen=True, slots=True)
class Streamed:
    """A good answer whose body is still coming."""

    status: int
    """The HTTP status, below 400."""
    headers: Mapping[str, str]
    """The headers, whose names are lower-case."""
    pieces: AsyncGenerator[bytes, None]
    """The body."""


async def whole(pieces: AsyncIterable[bytes], limit: int, *, tried: str) -> bytes:
    """Put a body together.

    Args:
        pieces: The body.
        limit: Bytes that are accepted.
        tried: What is tried, in words.

    Raises:
        UnexpectedResponse: There is more.
    """
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > limit:
            raise UnexpectedResponse(tried, f"there are more than {limit} bytes")
    return bytes(content)


class Streams:
    """The part of :class:`~lxdtui.api.transport.Transport` for what does not end soon.

    Args:
        endpoint: Where the server is.
        http: The client for it.
        ssl_context: The TLS settings, or ``None`` for a unix socket.
        translated: Makes our exceptions of foreign ones.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        http: httpx.AsyncClient,
        ssl_context: ssl.SSLContext | None,
        translated: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._endpoint = endpoint
        self._http = http
        self._ssl = ssl_context
        self._translated = translated

    @asynccontextmanager
    async def get(
        self,
        path: str,
        *,
        tried: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Streamed]:
        """Get a body piece by piece.

        Args:
            path: Path with its query, from ``/1.0`` on, percent-encoded.
            tried: What is tried, in words.
            method: ``GET`` or ``HEAD``.
            headers: Further headers.

        Yields:
            The headers, and the body as it comes; leaving early cuts the connection.

        Raises:
            ConnectionFailed: The link could not be made.
            ApiError: The server refused.
        """
        asked = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        async with AsyncExitStack() as stack:
            with self._translated(tried):
                response = await stack.enter_async_context(
                    self._http.stream(method, path, headers=asked)
                )
            pieces = self._pieces(response, tried)
            stack.push_async_callback(pieces.aclose)
            status = response.status_code
            if status >= 400:
                try:
                    content = await whole(pieces, _LONGEST_REFUSAL, tried=tried)
                except ConnectionFailed:
                    # LXD announces the size of the file where it has no such range of it.
                    content = b""
                if content:
                    decode(status, decode_json(status, content, tried=tried), tried=tried)
                # An answer to HEAD has no words.
                raise error_for(status, "", tried=tried)
            named = {name.lower(): value for name, value in response.headers.items()}
            yield Streamed(status, named, pieces)

    async def _pieces(self, response: httpx.Response, tried: str) -> AsyncGenerator[bytes, None]:
        with self._translated(tried):
            async for piece in response.aiter_raw():
                yield piece

    async def send_file(
        self,
        path: str,
        *,
        tried: str,
        headers: Mapping[str, str],
        descriptor: int,
        offset: int,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Send a part of a file as the body of a request, past the event loop.

        Args:
            path: Path with its query, from ``/1.0`` on, percent-encoded.
            tried: What is tried, in words.
            headers: Further headers.
            descriptor: The file.
            offset: First byte.
            size: Where the part ends.
            progress: Told the offset that is reached.
            may_go: Asked from a thread: while it says no, nothing is sent.

        Raises:
            ConnectionFailed: The link broke.
            ApiError: The server refused.
            BadRequest: The file is shorter.
        """
        loop = asyncio.get_running_loop()
        sending = FileSending(
            self._endpoint,
            self._ssl,
            target=path,
            headers=headers,
            descriptor=descriptor,
            offset=offset,
            size=size,
            told=lambda reached: _tell(loop, progress, reached),
            may_go=may_go,
        )
        work = asyncio.ensure_future(asyncio.to_thread(sending.run))
        with self._translated(tried):
            try:
                status, content = await asyncio.shield(work)
            except ShortFileError as error:
                raise BadRequest(tried, f"only {error.size} of {size} bytes came") from error
            except asyncio.CancelledError:
                sending.stop()
                await asyncio.wait({work})
                # Taken, so that asyncio does not complain that nobody did.
                work.cancelled() or work.exception()
                raise
        decode(status, decode_json(status, content, tried=tried), tried=tried)

    async def upgrade(
        self, path: str, protocol: str, *, tried: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Turn a connection into one of another protocol.

        Args:
            path: Path with its query, from ``/1.0`` on, percent-encoded.
            protocol: Name of the protocol.
            tried: What is tried, in words.

        Returns:
            The two directions, from the first byte after the answer on; their
            user closes them.

        Raises:
            ConnectionFailed: The connection could not be made.
            ApiError: The server refused.
        """
        with self._translated(tried):
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                reader, writer = await self._connect()
            try:
                async with asyncio.timeout(_ANSWER_TIMEOUT):
                    await ask_for_upgrade(reader, writer, path, protocol, tried=tried)
            except BaseException:
                writer.transport.abort()
                raise
            return reader, writer

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._endpoint.socket is not None:
            return await asyncio.open_unix_connection(str(self._endpoint.socket), limit=_BUFFER)
        address = httpx.URL(self._endpoint.url)
        return await asyncio.open_connection(
            address.host, address.port, ssl=self._ssl, limit=_BUFFER
        )


def _tell(loop: asyncio.AbstractEventLoop, progress: Callable[[int], None], reached: int) -> None:
    # The loop may be gone when a thread tells something last.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(progress, reached)
