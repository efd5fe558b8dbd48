"""What is done to containers from the list: at once, after a question, and when it fails."""

import asyncio

import pytest

from lxdtui.errors import OperationFailed
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.error import ErrorDialog
from lxdtui.ui.messages import OpenInstance
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.widgets.instance_table import InstanceTable
from tests.ui.fake import FakeFleet, FakeRemote, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until


@pytest.mark.parametrize(
    ("name", "key", "order"),
    [
        ("build-old", "S", "start"),
        ("mail", "T", "stop"),
        ("mail", "F", "freeze"),
        ("gitlab-copy", "F", "unfreeze"),
    ],
)
async def test_a_key_gives_its_order(name: str, key: str, order: str) -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *name, "enter", key)
        await until(pilot, lambda: bool(fleet.instances.orders))
        assert fleet.instances.orders == [(order, fleet.ref(name), False)]


async def test_what_was_asked_for_shows_at_once() -> None:
    fleet = production()
    fleet.instances.gate = asyncio.Event()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T")
        await until(pilot, lambda: "stopping" in line_with(app, "api-01"))
        await pilot.press("T")
        await pilot.pause()
        assert len(fleet.instances.orders) == 1
        fleet.instances.gate.set()
        await until(pilot, lambda: "stopped" in line_with(app, "api-01"))


async def test_what_is_not_possible_is_said_in_words() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await until(pilot, lambda: "Cannot start: api-01 is already running" in screen_text(app))
        await pilot.press("T")
        await until(pilot, lambda: "S start" in screen_text(app))
        await pilot.press("s")
        await until(pilot, lambda: "Cannot open a shell: api-01 is not" in screen_text(app))


async def test_enter_deletes_nothing_before_the_name_is_typed() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press(*"jjj", "D")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("enter", *"build-ar", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("m", "enter")
        await until(pilot, lambda: bool(fleet.instances.orders))
        assert fleet.instances.orders == [("delete", fleet.ref("build-arm"), True)]
        await until(pilot, lambda: len(app.screen_stack[0].query_one(InstanceTable).rows) == 27)
        await until(pilot, lambda: "build-arm deleted" in screen_text(app))


@pytest.mark.parametrize("key", ["D", "K", "r"])
async def test_escape_leaves_a_question_without_doing_anything(key: str) -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        await settle(pilot)
    assert fleet.instances.orders == []


async def test_a_failure_is_told_in_the_servers_words_and_stays_in_the_row() -> None:
    fleet = production()
    fleet.instances.errors["start"] = OperationFailed(
        "start build-old", "[bold]no space left[/bold]\x1b[2J"
    )
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"jjjj", "S")
        await until(pilot, lambda: isinstance(app.screen, ErrorDialog))
        await settle(pilot)
        assert "Cannot start build-old" in screen_text(app)
        assert "[bold]no space left[/bold]␛[2J" in screen_text(app)
        await pilot.press("y")
        assert app.clipboard == "Cannot start build-old\n[bold]no space left[/bold]␛[2J"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        assert "[bold]no" in line_with(app, "build-old")
        # The page of the container tells it whole, where the row has no room.
        app.screen.post_message(OpenInstance(fleet.ref("build-old")))
        await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
        await settle(pilot)
        assert "[bold]no space left[/bold]␛[2J" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        await pilot.press("S")
        await until(pilot, lambda: "running" in line_with(app, "build-old"))
        assert "[bold]" not in line_with(app, "build-old")


async def test_a_failure_can_be_tried_again() -> None:
    fleet = production()
    fleet.instances.errors["start"] = OperationFailed("start build-old", "busy")
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"jjjj", "S")
        await until(pilot, lambda: isinstance(app.screen, ErrorDialog))
        await pilot.press("r")
        await until(pilot, lambda: len(fleet.instances.orders) == 2)
        assert [order for order, _, _ in fleet.instances.orders] == ["start", "start"]


async def test_force_is_offered_where_a_clean_stop_fails() -> None:
    fleet = production()
    fleet.instances.errors["stop"] = OperationFailed("stop api-01", "context deadline exceeded")
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, ErrorDialog))
        await settle(pilot)
        assert "By force" in screen_text(app)
        await pilot.press("K")
        await until(pilot, lambda: len(fleet.instances.orders) == 2)
        assert fleet.instances.orders[1] == ("stop", fleet.ref("api-01"), True)


async def test_a_second_action_does_not_end_the_first() -> None:
    fleet = production()
    fleet.instances.gate = asyncio.Event()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T", "j", "T")
        await until(pilot, lambda: len(fleet.instances.orders) == 2)
        fleet.instances.gate.set()
        await until(pilot, lambda: "stopped" in line_with(app, "api-01"))
        await until(pilot, lambda: "stopped" in line_with(app, "api-02"))


async def test_the_whole_command_stands_in_a_question() -> None:
    name = "a-name-that-is-as-long-as-the-servers-allow-it-to-be-in-the-list"
    fleet = FakeFleet(FakeRemote(name="local", project="staging"))
    fleet.live([fleet.instance(name)])
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await settle(pilot)
        words = [line.strip("│ ") for line in screen_text(app).splitlines()]
        begin = next(index for index, line in enumerate(words) if "Same as" in line)
        command = "".join(words[begin : begin + 4])
        assert name in command.replace("Ctrl-Y copy", "").replace(" ", "")
