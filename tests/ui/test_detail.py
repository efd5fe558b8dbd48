"""The detail screen: its pages, a rename, what is gone, what is old."""

from textual.pilot import Pilot

from lxdtui.errors import OperationFailed
from lxdtui.store.updates import InstanceGone, InstanceRead
from lxdtui.ui.actions import action_by_id
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.messages import OpenInstance
from lxdtui.ui.pages.catalog import PAGES
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.screens.instances import InstancesScreen
from lxdtui.ui.widgets.key_bar import KeyBar
from lxdtui.ui.widgets.log_view import LogView
from lxdtui.ui.widgets.marked_table import MarkedTable
from lxdtui.ui.widgets.page_tabs import PageTabs
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until


async def opened(pilot: Pilot[None], fleet: FakeFleet, name: str) -> InstanceScreen:
    await settle(pilot)
    pilot.app.screen.post_message(OpenInstance(fleet.ref(name)))
    await until(pilot, lambda: isinstance(pilot.app.screen, InstanceScreen))
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, InstanceScreen)
    return screen


async def test_pages_are_shown_by_number_brackets_and_mouse() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        assert screen.page.NAME == "overview"
        assert screen.page.is_active
        first = screen.page
        for kind in PAGES:
            await pilot.press(action_by_id(f"page.{kind.NAME}").keys[0])
            await until(pilot, lambda: screen.page.is_active)
            assert screen.page.NAME == kind.NAME
            assert [page.is_active for page in screen.query(kind)] == [True]
        await pilot.press("right_square_bracket")
        await settle(pilot)
        assert screen.page is first
        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert screen.page.NAME == PAGES[-1].NAME
        await pilot.click(PageTabs, offset=(4, 0))
        await settle(pilot)
        assert screen.page is first
        assert first.is_active


async def test_a_page_rests_below_another_screen_and_works_behind_a_dialog() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        await pilot.press("colon")
        await until(pilot, lambda: app.screen is not screen)
        await settle(pilot)
        assert screen.page.is_active
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        app.push_screen(InstancesScreen(fleet))
        await until(pilot, lambda: not screen.page.is_active)
        app.pop_screen()
        await until(pilot, lambda: screen.page.is_active)


async def test_a_rename_is_followed() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        fleet.rename("db-primary", "db-main")
        fleet.rename("db-main", "db-first")
        await until(pilot, lambda: "› db-first" in screen_text(app))
        assert screen.ref == screen.page.ref == fleet.ref("db-first")
        assert fleet.looked_at[-1] == (fleet.ref("db-first"),)
        await pilot.press("T")
        await until(pilot, lambda: fleet.instances.orders[-1][1] == fleet.ref("db-first"))


async def test_the_old_name_of_another_container_is_not_taken_for_it() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        known = fleet.store.state.instances[fleet.ref("db-primary")]
        # All at once: the screen hears of it when everything has happened.
        fleet.rename("db-primary", "db-main")
        fleet.store.apply(InstanceRead(known))
        fleet.rename("db-primary", "db-other")
        fleet.store.apply(InstanceRead(known))
        fleet.rename("db-main", "db-first")
        await until(pilot, lambda: "› db-first" in screen_text(app))
        assert screen.ref == fleet.ref("db-first")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        # Who opens the new one stays with it, whatever was renamed before.
        screen = await opened(pilot, fleet, "db-primary")
        fleet.rename("web-01", "web-one")
        await until(pilot, lambda: fleet.store.state.renames[-1].number == 4)
        await settle(pilot)
        assert screen.ref == fleet.ref("db-primary")


async def test_what_is_gone_stays_and_is_called_so() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, fleet, "db-primary")
        fleet.store.apply(InstanceGone(fleet.ref("db-primary")))
        await until(pilot, lambda: "does not exist any more" in screen_text(app))
        assert "6.2 GiB" in screen_text(app)
        assert "gone" in screen_text(app).splitlines()[0]
        assert "T stop" not in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))


