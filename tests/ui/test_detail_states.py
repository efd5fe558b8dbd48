"""Pictures of every page of the detail screen: full, empty, loading, failed, old; in both sizes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from textual.pilot import Pilot

from lxdtui.errors import OperationFailed
from lxdtui.store.updates import InstanceGone
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, screen_text, settle, until
from tests.ui.test_detail import opened

Snapshot = Callable[..., bool]


def _nothing(_fleet: FakeFleet) -> None:
    """Leave everything as it is."""


def _lost(fleet: FakeFleet) -> None:
    fleet.lost()


def _gone(fleet: FakeFleet) -> None:
    fleet.store.apply(InstanceGone(fleet.ref("db-primary")))


def _late(fleet: FakeFleet) -> None:
    fleet.processes.gate = fleet.logs.gate = asyncio.Event()


def _failing(fleet: FakeFleet) -> None:
    fleet.processes.error = OperationFailed(
        "read the processes of db-primary", "It has no /proc that a shell can read."
    )
    fleet.logs.error = OperationFailed("list the logs of db-primary", "[bold]denied[/bold]")


@dataclass(frozen=True, kw_only=True)
class State:
    """A state to be pictured."""

    page: str
    waits_for: str
    name: str = "db-primary"
    before: Callable[[FakeFleet], None] = _nothing
    after: Callable[[FakeFleet], None] = _nothing
    then: str = ""
    keys: tuple[str, ...] = field(default=())


STATES = {
    "overview": State(page="overview", waits_for="Memory"),
    "overview_stopped": State(page="overview", waits_for="build-old", name="build-old"),
    "overview_old": State(page="overview", waits_for="", after=_lost, then="as of 12 s ago"),
    "overview_gone": State(page="overview", waits_for="", after=_gone, then="not exist any more"),
    "processes": State(page="processes", waits_for="8 processes", keys=("j",)),
    "processes_frozen": State(page="processes", waits_for="is frozen", name="gitlab-copy"),
    "processes_failed": State(page="processes", waits_for="Ctrl-R tries", before=_failing),
    "processes_old": State(
        page="processes", waits_for="8 processes", after=_lost, then="as of 12 s ago"
    ),
    "processes_loading": State(page="processes", waits_for="reading the processes", before=_late),
    "logs": State(page="logs", waits_for="login:"),
    "logs_loading": State(page="logs", waits_for="reading the logs", before=_late),
    "logs_old": State(page="logs", waits_for="login:", after=_lost, then="as of 12 s ago"),
    "logs_found": State(
        page="logs",
        waits_for="login:",
        keys=("tab", "tab", "slash", *"chown 3", "enter"),
        then="11 hits",
    ),
    "logs_empty": State(page="logs", waits_for="login:", keys=("tab",), then="log is empty"),
    "logs_failed": State(page="logs", waits_for="Ctrl-R tries", before=_failing),
    "events": State(page="events", waits_for="exec ×3"),
    "events_old": State(page="events", waits_for="exec ×3", after=_lost, then="as of 12 s ago"),
    "events_empty": State(page="events", waits_for="Nothing has happened", name="wiki"),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(snap_compare: Snapshot, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    fleet = production()
    state.before(fleet)

    async def run_before(pilot: Pilot[None]) -> None:
        screen = await opened(pilot, fleet, state.name)
        screen.show_page(state.page)
        await until(pilot, lambda: state.waits_for in screen_text(pilot.app))
        await settle(pilot)
        for key in state.keys:
            await pilot.press(key)
            await settle(pilot)
        state.after(fleet)
        await until(pilot, lambda: state.then in screen_text(pilot.app))
        await settle(pilot)

    assert snap_compare(app_for(fleet), terminal_size=size, run_before=run_before)
