import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from websockets.asyncio.client import unix_connect
from websockets.asyncio.server import ServerConnection, unix_serve

from lxdtui.api.envelope import Accepted, Done
from lxdtui.api.exec import CommandOptions, ExecCalls, ExecSession
from lxdtui.api.instances import InstanceCalls
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import OperationFailed, SessionClosed, UnexpectedResponse
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef
from tests.model.samples import an_operation
from tests.recorded import SERVERS, metadata


@pytest.mark.parametrize(
    ("options", "body"),
    [
        (CommandOptions(), {"environment": {}}),
        (CommandOptions(environment={"A": "b"}, cwd="/"), {"environment": {"A": "b"}, "cwd": "/"}),
        (CommandOptions(user=5), {"environment": {}, "user": 5, "group": 5}),
        (CommandOptions(user=5, group=0), {"environment": {}, "user": 5, "group": 0}),
        (CommandOptions(user=0), {"environment": {}, "user": 0, "group": 0}),
        (CommandOptions(group=7), {"environment": {}, "group": 7}),
    ],
)
def test_options_as_the_api_wants_them(options: CommandOptions, body: dict[str, Any]) -> None:
    assert options.body() == body


class _Instances:
    """Answers a request for a command as it is told."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.body: dict[str, Any] = {}

    async def exec(self, _ref: InstanceRef, body: dict[str, Any]) -> Answer:
        self.body = body
        return self._answer


def _exec(operation: object, *, accepted: bool = True) -> tuple[ExecCalls, _Instances]:
    result = Accepted(cast("Any", operation)) if accepted else Done(operation)
    instances = _Instances(Answer(result, "", ""))
    transport = cast("Transport", None)
    calls = ExecCalls(
        transport, cast("InstanceCalls", instances), OperationCalls(transport, remote="r")
    )
    return calls, instances


_REF = InstanceRef("r", "p", "c1")


@pytest.mark.parametrize("server", SERVERS)
async def test_recorded_secrets_become_paths(server: str) -> None:
    operation = metadata(server, "exec-interactive")
    calls, instances = _exec(operation)
    started = await calls.start(_REF, ["sh"], interactive=True, columns=132, rows=43)
    fds = operation["metadata"]["fds"]
    base = f"/1.0/operations/{operation['id']}/websocket?secret="
    assert started.paths == {name: base + secret for name, secret in fds.items()}
    assert instances.body["wait-for-websocket"] is True
    assert (instances.body["width"], instances.body["height"]) == (132, 43)

    operation = metadata(server, "exec-websocket-noninteractive")
    calls, instances = _exec(operation)
    started = await calls.start(_REF, ["sh"], interactive=False)
    assert set(started.paths) == {"0", "1", "2", "control"}
    assert "width" not in instances.body


def _operation(fds: object) -> dict[str, Any]:
    return {"id": "a/b", "status": "x", "status_code": 103, "metadata": {"fds": fds}}


async def test_ids_and_secrets_are_quoted() -> None:
    calls, _ = _exec(_operation({"0": "x&y", "control": "#"}))
    started = await calls.start(_REF, ["sh"], interactive=True)
    assert started.paths["0"] == "/1.0/operations/a%2Fb/websocket?secret=x%26y"
    assert started.paths["control"].endswith("secret=%23")


@pytest.mark.parametrize("fds", [None, {}, [], {"0": "a"}, {"0": "a", "control": 5}])
async def test_missing_secrets_are_unexpected(fds: object) -> None:
    calls, _ = _exec(_operation(fds))
    with pytest.raises(UnexpectedResponse):
        await calls.start(_REF, ["sh"], interactive=True)


async def test_answer_without_an_operation_is_unexpected() -> None:
    calls, _ = _exec({}, accepted=False)
    with pytest.raises(UnexpectedResponse):
        await calls.start(_REF, [], interactive=True)


class _Handle:
    """An operation whose end is told by the test."""

    def __init__(self) -> None:
        self.end: asyncio.Future[Operation | None] = asyncio.get_running_loop().create_future()

    async def wait(self) -> Operation | None:
        return await self.end


class _Server:
    """The server's ends of the two sockets."""

    def __init__(self, write: Callable[[ServerConnection], Awaitable[None]] | None) -> None:
        self.handle = _Handle()
        self.seen: asyncio.Queue[tuple[str, str | bytes | None]] = asyncio.Queue()
        """Socket and frame as they come; ``None`` when the socket is closed."""
        self._write = write

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request
        name = socket.request.path.strip("/")
        if name == "data" and self._write is not None:
            await self._write(socket)
        async for frame in socket:
            self.seen.put_nowait((name, frame))
        self.seen.put_nowait((name, None))

    async def next(self) -> tuple[str, str | bytes | None]:
        return await asyncio.wait_for(self.seen.get(), 5)