async def test_what_is_old_says_since_when_and_what_helps() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, fleet, "db-primary")
        fleet.lost()
        await until(pilot, lambda: "as of 12 s ago" in screen_text(app))
        assert "Ctrl-R try now" in line_with(app, "as of 12 s ago")
        await pilot.press("ctrl+r")
        assert fleet.retried == ["prod-eu"]
        fleet.live([fleet.instance("db-primary")])
        await until(pilot, lambda: "as of" not in screen_text(app))
        await pilot.press("ctrl+r")
        assert fleet.refreshed == ["prod-eu"]


async def test_processes_are_sorted_found_and_sent_signals() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        await pilot.press("2")
        await until(pilot, lambda: "8 processes" in screen_text(app))
        assert "2 Processes 8" in screen_text(app)
        table = screen.query_one(MarkedTable)
        assert table.cursor_key == "255"
        await pilot.press("o")
        assert table.cursor_key == "255", "the cursor stays on its process"
        assert "PID 255   running   started by 1" in screen_text(app)
        await pilot.press("t")
        await until(pilot, lambda: "      postgres: " in screen_text(app))
        assert "      /sbin" not in screen_text(app)
        await pilot.press("t")
        await pilot.press("slash", *"cron")
        await until(pilot, lambda: table.cursor_key == "77")
        await pilot.press("enter", "X")
        await until(pilot, lambda: "Send a signal to process 77" in screen_text(app))
        same = "lxc exec prod-eu:db-primary -- kill -TERM 77"
        assert f"Same as  {same}" in screen_text(app)
        await pilot.press("left")
        await until(pilot, lambda: "It goes on after STOP" in screen_text(app))
        assert "STOP  CONT" in screen_text(app), "all signals fit"
        await pilot.press("right")
        await until(pilot, lambda: f"Same as  {same}" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: bool(fleet.processes.sent))
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert fleet.processes.sent == [(fleet.ref("db-primary"), 77, "TERM")]
        await pilot.press("escape")
        await until(pilot, lambda: "/sbin/init" in screen_text(app))
        await pilot.press("1")
        await until(pilot, lambda: screen.page.NAME == "overview")
        reads = len(fleet.processes.reads)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert len(fleet.processes.reads) == reads, "what is not visible is not read"


async def test_what_cannot_have_processes_says_so_in_a_sentence() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, fleet, "gitlab-copy")
        await pilot.press("2")
        await until(pilot, lambda: "gitlab-copy is frozen" in screen_text(app))
        assert "F lets it go on" in screen_text(app)
        assert not fleet.processes.reads
        await pilot.press("F")
        await until(pilot, lambda: "8 processes" in screen_text(app))
        await pilot.press("T")
        await until(pilot, lambda: "nothing runs in it.  S starts it" in screen_text(app))
        fleet.processes.error = OperationFailed("read the processes of gitlab-copy", "no sh")
        await pilot.press("S")
        await until(pilot, lambda: "Cannot read the processes" in screen_text(app))
        fleet.processes.error = None
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "8 processes" in screen_text(app))


async def test_what_happened_is_told_newest_first_and_work_can_be_cancelled() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        screen.show_page("events")
        await until(pilot, lambda: "exec ×3" in screen_text(app))
        lines = screen_text(app).splitlines()
        titles = [line for line in lines if "Migrating" in line or "snapshot created" in line]
        assert "Migrating" in titles[-1]
        assert "No link to node-3" in titles[-1]
        assert "X cancel it" not in screen_text(app)
        await pilot.press("slash", *"migrat", "enter")
        await until(pilot, lambda: "took 2.4 s" in screen_text(app))
        await pilot.press("c")
        assert app.clipboard.splitlines()[1] == "No link to node-3"
        await pilot.press("escape", "g")
        fleet.work("db-primary", "Migrating instance", "rootfs: 7%", may_cancel=True)
        await until(pilot, lambda: "rootfs: 7%" in screen_text(app))
        await pilot.press("g", "y")
        await until(
            pilot, lambda: "lxc operation delete prod-eu:operation-db-p" in screen_text(app)
        )
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert app.clipboard == "lxc operation delete prod-eu:operation-db-primary"
        await pilot.press("X")
        await until(pilot, lambda: bool(fleet.operations.cancelled))
        assert fleet.operations.cancelled[0].id == "operation-db-primary"
        fleet.store.apply(InstanceGone(fleet.ref("db-primary")))
        await until(pilot, lambda: "does not exist any more" in screen_text(app))
        assert "No link to node-3" in screen_text(app)


