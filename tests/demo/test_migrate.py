"""Containers on their way from one demo server to another, handed on by the test."""

import asyncio
import contextlib
import json
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient

LARGEST_FRAME = 32 * 1024
CUT = "websocket: close 1006 (abnormal closure): unexpected EOF"
FAILED = "Error transferring instance data: "
TAKE = {"type": "migration", "mode": "push"}
FORMAT = "lxdtui-demo-1"

Ends = dict[str, ClientConnection]


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[DemoServer]:
    """The server that takes."""
    async with DemoServer(tmp_path / "there.socket", seed=2, fleet="empty", pace=0) as server:
        yield server


@pytest.fixture
async def far(there: DemoServer) -> AsyncIterator[PlainClient]:
    async with PlainClient(there.socket_path) as client:
        yield client


@pytest.fixture
def filled(demo: DemoServer) -> str:
    """A stopped container with files that differ between its snapshots."""
    demo.add_instance("c1", "Stopped", config={"user.note": "größer"}, description="goes far")
    return "c1"


async def _begin(api: PlainClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.body("POST", path, body)
    assert answer["type"] == "async", answer
    operation: dict[str, Any] = answer["metadata"]
    return operation


async def _give(api: PlainClient, **options: Any) -> dict[str, Any]:
    body = {"name": "c1", "migration": True, "live": False, **options}
    return await _begin(api, "/1.0/instances/c1", body)


async def _take(far: PlainClient, *, source: Any = TAKE, **fields: Any) -> dict[str, Any]:
    return await _begin(far, "/1.0/instances", {"name": "c1", "source": source} | fields)


async def _connect(api: PlainClient, operation: dict[str, Any]) -> Ends:
    path = f"/1.0/operations/{operation['id']}/websocket?secret="
    secrets = operation["metadata"]
    return {name: await api.connect(path + secrets[name]) for name in ("control", "fs")}


async def _outcome(api: PlainClient, operation: dict[str, Any]) -> tuple[str, str]:
    ended = await api.get(f"/1.0/operations/{operation['id']}/wait?timeout=9")
    return ended["status"], ended["err"]


class Relay:
    """Hands on frames, and remembers what they were like."""

    def __init__(self) -> None:
        self.binary: list[int] = []
        self.barriers = {"there": 0, "back": 0}
        self.seen = asyncio.Event()

    async def run(self, one: Ends, other: Ends) -> None:
        async with asyncio.TaskGroup() as group:
            for name in one:
                group.create_task(self._forward(name, "there", one[name], other[name]))
                group.create_task(self._forward(name, "back", other[name], one[name]))

    async def _forward(
        self, name: str, way: str, giver: ClientConnection, taker: ClientConnection
    ) -> None:
        try:
            async for frame in giver:
                if isinstance(frame, str):
                    assert (name, frame) == ("fs", "")
                    self.barriers[way] += 1
                else:
                    self.binary.append(len(frame))
                    self.seen.set()
                await taker.send(frame)
        except ConnectionClosed:
            pass
        finally:
            await taker.close()


async def _migrate(
    api: PlainClient, far: PlainClient, *, give: Any = None, **take: Any
) -> tuple[Relay, tuple[str, str], tuple[str, str]]:
    """Migrate c1, and tell how both operations ended."""
    source, target = await _give(api, **(give or {})), await _take(far, **take)
    relay = Relay()
    await relay.run(await _connect(api, source), await _connect(far, target))
    return relay, await _outcome(api, source), await _outcome(far, target)


async def _names(api: PlainClient) -> list[str]:
    return [path.rpartition("/")[2] for path in await api.get("/1.0/instances")]


async def test_operations_look_as_those_of_lxd(
    api: PlainClient, far: PlainClient, filled: str
) -> None:
    source, target = await _give(api), await _take(far)
    for operation, description, may_cancel in (
        (source, "Migrating instance", True),
        (target, "Creating instance", False),
    ):
        assert operation["class"] == "websocket"
        assert operation["description"] == description
        assert operation["may_cancel"] is may_cancel
        assert set(operation["metadata"]) == {"control", "fs"}
        assert all(len(bytes.fromhex(secret)) == 32 for secret in operation["metadata"].values())
        assert operation["resources"]["instances"] == ["/1.0/instances/c1"]
    assert await _names(far) == ["c1"]


async def test_everything_arrives(
    demo: DemoServer, there: DemoServer, api: PlainClient, far: PlainClient, filled: str
) -> None:
    large = bytes(range(256)) * 4096
    demo.write_file("c1", "/root/note", b"before", mode=0o640, uid=7, gid=8)
    demo.write_file("c1", "/root/large", large)
    await api.run("POST", "/1.0/instances/c1/snapshots", {"name": "s0"})
    demo.write_file("c1", "/root/note", b"now")
    demo.write_file("c1", "/root/\udcff ü\n", b"odd")
    before = await api.get("/1.0/instances/c1?recursion=1")
    hardware = {"volatile.eth0.hwaddr": before["config"]["volatile.eth0.hwaddr"]}
    relay, *outcomes = await _migrate(
        api,
        far,
        config={"user.note": "größer"} | hardware,
        description="goes far",
        architecture="i686",
    )
    assert outcomes == [("Success", ""), ("Success", "")]
    assert max(relay.binary) <= LARGEST_FRAME
    assert sum(relay.binary) > 2 * len(large)
    assert relay.barriers == {"there": 2, "back": 2}
    assert await api.get("/1.0/instances/c1?recursion=1") == before
    after = await far.get("/1.0/instances/c1?recursion=1")
    assert after["status"] == "Stopped"
    assert after["description"] == "goes far"
    assert after["architecture"] == "i686"
    assert after["config"]["user.note"] == "größer"
    assert hardware.items() <= after["config"].items()
    assert after["snapshots"] == before["snapshots"]
    assert there.read_file("c1", "/root/note") == b"now"
    assert there.read_file("c1", "/root/large") == large
    assert there.read_file("c1", "/root/\udcff ü\n") == b"odd"
    assert there.read_file("c1", "/etc/passwd") == demo.read_file("c1", "/etc/passwd")
    state = await far.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert state["status"] == "Success"
    await far.run("PUT", "/1.0/instances/c1/state", {"action": "stop", "force": True})
    await far.run("PUT", "/1.0/instances/c1", {"restore": "s0"})
    assert there.read_file("c1", "/root/note") == b"before"
    answer = await far.http.get("/1.0/instances/c1/files?path=/root/note")
    assert (answer.headers["X-LXD-uid"], answer.headers["X-LXD-gid"]) == ("7", "8")
    assert answer.headers["X-LXD-mode"] == "0640"


@pytest.mark.parametrize("asked", ["source", "target"])
async def test_snapshots_stay_behind_where_one_side_asks_for_it(
    demo: DemoServer, api: PlainClient, far: PlainClient, asked: str
) -> None:
    demo.add_instance("c1", "Stopped", snapshots=2)
    give = {"instance_only": asked == "source"}
    source = TAKE | {"instance_only": asked == "target"}
    relay, *outcomes = await _migrate(api, far, give=give, source=source)
    assert outcomes == [("Success", ""), ("Success", "")]
    assert relay.barriers == {"there": 1, "back": 1}
    assert await far.get("/1.0/instances/c1/snapshots") == []


async def test_a_running_one_is_given_but_not_its_memory(
    demo: DemoServer, api: PlainClient, far: PlainClient
) -> None:
    demo.add_instance("c1", "Running")
    body = {"name": "c1", "migration": True, "live": True}
    refused = await api.body("POST", "/1.0/instances/c1", body)
    assert refused["error_code"] == 500
    assert refused["error"] == (
        "Unable to perform container live migration. CRIU isn't installed on the source server"
    )
    live = {"name": "c1", "source": TAKE | {"live": True}}
    refused = await far.body("POST", "/1.0/instances", live)
    assert refused["error_code"] == 500
    assert refused["error"].endswith("CRIU isn't installed on the destination server")
    assert await _names(far) == []
    _, *outcomes = await _migrate(api, far)
    assert outcomes == [("Success", ""), ("Success", "")]
    assert (await api.get("/1.0/instances/c1"))["status"] == "Running"
    assert (await far.get("/1.0/instances/c1"))["status"] == "Stopped"


async def test_taken_name_is_refused_at_once(there: DemoServer, far: PlainClient) -> None:
    there.add_instance("c1", "Running")
    refused = await far.body("POST", "/1.0/instances", {"name": "c1", "source": TAKE})
    assert refused["error_code"] == 500
    assert refused["error"].startswith("Failed creating instance record: ")
    assert refused["error"].endswith('This "instances" entry already exists')
    assert (await far.get("/1.0/instances/c1"))["status"] == "Running"


async def test_servers_cannot_connect_to_each_other(
    api: PlainClient, far: PlainClient, filled: str
) -> None:
    end = {"operation": "https://192.0.2.99:8443/1.0/operations/x", "secrets": {"control": "a"}}
    words = (
        "Unable to connect to: 192.0.2.99:8443"
        " ([dial tcp 192.0.2.99:8443: connect: network is unreachable])"
    )
    body = {"name": "c1", "migration": True, "target": end}
    refused = await api.body("POST", "/1.0/instances/c1", body)
    assert (refused["error_code"], refused["error"]) == (500, words)
    operation = await _take(far, source={"type": "migration", "mode": "pull", **end})
    assert operation["class"] == "task"
    assert await _outcome(far, operation) == ("Failure", FAILED + words)
    assert await _names(far) == []
    refused = await far.body(
        "POST", "/1.0/instances", {"name": "c1", "source": TAKE | {"mode": "throw"}}
    )
    assert refused["error_code"] == 501


@pytest.mark.parametrize("operation", [7, "https://[", "https://h:99999999/"])
async def test_address_may_be_anything(far: PlainClient, operation: Any) -> None:
    source = {"type": "migration", "mode": "pull", "operation": operation}
    ended = await _outcome(far, await _take(far, source=source))
    assert ended[1].startswith(f"{FAILED}Unable to connect to: ")


async def test_both_give_up_where_nobody_connects(tmp_path: Path) -> None:
    words = "Timed out waiting for migration connections"
    socket = tmp_path / "hasty.socket"
    async with (
        DemoServer(socket, fleet="empty", pace=0, websocket_timeout=0.1) as hasty,
        PlainClient(socket) as api,
    ):
        hasty.add_instance("c1", "Stopped")
        source, target = await _give(api), await _take(api, name="c2")
        assert await _names(api) == ["c1", "c2"]
        assert await _outcome(api, source) == ("Failure", words)
        assert await _outcome(api, target) == ("Failure", FAILED + words)
        assert await _names(api) == ["c1"]


async def test_one_socket_of_two_is_not_enough(tmp_path: Path) -> None:
    socket = tmp_path / "hasty.socket"
    async with (
        DemoServer(socket, fleet="empty", pace=0, websocket_timeout=0.5) as hasty,
        PlainClient(socket) as api,
    ):
        hasty.add_instance("c1", "Stopped")
        source = await _give(api)
        path = f"/1.0/operations/{source['id']}/websocket?secret="
        alone = await api.connect(path + source["metadata"]["control"])
        status, error = await _outcome(api, source)
        assert (status, error) == ("Failure", "Timed out waiting for migration connections")
        with pytest.raises(ConnectionClosed):
            await alone.recv()


async def test_wrong_secret_and_second_connection_are_refused(
    api: PlainClient, far: PlainClient
) -> None:
    target = await _take(far)
    path = f"/1.0/operations/{target['id']}/websocket?secret="
    answer = await far.http.get(f"{path}wrong%ff")
    assert (answer.status_code, answer.json()["error"]) == (500, "permission denied")
    await far.connect(path + target["metadata"]["fs"])
    second = await far.connect(path + target["metadata"]["fs"])
    with pytest.raises(ConnectionClosed):
        await second.recv()


async def test_cancelled_half_way_leaves_nothing_on_the_target(
    demo: DemoServer, api: PlainClient, far: PlainClient, filled: str
) -> None:
    demo.write_file("c1", "/root/large", bytes(32 << 20))
    source, target = await _give(api), await _take(far)
    relay = Relay()
    ends = await _connect(api, source), await _connect(far, target)
    running = asyncio.create_task(relay.run(*ends))
    await relay.seen.wait()
    answer = await api.body("DELETE", f"/1.0/operations/{source['id']}")
    assert answer["status_code"] == 200
    await running
    assert await _outcome(api, source) == ("Failure", "context canceled")
    assert await _outcome(far, target) == ("Failure", FAILED + CUT)
    assert await _names(far) == []
    assert demo.read_file("c1", "/root/large") == bytes(32 << 20)


@pytest.mark.parametrize("name", ["control", "fs"])
@pytest.mark.parametrize("side", ["source", "target"])
async def test_cut_half_way_leaves_nothing_on_the_target(
    demo: DemoServer, api: PlainClient, far: PlainClient, filled: str, side: str, name: str
) -> None:
    demo.write_file("c1", "/root/large", bytes(32 << 20))
    source, target = await _give(api), await _take(far)
    relay = Relay()
    ends = {"source": await _connect(api, source), "target": await _connect(far, target)}
    running = asyncio.create_task(relay.run(ends["source"], ends["target"]))
    await relay.seen.wait()
    for end in (ends[side][name], *ends[side].values()):
        end.transport.abort()
    await running
    assert (await _outcome(api, source))[0] == "Failure"
    assert await _outcome(far, target) == ("Failure", FAILED + CUT)
    assert await _names(far) == []
    assert (await api.get("/1.0/instances/c1"))["status"] == "Stopped"


async def test_deleted_while_it_arrives(api: PlainClient, far: PlainClient, filled: str) -> None:
    source, target = await _give(api), await _take(far)
    start = await far.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert 'Instance is busy running a "create" operation' in start["err"]
    await far.run("DELETE", "/1.0/instances/c1")
    await Relay().run(await _connect(api, source), await _connect(far, target))
    assert await _outcome(api, source) == ("Failure", "Instance not found")
    assert await _outcome(far, target) == ("Failure", f"{FAILED}Instance not found")
    assert await _names(far) == []


async def test_injected_failures_leave_nothing_behind(
    demo: DemoServer, there: DemoServer, api: PlainClient, far: PlainClient, filled: str
) -> None:
    demo.fail_operation("Migrating instance", "no")
    there.fail_operation("Creating instance", "neither")
    source, target = await _give(api), await _take(far)
    assert await _outcome(api, source) == ("Failure", "no")
    assert await _outcome(far, target) == ("Failure", "neither")
    assert await _names(far) == []


async def test_killed_server_has_no_half_container(
    there: DemoServer, far: PlainClient, api: PlainClient, filled: str
) -> None:
    source, target = await _give(api), await _take(far)
    ends = await _connect(api, source), await _connect(far, target)
    await there.stop()
    await Relay().run(*ends)
    assert await _outcome(api, source) == ("Failure", CUT)
    await there.start()
    async with PlainClient(there.socket_path) as again:
        assert await _names(again) == []


def _record(**fields: Any) -> bytes:
    content = json.dumps(fields).encode()
    return struct.pack(">I", len(content)) + content


_LOAD = _record(cores=0.1, memory=1, disk=1, processes=1, received=0, sent=0)


def _entry(depth: int, name: str, **fields: Any) -> bytes:
    plain = {"type": "directory", "mode": 0o755, "uid": 0, "gid": 0, "modified": 0, "size": 0}
    return _record(depth=depth, name=name, **(plain | {"target": ""} | fields))


_ROOT = _entry(0, "")
_FILE = {"type": "file", "size": 3}


async def _offer(far: PlainClient, *frames: bytes | str, **header: Any) -> tuple[str, str]:
    """Offer anything to a server that takes; tell how that ends."""
    target = await _take(far)
    async with AsyncExitStack() as stack:
        ends = await _connect(far, target)
        for end in ends.values():
            stack.push_async_callback(end.close)
        plain = {"format": FORMAT, "snapshots": []}
        await ends["control"].send(json.dumps(plain | header).encode())
        for frame in frames:
            await ends["fs"].send(frame)
        return await _outcome(far, target)


async def test_what_the_hostile_ones_are_made_of_would_be_taken(
    there: DemoServer, far: PlainClient
) -> None:
    file = _entry(2, "f", **_FILE)
    stream = _LOAD + _ROOT + _entry(1, "a") + file + b"123" + _entry(1, "b", **_FILE) + b"456"
    frames = [stream[at : at + 1] for at in range(len(stream))]
    assert await _offer(far, *frames, "") == ("Success", "")
    assert there.read_file("c1", "/a/f") == b"123"
    assert there.read_file("c1", "/b") == b"456"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\xff\xff\xff\xff",
        _record()[:-1],
        struct.pack(">I", 200_000) + b"[" * 200_000,
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 3) + b"\xff{}",
        _record(cores="1") + _ROOT,
        _record(cores=-1, memory=1, disk=1, processes=1, received=0, sent=0) + _ROOT,
        _LOAD + _entry(0, "", type="file"),
        _LOAD + _ROOT + _entry(0, "a"),
        _LOAD + _ROOT + _entry(2, "a"),
        _LOAD + _ROOT + _entry(1, ".."),
        _LOAD + _ROOT + _entry(1, "a/b"),
        _LOAD + _ROOT + _entry(1, "a\0"),
        _LOAD + _ROOT + _entry(1, "a" * 256),
        _LOAD + _ROOT + _entry(1, "a") + _entry(1, "a"),
        _LOAD + _ROOT + _entry(1, "a", type="socket"),
        _LOAD + _ROOT + _entry(1, "a", mode=True),
        _LOAD + _ROOT + _entry(1, "a", uid=2**32),
        _LOAD + _ROOT + _entry(1, "a", modified=float("nan")),
        _LOAD + _ROOT + _entry(1, "a", modified=10**400),
        _LOAD + _ROOT + _entry(1, "a", size=1),
        _LOAD + _ROOT + _entry(1, "a", type="file", size=2**40),
        _LOAD + _ROOT + _entry(1, "a", type="file", size=-1),
        _LOAD + _ROOT + _entry(1, "a", **_FILE) + b"12",
        _LOAD + _ROOT + b"".join(_entry(depth, "a") for depth in range(1, 300)),
    ],
)
async def test_stream_may_be_anything(far: PlainClient, stream: bytes) -> None:
    frames = [stream[at : at + LARGEST_FRAME] for at in range(0, len(stream), LARGEST_FRAME)]
    status, error = await _offer(far, *frames, "")
    assert status == "Failure"
    assert error.startswith(FAILED)
    assert "Demo server" not in error
    assert await _names(far) == []


