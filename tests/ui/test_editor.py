"""The editor on files in memory: what is typed, saved, found, merged and brought back."""

import asyncio
import re
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import FileBusy, LocalFileError, ServerError
from lxdtui.model.place import Place
from lxdtui.services.editing import TextFile
from lxdtui.services.editing.merge import merge_files
from lxdtui.services.expressions import Expressions
from lxdtui.ui.messages import OpenEditor
from lxdtui.ui.screens.editor import EditorScreen
from lxdtui.ui.theme import DARK, LIGHT
from tests.ui.fake import FakeFleet, production
from tests.ui.files import MemoryFileSystem
from tests.ui.pilots import app_for, screen_text, settle, until

PATH = "/etc/nginx/nginx.conf"
NGINX = b"""# The web server of web-01.
user www-data;
worker_processes auto;

http {
    include mime.types;
    access_log /var/log/nginx/access.log;

    server {
        listen 80;
        server_name web-01.example;
        location / {
            try_files $uri $uri/ =404;
        }
\t# caf\xc3\xa9 \xe2\x82\xac \x1b[31mred\x1b[0m \xff
    }
}
"""


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: the tests look at each dialog before they answer it."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An editor with a file in it."""

    fleet: FakeFleet
    files: MemoryFileSystem
    pilot: Pilot[None]

    @property
    def text(self) -> str:
        return screen_text(self.pilot.app)

    @property
    def screen(self) -> EditorScreen:
        (screen,) = (one for one in self.pilot.app.screen_stack if isinstance(one, EditorScreen))
        return screen

    @property
    def said(self) -> str:
        """What was said last, for a few seconds."""
        return [one.message for one in self.pilot.app._notifications][-1]

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await settle(self.pilot)
        return self.text

    async def content(self, path: str = PATH) -> bytes:
        return await self.files.read_bytes(path)


def web_files(fleet: FakeFleet, content: bytes = NGINX) -> MemoryFileSystem:
    files = fleet.files.container(fleet.ref("web-01"))
    files.file(PATH, content, mode=0o640)
    return files


@asynccontextmanager
async def editing(
    content: bytes = NGINX, *, path: str = PATH, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Opened]:
    fleet = production()
    files = web_files(fleet, content)
    app = app_for(fleet)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.screen.post_message(OpenEditor(Place(ref=fleet.ref("web-01")), path))
        await settle(pilot)
        yield Opened(fleet=fleet, files=files, pilot=pilot)


# Typing and saving


async def test_what_is_typed_is_saved_and_the_rest_stays_byte_for_byte() -> None:
    async with editing() as opened:
        await opened.press("ctrl+s")
        assert "nothing was changed" in opened.said
        text = await opened.press("down", *"# ")
        assert "● modified" in text
        assert " 15          # café € ␛[31mred␛[0m \N{REPLACEMENT CHARACTER}" in text
        text = await opened.press("ctrl+s")
        assert opened.said == "Saved nginx.conf"
        assert "modified" not in text
        assert await opened.content() == NGINX.replace(b"user", b"# user")
        assert (await opened.files.stat(PATH)).mode == 0o640
        await opened.press("x", "ctrl+z")
        assert not opened.screen.is_modified
        await opened.press("escape")
        assert "Containers" in opened.text


async def test_lines_are_indented_as_the_file_does() -> None:
    async with editing(b"all:\n\tcc x\n\tld y\n", path=PATH) as opened:
        await opened.press("down", "end", "enter", *"ar", "enter", "tab", "z")
        await opened.press("ctrl+s")
        assert await opened.content() == b"all:\n\tcc x\n\tar\n\t\tz\n\tld y\n"
    async with editing(b"a:\r\n  b:\r\n    c: 1\r\n") as opened:
        await opened.press("down", "end", "enter", "tab", "x")
        await opened.press("shift+up", "shift+up", "tab", "ctrl+s")
        assert await opened.content() == b"  a:\r\n    b:\r\n      x\r\n    c: 1\r\n"


async def test_pasted_text_keeps_its_lines_and_hidden_characters() -> None:
    async with editing(b"") as opened:
        opened.pilot.app.post_message(events.Paste("one\rtwo\r\nthree\u202e\x1b"))
        await settle(opened.pilot)
        assert "three\N{REPLACEMENT CHARACTER}␛" in opened.text
        await opened.press("ctrl+s")
        assert await opened.content() == "one\ntwo\nthree\u202e\x1b".encode()


