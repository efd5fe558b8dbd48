"""Containers whose memory is kept: by CRIU, which only some daemons of the lab have."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lxdtui.api import Client, Endpoint
from lxdtui.api.containers import Container
from lxdtui.errors import OperationFailed
from lxdtui.services import Remote
from tests.conftest import bring_up
from tests.contract.backend import output_of, until
from tests.lab import Daemon, Lab
from tests.services.conftest import running_fleet
from tests.services.conftest import until as fleet_shows

_COUNTER = "i=0; while true; do i=$((i+1)); echo $i > /root/count; sleep 0.05; done"


@pytest.fixture(scope="session", params=["lxd", "incus"])
def ends(lab: Lab, request: pytest.FixtureRequest) -> tuple[Daemon, Daemon]:
    """Two daemons of one kind that have CRIU."""
    first, second = (bring_up(lab, f"{request.param}-criu{n}", with_criu=True) for n in "12")
    return first, second


@pytest.fixture
async def client(ends: tuple[Daemon, Daemon]) -> AsyncIterator[Client]:
    async with Client(str(ends[0].socket), remote=ends[0].name) as client:
        yield client


@pytest.fixture
async def counting(ends: tuple[Daemon, Daemon], client: Client, instance_name: str) -> Container:
    """A container in which a program counts and knows only by its memory how far it is."""
    config = {"raw.lxc": "lxc.console.path=none"}
    if ends[0].kind == "incus":
        config["migration.stateful"] = "true"
    source = {"type": "image", "alias": "busybox"}
    container = await client.containers.create(
        {"name": instance_name, "source": source, "config": config}, wait=True
    )
    await container.start(wait=True)
    # Without a console there is no such device, but it is asked for.
    await output_of(container, "touch", "/dev/console")
    begin = f"setsid sh -c '{_COUNTER}' > /dev/null 2>&1 < /dev/null &"
    await output_of(container, "sh", "-c", begin)
    await _reached(container, 20)
    return container


async def _count(container: Container) -> int:
    """How far the program has come; it is writing the number just now where there is none."""
    shown = await output_of(container, "sh", "-c", "cat /root/count 2> /dev/null || true")
    return int(shown or 0)


async def _reached(container: Container, goal: int) -> int:
    async def far_enough() -> int:
        count = await _count(container)
        return count if count >= goal else 0

    return await until(far_enough)


async def _goes_on(container: Container, since: int) -> None:
    """The program is the same one: after 20 more steps it has not begun anew."""
    assert await _reached(container, since + 1) < since + 200
    await _reached(container, since + 20)


async def test_snapshot_brings_the_memory_back(counting: Container) -> None:
    snapshot = await counting.snapshots.create("then", stateful=True, wait=True)
    assert snapshot.stateful is True
    assert [found.stateful for found in await counting.snapshots.all()] == [True]
    then = await _reached(counting, 21)
    now = await _reached(counting, then + 60)
    await counting.restore_snapshot("then", stateful=True, wait=True)
    assert counting.status == "Running"
    assert await _count(counting) < now
    await _goes_on(counting, then)
    # Without the memory it begins anew: of its files alone it is running nothing that counts.
    await snapshot.restore(wait=True)
    await counting.sync()
    assert counting.status == "Running"
    stands = await _count(counting)
    await asyncio.sleep(0.2)
    assert await _count(counting) == stands


async def test_container_goes_on_where_it_was_stopped(
    ends: tuple[Daemon, Daemon], counting: Container
) -> None:
    before = await _count(counting)
    await counting.stop(stateful=True, wait=True)
    assert (counting.status, counting.stateful) == ("Stopped", True)
    await counting.start(wait=True)
    assert (counting.status, counting.stateful) == ("Running", False)
    await _goes_on(counting, before)
    await counting.stop(stateful=True, wait=True)
    stands = await _file(counting)
    await counting.start(stateful=False, wait=True)
    await asyncio.sleep(0.2)
    assert await _count(counting) == stands, "the memory was dropped, as was wanted"
    await counting.stop(force=True, wait=True)
    if ends[0].kind == "lxd":
        with pytest.raises(OperationFailed, match=r"(?i)no existing state"):
            await counting.start(stateful=True, wait=True)
    else:
        # Incus begins anew where there is none.
        await counting.start(stateful=True, wait=True)
        assert counting.status == "Running"


async def _file(container: Container) -> int:
    return int(await container.files.get("/root/count"))


async def _is_stopped(container: Container) -> bool:
    await container.sync()
    return container.status == "Stopped"


async def test_program_goes_on_on_another_server(
    ends: tuple[Daemon, Daemon], counting: Container, instance_name: str
) -> None:
    async with Client(str(ends[1].socket), remote=ends[1].name) as target:
        before = await _count(counting)
        arrived = await counting.migrate(target, live=True, wait=True)
        assert arrived.status == "Running"
        await _goes_on(arrived, before)
        # Servers say that all went well a moment before they note that nothing runs here.
        await until(lambda: _is_stopped(counting))
        await arrived.delete(force=True, wait=True)


async def test_interface_starts_it_where_it_was_stopped(
    ends: tuple[Daemon, Daemon], counting: Container
) -> None:
    remote = Remote(name=ends[0].name, endpoint=Endpoint(socket=ends[0].socket))
    async with running_fleet(remote) as fleet:
        before = await _count(counting)
        await counting.stop(stateful=True, wait=True)

        def is_known() -> bool:
            known = fleet.store.state.instances.get(counting.ref)
            return known is not None and known.stateful

        await fleet_shows(fleet, is_known, "memory was kept")
        await fleet.instances.start(counting.ref)
    await _goes_on(counting, before)
