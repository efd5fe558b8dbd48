"""What real servers tell of what happened, and what of it is kept."""

import asyncio

import pytest

from lxdtui.errors import BadRequest, NotFound
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.services import Fleet
from lxdtui.store.history import HistoryEntry
from tests.lab import Daemon
from tests.services.conftest import until


async def test_what_happens_to_a_container_is_kept(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)

    def entries() -> tuple[HistoryEntry, ...]:
        return fleet.store.state.history.get(ref, ())

    def has(what: str, detail: str = "") -> bool:
        return any(one.what == what and detail in one.detail for one in entries())

    await asyncio.to_thread(daemon.launch, instance_name)
    await until(fleet, lambda: has("instance-started"), "it was started")
    await until(
        fleet,
        lambda: any(one.operation and one.operation.is_final for one in entries()),
        "an operation has ended",
    )
    operation = next(one.operation for one in entries() if one.operation is not None)
    with pytest.raises((BadRequest, NotFound)):
        await fleet.operations.cancel(operation.ref)
    with pytest.raises(NotFound):
        await fleet.operations.cancel(OperationRef(daemon.name, "0" * 8))
    reading = await fleet.processes.read(ref)
    assert reading.processes
    await asyncio.to_thread(
        daemon.client,
        "snapshot",
        *(["create"] if daemon.kind == "incus" else []),
        instance_name,
        "first",
    )
    await asyncio.to_thread(daemon.exec, instance_name, "true", "a word")
    await until(fleet, lambda: has("instance-exec", "true 'a word'"), "the command is told of")
    await until(fleet, lambda: has("instance-snapshot-created", "first"), "the snapshot, too")
    assert not has("instance-exec", "lxdtui"), "our own reading is left out"
    await asyncio.to_thread(daemon.client, "delete", "--force", instance_name)
    await until(fleet, lambda: has("instance-deleted"), "its end is told of")
    await until(fleet, lambda: ref not in fleet.store.state.instances, "and seen")
    if daemon.kind == "incus":
        assert any(one.who == "root, unix" for one in entries())
