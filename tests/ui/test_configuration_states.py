"""Pictures of the pages with configuration and devices and of their dialogs, in both sizes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from lxdtui.errors import OperationFailed, Unauthorized
from lxdtui.model.configuration import Configuration
from lxdtui.ui.pages.configuration import ConfigurationPage
from lxdtui.ui.pages.devices import DevicesPage
from lxdtui.ui.pages.page import Page
from lxdtui.ui.theme import DARK, LIGHT
from tests.ui.configured import NAME, configured
from tests.ui.fake import FakeFleet
from tests.ui.page_host import PageHost
from tests.ui.pilots import app_for, screen_text, settle, until

Snapshot = Callable[..., bool]
Change = Callable[[FakeFleet], None]


def _nothing(_fleet: FakeFleet) -> None:
    return None


def _emptied(fleet: FakeFleet) -> None:
    fleet.configuration.put(fleet.ref(NAME), Configuration())


def _lost(fleet: FakeFleet) -> None:
    fleet.lost()


def _denied(fleet: FakeFleet) -> None:
    error = Unauthorized("list profiles", "not authorized", status=403)
    fleet.configuration.read_error = error


def _late(fleet: FakeFleet) -> None:
    fleet.configuration.gate = asyncio.Event()


def _refuses(fleet: FakeFleet) -> None:
    words = "Invalid config: Invalid value: 8GiBx"
    fleet.configuration.errors = [OperationFailed("change the configuration", words)]


def _refuses_device(fleet: FakeFleet) -> None:
    words = 'Failed add validation for device "web": Missing source path "/no/such"'
    fleet.configuration.errors = [OperationFailed("change the configuration", words)]


def _other_writer(fleet: FakeFleet) -> None:
    """Change it between the reading and the sending."""
    known = Configuration.of(fleet.store.state.instances[fleet.ref(NAME)])
    theirs = known.with_key("limits.memory", "12GiB").with_key("user.owner", "ines")
    fleet.configuration.put(fleet.ref(NAME), theirs)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state to be pictured."""

    page: type[Page] = ConfigurationPage
    before: Change = _nothing
    """What is done before the page is opened."""
    keys: tuple[str, ...] = ()
    waits_for: str = ""
    then: Change = _nothing
    """What is done after the keys."""
    more: tuple[str, ...] = ()
    """Keys after that."""
    theme: str = DARK.name


_MEMORY = ("j", "j", "j", "enter", "x", "enter")
STATES = {
    "config": State(keys=tuple("jj")),
    "config_light": State(keys=tuple("jj"), theme=LIGHT.name),
    "config_all": State(keys=("v", "v", "j", "j"), waits_for="boot.autostart.delay"),
    "config_empty": State(before=_emptied, waits_for="Nothing is set."),
    "config_loading": State(before=_late),
    "config_stale": State(before=_lost),
    "config_denied": State(before=_denied, waits_for="not authorized"),
    "config_filter": State(keys=("slash", *"snap"), waits_for="snapshots.expiry"),
    "config_value": State(keys=("j", "j", "j", "enter"), waits_for="Leave as it is"),
    "config_choice": State(keys=(*"jjjjj", "enter"), waits_for="unset"),
    "config_key": State(keys=("a", *"mem"), waits_for="limits.memory.swap"),
    "config_changes": State(keys=_MEMORY, waits_for="Same as"),
    "config_refusal": State(
        before=_refuses, keys=_MEMORY, more=("enter",), waits_for="Invalid value: 8GiBx"
    ),
    "config_conflict": State(
        keys=_MEMORY, then=_other_writer, more=("enter",), waits_for="Both changed 1 value"
    ),
    "config_yaml": State(keys=("E",), waits_for="Ctrl-S"),
    "config_covered": State(keys=("enter",), waits_for="lines hidden"),
    "config_profiles": State(keys=("P", "down"), waits_for="database sets"),
    "config_profile_text": State(keys=("P", "e"), waits_for="Ctrl-S"),
    "devices": State(page=DevicesPage, keys=tuple("jj")),
    "devices_empty": State(page=DevicesPage, before=_emptied, waits_for="There is no device."),
    "devices_type": State(page=DevicesPage, keys=("a",), waits_for="Add what"),
    "devices_form": State(page=DevicesPage, keys=("j", "j", "enter"), waits_for="It comes from"),
    "devices_masked": State(page=DevicesPage, keys=("u",), waits_for="it is hidden"),
    "devices_refusal": State(
        page=DevicesPage,
        before=_refuses_device,
        keys=("j", "j", "j", "enter", "x", "enter"),
        more=("enter",),
        waits_for="Missing source path",
    ),
}


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: each dialog is waited for."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(snap_compare: Snapshot, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    fleet = configured()

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        state.before(fleet)
        host = PageHost(fleet, fleet.ref(NAME), state.page)
        pilot.app.push_screen(host)
        await until(pilot, lambda: host.page.is_active)
        if fleet.configuration.gate is None:
            await settle(pilot)
        await pilot.press(*state.keys)
        await pilot.pause()
        if state.more:
            await settle(pilot)
            state.then(fleet)
            await pilot.press(*state.more)
        await until(pilot, lambda: state.waits_for in screen_text(pilot.app))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = False
        await pilot.pause()
        await pilot.pause()

    app = app_for(fleet, theme=state.theme)
    assert snap_compare(app, terminal_size=size, run_before=run_before)
