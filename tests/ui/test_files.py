"""The file browser on files in memory: going, marking, changing, failing; pictures."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from lxdtui.errors import ConnectionFailed, ConnectionProblem, ServerError
from lxdtui.model.files import FileKind
from lxdtui.model.place import LOCAL
from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.screens.files import FilesScreen
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE, Glyphs
from tests.contract.file_boxes import HOSTILE_NAMES
from tests.ui.browser import NGINX, browsing
from tests.ui.fake import NOW, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until

Snapshot = Callable[..., bool]


async def test_it_opens_from_the_list_and_goes_back_to_it() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await pilot.press("f")
        await settle(pilot)
        assert isinstance(app.screen, FilesScreen)
        assert "api-01 › Files" in screen_text(app)
        assert "this computer ~" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, FilesScreen)


async def test_rows_tell_everything_and_folders_stand_first() -> None:
    async with browsing() as browser:
        assert browser.shown[:3] == ["..", "conf.d", "modules"]
        assert browser.shown[-1] == "secret.key"
        await browser.press("z")
        line = line_with(browser.pilot.app, "secret.key")
        assert "rwSr-----" in line
        assert "www-data:adm" in line
        assert "modules → /usr/lib/nginx/modules" in browser.text
        assert "broken → /nowhere" in browser.text
        assert "3.5 GiB free" in browser.text
        assert "5 folders, 8 files" in browser.text


async def test_going_remembers_where_the_cursor_was() -> None:
    async with browsing() as browser:
        await browser.press("j", "j", "l")
        await browser.settle()
        assert browser.screen.active.path == f"{NGINX}/modules"
        assert browser.shown == [".."]
        await browser.press("h")
        await browser.settle()
        assert (browser.screen.active.path, browser.under_cursor) == (NGINX, "modules")
        await browser.press("G", "backspace")
        await browser.settle()
        assert (browser.screen.active.path, browser.under_cursor) == ("/etc", "nginx")
        await browser.press("H")
        await browser.settle()
        assert (browser.screen.active.path, browser.under_cursor) == (NGINX, "secret.key")
        await browser.press("tilde")
        await browser.settle()
        assert browser.screen.active.path == "/root"
        await browser.press("H", "H")
        await browser.settle()
        await browser.press("L")
        await browser.settle()
        assert browser.screen.active.path in (NGINX, "/etc", f"{NGINX}/modules")


async def test_sort_filter_and_hidden() -> None:
    async with browsing() as browser:
        await browser.press("o")
        assert "Size ↓" in browser.text
        files = [name for name in browser.shown if "." in name and not name.endswith(".d")]
        assert files[1:3] == ["mime.types", "nginx.conf"]
        await browser.press("slash", *"conf")
        assert browser.shown == ["conf.d", "nginx.conf", "fastcgi.conf"]
        await browser.press("enter", "escape")
        assert len(browser.shown) == 14
        await browser.press("tab", "full_stop")
        await browser.settle()
        assert browser.screen.active.place == LOCAL


async def test_marks_are_counted_and_go_with_the_folder() -> None:
    async with browsing() as browser:
        await browser.press("G", "k", "space", "space")
        assert "2 marked" in browser.text
        await browser.press("asterisk")
        assert len(browser.screen.active.chosen) == 11
        await browser.press("escape")
        assert "marked" not in browser.text
        assert isinstance(browser.pilot.app.screen, FilesScreen)


async def test_names_are_marked_by_a_pattern() -> None:
    async with browsing() as browser:
        browser.inside.file(f"{NGINX}/.hidden.conf", b"")
        browser.inside.file(f"{NGINX}/OLD.CONF", b"")
        await browser.press("ctrl+r")
        await browser.settle()
        await browser.press("plus")
        await browser.until_shown("Mark by a pattern in web-01 /etc/nginx")
        await browser.press(*"*.conf", "enter")
        await browser.settle()
        chosen = [entry.name for entry in browser.screen.active.chosen]
        assert chosen == ["fastcgi.conf", "nginx.conf", "OLD.CONF"]
        assert "3 marked" in browser.text
        await browser.press("backslash")
        await browser.until_shown("Unmark by a pattern")
        await browser.press(*"[!n]*.C*", "enter")
        await browser.settle()
        chosen = [entry.name for entry in browser.screen.active.chosen]
        assert chosen == ["fastcgi.conf", "nginx.conf"]
        await browser.press("plus")
        await browser.until_shown("Mark by a pattern")
        await browser.press(*"nothing?", "enter")
        await browser.settle()
        assert len(browser.screen.active.chosen) == 2
        # What was marked before stays; folders are names like any others.
        await browser.press("plus")
        await browser.until_shown("Mark by a pattern")
        await browser.press(*"conf.[a-d]", "enter")
        await browser.settle()
        assert len(browser.screen.active.chosen) == 3


async def test_folders_and_files_are_made_and_renamed() -> None:
    async with browsing() as browser:
        await browser.press("f7", *"new", "space", *"one", "enter")
        await browser.settle()
        assert browser.under_cursor == "new one"
        await browser.press("a", *"a.txt", "enter")
        await browser.settle()
        assert browser.under_cursor == "a.txt"
        await browser.press("r", *"b", "enter")
        await browser.settle()
        assert browser.under_cursor == "b.txt"
        assert (await browser.inside.stat(f"{NGINX}/b.txt")).size == 0
        await browser.press("f7", *"b.txt", "enter")
        assert "b.txt exists already" in browser.text
        await browser.press("escape")
        await browser.settle()
        await browser.press("minus")
        await browser.until_shown("What does the link hold?")
        await browser.press(*"/some/target", "enter")
        await browser.until_shown("Name of the link in")
        await browser.press("n")
        # An Enter so soon after another dialog would be taken for a mistake.
        await browser.pilot.app.screen.query_one(Input).action_submit()
        await browser.settle()
        assert browser.under_cursor == "n"
        assert await browser.inside.read_link(f"{NGINX}/n") == "/some/target"


async def test_delete_counts_asks_for_the_number_and_follows_no_link() -> None:
    async with browsing() as browser:
        browser.inside.file(f"{NGINX}/conf.d/a.conf", b"12345")
        browser.inside.link("/etc", f"{NGINX}/conf.d/all")
        await browser.press("j", "D")
        await browser.until_shown("Type 3 to delete them")
        assert "1 file, 1 folder, 1 link or other, 5 B" in browser.text
        await browser.press("enter", "2", "enter")
        assert "Type 3" in browser.text
        await browser.press("backspace", "3", "enter")
        await browser.settle()
        assert "conf.d" not in browser.shown
        await browser.until_shown("3 entries deleted")
        assert await browser.inside.exists("/etc/passwd")


async def test_what_failed_is_told_and_can_be_tried_again() -> None:
    async with browsing() as browser:
        words = "[red]no space left[/red] on device"
        browser.inside.errors["make_directory"] = ServerError("make /x", words)
        await browser.press("f7", "x", "enter")
        await browser.until_shown("Cannot make /x")
        assert words in browser.text
        await browser.press("r")
        await browser.settle()
        assert browser.under_cursor == "x"


async def test_a_folder_that_cannot_be_read_leaves_the_old_one_on_the_screen() -> None:
    async with browsing() as browser:
        browser.inside.errors["list"] = ConnectionFailed(
            "list /etc", ConnectionProblem.LOST, "connection reset"
        )
        await browser.press("h")
        await browser.until_shown("Cannot list /etc")
        assert "connection reset" in browser.text
        assert "nginx.conf" in browser.text
        assert browser.screen.active.chosen == ()
        await browser.press("escape")
        assert "connection reset" not in browser.text
        await browser.press("j")
        assert browser.under_cursor == "conf.d"


async def test_keys_wait_for_the_folder_and_escape_stays() -> None:
    async with browsing() as browser:
        browser.inside.gates["list"] = asyncio.Event()
        await browser.press("j", "l")
        await browser.until_shown("reading /etc/nginx/conf.d")
        await browser.press("j", "l", "D")
        assert browser.screen.active.path == NGINX
        assert "Delete" not in browser.text
        await browser.press("escape")
        assert "reading" not in browser.text
        assert browser.under_cursor == "conf.d"


async def test_reading_again_stays_where_it_was_and_where_it_goes() -> None:
    async with browsing() as browser:
        pane = browser.screen.active
        await browser.press("G")
        name = browser.under_cursor
        browser.inside.file(f"{NGINX}/aaa", b"1")
        # As when several copies end at once.
        pane.reload()
        pane.reload()
        await browser.settle()
        assert "aaa" in browser.shown
        assert browser.under_cursor == name
        browser.inside.gates["list"] = asyncio.Event()
        await browser.press("g", "j", "l")
        pane.reload()
        browser.inside.gates.pop("list").set()
        await browser.settle()
        assert pane.path == f"{NGINX}/conf.d"


async def test_a_path_is_gone_to_and_completed() -> None:
    async with browsing() as browser:
        await browser.press("ctrl+g", *"sn", "tab")
        await browser.until(
            lambda: browser.pilot.app.screen.query_one(Input).value == f"{NGINX}/snippets/"
        )
        await browser.press("enter")
        await browser.settle()
        assert browser.screen.active.path == f"{NGINX}/snippets"
        await browser.press("ctrl+g", *"../mime.types", "enter")
        await browser.settle()
        assert (browser.screen.active.path, browser.under_cursor) == (NGINX, "mime.types")
        # A whole path behind the one that stands there begins anew.
        await browser.press("ctrl+g", *"/etc/ngi", "tab")
        await browser.until(lambda: browser.pilot.app.screen.query_one(Input).value == f"{NGINX}/")
        await browser.press("enter")
        await browser.settle()
        assert browser.screen.active.path == NGINX
        await browser.press("ctrl+g", *"nothing", "enter")
        await browser.until_shown("Cannot")


async def test_a_pane_shows_another_container() -> None:
    async with browsing() as browser:
        other = browser.fleet.files.container(browser.fleet.ref("web-02"))
        other.file("/root/there", b"")
        await browser.press("tab", "p", *"web-02", "enter")
        await browser.settle()
        assert browser.shown == ["..", "there"]
        assert "web-02 ~" in browser.text
        await browser.press("tab", "equals_sign", "tab")
        await browser.settle()
        assert browser.screen.active.place == browser.screen.other.place
        assert browser.screen.active.path == NGINX


async def test_hostile_names_are_shown_harmless_and_written_back() -> None:
    fleet = production()
    inside = fleet.files.container(fleet.ref("web-01"))
    for name in (*HOSTILE_NAMES, "[bold red]x", "$(reboot)"):
        inside.file(f"/h/{name}", b"x")
    async with browsing(fleet, path="/h") as browser:
        await browser.press("full_stop")
        text = browser.text
        for words in ("line␊break", "latin1 \\xe9\\xff\\xfe", "[bold red]x", "␛[2J", "␣"):
            assert words in text
        assert "\x1b" not in text
        name = HOSTILE_NAMES[11]
        browser.screen.active.reload(cursor=name)
        await browser.settle()
        assert browser.under_cursor == name
        await browser.press("r", "end", "x", "enter")
        await browser.settle()
        assert browser.under_cursor == f"{name}x"
        assert await inside.exists(f"/h/{name}x")


async def test_ten_thousand_entries_scroll() -> None:
    fleet = production()
    inside = fleet.files.container(fleet.ref("web-01"))
    for number in range(10_000):
        inside.file(f"/many/{number}", b"")
    async with browsing(fleet, path="/many") as browser:
        assert "1/10,001" in browser.text
        await browser.press("G")
        assert browser.under_cursor == "9999"
        drawn = 0
        table = browser.screen.active.table
        render = table.render_line

        def counting(y: int) -> object:
            nonlocal drawn
            drawn += 1
            return render(y)

        table.render_line = counting  # type: ignore[method-assign, assignment]  # counts
        await browser.press("g")
        assert browser.under_cursor == ".."
        assert 0 < drawn < 200


async def test_one_pane_where_it_is_narrow() -> None:
    async with browsing(size=(60, 20)) as browser:
        assert "this computer" not in browser.text
        await browser.press("tab")
        await browser.settle()
        assert "this computer" in browser.text
        assert "web-01 /etc" not in browser.text


@dataclass(frozen=True)
class State:
    """A state to be pictured."""

    keys: tuple[str, ...] = ()
    waits_for: str = ""
    theme: str = DARK.name
    glyphs: Glyphs = UNICODE
    path: str = NGINX


STATES = {
    "full": State(keys=("tab", *"jjj", "space", "j")),
    "light": State(keys=(*"jj", "space"), theme=LIGHT.name),
    "ascii": State(keys=(*"jj", "space"), glyphs=ASCII),
    "empty": State(path=f"{NGINX}/snippets", waits_for="This folder is empty."),
    "loading": State(keys=("h",), waits_for="reading /etc"),
    "failed": State(keys=("h",), waits_for="connection reset"),
    "no_folder": State(path="/none", waits_for="Cannot"),
    "filtering": State(keys=("slash", *"con")),
    "hostile": State(path="/h"),
    "delete": State(keys=(*"jjj", "D"), waits_for="Type"),
    "rename": State(keys=("G", "r"), waits_for="Rename in"),
    "properties": State(keys=("G", "i"), waits_for="File in"),
    "names": State(keys=("G", "k", "space", "space", "r"), waits_for="Rename 2 in"),
    "find": State(keys=("F", *"conf"), waits_for="Find in"),
    "bookmarks": State(keys=("b",), waits_for="Kept folders"),
    "places": State(keys=("p", *"web"), waits_for="Whose files?"),
}


PICTURES = [
    *((name, (80, 24)) for name in STATES),
    *((name, (140, 40)) for name in ("full", "empty", "loading", "failed", "hostile", "delete")),
    ("full", (60, 20)),
]


@pytest.mark.parametrize(
    ("name", "size"),
    PICTURES,
    ids=lambda one: one if isinstance(one, str) else f"{one[0]}x{one[1]}",
)
def test_picture(snap_compare: Snapshot, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    fleet = production()
    inside = fleet.files.container(fleet.ref("web-01"))
    for hostile in HOSTILE_NAMES:
        inside.file(f"/h/{hostile}", b"x", modified=NOW)
    inside.file("/h/pipe", modified=NOW)
    inside.file("/h/socket", modified=NOW)
    inside.special = {"/h/pipe": FileKind.FIFO, "/h/socket": FileKind.SOCKET}
    fleet.files.local().home_path = "/home/mara/site"

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        pilot.app.post_message(OpenFiles(fleet.ref("web-01"), state.path))
        await until(pilot, lambda: isinstance(pilot.app.screen, FilesScreen))
        await settle(pilot)
        if name == "loading":
            inside.gates["list"] = asyncio.Event()
        if name == "failed":
            inside.errors["list"] = ConnectionFailed(
                "list /etc in web-01", ConnectionProblem.LOST, "connection reset by peer"
            )
        await pilot.press(*state.keys)
        await until(pilot, lambda: state.waits_for in screen_text(pilot.app))
        if name != "loading" and not pilot.app.screen.is_modal:
            await settle(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        for text in pilot.app.screen.query(TextArea):
            text.cursor_blink = False
        await pilot.pause()

    app = app_for(fleet, theme=state.theme, glyphs=state.glyphs)
    assert snap_compare(app, terminal_size=size, run_before=run_before)
