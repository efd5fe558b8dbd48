"""The snapshots of a container: what is shown, asked, done and told."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from lxdtui.errors import NotFound, OperationFailed, StaleEtag
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.status import StatusCode
from lxdtui.store.updates import InstanceRead, SnapshotsRead
from tests.ui.fake import GIB, NOW, FakeFleet, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until


def a_snapshot(name: str, days: float, **fields: object) -> Snapshot:
    values = {
        "created_at": NOW - timedelta(days=days),
        "expires_at": None,
        "stateful": False,
        "size": GIB,
    } | fields
    return Snapshot(name=name, **values)  # type: ignore[arg-type]  # test sugar


def a_fleet(*snapshots: Snapshot, code: StatusCode = StatusCode.RUNNING) -> FakeFleet:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web", code)])
    fleet.store.apply(SnapshotsRead(fleet.ref("web"), snapshots))
    return fleet


THREE = (
    a_snapshot("golden", 87),
    a_snapshot("live-1103", 20, stateful=True),
    a_snapshot("nightly-1122", 0.6, expires_at=NOW + timedelta(hours=9)),
)


async def opened(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("n")
    await until(pilot, lambda: "› Snapshots" in screen_text(pilot.app))
    await settle(pilot)


async def asked(pilot: Pilot[None], key: str, words: str) -> None:
    await pilot.press(key)
    await until(pilot, lambda: words in screen_text(pilot.app))


async def entered(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Press Enter, again where it came so soon after a dialog that it was left out."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "Enter has no effect"
        await pilot.press("enter")
        await settle(pilot)


async def test_the_list_shows_the_newest_first_and_what_is_special() -> None:
    app = app_for(a_fleet(*THREE))
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        lines = screen_text(app).splitlines()
        rows = [line for line in lines if "d" in line and "GiB" in line and "3 snaps" not in line]
        assert ["nightly" in rows[0], "live" in rows[1], "golden" in rows[2]] == [True] * 3
        assert "today" in line_with(app, "nightly-1122")
        assert "◆ live-1103" in line_with(app, "live-1103")
        assert "3 snapshots, 3.0 GiB" in screen_text(app)
        await pilot.press("o", "o")
        await settle(pilot)
        assert "Expires ↑" in screen_text(app)
        await pilot.press("slash", *"gold", "enter")
        await settle(pilot)
        assert "nightly" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "nightly-1122" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "› Snapshots" not in screen_text(app))


async def test_taking_one_with_name_and_expiry() -> None:
    fleet = a_fleet(a_snapshot("snap3", 1))
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "n", "Take it")
        assert "snap4" in screen_text(app)
        await pilot.press("tab", *"7d", "enter")
        await until(pilot, lambda: bool(fleet.snapshots.ordered("create")))
        await settle(pilot)
        assert fleet.snapshots.ordered("create") == [("snap4", False, NOW + timedelta(days=7))]
        assert "7 d" in line_with(app, "snap4  ")


async def test_what_cannot_be_is_said_before_it_is_sent() -> None:
    fleet = a_fleet(a_snapshot("snap3", 1), code=StatusCode.STOPPED)
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "n", "Take it")
        assert "it does not run" in screen_text(app)
        await pilot.press("space", "x")
        await until(pilot, lambda: "no blank and no slash" in screen_text(app))
        await pilot.press("enter", *(["backspace"] * 3), "3", "enter")
        await until(pilot, lambda: "a snapshot snap3 exists" in screen_text(app))
        assert fleet.snapshots.ordered("create") == []
        await pilot.press("escape")
        await settle(pilot)
        assert fleet.snapshots.ordered("create") == []


async def test_a_refusal_comes_back_with_what_was_typed() -> None:
    fleet = a_fleet()
    words = "Unable to create a stateful snapshot. CRIU isn't installed"
    hint = "Take the snapshot without it."
    fleet.snapshots.errors["create"] = [OperationFailed("take it", words, hint=hint)]
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        assert "No snapshots of web yet." in screen_text(app)
        await asked(pilot, "n", "Take it")
        await pilot.press("x", "tab", "tab", "space", "enter")
        await until(pilot, lambda: "CRIU isn't installed" in screen_text(app))
        assert hint in screen_text(app)
        assert "snap0x" in screen_text(app)
        await pilot.press("tab", "tab", "space")
        await entered(pilot, lambda: len(fleet.snapshots.ordered("create")) == 2)
        assert [order[:2] for order in fleet.snapshots.ordered("create")] == [
            ("snap0x", True),
            ("snap0x", False),
        ]


async def test_marked_ones_are_deleted_with_a_result_for_each() -> None:
    fleet = a_fleet(*THREE)
    busy = OperationFailed("delete the snapshot golden", "pool is busy", hint="Try later.")
    fleet.snapshots.errors["delete golden"] = [busy]
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("space", "j", "space")
        await settle(pilot)
        assert "✓ 2" in screen_text(app)
        await asked(pilot, "D", "Delete 2 snapshots of web in")
        await pilot.press("enter")
        await settle(pilot)
        assert fleet.snapshots.ordered("delete") == []
        await pilot.press("2", "enter")
        await until(pilot, lambda: "1 of 2 snapshots deleted" in screen_text(app))
        assert "pool is busy" in screen_text(app)
        await pilot.press("r")
        await until(pilot, lambda: len(fleet.snapshots.ordered("delete")) == 3)
        await settle(pilot)
        assert [name for (name,) in fleet.snapshots.ordered("delete")][-1] == "golden"
        assert "live-1103" in screen_text(app)
        assert "nightly" not in screen_text(app)


async def test_what_was_taken_anew_while_the_question_stood_is_left_alone() -> None:
    fleet = a_fleet(a_snapshot("s", 3))
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "D", "Delete the snapshot s")
        fleet.store.apply(SnapshotsRead(fleet.ref("web"), (a_snapshot("s", 0),)))
        await pilot.press("1", "enter")
        await until(pilot, lambda: "taken anew meanwhile" in screen_text(app))
        assert fleet.snapshots.ordered("delete") == []


async def test_what_was_taken_anew_while_a_failure_was_read_is_left_alone() -> None:
    fleet = a_fleet(a_snapshot("s", 3))
    fleet.snapshots.errors["delete"] = [OperationFailed("delete the snapshot s", "pool is busy")]
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "D", "Delete the snapshot s")
        await pilot.press("1", "enter")
        await until(pilot, lambda: "pool is busy" in screen_text(app))
        fleet.store.apply(SnapshotsRead(fleet.ref("web"), (a_snapshot("s", 0),)))
        await pilot.press("r")
        await until(pilot, lambda: "taken anew meanwhile" in screen_text(app))
        assert fleet.snapshots.ordered("delete") == [("s",)]


async def test_pruning_shows_exactly_what_goes() -> None:
    fleet = a_fleet(*THREE)
    app = app_for(fleet)
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "P", "1 snapshot goes")
        assert "2 stay" in screen_text(app)
        assert "- golden" in screen_text(app)
        await pilot.press("right", "tab", *(["backspace"] * 3), "1")
        await until(pilot, lambda: "2 snapshots go" in screen_text(app))
        await pilot.press("tab", "tab", "2", "enter")
        await until(pilot, lambda: len(fleet.snapshots.ordered("delete")) == 2)
        await settle(pilot)
        assert {name for (name,) in fleet.snapshots.ordered("delete")} == {"golden", "live-1103"}


async def test_restoring_a_frozen_container_says_that_it_runs_then() -> None:
    app = app_for(a_fleet(*THREE, code=StatusCode.FROZEN))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await asked(pilot, "enter", "Restore web to nightly-1122")
        assert "It is frozen: it is stopped and brought back, and runs then." in screen_text(app)


async def test_restoring_says_what_is_lost_and_secures_first() -> None:
    fleet = a_fleet(*THREE)
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("j")
        await asked(pilot, "enter", "Restore web to live-1103")
        text = screen_text(app)
        assert "All changes of the last 20 d are lost" in text
        assert "It runs: it is stopped, brought back and started again." in text
        assert "1 newer snapshot stays." in text
        await pilot.press("tab", "space", "enter")
        await until(pilot, lambda: bool(fleet.snapshots.ordered("restore")))
        await settle(pilot)
        assert [order[0] for order in fleet.snapshots.ordered("create")] == [
            "before-restore-20261124-1200"
        ]
        assert fleet.snapshots.ordered("restore") == [("live-1103", True)]


async def test_zfs_is_told_apart_and_a_failed_restore_says_everything() -> None:
    fleet = a_fleet(*THREE)
    fleet.snapshots.driver = "zfs"
    fleet.snapshots.errors["restore"] = [
        OperationFailed("restore web to golden", "cannot be restored due to subsequent snapshots")
    ]
    app = app_for(fleet)
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("G")
        await asked(pilot, "enter", "2 newer snapshots in the way")
        assert "of now first: ZFS could not" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "subsequent snapshots" in screen_text(app))
        assert "The container is running now." in screen_text(app)
        assert fleet.snapshots.ordered("create") == []
        await pilot.press("escape")


async def test_a_restore_leaves_alone_what_was_not_meant_and_outlives_its_container() -> None:
    fleet = a_fleet(a_snapshot("s", 3))
    web = fleet.ref("web")
    gone = NotFound("take a snapshot of web", "Instance not found")
    fleet.snapshots.errors["create"] = [gone]
    app = app_for(fleet)
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot)
        await entered(pilot, lambda: "Restore web to s" in screen_text(app))
        fleet.store.apply(SnapshotsRead(web, (a_snapshot("s", 0),)))
        await pilot.press("enter")
        await until(pilot, lambda: "taken anew meanwhile" in screen_text(app))
        await settle(pilot)
        await entered(pilot, lambda: "Restore web to s" in screen_text(app))
        fleet.live([fleet.instance("web", created_at=NOW)])
        await pilot.press("enter")
        await until(pilot, lambda: "web was made anew" in screen_text(app))
        await settle(pilot)
        assert fleet.snapshots.ordered("create") == fleet.snapshots.ordered("restore") == []
        fleet.store.apply(SnapshotsRead(web, (a_snapshot("s", 0),)))
        await settle(pilot)
        await entered(pilot, lambda: "Restore web to s" in screen_text(app))
        fleet.live([])
        await pilot.press("enter")
        await until(pilot, lambda: "Instance not found" in screen_text(app))
        assert fleet.snapshots.ordered("restore") == []
        await pilot.press("escape")


async def test_rename_and_expiry_and_what_somebody_else_changed() -> None:
    fleet = a_fleet(a_snapshot("old", 3))
    fleet.snapshots.errors["set_expiry"] = [
        StaleEtag("change the expiry of old", "somebody else changed it meanwhile")
    ]
    fleet.snapshots.errors["rename"] = [
        NotFound("rename old", "snapshot not found", hint="It was deleted or renamed meanwhile")
    ]
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "r", "Rename the snapshot old of web")
        await pilot.press(*"er", "enter")
        await until(pilot, lambda: "deleted or renamed meanwhile" in screen_text(app))
        await entered(pilot, lambda: len(fleet.snapshots.ordered("rename")) == 2)
        await settle(pilot)
        await asked(pilot, "e", "Expiry of the snapshot older")
        await pilot.press(*"1w", "enter")
        await until(pilot, lambda: "somebody else changed it" in screen_text(app))
        await entered(pilot, lambda: len(fleet.snapshots.ordered("set_expiry")) == 2)
        await settle(pilot)
        assert "7 d" in line_with(app, "older")


async def test_what_failed_to_be_read_says_so_and_may_be_tried_again() -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web")])
    error = OperationFailed("list the snapshots of web", "database is locked")
    fleet.snapshots.errors["refresh"] = [error]
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        assert "Cannot list the snapshots of web" in screen_text(app)
        assert "database is locked" in screen_text(app)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "reading snapshots" in screen_text(app)


async def test_nothing_is_changed_while_the_link_is_lost() -> None:
    fleet = a_fleet(*THREE)
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        fleet.lost()
        await until(pilot, lambda: "as of 12 s ago" in screen_text(app))
        await pilot.press("D")
        await until(pilot, lambda: "the link to prod-eu is lost" in screen_text(app))


async def test_a_snapshot_from_the_list_at_once() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await asked(pilot, "N", "Snapshot api-01 in")
        await pilot.press("enter")
        await until(pilot, lambda: bool(fleet.snapshots.ordered("create")))


async def test_a_container_is_made_of_a_snapshot_and_may_be_cancelled() -> None:
    devices = {"eth0": {"type": "nic", "hwaddr": "00:16:3e:00:00:01"}}
    fleet = a_fleet(a_snapshot("before_1.0", 3, profiles=("default", "web"), devices=devices))
    fleet.snapshots.gate = asyncio.Event()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "C", "New container from web/before_1.0")
        text = screen_text(app)
        assert "web-before-1-0" in text
        assert "(default, web)" in text
        assert "Leave out the fixed addresses of eth0" in text
        await pilot.press("enter")
        await until(pilot, lambda: "62%" in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Cancelled: making web-before-1-0" in screen_text(app))
        fleet.snapshots.gate.set()
        fleet.snapshots.errors["copy"] = [OperationFailed("create web", "no space left")]
        await asked(pilot, "C", "New container from")
        await pilot.press("tab", "space", "tab", "space")
        await until(pilot, lambda: "Both containers would have" in screen_text(app))
        await entered(pilot, lambda: "no space left" in screen_text(app))
        await entered(pilot, lambda: len(fleet.snapshots.ordered("copy")) == 3)
        assert fleet.snapshots.ordered("copy")[-1] == ("before_1.0", "web-before-1-0", True, False)


async def test_an_image_is_made_of_a_snapshot() -> None:
    fleet = a_fleet(a_snapshot("s", 3))
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "p", "Make an image of web/s")
        await pilot.press("tab", "tab", *"os")
        await until(pilot, lambda: "properties are written like" in screen_text(app))
        await pilot.press(*"=x", "tab", "space")
        await until(pilot, lambda: "Anybody who reaches" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "The image web-s is made" in screen_text(app))
        properties = {"description": "Debian 12 amd64, web/s", "os": "x"}
        assert fleet.snapshots.ordered("publish") == [("s", ("web-s",), True, properties)]


async def test_the_schedule_is_saved_and_a_conflict_is_shown() -> None:
    fleet = a_fleet(a_snapshot("snap3", 1))
    ref = fleet.ref("web")
    app = app_for(fleet)
    async with app.run_test(size=(80, 30), notifications=True) as pilot:
        await opened(pilot)
        await asked(pilot, "s", "No snapshot is taken by itself.")
        await pilot.press("down", "down")
        await until(pilot, lambda: "within 24 h; the server chooses" in screen_text(app))
        await pilot.press(*(["backspace"] * 6), *"0 2 * *")
        await until(pilot, lambda: "a cron line has five fields" in screen_text(app))
        await pilot.press("space", "asterisk")
        await until(pilot, lambda: "The next one comes in 14 h" in screen_text(app))
        await pilot.press("tab", "space", "tab", *"night-%d", "tab", *"7d")
        await until(pilot, lambda: "is called night-0" in screen_text(app))
        version = await fleet.configuration.read(ref)
        theirs = version.configuration.with_key("snapshots.expiry", "3d")
        fleet.configuration.put(ref, theirs)
        await entered(pilot, lambda: "snapshots.expiry is 3d now" in screen_text(app))
        assert fleet.configuration.saved == []
        await entered(pilot, lambda: bool(fleet.configuration.saved))
        saved = fleet.configuration.saved[0].config
        assert {key: value for key, value in saved.items() if key.startswith("snapshots")} == {
            "snapshots.schedule": "0 2 * * *",
            "snapshots.schedule.stopped": "true",
            "snapshots.pattern": "night-%d",
            "snapshots.expiry": "7d",
        }
        await until(pilot, lambda: "next in 14 h" in screen_text(app))


@pytest.mark.parametrize("name", ["[bold]x[/bold]", "a\x1b[31mb"])
async def test_hostile_names_are_shown_harmless(name: str) -> None:
    app = app_for(a_fleet(a_snapshot(name, 1)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot)
        assert name.replace("\x1b", "␛") in screen_text(app)
        await asked(pilot, "D", "Delete the snapshot")
        assert name.replace("\x1b", "␛") in screen_text(app)


async def test_nothing_is_offered_that_cannot_be_done_without_a_link() -> None:
    fleet = a_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        await opened(pilot)
        assert "n takes one" in screen_text(app)
        assert "y commands" in screen_text(app)
        fleet.lost()
        await until(pilot, lambda: "takes one" not in screen_text(app))
        assert "No snapshots of web yet." in screen_text(app)
        fleet.live([])
        await until(pilot, lambda: "web does not exist any more." in screen_text(app))
        await pilot.press("y")
        await until(pilot, lambda: "Cannot copy a command: web does not exist" in screen_text(app))
        assert "y commands" not in screen_text(app)


async def test_a_rename_is_followed() -> None:
    fleet = a_fleet(*THREE)
    app = app_for(fleet)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        known = fleet.store.state.instances[fleet.ref("web")]
        fleet.rename("web", "site")
        fleet.store.apply(InstanceRead(known))
        await until(pilot, lambda: "› site › Snapshots" in screen_text(app))
        assert "golden" in screen_text(app)
        assert fleet.looked_at[-1] == (fleet.ref("site"),)
