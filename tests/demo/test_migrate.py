"""Containers on their way from one demo server to another, handed on by the test."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from lxdtui.demo import DemoServer
from tests.demo.migrating import (
    CUT,
    FAILED,
    LARGEST_FRAME,
    TAKE,
    Relay,
    connect,
    give,
    migrate,
    names,
    outcome,
    take,
    wish,
)
from tests.demo.plain_client import PlainClient


async def test_operations_look_as_those_of_lxd(
    api: PlainClient, far: PlainClient, filled: str
) -> None:
    source, target = await give(api), await take(far)
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
    assert await names(far) == ["c1"]


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
    relay, *outcomes = await migrate(
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
    giving = {"instance_only": asked == "source"}
    source = TAKE | {"instance_only": asked == "target"}
    relay, *outcomes = await migrate(api, far, giving=giving, source=source)
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
    refused = await far.body("POST", "/1.0/instances", wish(TAKE | {"live": True}))
    assert refused["error_code"] == 500
    assert refused["error"].endswith("CRIU isn't installed on the destination server")
    assert await names(far) == []
    _, *outcomes = await migrate(api, far)
    assert outcomes == [("Success", ""), ("Success", "")]
    assert (await api.get("/1.0/instances/c1"))["status"] == "Running"
    assert (await far.get("/1.0/instances/c1"))["status"] == "Stopped"


async def test_taken_name_is_refused_at_once(there: DemoServer, far: PlainClient) -> None:
    there.add_instance("c1", "Running")
    refused = await far.body("POST", "/1.0/instances", wish())
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
    operation = await take(far, source={"type": "migration", "mode": "pull", **end})
    assert operation["class"] == "task"
    assert await outcome(far, operation) == ("Failure", FAILED + words)
    assert await names(far) == []


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (wish(TAKE | {"mode": "throw"}), 501, 'Mode "throw" not implemented'),
        (wish() | {"architecture": "s390x"}, 400, "Architecture isn't supported: s390x"),
        (wish() | {"architecture": None}, 400, "Architecture isn't supported: "),
    ],
)
async def test_wish_that_cannot_be_met_is_refused_at_once(
    far: PlainClient, body: dict[str, Any], code: int, words: str
) -> None:
    refused = await far.body("POST", "/1.0/instances", body)
    assert (refused["error_code"], refused["error"]) == (code, words)
    assert await names(far) == []


@pytest.mark.parametrize("operation", [7, "https://[", "https://h:99999999/"])
async def test_address_may_be_anything(far: PlainClient, operation: Any) -> None:
    source = {"type": "migration", "mode": "pull", "operation": operation}
    ended = await outcome(far, await take(far, source=source))
    assert ended[1].startswith(f"{FAILED}Unable to connect to: ")


async def test_both_give_up_where_nobody_connects(tmp_path: Path) -> None:
    words = "Timed out waiting for migration connections"
    socket = tmp_path / "hasty.socket"
    async with (
        DemoServer(socket, fleet="empty", pace=0, websocket_timeout=0.1) as hasty,
        PlainClient(socket) as api,
    ):
        hasty.add_instance("c1", "Stopped")
        source, target = await give(api), await take(api, name="c2")
        assert await names(api) == ["c1", "c2"]
        assert await outcome(api, source) == ("Failure", words)
        assert await outcome(api, target) == ("Failure", FAILED + words)
        assert await names(api) == ["c1"]


async def test_one_socket_of_two_is_not_enough(tmp_path: Path) -> None:
    socket = tmp_path / "hasty.socket"
    async with (
        DemoServer(socket, fleet="empty", pace=0, websocket_timeout=0.5) as hasty,
        PlainClient(socket) as api,
    ):
        hasty.add_instance("c1", "Stopped")
        source = await give(api)
        path = f"/1.0/operations/{source['id']}/websocket?secret="
        alone = await api.connect(path + source["metadata"]["control"])
        status, error = await outcome(api, source)
        assert (status, error) == ("Failure", "Timed out waiting for migration connections")
        with pytest.raises(ConnectionClosed):
            await alone.recv()


async def test_wrong_secret_and_second_connection_are_refused(
    api: PlainClient, far: PlainClient
) -> None:
    target = await take(far)
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
    source, target = await give(api), await take(far)
    relay = Relay()
    ends = await connect(api, source), await connect(far, target)
    running = asyncio.create_task(relay.run(*ends))
    await relay.seen.wait()
    answer = await api.body("DELETE", f"/1.0/operations/{source['id']}")
    assert answer["status_code"] == 200
    await running
    assert await outcome(api, source) == ("Failure", "context canceled")
    assert await outcome(far, target) == ("Failure", FAILED + CUT)
    assert await names(far) == []
    assert demo.read_file("c1", "/root/large") == bytes(32 << 20)


@pytest.mark.parametrize("name", ["control", "fs"])
@pytest.mark.parametrize("side", ["source", "target"])
async def test_cut_half_way_leaves_nothing_on_the_target(
    demo: DemoServer, api: PlainClient, far: PlainClient, filled: str, side: str, name: str
) -> None:
    demo.write_file("c1", "/root/large", bytes(32 << 20))
    source, target = await give(api), await take(far)
    relay = Relay()
    ends = {"source": await connect(api, source), "target": await connect(far, target)}
    running = asyncio.create_task(relay.run(ends["source"], ends["target"]))
    await relay.seen.wait()
    for end in (ends[side][name], *ends[side].values()):
        end.transport.abort()
    await running
    assert (await outcome(api, source))[0] == "Failure"
    assert await outcome(far, target) == ("Failure", FAILED + CUT)
    assert await names(far) == []
    assert (await api.get("/1.0/instances/c1"))["status"] == "Stopped"


async def test_deleted_while_it_arrives(api: PlainClient, far: PlainClient, filled: str) -> None:
    source, target = await give(api), await take(far)
    start = await far.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert 'Instance is busy running a "create" operation' in start["err"]
    await far.run("DELETE", "/1.0/instances/c1")
    await Relay().run(await connect(api, source), await connect(far, target))
    assert await outcome(api, source) == ("Failure", "Instance not found")
    assert await outcome(far, target) == ("Failure", f"{FAILED}Instance not found")
    assert await names(far) == []


async def test_injected_failures_leave_nothing_behind(
    demo: DemoServer, there: DemoServer, api: PlainClient, far: PlainClient, filled: str
) -> None:
    demo.fail_operation("Migrating instance", "no")
    there.fail_operation("Creating instance", "neither")
    source, target = await give(api), await take(far)
    assert await outcome(api, source) == ("Failure", "no")
    assert await outcome(far, target) == ("Failure", "neither")
    assert await names(far) == []


async def test_killed_server_has_no_half_container(
    there: DemoServer, far: PlainClient, api: PlainClient, filled: str
) -> None:
    source, target = await give(api), await take(far)
    ends = await connect(api, source), await connect(far, target)
    await there.stop()
    await Relay().run(*ends)
    assert await outcome(api, source) == ("Failure", CUT)
    await there.start()
    async with PlainClient(there.socket_path) as again:
        assert await names(again) == []
