"""Handing on what two servers send each other in a migration."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from lxdtui.api.operations import OperationCalls
from lxdtui.api.shielded import to_the_end
from lxdtui.errors import UnexpectedResponse
from lxdtui.model.refs import OperationRef

__all__ = ["relay", "secrets_of"]

_LARGEST_MESSAGE = 16 << 20
"""Bytes; the servers send some 32 KiB at a time."""


def secrets_of(metadata: Mapping[str, object], *, tried: str) -> dict[str, str]:
    """Read the secrets of the websockets of an operation, by the name of the socket.

    Raises:
        UnexpectedResponse: There are none, or they are no text.
    """
    secrets = {name: value for name, value in metadata.items() if isinstance(value, str) and value}
    if "control" not in secrets:
        raise UnexpectedResponse(tried, "the operation has no websockets")
    return secrets


async def relay(
    source: OperationCalls,
    source_operation: OperationRef,
    source_secrets: Mapping[str, str],
    target: OperationCalls,
    target_operation: OperationRef,
    target_secrets: Mapping[str, str],
    *,
    tried: str,
) -> None:
    """Connect to both ends and hand on frames until all sockets have ended.

    Text frames stay text frames: they mark the ends of streams. What one end
    sends is read only as fast as the other end takes it.

    Args:
        source: The server that has the instance.
        source_operation: Its operation.
        source_secrets: Secrets by socket.
        target: The server that gets it.
        target_operation: Its operation.
        target_secrets: Secrets by socket; these sockets are used.
        tried: What is tried, in words.

    Raises:
        ConnectionFailed: A socket could not be opened.
        ApiError: A server refused a socket.
        UnexpectedResponse: The source lacks a socket that the target has.
    """
    pairs: list[tuple[ClientConnection, ClientConnection]] = []

    async def connect() -> None:
        for name in sorted(target_secrets, key=lambda name: (name != "control", name)):
            if name not in source_secrets:
                raise UnexpectedResponse(tried, f"the source has no websocket {name!r}")
            ends = []
            for calls, operation, secret in (
                (source, source_operation, source_secrets[name]),
                (target, target_operation, target_secrets[name]),
            ):
                socket = await calls.websocket(
                    operation, secret, tried=tried, max_size=_LARGEST_MESSAGE
                )
                stack.push_async_callback(socket.close)
                ends.append(socket)
            pairs.append((ends[0], ends[1]))

    async with AsyncExitStack() as stack:
        # Where the target has only some of its sockets, LXD waits ten seconds for the rest.
        await to_the_end(connect())
        async with asyncio.TaskGroup() as group:
            for one, other in pairs:
                group.create_task(_forward(one, other))
                group.create_task(_forward(other, one))


async def _forward(giver: ClientConnection, taker: ClientConnection) -> None:
    try:
        async for frame in giver:
            await taker.send(frame)
    except ConnectionClosed:
        # How it went is told by the operations; the servers end without a goodbye.
        pass
    finally:
        await taker.close()
