"""HTTP and websockets with as little on top as tests need."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed

DEADLINE = 10.0


class PlainClient:
    """Talks to a demo server; every wait has a deadline."""

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)
        self._stack = AsyncExitStack()
        transport = httpx.AsyncHTTPTransport(uds=self._socket)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://lxd", timeout=DEADLINE)

    async def __aenter__(self) -> "PlainClient":
        await self._stack.enter_async_context(self.http)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def body(self, method: str, path: str, json_body: Any = None, **options: Any) -> Any:
        """The whole envelope."""
        return (await self.http.request(method, path, json=json_body, **options)).json()

    async def get(self, path: str) -> Any:
        """The metadata of a successful GET."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["metadata"]

    async def run(self, method: str, path: str, json_body: Any = None) -> dict[str, Any]:
        """The finished operation of an accepted request."""
        answer = await self.http.request(method, path, json=json_body)
        assert answer.status_code == 202, answer.text
        body = answer.json()
        assert answer.headers["Location"] == body["operation"]
        operation: dict[str, Any] = await self.get(f"{body['operation']}/wait?timeout=9")
        return operation

    async def connect(self, path: str) -> ClientConnection:
        """A websocket that is closed with the client."""
        socket = await unix_connect(
            self._socket,
            uri=f"ws://lxd{path}",
            ping_interval=None,
            max_size=None,
            close_timeout=1,
        )
        self._stack.push_async_callback(socket.close)
        return socket

    async def events(self, query: str = "type=operation,lifecycle") -> "Events":
        return Events(await self.connect(f"/1.0/events?{query}"))

    async def execute(self, name: str, *command: str, **options: Any) -> "Session":
        """Begin an exec session with all its sockets."""
        request = {"command": list(command), "wait-for-websocket": True, **options}
        body = await self.body("POST", f"/1.0/instances/{name}/exec", request)
        assert body["type"] == "async", body
        return Session(self, body["metadata"], await self.sockets(body["metadata"]))

    async def sockets(self, operation: Mapping[str, Any]) -> dict[str, ClientConnection]:
        fds = operation["metadata"]["fds"]
        path = f"/1.0/operations/{operation['id']}/websocket?secret="
        return {fd: await self.connect(path + secret) for fd, secret in fds.items()}


class Events:
    """An event socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(DEADLINE):
            event: dict[str, Any] = json.loads(await self.socket.recv())
            return event

    async def next_action(self) -> tuple[str, str]:
        """Action and source of the next lifecycle event."""
        while (event := await self.next())["type"] != "lifecycle":
            pass
        return event["metadata"]["action"], event["metadata"]["source"]


class Session:
    """An exec session."""

    def __init__(
        self, api: PlainClient, operation: dict[str, Any], sockets: dict[str, ClientConnection]
    ) -> None:
        self.api = api
        self.operation = operation
        self.sockets = sockets
        self._seen = b""

    async def type(self, text: str) -> None:
        await self.sockets["0"].send(text.encode())

    async def control(self, **order: Any) -> None:
        await self.sockets["control"].send(json.dumps(order))

    async def until(self, text: str) -> str:
        """Output of an interactive session up to a text, which must come."""
        wanted = text.encode()
        async with asyncio.timeout(DEADLINE):
            while wanted not in self._seen:
                frame = await self.sockets["0"].recv()
                assert isinstance(frame, bytes), f"ended, after {self._seen!r}"
                self._seen += frame
        at = self._seen.index(wanted) + len(wanted)
        found, self._seen = self._seen[:at], self._seen[at:]
        return found.decode()

    async def read(self, fd: str) -> bytes:
        """Everything up to the empty text frame that ends a stream."""
        data = b""
        async with asyncio.timeout(DEADLINE):
            while (frame := await self.sockets[fd].recv()) != "":
                assert isinstance(frame, bytes)
                data += frame
        return data

    async def rest(self) -> str:
        """Everything up to the end of an interactive session."""
        data = self._seen + await self.read("0")
        self._seen = b""
        return data.decode()

    async def close_code(self, fd: str) -> int | None:
        """How a socket ends that says nothing more."""
        async with asyncio.timeout(DEADLINE):
            try:
                frame = await self.sockets[fd].recv()
            except ConnectionClosed:
                return self.sockets[fd].close_code
        raise AssertionError(f"not closed, but {frame!r}")

    async def finish(self) -> dict[str, Any]:
        """Close stream 0 and give the finished operation."""
        await self.sockets["0"].close()
        operation: dict[str, Any] = await self.api.get(
            f"/1.0/operations/{self.operation['id']}/wait?timeout=9"
        )
        return operation

    async def status(self) -> int:
        """Exit status of the finished command."""
        status: int = (await self.finish())["metadata"]["return"]
        return status
