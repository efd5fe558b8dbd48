"""The container list: what it shows and what its keys do."""

from dataclasses import replace

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input

from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode
from lxdtui.store import LinkState
from lxdtui.store.updates import InstanceGone, InstanceRead, InstancesListed
from lxdtui.ui.actions import Scope, action_by_id, actions_in
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.screens.help import HelpScreen
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.widgets.instance_table import InstanceTable
from lxdtui.ui.widgets.key_bar import KeyBar
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until


def table(app: LxdTuiApp) -> InstanceTable:
    return app.screen_stack[0].query_one(InstanceTable)


def cursor(app: LxdTuiApp) -> str:
    row = table(app).cursor_row
    assert row is not None
    return row.ref.name


async def test_the_list_shows_every_column_that_fits() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        header, row = line_with(app, "Name ↑"), line_with(app, "db-primary")
    for title in ("Status", "CPU", "Memory", "IPv4", "Snaps", "Up"):
        assert title in header
    assert row.split() == [
        *("●", "db-primary", "running", "22%", "6.2", "GiB", "10.20.4.10", "31", "88", "d")
    ]
    assert header.index("CPU") == row.index("22%")
    assert header.index("IPv4") == row.index("10.20")


async def test_twenty_rows_of_24_show_containers() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_text(app).splitlines()
    assert lines[3].split()[2] == "api-01"
    assert lines[22].split()[1] == "runner-03"
    assert "1/28" in lines[1]


async def test_keys_move_the_cursor_and_the_position_follows() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "down", "k")
        assert cursor(app) == "api-02"
        await pilot.press("G")
        assert cursor(app) == "wiki-2019"
        await settle(pilot)
        assert "28/28" in screen_text(app)
        assert "wiki-2019" in screen_text(app)
        await pilot.press("g", "pagedown")
        assert table(app).cursor == 19
        await pilot.press("ctrl+b")
        assert cursor(app) == "api-01"


async def test_the_cursor_stays_on_its_container() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"jjjjjj")
        fleet.store.apply(InstanceRead(fleet.instance("aaa-first")))
        await until(pilot, lambda: len(table(app).rows) == 29)
        assert cursor(app) == "db-primary"
        fleet.store.apply(InstanceGone(fleet.ref("api-01")))
        fleet.store.apply(InstanceGone(fleet.ref("api-02")))
        await until(pilot, lambda: len(table(app).rows) == 27)
        assert cursor(app) == "db-primary"
        fleet.store.apply(InstanceGone(fleet.ref("db-primary")))
        await until(pilot, lambda: len(table(app).rows) == 26)
        assert cursor(app) == "db-replica"


async def test_the_cursor_goes_with_a_container_that_is_renamed() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"jjjjjj")
        assert cursor(app) == "db-primary"
        fleet.rename("db-primary", "web-00")
        await until(pilot, lambda: cursor(app) == "web-00")
        # Something else may have the old name now.
        fleet.store.apply(InstanceRead(fleet.instance("db-primary")))
        await until(pilot, lambda: len(table(app).rows) == 29)
        assert cursor(app) == "web-00"
        fleet.rename("web-00", "aaa-last")
        await until(pilot, lambda: cursor(app) == "aaa-last")


async def test_the_cursor_stays_on_its_line_when_rows_come_above() -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance(f"web-{number:03}") for number in range(100)])
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("G", "k", "k")
        await settle(pilot)
        before = screen_text(app).splitlines().index(line_with(app, "web-097"))
        for number in range(5):
            fleet.store.apply(InstanceRead(fleet.instance(f"api-{number}")))
        await until(pilot, lambda: len(table(app).rows) == 105)
        await settle(pilot)
        assert cursor(app) == "web-097"
        assert screen_text(app).splitlines().index(line_with(app, "web-097")) == before


