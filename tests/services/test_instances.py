"""Actions of the interface on real servers, and their refusals."""

import asyncio

import pytest

from lxdtui.errors import BadRequest, NotFound, OperationFailed
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet
from tests.lab import Daemon
from tests.services.conftest import until


def condition(fleet: Fleet, ref: InstanceRef) -> Condition | None:
    instance = fleet.store.state.instances.get(ref)
    return instance.condition if instance else None


async def test_the_life_of_an_instance(fleet: Fleet, daemon: Daemon, instance_name: str) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name, start=False)
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it is listed")
    actions = fleet.instances
    await actions.start(ref)
    await until(fleet, lambda: condition(fleet, ref) is Condition.RUNNING, "it runs")
    with pytest.raises(OperationFailed, match="already running"):
        await actions.start(ref)
    await actions.freeze(ref)
    await until(fleet, lambda: condition(fleet, ref) is Condition.FROZEN, "it is frozen")
    await actions.restart(ref, force=True)
    await until(fleet, lambda: condition(fleet, ref) is Condition.RUNNING, "it runs again")
    with pytest.raises(BadRequest, match="running"):
        await actions.delete(ref)
    await actions.stop(ref, force=True)
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it is stopped")
    with pytest.raises(OperationFailed, match="already stopped"):
        await actions.stop(ref)
    await actions.delete(ref)
    await until(fleet, lambda: condition(fleet, ref) is None, "it is gone")
    with pytest.raises(NotFound):
        await actions.start(ref)


async def test_a_frozen_one_shuts_down_cleanly(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    await asyncio.to_thread(daemon.set_state, instance_name, "freeze")
    await until(fleet, lambda: condition(fleet, ref) is Condition.FROZEN, "it is frozen")
    await fleet.instances.stop(ref)
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it is stopped")


async def test_deleting_by_force_what_runs(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    ephemeral = InstanceRef(daemon.name, "default", f"{instance_name}-e")
    await asyncio.to_thread(daemon.launch, instance_name)
    await asyncio.to_thread(daemon.launch, ephemeral.name, ephemeral=True)
    await until(fleet, lambda: condition(fleet, ephemeral) is Condition.RUNNING, "both run")
    await fleet.instances.delete(ref, force=True)
    await fleet.instances.delete(ephemeral, force=True)
    await until(fleet, lambda: condition(fleet, ref) is None, "it is gone")
    await until(fleet, lambda: condition(fleet, ephemeral) is None, "the ephemeral one too")
