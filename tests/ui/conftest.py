import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from lxdtui.api import Endpoint
from lxdtui.demo import DemoServer
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from tests.ui.pilots import quiet


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Moments are written in local time; in tests that is UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is kept between two runs is kept for one test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoServer]:
    """A demo server whose operations take no time."""
    async with DemoServer(tmp_path / "unix.socket", pace=0) as server:
        yield server


@pytest.fixture
async def demo_app(demo: DemoServer) -> AsyncIterator[LxdTuiApp]:
    """The whole program but the command line, on the demo server."""
    remote = Remote(name="demo", endpoint=Endpoint(socket=demo.socket_path), is_demo=True)
    fleet = Fleet([remote])
    yield quiet(LxdTuiApp(fleet))
    await fleet.aclose()