async def test_a_key_with_alt_is_no_text() -> None:
    async with editing() as opened:
        # As terminals send it, with its letter.
        opened.pilot.app.post_message(events.Key("alt+w", "w"))
        await settle(opened.pilot)
        assert opened.screen._area.soft_wrap
        assert not opened.screen.is_modified
        await opened.press("right", "delete")
        assert opened.screen.is_modified


async def test_leaving_asks_what_becomes_of_changes() -> None:
    async with editing() as opened:
        assert "Save the changes to nginx.conf?" in await opened.press("x", "escape")
        await opened.press("escape")
        assert opened.screen.is_modified
        await opened.press("ctrl+q", "d")
        assert "Containers" in opened.text
        assert await opened.content() == NGINX
    async with editing() as opened:
        await opened.press("x", "escape", "enter")
        assert "Containers" in opened.text
        assert await opened.content() == b"x" + NGINX


async def test_a_new_file_is_made_by_saving_and_another_name_is_asked_for() -> None:
    async with editing(path="/etc/nginx/new.conf") as opened:
        assert "new file" in opened.text
        await opened.press(*"hi", "enter", "ctrl+s")
        assert await opened.content("/etc/nginx/new.conf") == b"hi\n"
        await opened.press("alt+s", *"2", "enter")
        assert await opened.content("/etc/nginx/new.conf2") == b"hi\n"
        assert opened.screen.path == "/etc/nginx/new.conf2"


# Failures


async def test_a_failed_saving_tells_why_and_loses_nothing() -> None:
    async with editing() as opened:
        opened.files.errors["write"] = ServerError(f"write {PATH}", "no space left on device")
        text = await opened.press("x", "ctrl+s")
        assert "no space left on device" in text
        place = Place(ref=opened.fleet.ref("web-01"))
        assert await opened.content() == NGINX
        await opened.press("escape")
        assert opened.screen.is_modified
        opened.files.errors["write"] = ServerError(f"write {PATH}", "no space left on device")
        await opened.press("ctrl+s", "r")
        assert await opened.content() == b"x" + NGINX
        assert await opened.fleet.editing.unsaved(place, PATH) is None


async def test_a_mount_point_is_written_into_after_a_question() -> None:
    async with editing() as opened:
        for number, keys in enumerate((("escape",), ("enter",)), 1):
            opened.files.errors["write"] = FileBusy(f"rename {PATH}", "device or resource busy")
            text = await opened.press("x", "ctrl+s")
            assert "nginx.conf cannot be replaced. Write into it?" in text
            assert await opened.content() == NGINX
            await opened.press(*keys)
            assert opened.screen.is_modified is (number == 1)
        assert await opened.content() == b"xx" + NGINX
        # It is not asked again.
        await opened.press("y", "ctrl+s")
        assert await opened.content() == b"xxy" + NGINX
        assert ("write", PATH) not in opened.files.calls[-3:]
        place = Place(ref=opened.fleet.ref("web-01"))
        versions = await opened.fleet.editing.versions(place, PATH)
        assert len(versions) == 2
        lost = ServerError(f"write {PATH}", "no space left on device")
        opened.files.errors["overwrite"] = lost
        text = await opened.press("z", "ctrl+s")
        assert "half written" in text


async def test_a_second_saving_waits_for_the_first() -> None:
    async with editing() as opened:
        gate = opened.files.gates["write"] = asyncio.Event()
        await opened.pilot.press("x", "ctrl+s", "y", "ctrl+s", "ctrl+s")
        await until(opened.pilot, lambda: ("write", PATH) in opened.files.calls)
        await opened.pilot.pause()
        gate.set()
        await settle(opened.pilot)
        assert await opened.content() == b"xy" + NGINX
        assert not opened.screen.is_modified
        writes = [call for call in opened.files.calls if call == ("write", PATH)]
        assert len(writes) == 2


async def test_a_file_that_cannot_be_read_is_told_and_tried_again() -> None:
    async with editing(path="/nowhere/file") as opened:
        assert "Cannot open /nowhere/file in web-01" in opened.text
        opened.files.file("/nowhere/file", b"here now\n")
        assert "here now" in await opened.press("r")


async def test_characters_that_the_encoding_lacks_can_still_be_saved() -> None:
    async with editing(b"caf\xe9\n") as opened:
        assert "Latin-1" in opened.text
        text = await opened.press("ł", "ctrl+s")
        assert "“ł”" in text
        await opened.press("escape", "alt+u", "ctrl+s")
        assert await opened.content() == "łcafé\n".encode()


