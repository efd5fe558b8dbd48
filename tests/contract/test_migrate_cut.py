"""Migrations that do not get to their end: nothing is lost, nothing is left behind."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationOptions
from lxdtui.errors import (
    LxdTuiError,
    OperationCancelled,
)
from tests.contract.backend import until
from tests.contract.migrating import (
    KINDS_AND_WAYS,
    WAYS,
    Demo,
    End,
    Open,
    filled,
    heavy,
    is_untouched,
    nothing_goes_on,
)
from tests.lab import Daemon, Lab


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
        container = await filled(source, instance_name)
        doomed.kill()
        with pytest.raises(LxdTuiError):
            await container.migrate(target, wait=True)
        await nothing_goes_on(source)
        assert await is_untouched(container)


@pytest.mark.parametrize("way", WAYS, indirect=True)
async def test_target_killed_half_way_leaves_the_source_untouched(
    lxd: Daemon, doomed: Daemon, opened: Open, instance_name: str, way: str
) -> None:
    links = WAYS[way]
    async with opened(lxd, links[0]) as source, opened(doomed, links[1]) as target:
        container = await heavy(source, instance_name)
        arriving = asyncio.create_task(container.migrate(target, wait=True))
        await until(lambda: target.containers.exists(instance_name))
        await asyncio.to_thread(doomed.kill)
        with pytest.raises(LxdTuiError) as caught:
            await arriving
        assert instance_name in caught.value.message
        await nothing_goes_on(source)
        assert await is_untouched(container, snapshots=())
        await container.start(wait=True)


@pytest.mark.parametrize("moment", ["begun", "flowing"])
@pytest.mark.parametrize(("pair", "way"), KINDS_AND_WAYS, indirect=True)
async def test_cancelled_half_way_leaves_nothing_on_the_target(
    pair: tuple[End, End], opened: Open, instance_name: str, way: str, moment: str
) -> None:
    links, demo = WAYS[way], pair[0] if isinstance(pair[0], Demo) else None
    async with opened(pair[0], links[0]) as source, opened(pair[1], links[1]) as target:
        container = await heavy(source, instance_name, demo=demo)
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
        await nothing_goes_on(source, target)
        assert await is_untouched(container, snapshots=())


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
            container = await heavy(source, instance_name)
            arriving = await container.migrate(target)
            await until(lambda: far.containers.exists(instance_name))
            await (source if closed == "source" else target).connection.aclose()
            with pytest.raises(OperationCancelled):
                await arriving.start()
        assert not await far.containers.exists(instance_name)
        await nothing_goes_on(other, far)
