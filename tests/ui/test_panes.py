"""Several shells on one screen: splits, zoom, marks, and typing into all of them."""

from lxdtui.errors import ServerError
from lxdtui.model.session import (
    Foreground,
    Keeper,
    KeptSession,
    SessionKind,
    SessionOrder,
    ShellOptions,
)
from lxdtui.ui.screens.shell import ShellScreen
from lxdtui.ui.state.sessions import SessionState
from lxdtui.ui.widgets.pane_area import PaneArea, PaneBox
from lxdtui.ui.widgets.session_tabs import SessionTabs
from lxdtui.ui.widgets.terminal_view import TerminalView
from tests.ui.pilots import screen_text
from tests.ui.shells import FakeChannel, FakeEnding, FakeOpener, until
from tests.ui.test_shell import DB, LEADER, WEB, ShellApp, is_on_shell, shells, states, words

BAR, DASH, COMMA = "vertical_line", "minus", "comma"


def boxes(app: ShellApp) -> list[PaneBox]:
    return list(app.screen.query_one(PaneArea).boxes)


def sizes(app: ShellApp) -> list[tuple[int, int]]:
    return [(one.emulator.columns, one.emulator.rows) for one in app.book.sessions]


def focused(app: ShellApp) -> object:
    view = app.screen.focused
    assert isinstance(view, TerminalView)
    return view.session


async def test_panes_side_by_side_and_below_with_sizes_of_their_own() -> None:
    first, second, third = FakeChannel(), FakeChannel(), FakeChannel()
    async with shells(first, second, third) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        # In one burst: what is typed on belongs to the new pane.
        await pilot.press(LEADER, BAR, "a", LEADER, DASH, "b")
        await until(pilot, lambda: bytes(third.sent) == b"b")
        assert bytes(second.sent) == b"a"
        assert app.opener.opened[1:] == [(WEB, 39, 20), (WEB, 39, 10)]
        await until(pilot, lambda: sizes(app) == [(40, 20), (39, 9), (39, 10)])
        assert first.sizes[-1] == (40, 20)
        first.write(b"left side")
        second.write(b"upper right")
        third.write(b"lower right")
        await until(pilot, lambda: "lower right" in screen_text(app))
        assert "left side" in screen_text(app)
        assert "upper right" in screen_text(app)
        assert words(app, SessionTabs).startswith(" 1 ● web-01 +2")

        await pilot.press(LEADER, "left", "c")
        await until(pilot, lambda: bytes(first.sent) == b"c")
        await pilot.click(boxes(app)[1].view)
        await pilot.press("d")
        await until(pilot, lambda: bytes(second.sent) == b"ad")

        await pilot.press(LEADER, "shift+left")
        await until(pilot, lambda: sizes(app)[0] == (36, 20))
        await pilot.press(LEADER, "greater_than_sign")
        await until(pilot, lambda: sizes(app)[0] == (40, 20))
        await pilot.press(LEADER, "z")
        await until(pilot, lambda: sizes(app)[1] == (80, 20))
        assert "left side" not in screen_text(app)
        assert "zoomed, 2 of 3" in screen_text(app)
        await pilot.press(LEADER, "z")
        await until(pilot, lambda: sizes(app)[1] == (39, 9))
        assert "left side" in screen_text(app)


async def test_a_pane_is_closed_after_a_question_and_the_others_get_its_room() -> None:
    first, second, third = FakeChannel(), FakeChannel(), FakeChannel()
    async with shells(first, second, third) as (pilot, app):
        await pilot.press(LEADER, BAR)
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 2)
        await pilot.press(LEADER, "x")
        await until(pilot, lambda: "Close the shell in" in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Close the shell in" not in screen_text(app))
        assert not second.is_closed
        await pilot.press(LEADER, "x")
        await until(pilot, lambda: "Close the shell in" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: second.is_closed)
        await until(pilot, lambda: sizes(app) == [(80, 21)])
        # One at its prompt goes without a question, too.
        third.in_front = Foreground(program="sh", directory="/srv", is_shell=True)
        await pilot.press(LEADER, BAR)
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 2)
        await pilot.press(LEADER, "f")
        await until(pilot, lambda: app.folders == [(WEB, "/srv")])
        await pilot.press(LEADER, "x")
        await until(pilot, lambda: third.is_closed)
        await until(pilot, lambda: sizes(app) == [(80, 21)])
        # One that is over goes without a question, and with the last one the screen.
        first.end()
        await until(pilot, lambda: states(app) == [SessionState.ENDED])
        await pilot.press(LEADER, "x")
        await until(pilot, lambda: not is_on_shell(app))
        assert app.book.sessions == ()


async def test_no_pane_gets_too_small() -> None:
    async with shells(*(FakeChannel() for _ in range(4))) as (pilot, app):
        for _ in range(4):
            await pilot.press(LEADER, BAR)
        refusal = "No room: a pane needs 18 columns and 4 rows"
        await until(pilot, lambda: refusal in [one.message for one in app._notifications])
        assert len(app.book.sessions) == 3


