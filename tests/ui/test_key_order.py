"""Keys that arrive all at once do what they do one by one."""

import pytest
from textual import events

from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.host.driver import KeyParser
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.screens.shell import ShellScreen
from tests.ui.fake import production
from tests.ui.pilots import app_for, screen_text, settle, until
from tests.ui.shells import FakeChannel, FakeOpener


def burst(app: LxdTuiApp, typed: str) -> None:
    """Let keys arrive as the driver hands them on, without a pause between them."""
    for message in KeyParser().feed(typed):
        assert isinstance(message, events.Key)
        app.post_message(message)


async def test_a_key_after_the_filter_is_left_is_for_the_list() -> None:
    app = app_for(production())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        burst(app, "/api\ro")
        await until(pilot, lambda: "Status ↑" in screen_text(app))
        assert "/ api " in screen_text(app)


async def test_a_key_after_the_palette_is_for_what_lies_below() -> None:
    app = app_for(production())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        burst(app, ":revers\r/api-02")
        await until(pilot, lambda: "/ api-02" in screen_text(app))
        assert isinstance(app.screen, InstancesScreen)


async def test_keys_after_the_details_are_opened_are_for_them() -> None:
    app = app_for(production())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        # On the list the last one would end the program.
        burst(app, "j\rq")
        await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
        await settle(pilot)
        assert app.return_code is None
        assert "api-02" in screen_text(app)


@pytest.mark.parametrize("typed", ["ls -la\r", "q", "D\r"])
async def test_what_is_typed_after_the_shells_key_reaches_the_shell(typed: str) -> None:
    fleet = production()
    channel = FakeChannel()
    fleet.sessions = FakeOpener([channel, FakeChannel()])
    app = app_for(fleet)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        burst(app, f"s{typed}")
        await until(pilot, lambda: channel.sent == typed.encode())
        assert isinstance(app.screen, ShellScreen)
        burst(app, "\x1dqjs")
        await until(pilot, lambda: [ref.name for ref, _, _ in fleet.sessions.opened][1:] != [])
    assert [ref.name for ref, _, _ in fleet.sessions.opened] == ["api-01", "api-02"]


async def test_an_enter_after_a_dialog_is_its_own_and_after_another_key_it_is_not() -> None:
    app = app_for(production())
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        # The second one is that of a hand that trembles.
        burst(app, "K\r\r")
        await until(pilot, lambda: not app.screen.is_modal)
        await settle(pilot)
        assert isinstance(app.screen, InstancesScreen)
        burst(app, "K\x1b")
        await until(pilot, lambda: not app.screen.is_modal)
        burst(app, "j\r")
        await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