@asynccontextmanager
async def _session(
    folder: Path, write: Callable[[ServerConnection], Awaitable[None]] | None = None
) -> AsyncIterator[tuple[ExecSession, _Server]]:
    server = _Server(write)
    path = str(folder / "unix.socket")
    async with unix_serve(server.serve, path):
        control = await unix_connect(path, uri="ws://x/control", close_timeout=1)
        socket = await unix_connect(path, uri="ws://x/data", close_timeout=1)
        session = ExecSession(cast("OperationHandle", server.handle), socket, control)
        try:
            yield session, server
        finally:
            await session.aclose()


async def test_output_until_its_end(tmp_path: Path) -> None:
    async def write(socket: ServerConnection) -> None:
        for frame in (b"one", b"", b"tw\xc3", "", b"never read"):
            await socket.send(frame)

    async with _session(tmp_path, write) as (session, server):
        assert await session.receive() == b"one"
        assert await session.receive() == b"tw\xc3"
        assert await session.receive() == b""
        assert await session.receive() == b""
        await session.send(b"goes nowhere")
        await session.resize(1, 1)
        await session.signal(15)
        server.handle.end.set_result(an_operation(code=200, metadata={"return": 9}))
        assert await session.exit_status() == 9
        assert (await server.next())[1] is None


async def test_input_size_and_signal_as_the_servers_want_them(tmp_path: Path) -> None:
    async with _session(tmp_path) as (session, server):
        await session.send(b"ls\n")
        assert await server.next() == ("data", b"ls\n")
        await session.resize(132, 43)
        await session.signal(2)
        commands = [await server.next() for _ in range(2)]
    assert [(name, json.loads(frame or b"")) for name, frame in commands] == [
        ("control", {"command": "window-resize", "args": {"width": "132", "height": "43"}}),
        ("control", {"command": "signal", "signal": 2}),
    ]


async def test_control_is_closed_before_the_data(tmp_path: Path) -> None:
    """Closing the data socket alone would leave an orphan behind."""
    async with _session(tmp_path) as (session, server):
        await session.aclose()
        await session.aclose()
        assert await server.next() == ("control", None)
        assert await server.next() == ("data", None)
        assert await session.receive() == b""


async def test_cut_link_is_told(tmp_path: Path) -> None:
    async def cut(socket: ServerConnection) -> None:
        await socket.send(b"some")
        socket.transport.abort()

    async with _session(tmp_path, cut) as (session, _):
        assert await session.receive() == b"some"
        with pytest.raises(SessionClosed):
            await session.receive()
        assert await session.receive() == b""


async def test_cut_link_is_told_to_the_writer_too(tmp_path: Path) -> None:
    async def cut(socket: ServerConnection) -> None:
        socket.transport.abort()

    async def write_on(session: ExecSession) -> None:
        async with asyncio.timeout(5):
            while True:
                await session.send(b"x")
                await asyncio.sleep(0)

    async with _session(tmp_path, cut) as (session, _):
        with pytest.raises(SessionClosed):
            await write_on(session)


@pytest.mark.parametrize("value", [None, "7", True, 1.5])
async def test_exit_status_that_is_none(tmp_path: Path, value: object) -> None:
    async def end(socket: ServerConnection) -> None:
        await socket.send("")

    async with _session(tmp_path, end) as (session, server):
        assert await session.receive() == b""
        server.handle.end.set_result(an_operation(code=200, metadata={"return": value}))
        assert await session.exit_status() is None


async def test_failed_operation_is_raised_with_the_exit_status(tmp_path: Path) -> None:
    async with _session(tmp_path) as (session, server):
        server.handle.end.set_exception(OperationFailed("run x", "Command not found"))
        with pytest.raises(OperationFailed, match="not found"):
            await session.exit_status()
