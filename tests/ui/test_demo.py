"""The interface on the demo server: the real services, the real protocol."""

import pytest

from lxdtui.demo import DemoServer
from lxdtui.store.select import InstanceRow
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.screens.shell import ShellScreen
from lxdtui.ui.widgets.instance_table import InstanceTable
from tests.ui.pilots import line_with, screen_text, until


def rows(app: LxdTuiApp) -> int:
    return len(app.screen_stack[0].query_one(InstanceTable).rows)


def first(app: LxdTuiApp) -> InstanceRow:
    return app.screen_stack[0].query_one(InstanceTable).rows[0]


async def test_a_container_is_stopped_and_started(demo_app: LxdTuiApp) -> None:
    async with demo_app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        assert " DEMO " in screen_text(demo_app)
        await pilot.press("slash", *"mail", "enter", "T")
        await until(pilot, lambda: "○ mail " in screen_text(demo_app))
        await pilot.press("S")
        await until(pilot, lambda: "● mail " in screen_text(demo_app))


async def test_what_is_measured_comes_into_the_rows(demo_app: LxdTuiApp) -> None:
    async with demo_app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        await until(pilot, lambda: "10.20.4." in line_with(demo_app, " cache "))
        assert "MiB" in line_with(demo_app, " cache ")


async def test_a_container_is_deleted(demo_app: LxdTuiApp) -> None:
    async with demo_app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        before = rows(demo_app)
        await pilot.press("slash", *"build-old", "enter", "D")
        await until(pilot, lambda: isinstance(demo_app.screen, ConfirmDialog))
        await pilot.press(*"build-old", "enter")
        await until(pilot, lambda: rows(demo_app) == 0)
        await pilot.press("escape")
        await until(pilot, lambda: rows(demo_app) == before - 1)


async def test_details_and_a_shell_and_the_way_back(demo_app: LxdTuiApp) -> None:
    async with demo_app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        await pilot.press("slash", *"cache", "enter", "enter")
        await until(pilot, lambda: isinstance(demo_app.screen, InstanceScreen))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(demo_app.screen, ShellScreen))
        await until(pilot, lambda: "root@cache" in screen_text(demo_app))
        await pilot.press("q", "escape")
        assert isinstance(demo_app.screen, ShellScreen)
        await pilot.press("ctrl+right_square_bracket", "q")
        await until(pilot, lambda: isinstance(demo_app.screen, InstanceScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(demo_app.screen, InstancesScreen))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(demo_app.screen, ConfirmDialog))
        assert "Quit with 1 open shell?" in screen_text(demo_app)
        await pilot.press("enter")


async def test_a_process_gets_a_signal_and_goes(
    demo_app: LxdTuiApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)
    async with demo_app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        await pilot.press("slash", *"cache", "enter", "enter")
        await until(pilot, lambda: isinstance(demo_app.screen, InstanceScreen))
        await pilot.press("2")
        await until(pilot, lambda: "/usr/sbin/cron" in screen_text(demo_app))
        await pilot.press("slash", *"cron", "enter")
        await until(pilot, lambda: "1 match cron" in screen_text(demo_app))
        await pilot.press("X")
        await until(pilot, lambda: isinstance(demo_app.screen, FormDialog))
        assert "Same as  lxc exec demo:cache -- kill -TERM " in screen_text(demo_app)
        await pilot.press("enter")
        await until(pilot, lambda: "No process matches cron" in screen_text(demo_app))


async def test_a_lost_server_is_found_again(demo: DemoServer, demo_app: LxdTuiApp) -> None:
    async with demo_app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rows(demo_app) > 20)
        await demo.stop()
        await until(pilot, lambda: " lost ·" in screen_text(demo_app))
        assert "as of" in screen_text(demo_app)
        await demo.start()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: " lost ·" not in screen_text(demo_app))
        await until(pilot, lambda: not first(demo_app).is_stale)
