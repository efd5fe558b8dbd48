"""The two websockets of an operation that gives or takes an instance."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web

from lxdtui.demo.migration_stream import RECORD_LIMIT, StreamError, parse_record
from lxdtui.demo.operations import OperationFailed
from lxdtui.demo.replies import ApiError
from lxdtui.demo.sockets import bad_request, cut, open_socket

CONTROL, FILES = "control", "fs"


class LinkBroken(OperationFailed):
    """A websocket has ended before its time."""

    def __init__(self) -> None:
        super().__init__("websocket: close 1006 (abnormal closure): unexpected EOF")


class MigrationSockets:
    """Waits for the websockets, and speaks by them.

    Args:
        seconds: How long they may take to connect.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.secrets: dict[str, Any] = {name: secrets.token_hex(32) for name in (CONTROL, FILES)}
        """By the name of the socket; the metadata of the operation."""
        self._attached: dict[str, tuple[web.Request, web.WebSocketResponse]] = {}
        self._complete = asyncio.Event()
        self._over = asyncio.Event()

    async def attach(self, request: web.Request, secret: str) -> web.StreamResponse:
        """Take a websocket that a client opened, and keep it until all is over.

        Args:
            request: The upgrade request.
            secret: Secret of the socket.

        Raises:
            ApiError: 500, the secret is wrong.
        """
        names = [
            name
            for name, known in self.secrets.items()
            if secrets.compare_digest(known.encode(), secret.encode("utf-8", "replace"))
        ]
        if not names:
            raise ApiError(500, "permission denied")
        socket = await open_socket(request, message_limit=RECORD_LIMIT)
        if socket is None:
            return bad_request()
        if names[0] in self._attached or self._over.is_set():
            cut(request)
            return socket
        self._attached[names[0]] = (request, socket)
        if len(self._attached) == len(self.secrets):
            self._complete.set()
        await self._over.wait()
        return socket

    async def connected(self) -> None:
        """Wait for both.

        Raises:
            OperationFailed: They did not come in time.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await self._complete.wait()
        except TimeoutError:
            raise OperationFailed("Timed out waiting for migration connections") from None

    async def send(self, name: str, frame: bytes | str) -> None:
        """Send a binary or a text frame, as fast as the other side takes it.

        Raises:
            LinkBroken: The socket has ended.
        """
        socket = self._attached[name][1]
        try:
            if isinstance(frame, str):
                await socket.send_str(frame)
            else:
                await socket.send_bytes(frame)
        except ConnectionError:
            raise LinkBroken from None

    async def receive(self, name: str) -> bytes | str:
        """Wait for a frame: bytes, or the text of a text frame.

        Raises:
            LinkBroken: The socket has ended.
        """
        message = await self._attached[name][1].receive()
        if message.type not in {WSMsgType.BINARY, WSMsgType.TEXT}:
            raise LinkBroken
        frame: bytes | str = message.data
        return frame

    async def tell(self, record: Mapping[str, Any]) -> None:
        """Send a JSON object by the control socket.

        Raises:
            LinkBroken: The socket has ended.
        """
        await self.send(CONTROL, json.dumps(record, separators=(",", ":")).encode())

    async def hear(self) -> dict[str, Any]:
        """Wait for a JSON object on the control socket.

        Raises:
            LinkBroken: The socket has ended.
            StreamError: It is something else.
        """
        frame = await self.receive(CONTROL)
        if isinstance(frame, str):
            raise StreamError("Unexpected migration record")
        return parse_record(frame)

    def cut(self) -> None:
        """End both without a goodbye, as LXD does."""
        self._over.set()
        for request, _ in self._attached.values():
            cut(request)