# Changes by somebody else


async def change_by_both(opened: Opened) -> str:
    await opened.press("x")
    opened.files.file(PATH, NGINX.replace(b"listen 80", b"listen 81"))
    return await opened.press("ctrl+s")


async def test_two_changes_are_merged() -> None:
    async with editing() as opened:
        text = await change_by_both(opened)
        assert "nginx.conf is not what it was. What is to be done?" in text
        assert "+         listen 80;" in text
        await opened.press("m")
        assert "listen 81" in opened.text
        assert opened.screen.is_modified
        await opened.press("ctrl+s")
        assert await opened.content() == b"x" + NGINX.replace(b"listen 80", b"listen 81")


async def test_a_change_during_the_question_is_asked_about_as_well() -> None:
    async with editing() as opened:
        await change_by_both(opened)
        second = NGINX.replace(b"listen 80", b"listen 82")
        opened.files.file(PATH, second)
        text = await opened.press("o")
        assert "nginx.conf is not what it was" in text
        assert "listen 82" in text
        assert await opened.content() == second
        third = NGINX.replace(b"listen 80", b"listen 83")
        opened.files.file(PATH, third)
        await opened.press("m")
        assert await opened.content() == third
        text = await opened.press("ctrl+s")
        assert "nginx.conf is not what it was" in text
        await opened.files.remove(PATH)
        text = await opened.press("o")
        assert "nginx.conf is gone. Write it anew?" in text
        assert not await opened.files.exists(PATH)
        mine = opened.screen.current_text()
        await opened.press("enter")
        assert await opened.content() == mine.encode("utf-8", "surrogateescape")
        for line in ("listen 80;", "listen 82;"):
            assert line in mine


async def test_what_is_typed_while_it_is_merged_is_merged_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, typed = threading.Event(), threading.Event()

    def slow(base: TextFile, mine: TextFile, theirs: TextFile) -> tuple[TextFile, int]:
        begun.set()
        assert typed.wait(30)
        return merge_files(base, mine, theirs)

    monkeypatch.setattr("lxdtui.ui.work.saving.merge_files", slow)
    async with editing() as opened:
        await change_by_both(opened)
        await opened.pilot.press("m")
        await until(opened.pilot, begun.is_set)
        await opened.pilot.press("y")
        # It was asked for before there is a merged text to look at.
        await opened.pilot.press("ctrl+s")
        typed.set()
        await settle(opened.pilot)
        theirs = NGINX.replace(b"listen 80", b"listen 81")
        assert await opened.content() == theirs
        assert "listen 81" in opened.text
        assert opened.screen.is_modified
        await opened.press("ctrl+s")
        assert await opened.content() == b"xy" + theirs


async def test_versions_that_cannot_be_read_hide_no_other() -> None:
    async with editing(b"first\n") as opened:
        for key in "abcdefg":
            await opened.press(key, "ctrl+s")
        place = Place(ref=opened.fleet.ref("web-01"))
        versions = await opened.fleet.editing.versions(place, PATH)
        for broken in versions[:5]:
            broken.file.write_bytes(b"damaged")
        text = await opened.press("alt+v")
        assert text.count("cannot be shown: what is kept of it is damaged") == 2
        assert "3 other versions cannot be shown either" in text
        assert "afirst" in text
        await opened.press("enter")
        assert opened.screen.current_text() == "afirst\n"
        for broken in versions[5:]:
            broken.file.write_bytes(b"damaged")
        await opened.press("alt+v")
        assert "cannot be shown" in opened.said


async def test_contradictions_are_marked_and_shown() -> None:
    async with editing() as opened:
        await opened.press("x")
        opened.files.file(PATH, b"theirs " + NGINX)
        await opened.press("ctrl+s", "m")
        assert "Merged with 1 contradiction, between" in opened.said
        assert "<<<<<<< mine" in opened.text
        assert await opened.content() == b"theirs " + NGINX


