"""Snapshots: what the seed page has, and what goes wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import (
    BadRequest,
    Conflict,
    NotFound,
    OperationFailed,
    StaleEtag,
)
from tests.contract.backend import STAGING, Backend, output_of


async def test_taken_snapshot_is_found(client: Client, stopped: Container) -> None:
    assert await stopped.snapshots.all() == []
    before = datetime.now(UTC) - timedelta(seconds=2)
    made = await stopped.snapshots.create("my-backup", wait=True)
    found = await stopped.snapshots.get("my-backup")
    [listed] = await stopped.snapshots.all()
    for snapshot in (made, found, listed):
        assert snapshot.name == "my-backup"
        assert snapshot.stateful is False
        assert snapshot.expires_at is None
        assert snapshot.profiles == ["default"]
        assert snapshot.devices == stopped.devices
        assert snapshot.config["volatile.uuid"] == stopped.config["volatile.uuid"]
        assert before < datetime.fromisoformat(snapshot.created_at)
        assert snapshot.info.created_at is not None
        assert snapshot.size >= -1
    with pytest.raises(NotFound, match="no-such"):
        await stopped.snapshots.get("no-such")


async def test_snapshot_remembers_the_configuration(stopped: Container) -> None:
    stopped.config["user.note"] = "then"
    await stopped.save(wait=True)
    snapshot = await stopped.snapshots.create("s0", wait=True)
    stopped.config["user.note"] = "now"
    await stopped.save(wait=True)
    await snapshot.sync()
    assert snapshot.config["user.note"] == "then"


async def test_snapshots_are_listed_in_the_order_of_their_making(stopped: Container) -> None:
    for name in ("zeta", "alpha", "mid_1.0"):
        await stopped.snapshots.create(name, wait=True)
    assert [snapshot.name for snapshot in await stopped.snapshots.all()] == [
        "zeta",
        "alpha",
        "mid_1.0",
    ]


async def test_server_chooses_a_name(stopped: Container) -> None:
    assert (await stopped.snapshots.create()).name == "snap0"
    second = await stopped.snapshots.create(wait=True)
    assert second.name == "snap1"
    await stopped.snapshots.create("snap7", wait=True)
    await second.delete(wait=True)
    assert (await stopped.snapshots.create(wait=True)).name == "snap8"
    stopped.config["snapshots.pattern"] = "night-%d"
    await stopped.save(wait=True)
    assert (await stopped.snapshots.create(wait=True)).name == "night-0"


async def test_snapshot_without_wait_is_there_for_the_next_call(stopped: Container) -> None:
    made = await stopped.snapshots.create("soon")
    assert made.name == "soon"
    assert (await stopped.snapshots.get("soon")).created_at
    assert made.created_at, "it was read again when it was there"


async def test_failure_without_wait_is_told_by_the_next_call(stopped: Container) -> None:
    await stopped.snapshots.create("twice", wait=True)
    await stopped.snapshots.create("twice")
    with pytest.raises(OperationFailed, match="twice"):
        await stopped.snapshots.all()
    assert [snapshot.name for snapshot in await stopped.snapshots.all()] == ["twice"]


async def test_snapshot_of_a_running_one(running: Container) -> None:
    await running.snapshots.create("live", wait=True)
    await running.sync()
    assert running.status == "Running"


async def test_stateful_snapshot_is_refused_in_words(running: Container) -> None:
    with pytest.raises(OperationFailed, match=r"CRIU|migration\.stateful") as caught:
        await running.snapshots.create("memory", stateful=True, wait=True)
    assert running.name in caught.value.message
    assert await running.snapshots.all() == []


@pytest.mark.parametrize("odd", ["a/b", "sp ace", "x" * 300])
async def test_bad_name_is_refused(stopped: Container, odd: str) -> None:
    with pytest.raises((BadRequest, OperationFailed)):
        await stopped.snapshots.create(odd, wait=True)
    assert await stopped.snapshots.all() == []


async def test_rename(stopped: Container) -> None:
    snapshot = await stopped.snapshots.create("an-snapshot", wait=True)
    created_at = snapshot.created_at
    await snapshot.rename("backup-snapshot", wait=True)
    assert (snapshot.name, snapshot.created_at) == ("backup-snapshot", created_at)
    assert [found.name for found in await stopped.snapshots.all()] == ["backup-snapshot"]


async def test_rename_to_a_taken_name_is_refused(stopped: Container) -> None:
    await stopped.snapshots.create("s0", wait=True)
    snapshot = await stopped.snapshots.create("s1", wait=True)
    with pytest.raises(Conflict, match="s0"):
        await snapshot.rename("s0", wait=True)
    assert snapshot.name == "s1"


async def test_delete(stopped: Container) -> None:
    snapshot = await stopped.snapshots.create("s0", wait=True)
    await snapshot.delete(wait=True)
    assert await stopped.snapshots.all() == []
    for attempt in (
        snapshot.delete(wait=True),
        snapshot.rename("s1", wait=True),
        snapshot.sync(),
        snapshot.save(wait=True),
        snapshot.publish(wait=True),
    ):
        with pytest.raises((NotFound, OperationFailed)):
            await attempt


async def test_expiry_is_set_changed_and_cleared(stopped: Container) -> None:
    first = datetime(2035, 1, 2, 3, 4, 5, tzinfo=UTC)
    snapshot = await stopped.snapshots.create("s0", expires_at=first, wait=True)
    assert snapshot.expires_at == first
    snapshot.expires_at = first + timedelta(days=1)
    await snapshot.save(wait=True)
    assert (await stopped.snapshots.get("s0")).expires_at == first + timedelta(days=1)
    snapshot.expires_at = None
    await snapshot.save(wait=True)
    assert (await stopped.snapshots.get("s0")).expires_at is None


async def test_expiry_without_a_zone_is_local_time(stopped: Container) -> None:
    local = datetime(2035, 7, 2, 3, 4, 5)  # noqa: DTZ001  # this is what is tested
    snapshot = await stopped.snapshots.create("s0", wait=True)
    snapshot.expires_at = local
    await snapshot.save(wait=True)
    assert snapshot.expires_at == local.astimezone()


async def test_expiry_on_an_old_version_is_refused(stopped: Container) -> None:
    await stopped.snapshots.create("s0", wait=True)
    mine, other = [await stopped.snapshots.get("s0") for _ in range(2)]
    other.expires_at = datetime(2035, 1, 1, tzinfo=UTC)
    await other.save(wait=True)
    mine.expires_at = datetime(2036, 1, 1, tzinfo=UTC)
    with pytest.raises(StaleEtag):
        await mine.save(wait=True)
    await other.sync()
    assert other.expires_at == datetime(2035, 1, 1, tzinfo=UTC)


async def test_read_only_attributes_say_what_to_use(stopped: Container) -> None:
    snapshot = await stopped.snapshots.create("s0", wait=True)
    for name in ("name", "created_at", "stateful", "size", "info"):
        with pytest.raises(AttributeError, match=rf"Snapshot\.{name} is read-only: "):
            setattr(snapshot, name, "other")
    with pytest.raises(AttributeError, match=r"use rename\(\)"):
        snapshot.name = "other"  # type: ignore[misc]  # this is what is tested
    assert snapshot.name == "s0"


@pytest.mark.parametrize("way", ["container", "snapshot"])
async def test_restore_brings_files_and_configuration_back(running: Container, way: str) -> None:
    await output_of(running, "sh", "-c", "echo before > /root/note")
    snapshot = await running.snapshots.create("s0", wait=True)
    await output_of(running, "sh", "-c", "echo after > /root/note")
    running.config["user.note"] = "after"
    await running.save(wait=True)
    if way == "container":
        await running.restore_snapshot("s0", wait=True)
    else:
        await snapshot.restore(wait=True)
        await running.sync()
    assert running.status == "Running", "a running one is started again"
    assert "user.note" not in running.config
    assert await output_of(running, "cat", "/root/note") == "before\n"


async def test_restore_while_files_are_looked_at(stopped: Container) -> None:
    await stopped.files.put("/root/note", "before")
    await stopped.snapshots.create("s0", wait=True)
    await stopped.files.put("/root/note", "after")
    assert await stopped.files.get("/root/note") == b"after"
    await stopped.restore_snapshot("s0", wait=True)
    assert await stopped.files.get("/root/note") == b"before"


async def test_restore_of_a_stopped_one_leaves_it_stopped(stopped: Container) -> None:
    await stopped.snapshots.create("s0", wait=True)
    await stopped.restore_snapshot("s0", wait=True)
    assert stopped.status == "Stopped"


async def test_restore_of_a_missing_one_is_refused(stopped: Container) -> None:
    with pytest.raises((NotFound, OperationFailed), match="no-such"):
        await stopped.restore_snapshot("no-such", wait=True)


async def test_names_that_need_care(stopped: Container) -> None:
    for name in ("v1.0_rc", "größer", "a..b"):
        made = await stopped.snapshots.create(name, wait=True)
        assert (await stopped.snapshots.get(name)).name == name
        await made.delete(wait=True)
    assert await stopped.snapshots.all() == []


async def test_snapshots_in_another_project(backend: Backend, client: Client, name: str) -> None:
    async with backend.client(project=STAGING) as staging:
        container = await staging.containers.create(backend.from_image(name), wait=True)
        snapshot = await container.snapshots.create("s0", wait=True)
        assert [found.name for found in await container.snapshots.all()] == ["s0"]
        await snapshot.rename("s1", wait=True)
        await container.restore_snapshot("s1", wait=True)
        await snapshot.delete(wait=True)
        assert await container.snapshots.all() == []


async def test_container_is_made_of_a_snapshot(
    client: Client, backend: Backend, stopped: Container
) -> None:
    stopped.config["user.note"] = "then"
    await stopped.save(wait=True)
    await stopped.files.put("/etc/note", b"then\n")
    await stopped.snapshots.create("s0", wait=True)
    await stopped.files.put("/etc/note", b"now\n")
    source = {"type": "copy", "source": f"{stopped.name}/s0"}
    config = {"name": f"{stopped.name}-b", "source": source, "profiles": ["default"]}
    copy = await client.containers.create({**config, "config": {"user.own": "1"}}, wait=True)
    assert copy.status == "Stopped"
    assert (copy.config["user.note"], copy.config["user.own"]) == ("then", "1")
    assert copy.config["volatile.uuid"] != stopped.config["volatile.uuid"]
    assert await copy.snapshots.all() == []
    assert await copy.files.get("/etc/note") == b"then\n"
    config["source"] = {"type": "copy", "source": f"{stopped.name}/no-such"}
    with pytest.raises((NotFound, OperationFailed)):
        await client.containers.create({**config, "name": f"{stopped.name}-c"}, wait=True)


async def test_pool_tells_its_driver(backend: Backend, client: Client) -> None:
    driver = await client.connection.pool_driver("default", project="default")
    assert driver == ("btrfs" if backend.demo is not None else "dir")
    with pytest.raises(NotFound):
        await client.connection.pool_driver("no-such", project="default")
