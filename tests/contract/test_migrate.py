"""Containers on their way from one server to another."""

from dataclasses import replace

import pytest

from lxdtui.api.containers import Container
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationMode, MigrationOptions, Obstacle, possible_modes
from lxdtui.errors import (
    OperationFailed,
    PreflightFailed,
    ServerError,
)
from lxdtui.model.refs import InstanceRef
from tests.contract.backend import output_of
from tests.contract.migrating import (
    KINDS_AND_WAYS,
    WAYS,
    End,
    Open,
    filled,
    is_untouched,
    nothing_goes_on,
)
from tests.lab import Daemon, Lab


def _hardware_addresses(container: Container) -> dict[str, str]:
    return {key: value for key, value in container.config.items() if key.endswith(".hwaddr")}


@pytest.mark.parametrize(("pair", "way"), KINDS_AND_WAYS, indirect=True)
async def test_container_arrives_with_its_snapshots(
    pair: tuple[End, End], opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(pair[0], links[0]) as source, opened(pair[1], links[1]) as target:
        assert possible_modes(source.connection, target.connection)[0] == way
        container = await filled(source, instance_name)
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
        await nothing_goes_on(source, target)
        assert await is_untouched(container)
        await arrived.start(wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "now\n"
        await arrived.restore_snapshot("s0", wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "s0\n"


@pytest.mark.parametrize("mode", list(MigrationMode))
async def test_mode_can_be_forced(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str, mode: MigrationMode
) -> None:
    async with opened(lxd, "https") as source, opened(lxd2, "https") as target:
        container = await filled(source, instance_name, snapshots=())
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
        container = await filled(source, instance_name)
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
        container = await filled(source, instance_name)
        arrived = await container.migrate(target, wait=True)
        assert [snapshot.name for snapshot in await arrived.snapshots.all()] == ["s0", "s1"]
        await arrived.start(wait=True)
        assert await output_of(arrived, "cat", "/root/note") == "now\n"
        assert await is_untouched(container)


async def test_from_incus_to_lxd_goes_without_snapshots(
    lxd: Daemon, incus: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(incus, "unix") as source, opened(lxd, "unix") as target:
        container = await filled(source, instance_name)
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
        container = await filled(source, instance_name)
        arriving = await container.migrate(target)
        assert arriving.status == "Pending"
        await arriving.start(wait=True)
        assert arriving.status == "Running"
        assert await output_of(arriving, "cat", "/root/note") == "now\n"


async def test_new_name_and_new_addresses(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await filled(source, instance_name, snapshots=())
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
        container = await filled(source, instance_name)
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
        container = await filled(source, instance_name)

        async def none(ref: InstanceRef) -> tuple[()]:
            return ()

        monkeypatch.setattr(target.connection.instances, "snapshots", none)
        with pytest.raises(OperationFailed, match="s0, s1"):
            await container.move(target)
        assert not await target.containers.exists(instance_name)
        assert await is_untouched(container)


async def test_move_of_a_protected_one_is_refused(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await filled(source, instance_name)
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
        await nothing_goes_on(source, target)
        await container.delete(force=True, wait=True)
    lxd.request("DELETE", f"/1.0/profiles/p-{instance_name}")


async def test_live_migration_is_refused_in_the_words_of_the_server(
    pair: tuple[End, End], opened: Open, instance_name: str
) -> None:
    async with opened(pair[0], "unix") as source, opened(pair[1], "unix") as target:
        container = await filled(source, instance_name, snapshots=())
        await container.start(wait=True)
        with pytest.raises((ServerError, OperationFailed), match=r"(?i)criu|live|stateful"):
            await container.migrate(target, live=True, wait=True)
        assert not await target.containers.exists(instance_name)
        await nothing_goes_on(source, target)
        await container.sync()
        assert container.status == "Running"
        # Of a stopped one there is no memory to take along.
        await container.stop(force=True, wait=True)
        assert (await container.migrate(target, live=True, wait=True)).status == "Stopped"


async def test_running_one_is_copied_as_it_is_where_that_is_wanted(
    lxd: Daemon, lxd2: Daemon, opened: Open, instance_name: str
) -> None:
    async with opened(lxd, "unix") as source, opened(lxd2, "unix") as target:
        container = await filled(source, instance_name)
        await container.start(wait=True)
        arrived = await container.migrate(target, allow_running=True, wait=True)
        assert arrived.status == "Stopped"
        await container.sync()
        assert container.status == "Running"


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
