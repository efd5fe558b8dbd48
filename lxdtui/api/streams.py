"""Bodies of any size, piece by piece, and connections that change their protocol."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.envelope import decode, decode_json, error_for
from lxdtui.api.plain_socket import open_socket
from lxdtui.api.upgrade import ask_for_upgrade
from lxdtui.errors import ConnectionFailed, UnexpectedResponse

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

    def open_socket(self) -> socket.socket:
        """Open a connection that blocks, in a thread.

        Raises:
            OSError: There is no way to the server.
        """
        return open_socket(self._endpoint, self._ssl)

    async def apart(
        self, work: Callable[[], None], stop: Callable[[], None], *, tried: str
    ) -> None:
        """Do something in a thread, which has ended when this has.

        Args:
            work: What is done there, over a connection of its own.
            stop: Makes it end soon; called where this is cancelled.
            tried: What is tried, in words.

        Raises:
            ConnectionFailed: The link broke.
        """
        task = asyncio.ensure_future(asyncio.to_thread(work))
        with self._translated(tried):
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                stop()
                await asyncio.wait({task})
                # Taken, so that asyncio does not complain that nobody did.
                task.cancelled() or task.exception()
                raise

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
