"""A demo server and a plain HTTP client for it, sharing nothing with lxdtui's own client."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoServer]:
    """An empty server on which everything happens at once."""
    async with DemoServer(tmp_path / "unix.socket", fleet="empty", pace=0) as server:
        yield server


@pytest.fixture
async def api(demo: DemoServer) -> AsyncIterator[PlainClient]:
    async with PlainClient(demo.socket_path) as client:
        yield client


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[DemoServer]:
    """The server that takes."""
    async with DemoServer(tmp_path / "there.socket", seed=2, fleet="empty", pace=0) as server:
        yield server


@pytest.fixture
async def far(there: DemoServer) -> AsyncIterator[PlainClient]:
    async with PlainClient(there.socket_path) as client:
        yield client


@pytest.fixture
def filled(demo: DemoServer) -> str:
    """A stopped container, by its name."""
    demo.add_instance("c1", "Stopped", config={"user.note": "größer"}, description="goes far")
    return "c1"
