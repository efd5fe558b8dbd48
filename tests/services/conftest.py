"""A fleet of one real server, run in the background of the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from lxdtui.api import Endpoint
from lxdtui.services import Fleet, Known, Remote
from lxdtui.store import LinkState
from tests.lab import Daemon

DEADLINE = 20.0


async def until(fleet: Fleet, is_so: Callable[[], object], what: str) -> None:
    """Wait until the store shows something, looking after each change of it."""
    changed = asyncio.Event()
    unwatch = fleet.store.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(DEADLINE):
            while not is_so():
                changed.clear()
                await changed.wait()
    except TimeoutError:
        pytest.fail(f"not within {DEADLINE} s: {what}")
    finally:
        unwatch()


@asynccontextmanager
async def running_fleet(
    remote: Remote, *, known: Callable[[], Known] = Known
) -> AsyncIterator[Fleet]:
    fleet = Fleet([remote], known=known)
    task = asyncio.create_task(fleet.run())
    try:
        yield fleet
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await fleet.aclose()


@pytest.fixture
async def fleet(daemon: Daemon) -> AsyncIterator[Fleet]:
    """A fleet on the daemon, listed and live."""
    remote = Remote(name=daemon.name, endpoint=Endpoint(socket=daemon.socket))
    async with running_fleet(remote) as fleet:
        await until(
            fleet,
            lambda: fleet.store.state.links[daemon.name].state is LinkState.LIVE,
            "a live link",
        )
        yield fleet
