"""Containers on their way from one server to another."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationMode, MigrationOptions, Obstacle, possible_modes
from lxdtui.demo import DemoServer
from lxdtui.errors import (
    LxdTuiError,
    OperationCancelled,
    OperationFailed,
    PreflightFailed,
    ServerError,
)
from lxdtui.model.refs import InstanceRef
from tests.contract.backend import is_idle, output_of, until
from tests.lab import Daemon, Lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A demo server, reached as a daemon is by its unix socket."""

    name: str
    server: DemoServer

    @property
    def socket(self) -> Path:
        return self.server.socket_path


End = Daemon | Demo
Open = Callable[[End, str], Any]

WAYS = {"pull": ("https", "https"), "push": ("unix", "https"), "relay": ("unix", "unix")}
"""How the two ends are reached where a way is the one that is chosen."""
KINDS_AND_WAYS = [("demo", "relay"), *itertools.product(["lxd", "incus"], WAYS)]
"""The demo has no address for another server."""


@pytest.fixture
def opened(identity_of: Callable[[Daemon], dict[str, Any]]) -> Open:
    """Opens a client of a daemon by ``unix`` or ``https``."""

    @asynccontextmanager
    async def opened(daemon: End, link: str) -> AsyncIterator[Client]:
        if link == "unix" or isinstance(daemon, Demo):
            async with Client(str(daemon.socket), remote=daemon.name) as client:
                yield client
            return
        options = identity_of(daemon)
        async with Client(daemon.https_url, remote=daemon.name, **options) as client:
            yield client

    return opened


@pytest.fixture(params=["demo", "lxd", "incus"])
async def pair(
    request: pytest.FixtureRequest, lab: Lab, tmp_path: Path
) -> AsyncIterator[tuple[End, End]]:
    """Two servers of one kind."""
    if request.param == "demo":
        one, other = (
            DemoServer(tmp_path / f"{number}.socket", seed=number, fleet="empty", pace=0)
            for number in (1, 2)
        )
        async with one, other:
            yield Demo(name="demo", server=one), Demo(name="demo2", server=other)
        return
    first: Daemon = request.getfixturevalue(request.param)
    yield first, lab.daemon(f"{request.param}2")


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def _image_on(client: Client) -> str:
    """Alias of the image that every test may use."""
    return "busybox" if await client.images.exists("busybox", alias=True) else "alpine/3.20"


def _hardware_addresses(container: Container) -> dict[str, str]:
    return {key: value for key, value in container.config.items() if key.endswith(".hwaddr")}


async def _filled(client: Client, name: str, *, snapshots: tuple[str, ...] = ("s0", "s1")) -> Any:
    """A stopped container with a file that differs between its snapshots."""
    config = {
        "name": name,
        "source": {"type": "image", "alias": await _image_on(client)},
        "config": {"user.note": "größer", "limits.memory": "64MiB"},
        "description": "to be migrated",
        "devices": {"eth9": {"type": "nic", "nictype": "p2p", "name": "eth9"}},
    }
    container = await client.containers.create(config, wait=True)
    await container.start(wait=True)
    for snapshot in snapshots:
        await output_of(container, "sh", "-c", f"echo {snapshot} > /root/note")
        await container.snapshots.create(snapshot, wait=True)
    await output_of(container, "sh", "-c", "echo now > /root/note")
    await container.stop(force=True, wait=True)
    return container


async def _is_untouched(container: Container, *, snapshots: tuple[str, ...] = ("s0", "s1")) -> bool:
    before = (container.status, container.config, container.description)
    await container.sync()
    assert (container.status, container.config, container.description) == before
    assert [snapshot.name for snapshot in await container.snapshots.all()] == [*snapshots]
    return True


async def _nothing_goes_on(*clients: Client) -> None:
    for client in clients:
        await until(lambda client=client: is_idle(client))  # type: ignore[misc]  # bound above


