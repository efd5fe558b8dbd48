"""What servers refuse is read on the screen in words: before it is tried, or in theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.api import Endpoint
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.dialogs.error import ErrorDialog
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.messages import OpenInstance
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.snapshots import SnapshotsScreen
from tests.lab import Daemon
from tests.ui.pilots import quiet, screen_text, until


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: each dialog is waited for."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


class Driver:
    """The app with a container open, and a hand that waits for what it presses."""

    def __init__(self, pilot: Pilot[None], app: LxdTuiApp, fleet: Fleet, ref: InstanceRef) -> None:
        self.pilot, self.app, self.fleet, self.ref = pilot, app, fleet, ref

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def shows(self, *words: str) -> None:
        """Wait until the screen shows all words; lines may break between them."""
        await until(self.pilot, lambda: all(one in screen_text(self.app) for one in words))

    async def told(self, words: str) -> None:
        """Wait for a sentence that stays a few seconds."""
        seen = self.app._notifications
        await until(self.pilot, lambda: any(words in one.message for one in seen))

    async def to(self, kind: type[object], *keys: str) -> None:
        await self.press(*keys)
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))

    async def runs(self, *, is_so: bool) -> None:
        def known() -> bool:
            instance = self.fleet.store.state.instances.get(self.ref)
            return instance is not None and instance.is_running is is_so

        await until(self.pilot, known)

    def write(self, field: str, words: str) -> None:
        self.app.screen.query_one(f"#field-{field}", Input).value = words


@asynccontextmanager
async def opened(daemon: Daemon, name: str) -> AsyncIterator[Driver]:
    ref = InstanceRef("here", "default", name)
    fleet = Fleet([Remote(name="here", endpoint=Endpoint(socket=daemon.socket))])
    app = quiet(LxdTuiApp(fleet))
    try:
        async with app.run_test(size=(120, 36), notifications=True) as pilot:
            await until(pilot, lambda: ref in fleet.store.state.instances)
            app.post_message(OpenInstance(ref))
            await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
            yield Driver(pilot, app, fleet, ref)
    finally:
        await fleet.aclose()


async def test_refusals_are_read_in_words(
    daemon: Daemon, instance_name: str, tmp_path: Path
) -> None:
    disk = tmp_path / "data"
    disk.mkdir()
    devices = {"data": {"type": "disk", "source": str(disk), "path": "/srv"}}
    # Without it, Incus refuses before it looks for CRIU.
    config = {"migration.stateful": "true"} if daemon.kind == "incus" else {}
    await asyncio.to_thread(daemon.launch, instance_name, devices=devices, config=config)
    async with opened(daemon, instance_name) as user:
        # Known before it is tried: a running container is not renamed.
        await user.runs(is_so=True)
        await user.press("R")
        await user.told("must be stopped first")

        # A snapshot of that name, taken by somebody else while the question stands.
        await user.to(SnapshotsScreen, "n")
        await user.to(FormDialog, "n")
        user.write("name", "taken")
        path = f"/1.0/instances/{instance_name}/snapshots"
        await asyncio.to_thread(daemon.request, "POST", path, {"name": "taken"})
        await user.press("enter")
        await user.shows("Cannot", "taken", "exists")
        await user.to(SnapshotsScreen, "escape")

        # Memory cannot be kept without CRIU; the name that was typed stays.
        await user.to(FormDialog, "n")
        user.write("name", "memory")
        user.app.screen.query_one("#field-stateful").focus()
        await user.press("space", "enter")
        await user.shows("Cannot take", "memory", "CRIU")
        await user.to(SnapshotsScreen, "escape")
        await user.to(InstanceScreen, "escape")

        # It is started by somebody else while its new name is typed.
        await user.press("K")
        await user.shows("Force stop")
        await user.press("enter")
        await user.runs(is_so=False)
        await user.to(FormDialog, "R")
        user.write("name", f"{instance_name}-b")
        await asyncio.to_thread(daemon.set_state, instance_name, "start")
        await user.press("enter")
        await user.shows("Cannot rename", "unning")
        assert user.app.screen.query_one("#field-name", Input).value == f"{instance_name}-b"
        await user.to(InstanceScreen, "escape")

        # The folder behind a device is gone.
        await asyncio.to_thread(daemon.set_state, instance_name, "stop", force=True)
        await user.runs(is_so=False)
        disk.rmdir()
        await user.to(ErrorDialog, "S")
        await user.shows("Cannot start", '"data"', "Missing source")