async def test_words_filter_and_escape_clears_but_never_quits() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"web")
        await settle(pilot)
        assert [row.ref.name for row in table(app).rows] == ["web-01", "web-02"]
        await pilot.press("down")
        assert cursor(app) == "web-02"
        await pilot.press("enter")
        await settle(pilot)
        assert table(app).has_focus
        assert "/ web" in line_with(app, "2/2")
        await pilot.press("escape", "escape", "escape")
        await settle(pilot)
        assert len(table(app).rows) == 28
        assert cursor(app) == "web-02"
        assert app.is_running


async def test_a_filter_without_hits_says_how_to_clear_it() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"weeb", "enter")
        await settle(pilot)
        assert line_with(app, "Nothing matches").strip() == "Nothing matches `weeb`.  Esc clears"
        assert "Enter open" not in screen_text(app)


async def test_a_count_filters_by_its_status() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        x = screen_text(app).splitlines()[1].index("frozen")
        await pilot.click(offset=(x, 1))
        await settle(pilot)
        assert [row.ref.name for row in table(app).rows] == ["gitlab-copy"]
        await pilot.press("v")
        await settle(pilot)
        assert [row.ref.name for row in table(app).rows] == ["db-replica"]
        await pilot.press("escape")
        assert len(table(app).rows) == 28


async def test_keys_and_headers_sort() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("o", "o")
        await settle(pilot)
        assert table(app).rows[0].ref.name == "build-arm"
        assert "CPU ↓" in screen_text(app)
        await pilot.press("O")
        assert table(app).rows[0].ref.name == "gitlab-copy"
        x = line_with(app, "Memory").index("Memory")
        await pilot.click(InstanceTable, offset=(x, 0))
        await settle(pilot)
        assert "Memory ↓" in screen_text(app)
        assert table(app).rows[0].ref.name == "build-arm"


async def test_the_mouse_selects_and_opens() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click(InstanceTable, offset=(8, 4))
        assert cursor(app) == "build-arm"
        await pilot.click(InstanceTable, offset=(8, 7), times=2)
        await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        assert cursor(app) == "db-primary"


async def test_only_what_is_visible_is_looked_at() -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance(f"web-{number:03}") for number in range(100)])
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(fleet.looked_at and fleet.looked_at[-1]))
        assert [ref.name for ref in fleet.looked_at[-1]] == [f"web-{n:03}" for n in range(20)]
        await pilot.press("G")
        await until(pilot, lambda: fleet.looked_at[-1][-1].name == "web-099")
        assert len(fleet.looked_at[-1]) == 20


async def test_a_lost_link_leaves_the_rows_and_tells_their_age() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        fleet.lost()
        await until(pilot, lambda: "next try in 4 s" in screen_text(app))
        await settle(pilot)
        assert "as of 12 s ago" in screen_text(app)
        assert "db-primary" in screen_text(app)
        assert "T stop" not in screen_text(app)
        assert screen_text(app).splitlines()[-1].startswith(" Ctrl-R refresh")
        await pilot.press("ctrl+r")
        assert fleet.retried == ["prod-eu"]
        fleet.link(LinkState.LIVE, latency=0.01)
        await until(pilot, lambda: "T stop" in screen_text(app))
        await pilot.press("ctrl+r")
        assert fleet.refreshed == ["prod-eu"]


async def test_a_terminal_that_was_too_small_gets_its_focus_back() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.resize_terminal(30, 8)
        await until(pilot, lambda: "Make me larger" in screen_text(app))
        await pilot.resize_terminal(60, 16)
        await until(pilot, lambda: "api-01" in screen_text(app))
        await pilot.press("j")
        assert cursor(app) == "api-02"


async def test_ctrl_c_says_how_to_quit_and_q_quits() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "q quits" in screen_text(app))
        assert app.is_running
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_help_and_palette_are_made_from_the_table() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await settle(pilot)
        assert "shut it down and start it again; asks first" in screen_text(app)
        await pilot.press("escape")
        await pilot.press("colon", *"freeze")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: bool(fleet.instances.orders))
    assert fleet.instances.orders == [("freeze", fleet.ref("api-01"), False)]


