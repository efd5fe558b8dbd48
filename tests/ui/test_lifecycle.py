"""Containers are made, renamed, copied, published and migrated from the list."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import Conflict, OperationFailed
from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, screen_text, settle, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])


def a_fleet(code: StatusCode = StatusCode.STOPPED) -> FakeFleet:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web", code)])
    return fleet


async def asked(pilot: Pilot[None], key: str, words: str) -> None:
    await settle(pilot)
    await pilot.press(key)
    await until(pilot, lambda: words in screen_text(pilot.app))


async def told(pilot: Pilot[None], words: str) -> None:
    """A sentence is shown for a few seconds."""
    await until(pilot, lambda: any(words in one.message for one in pilot.app._notifications))


async def fill(pilot: Pilot[None], field: str, words: str) -> None:
    entry = pilot.app.screen.query_one(f"#field-{field}", Input)
    entry.focus()
    entry.value = words
    await settle(pilot)


async def test_a_container_is_created_after_a_refusal_with_the_same_answers() -> None:
    fleet = a_fleet()
    fleet.instances.errors["start"] = OperationFailed("start db", "no address is left")
    fleet.lifecycle.errors["create"] = Conflict("create db", "the disk is full", status=409)
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot, "c", "Create a container in")
        assert "it needs a name" in screen_text(app)
        await fill(pilot, "name", "web")
        assert "web exists already" in screen_text(app)
        await fill(pilot, "name", "db")
        await fill(pilot, "image", "nowhere:debian/12")
        assert "no image server is named nowhere" in screen_text(app)
        await fill(pilot, "image", "alpine/3.20")
        assert "Alpine 3.20" in screen_text(app)
        await fill(pilot, "profiles", "default, no-such")
        assert "the server has no profile no-such" in screen_text(app)
        await fill(pilot, "profiles", "default, database")
        await pilot.press("enter")
        await until(pilot, lambda: "the disk is full" in screen_text(app))
        await until(pilot, lambda: "Create a container in" in screen_text(app))
        await pilot.pause(0.3)
        await pilot.press("enter")
        await told(pilot, "db is created")
        # Only its start failed, so that is what may be tried again.
        await until(pilot, lambda: "Cannot start db" in screen_text(app))
        await pilot.press("escape")
        await settle(pilot)
        assert not app.screen.is_modal
    ref = InstanceRef(fleet.remote, "default", "db")
    order = ("create", ref, "alpine/3.20", ("default", "database"), False)
    assert fleet.lifecycle.orders[1:] == [order, order]
    assert fleet.instances.orders == [("start", ref, False)]


async def test_what_must_be_stopped_is_said_before_it_is_tried() -> None:
    fleet = a_fleet(StatusCode.RUNNING)
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("R", "p"):
            await settle(pilot)
            await pilot.press(key)
            await told(pilot, "web must be stopped first")
    assert fleet.lifecycle.orders == []


@pytest.mark.parametrize(
    ("key", "title", "words", "order"),
    [
        ("R", "Rename web in", "web is new now", ("rename", "new")),
        ("Y", "Copy web in", "new is a copy of web", ("copy", "new", False)),
    ],
)
async def test_a_container_gets_another_name_or_a_copy(
    key: str, title: str, words: str, order: tuple[object, ...]
) -> None:
    fleet = a_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot, key, title)
        await fill(pilot, "name", "new")
        await pilot.press("enter")
        await told(pilot, words)
    assert fleet.lifecycle.orders == [(order[0], fleet.ref("web"), *order[1:])]


async def test_a_container_is_published() -> None:
    fleet = a_fleet()
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot, "p", "Publish web in")
        await fill(pilot, "aliases", "base, web/1")
        await pilot.press("enter")
        await told(pilot, "web is published as base, web/1")
    assert [order[:3] for order in fleet.lifecycle.orders] == [
        ("publish", fleet.ref("web"), ("base", "web/1"))
    ]


async def test_a_running_container_is_migrated_only_as_is_chosen() -> None:
    fleet = a_fleet(StatusCode.RUNNING)
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await asked(pilot, "m", "Migrate web from")
        assert "web runs: stop it, or choose how it goes" in screen_text(app)
        app.screen.query_one("#field-live").focus()
        await pilot.press("space", "enter")
        await told(pilot, "web is on backup, too")
    assert fleet.lifecycle.orders == [
        ("migrate", fleet.ref("web"), "backup", "web", True, True, False, True)
    ]


async def test_there_is_nowhere_to_go_without_other_servers() -> None:
    fleet = a_fleet()
    fleet.lifecycle.others = ()
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await told(pilot, "No other server")


@SIZES
@pytest.mark.parametrize(
    ("key", "title"), [("c", "Create a container"), ("m", "Migrate"), ("Y", "Copy")]
)
def test_picture(
    snap_compare: Callable[..., bool], key: str, title: str, size: tuple[int, int]
) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await asked(pilot, key, title)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app_for(production()), terminal_size=size, run_before=run_before)


async def test_any_of_many_servers_can_be_seen_and_chosen() -> None:
    fleet = a_fleet()
    fleet.lifecycle.others = tuple(f"server-number-{number}" for number in range(12))
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot, "m", "Migrate web from")
        for number in range(12):
            assert f"server-number-{number}" in screen_text(app)
            await pilot.press("right")
            await settle(pilot)
        assert "server-number-0" in screen_text(app)
        await pilot.press("left", "enter")
        await told(pilot, "web is on server-number-11, too")
