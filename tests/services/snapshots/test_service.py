"""Snapshots on real servers: what is done, what is refused, and in which words."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.errors import (
    BadRequest,
    Conflict,
    LxdTuiError,
    NotFound,
    OperationFailed,
    StaleEtag,
)
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet
from tests.lab import Daemon
from tests.services.conftest import until


def names(fleet: Fleet, ref: InstanceRef) -> list[str]:
    return [one.name for one in fleet.store.state.snapshots.get(ref, ())]


async def launched(fleet: Fleet, daemon: Daemon, name: str, *, start: bool = False) -> InstanceRef:
    ref = InstanceRef(daemon.name, "default", name)
    await asyncio.to_thread(daemon.launch, name, start=start)
    await until(fleet, lambda: ref in fleet.store.state.instances, "it is listed")
    return ref


async def test_the_life_of_a_snapshot(fleet: Fleet, daemon: Daemon, instance_name: str) -> None:
    ref = await launched(fleet, daemon, instance_name)
    snapshots = fleet.snapshots
    await snapshots.refresh(ref)
    assert names(fleet, ref) == []
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    await snapshots.create(ref, "one", expires_at=ends)
    [one] = fleet.store.state.snapshots[ref]
    assert (one.name, one.expires_at, one.stateful) == ("one", ends, False)
    with pytest.raises(OperationFailed) as caught:
        await snapshots.create(ref, "one")
    assert caught.value.hint == "A snapshot of this name exists; choose another one."
    for odd in ("a b", "a/b"):
        with pytest.raises((OperationFailed, BadRequest)) as refused:
            await snapshots.create(ref, odd)
        assert "no blank and no slash" in refused.value.hint
    await snapshots.create(ref, "")
    assert names(fleet, ref) == ["one", "snap0"]
    with pytest.raises(Conflict):
        await snapshots.rename(ref, "snap0", "one")
    await snapshots.rename(ref, "snap0", "two")
    assert names(fleet, ref) == ["one", "two"]
    with pytest.raises(NotFound) as gone:
        await snapshots.delete(ref, "snap0")
    assert "deleted or renamed meanwhile" in gone.value.hint
    await snapshots.delete(ref, "two")
    assert names(fleet, ref) == ["one"]


async def test_an_expiry_that_somebody_else_changed_is_not_overwritten(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name)
    await fleet.snapshots.create(ref, "s")
    [seen] = fleet.store.state.snapshots[ref]
    ends = datetime(2042, 1, 2, tzinfo=UTC)
    await fleet.snapshots.set_expiry(ref, seen, ends)
    with pytest.raises(StaleEtag, match="2042-01-02"):
        await fleet.snapshots.set_expiry(ref, seen, None)
    [now] = fleet.store.state.snapshots[ref]
    assert now.expires_at == ends
    await fleet.snapshots.set_expiry(ref, now, None)
    [now] = fleet.store.state.snapshots[ref]
    assert now.expires_at is None


async def test_going_back_and_what_is_refused(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name, start=True)
    assert await fleet.snapshots.pool_driver(ref) == "dir"
    await fleet.snapshots.create(ref, "before")
    await asyncio.to_thread(daemon.exec, ref.name, "sh", "-c", "echo new > /etc/note")
    await fleet.snapshots.create(ref, "after")
    await fleet.snapshots.restore(ref, "before")
    await until(fleet, lambda: fleet.store.state.instances[ref].is_running, "it runs again")
    found = await asyncio.to_thread(daemon.exec, ref.name, "cat", "/etc/note", check=False)
    assert "new" not in found
    assert names(fleet, ref) == ["before", "after"]
    with pytest.raises(OperationFailed) as caught:
        await fleet.snapshots.restore(ref, "no-such")
    assert "deleted or renamed meanwhile" in caught.value.hint
    with pytest.raises(OperationFailed) as refused:
        await fleet.snapshots.create(ref, "memory", stateful=True)
    assert "without" in refused.value.hint
    with pytest.raises(LxdTuiError) as stateless:
        await fleet.snapshots.restore(ref, "before", stateful=True)
    assert "without the memory" in stateless.value.hint, stateless.value.message
