"""What the file browser does to many files: copies, renames, changes, finds; kept folders."""

import asyncio

import pytest
from textual.widgets import Input, TextArea

from lxdtui.errors import Unauthorized
from lxdtui.model.files import FileKind
from lxdtui.model.place import LOCAL
from lxdtui.ui.host.lending import CannotLend
from lxdtui.ui.screens.editor import EditorScreen
from lxdtui.ui.screens.viewer import ViewerScreen
from tests.contract.file_boxes import HOSTILE_NAMES
from tests.ui.browser import NGINX, Browser, browsing


async def type_into(browser: Browser, field: str, text: str) -> None:
    widget = browser.pilot.app.screen.query_one(f"#field-{field}", Input)
    widget.value = text
    await browser.pilot.pause()


async def test_a_move_within_a_container_is_a_renaming() -> None:
    async with browsing() as browser:
        await browser.press("equals_sign")
        await browser.settle()
        await browser.press("tab", "j", "l")
        await browser.settle()
        assert browser.screen.active.path == f"{NGINX}/conf.d"
        await browser.press("tab", "G", "f6")
        await browser.until_shown("Move 1 within web-01")
        await browser.press("enter")
        await browser.settle()
        assert await browser.inside.exists(f"{NGINX}/conf.d/secret.key")
        assert "secret.key" not in browser.shown
        assert browser.fleet.transfers.orders == []


async def test_a_move_and_a_deletion_stay_with_the_folder_that_they_were_begun_in() -> None:
    async with browsing() as browser:
        await browser.press("equals_sign")
        await browser.settle()
        await browser.press("tab", "j", "l")
        await browser.settle()
        await browser.press("tab", "asterisk", "f6")
        await browser.until_shown("within web-01")
        names = [entry.name for entry in browser.screen.active.rows.marked]
        assert len(names) > 2
        gate = browser.inside.gates["rename"] = asyncio.Event()
        await browser.press("enter", "h")
        await browser.until(lambda: browser.screen.active.path == "/etc")
        gate.set()
        await browser.until_shown("Cannot rename")
        await browser.press("escape")
        await browser.settle()
        inside = [entry.name for entry in await browser.inside.list(f"{NGINX}/conf.d")]
        assert set(names) - {"conf.d"} <= set(inside)
        # Counting takes its time as well; the question names the folder it was asked in.
        browser.screen.active.go(NGINX, cursor="conf.d")
        await browser.settle()
        gate = browser.inside.gates["list"] = asyncio.Event()
        await browser.press("D", "h")
        gate.set()
        await browser.until_shown("Delete conf.d/ in")
        assert browser.screen.active.path == "/etc"
        assert NGINX in browser.text.partition("Delete conf.d/ in")[2].partition("\n")[0]


async def test_names_are_edited_as_a_text() -> None:
    async with browsing() as browser:
        name = HOSTILE_NAMES[11]
        browser.inside.file(f"{NGINX}/conf.d/{name}", b"1")
        browser.inside.file(f"{NGINX}/conf.d/b", b"2")
        await browser.press("j", "l")
        await browser.settle()
        await browser.press("asterisk", "r")
        await browser.until_shown("Rename 2 in")
        text = browser.pilot.app.screen.query_one(TextArea)
        assert text.text == "b\nlatin1 \\xe9\\xff\\xfe"
        text.text = "b\nb"
        await browser.until_shown("line 2 has the name of another line")
        text.text = "latin1 \\xe9\\xff\\xfe\nb"
        await browser.pilot.pause()
        await browser.press("ctrl+s")
        await browser.settle()
        assert await browser.inside.read_bytes(f"{NGINX}/conf.d/{name}") == b"2"
        assert await browser.inside.read_bytes(f"{NGINX}/conf.d/b") == b"1"


async def test_properties_are_shown_whole_and_changed() -> None:
    async with browsing() as browser:
        name = HOSTILE_NAMES[-1]
        browser.inside.file(f"{NGINX}/conf.d/{name}", b"1")
        await browser.press("j", "i")
        await browser.until_shown("Folder in web-01")
        await type_into(browser, "mode", "9")
        await browser.until_shown("9 is no mode")
        await type_into(browser, "mode", "2750")
        await browser.until_shown("rwxr-s---")
        await type_into(browser, "owner", "nobody-here")
        await browser.until_shown("no user here is named nobody-here")
        await type_into(browser, "owner", "www-data")
        await type_into(browser, "group", "4")
        await browser.press("enter")
        await browser.settle()
        found = await browser.inside.stat(f"{NGINX}/conf.d")
        assert (found.mode, found.uid, found.gid) == (0o2750, 33, 4)
        await browser.press("l")
        await browser.settle()
        browser.screen.active.reload(cursor=name)
        await browser.settle()
        await browser.press("i")
        await browser.until(lambda: browser.text.count("x" * 54) >= 4)
        assert "File in" in browser.text
        browser.inside.errors["chmod"] = Unauthorized("change it", "operation not permitted")
        await type_into(browser, "mode", "600")
        await browser.press("enter")
        await browser.until_shown("operation not permitted")


