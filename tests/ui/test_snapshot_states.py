"""Pictures of the snapshot list and of its dialogs in both sizes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import OperationFailed
from lxdtui.model.snapshot import Snapshot
from lxdtui.store.updates import SnapshotsRead
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE, Glyphs
from tests.ui.fake import GIB, MIB, NOW, FakeFleet
from tests.ui.pilots import app_for, screen_text, settle, until

Compare = Callable[..., bool]


def _snapshot(name: str, days: float, size: int, **fields: object) -> Snapshot:
    values = {"expires_at": None, "stateful": False, "profiles": ("default", "database")} | fields
    created = NOW - timedelta(days=days)
    return Snapshot(name=name, created_at=created, size=size, **values)  # type: ignore[arg-type]  # test sugar


_NIGHTLY = [
    _snapshot(
        f"nightly-{1122 - day}",
        day + 0.58,
        GIB + day * 40 * MIB,
        expires_at=NOW + timedelta(days=6.4 - day),
    )
    for day in range(6)
]
SNAPSHOTS = (
    *_NIGHTLY,
    _snapshot("before-16.5", 6.2, 8 * GIB, config={"limits.memory": "6GiB"}),
    _snapshot("nightly-1116", 6.6, GIB, expires_at=NOW + timedelta(hours=9)),
    _snapshot("live-1103", 20, 14 * GIB, stateful=True),
    _snapshot("golden", 87, 2 * GIB),
)


def fleet_for(state: str) -> FakeFleet:
    """Return a fleet with one container whose snapshots are in a state."""
    fleet = FakeFleet()
    instance = fleet.instance(
        "db-primary",
        config={"limits.memory": "8GiB", "user.db_password": "secret"},
        devices={"wal": {"type": "disk"}},
        expanded_config={"snapshots.schedule": "0 2 * * *", "snapshots.expiry": "7d"},
        profiles=("default", "database"),
    )
    fleet.live([instance])
    ref = fleet.ref("db-primary")
    if state not in ("loading", "failed"):
        fleet.store.apply(SnapshotsRead(ref, () if state == "empty" else SNAPSHOTS))
    if state == "failed":
        error = OperationFailed("list the snapshots of db-primary", "database is locked")
        fleet.snapshots.errors["refresh"] = [error]
    if state == "refusing":
        words = "Unable to create a stateful snapshot. CRIU isn't installed"
        hint = "The memory can only be kept where CRIU is installed on the server."
        refusal = OperationFailed("take the snapshot snap0 of db-primary", words, hint=hint)
        fleet.snapshots.errors["create"] = [refusal]
        busy = OperationFailed("delete the snapshot golden", "dataset is busy", hint="Try later.")
        fleet.snapshots.errors["delete golden"] = [busy]
    if state == "working":
        fleet.snapshots.gate = asyncio.Event()
    if state == "zfs":
        fleet.snapshots.driver = "zfs"
    return fleet


@dataclass(frozen=True)
class State:
    """A state to be pictured: the fleet, and the keys that lead there."""

    fleet: str = "full"
    keys: tuple[str, ...] = ()
    waits_for: str = "Snapshots"
    is_lost: bool = False
    theme: str = DARK.name
    glyphs: Glyphs = UNICODE


STATES = {
    "list": State(keys=(*"jj", "space", "space", "j", "j"), waits_for="✓ 2"),
    "list_light": State(keys=tuple("jjjjjj"), theme=LIGHT.name),
    "list_ascii": State(keys=tuple("jjjjjj"), glyphs=ASCII),
    "empty": State(fleet="empty", waits_for="takes one"),
    "loading": State(fleet="loading", waits_for="reading snapshots"),
    "failed": State(fleet="failed", waits_for="database is locked"),
    "stale": State(is_lost=True, waits_for="as of"),
    "no_hits": State(keys=("slash", *"weeb", "enter"), waits_for="Nothing matches"),
    "create": State(keys=("n",), waits_for="Take it"),
    "refused": State(fleet="refusing", keys=("n", "enter"), waits_for="CRIU isn't installed"),
    "rename": State(keys=("r",), waits_for="New name"),
    "expiry": State(keys=("e", *(["backspace"] * 16), *"2w"), waits_for="The server deletes it"),
    "delete": State(keys=("space", "space", "D"), waits_for="Delete 2"),
    "results": State(
        fleet="refusing", keys=("G", "space", "k", "space", "D", "2", "enter"), waits_for="again"
    ),
    "prune": State(keys=("P", "tab", *(["backspace"] * 3), *"5d"), waits_for="type 5 to"),
    "restore": State(keys=(*"jjjjjjj", "enter"), waits_for="Restore it"),
    "copy": State(keys=("C",), waits_for="New container from"),
    "publish": State(keys=("p",), waits_for="Make an image"),
    "schedule": State(keys=("s",), waits_for="The next one comes in 14 h"),
    "progress": State(fleet="working", keys=("p", "enter"), waits_for="86%"),
    "restore_zfs": State(fleet="zfs", keys=("j", "enter"), waits_for="in the way"),
}


# A dialog is as wide as it is: these are drawn the same over a wider list.
ONE_SIZE = frozenset(
    ("list_light", "list_ascii", "no_hits", "refused", "rename", "expiry", "publish", "restore_zfs")
)
PICTURES = [
    pytest.param(name, size, id=f"{name}-{size[0]}x{size[1]}")
    for name in STATES
    for size in ((80, 24), (140, 40))
    if size[0] == 80 or name not in ONE_SIZE
]


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_picture(snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    fleet = fleet_for(state.fleet)

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, lambda: "Snapshots" in screen_text(pilot.app).split("\n", 1)[0])
        await settle(pilot)
        if state.is_lost:
            fleet.lost()
        for key in state.keys:
            await pilot.press(key)
            await settle(pilot)
        await until(pilot, lambda: state.waits_for in screen_text(pilot.app))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    app = app_for(fleet, theme=state.theme, glyphs=state.glyphs)
    assert snap_compare(app, terminal_size=size, run_before=run_before)
