"""Every key of every screen where there is nothing to act on: none of them ends the program."""

import pytest
from textual.pilot import Pilot

from lxdtui.model.status import StatusCode
from lxdtui.store.updates import InstanceGone, SnapshotsRead
from lxdtui.ui.actions import ACTIONS
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.messages import OpenFiles, OpenInstance, OpenSnapshots
from tests.ui.fake import FakeFleet
from tests.ui.pilots import app_for, until

_NAME = "web"
_PAGES = {f"page {number}": str(number) for number in range(1, 7)}
_ENDS_IT = frozenset(("list.quit",))
_DIALOGS = 4
"""More than these never lie on one another."""


async def _open(pilot: Pilot[None], fleet: FakeFleet, screen: str) -> None:
    ref = fleet.ref(_NAME)
    if screen == "snapshots":
        pilot.app.screen.post_message(OpenSnapshots(ref))
    elif screen == "files":
        pilot.app.screen.post_message(OpenFiles(ref))
    elif screen in _PAGES:
        pilot.app.screen.post_message(OpenInstance(ref))
    if screen != "list":
        await until(pilot, lambda: len(pilot.app.screen_stack) > 1)
        await pilot.pause()
    if screen in _PAGES:
        await pilot.press(_PAGES[screen])
    await pilot.pause()


def _keys(screen: FleetScreen) -> list[str]:
    keys = {
        key
        for action in ACTIONS
        if action.scope in screen.SCOPES and action.id not in _ENDS_IT
        for key in action.keys
    }
    # A key with a blank in it is words for the help.
    return sorted(key for key in keys if " " not in key)


@pytest.mark.parametrize(
    ("state", "screen"),
    [
        ("none", "list"),
        *(("empty", screen) for screen in ("list", "snapshots", "files", *_PAGES)),
        *(("gone", screen) for screen in ("snapshots", "files", "page 3")),
    ],
)
async def test_no_key_ends_the_program(state: str, screen: str) -> None:
    fleet = FakeFleet()
    instances = [] if state == "none" else [fleet.instance(_NAME, StatusCode.STOPPED)]
    fleet.live(instances)
    fleet.store.apply(SnapshotsRead(fleet.ref(_NAME), ()))
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await _open(pilot, fleet, screen)
        if state == "gone":
            fleet.store.apply(InstanceGone(fleet.ref(_NAME)))
            await pilot.pause()
        depth = len(app.screen_stack)
        assert isinstance(app.screen, FleetScreen)
        for key in _keys(app.screen):
            await pilot.press(key)
            await pilot.pause()
            assert app.is_running, key
            for _ in range(_DIALOGS):
                if len(app.screen_stack) > depth:
                    await pilot.press("escape")
                    await pilot.pause()
            while len(app.screen_stack) > depth:
                app.pop_screen()
                await pilot.pause()
            if len(app.screen_stack) < depth:
                await _open(pilot, fleet, screen)