@pytest.mark.parametrize(
    "header",
    [
        {"format": "other"},
        {"snapshots": None},
        {"snapshots": [7]},
        {"snapshots": ["a", "a"]},
        {"snapshots": ["../a"]},
        {"snapshots": [f"s{number}" for number in range(1001)]},
    ],
)
async def test_header_may_be_anything(far: PlainClient, header: dict[str, Any]) -> None:
    status, error = await _offer(far, **header)
    assert (status, error.startswith(FAILED)) == ("Failure", True)
    assert await _names(far) == []


async def test_too_large_a_frame_ends_it(far: PlainClient) -> None:
    target = await _take(far)
    ends = await _connect(far, target)
    with contextlib.suppress(ConnectionClosed):
        await ends["control"].send(bytes((1 << 20) + 1))
    assert await _outcome(far, target) == ("Failure", FAILED + CUT)
    assert await _names(far) == []


@pytest.mark.parametrize("answer", [b"\x00", b"[]", b'{"format": "other"}', "text"])
async def test_giving_to_a_stranger_fails(
    api: PlainClient, filled: str, answer: bytes | str
) -> None:
    source = await _give(api)
    ends = await _connect(api, source)
    await ends["control"].send(answer)
    status, error = await _outcome(api, source)
    assert status == "Failure"
    assert "migration" in error
