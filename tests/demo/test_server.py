"""Envelopes, unknown paths and methods, and what a test can do to the server."""

import asyncio
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient


async def test_server_describes_itself_as_lxd_5_0_2(api: PlainClient) -> None:
    server = await api.get("/1.0")
    assert server["environment"]["server"] == "lxd"
    assert server["environment"]["server_version"] == "5.0.2"
    assert server["auth"] == "trusted"
    assert "instance_get_full" in server["api_extensions"]
    assert await api.get("/") == ["/1.0"]


async def test_envelope_of_a_result_is_complete(api: PlainClient) -> None:
    body = await api.body("GET", "/1.0/instances")
    assert body == {
        "type": "sync",
        "status": "Success",
        "status_code": 200,
        "operation": "",
        "error_code": 0,
        "error": "",
        "metadata": [],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/1.0/nope", 404, "not found"),
        ("GET", "/1.0/instances/", 404, "not found"),
        ("PUT", "/1.0/operations", 501, "not implemented"),
        ("DELETE", "/1.0/instances", 501, "not implemented"),
        ("GET", "/1.0/instances/nope", 404, "Instance not found"),
        ("GET", "/1.0/instances/nope/state", 404, "Instance not found"),
        ("GET", "/1.0/instances/nope?project=nope", 404, "Instance not found"),
        ("GET", "/1.0/images/zz", 404, "Image not found"),
        ("GET", "/1.0/profiles/zz", 404, "Fetch profile: Profile not found"),
        ("GET", "/1.0/cluster/members", 500, "Server is not clustered"),
    ],
)
async def test_errors_have_the_words_of_lxd(
    api: PlainClient, method: str, path: str, status: int, error: str
) -> None:
    answer = await api.http.request(method, path)
    assert answer.status_code == status
    assert answer.json() == {
        "type": "error",
        "status": "",
        "status_code": 0,
        "operation": "",
        "error_code": status,
        "error": error,
        "metadata": None,
    }


async def test_head_is_known_for_files_only(api: PlainClient) -> None:
    assert (await api.http.head("/1.0")).status_code == 501


async def test_default_fleet_has_every_status_and_kind(tmp_path: Path) -> None:
    async with (
        DemoServer(tmp_path / "unix.socket", clock=lambda: 1_795_000_000.0),
        PlainClient(tmp_path / "unix.socket") as api,
    ):
        instances = await api.get("/1.0/instances?recursion=2")
        by_name = {instance["name"]: instance for instance in instances}
        assert len(instances) == 28
        assert {item["status_code"] for item in instances} == {102, 103, 110, 112}
        assert by_name["db-replica"]["status"] == "Error"
        assert by_name["build-arm"]["type"] == "virtual-machine"
        assert len(by_name["db-primary"]["snapshots"]) == 31
        assert len(await api.get("/1.0/instances?project=staging")) == 3
        assert len(await api.get("/1.0/instances?all-projects=true")) == 31
        assert by_name["db-primary"]["expanded_devices"]["root"]["size"] == "200GiB"
        network = by_name["web-01"]["state"]["network"]["eth0"]["addresses"]
        assert network[0] == {
            "family": "inet",
            "address": "10.20.4.11",
            "netmask": "24",
            "scope": "global",
        }


async def test_same_seed_and_clock_give_the_same_fleet(tmp_path: Path) -> None:
    seen = []
    for run in ("a", "b"):
        path = tmp_path / f"{run}.socket"
        async with (
            DemoServer(path, seed=7, clock=lambda: 1_795_000_000.0),
            PlainClient(path) as api,
        ):
            seen.append(await api.get("/1.0/instances?recursion=2"))
    assert seen[0] == seen[1]


async def test_processor_time_follows_the_clock(tmp_path: Path) -> None:
    now = 1_795_000_000.0
    path = tmp_path / "unix.socket"
    async with DemoServer(path, fleet="empty", clock=lambda: now), PlainClient(path) as api:
        server = DemoServer(tmp_path / "other.socket", fleet="empty", clock=lambda: now)
        server.add_instance("c1", cpu=0.5)
        async with server, PlainClient(server.socket_path) as other:
            assert await api.get("/1.0/instances") == []
            before = await other.get("/1.0/instances/c1/state")
            now += 600.0
            after = await other.get("/1.0/instances/c1/state")
            rate = (after["cpu"]["usage"] - before["cpu"]["usage"]) / 600e9
            assert 0.3 < rate < 0.7
            server.set_state("c1", "Frozen")
            frozen = await other.get("/1.0/instances/c1/state")
            now += 600.0
            assert await other.get("/1.0/instances/c1/state") == frozen


async def test_injected_error_answers_one_request(demo: DemoServer, api: PlainClient) -> None:
    demo.fail_next("GET", "/1.0/instances/*", 500, "disk on fire")
    assert await api.get("/1.0/instances") == []
    answer = await api.http.get("/1.0/instances/c1?recursion=1")
    assert (answer.status_code, answer.json()["error"]) == (500, "disk on fire")
    assert (await api.http.get("/1.0/instances/c1")).status_code == 404
    assert demo.requests[-2] == ("GET", "/1.0/instances/c1?recursion=1")


async def test_requests_kept_are_bounded(demo: DemoServer, api: PlainClient) -> None:
    assert demo.requests.maxlen == 1000
    await api.http.get("/1.0/images?recursion=1")
    assert demo.requests[-1] == ("GET", "/1.0/images?recursion=1")


async def test_delay_holds_answers_back(demo: DemoServer, api: PlainClient) -> None:
    demo.delay(30)
    with pytest.raises(httpx.ReadTimeout):
        await api.http.get("/1.0", timeout=0.05)
    demo.delay(0)
    await api.get("/1.0")


async def test_stop_cuts_everything_and_start_keeps_the_instances(
    demo: DemoServer, api: PlainClient
) -> None:
    demo.add_instance("c1")
    events = await api.events("type=logging")
    session = await api.execute("c1", "bash", interactive=True)
    await session.until("# ")
    await demo.stop()
    assert not demo.socket_path.exists()
    assert await session.close_code("0") == 1006
    assert await session.close_code("control") == 1006
    with pytest.raises(ConnectionClosed):
        await events.next()
    with pytest.raises(httpx.ConnectError):
        await api.http.get("/1.0")
    await demo.start()
    async with PlainClient(demo.socket_path) as again:
        assert (await again.get("/1.0/instances/c1"))["status"] == "Running"
        assert await again.get("/1.0/operations") == {}
        gone = await again.http.get(f"/1.0/operations/{session.operation['id']}")
        assert (gone.status_code, gone.json()["error"]) == (404, "Operation not found")


async def test_stop_leaves_no_task_behind(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with DemoServer(tmp_path / "unix.socket", fleet="empty") as server:
        server.add_instance("c1")
        async with PlainClient(server.socket_path) as api:
            await api.events()
            await api.execute("c1", "yes")
            await api.http.put("/1.0/instances/c1/state", json={"action": "restart"})
            await server.stop()
    assert asyncio.all_tasks() == before


async def test_socket_is_for_its_owner_only(demo: DemoServer) -> None:
    assert demo.socket_path.stat().st_mode & 0o777 == 0o600


async def test_unknown_fleet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="grand"):
        DemoServer(tmp_path / "unix.socket", fleet="grand")


async def test_fleet_of_a_number(tmp_path: Path) -> None:
    path = tmp_path / "unix.socket"
    async with DemoServer(path, fleet=300), PlainClient(path) as api:
        instances = await api.get("/1.0/instances?recursion=1")
        assert len({instance["name"] for instance in instances}) == 300
