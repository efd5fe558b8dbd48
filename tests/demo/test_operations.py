"""Operations, their waiting and ending, and the events about them."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient


async def test_operation_passes_through_its_states(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1")
    events = await api.events("type=operation")
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": "freeze"})
    assert operation["status"] == "Success"
    assert operation["resources"] == {"instances": ["/1.0/instances/c1"]}
    seen = [(await events.next())["metadata"] for _ in range(3)]
    assert [item["status"] for item in seen] == ["Pending", "Running", "Success"]
    assert {item["id"] for item in seen} == {operation["id"]}


async def test_failure_is_an_operation_object(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Stopped")
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": "stop"})
    assert (operation["status"], operation["status_code"]) == ("Failure", 400)
    assert operation["err"] == "The instance is already stopped"


async def test_wait_with_timeout_gives_the_running_operation(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1")
    body = await api.body("POST", "/1.0/instances/c1/exec", {"command": ["sleep", "60"]})
    waited = await api.body("GET", f"{body['operation']}/wait?timeout=0")
    assert (waited["type"], waited["metadata"]["status"]) == ("sync", "Running")
    listed = await api.get("/1.0/operations")
    assert listed == {"running": [body["operation"]]}
    assert (await api.get("/1.0/operations?recursion=1"))["running"][0]["class"] == "task"


async def test_finished_operation_vanishes(tmp_path: Path) -> None:
    path = tmp_path / "unix.socket"
    async with (
        DemoServer(path, fleet="empty", pace=0, operation_retention=0.0) as demo,
        PlainClient(path) as api,
    ):
        demo.add_instance("c1", "Stopped")
        body = await api.body("PUT", "/1.0/instances/c1/state", {"action": "start"})
        async with asyncio.timeout(5):
            while (await api.http.get(body["operation"])).status_code != 404:
                pass
        assert (await api.body("GET", f"{body['operation']}/wait"))[
            "error"
        ] == "Operation not found"


async def test_cancel_is_refused_for_what_cannot_be_cancelled(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1")
    body = await api.body("POST", "/1.0/instances/c1/exec", {"command": ["sleep", "60"]})
    refused = await api.body("DELETE", body["operation"])
    assert (refused["error_code"], refused["error"]) == (400, "This operation can't be cancelled")
    finished = await api.run("PUT", "/1.0/instances/c1/state", {"action": "freeze"})
    refused = await api.body("DELETE", f"/1.0/operations/{finished['id']}")
    assert refused["error"] == "Only running operations can be cancelled"


async def test_download_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "unix.socket"
    async with DemoServer(path, fleet="empty", pace=50), PlainClient(path) as api:
        source = {
            "type": "image",
            "mode": "pull",
            "protocol": "simplestreams",
            "server": "https://images.example.org",
            "alias": "debian/13",
        }
        body = await api.body("POST", "/1.0/instances", {"name": "c1", "source": source})
        async with asyncio.timeout(5):
            while not (await api.get(body["operation"]))["may_cancel"]:
                pass
        assert (await api.body("DELETE", body["operation"]))["metadata"] == {}
        operation = await api.get(f"{body['operation']}/wait")
        assert (operation["status"], operation["err"]) == ("Failure", "context canceled")
        assert await api.get("/1.0/instances") == []


async def test_download_shows_progress_and_caches_the_image(api: PlainClient) -> None:
    events = await api.events("type=operation")
    source = {
        "type": "image",
        "mode": "pull",
        "protocol": "simplestreams",
        "server": "https://images.example.org",
        "alias": "debian/13",
    }
    operation = await api.run("POST", "/1.0/instances", {"name": "c1", "source": source})
    assert operation["status"] == "Success"
    keys: set[str] = set()
    status = ""
    while status != "Success":
        metadata = (await events.next())["metadata"]
        keys |= set(metadata["metadata"] or {})
        status = metadata["status"]
    assert {"download_progress", "create_instance_from_image_unpack_progress"} <= keys
    images = await api.get("/1.0/images?recursion=1")
    assert [image["properties"]["os"] for image in images if image["cached"]] == ["Debian"]


async def test_injected_failure_of_an_operation(demo: DemoServer, api: PlainClient) -> None:
    demo.add_instance("c1", "Stopped")
    demo.fail_operation("Starting instance", "no more processes")
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert operation["err"] == "no more processes"
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": "start"})
    assert operation["status"] == "Success"


@pytest.mark.parametrize(
    ("status", "action", "options", "event"),
    [
        ("Stopped", "start", {}, "instance-started"),
        ("Running", "stop", {"timeout": 30}, "instance-shutdown"),
        ("Running", "stop", {"force": True}, "instance-stopped"),
        ("Running", "stop", {"timeout": 0}, "instance-stopped"),
        ("Running", "restart", {"timeout": 30}, "instance-restarted"),
        ("Running", "freeze", {}, "instance-paused"),
        ("Frozen", "unfreeze", {}, "instance-resumed"),
    ],
)
async def test_each_action_has_its_one_event(
    demo: DemoServer,
    api: PlainClient,
    status: str,
    action: str,
    options: dict[str, Any],
    event: str,
) -> None:
    demo.add_instance("c1", status)
    events = await api.events("type=lifecycle")
    operation = await api.run("PUT", "/1.0/instances/c1/state", {"action": action, **options})
    assert operation["status"] == "Success"
    demo.emit_lifecycle("marker", "/1.0")
    assert await events.next_action() == (event, "/1.0/instances/c1")
    assert await events.next_action() == ("marker", "/1.0")


async def test_events_keep_to_types_and_projects(demo: DemoServer, api: PlainClient) -> None:
    staging = await api.events("type=lifecycle&project=staging")
    everything = await api.events("type=lifecycle&all-projects=true")
    demo.add_instance("a", "Stopped")
    demo.add_instance("b", "Stopped", project="staging")
    assert await staging.next_action() == (
        "instance-created",
        "/1.0/instances/b?project=staging",
    )
    assert await everything.next_action() == ("instance-created", "/1.0/instances/a")
    assert (await everything.next())["project"] == "staging"


async def test_bad_event_requests(api: PlainClient) -> None:
    for query in ("type=gossip", "type=lifecycle&project=nope"):
        with pytest.raises(InvalidStatus) as caught:
            await api.events(query)
        assert caught.value.response.status_code == 500
    plain = await api.http.get("/1.0/events")
    assert (plain.status_code, plain.text) == (400, "Bad Request\n")


async def test_dropped_events_end_without_a_close_frame(demo: DemoServer, api: PlainClient) -> None:
    events = await api.events()
    demo.drop_events()
    with pytest.raises(ConnectionClosed):
        await events.next()
    assert events.socket.close_code == 1006


async def test_changes_made_outside_are_announced(demo: DemoServer, api: PlainClient) -> None:
    events = await api.events("type=lifecycle")
    demo.add_instance("c1", "Frozen")
    demo.set_state("c1", "Stopped")
    demo.configure_instance("c1", description="new")
    demo.remove_instance("c1")
    actions = [(await events.next_action())[0].removeprefix("instance-") for _ in range(6)]
    assert actions == ["created", "started", "paused", "shutdown", "updated", "deleted"]