async def test_what_is_typed_goes_into_several_at_once() -> None:
    first, second, third = FakeChannel(), FakeChannel(), FakeChannel()
    async with shells(first, second, third) as (pilot, app):
        await pilot.press(LEADER, BAR)
        await pilot.press(LEADER, "c")
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 3)
        second.write(b"\x1b[?1h")
        await pilot.press(LEADER, "1")
        await pilot.press(LEADER, "b")
        await until(pilot, lambda: "Type at once into" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "2 typed at once" in screen_text(app))
        assert screen_text(app).count("2 typed at once") == 2
        assert "typing into 2 shells" in words(app, SessionTabs)
        await pilot.press("x", "up")
        await until(pilot, lambda: bytes(second.sent) == b"x\x1bOA")
        # Each in the way that its program asked for.
        assert bytes(first.sent) == b"x\x1b[A"
        assert not third.sent
        await pilot.press(LEADER, "b")
        await until(pilot, lambda: "typed at once" not in screen_text(app))
        await pilot.press("y")
        await until(pilot, lambda: b"y" in first.sent + second.sent)
        assert (b"y" in first.sent) != (b"y" in second.sent)

        # Whoever is marked; and it ends when the screen is left.
        await pilot.press(LEADER, "m", LEADER, "n", LEADER, "m", LEADER, "b")
        await until(pilot, lambda: "the marked shells" in screen_text(app))
        await pilot.press(*"marked", "enter")
        await until(pilot, lambda: "2 typed at once" in screen_text(app))
        await pilot.press("z")
        await until(pilot, lambda: bytes(third.sent) == b"z")
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: not is_on_shell(app))
        assert app.book.typed_at_once == frozenset()


async def test_marks_of_windows_that_are_not_looked_at() -> None:
    first, second = FakeChannel(), FakeChannel()
    async with shells(first, second) as (pilot, app):
        await pilot.press(LEADER, "c")
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 2)
        first.write(b"news")
        await until(pilot, lambda: "1 ● web-01 •" in words(app, SessionTabs))
        first.write(b"\a")
        await until(pilot, lambda: "1 ● web-01 !" in words(app, SessionTabs))
        assert "2 ● web-01 •" not in words(app, SessionTabs)
        await pilot.press(LEADER, "n")
        await until(pilot, lambda: "1 ● web-01  " in words(app, SessionTabs))
        await pilot.press(LEADER, COMMA)
        await until(pilot, lambda: "Rename this tab" in screen_text(app))
        await pilot.press(*"[b]x", "enter")
        await until(pilot, lambda: "1 ● [b]x" in words(app, SessionTabs))


async def test_all_shells_in_one_list_to_go_to_or_to_put_beside() -> None:
    first, second, third = FakeChannel(), FakeChannel(), FakeChannel()
    async with shells(first, second, third) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: not is_on_shell(app))
        app.open(DB)
        await until(pilot, lambda: is_on_shell(app))
        second.write(b"in the database")
        await pilot.press(LEADER, "w")
        await until(pilot, lambda: "Go to a shell" in screen_text(app))
        await pilot.press(*"web", "tab")
        await until(pilot, lambda: len(app.book.windows) == 1)
        assert [one.ref for one in app.book.sessions] == [DB, WEB]
        first.write(b"in the web")
        await until(pilot, lambda: "in the web" in screen_text(app))
        assert "in the database" in screen_text(app)
        screen = app.screen
        assert isinstance(screen, ShellScreen)
        assert screen.crumbs() == ("local", "default", "web-01", "Shell")
        # The pane is closed where it is, its neighbour lives on.
        first.end()
        await until(pilot, lambda: states(app) == [SessionState.LIVE, SessionState.ENDED])
        assert "the shell ended with status 0" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: states(app) == [SessionState.LIVE] * 2)
        third.write(b"a new one")
        await until(pilot, lambda: "a new one" in screen_text(app))
        assert focused(app) is app.book.sessions[1]


async def test_a_console_waits_in_words_and_can_be_taken_over() -> None:
    first, second = FakeChannel(), FakeChannel()
    error = ServerError("attach to the console", "in use", hint="f takes it over")
    app = ShellApp(FakeOpener([first, second], error=error))
    app.order = SessionOrder(kind=SessionKind.CONSOLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "f takes it over" in screen_text(app))
        assert "web-01 › Console" in screen_text(app)
        assert "1 ▲ web-01 console" in words(app, SessionTabs)
        app.opener.error = None
        await pilot.press("f")
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        assert app.opener.orders[-1].takes_over
        on_wait = app.opener.on_wait
        assert on_wait is not None
        on_wait("web-01 is stopped; the console comes when it runs")
        await until(pilot, lambda: states(app) == [SessionState.WAITING])
        await until(pilot, lambda: "the console comes when it runs" in screen_text(app))
        on_wait("")
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await until(pilot, lambda: "the console comes" not in screen_text(app))
        await pilot.press(LEADER, "x")
        await until(pilot, lambda: "Only the console is left" in screen_text(app))


