"""Websockets the way the LXD daemon keeps them: uncompressed, and cut without a close frame."""

from aiohttp import web

MESSAGE_LIMIT = 64 * 1024 * 1024
"""Bytes of one message from a client."""


async def open_socket(
    request: web.Request, *, answer_pings: bool = True, message_limit: int = MESSAGE_LIMIT
) -> web.WebSocketResponse | None:
    """Upgrade a request to a websocket.

    Args:
        request: The request.
        answer_pings: Whether pings are answered without asking us.
        message_limit: Bytes of one message; the socket ends at a larger one.

    Returns:
        The socket, or None when the request asks for no websocket.
    """
    socket = web.WebSocketResponse(
        compress=False, max_msg_size=message_limit, autoping=answer_pings, timeout=1.0
    )
    if not socket.can_prepare(request).ok:
        return None
    await socket.prepare(request)
    return socket


def bad_request() -> web.Response:
    """The plain answer to a websocket path without an upgrade."""
    return web.Response(status=400, text="Bad Request\n")


def cut(request: web.Request) -> None:
    """Close the connection behind what was sent, without a close frame: the peer sees 1006."""
    if request.transport is not None:
        request.transport.close()
