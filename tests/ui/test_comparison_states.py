"""Pictures of a comparison and of its dialogs in both sizes."""

import asyncio
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from lxdtui.errors import OperationFailed
from tests.ui.pilots import app_for, screen_text, settle, until
from tests.ui.test_comparison import compared_fleet

Compare = Callable[..., bool]

# The keys that lead there from the snapshots, and what is to be seen then.
STATES = {
    "full": (("v", "j", "space"), "entries"),
    "comparing": (("v",), "Comparing the files"),
    "failed": (("v",), "pool is full"),
    "same": (("space", "space", "v"), "No file is different"),
    "difference": (("v", "enter"), "workers 8;"),
    "take_back": (("v", "a", "t"), "Take back 3 entries"),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    keys, words = STATES[name]
    fleet = compared_fleet()
    if name == "comparing":
        fleet.snapshots.gate = asyncio.Event()
    if name == "failed":
        error = OperationFailed("create lxdtui-look-web-1a2b3c", "pool is full")
        fleet.snapshots.errors["look"] = [error]

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "› Snapshots" in screen_text(pilot.app))
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            if name != "comparing":
                await settle(pilot)
        await until(pilot, lambda: words in screen_text(pilot.app))
        if name != "comparing":
            await settle(pilot)

    assert snap_compare(app_for(fleet), terminal_size=size, run_before=run_before)