async def test_how_a_shell_starts_is_chosen_and_remembered() -> None:
    async with shells(*(FakeChannel() for _ in range(4))) as (pilot, app):
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await pilot.press(LEADER, "o")
        await until(pilot, lambda: "Shell in web-01" in screen_text(app))
        await pilot.press(*"www-data", "tab", "tab", *"tmp")
        await until(pilot, lambda: "it begins with /" in screen_text(app))
        await pilot.press("home", "slash", "tab", *"TOKEN=x", "tab", *"htop", "tab", *"60")
        await until(pilot, lambda: "columns and rows, such as 80x24" in screen_text(app))
        await pilot.press(*"x12", "enter")
        await until(pilot, lambda: len(app.opener.orders) == 2)
        options = app.opener.orders[1].options
        assert (options.user, options.directory, options.command) == ("www-data", "/tmp", "htop")
        assert options.environment == (("TOKEN", "x"),)
        assert options.size == (60, 12)
        assert app.opener.remembered[WEB].environment == ()
        assert app.opener.remembered[WEB].command == "htop"


async def test_kept_shells_are_offered() -> None:
    async with shells(*(FakeChannel() for _ in range(4))) as (pilot, app):
        kept = KeptSession(
            name="lxdtui-a1",
            program="vim",
            keeper=Keeper.SCREEN,
            user="ada",
            is_attached=False,
        )
        app.opener.kept_sessions = ((WEB, kept),)
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        # Told of before anybody asks, when the screen is entered the next time.
        app.book.offered.clear()
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: not is_on_shell(app))
        app.open(WEB)
        told = "1 kept shell in web-01: Ctrl-] k"
        await until(pilot, lambda: told in [one.message for one in app._notifications])
        await pilot.press(LEADER, "k")
        await until(pilot, lambda: "Shells kept in web-01" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: len(app.opener.orders) == 2)
        options = app.opener.orders[1].options
        assert (options.is_kept, options.kept_name) == (True, "lxdtui-a1")
        assert (options.keeper, options.user) == (Keeper.SCREEN, "ada")
        # It is open here already: it is shown, and not attached to a second time.
        await until(pilot, lambda: states(app) == [SessionState.LIVE, SessionState.LIVE])
        await pilot.press(LEADER, "p", LEADER, "k")
        await until(pilot, lambda: "Shells kept in web-01" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: is_on_shell(app) and app.book.sessions[1].is_looked_at)
        assert len(app.opener.orders) == 2


async def test_a_kept_shell_that_goes_on_is_attached_to_and_one_that_is_over_is_not() -> None:
    channels = [FakeChannel() for _ in range(3)]
    for channel in channels:
        channel.kept_name = "lxdtui-a1"
        channel.note = "without the groups adm"
    app = ShellApp(FakeOpener(channels))
    app.order = SessionOrder(options=ShellOptions(is_kept=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        await until(pilot, lambda: "without the groups adm" in words(app, SessionTabs))
        for goes_on, name in ((True, "lxdtui-a1"), (False, "")):
            channels[len(app.opener.orders) - 1].end(FakeEnding(goes_on=goes_on))
            await until(pilot, lambda: states(app) == [SessionState.ENDED])
            await pilot.press("enter")
            await until(pilot, lambda: states(app) == [SessionState.LIVE])
            assert app.opener.orders[-1].options == ShellOptions(is_kept=True, kept_name=name)


async def test_a_fixed_size_stays_in_any_pane_with_the_cursor_in_view() -> None:
    channel = FakeChannel()
    app = ShellApp(FakeOpener([channel, FakeChannel()]))
    app.order = SessionOrder(options=ShellOptions(size=(60, 12)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: states(app) == [SessionState.LIVE])
        assert app.opener.opened == [(WEB, 60, 12)]
        channel.write(b"".join(b"line %d\r\n" % number for number in range(30)) + b"$ ")
        # Dots stand where there is no terminal.
        await until(pilot, lambda: f"$ {' ' * 58}{'.' * 20}" in screen_text(app))
        await until(pilot, lambda: "." * 80 in screen_text(app))
        assert "60x12" in words(app, SessionTabs)
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: "\n$\n Ctrl-]" in screen_text(app))
        channel.write(b"\x1b[2;30Hthe middle \x1b[1;60H*")
        await until(pilot, lambda: f"{' ' * 39}*\n{' ' * 9}the middle" in screen_text(app))
        # A search reads all of it, and its line is seen.
        await pilot.press(LEADER, "slash", *"line 3", "enter")
        await until(pilot, lambda: "line 3" in screen_text(app))
        await pilot.press("q", LEADER, BAR)
        await pilot.resize_terminal(120, 30)
        await until(pilot, lambda: "." * 60 in screen_text(app))
        await until(pilot, lambda: sizes(app)[0] == (60, 12))
        assert channel.sizes == []
