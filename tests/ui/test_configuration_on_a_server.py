"""The pages with configuration and devices in the whole app, on servers that really decide."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from lxdtui.api import Endpoint
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.dialogs.config_changes import ChangesDialog, ConflictDialog
from lxdtui.ui.dialogs.config_text import TextDialog
from lxdtui.ui.dialogs.config_value import ValueDialog
from lxdtui.ui.dialogs.device import DeviceDialog, DeviceTypeDialog
from lxdtui.ui.messages import OpenInstance
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.widgets.row_table import RowTable
from tests.lab import Daemon
from tests.ui.pilots import screen_text, until


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: each dialog is waited for."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


class Driver:
    """The app with an instance open, and a hand that waits for what it presses."""

    def __init__(self, pilot: Pilot[None], app: LxdTuiApp, daemon: Daemon, name: str) -> None:
        self.pilot = pilot
        self.app = app
        self.daemon = daemon
        self.name = name

    async def until(self, condition: Callable[[], bool]) -> None:
        await until(self.pilot, condition)

    async def shows(self, words: str) -> None:
        await self.until(lambda: words in screen_text(self.app))

    async def to(self, kind: type[Any], *keys: str) -> None:
        """Press keys that lead to a screen or dialog, and wait until it can be used."""
        before = self.app.screen
        await self.pilot.press(*keys)
        await self.until(lambda: self.app.screen is not before or isinstance(before, kind))
        await self.until(lambda: isinstance(self.app.screen, kind))
        await self.until(lambda: self.app.focused is not None)

    async def cursor_on(self, row_id: str) -> None:
        table = self.app.screen.query(RowTable).last()
        await self.until(lambda: any(row.id == row_id for row in table.rows))
        table.move_to_id(row_id)

    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.daemon.request("GET", f"/1.0/instances/{self.name}")
        return found

    def behind(self, **config: str) -> None:
        """Let somebody else change keys."""
        body = {"config": config, "description": self.now()["description"]}
        self.daemon.request("PATCH", f"/1.0/instances/{self.name}", body)


@asynccontextmanager
async def page_on(daemon: Daemon, name: str, page: str) -> AsyncIterator[Driver]:
    config = {"limits.memory": "128MiB", "user.who": "me"}
    await asyncio.to_thread(daemon.launch, name, start=False, config=config)
    fleet = Fleet([Remote(name="here", endpoint=Endpoint(socket=daemon.socket))])
    app = LxdTuiApp(fleet)
    app.animation_level = "none"
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            driver = Driver(pilot, app, daemon, name)
            await driver.shows(name)
            ref = InstanceRef("here", "default", name)
            await driver.until(lambda: ref in fleet.store.state.instances)
            app.post_message(OpenInstance(ref, page=page))
            await driver.until(lambda: isinstance(app.screen, InstanceScreen))
            await driver.until(lambda: isinstance(app.focused, RowTable))
            yield driver
    finally:
        await fleet.aclose()


async def test_keys_are_changed_refused_and_merged(daemon: Daemon, instance_name: str) -> None:
    async with page_on(daemon, instance_name, "configuration") as user:
        await user.cursor_on("limits.memory")
        await user.to(ValueDialog, "enter")
        user.app.screen.query_one(Input).value = "much"
        await user.to(ChangesDialog, "enter")
        await user.to(ValueDialog, "enter")
        assert "Invalid config: Invalid value: much" in screen_text(user.app)
        user.app.screen.query_one(Input).value = "256MiB"
        await user.to(ChangesDialog, "enter")
        user.behind(**{"user.theirs": "1"})
        await user.to(ConflictDialog, "enter")
        assert "+ user.theirs" in screen_text(user.app)
        await user.to(ChangesDialog, "enter")
        await user.to(InstanceScreen, "enter")
        await user.shows("256MiB")
        await user.shows("user.theirs")
        config = user.now()["config"]
        assert (config["limits.memory"], config["user.theirs"]) == ("256MiB", "1")

        await user.to(TextDialog, "E")
        area = user.app.screen.query_one(TextArea)
        area.text = area.text.replace("user.who: me", "user.who: you\n  limits.wishes: '3'")
        await user.to(ChangesDialog, "ctrl+s")
        assert "limits.wishes is not known to this program" in screen_text(user.app)
        await user.to(TextDialog, "enter")
        assert "Unknown configuration key: limits.wishes" in screen_text(user.app)
        area = user.app.screen.query_one(TextArea)
        assert "user.who: you" in area.text
        area.text = area.text.replace("\n  limits.wishes: '3'", "")
        await user.to(ChangesDialog, "ctrl+s")
        await user.to(InstanceScreen, "enter")
        await user.shows("you")
        assert user.now()["config"]["user.who"] == "you"


async def test_devices_are_added_refused_and_hidden(daemon: Daemon, instance_name: str) -> None:
    async with page_on(daemon, instance_name, "devices") as user:
        await user.to(DeviceTypeDialog, "a")
        await user.to(DeviceDialog, "enter")
        fields = {getattr(one, "option", "?"): one for one in user.app.screen.query(Input)}
        for option, value in (("", "data"), ("path", "/srv"), ("source", "/no/such")):
            fields[option].value = value
        await user.to(ChangesDialog, "enter")
        await user.to(DeviceDialog, "enter")
        assert 'Failed add validation for device "data": Missing source' in screen_text(user.app)
        fields = {getattr(one, "option", "?"): one for one in user.app.screen.query(Input)}
        fields["source"].value = "/"
        await user.to(ChangesDialog, "enter")
        await user.to(InstanceScreen, "enter")
        await user.cursor_on("data")
        assert user.now()["devices"]["data"] == {"type": "disk", "path": "/srv", "source": "/"}
        await user.to(ChangesDialog, "u")
        await user.to(InstanceScreen, "enter")
        await user.until(lambda: "data" not in user.now()["devices"])

        await user.cursor_on("root")
        await user.to(ChangesDialog, "u")
        assert "root comes from the profile default" in screen_text(user.app)
        await user.pilot.press("enter")
        await user.shows("No root device could be found")
        await user.to(InstanceScreen, "escape")
        assert user.now()["devices"] == {}