@pytest.mark.parametrize(("pair", "way"), KINDS_AND_WAYS, indirect=True)
async def test_container_arrives_with_its_snapshots(
    pair: tuple[End, End], opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(pair[0], links[0]) as source, opened(pair[1], links[1]) as target:
        assert possible_modes(source.connection, target.connection)[0] == way
        container = await _filled(source, instance_name)
        arrived = await container.migrate(target, wait=True)
        assert arrived.ref.remote == pair[1].name
        assert arrived.name == instance_name
        assert arrived.status == "Stopped"
        assert arrived.config["user.note"] == "größer"
        assert arrived.config["limits.memory"] == "64MiB"
        assert _hardware_addresses(arrived) == _hardware_addresses(container) != {}
        assert container.devices.items() <= arrived.devices.items()  # Incus names the root disk.
        assert arrived.description == "to be migrated"
        assert arrived.profiles == ["default"]
        assert [snapshot.name for snapshot in await arrived.snapshots.all()] == ["s0", "s1"]
        await _nothing_goes_on(source, target)
        assert await _is_untouched(container)
        await arrived.start(wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "now\n"
        await arrived.restore_snapshot("s0", wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "s0\n"


@pytest.mark.parametrize("mode", list(MigrationMode))
async def test_mode_can_be_forced(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str, mode: MigrationMode
) -> None:
    async with opened(lxd, "https") as source, opened(lxd2, "https") as target:
        container = await _filled(source, instance_name, snapshots=())
        migration = Migration(
            source.connection,
            container.ref,
            target.connection,
            project="default",
            options=MigrationOptions(mode=mode),
        )
        await migration.carry_out()
        assert migration.mode is mode
        assert (await target.containers.get(instance_name)).status == "Stopped"


async def test_another_way_is_tried_where_the_servers_do_not_reach_each_other(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "https") as source, opened(lxd2, "unix") as target:
        container = await _filled(source, instance_name)
        # The address under which we know the source leads nowhere from the target.
        here = source.connection.endpoint
        source.connection.endpoint = replace(here, url="https://127.0.0.1:1")
        migration = Migration(
            source.connection,
            container.ref,
            target.connection,
            project="default",
            options=MigrationOptions(),
        )
        await migration.carry_out()
        assert migration.mode is MigrationMode.RELAY
        arrived = await target.containers.get(instance_name)
        assert [snapshot.name for snapshot in await arrived.snapshots.all()] == ["s0", "s1"]


async def test_from_lxd_to_incus(
    lxd: Daemon, incus: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(incus, "unix") as target:
        container = await _filled(source, instance_name)
        arrived = await container.migrate(target, wait=True)
        assert [snapshot.name for snapshot in await arrived.snapshots.all()] == ["s0", "s1"]
        await arrived.start(wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "now\n"
        assert await _is_untouched(container)


async def test_from_incus_to_lxd_goes_without_snapshots(
    lxd: Daemon, incus: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(incus, "unix") as source, opened(lxd, "unix") as target:
        container = await _filled(source, instance_name)
        with pytest.raises(PreflightFailed, match="snapshots"):
            await container.migrate(target, wait=True)
        assert not await target.containers.exists(instance_name)
        arrived = await container.migrate(target, with_snapshots=False, wait=True)
        await arrived.start(wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "now\n"
        assert await arrived.snapshots.all() == []


@pytest.mark.parametrize("way", WAYS, indirect=True)
async def test_without_wait_the_next_call_waits(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(lxd, links[0]) as source, opened(lxd2, links[1]) as target:
        container = await _filled(source, instance_name)
        arriving = await container.migrate(target)
        assert arriving.status == "Pending"
        await arriving.start(wait=True)
        assert arriving.status == "Running"
        assert await output_of(arriving, "cat", "/root/note") == "now\n"


async def test_new_name_and_new_addresses(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await _filled(source, instance_name, snapshots=())
        arrived = await container.migrate(
            target, wait=True, name=f"{instance_name}-b", keep_addresses=False
        )
        assert arrived.name == f"{instance_name}-b"
        await arrived.start(wait=True)
        key = "volatile.eth9.hwaddr"
        assert arrived.config[key] != container.config[key]


@pytest.mark.parametrize("way", WAYS, indirect=True)
async def test_move_deletes_the_source_at_last(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(lxd, links[0]) as source, opened(lxd2, links[1]) as target:
        container = await _filled(source, instance_name)
        moved = await container.move(target)
        assert [snapshot.name for snapshot in await moved.snapshots.all()] == ["s0", "s1"]
        assert not await source.containers.exists(instance_name)


async def test_incomplete_copy_is_deleted_and_the_source_stays(
    lxd: Daemon,
    lxd2: Daemon,
    opened: Open,
    instance_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await _filled(source, instance_name)

        async def none(ref: InstanceRef) -> tuple[()]:
            return ()

        monkeypatch.setattr(target.connection.instances, "snapshots", none)
        with pytest.raises(OperationFailed, match="s0, s1"):
            await container.move(target)
        assert not await target.containers.exists(instance_name)
        assert await _is_untouched(container)


async def test_move_of_a_protected_one_is_refused(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await _filled(source, instance_name)
        container.config["security.protection.delete"] = "1"
        await container.save(wait=True)
        try:
            with pytest.raises(PreflightFailed, match="protected"):
                await container.move(target)
            assert not await target.containers.exists(instance_name)
        finally:
            container.config["security.protection.delete"] = "0"
            await container.save(wait=True)


async def test_everything_that_stands_in_the_way_is_found_at_once(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    lxd.request("POST", "/1.0/profiles", {"name": f"p-{instance_name}"})
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        config = {
            "name": instance_name,
            "source": {"type": "image", "alias": "busybox"},
            "profiles": ["default", f"p-{instance_name}"],
        }
        container = await source.containers.create(config, wait=True)
        await container.start(wait=True)
        await target.containers.create(
            {"name": instance_name, "source": {"type": "none"}}, wait=True
        )
        migration = Migration(
            source.connection,
            container.ref,
            target.connection,
            project="default",
            options=MigrationOptions(mode=MigrationMode.PULL),
        )
        assert [finding.kind for finding in await migration.check()] == [
            Obstacle.MODE,
            Obstacle.RUNNING,
            Obstacle.NAME_TAKEN,
            Obstacle.PROFILE_MISSING,
        ]
        with pytest.raises(PreflightFailed) as caught:
            await container.migrate(target, mode="pull", wait=True)
        assert len(caught.value.findings) == 4
        assert f"p-{instance_name}" in caught.value.message
        await _nothing_goes_on(source, target)
        await container.delete(force=True, wait=True)
    lxd.request("DELETE", f"/1.0/profiles/p-{instance_name}")


async def test_live_migration_is_refused_in_the_words_of_the_server(
    pair: tuple[End, End], opened: Open, instance_name: str
) -> None:
    async with opened(pair[0], "unix") as source, opened(pair[1], "unix") as target:
        container = await _filled(source, instance_name, snapshots=())
        await container.start(wait=True)
        with pytest.raises((ServerError, OperationFailed), match=r"(?i)criu|live|stateful"):
            await container.migrate(target, live=True, wait=True)
        assert not await target.containers.exists(instance_name)
        await _nothing_goes_on(source, target)
        await container.sync()
        assert container.status == "Running"
        # Of a stopped one there is no memory to take along.
        await container.stop(force=True, wait=True)
        assert (await container.migrate(target, live=True, wait=True)).status == "Stopped"


async def test_running_one_is_copied_as_it_is_where_that_is_wanted(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await _filled(source, instance_name)
        await container.start(wait=True)
        arrived = await container.migrate(target, allow_running=True, wait=True)
        assert arrived.status == "Stopped"
        await container.sync()
        assert container.status == "Running"


@pytest.fixture
def doomed(lab: Lab) -> Daemon:
    """A server that tests may kill."""
    return lab.daemon("lxd3")


@pytest.mark.parametrize("way", WAYS, indirect=True)
async def test_unreachable_target_leaves_everything_as_it_was(
    lxd: Daemon, doomed: Daemon, opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(lxd, links[0]) as source, opened(doomed, links[1]) as target:
        container = await _filled(source, instance_name)
        doomed.kill()
        with pytest.raises(LxdTuiError):
            await container.migrate(target, wait=True)
        await _nothing_goes_on(source)
        assert await _is_untouched(container)


async def _heavy(
    client: Client, name: str, *, mebibytes: int = 96, demo: Demo | None = None
) -> Container:
    container = await client.containers.create(
        {"name": name, "source": {"type": "image", "alias": await _image_on(client)}}, wait=True
    )
    if demo is not None:
        demo.server.write_file(name, "/root/heavy", bytes(mebibytes << 20))
        return container
    await container.start(wait=True)
    command = f"dd if=/dev/urandom of=/root/heavy bs=1M count={mebibytes} 2>/dev/null"
    await output_of(container, "sh", "-c", command)
    await container.stop(force=True, wait=True)
    return container


@pytest.mark.parametrize("way", WAYS, indirect=True)
async def test_target_killed_half_way_leaves_the_source_untouched(
    lxd: Daemon, doomed: Daemon, opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(lxd, links[0]) as source, opened(doomed, links[1]) as target:
        container = await _heavy(source, instance_name)
        arriving = asyncio.create_task(container.migrate(target, wait=True))
        await until(lambda: target.containers.exists(instance_name))
        await asyncio.to_thread(doomed.kill)
        with pytest.raises(LxdTuiError) as caught:
            await arriving
        assert instance_name in caught.value.message
        await _nothing_goes_on(source)
        assert await _is_untouched(container, snapshots=())
        await container.start(wait=True)


@pytest.mark.parametrize("moment", ["begun", "flowing"])
@pytest.mark.parametrize(("pair", "way"), KINDS_AND_WAYS, indirect=True)
async def test_cancelled_half_way_leaves_nothing_on_the_target(
    pair: tuple[End, End], opened: Open, instance_name: str, way: str, moment: str
) -> None:
    links, demo = WAYS[way], pair[0] if isinstance(pair[0], Demo) else None
    async with opened(pair[0], links[0]) as source, opened(pair[1], links[1]) as target:
        container = await _heavy(source, instance_name, demo=demo)
        has_begun = _arrival_of(instance_name, pair[1])
        migration = Migration(
            source.connection,
            container.ref,
            target.connection,
            project="default",
            options=MigrationOptions(),
        )
        await migration.begin()
        await until(lambda: target.containers.exists(instance_name))
        if moment == "flowing":
            await until(has_begun)
        await migration.cancel()
        with pytest.raises(OperationCancelled):
            await migration.wait()
        assert not await target.containers.exists(instance_name)
        await _nothing_goes_on(source, target)
        assert await _is_untouched(container, snapshots=())


def _arrival_of(name: str, target: End) -> Callable[[], Awaitable[bool]]:
    """Asks whether something of the large file is there, without asking the server."""
    if isinstance(target, Demo):
        requests = target.server.requests

        async def is_connected() -> bool:
            return any("/websocket?" in path for _, path in requests)

        return is_connected
    pool = target.request("GET", "/1.0/storage-pools/default")["config"]["source"]
    root = Path(pool, "containers", name, "rootfs/root")

    async def holds_something() -> bool:
        return any(path.stat().st_size > 1 << 20 for path in root.glob(".heavy*"))

    return holds_something


@pytest.mark.parametrize("closed", ["source", "target"])
async def test_closing_a_client_cancels(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str, closed: str
) -> None:
    async with opened(lxd, "unix") as other, opened(lxd2, "unix") as far:
        async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
            container = await _heavy(source, instance_name)
            arriving = await container.migrate(target)
            await until(lambda: far.containers.exists(instance_name))
            await (source if closed == "source" else target).connection.aclose()
            with pytest.raises(OperationCancelled):
                await arriving.start()
        assert not await far.containers.exists(instance_name)
        await _nothing_goes_on(other, far)


async def test_network_that_the_target_has_not_got_is_found(
    lab: Lab, incus: Daemon, opened: Open, instance_name: str
) -> None:
    network = {"name": "only-here", "type": "physical", "config": {"parent": "lo"}}
    incus.request("POST", "/1.0/networks", network)
    nic = {"type": "nic", "network": "only-here"}
    incus.launch(instance_name, start=False, devices={"eth0": nic})
    try:
        async with opened(incus, "unix") as source, opened(lab.daemon("incus2"), "unix") as target:
            container = await source.containers.get(instance_name)
            with pytest.raises(PreflightFailed, match="no network only-here"):
                await container.migrate(target, wait=True)
            assert not await target.containers.exists(instance_name)
    finally:
        incus.delete_instances([instance_name])
        incus.request("DELETE", "/1.0/networks/only-here")
