"""Looking into snapshots, comparing them, and taking files back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot

from lxdtui.errors import OperationFailed
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode
from lxdtui.services.snapshots.look_mark import KEY, LookMark, Owner
from lxdtui.store.updates import InstanceRead
from lxdtui.ui.actions import Scope, actions_in
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.screens.comparison import ComparisonScreen
from lxdtui.ui.screens.files import FilesScreen
from lxdtui.ui.screens.snapshots import SnapshotsScreen
from tests.ui.fake import NOW, FakeFleet
from tests.ui.pilots import app_for, line_with, screen_text, settle, until
from tests.ui.test_snapshots import a_fleet, a_snapshot, asked, opened

THEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def compared_fleet() -> FakeFleet:
    """A container whose snapshot ``old`` holds other files than now."""
    fleet = a_fleet(a_snapshot("old", 3), a_snapshot("older", 9))
    furnish_sides(fleet, "old")
    furnish_sides(fleet, "older")
    return fleet


def furnish_sides(fleet: FakeFleet, snapshot: str) -> None:
    look = InstanceRef(fleet.remote, "default", f"lxdtui-look-web-{snapshot}")
    old, now = fleet.files.container(look), fleet.files.container(fleet.ref("web"))
    later = NOW - timedelta(hours=1)
    for tree in (old, now):
        tree.now = THEN.timestamp()
        tree.directory("/", modified=THEN)
        tree.file("/etc/hosts", b"127.0.0.1 localhost\n", modified=THEN)
    old.file("/etc/nginx/nginx.conf", b"workers 2;\ngzip off;\n", modified=THEN)
    now.file("/etc/nginx/nginx.conf", b"workers 8;\ngzip off;\n", modified=later)
    old.file("/etc/shadow", b"root:x\n", mode=0o640, gid=42, modified=THEN)
    now.file("/etc/shadow", b"root:x\n", mode=0o644, gid=42, modified=THEN)
    old.file("/srv/site/index.html", b"<b>hello</b>\n", modified=THEN)
    now.file("/root/\x1b[31mnotes", b"new\n", modified=later)


async def at_the_differences(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await pilot.press("v")
    await until(pilot, lambda: "entries" in screen_text(pilot.app))
    await settle(pilot)


@pytest.mark.parametrize(
    ("code", "is_mounted"),
    [(StatusCode.RUNNING, True), (StatusCode.FROZEN, True), (StatusCode.STOPPED, False)],
)
async def test_what_is_mounted_in_a_container_is_left_out_also_while_it_is_frozen(
    code: StatusCode, is_mounted: bool
) -> None:
    fleet = a_fleet(a_snapshot("old-" + "x" * 50, 3), code=code)
    furnish_sides(fleet, "old-" + "x" * 50)
    app = app_for(fleet)
    async with app.run_test(size=(120, 24)) as pilot:
        await at_the_differences(pilot)
        assert fleet.snapshots.orders[-1][0] == "compare"
        assert fleet.snapshots.orders[-1][-1] is is_mounted
        assert f"web › old-{'x' * 19}… and now" in screen_text(app)


async def test_a_snapshot_is_compared_with_now() -> None:
    fleet = compared_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(120, 24), notifications=True) as pilot:
        await at_the_differences(pilot)
        assert "web › old and now" in screen_text(app)
        assert "~ /etc/nginx/nginx.conf" in line_with(app, "nginx.conf")
        assert "mode 0640 to 0644" in line_with(app, "/etc/shadow")
        assert "- /srv" in line_with(app, "/srv")
        assert "2 below" in line_with(app, "/srv")
        assert "+ /root" in line_with(app, "/root")
        await pilot.press("v", "v")
        await settle(pilot)
        assert "nginx" in screen_text(app)
        assert "/srv" not in screen_text(app)
        await pilot.press("escape", "slash", *"srv", "enter")
        await settle(pilot)
        assert "nginx" not in screen_text(app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await until(pilot, lambda: fleet.snapshots.ordered("close") == [("old",)])


async def test_the_difference_of_a_text_is_shown() -> None:
    app = app_for(compared_fleet())
    async with app.run_test(size=(100, 24)) as pilot:
        await at_the_differences(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "workers 8;" in screen_text(app))
        assert "workers 2;" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "workers 8;" not in screen_text(app)


async def test_two_marked_ones_are_compared_older_first() -> None:
    fleet = compared_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        await pilot.press("space", "space", "v")
        await until(pilot, lambda: "older and old" in screen_text(app))
        await until(pilot, lambda: "No file is different between older and old" in screen_text(app))
        assert [name for (name,) in fleet.snapshots.ordered("look")] == ["older", "old"]
        await pilot.press("escape")
        await until(pilot, lambda: len(fleet.snapshots.ordered("close")) == 2)


async def test_a_comparison_that_fails_or_is_left_leaves_no_copy() -> None:
    fleet = compared_fleet()
    fleet.snapshots.errors["compare"] = [OperationFailed("compare web", "disk is on fire")]
    app = app_for(fleet)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await until(pilot, lambda: "disk is on fire" in screen_text(app))
        fleet.snapshots.gate = asyncio.Event()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Comparing the files of old and now." in screen_text(app))
        fleet.snapshots.gate.set()
        fleet.snapshots.gate = None
        await pilot.press("escape")
        await until(pilot, lambda: fleet.snapshots.ordered("close") == [("old",)])
        assert len(fleet.snapshots.ordered("look")) == 1


async def test_the_files_of_a_snapshot_stand_beside_those_of_now() -> None:
    fleet = compared_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(120, 24)) as pilot:
        await opened(pilot)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, FilesScreen))
        screen = app.screen
        assert isinstance(screen, FilesScreen)
        assert [pane.place for pane in screen.panes] == [
            Place(ref=fleet.ref("web")),
            Place(ref=fleet.snapshots.looks.opened[0].ref),
        ]
        assert fleet.snapshots.ordered("close") == []
        await settle(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: fleet.snapshots.ordered("close") == [("old",)])


async def test_the_files_of_a_snapshot_are_not_changed() -> None:
    """The copy that shows them is deleted, with all that would be changed in it."""
    fleet = compared_fleet()
    name = "lxdtui-look-web-old"
    mark = LookMark(
        name=name, source="web", snapshot="old", owner=Owner.this_process(), made_at="2026-11-24"
    )
    app = app_for(fleet)
    async with app.run_test(size=(120, 24), notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, FilesScreen))
        look = fleet.instance(name, StatusCode.STOPPED, config={KEY: mark.text()})
        fleet.store.apply(InstanceRead(look))
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, FilesScreen)

        def refused() -> set[str]:
            known = {one.id: one for one in actions_in(Scope.FILES)}
            reasons = {one: screen.why_not(action) or "" for one, action in known.items()}
            return {one for one, reason in reasons.items() if "snapshot old" in reason}

        changes = {"delete", "folder", "link", "move", "new", "properties", "rename"}
        await until(pilot, lambda: screen.active.entry is not None)
        assert refused() >= {f"files.{one}" for one in changes}
        assert "files.copy" not in refused()
        await pilot.press("tab")
        await settle(pilot)
        await until(pilot, lambda: screen.active.entry is not None)
        assert refused() == {"files.copy", "files.move"}


async def test_a_look_that_fails_is_told() -> None:
    fleet = compared_fleet()
    fleet.snapshots.errors["look"] = [OperationFailed("create a copy", "pool is full")]
    app = app_for(fleet)
    async with app.run_test(size=(100, 24)) as pilot:
        await opened(pilot)
        await asked(pilot, "b", "pool is full")
        await pilot.press("escape")


async def test_files_come_back_as_they_were(demo_app: LxdTuiApp) -> None:
    app = demo_app
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await until(pilot, lambda: "api-01" in screen_text(app))
        ref = InstanceRef("demo", "staging", "api")
        fleet = app._fleet
        files = fleet.files.container(ref)
        await files.write("/etc/app.conf", b"then\n", mode=0o600, uid=33, gid=33)
        await files.write("/etc/other.conf", b"then\n")
        await files.make_directory("/etc/conf.d", mode=0o750)
        await files.write("/etc/conf.d/x.conf", b"then\n")
        await fleet.snapshots.create(ref, "s-then")
        await files.chmod("/etc/conf.d", 0o700)
        await files.write("/etc/conf.d/x.conf", b"new, and not to be lost\n")
        await files.write("/etc/app.conf", b"now, longer\n")
        await files.remove("/etc/other.conf")
        await pilot.press("n")
        await until(pilot, lambda: "s-then" in screen_text(app))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, ComparisonScreen))
        await until(pilot, lambda: "app.conf" in screen_text(app))
        await pilot.press("slash", *"conf", "enter", "a")
        await settle(pilot)
        # All but what somebody wrote below the folder meanwhile.
        await pilot.press("g", "j", "j", "space")
        await settle(pilot)
        await asked(pilot, "t", "Take back 3 entries from s-then")
        assert "2 entries of now are overwritten" in screen_text(app)
        assert "gets its mode and owner back, no files" in screen_text(app)
        assert "1 deleted entry comes back" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "3 entries taken back" in screen_text(app))
        assert (await files.lstat("/etc/conf.d")).mode == 0o750
        assert await files.read_bytes("/etc/conf.d/x.conf") == b"new, and not to be lost\n"
        assert await files.read_bytes("/etc/app.conf") == b"then\n"
        assert await files.read_bytes("/etc/other.conf") == b"then\n"
        found = await files.lstat("/etc/app.conf")
        assert (found.mode, found.uid, found.gid) == (0o600, 33, 33)
        names = [one.name for one in fleet.store.state.snapshots[ref]]
        assert any(name.startswith("before-restore-") for name in names)
        await until(pilot, lambda: "app.conf" not in screen_text(app))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await until(
            pilot,
            lambda: (
                not [
                    one
                    for one in fleet.store.state.instances
                    if one.name.startswith("lxdtui-look-")
                ]
            ),
        )
