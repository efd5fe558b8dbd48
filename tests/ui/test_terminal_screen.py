"""What the screen does for its terminals: pictures, dialogs, files."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from textual import events, on
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.ui.dialogs.paste import PasteDialog, one_line
from lxdtui.ui.dialogs.save_as import SaveAsDialog
from lxdtui.ui.dialogs.target import TargetDialog
from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.widgets.pasted_view import MOST_SHOWN, PastedView
from tests.ui.pilots import screen_text
from tests.ui.shells import FakeChannel, FakeOpener, until
from tests.ui.test_shell import LEADER, ShellApp, is_on_shell, shells, terminal_text, view

Snapshot = Callable[..., bool]

LOG = b"".join(
    b"\x1b[32mOct %02d\x1b[m web-01 nginx[812]: GET /orders/%d %s\r\n"
    % (number % 28 + 1, number * 7, b"\x1b[31merror 502\x1b[m" if number % 9 == 4 else b"ok")
    for number in range(120)
)
PLACES = (
    b"See https://example.org/manual/logging.html and (https://docs.example.org/).\r\n"
    b"\x1b]8;;https://elsewhere.example/\x07the handbook\x1b]8;;\x07, /etc/nginx/nginx.conf:12\r\n"
)
PROMPT = b"root@web-01:~# "


@dataclass(frozen=True)
class State:
    keys: tuple[str, ...] = ()
    pasted: str = ""
    output: bytes = LOG + PLACES + PROMPT
    waits_for: str = ""


STATES = {
    "search_found": State((LEADER, "slash", *"error", "enter", "n", "n"), waits_for="11/13"),
    "search": State((LEADER, "slash", "ctrl+r", *"a(b"), waits_for="missing )"),
    "scrolling": State((LEADER, "pageup"), waits_for="rows back"),
    "selection": State((LEADER, "left_square_bracket", *"kkkkkk", "0", "ctrl+v", *"kkkee")),
    "letters": State((LEADER, "u"), waits_for="choose what to open"),
    "target": State((LEADER, "u", "d"), output=PLACES + PROMPT, waits_for="On the screen it says"),
    "paste": State(
        pasted="cd /srv/app\ngit pull\n\x1b[31msystemctl restart app\n", waits_for="o  one line"
    ),
    "paste_long": State(
        pasted="".join(f"echo {n} {'x' * (n % 5 * 60)}\r" for n in range(60)) + "rm -r \x1b日本",
        waits_for="o  one line",
    ),
    "save": State((LEADER, "S"), waits_for="Save the scrollback"),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(
    snap_compare: Snapshot, name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    state = STATES[name]
    channel = FakeChannel()
    app = ShellApp(FakeOpener([channel]))
    app.animation_level = "none"

    async def run_before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: is_on_shell(app))
        await until(pilot, lambda: view(app).has_focus)
        channel.write(state.output)
        await until(pilot, lambda: terminal_text(app).endswith("root@web-01:~#"))
        await pilot.press(*state.keys)
        if state.pasted:
            app.post_message(events.Paste(state.pasted))
        await until(pilot, lambda: state.waits_for in screen_text(app))
        for field in app.screen.query(Input):
            field.cursor_blink = False
            field.value = "/home/ada/web-01.txt"
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=run_before)


def said(app: ShellApp) -> str:
    """What was said in passing; without a screen to see it on, tests ask the app."""
    return "\n".join(notification.message for notification in app._notifications)


async def test_a_paste_is_shown_and_can_become_one_line() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(b"ready")
        await until(pilot, lambda: "ready" in terminal_text(app))
        for key, sent in (("escape", b""), ("o", b"echo a b"), ("p", b"echo a\rb\r")):
            channel.sent.clear()
            app.post_message(events.Paste("echo a\nb\n"))
            await until(pilot, lambda: isinstance(app.screen, PasteDialog))
            await pilot.press(key)
            await until(pilot, lambda: is_on_shell(app))
            await until(pilot, partial(lambda sent: bytes(channel.sent) == sent, sent))
    assert one_line(" a\r\n\r\n b ") == "a b"


async def test_all_of_a_paste_can_be_read_before_it_is_pasted() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(b"ready")
        await until(pilot, lambda: "ready" in terminal_text(app))
        # As most terminals do it, with carriage returns; what is bad stands far out.
        far = "a" * 300 + ";rm -r \x1b[31m/"
        app.post_message(events.Paste(f"{far}\r" + "echo\r" * 50 + "the last\tone"))
        await until(pilot, lambda: "Paste 52 lines" in screen_text(app))
        assert ";rm -r ␛[31m/" in screen_text(app)
        assert "waits for yours" in screen_text(app)
        assert "the last" not in screen_text(app)
        await pilot.press("end")
        await until(pilot, lambda: "52  the last␉one" in screen_text(app))
        await until(pilot, lambda: " to 56 of 56" in screen_text(app))
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "p  paste" in screen_text(app))
        await until(pilot, lambda: " of 62" in screen_text(app))
        await pilot.press("escape")
    view = PastedView("x" * MOST_SHOWN + "\nunseen\n")
    view.fit(MOST_SHOWN + 6, 10)
    assert view.row_count == 2


async def test_where_a_link_leads_is_shown_before_anything_is_done() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(PLACES)
        await until(pilot, lambda: "handbook" in terminal_text(app))
        await pilot.press(LEADER, "u", "d")
        await until(pilot, lambda: isinstance(app.screen, TargetDialog))
        assert "https://elsewhere.example/" in screen_text(app)
        assert "On the screen it says: the handbook" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.clipboard == "https://elsewhere.example/")


async def test_a_path_opens_in_the_file_browser() -> None:
    channel = FakeChannel()
    asked: list[OpenFiles] = []

    class FilesApp(ShellApp):
        @on(OpenFiles)
        def _open_files(self, message: OpenFiles) -> None:
            asked.append(message)

    app = FilesApp(FakeOpener([channel]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: is_on_shell(app) and view(app).has_focus)
        channel.write(
            b"\x1b]7;file://web-01/srv/app\x07see /etc/nginx/nginx.conf, conf/app.ini ~/x"
        )
        await until(pilot, lambda: "conf" in terminal_text(app))
        for letter, number in (("a", 1), ("s", 2)):
            await pilot.press(LEADER, "u", letter)
            await until(pilot, lambda: isinstance(app.screen, TargetDialog))
            await pilot.press("o")
            await until(pilot, partial(lambda number: len(asked) == number, number))
            await until(pilot, lambda: is_on_shell(app))
        assert [(one.ref.name, one.path, one.cursor) for one in asked] == [
            ("web-01", "/etc/nginx", "nginx.conf"),
            ("web-01", "/srv/app/conf", "app.ini"),
        ]
        # Whose home folder it is, nobody knows: it can only be copied.
        await pilot.press(LEADER, "u", "d")
        await until(pilot, lambda: isinstance(app.screen, TargetDialog))
        await pilot.press("o", "escape")
        await until(pilot, lambda: is_on_shell(app))
        assert len(asked) == 2


async def test_the_scrollback_is_saved_for_its_user_alone(tmp_path: Path) -> None:
    channel = FakeChannel()
    path = tmp_path / "new" / "kept.txt"
    async with shells(channel) as (pilot, app):
        channel.write(b"".join(b"line %d \r\n" % n for n in range(60)) + b"x" * 100)
        await until(pilot, lambda: terminal_text(app).endswith("xx"))
        for content in ("", "precious"):
            if content:
                path.write_text(content)
            await pilot.press(LEADER, "S")
            await until(pilot, lambda: isinstance(app.screen, SaveAsDialog))
            await until(pilot, lambda: bool(app.screen.query("#path")))
            app.screen.query_one("#path", Input).value = str(path)
            await pilot.press("enter")
            if content:
                await until(pilot, lambda: "writes over it" in screen_text(app))
                assert path.read_text() == content
                await pilot.press("enter")
            await until(pilot, lambda: path.exists() and path.read_text().endswith("xx\n"))
            await until(pilot, lambda: is_on_shell(app))
        lines = path.read_text().splitlines()
        assert lines == [*(f"line {number}" for number in range(60)), "x" * 100]
        assert path.stat().st_mode & 0o777 == 0o600
        await pilot.press(LEADER, "S")
        await until(pilot, lambda: isinstance(app.screen, SaveAsDialog))
        await until(pilot, lambda: bool(app.screen.query("#path")))
        app.screen.query_one("#path", Input).value = "/proc/nowhere/x.txt"
        await pilot.press("enter")
        await until(pilot, lambda: "Cannot write /proc/nowhere/x.txt" in said(app))


async def test_a_slow_file_system_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    is_dir = Path.is_dir

    def slow(path: Path) -> bool:
        if path.name == "slow.txt":
            answers.wait(10)
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", slow)
    async with shells(FakeChannel()) as (pilot, app):
        await pilot.press(LEADER, "S")
        await until(pilot, lambda: bool(app.screen.query("#path")))
        field = app.screen.query_one("#path", Input)
        field.value = str(tmp_path / "slow.txt")
        await pilot.press("enter")
        await until(pilot, lambda: "Looking what is there" in screen_text(app))
        await pilot.press("end", "backspace", "t")
        assert field.value.endswith("slow.txt")
        answers.set()
        await until(pilot, (tmp_path / "slow.txt").exists)
