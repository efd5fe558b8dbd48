"""SFTP on an upgraded connection."""

import asyncio
from typing import TYPE_CHECKING, cast

from aiohttp import hdrs, web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.replies import ApiError
from lxdtui.demo.routes.common import get_instance, route
from lxdtui.demo.sftp_session import BadPacketError, SftpServerSession
from lxdtui.demo.world import Instance

if TYPE_CHECKING:
    from aiohttp._websocket.reader import WebSocketReader


class SftpRoutes:
    """The handler of ``/1.0/instances/NAME/sftp``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [route("GET", "/1.0/instances/{name}/sftp", self.connect)]

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """``GET``: from the answer on, both sides speak SFTP."""
        instance = get_instance(self._daemon, request)
        if request.headers.get(hdrs.UPGRADE) != "sftp":
            raise ApiError(400, "Missing or invalid upgrade header")
        response = web.StreamResponse(
            status=101, headers={hdrs.UPGRADE: "sftp", hdrs.CONNECTION: "Upgrade"}
        )
        response.force_close()
        await response.prepare(request)
        transport = request.transport
        if transport is None:
            return response
        session = SftpServerSession(
            lambda: self._files(instance), self._daemon.clock.now, transport.write
        )
        receiver = _Receiver(session)
        # aiohttp gives everything that comes from now on to a parser, as it does for websockets.
        request.protocol.set_parser(cast("WebSocketReader", receiver))
        await receiver.ended
        return response

    def _files(self, instance: Instance) -> FileSystem:
        """The files of an instance; of a deleted one nothing is left."""
        if self._daemon.world.instance(instance.project, instance.name) is instance:
            return self._daemon.filesystem(instance)
        return FileSystem()


class _Receiver:
    """Hands what comes to a session, until the connection ends."""

    def __init__(self, session: SftpServerSession) -> None:
        self._session = session
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the connection has ended."""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """Take bytes; say whether they were the last that can be understood."""
        try:
            self._session.feed(data)
        except BadPacketError:
            self.feed_eof()
            return True, b""
        return False, b""

    def feed_eof(self) -> None:
        """Take note of the end."""
        if not self.ended.done():
            self.ended.set_result(None)

    def set_exception(self, error: BaseException) -> None:  # noqa: ARG002 - as parsers have it
        """Take note of an end that was not clean."""
        self.feed_eof()
