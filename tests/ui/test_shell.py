"""The screen of shells, on channels in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import on
from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from lxdtui.errors import BadRequest
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import SessionOrder
from lxdtui.ui.messages import GoBack, OpenFiles, OpenHelp
from lxdtui.ui.screens.shell import ShellScreen
from lxdtui.ui.state.session_book import SessionBook
from lxdtui.ui.state.sessions import SessionState
from lxdtui.ui.theme import DARK
from lxdtui.ui.widgets.key_bar import KeyBar
from lxdtui.ui.widgets.session_notice import EndedBar, SessionNotice
from lxdtui.ui.widgets.session_tabs import SessionTabs
from lxdtui.ui.widgets.terminal_view import TerminalView
from lxdtui.ui.widgets.title_bar import TitleBar
from tests.ui.shells import FakeChannel, FakeEnding, FakeFleet, FakeOpener, until

WEB = InstanceRef("local", "default", "web-01")
DB = InstanceRef("local", "default", "db-1")
LEADER = "ctrl+right_square_bracket"


class ShellApp(App[None]):
    """An app with nothing but shells."""

    def __init__(self, opener: FakeOpener) -> None:
        super().__init__()
        self.opener = opener
        self.fleet = FakeFleet(opener)
        self.book = SessionBook()
        self.helped = 0
        self.folders: list[tuple[InstanceRef, str]] = []
        self.order: SessionOrder | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK.variables

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name
        self.open(WEB)

    def open(self, ref: InstanceRef) -> None:
        self.push_screen(ShellScreen(self.fleet, ref, self.book, order=self.order))

    async def on_unmount(self) -> None:
        await self.book.aclose()

    @on(GoBack)
    def _go_back(self) -> None:
        self.pop_screen()

    @on(OpenFiles)
    def _open_files(self, message: OpenFiles) -> None:
        self.folders.append((message.ref, message.path))

    @on(OpenHelp)
    def _open_help(self) -> None:
        self.helped += 1


@asynccontextmanager
async def shells(
    *channels: FakeChannel, error: BadRequest | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], ShellApp]]:
    app = ShellApp(FakeOpener(list(channels), error=error))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.book.sessions))
        await until(pilot, lambda: view(app).has_focus)
        yield pilot, app


def view(app: ShellApp) -> TerminalView:
    return app.screen.query_one(TerminalView)


def terminal_text(app: ShellApp) -> str:
    strips = view(app).render_lines(view(app).size.region)
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip()


def words(app: ShellApp, widget: type[Widget]) -> str:
    """What a widget shows, or nothing while it is not displayed."""
    one = app.screen.query_one(widget)
    return str(one.render()) if one.display else ""


def states(app: ShellApp) -> list[SessionState]:
    return [session.state for session in app.book.sessions]


def is_on_shell(app: ShellApp) -> bool:
    """Whether the screen is there, with a shell in its terminal."""
    views = app.screen.query(TerminalView)
    return bool(views) and views.first().session is not None


async def test_a_shell_fills_the_screen_and_says_where_it_is() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        channel.write(b"root@web-01:~# ")
        await until(pilot, lambda: terminal_text(app) == "root@web-01:~#")
        assert app.opener.opened == [(WEB, 80, 21)]
        assert "local › default › web-01 › Shell" in words(app, TitleBar)
        assert words(app, SessionTabs).startswith(" 1 ● web-01")
        assert words(app, KeyBar).startswith(" Ctrl-] q leave")
        assert words(app, EndedBar) == ""
        assert words(app, SessionNotice) == ""


async def test_while_it_is_opened_it_says_so_and_escape_leaves() -> None:
    app = ShellApp(FakeOpener([FakeChannel()]))
    app.opener.gate.clear()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.opener.opened))
        await until(pilot, lambda: "opening a shell in web-01" in words(app, SessionNotice))
        assert words(app, KeyBar).startswith(" Esc back")
        await pilot.press("escape")
        await until(pilot, lambda: not is_on_shell(app))


async def test_a_refusal_is_shown_in_words_and_can_be_tried_again() -> None:
    error = BadRequest("open a shell in web-01", "Instance is not running", hint="S starts it")
    async with shells(FakeChannel(), FakeChannel(), error=error) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.FAILED])
        await until(pilot, lambda: "S starts it" in words(app, SessionNotice))
        assert "Cannot open a shell in web-01: Instance is not running" in words(app, SessionNotice)
        assert words(app, KeyBar).startswith(" r try again  Esc back")
        app.opener.error = None
        await pilot.press("r")
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        assert [size for _, *size in app.opener.opened] == [[80, 21], [80, 21]]
        await until(pilot, lambda: words(app, SessionNotice) == "")


async def test_the_words_of_a_server_are_never_markup() -> None:
    error = BadRequest("open a shell", "[@click=app.quit]x[/] \x1b[31m [bold", hint="[/]")
    async with shells(FakeChannel(), error=error) as (pilot, app):
        await until(pilot, lambda: "[@click=app.quit]x[/]" in words(app, SessionNotice))
        assert "\x1b" not in words(app, SessionNotice)


async def test_after_the_end_the_screen_stays_and_enter_starts_a_new_shell() -> None:
    first, second = FakeChannel(), FakeChannel()
    async with shells(first, second) as (pilot, app):
        first.write(b"bye\r\n")
        first.end(FakeEnding(exit_status=3, words="the shell ended with status 3"))
        await until(pilot, lambda: states(app) == [SessionState.ENDED])
        await until(pilot, lambda: "the shell ended with status 3" in words(app, EndedBar))
        assert terminal_text(app) == "bye"
        assert words(app, KeyBar).startswith(" Enter new shell  Esc back")
        await pilot.press("enter")
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        assert app.opener.opened == [(WEB, 80, 21), (WEB, 80, 21)]
        second.write(b"again")
        await until(pilot, lambda: terminal_text(app) == "again")
        await pilot.press("enter")
        await until(pilot, lambda: bytes(second.sent) == b"\r")
        assert not first.sent


async def test_from_a_shell_that_is_over_the_leader_leads_to_the_others() -> None:
    first, second = FakeChannel(), FakeChannel()
    async with shells(first, second) as (pilot, app):
        first.write(b"first")
        await until(pilot, lambda: terminal_text(app) == "first")
        await pilot.press(LEADER, "c")
        await until(pilot, lambda: len(app.book.sessions) == 2)
        second.write(b"second")
        await until(pilot, lambda: terminal_text(app) == "second")
        second.end()
        await until(pilot, lambda: states(app) == [SessionState.LIVE, SessionState.ENDED])
        await until(pilot, lambda: "Ctrl-] n next" in words(app, KeyBar))
        # Alone this one would start a new shell.
        await pilot.press(LEADER, "r")
        await pilot.press(LEADER, "n")
        await until(pilot, lambda: terminal_text(app) == "first")
        await pilot.press("x")
        await until(pilot, lambda: bytes(first.sent) == b"x")
    assert len(app.opener.opened) == 2


async def test_escape_after_the_end_goes_back_and_forgets_the_shell() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.end()
        await until(pilot, lambda: states(app) == [SessionState.ENDED])
        await pilot.press("escape")
        await until(pilot, lambda: not is_on_shell(app))
        await until(pilot, lambda: app.book.sessions == ())


async def test_a_shell_lives_on_while_the_list_is_looked_at() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(b"one\r\n")
        await until(pilot, lambda: terminal_text(app) == "one")
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: not is_on_shell(app))
        channel.write(b"two while away")
        await until(pilot, lambda: "two" in app.book.sessions[0].emulator.row(1).text)
        app.open(WEB)
        await until(pilot, lambda: is_on_shell(app))
        assert terminal_text(app) == "one\ntwo while away"
        assert len(app.opener.opened) == 1
        assert not channel.is_closed
        await pilot.press("x")
        await until(pilot, lambda: bytes(channel.sent) == b"x")


async def test_the_size_is_right_when_one_comes_back_to_another_size() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        await pilot.press(LEADER, "d")
        await until(pilot, lambda: not is_on_shell(app))
        await pilot.resize_terminal(100, 30)
        app.open(WEB)
        await until(pilot, lambda: channel.sizes == [(100, 27)])


async def test_several_shells_by_number_and_in_turn() -> None:
    first, second, third = FakeChannel(), FakeChannel(), FakeChannel()
    async with shells(first, second, third) as (pilot, app):
        first.write(b"first")
        second.write(b"second")
        third.write(b"third")
        await until(pilot, lambda: terminal_text(app) == "first")
        await pilot.press(LEADER, "c")
        await until(pilot, lambda: terminal_text(app) == "second")
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: not is_on_shell(app))
        app.open(DB)
        await until(pilot, lambda: is_on_shell(app) and terminal_text(app) == "third")
        assert "1 ● web-01   2 ● web-01   3 ● db-1" in words(app, SessionTabs)
        assert "db-1 › Shell" in words(app, TitleBar)
        await pilot.press(LEADER, "1")
        await until(pilot, lambda: terminal_text(app) == "first")
        assert "web-01 › Shell" in words(app, TitleBar)
        await pilot.press(LEADER, "p")
        await until(pilot, lambda: terminal_text(app) == "third")
        await pilot.press(LEADER, "n", "k")
        await until(pilot, lambda: bytes(first.sent) == b"k")
        await pilot.click(SessionTabs, (17, 0))
        await until(pilot, lambda: terminal_text(app) == "second")
        await pilot.press("y")
        await until(pilot, lambda: bytes(second.sent) == b"y")


async def test_the_key_bar_tells_the_keys_of_the_moment() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(b"line\r\n" * 100)
        await until(pilot, lambda: len(app.book.sessions[0].emulator.history) > 70)
        await pilot.press(LEADER)
        await until(pilot, lambda: words(app, KeyBar).startswith(" q leave  [ scroll"))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: words(app, KeyBar).startswith(" q to the shell"))
        await pilot.press("pageup")
        await until(pilot, lambda: "20 of 80 rows back" in words(app, SessionTabs))
        await pilot.press("q")
        await until(pilot, lambda: words(app, KeyBar).startswith(" Ctrl-] q leave"))
        assert "rows back" not in words(app, SessionTabs)
        await pilot.press(LEADER, "question_mark")
        await until(pilot, lambda: app.helped == 1)


async def test_a_title_is_shown_as_it_is() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        channel.write(b"\x1b]0;[@click=app.quit]x[/]\x07")
        await until(pilot, lambda: "[@click=app.quit]x[/]" in words(app, SessionTabs))


async def test_the_end_of_the_app_closes_all_shells() -> None:
    first, second = FakeChannel(), FakeChannel()
    async with shells(first, second) as (pilot, app):
        await pilot.press(LEADER, "c")
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 2)
    assert first.is_closed
    assert second.is_closed


async def test_a_click_beside_the_terminal_does_not_take_the_keys_away() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await pilot.click(TitleBar, (20, 0))
        await pilot.click(SessionTabs, (60, 0))
        await pilot.press("x")
        await until(pilot, lambda: bytes(channel.sent) == b"x")
        assert view(app).has_focus


async def test_a_click_on_a_hint_does_what_the_hint_says() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await pilot.click(KeyBar, (3, 0))
        await until(pilot, lambda: not is_on_shell(app))


async def test_what_changes_below_an_opaque_screen_paints_nothing() -> None:
    async with shells(FakeChannel()) as (pilot, app):
        below = app.screen
        app.open(DB)
        await until(pilot, lambda: app.screen is not below and is_on_shell(app))
        assert app.screen.is_current
        assert not below.is_current
        await pilot.press(LEADER, "S")
        await until(pilot, lambda: app.screen.is_modal)
        assert app.screen_stack[-2].is_current