async def test_what_is_found_is_gone_to() -> None:
    async with browsing(path="/") as browser:
        browser.inside.file("/srv/deep/[b]bold", b"one\ntwo [red]needle[/red]\n")
        await browser.press("F")
        await browser.until_shown("name or content is needed")
        await type_into(browser, "content", "needle")
        await browser.press("enter")
        await browser.until_shown("srv/deep/[b]bold:2")
        await browser.until_shown("1 found in")
        assert "two [red]needle[/red]" in browser.text
        await browser.pilot.pause(0.3)
        await browser.press("j", "enter")
        await browser.settle()
        assert (browser.screen.active.path, browser.under_cursor) == ("/srv/deep", "[b]bold")


async def test_a_search_ends_when_it_is_left() -> None:
    async with browsing(path="/") as browser:
        browser.inside.gates["read"] = asyncio.Event()
        await browser.press("F")
        await browser.until_shown("name or content is needed")
        await type_into(browser, "content", "root")
        await browser.press("enter")
        await browser.until(lambda: any(call[0] == "read" for call in browser.inside.calls[-30:]))
        await browser.press("escape")
        await browser.settle()
        assert browser.screen.active.path == "/"
        assert not [worker for worker in browser.pilot.app.workers if worker.group == "files.find"]


async def test_folders_are_kept_and_forgotten() -> None:
    async with browsing() as browser:
        await browser.press("b")
        await browser.until_shown("keep /etc/nginx")
        await browser.press("enter")
        await browser.settle()
        place = browser.screen.active.place
        assert await browser.fleet.files.bookmarks.of(place) == (NGINX,)
        assert await browser.fleet.files.bookmarks.of(LOCAL) == ()
        await browser.press("tilde")
        await browser.settle()
        await browser.press("b", *"nginx", "enter")
        await browser.settle()
        assert browser.screen.active.path == NGINX
        await browser.press("b")
        await browser.until_shown("Kept folders")
        await browser.press("f8")
        await browser.until_shown("keep /etc/nginx")
        await browser.press("escape")
        assert await browser.fleet.files.bookmarks.of(place) == ()


async def test_a_file_is_viewed_and_edited_and_seen_anew_afterwards() -> None:
    async with browsing() as browser:
        await browser.press("G", "k", "enter")
        await browser.until(lambda: isinstance(browser.pilot.app.screen, ViewerScreen))
        await browser.settle()
        browser.inside.file(f"{NGINX}/written-meanwhile", b"text\n")
        browser.pilot.app.pop_screen()
        await browser.until_shown("written-meanwhile")
        browser.screen.active.reload(cursor="written-meanwhile")
        await browser.settle()
        await browser.press("f4")
        await browser.until(lambda: isinstance(browser.pilot.app.screen, EditorScreen))
        await browser.settle()
        browser.pilot.app.pop_screen()
        await browser.settle()
        browser.inside.special = {f"{NGINX}/koi-utf": FileKind.FIFO}
        browser.screen.active.reload(cursor="koi-utf")
        await browser.settle()
        await browser.press("l")
        await browser.until_shown("That is no file")


async def test_a_shell_opens_in_the_folder() -> None:
    async with browsing() as browser:
        await browser.press("s")
        await browser.until(lambda: bool(browser.fleet.sessions.orders))
        (order,) = browser.fleet.sessions.orders
        assert order.options.directory == NGINX
        browser.pilot.app.pop_screen()
        await browser.settle()
        await browser.press("tab", "s")
        await browser.until_shown("this pane shows this computer")


async def test_names_are_edited_in_the_program_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    lent: list[bytes] = []

    async def edit(app: object, content: bytes, path: str) -> tuple[bytes, int]:
        lent.append(content)
        if len(lent) == 1:
            raise CannotLend("no such program")
        return content.replace(b"secret", b"public"), len(lent) - 2

    monkeypatch.setattr("lxdtui.ui.dialogs.file_names.edit_outside", edit)
    async with browsing() as browser:
        await browser.press("G", "k", "space", "space", "r")
        await browser.until_shown("Rename 2 in")
        await browser.press("f4")
        await browser.until_shown("cannot be used: no such program")
        await browser.press("f4")
        await browser.until_shown("public.key")
        await browser.press("f4")
        await browser.until_shown("ended with status 1")
        await browser.press("ctrl+s")
        await browser.settle()
        assert lent[0] == b"proxy_params\nsecret.key\n"
        assert "public.key" in browser.shown
        assert "secret.key" not in browser.shown
