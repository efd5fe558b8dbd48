"""A server on a unix socket that answers with prepared bytes, right or wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.transport import Transport

SILENCE = b""
"""Stands for an answer that never comes."""


def http(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@asynccontextmanager
async def transport_to(
    folder: Path, *answers: bytes
) -> AsyncIterator[tuple[Transport, list[bytes]]]:
    """A transport to a server that gives each answer once and then cuts the link.

    Yields the transport and the list of the requests' heads as they come.
    """
    left = list(answers)
    heads: list[bytes] = []
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            answer = left.pop(0)
            if answer is SILENCE:
                await over.wait()
            writer.write(answer)
            await writer.drain()
        finally:
            writer.close()

    path = folder / "unix.socket"
    server = await asyncio.start_unix_server(serve, path)
    transport = Transport(Endpoint(socket=path))
    try:
        yield transport, heads
    finally:
        over.set()
        await transport.aclose()
        server.close()
        await server.wait_closed()