async def test_logs_are_read_searched_followed_and_saved() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        screen.show_page("logs")
        await until(pilot, lambda: "db-primary login:" in screen_text(app))
        assert "␛[31mNetwork" in screen_text(app)
        fleet.logs.texts["console"] += "\nwritten later"
        await until(pilot, lambda: "written later" in screen_text(app))
        fleet.logs.texts["exec-output/exec_5cb83b10-ced5-4328-b248-02e011270882.stderr"] = ""
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "exec 5cb83b err" in screen_text(app))
        await pilot.press("tab")
        await until(pilot, lambda: "This log is empty." in screen_text(app))
        await pilot.press("tab")
        await until(pilot, lambda: "chown 59" in screen_text(app))
        view = screen.query_one(LogView)
        await pilot.press("slash", *"chown 3", "enter")
        await until(pilot, lambda: "11 of 11 hits" in screen_text(app))
        assert "chown 39" in screen_text(app)
        await pilot.press("full_stop")
        await until(pilot, lambda: " 1 of 11 hits" in screen_text(app))
        await until(pilot, lambda: "fchowmodat:1603 " in screen_text(app))
        await pilot.press("w")
        assert not view.wraps
        await pilot.press("escape", "W")
        await until(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("enter")
        await until(pilot, lambda: bool(fleet.logs.saved))
        assert fleet.logs.saved[0][0] == "lxc.log"
        assert fleet.logs.saved[0][1].name == "db-primary-lxc.log"
        fleet.logs.error = OperationFailed("read lxc.log of db-primary", "it is gone")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "could not be read again" in screen_text(app))
        assert "cgfsng" in screen_text(app), "what was read stays"


async def test_very_long_lines_do_no_harm() -> None:
    fleet = production()
    fleet.logs.texts = {"lxc.log": "x" * 1_000_000 + "\n" + "表" * 3000 + "\nend"}
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        screen.show_page("logs")
        await until(pilot, lambda: "end" in screen_text(app))
        await pilot.press("w", "g")
        await until(pilot, lambda: screen_text(app).count("xxxxxxxx") > 0)
        await pilot.press("w", "g")
        for _ in range(3):
            await pilot.press("pagedown")
        await until(pilot, lambda: "996,000 more characters" in screen_text(app))
        await pilot.press("G")
        await until(pilot, lambda: "表" in screen_text(app))


async def test_nothing_of_a_wrapped_log_is_hidden_by_its_scrollbar() -> None:
    words = [f"{number:05}" for number in range(600)]
    fleet = production()
    fleet.logs.texts = {"lxc.log": "\n".join(("short", "".join(words)))}
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        screen.show_page("logs")
        await until(pilot, lambda: words[-1] in screen_text(app))
        view = screen.query_one(LogView)
        assert view.show_vertical_scrollbar
        left, width = view.region.x, view.scrollable_content_region.width
        shown = "".join(line[left : left + width] for line in screen_text(app).splitlines())
        assert "".join(words[-150:]) in shown


async def test_the_bar_shows_the_keys_of_the_field_while_words_are_typed() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, fleet, "db-primary")
        screen.show_page("processes")
        await until(pilot, lambda: "X signal" in screen_text(app))
        await pilot.press("slash", *"cron")
        await until(pilot, lambda: "Enter to the list  Esc clear" in screen_text(app))
        assert "X signal" not in screen_text(app)
        await pilot.click(screen.query_one(KeyBar), offset=(2, 0))
        await until(pilot, lambda: "X signal" in screen_text(app))
        assert "/cron" in screen_text(app), "the words stay"
