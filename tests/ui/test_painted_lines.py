"""What stays in memory of screens that were left."""

import gc

from textual._styles_cache import StylesCache
from textual.pilot import Pilot

from lxdtui.ui.messages import OpenShell
from lxdtui.ui.screens.help import HelpScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.screens.shell import ShellScreen
from tests.ui.fake import production
from tests.ui.pilots import app_for, settle, until
from tests.ui.shells import FakeChannel, FakeFleet, FakeOpener
from tests.ui.test_shell import WEB


def kept_lines() -> int:
    """How many widgets' painted lines are in memory."""
    gc.collect()
    return sum(isinstance(one, StylesCache) for one in gc.get_objects())


async def test_nothing_painted_is_kept_of_a_page_that_was_left() -> None:
    app = app_for(production())

    async def visit(pilot: Pilot[None]) -> None:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await settle(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        await settle(pilot)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await visit(pilot)
        before = kept_lines()
        for _ in range(3):
            await visit(pilot)
        assert kept_lines() <= before


async def test_nothing_painted_is_kept_of_a_shell_that_goes_on_unseen() -> None:
    app = app_for(FakeFleet(FakeOpener([FakeChannel()])))

    async def visit(pilot: Pilot[None]) -> None:
        app.post_message(OpenShell(WEB))
        await until(pilot, lambda: isinstance(app.screen, ShellScreen))
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ShellScreen)
        screen.go_back()
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        await settle(pilot)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await visit(pilot)
        before = kept_lines()
        for _ in range(3):
            await visit(pilot)
        assert kept_lines() <= before
