"""The viewer on files in memory: text, bytes, searching, following, and what goes wrong."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import ConnectionFailed, ConnectionProblem
from lxdtui.model.place import Place
from lxdtui.services.editing.document import EDITED_AT_MOST
from lxdtui.services.expressions import Expressions
from lxdtui.ui.messages import OpenEditor, OpenFiles, OpenViewer
from lxdtui.ui.screens.editor import EditorScreen
from lxdtui.ui.screens.viewer import ViewerScreen
from tests.ui.fake import FakeFleet, production
from tests.ui.files import MemoryFileSystem
from tests.ui.pilots import app_for, screen_text, settle
from tests.ui.test_editor import NARROW, NGINX, WIDE

PATH = "/var/log/app.log"
LOG = b"".join(
    b"2026-11-24 12:%02d:%02d app[812]: request %d took %d ms\n"
    % (number // 60 % 60, number % 60, number, number * 7 % 90)
    for number in range(3000)
)
BINARY = b"\x7fELF\x02\x01\x01" + bytes(57) + bytes(range(256)) * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """A viewer with a file in it."""

    fleet: FakeFleet
    files: MemoryFileSystem
    pilot: Pilot[None]

    @property
    def screen(self) -> ViewerScreen:
        screen = self.pilot.app.screen
        assert isinstance(screen, ViewerScreen)
        return screen

    @property
    def text(self) -> str:
        return screen_text(self.pilot.app)

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await settle(self.pilot)
        return self.text

    async def look_again(self) -> str:
        """Let the viewer look whether the file changed, as it does once a second."""
        self.screen._look_again()
        await settle(self.pilot)
        return self.text


@asynccontextmanager
async def viewing(
    content: bytes, *, path: str = PATH, size: tuple[int, int] = NARROW
) -> AsyncIterator[Viewed]:
    fleet = production()
    files = fleet.files.container(fleet.ref("web-01"))
    files.file(PATH, content)
    app = app_for(fleet)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        app.screen.post_message(OpenViewer(Place(ref=fleet.ref("web-01")), path))
        await settle(pilot)
        yield Viewed(fleet=fleet, files=files, pilot=pilot)


async def test_a_text_is_gone_through_by_lines_pages_and_numbers() -> None:
    async with viewing(LOG) as viewed:
        assert "request 0 took" in viewed.text
        assert "line 1  1%" in viewed.text
        assert "request 0 took" not in await viewed.press("j")
        assert "line 22" in await viewed.press("space")
        assert "line 3,000" not in await viewed.press("G")
        assert "request 2999" in viewed.text
        assert "100%" in viewed.text
        assert "line 1,500" in await viewed.press("ctrl+g", *"1500", "enter")
        assert "request 1499" in viewed.text.splitlines()[1]
        assert "line 1,511" in await viewed.press("ctrl+g", *"50%", "enter")
        assert "a line, 50%, or 0x1f00" in await viewed.press("ctrl+g", *"x", "enter")
        await viewed.press("escape", "g", "G", "k", "k")
        assert "request 2997" in viewed.text.splitlines()[21]


async def test_places_are_found_marked_and_gone_to_round_the_end() -> None:
    async with viewing(LOG) as viewed:
        assert "found" in await viewed.press("slash", *"request 2[0-9]+0 ")
        assert "not found" in viewed.text
        text = await viewed.press("alt+r")
        assert "request 200 took" in text
        await viewed.press("enter", "n", "n")
        assert viewed.screen._finder.here is not None
        assert LOG[viewed.screen._finder.here.start :].startswith(b"request 220 ")
        await viewed.press("N", "N", "N")
        assert LOG[viewed.screen._finder.here.start :].startswith(b"request 2990 ")
        assert "missing )" in await viewed.press("slash", *"(")


async def test_an_expression_that_takes_too_long_is_given_up_in_words() -> None:
    async with viewing(LOG + b"a" * 60) as viewed:
        viewed.screen._finder._searching = Expressions(seconds=0.1)
        viewed.screen._finder._marking = Expressions(seconds=0.1)
        await viewed.press("slash", "alt+r")
        assert "takes too long" in await viewed.press(*"(a*)*b")
        assert viewed.screen._finder.wanted is None
        await viewed.press("escape", "G")
        assert "a" * 60 in viewed.text
        viewed.screen.query_one("#find-words", Input).value = ""
        assert "found" in await viewed.press("slash", *"request")


async def test_places_are_marked_where_they_are_among_wide_characters() -> None:
    async with viewing("½½ añ b\udcffa\n".encode("utf-8", "surrogateescape")) as viewed:
        await viewed.press("slash", *"a")
        assert viewed.screen._page._hits[0] == [(3, 4, "here"), (8, 9, "found")]


async def test_bytes_are_shown_found_and_gone_to() -> None:
    async with viewing(BINARY) as viewed:
        assert "00000000  7f 45 4c 46 02 01 01 00  00 00" in viewed.text
        assert ".ELF............" in viewed.text
        assert "found" in await viewed.press("slash", *"fe ff 00 01")
        assert "pairs of hexadecimal digits" in await viewed.press("0")
        await viewed.press("escape")
        text = await viewed.press("ctrl+g", *"0x101", "enter")
        assert text.splitlines()[1].startswith(" 00000100  c0 c1")
        assert "ELF" in await viewed.press("g", "x")
        assert "00000000" not in viewed.text


async def test_utf_16_is_shown_and_searched_as_text() -> None:
    text = "\ufeff[Version]\r\nSignature=größer 日本\r\n" + "row\r\n" * 500 + "Ende ă\r\n"
    async with viewing(text.encode("utf-16-le")) as viewed:
        assert viewed.text.splitlines()[1].strip() == "[Version]"
        assert "Signature=größer 日本" in viewed.text
        assert "UTF-16 LE" in viewed.text
        assert "Ende ă" in await viewed.press("slash", *"ENDE Ă")
        assert "found" in viewed.text
        assert "00000000  ff fe 5b 00" in await viewed.press("escape", "g", "x")
        assert "UTF-16" not in viewed.text


async def test_hostile_text_is_harmless_and_long_lines_cost_nothing() -> None:
    content = b"\x1b]0;title\x07 \xff\xe2\x80\xae\n" + b"x" * 3_000_000 + b"\nlast\n"
    async with viewing(content) as viewed:
        assert "␛]0;title␇ \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in viewed.text
        assert "last" in await viewed.press("G")
        await viewed.press("g", "l", "w")
        assert viewed.text.count("x" * 78) >= 18
        text = await viewed.press("G")
        assert text.splitlines()[21].strip() == "last"
        await viewed.press("k", "k")
        assert viewed.text.count("x" * 78) >= 19
        text = await viewed.press("space")
        assert text.splitlines()[21].strip() == "last"
        await viewed.press("g", "w", "slash", *"last", "enter")
        assert "last" in viewed.text


async def test_a_file_that_grows_is_followed_and_one_that_begins_anew_is_told() -> None:
    async with viewing(LOG) as viewed:
        assert "following" in await viewed.press("F")
        viewed.files.file(PATH, LOG + b"something new\n")
        assert "something new" in await viewed.look_again()
        viewed.files.file(PATH, b"another\n" * 30_000)
        text = await viewed.look_again()
        assert "another" in text
        assert "● changed" in text
        viewed.files.file(PATH, b"rotated\n")
        text = await viewed.look_again()
        assert "rotated" in text
        assert "● began anew" in text
        await viewed.files.remove(PATH)
        assert "● gone" in await viewed.look_again()
        assert "rotated" in viewed.text


async def test_what_cannot_be_read_is_told_and_tried_again() -> None:
    async with viewing(LOG, path="/var/log/none") as viewed:
        assert "Cannot read /var/log/none in web-01" in viewed.text
        viewed.files.file("/var/log/none", b"here now\n")
        assert "here now" in await viewed.press("r")
    async with viewing(LOG) as viewed:
        lost = ConnectionFailed("read it", ConnectionProblem.LOST, "connection reset")
        viewed.files.errors["stat"] = lost
        text = await viewed.look_again()
        assert "request 0 took" in text


async def test_the_editor_hands_over_what_it_does_not_edit_and_back() -> None:
    async with viewing(BINARY) as viewed:
        place = Place(ref=viewed.fleet.ref("web-01"))
        await viewed.press("escape")
        for content in (BINARY, b"#" * 100 + b"\n" * EDITED_AT_MOST):
            viewed.files.file("/file", content)
            viewed.pilot.app.screen.post_message(OpenEditor(place, "/file"))
            await settle(viewed.pilot)
            assert isinstance(viewed.pilot.app.screen, ViewerScreen)
            assert (
                "viewed, not edited" in [one.message for one in viewed.pilot.app._notifications][-1]
            )
            await viewed.press("escape")
            assert await viewed.files.read_bytes("/file") == content
        viewed.pilot.app.screen.post_message(OpenViewer(place, PATH))
        viewed.files.file(PATH, b"text\n")
        await settle(viewed.pilot)
        await viewed.press("e")
        assert isinstance(viewed.pilot.app.screen, EditorScreen)
        assert "Containers" in await viewed.press("escape")


PICTURES = [
    ("text", NARROW),
    ("bytes", NARROW),
    ("bytes", WIDE),
    ("follow", NARROW),
    ("search", NARROW),
    ("search", WIDE),
    ("failed", NARROW),
    ("empty", NARROW),
]


@pytest.mark.parametrize(
    ("name", "size"), PICTURES, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in PICTURES]
)
def test_picture(snap_compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    fleet = production()
    files = fleet.files.container(fleet.ref("web-01"))
    contents = {"text": NGINX, "bytes": BINARY, "empty": b""}
    files.file(PATH, contents.get(name, LOG))
    files.file("/etc/nginx/nginx.conf", NGINX)
    path = {"text": "/etc/nginx/nginx.conf", "failed": "/var/log/none"}.get(name, PATH)
    app = app_for(fleet)
    keys = {"bytes": ("slash", *"20 21 22"), "follow": ("F",), "search": ("slash", *"12:01")}

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        app.screen.post_message(OpenViewer(Place(ref=fleet.ref("web-01")), path))
        await settle(pilot)
        await pilot.press(*keys.get(name, ()))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=run_before)


async def test_files_are_viewed_and_edited_from_the_browser() -> None:
    async with viewing(LOG) as viewed:
        await viewed.press("escape")
        viewed.files.file("/etc/motd", b"welcome\n")
        ref = viewed.fleet.ref("web-01")
        viewed.pilot.app.screen.post_message(OpenFiles(ref, "/etc", cursor="motd"))
        await settle(viewed.pilot)
        assert "welcome" in await viewed.press("enter")
        await viewed.press("q", "f4", "x", "ctrl+s", "escape")
        assert await viewed.files.read_bytes("/etc/motd") == b"xwelcome\n"
        assert "xwelcome" in await viewed.press("v")