async def test_help_scrolls_by_pages_and_to_both_ends() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        scroll = app.screen.query_one(VerticalScroll)
        for key, at in (
            ("G", scroll.max_scroll_y),
            ("g", 0),
            ("space", scroll.size.height),
            ("ctrl+b", 0),
        ):
            await pilot.press(key)
            await until(pilot, lambda at=at: scroll.scroll_y == at)  # type: ignore[misc]  # bound above


async def test_equal_data_draws_nothing() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        drawn: list[int] = []
        shown = table(app)
        paint = shown.render_line
        shown.render_line = lambda y: (drawn.append(y), paint(y))[1]  # type: ignore[method-assign,func-returns-value]  # counts
        fleet.store.apply(InstancesListed("prod-eu", list(fleet.store.state.instances.values())))
        fleet.work("api-03", progress="rootfs: 62% (12.4MB/s)")
        await pilot.pause()
        await pilot.pause()
        assert [y for y in drawn if y != 3] == []
        mail = fleet.store.state.instances[fleet.ref("mail")]
        fleet.store.apply(InstanceRead(replace(mail, status_code=StatusCode.FROZEN)))
        await until(pilot, lambda: "frozen" in line_with(app, " mail "))
        assert {y for y in drawn if y != 3} == {14}


async def test_a_sign_turns_only_while_a_visible_row_is_at_work() -> None:
    fleet = production()
    app = app_for(fleet)
    app.animation_level = "full"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "◓ api-03" in screen_text(app))
        await until(pilot, lambda: "◑ api-03" in screen_text(app))
        fleet.work("api-03", code=StatusCode.SUCCESS)
        await until(pilot, lambda: "○ api-03" in screen_text(app))
        assert table(app)._spinner is None


async def test_an_instance_of_a_remote_is_known_by_its_whole_ref() -> None:
    fleet = FakeFleet()
    twin = replace(fleet.instance("web"), ref=InstanceRef(fleet.remote, "other", "web"))
    fleet.live([fleet.instance("web"), twin])
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Project" in screen_text(app)
        await pilot.press("j", "T")
        await until(pilot, lambda: bool(fleet.instances.orders))
        assert fleet.instances.orders[0][1].project == "other"


async def test_the_filter_field_is_a_field() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"qs:T")
        assert app.screen.query_one(Input).value == "qs:T"
        assert app.is_running


async def test_the_key_bar_tells_the_keys_of_the_filter_while_words_are_typed() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"runner")
        await settle(pilot)
        bar = screen_text(app).splitlines()[-1]
        assert "Enter to the list" in bar
        assert "delete" not in bar
        await pilot.click(app.screen.query_one(KeyBar), offset=(3, 0))
        await settle(pilot)
        assert "T stop" in screen_text(app).splitlines()[-1]
        assert "runner-01" in screen_text(app)
        assert "web-01" not in screen_text(app)


@pytest.mark.parametrize("height", [12, 24])
async def test_the_palette_shows_every_action(height: int) -> None:
    app = app_for(production())
    async with app.run_test(size=(80, height)) as pilot:
        await settle(pilot)
        await pilot.press("colon")
        await settle(pilot)
        seen = screen_text(app)
        for _ in actions_in(Scope.INSTANCES, Scope.LIST, Scope.FRAME):
            await pilot.press("down")
            await settle(pilot)
            seen += screen_text(app)
    wanted = [*actions_in(Scope.INSTANCES, Scope.LIST), action_by_id("frame.help")]
    assert [action.id for action in wanted if f" {action.words} " not in seen] == []
    assert "…" not in seen


async def test_q_ends_nothing_on_the_page_of_a_container() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, InstanceScreen))
        await pilot.press("q")
        await until(pilot, lambda: "q quits there" in screen_text(app))
        assert isinstance(app.screen, InstanceScreen)
