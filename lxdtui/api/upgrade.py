"""Asking a server to go on in another protocol on the same connection (RFC 9110, 7.8).

httpx cannot hand over a connection, so the request is written here, and the
answer is read up to its last byte and not further: what follows belongs to
the other protocol.
"""

import asyncio
import re

from lxdtui.api.envelope import decode, decode_json, error_for
from lxdtui.errors import ConnectionFailed, ConnectionProblem, UnexpectedResponse

__all__ = ["ask_for_upgrade"]

_SWITCHING = 101
_LONGEST_REFUSAL = 1 << 16
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?")


async def ask_for_upgrade(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    path: str,
    protocol: str,
    *,
    tried: str,
) -> None:
    """Send the request and read the answer.

    Args:
        reader: What the server sends.
        writer: What is sent to it.
        path: Path with its query, percent-encoded.
        protocol: Name of the other protocol.
        tried: What is tried, in words.

    Raises:
        ApiError: The server refused.
        ConnectionFailed: The connection ended before the answer did.
        UnexpectedResponse: The answer is no HTTP.
        OSError: The connection broke.
    """
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: lxd\r\nUser-Agent: lxdtui\r\n"
        f"Connection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n".encode("ascii")
    )
    await writer.drain()
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise UnexpectedResponse(tried, "the answer has no end of its headers") from error
    except asyncio.IncompleteReadError as error:
        raise _cut_off(tried) from error
    status_line, *lines = head[:-4].split(b"\r\n")
    matched = _STATUS_LINE.fullmatch(status_line)
    if matched is None:
        raise UnexpectedResponse(tried, f"the answer is no HTTP: {status_line[:80]!r}")
    status = int(matched[1])
    headers = _headers(lines)
    if status == _SWITCHING:
        if headers.get("upgrade", "").lower() != protocol:
            raise UnexpectedResponse(
                tried, f"the server goes on in {headers.get('upgrade')!r}, not {protocol}"
            )
        return
    body = await _refusal(reader, headers, tried)
    if body:
        decode(status, decode_json(status, body, tried=tried), tried=tried)
    if status < 400:
        raise UnexpectedResponse(tried, f"the server did not upgrade: {status}", status=status)
    raise error_for(status, "", tried=tried)


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


async def _refusal(reader: asyncio.StreamReader, headers: dict[str, str], tried: str) -> bytes:
    """Read the body of a refusal, which LXD and Incus send with its length."""
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdecimal():
        return b""
    if len(length) > 6 or int(length) > _LONGEST_REFUSAL:
        raise UnexpectedResponse(tried, f"a refusal of {length[:20]} bytes")
    try:
        return await reader.readexactly(int(length))
    except asyncio.IncompleteReadError as error:
        raise _cut_off(tried) from error


def _cut_off(tried: str) -> ConnectionFailed:
    return ConnectionFailed(
        tried, ConnectionProblem.LOST, "the connection ended before the answer did"
    )
