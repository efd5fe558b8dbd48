"""Operations and the event stream."""

import asyncio
from typing import Any

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.events import EVENT_TYPES, Listener
from lxdtui.demo.replies import ApiError, recursion_depth, sync_reply
from lxdtui.demo.routes.common import project_name, route, wants_all_projects
from lxdtui.demo.sockets import bad_request, cut, open_socket

PING_INTERVAL = 10.0
"""Seconds between the pings of the server on an event socket."""


class OperationRoutes:
    """Handlers below ``/1.0/operations`` and of ``/1.0/events``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("GET", "/1.0/operations", self.list),
            route("GET", "/1.0/operations/{id}", self.get),
            route("DELETE", "/1.0/operations/{id}", self.cancel),
            route("GET", "/1.0/operations/{id}/wait", self.wait),
            route("GET", "/1.0/operations/{id}/websocket", self.websocket),
            route("GET", "/1.0/events", self.events),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /1.0/operations``: a map by lower-case status."""
        with_bodies = recursion_depth(request) > 0
        by_status: dict[str, list[Any]] = {}
        for operation in self._daemon.operations.listing(project_name(request)):
            body = operation.body()
            group = by_status.setdefault(body["status"].lower(), [])
            group.append(body if with_bodies else operation.url)
        return sync_reply(by_status)

    async def get(self, request: web.Request) -> web.Response:
        """``GET /1.0/operations/ID``."""
        return sync_reply(self._daemon.operations.get(request.match_info["id"]).body())

    async def cancel(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/operations/ID``."""
        operations = self._daemon.operations
        operations.cancel(operations.get(request.match_info["id"]))
        return sync_reply({})

    async def wait(self, request: web.Request) -> web.Response:
        """``GET /1.0/operations/ID/wait``: the operation object, finished or not."""
        operation = self._daemon.operations.get(request.match_info["id"])
        try:
            timeout = int(request.query.get("timeout") or "-1")
        except ValueError as error:
            raise ApiError(400, str(error)) from error
        try:
            async with asyncio.timeout(timeout if timeout >= 0 else None):
                await operation.finished.wait()
        except TimeoutError:
            pass
        return sync_reply(operation.body())

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """``GET /1.0/operations/ID/websocket?secret=``: one stream of a session."""
        secret = request.query.get("secret", "")
        if not secret:
            raise ApiError(400, "missing secret")
        operation = self._daemon.operations.get(request.match_info["id"])
        if operation.session is None:
            raise ApiError(500, "not a websocket operation")
        if operation.is_final:
            raise ApiError(500, "Only running operations can be connected")
        response: web.StreamResponse = await operation.session.attach(request, secret)
        return response

    async def events(self, request: web.Request) -> web.StreamResponse:
        """``GET /1.0/events``: text frames with one JSON event each."""
        listener = self._listener(request)
        socket = await open_socket(request)
        if socket is None:
            return bad_request()
        hub = self._daemon.events
        hub.add(listener)
        sender = asyncio.create_task(_send_events(socket, listener))
        reader = asyncio.create_task(_read_until_closed(socket))
        try:
            await asyncio.wait((sender, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hub.discard(listener)
            if not reader.done():
                cut(request)
            for task in (sender, reader):
                task.cancel()
            await asyncio.gather(sender, reader, return_exceptions=True)
        return socket

    def _listener(self, request: web.Request) -> Listener:
        text = request.query.get("type", "")
        types = frozenset(text.split(",")) if text else frozenset(EVENT_TYPES)
        for name in types:
            if name not in EVENT_TYPES:
                raise ApiError(500, f'"{name}" isn\'t a supported event type')
        if wants_all_projects(request):
            return Listener(types, None)
        project = project_name(request)
        if project not in self._daemon.world.projects:
            raise ApiError(500, "Project not found")
        return Listener(types, project)


async def _send_events(socket: web.WebSocketResponse, listener: Listener) -> None:
    while True:
        try:
            async with asyncio.timeout(PING_INTERVAL):
                frame = await listener.queue.get()
        except TimeoutError:
            await socket.ping()
            continue
        if frame is None:
            return
        await socket.send_str(frame)


async def _read_until_closed(socket: web.WebSocketResponse) -> None:
    async for _message in socket:
        pass
