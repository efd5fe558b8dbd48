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
