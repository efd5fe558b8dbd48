"""What is on the screen is measured, and only that."""

import asyncio

import pytest

from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet
from lxdtui.services.usage import pause_after
from lxdtui.store import Usage
from tests.lab import Daemon
from tests.services.conftest import until


@pytest.mark.parametrize(
    ("seconds", "measured", "latency", "pause"),
    [
        (0.1, 20, 0.0, 2.0),  # nearly for nothing: the shortest pause
        (1.0, 20, 0.0, 4.0),  # a busy server: a fifth of the time at the most
        (1.6, 20, 0.3, 2.0),  # a slow link: the server itself took next to nothing
        (2.5, 20, 0.3, 4.0),  # both
        (0.0, 0, 0.3, 2.0),
    ],
)
def test_pauses_spare_the_server_and_not_the_link(
    seconds: float, measured: int, latency: float, pause: float
) -> None:
    assert pause_after(seconds, measured=measured, latency=latency) == pytest.approx(pause)


def take_snapshot(daemon: Daemon, instance: str, name: str) -> None:
    daemon.request("POST", f"/1.0/instances/{instance}/snapshots", {"name": name})


async def test_addresses_cpu_and_snapshots_of_what_is_shown(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    shown = InstanceRef(daemon.name, "default", instance_name)
    hidden = InstanceRef(daemon.name, "default", f"{instance_name}-b")
    await asyncio.to_thread(daemon.launch, instance_name)
    await asyncio.to_thread(daemon.launch, f"{instance_name}-b")
    await asyncio.to_thread(daemon.add_nic, instance_name, ["198.51.100.7/24", "2001:db8::7/64"])
    take_snapshot(daemon, instance_name, "one")
    await until(fleet, lambda: hidden in fleet.store.state.instances, "both are listed")
    fleet.look_at([shown])

    def usage() -> Usage | None:
        return fleet.store.state.usage.get(shown)

    await until(fleet, lambda: (found := usage()) and found.cpu_percent is not None, "two readings")
    measured = usage()
    assert measured is not None
    assert measured.state.addresses("inet") == ("198.51.100.7",)
    assert measured.state.addresses("inet6") == ("2001:db8::7",)
    assert measured.state.memory_usage > 0
    assert measured.state.processes > 0
    snapshots = fleet.store.state.snapshots
    assert [snapshot.name for snapshot in snapshots[shown]] == ["one"]
    assert hidden not in fleet.store.state.usage
    assert hidden not in snapshots

    await asyncio.to_thread(take_snapshot, daemon, instance_name, "two")
    await until(
        fleet, lambda: len(fleet.store.state.snapshots[shown]) == 2, "the new snapshot is seen"
    )