async def test_theirs_or_mine_can_be_taken_and_nothing_is_lost() -> None:
    async with editing() as opened:
        await change_by_both(opened)
        await opened.press("escape")
        assert "listen 80" in opened.text
        await opened.press("ctrl+s", "t")
        assert "listen 81" in opened.text
        assert not opened.screen.is_modified
        await opened.press("ctrl+z")
        assert "listen 80" in opened.text
        await opened.press("ctrl+s")
        assert await opened.content() == b"x" + NGINX
    async with editing() as opened:
        await change_by_both(opened)
        await opened.press("o")
        assert await opened.content() == b"x" + NGINX
        assert "listen 81" in await opened.press("alt+v")


async def test_a_file_that_is_gone_is_written_anew_when_wanted() -> None:
    async with editing() as opened:
        await opened.press("x")
        await opened.files.remove(PATH)
        assert "nginx.conf is gone. Write it anew?" in await opened.press("ctrl+s")
        await opened.press("enter")
        assert await opened.content() == b"x" + NGINX
        assert (await opened.files.stat(PATH)).mode == 0o640


# Finding


async def test_places_are_found_counted_and_replaced() -> None:
    async with editing() as opened:
        text = await opened.press("ctrl+f", *"SERVER")
        assert "1 of 3" in text
        assert "2 of 3" in await opened.press("enter")
        assert "1 of 3" in await opened.press("up")
        assert "not found" in await opened.press("alt+c")
        await opened.press("alt+c", "escape", "f3")
        assert opened.screen._area.cursor_location == (8, 10)
        await opened.press("ctrl+r")
        opened.screen.query_one("#find-words", Input).value = r"(\w+)_types|mime\.(types)"
        await settle(opened.pilot)
        await opened.press("alt+r", "tab", *r"\2.mime", "enter")
        assert "include types.mime;" in opened.text
        opened.screen.query_one("#find-words", Input).value = r"^ +"
        opened.screen.query_one("#find-new", Input).value = ""
        await settle(opened.pilot)
        assert "9 places replaced" in await opened.press("alt+a")
        await opened.press("escape", "ctrl+z")
        assert "    include types.mime;" in opened.text
        assert "missing )" in await opened.press("ctrl+f", "(")


async def test_an_expression_that_takes_too_long_holds_nothing_up() -> None:
    async with editing(b"a" * 60 + b"\n") as opened:
        opened.screen._finder._expressions = Expressions(seconds=60)
        await opened.pilot.press("ctrl+f", "alt+r", *"(a*)*b")
        # Keys are obeyed while it is tried, and what is looked for next ends it.
        await opened.pilot.press("backspace", "c")
        assert "(a*)*c" in screen_text(opened.pilot.app)
        await opened.pilot.press("escape", "end", "x")
        assert "x" in opened.screen.current_text()
        opened.screen._finder._expressions.close()
        opened.screen._finder._expressions = Expressions(seconds=0.1)
        await settle(opened.pilot)
        assert re.search(
            r"Find +\(a\*\)\*b +it takes too long", await opened.press("ctrl+f", *"(a*)*b")
        )
        opened.screen.query_one("#find-words", Input).value = "a+x"
        await settle(opened.pilot)
        assert "1 of 1" in opened.text


async def test_lines_are_gone_to() -> None:
    async with editing() as opened:
        assert "10:9" in await opened.press("ctrl+g", *"10:9", "enter")
        assert "a number" in await opened.press("ctrl+g", *"x", "enter")
        await opened.press("escape", "ctrl+g", *"999", "enter")
        assert opened.screen._area.cursor_location[0] == 17


# Versions and unsaved text


async def test_an_earlier_version_is_brought_back_with_one_key() -> None:
    async with editing() as opened:
        await opened.press("alt+v")
        assert "no earlier version" in opened.said
        await opened.press("x", "ctrl+s")
        assert "Which version of nginx.conf" in await opened.press("alt+v")
        assert "2026-11-24 12:00" in opened.text
        await opened.press("enter", "ctrl+s")
        assert await opened.content() == NGINX


async def test_unsaved_text_is_offered_at_the_next_opening() -> None:
    fleet = production()
    files = web_files(fleet)
    place = Place(ref=fleet.ref("web-01"))
    app = app_for(fleet)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.screen.post_message(OpenEditor(place, PATH))
        await settle(pilot)
        await pilot.press(*"lost?")
    assert await files.read_bytes(PATH) == NGINX
    app = app_for(fleet)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.screen.post_message(OpenEditor(place, PATH))
        await settle(pilot)
        assert "Text of nginx.conf was not saved. Take it?" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert await files.read_bytes(PATH) == b"lost?" + NGINX
    assert await fleet.editing.unsaved(place, PATH) is None


