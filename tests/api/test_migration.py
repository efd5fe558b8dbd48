"""What is known before a migration, what is sent, and what is handed on."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from websockets.asyncio.server import ServerConnection, unix_serve

from lxdtui.api import relay as relay_module
from lxdtui.api.connection import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import (
    MigrationMode,
    MigrationOptions,
    possible_modes,
    target_body,
)
from lxdtui.api.operations import OperationCalls
from lxdtui.api.relay import relay, secrets_of
from lxdtui.api.transport import Transport
from lxdtui.errors import ApiError, LxdTuiError, OperationFailed, ServerError, UnexpectedResponse
from lxdtui.model.refs import InstanceRef, OperationRef
from tests.model.samples import an_instance

Handler = Callable[[str, ServerConnection], Awaitable[None]]

_NAMES = ("control", "fs")


@asynccontextmanager
async def _server(path: Path, handler: Handler) -> AsyncIterator[OperationCalls]:
    """A server whose operations have websockets that a handler serves, by their secret."""

    async def serve(socket: ServerConnection) -> None:
        assert socket.request
        await handler(socket.request.path.partition("secret=")[2], socket)

    async with unix_serve(serve, str(path), max_size=None, compression=None, close_timeout=0.2):
        transport = Transport(Endpoint(socket=path))
        try:
            yield OperationCalls(transport, remote=path.stem)
        finally:
            await transport.aclose()


@asynccontextmanager
async def _pair(
    folder: Path, source: Handler, target: Handler
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    async with (
        _server(folder / "source", source) as giver,
        _server(folder / "target", target) as taker,
    ):
        secrets = {name: name for name in _NAMES}

        async def run() -> None:
            await relay(
                giver,
                OperationRef("source", "1"),
                secrets,
                taker,
                OperationRef("target", "2"),
                secrets,
                tried="migrate web1",
            )

        yield run


async def _until_closed(socket: ServerConnection) -> list[str | bytes]:
    return [frame async for frame in socket]


async def test_frames_keep_their_type_and_order(tmp_path: Path) -> None:
    frames: list[str | bytes] = ["", b"", b"\x00\xff" * 100, "grün", b"a" * 200_000, "", "end"]
    seen: dict[str, list[str | bytes]] = {}

    async def source(name: str, socket: ServerConnection) -> None:
        for frame in frames:
            await socket.send(frame)
        assert await socket.recv() == f"thanks, {name}"

    async def target(name: str, socket: ServerConnection) -> None:
        seen[name] = [await socket.recv() for _ in frames]
        await socket.send(f"thanks, {name}")
        await socket.wait_closed()

    async with _pair(tmp_path, source, target) as run:
        await asyncio.wait_for(run(), 5)
    assert seen == {"control": frames, "fs": frames}


@pytest.mark.parametrize("closing", ["source", "target"])
@pytest.mark.parametrize("abruptly", [False, True])
async def test_end_of_one_side_is_the_end_of_the_other(
    tmp_path: Path, closing: str, abruptly: bool
) -> None:
    ended: list[str] = []

    async def close(name: str, socket: ServerConnection) -> None:
        if abruptly:
            socket.transport.abort()
        else:
            await socket.close()

    async def stay(name: str, socket: ServerConnection) -> None:
        await socket.wait_closed()
        ended.append(name)

    source, target = (close, stay) if closing == "source" else (stay, close)
    async with _pair(tmp_path, source, target) as run:
        await asyncio.wait_for(run(), 5)
    assert sorted(ended) == ["control", "fs"]


async def test_what_is_not_taken_is_not_read(tmp_path: Path) -> None:
    given = 0
    stuck = asyncio.Event()
    over = asyncio.Event()

    async def source(name: str, socket: ServerConnection) -> None:
        nonlocal given
        if name == "control":
            await socket.wait_closed()
            return
        piece = os.urandom(1 << 16)
        for _ in range(4000):
            try:
                await asyncio.wait_for(socket.send(piece), 0.5)
            except TimeoutError:
                break
            given += len(piece)
        stuck.set()
        await socket.wait_closed()

    async def target(name: str, socket: ServerConnection) -> None:
        await over.wait()

    async with _pair(tmp_path, source, target) as run:
        running = asyncio.ensure_future(run())
        await asyncio.wait_for(stuck.wait(), 10)
        running.cancel()
        over.set()
        await asyncio.gather(running, return_exceptions=True)
    assert 0 < given < 32 << 20, "of 250 MB"


async def test_message_that_is_too_large_ends_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "_LARGEST_MESSAGE", 1000)
    got: list[str | bytes] = []

    async def source(name: str, socket: ServerConnection) -> None:
        await socket.send(b"x" * 1001)
        await socket.wait_closed()

    async def target(name: str, socket: ServerConnection) -> None:
        got.extend(await _until_closed(socket))

    async with _pair(tmp_path, source, target) as run:
        await asyncio.wait_for(run(), 5)
    assert got == []


async def test_socket_that_the_source_lacks_is_unexpected() -> None:
    never = cast("OperationCalls", None)
    ref = OperationRef("r", "1")
    with pytest.raises(UnexpectedResponse, match="control"):
        await relay(never, ref, {"fs": "x"}, never, ref, {"control": "y"}, tried="migrate web1")


async def test_refused_socket_closes_the_others(tmp_path: Path) -> None:
    ended: list[str] = []

    async def source(name: str, socket: ServerConnection) -> None:
        await socket.wait_closed()
        ended.append(name)

    async with _server(tmp_path / "source", source) as giver:
        transport = Transport(Endpoint(socket=tmp_path / "nobody"))
        taker = OperationCalls(transport, remote="target")
        ref, secrets = OperationRef("r", "1"), {"control": "control"}
        with pytest.raises(ApiError, match="migrate web1"):
            await relay(giver, ref, secrets, taker, ref, secrets, tried="migrate web1")
        await transport.aclose()
    assert ended == ["control"]


@pytest.mark.parametrize("metadata", [{}, {"fs": "x"}, {"control": ""}, {"control": 7}])
def test_operation_without_sockets_is_unexpected(metadata: dict[str, object]) -> None:
    with pytest.raises(UnexpectedResponse):
        secrets_of(metadata, tried="migrate web1")


def _connection(link: str) -> Connection:
    return Connection(Endpoint.parse(link, verify=False))


@pytest.mark.parametrize(
    ("source", "target", "modes"),
    [
        ("https://a", "https://b", ["pull", "push", "relay"]),
        ("https://a", "/b", ["pull", "relay"]),
        ("/a", "https://b", ["push", "relay"]),
        ("/a", "/b", ["relay"]),
    ],
)
async def test_links_decide_on_the_mode(source: str, target: str, modes: list[str]) -> None:
    ends = [_connection(source), _connection(target)]
    assert possible_modes(*ends) == tuple(map(MigrationMode, modes))
    for end in ends:
        await end.aclose()


def test_keys_about_the_old_server_stay_there() -> None:
    config = {
        "user.note": "x",
        "volatile.base_image": "abc",
        "volatile.eth0.hwaddr": "00:16:3e:00:00:01",
        "volatile.eth0.host_name": "veth1",
        "volatile.last_state.power": "RUNNING",
        "volatile.last_state.ready": "false",
        "volatile.uuid.generation": "1",
    }
    devices = {"root": {"type": "disk", "path": "/", "pool": "p"}}
    instance = an_instance(config=config, devices=devices, profiles=("a", "b"), description="d")
    kept = target_body(instance, "new", MigrationOptions())
    assert kept["config"] == {key: config[key] for key in list(config)[:3]}
    assert (kept["name"], kept["profiles"], kept["description"]) == ("new", ["a", "b"], "d")
    assert kept["devices"] == devices
    fresh: Any = target_body(instance, "new", MigrationOptions(keep_addresses=False))
    assert set(fresh["config"]) == {"user.note", "volatile.base_image"}


class _Attempts(Migration):
    """Fails in a way that is given for each mode, else succeeds."""

    failures: dict[MigrationMode, LxdTuiError]
    tried: list[MigrationMode]

    async def check(self) -> list[Any]:
        return []

    async def _attempt(self, mode: MigrationMode) -> None:
        self.tried.append(mode)
        if mode in self.failures:
            raise self.failures[mode]


def _attempts(failures: dict[MigrationMode, LxdTuiError]) -> _Attempts:
    ends = [_connection("https://a:8443"), _connection("https://b:8443")]
    ref = InstanceRef("a", "default", "web")
    attempts = _Attempts(ends[0], ref, ends[1], project="default", options=MigrationOptions())
    attempts.failures, attempts.tried = failures, []
    return attempts


async def test_what_cannot_be_reached_one_way_is_tried_the_others() -> None:
    attempts = _attempts(
        {
            MigrationMode.PULL: OperationFailed("migrate", "Unable to connect to: b:8443"),
            MigrationMode.PUSH: ServerError("migrate", "Unable to connect to: b", status=500),
        }
    )
    await attempts.carry_out()
    assert attempts.tried == [MigrationMode.PULL, MigrationMode.PUSH, MigrationMode.RELAY]


async def test_any_other_failure_is_told_at_once() -> None:
    attempts = _attempts({MigrationMode.PULL: ServerError("migrate", "no space", status=500)})
    with pytest.raises(ServerError, match="no space"):
        await attempts.carry_out()
    assert attempts.tried == [MigrationMode.PULL]
