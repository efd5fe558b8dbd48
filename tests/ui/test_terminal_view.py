"""The terminal widget, on a channel in memory."""

import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest
from rich.color import Color
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Button

from lxdtui.errors import SessionClosed
from lxdtui.model.refs import InstanceRef
from lxdtui.ui.state.session_book import SessionBook
from lxdtui.ui.state.sessions import Session, SessionState
from lxdtui.ui.state.terminal_pump import TerminalPump
from lxdtui.ui.theme import DARK
from lxdtui.ui.widgets import terminal_canvas
from lxdtui.ui.widgets.terminal_view import TerminalView, ViewMode
from tests.ui.shells import DEADLINE, FakeChannel, FakeOpener, FloodChannel, until

WEB = InstanceRef("local", "default", "web-01")


class TerminalApp(App[None]):
    """A terminal and a button; with bindings that would take keys away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "taken('f2')", priority=True),
        Binding("ctrl+c", "taken('ctrl+c')", priority=True),
        Binding("escape", "taken('escape')", priority=True),
        Binding("x", "taken('x')"),
    ]

    def __init__(self, channel: FakeChannel) -> None:
        super().__init__()
        self.opener = FakeOpener([channel])
        self.view = TerminalView()
        self.session: Session | None = None
        self.book = SessionBook()
        self.taken: list[str] = []
        self.commands: list[str] = []
        self.titles: list[str] = []
        self.copied: list[str] = []
        self.animation_level = "none"
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view
        yield Button("other")

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name
        self.view.focus()

    def on_terminal_canvas_ready(self, message: TerminalView.Ready) -> None:
        self.session = Session(WEB, columns=message.columns, rows=message.rows)
        self.book.add(self.session)
        self.view.show(self.session)
        self.run_worker(self.session.run(self.opener), group="session")

    def on_terminal_canvas_title_changed(self, message: TerminalView.TitleChanged) -> None:
        self.titles.append(message.title)

    def on_terminal_view_command(self, message: TerminalView.Command) -> None:
        self.commands.append(message.key)

    async def on_unmount(self) -> None:
        await self.book.aclose()

    def action_taken(self, key: str) -> None:
        self.taken.append(key)

    def on_terminal_reading_copied(self, message: TerminalView.Copied) -> None:
        self.copied.append(message.text)

    def on_terminal_reading_target_chosen(self, message: TerminalView.TargetChosen) -> None:
        self.chosen.append(message.target.value)


@asynccontextmanager
async def terminal(
    channel: FakeChannel, size: tuple[int, int] = (60, 13)
) -> AsyncIterator[tuple[Pilot[None], TerminalApp]]:
    """An app with a live session; the button takes three rows of the size."""
    app = TerminalApp(channel)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session is not None and is_live(app))
        await until(pilot, lambda: app.view.has_focus)
        yield pilot, app


def is_live(app: TerminalApp) -> bool:
    return app.session is not None and app.session.state is SessionState.LIVE


def mode(app: TerminalApp) -> ViewMode:
    return app.view.mode


def strips(app: TerminalApp) -> list[Strip]:
    return app.view.render_lines(app.view.size.region)


def text(app: TerminalApp) -> str:
    return "\n".join(strip.text.rstrip() for strip in strips(app)).rstrip()


def style_of(app: TerminalApp, word: str) -> Style:
    """The style of a run of text in the first line."""
    [style] = [segment.style for segment in strips(app)[0] if segment.text == word]
    assert style is not None
    return style


KEYS = [
    ("a", b"a"),
    ("A", b"A"),
    ("space", b" "),
    ("x", b"x"),
    ("q", b"q"),
    ("question_mark", b"?"),
    ("left_square_bracket", b"["),
    ("ä", "ä".encode()),
    ("enter", b"\r"),
    ("tab", b"\t"),
    ("shift+tab", b"\x1b[Z"),
    ("escape", b"\x1b"),
    ("backspace", b"\x7f"),
    ("delete", b"\x1b[3~"),
    ("insert", b"\x1b[2~"),
    ("up", b"\x1b[A"),
    ("ctrl+left", b"\x1b[1;5D"),
    ("alt+b", b"\x1bb"),
    ("home", b"\x1b[H"),
    ("end", b"\x1b[F"),
    ("pageup", b"\x1b[5~"),
    ("pagedown", b"\x1b[6~"),
    ("f1", b"\x1bOP"),
    ("f2", b"\x1bOQ"),
    ("f10", b"\x1b[21~"),
    ("f12", b"\x1b[24~"),
    ("shift+f5", b"\x1b[15;2~"),
    ("ctrl+c", b"\x03"),
    ("ctrl+d", b"\x04"),
    ("ctrl+p", b"\x10"),
    ("ctrl+q", b"\x11"),
    ("ctrl+z", b"\x1a"),
    ("ctrl+at", b"\x00"),
    ("ctrl+backslash", b"\x1c"),
    ("ctrl+underscore", b"\x1f"),
]


async def test_every_key_reaches_the_program_whoever_binds_it() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        for key, expected in KEYS:
            channel.sent.clear()
            if key == "backspace":
                # A pilot presses Ctrl+H for it.
                app.post_message(events.Key(key, "\x7f"))
            else:
                await pilot.press(key)
            await until(pilot, lambda: bool(channel.sent))
            assert (key, bytes(channel.sent)) == (key, expected)
        assert app.taken == []
        assert app.is_running
        assert app.view.has_focus


async def test_keys_follow_the_modes_of_the_program() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"\x1b[?1h ready")
        await until(pilot, lambda: "ready" in text(app))
        await pilot.press("up")
        await until(pilot, lambda: bytes(channel.sent) == b"\x1bOA")


async def test_after_the_end_bindings_work_again() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"last words")
        channel.end()
        await until(pilot, lambda: app.session is not None and app.session.is_over)
        await pilot.press("x", "f2")
        assert app.taken == ["x", "f2"]
        assert app.session is not None
        assert app.session.words == "the shell ended with status 0"
        assert "last words" in text(app)
        assert channel.is_closed
        assert not channel.sent


async def test_the_leader_is_kept_and_sent_when_pressed_twice() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: app.view.mode is ViewMode.LEADER)
        assert not channel.sent
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: bytes(channel.sent) == b"\x1d")
        assert app.view.mode is ViewMode.PROGRAM


async def test_after_the_leader_a_key_is_a_command_once() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await pilot.press("ctrl+right_square_bracket", "q", "q")
        await until(pilot, lambda: bytes(channel.sent) == b"q")
        assert app.commands == ["q"]
        await pilot.press("ctrl+right_square_bracket", "escape")
        await until(pilot, lambda: app.commands == ["q", "escape"])
        assert bytes(channel.sent) == b"q"
        assert app.taken == []


async def test_the_session_has_the_size_of_the_widget_from_the_first_byte() -> None:
    channel = FakeChannel()
    async with terminal(channel, (77, 23)) as (_, app):
        assert app.opener.opened == [(WEB, 77, 20)]
        assert channel.sizes == []
        assert app.session is not None
        assert (app.session.emulator.columns, app.session.emulator.rows) == (77, 20)


async def test_a_burst_of_new_sizes_reaches_the_program_as_the_last_one() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        for columns in (61, 70, 80, 90):
            await pilot.resize_terminal(columns, 30)
        await until(pilot, lambda: (90, 27) in channel.sizes)
        assert channel.sizes[-1] == (90, 27)
        assert app.session is not None
        assert (app.session.emulator.columns, app.session.emulator.rows) == (90, 27)


async def test_a_size_that_changes_while_it_is_opened_is_sent_afterwards() -> None:
    channel = FakeChannel()
    app = TerminalApp(channel)
    app.opener.gate.clear()
    async with app.run_test(size=(60, 13)) as pilot:
        await until(pilot, lambda: bool(app.opener.opened))
        await pilot.resize_terminal(50, 13)
        await until(pilot, lambda: app.session is not None and app.session.emulator.columns == 50)
        await pilot.press("l", "s")
        app.opener.gate.set()
        await until(pilot, lambda: channel.sizes == [(50, 10)])
        await until(pilot, lambda: bytes(channel.sent) == b"ls")


async def test_text_and_styles_are_drawn() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(
            b"plain \x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3;48;5;196mtrue\x1b[0m "
            b"\x1b[3;4munder\x1b[0m \x1b[7mback\x1b[0m \x1b[9mgone\x1b[0m \x1b[8mhidden\x1b[0m\r\n"
        )
        await until(pilot, lambda: "hidden" in text(app))
        red, true, under, back, hidden = (
            style_of(app, word) for word in ("red", "true", "under", "back", "hidden")
        )
        assert red.bold
        assert red.color == Color.parse("#ff8078")
        assert true.color == Color.from_rgb(1, 2, 3)
        assert true.bgcolor == Color.from_rgb(255, 0, 0)
        assert under.italic
        assert under.underline
        assert back.bgcolor == Color.parse("#d5dbe6")
        assert hidden.color == hidden.bgcolor
        assert all(strip.cell_length == 60 for strip in strips(app))


async def test_the_cursor_is_drawn_where_it_is_and_dim_without_focus() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"ab\r\n\xe6\xbc\xa2\x1b[1;2H")

        def cursor() -> list[tuple[str, str]]:
            line = strips(app)[0].crop(1, 2)
            return [
                (segment.text, segment.style.bgcolor.name)
                for segment in line
                if segment.style is not None and segment.style.bgcolor is not None
            ]

        await until(pilot, lambda: cursor() == [("b", "#d5dbe6")])
        app.query_one(Button).focus()
        await until(pilot, lambda: cursor()[0][1] not in ("#d5dbe6", "#10131a"))
        channel.write(b"\x1b[?25l")
        await until(pilot, lambda: cursor() == [("b", "#10131a")])
        app.view.focus()
        channel.write(b"\x1b[?25h\x1b[2;1H")
        await until(pilot, lambda: strips(app)[1].crop(0, 2).text == "漢")
        await until(
            pilot,
            lambda: (
                {
                    segment.style.bgcolor.name
                    for segment in strips(app)[1].crop(0, 2)
                    if segment.style is not None and segment.style.bgcolor is not None
                }
                == {"#d5dbe6"}
            ),
        )


async def test_a_flood_is_read_no_faster_than_it_is_parsed_and_ends_right() -> None:
    channel = FloodChannel(5_000_000)
    async with terminal(channel) as (pilot, app):
        most = 0

        def is_done() -> bool:
            nonlocal most
            assert app.session is not None
            pump = vars(app.session)["_pump"]
            assert isinstance(pump, TerminalPump)
            most = max(most, len(vars(pump)["_waiting"]))
            return text(app).endswith("the end")

        await until(pilot, is_done)
        assert channel.received >= 5_000_000
        assert most < 200_000
        numbers = [int(line.split()[1]) for line in text(app).splitlines()[:-1]]
        assert numbers == list(range(channel.line - 8, channel.line + 1))


async def test_ctrl_c_goes_out_at_once_in_the_middle_of_a_flood() -> None:
    channel = FloodChannel(2_000_000_000)
    async with terminal(channel) as (pilot, app):
        await until(pilot, lambda: channel.received > 500_000)
        began = time.monotonic()
        await pilot.press("ctrl+c")
        await until(pilot, lambda: b"\x03" in channel.sent)
        await until(pilot, lambda: text(app).endswith("stopped"))
        assert time.monotonic() - began < DEADLINE / 2


HOSTILE = [
    b"\x1b]0;[@click=app.quit]x[/] [bold\x07",
    b"\x1b]2;\x1b]52;c;ZXZpbA==\x07\x07",
    b"\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07",
    b"\x1b]8;;http://a/\x1b[31m\x07link\x1b]8;;\x07",
    b"\x1bP1$r0m\x1b\\ \x1b_x\x1b\\ \x1b^x\x1b\\",
    b"\x9b31m \x90 \x9d0;x\x9c \x7f \x00\x01\x02\x0e\x0f",
    "\u202edlrow\u202c \u2066x\u2069 \u2028 \x85".encode(),
    b"[@click=app.quit]press[/]",
    b"\x1b[20t\x1b[21t\x05\x1b]52;c;?\x07",
]


async def test_hostile_output_is_harmless() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        for data in HOSTILE:
            channel.write(data + b"\r\n")
        channel.write(b"survived")
        await until(pilot, lambda: "survived" in text(app))
        for strip in strips(app):
            for segment in strip:
                assert segment.control is None
                assert not [c for c in segment.text if unicodedata.category(c) in ("Cc", "Zl")]
                assert not set(segment.text) & set("\u202e\u202c\u2066\u2069")
                assert segment.style is None or not segment.style.link
        assert "[@click=app.quit]press[/]" in text(app)
        assert b"evil" not in channel.sent
        assert b"click" not in channel.sent
        assert app.is_running
        assert all(title.isprintable() for title in app.titles)


async def test_only_links_of_the_web_reach_the_host() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(
            b"\x1b]8;;https://example.org/a\x07web\x1b]8;;\x07 "
            b"\x1b]8;;file:///etc/passwd\x07file\x1b]8;;\x07"
        )
        await until(pilot, lambda: "file" in text(app))
        web, file = style_of(app, "web"), style_of(app, "file")
        assert (web.link, web.underline) == ("https://example.org/a", True)
        assert (file.link, file.underline) == (None, True)


async def test_pasted_text_cannot_leave_its_brackets() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"\x1b[?2004h ready")
        await until(pilot, lambda: "ready" in text(app))
        app.post_message(paste("one\ntwo\x1b[201~evil\x9b\x07"))
        await until(pilot, lambda: channel.sent.endswith(b"\x1b[201~"))
        assert channel.sent.startswith(b"\x1b[200~one\rtwo")
        assert channel.sent.count(b"\x1b") == 2
        assert b"\x9b" not in channel.sent


def paste(pasted: str) -> events.Paste:
    return events.Paste(pasted)


async def fill(pilot: Pilot[None], app: TerminalApp, channel: FakeChannel, lines: int) -> None:
    channel.write(b"".join(b"line %d\r\n" % number for number in range(lines)) + b"$ ")
    await until(pilot, lambda: text(app).endswith("$"))


async def test_the_wheel_scrolls_back_and_a_key_returns() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot._post_mouse_events([events.MouseScrollUp], app.view, (5, 5))
        await until(pilot, lambda: text(app).startswith("line 38"))
        # What is looked at stays where it is while rows come in.
        channel.write(b"more\r\nand more\r\n")
        await until(pilot, lambda: app.view.rows_back == 5)
        assert text(app).startswith("line 38")
        await pilot._post_mouse_events([events.MouseScrollDown], app.view, (5, 5))
        await until(pilot, lambda: text(app).startswith("line 41"))
        await pilot.press("l")
        await until(pilot, lambda: bytes(channel.sent) == b"l")
        assert app.view.rows_back == 0
        assert "and more" in text(app)


async def test_the_wheel_goes_to_a_program_that_wants_it() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        channel.write(b"\x1b[?1000h\x1b[?1006h ready")
        await until(pilot, lambda: "ready" in text(app))
        await pilot._post_mouse_events([events.MouseScrollUp], app.view, (4, 2))
        await until(pilot, lambda: bytes(channel.sent) == b"\x1b[<64;5;3M")
        await pilot.click(app.view, (0, 0))
        await until(pilot, lambda: channel.sent.endswith(b"\x1b[<0;1;1M\x1b[<0;1;1m"))
        assert app.view.rows_back == 0


async def test_the_scrollback_by_keys() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot.press("ctrl+right_square_bracket", "pageup")
        await until(pilot, lambda: app.view.rows_back == 9)
        await pilot.press("up", "home")
        await until(pilot, lambda: text(app).startswith("line 0\n"))
        await pilot.press("down", "pagedown", "x")
        await until(pilot, lambda: text(app).startswith("line 9\n"))
        # What is read stays where it is while rows come in.
        received = channel.received
        channel.write(b"more\r\n" * 3)
        await until(pilot, lambda: channel.received > received)
        await pilot.press("G", "g", "pagedown", "ctrl+d", "ctrl+u")
        await until(pilot, lambda: text(app).startswith("line 9\n"))
        assert mode(app) is ViewMode.SCROLLBACK
        await pilot.press("q")
        await until(pilot, lambda: app.view.rows_back == 0)
        assert mode(app) is ViewMode.PROGRAM
        assert not channel.sent


async def test_dragging_selects_and_copies() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"one two\r\nthree   \r\nfour")
        await until(pilot, lambda: "four" in text(app))
        await pilot.mouse_down(app.view, (4, 0))
        await pilot.hover(app.view, (1, 2))
        await pilot.mouse_up(app.view, (1, 2))
        await until(pilot, lambda: app.copied == ["two\nthree\nfo"])
        assert not channel.sent


async def test_a_program_that_marks_its_frames_is_shown_whole_frames() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"before")
        await until(pilot, lambda: "before" in text(app))
        channel.write(b"\x1b[?2026h\x1b[2J\x1b[Hhalf")
        await until(pilot, lambda: channel.received >= 24)
        frame = vars(app.view)["_frame"]
        assert frame[0].text.startswith("before")
        # A program that never finishes its frame is not waited for forever.
        await until(pilot, lambda: "half" in text(app))
        channel.write(b" whole\x1b[?2026l")
        await until(pilot, lambda: "half whole" in text(app))


async def test_the_program_is_told_about_the_focus_when_it_asked() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"\x1b[?1004h ready")
        await until(pilot, lambda: "ready" in text(app))
        app.query_one(Button).focus()
        await until(pilot, lambda: bytes(channel.sent) == b"\x1b[O")
        app.view.focus()
        await until(pilot, lambda: bytes(channel.sent) == b"\x1b[O\x1b[I")


async def test_replies_go_back_to_the_program() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, _):
        channel.write(b"abc\x1b[6n")
        await until(pilot, lambda: bytes(channel.sent) == b"\x1b[1;4R")


async def test_a_broken_link_ends_the_session_in_words() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"still here")
        channel.break_off(SessionClosed("the link to the server broke: reset by peer", hint="r"))
        await until(pilot, lambda: app.session is not None and app.session.is_over)
        assert app.session is not None
        assert app.session.words == "the link to the server broke: reset by peer"
        assert "still here" in text(app)
        assert channel.is_closed


async def test_output_is_consumed_while_nobody_looks() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        session = app.session
        app.view.show(None)
        assert text(app) == ""
        channel.write(b"meanwhile")
        await until(pilot, lambda: channel.received == 9)
        await until(pilot, lambda: session is not None and "mean" in session.emulator.row(0).text)
        app.view.show(session)
        assert "meanwhile" in text(app)


async def test_a_bar_and_an_underline_are_other_cursors_than_a_block() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):

        def under(column: int) -> list[tuple[str, str, bool]]:
            line = strips(app)[0].crop(column, column + 1)
            return [
                (one.text, one.style.bgcolor.name, bool(one.style.underline))
                for one in line
                if one.style is not None and one.style.bgcolor is not None
            ]

        channel.write(b"ab\x1b[6 q")
        await until(pilot, lambda: under(2) == [("\u258f", "#10131a", False)])
        channel.write(b"\x1b[4 q\x1b[1;2H")
        await until(pilot, lambda: under(1) == [("b", "#10131a", True)])
        channel.write(b"\x1b[6 q")
        await until(pilot, lambda: under(1)[0][1] not in ("#10131a", "#d5dbe6"))
        ((word, _, is_underlined),) = under(1)
        assert (word, is_underlined) == ("b", True)
        assert all(strip.cell_length == 60 for strip in strips(app))


async def test_a_cursor_blinks_while_the_program_asks_and_stops_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_canvas, "BLINK_SECONDS", 0.01)
    monkeypatch.setattr(terminal_canvas, "BLINKS", 4)
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        app.animation_level = "full"
        drawn: list[bool] = []
        really = app.view.repaint

        def repaint() -> None:
            really()
            drawn.append(vars(app.view)["_is_cursor_on"])

        monkeypatch.setattr(app.view, "repaint", repaint)
        channel.write(b"ab")
        await until(pilot, lambda: "ab" in text(app))
        assert vars(app.view)["_blink_timer"] is None
        channel.write(b"\x1b[5 q")
        await until(pilot, lambda: drawn.count(False) >= 2)
        await until(pilot, lambda: vars(app.view)["_blink_timer"] is None)
        assert drawn[-1]
        monkeypatch.setattr(terminal_canvas, "BLINKS", 1_000_000)
        channel.write(b"c")
        await until(pilot, lambda: vars(app.view)["_blink_timer"] is not None)
        app.query_one(Button).focus()
        await until(pilot, lambda: vars(app.view)["_blink_timer"] is None)


async def test_the_end_of_the_app_closes_the_channel() -> None:
    channel = FakeChannel()
    async with terminal(channel):
        pass
    assert channel.is_closed


@pytest.mark.parametrize("rows", [1, 3])
async def test_nothing_is_repainted_when_nothing_changes(rows: int) -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"same\r\n" * rows)
        await until(pilot, lambda: "same" in text(app))
        frame = list(vars(app.view)["_frame"])
        channel.write(b"\x1b[?7h\x1b[0m")
        await until(pilot, lambda: channel.received == 6 * rows + 9)
        assert all(a is b for a, b in zip(frame, vars(app.view)["_frame"], strict=True))
        assert vars(app.view)["_blink_timer"] is None


async def test_a_fault_of_ours_ends_the_shell_in_words_and_closes_the_channel() -> None:
    class FaultyChannel(FakeChannel):
        async def resize(self, columns: int, rows: int) -> None:
            raise ZeroDivisionError(columns, rows)

    channel = FaultyChannel()
    session = Session(WEB, columns=80, rows=24)
    session.resize(70, 20)
    with pytest.raises(ExceptionGroup):
        await session.run(FakeOpener([channel]))
    assert session.state is SessionState.ENDED
    assert "ZeroDivisionError" in session.words
    assert channel.is_closed


async def test_colours_that_a_program_sets_are_painted_and_taken_back() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"\x1b[31mred\x1b[m \x1b]11;?\x1b\\")
        await until(pilot, lambda: "red" in text(app))
        # The program is told what it is drawn on.
        await until(pilot, lambda: bytes(channel.sent) == b"\x1b]11;rgb:1010/1313/1a1a\x1b\\")
        channel.write(b"\x1b]4;1;#102030\x07\x1b]11;#fefefe\x07")
        await until(pilot, lambda: style_of(app, "red").color == Color.from_rgb(16, 32, 48))
        assert style_of(app, "red").bgcolor == Color.from_rgb(254, 254, 254)
        channel.write(b"\x1b]104\x07\x1b]111\x07")
        await until(pilot, lambda: style_of(app, "red").bgcolor == Color.parse("#10131a"))
        assert style_of(app, "red").color == Color.parse("#ff8078")