async def test_unsaved_text_stays_where_it_is_until_it_is_kept_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with editing() as opened:
        screen, place = opened.screen, Place(ref=opened.fleet.ref("web-01"))
        service = opened.fleet.editing
        left = service.draft(place, PATH)
        assert screen.opened is not None
        await service.keep_unsaved(left, screen.opened, "left behind", screen.form)
        left.leave()

        async def full(*_: object) -> None:
            raise LocalFileError("keep the unsaved text", "No space left on device")

        monkeypatch.setattr(service, "keep_unsaved", full)
        offering = screen.run_worker(screen.offer_unsaved(), group="editor.open")
        await settle(opened.pilot)
        await opened.press("enter")
        assert screen.current_text() == "left behind"
        await offering.wait()
        unsaved = await service.unsaved(place, PATH)
        assert unsaved is not None
        assert unsaved.text == "left behind"


# The user's own program


async def test_the_own_editor_of_the_user_gets_a_private_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "edit"
    script.write_text(
        "#!/bin/sh\n"
        f'stat -c "%a %n" "$2" "$(dirname "$2")" > {tmp_path}/seen\n'
        'case "$1" in fail) exit 3;; esac\n'
        'sed -i s/www-data/nobody/ "$2"\n'
    )
    script.chmod(0o755)

    async def run(_app: App[None], command: Sequence[str]) -> int:
        done = await asyncio.to_thread(subprocess.run, command, check=False)
        return done.returncode

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("lxdtui.ui.host.outside.run_in_terminal", run)
    monkeypatch.setenv("VISUAL", f"{script} fine")
    async with editing() as opened:
        await opened.press("alt+e")
        assert await opened.content() == NGINX.replace(b"www-data", b"nobody")
        file, folder = (tmp_path / "seen").read_text().splitlines()
        assert file.startswith("600 ")
        assert file.endswith("/nginx.conf")
        assert folder.startswith("700 ")
        assert not Path(folder[4:]).exists()
        monkeypatch.setenv("VISUAL", f"{script} fail")
        await opened.press("alt+e")
        assert "ended with status 3" in opened.said
        monkeypatch.setenv("VISUAL", 'sh -c \'printf "work\\0" > "$0"\'')
        await opened.press("alt+e")
        assert "is not taken: it is not text. It is kept in" in opened.said
        kept = Path(opened.said.rpartition(" ")[2])
        assert kept.read_bytes() == b"work\0"
        assert kept.stat().st_mode & 0o777 == 0o600
        assert b"www-data" not in await opened.content()


async def test_a_terminal_that_cannot_be_lent_is_told() -> None:
    async with editing() as opened:
        await opened.press("alt+e")
        assert "there is no terminal to lend" in opened.said


STATES: dict[str, tuple[str, ...]] = {
    "text": ("down",),
    "unsaved": ("down", *"# ", "shift+end"),
    "search": ("ctrl+f", *"server"),
    "replace": ("ctrl+r", *"server", "tab", *"site"),
    "leave": ("x", "escape"),
    "wrapped": ("alt+w", "ctrl+end"),
}


NARROW, WIDE = (80, 24), (140, 40)
PICTURES = [
    *(
        (name, NARROW)
        for name in (*STATES, "light", "conflict", "versions", "failed", "empty", "mounted")
    ),
    *((name, WIDE) for name in ("unsaved", "search", "conflict", "versions", "failed")),
]


@pytest.mark.parametrize(
    ("name", "size"), PICTURES, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in PICTURES]
)
def test_picture(snap_compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    fleet = production()
    files = web_files(fleet, b"" if name == "empty" else NGINX)
    app = app_for(fleet, theme=LIGHT.name if name == "light" else DARK.name)
    path = "/nowhere/file" if name == "failed" else PATH

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.screen.post_message(OpenEditor(Place(ref=fleet.ref("web-01")), path))
        await settle(pilot)
        opened = Opened(fleet=fleet, files=files, pilot=pilot)
        match name:
            case "conflict":
                await change_by_both(opened)
            case "mounted":
                files.errors["write"] = FileBusy(f"rename {PATH}", "device or resource busy")
                await opened.press("x", "ctrl+s")
            case "versions":
                await opened.press("x", "ctrl+s", "y", "ctrl+s", "alt+v")
                pilot.app.clear_notifications()
            case _:
                await opened.press(*STATES.get(name, ()))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run_before)
