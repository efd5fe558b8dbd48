"""The page with the devices: what it shows, and what is added, changed, hidden and removed."""

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import OperationFailed
from lxdtui.ui.dialogs.config_changes import ChangesDialog
from lxdtui.ui.dialogs.device import DeviceDialog, DeviceTypeDialog
from lxdtui.ui.widgets.row_table import RowTable
from tests.ui.configured import NAME, configured, open_page, press, tells, top, type_in
from tests.ui.fake import FakeFleet
from tests.ui.pilots import app_for, line_with, screen_text, settle

SIZE = (130, 40)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: the tests look at each dialog before they answer it."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


def devices_of(fleet: FakeFleet) -> dict[str, dict[str, str]]:
    instance = fleet.store.state.instances[fleet.ref(NAME)]
    return {name: dict(device) for name, device in instance.devices.items()}


def eth0_line(app: App[None]) -> str:
    """Return the line of eth0 in the list, which may be under the cursor."""
    lines = [line for line in screen_text(app).splitlines() if line[2:].startswith("eth0 ")]
    assert len(lines) == 1
    return lines[0]


async def at_device(pilot: Pilot[None], name: str) -> None:
    pilot.app.screen.query_one(RowTable).move_to_id(name)
    await settle(pilot)


def field(pilot: Pilot[None], option: str) -> Input:
    fields = [one for one in pilot.app.screen.query(Input) if getattr(one, "option", "") == option]
    assert len(fields) == 1
    return fields[0]


async def test_each_device_says_who_gave_it_and_how_it_is() -> None:
    fleet = configured()
    app = app_for(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await open_page(pilot, fleet, "devices")
        assert "Devices 4" in screen_text(app)
        eth0 = eth0_line(app)
        assert "default" in eth0
        assert "10.20.4.10, fd42:9c1:4::10" in eth0
        root = line_with(app, "root  ")
        assert "database" in root
        assert "172 GiB of 200 GiB" in root
        assert "local" in line_with(app, "web  ")
        await at_device(pilot, "root")
        assert "size=200GiB" in screen_text(app)
        assert "Hides default: path=/  pool=default" in screen_text(app)


async def test_a_disk_is_added_with_what_the_server_offers() -> None:
    fleet = configured()
    app = app_for(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await open_page(pilot, fleet, "devices")
        await press(pilot, "a")
        assert isinstance(top(app), DeviceTypeDialog)
        await press(pilot, "enter")
        assert isinstance(top(app), DeviceDialog)
        field(pilot, "pool").focus()
        await settle(pilot)
        assert "The pool of the volume  offered: default, fast" in screen_text(app)
        field(pilot, "").focus()
        assert "it needs a name" in screen_text(app)
        await type_in(pilot, "root")
        assert "there is a device root already" in screen_text(app)
        await press(pilot, "enter")
        assert isinstance(top(app), DeviceDialog)
        field(pilot, "").value = "data"
        field(pilot, "path").value = "/srv"
        await settle(pilot)
        assert "source or pool is needed" in screen_text(app)
        field(pilot, "source").value = "/no/such"
        field(pilot, "+").value = "limits.max=20MB"
        await press(pilot, "enter")
        assert isinstance(top(app), ChangesDialog)
        assert "+ data.limits.max" in screen_text(app)
        words = 'Failed add validation for device "data": Missing source path "/no/such"'
        fleet.configuration.errors = [OperationFailed("change it", words)]
        await press(pilot, "enter")
        assert isinstance(top(app), DeviceDialog)
        assert 'Failed add validation for device "data"' in screen_text(app)
        assert (field(pilot, "").value, field(pilot, "source").value) == ("data", "/no/such")
        field(pilot, "source").value = "/srv/www"
        await press(pilot, "enter", "enter")
        assert devices_of(fleet)["data"] == {
            "type": "disk",
            "path": "/srv",
            "source": "/srv/www",
            "limits.max": "20MB",
        }
        assert "local" in line_with(app, "data  ")
        # Values with blanks stay whole, also where another option is changed.
        await at_device(pilot, "data")
        await press(pilot, "enter")
        field(pilot, "+").value = "limits.max=20MB 'user.note=two words"
        await press(pilot, "enter")
        assert "the other options cannot be told apart" in screen_text(app)
        field(pilot, "+").value += "'"
        await press(pilot, "enter", "enter")
        assert devices_of(fleet)["data"]["user.note"] == "two words"
        await press(pilot, "enter")
        field(pilot, "path").value = "/data"
        await press(pilot, "enter", "enter")
        assert devices_of(fleet)["data"]["path"] == "/data"
        assert devices_of(fleet)["data"]["user.note"] == "two words"


async def test_a_device_is_changed_and_removed() -> None:
    fleet = configured()
    app = app_for(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await open_page(pilot, fleet, "devices")
        await at_device(pilot, "web")
        await press(pilot, "enter")
        field(pilot, "listen").value = "tcp:0.0.0.0:6432"
        await press(pilot, "enter")
        assert "tcp:0.0.0.0:5432 › tcp:0.0.0.0:6432" in screen_text(app)
        await press(pilot, "enter")
        assert devices_of(fleet)["web"]["listen"] == "tcp:0.0.0.0:6432"
        await press(pilot, "u")
        assert "- web.listen" in screen_text(app)
        fleet.configuration.errors = [OperationFailed("change it", "The device is busy")]
        await press(pilot, "enter")
        assert "Cannot remove web from db-primary" in screen_text(app)
        assert "The device is busy" in screen_text(app)
        await press(pilot, "r", "enter")
        assert "web" not in devices_of(fleet)


async def test_the_device_of_a_profile_is_replaced_by_a_local_one() -> None:
    fleet = configured()
    app = app_for(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await open_page(pilot, fleet, "devices")
        await at_device(pilot, "root")
        await press(pilot, "enter")
        assert "It comes from the profile database." in screen_text(app)
        await press(pilot, "enter")
        await tells(pilot, "Nothing was changed")
        await press(pilot, "enter")
        field(pilot, "size").value = "300GiB"
        await press(pilot, "enter", "enter")
        assert devices_of(fleet)["root"] == {
            "type": "disk",
            "path": "/",
            "pool": "default",
            "size": "300GiB",
        }
        await press(pilot, "u")
        assert "root of the profile database takes its place." in screen_text(app)
        await press(pilot, "enter")
        assert "root" not in devices_of(fleet)


async def test_the_device_of_a_profile_is_hidden_and_shown_again() -> None:
    fleet = configured()
    app = app_for(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await open_page(pilot, fleet, "devices")
        await at_device(pilot, "eth0")
        await press(pilot, "u")
        assert "eth0 comes from the profile default: it is hidden" in screen_text(app)
        await press(pilot, "enter")
        assert devices_of(fleet)["eth0"] == {"type": "none"}
        assert "hides that of default" in eth0_line(app)
        assert "Devices 3" in screen_text(app)
        await press(pilot, "enter")
        await tells(pilot, "it only hides that of a profile; u shows eth0 again")
        await press(pilot, "u")
        assert "eth0 of default is there again then." in screen_text(app)
        await press(pilot, "enter")
        assert "eth0" not in devices_of(fleet)
        assert "10.20.4.10" in eth0_line(app)
