"""Reading, searching, opening and pasting in the terminal widget, on a channel in memory."""

import time

import pytest
from textual import events

from lxdtui.ui.widgets import terminal_search
from lxdtui.ui.widgets.terminal_links import TargetKind
from lxdtui.ui.widgets.terminal_view import ViewMode
from tests.ui.shells import FakeChannel, until
from tests.ui.test_terminal_view import TerminalApp, fill, mode, strips, terminal, text

LEADER = "ctrl+right_square_bracket"


def grounds(app: TerminalApp, y: int) -> list[tuple[str, str]]:
    """Text and ground of the parts of a line that are not on the terminal's own ground."""
    return [
        (segment.text, segment.style.bgcolor.name)
        for segment in strips(app)[y]
        if segment.style is not None
        and segment.style.bgcolor is not None
        and segment.style.bgcolor.name != "#10131a"
    ]


async def test_a_search_goes_to_older_matches_and_marks_them_all() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot.press(LEADER, "slash", *"line 4")
        await until(pilot, lambda: "search, older rows: line 4" in text(app))
        assert "11/11" in text(app)
        await pilot.press("enter", "n")
        await until(pilot, lambda: app.view.note == "10/11")
        await pilot.press(*"nnnnnnnnn")
        await until(pilot, lambda: app.view.note == "1/11")
        assert text(app).splitlines()[4] == "line 4"
        assert [word for word, _ in grounds(app, 4)] == ["ine 4"]
        await pilot.press("N", "N")
        await until(pilot, lambda: app.view.note == "3/11")
        await pilot.press("q")
        await until(pilot, lambda: mode(app) is ViewMode.PROGRAM)
        assert app.view.rows_back == 0
        assert not channel.sent


async def test_words_that_are_not_there_and_expressions_that_are_none() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot.press(LEADER, "slash", *"lines")
        await until(pilot, lambda: "not found" in text(app))
        await pilot.press("backspace", "backspace", "ctrl+r")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "unterminated" in text(app))
        await pilot.press(*"e]", "space", "5", "enter")
        await until(pilot, lambda: mode(app) is ViewMode.SCROLLBACK)
        assert app.view.note == "1/1"
        await pilot.press("escape")
        await until(pilot, lambda: mode(app) is ViewMode.PROGRAM)
        assert not channel.sent


async def test_an_expression_that_takes_for_ever_does_not_stall_and_says_so() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        lines = b"".join(b"a" * (2000 + number) + b"\r\n" for number in range(40))
        channel.write(b"aab first\r\n" + lines + b"$")
        await until(pilot, lambda: text(app).endswith("$"))
        await pilot.press(LEADER, "slash", "ctrl+r")
        longest = 0.0
        for key in "a*a*a*b":
            began = time.thread_time()
            await pilot.press("asterisk" if key == "*" else key)
            longest = max(longest, time.thread_time() - began)
        assert longest < 2
        await until(pilot, lambda: "gave up: takes too long" in app.view.note)


async def test_the_oldest_row_is_found_by_an_expression_after_the_wait_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_search, "_FINISH_SECONDS", 0.0)
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"needle\r\n" + b"hay\r\n" * 3000 + b"$")
        await until(pilot, lambda: text(app).endswith("$"))
        await pilot.press(LEADER, "slash", "ctrl+r", *"n.*d.*e", "enter")
        await until(pilot, lambda: app.view.note == "1/1")
        assert text(app).startswith("needle")


async def test_copying_by_keys_reaches_over_the_scrollback() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot.press(LEADER, "left_square_bracket", "g", "V", "G", "y")
        await until(pilot, lambda: bool(app.copied))
        assert app.copied[0].splitlines() == [*(f"line {number}" for number in range(50)), "$"]
        await pilot.press("g", "w", "v", "l", "enter")
        await until(pilot, lambda: app.copied[1:] == ["0"])


async def test_clicks_take_words_lines_and_blocks() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"ls /etc/hosts now\r\nsecond line\r\n")
        await until(pilot, lambda: "second" in text(app))

        def down(x: int, y: int, time: float, *, meta: bool = False) -> None:
            event = events.MouseDown(app.view, x, y, 0, 0, 1, False, meta, False)
            event.time = time
            app.view.on_mouse_down(event)

        def up(x: int, y: int) -> None:
            app.view.on_mouse_up(events.MouseUp(app.view, x, y, 0, 0, 1, False, False, False))

        for moment in (1.0, 1.2, 1.4):
            down(5, 0, moment)
            up(5, 0)
        await until(pilot, lambda: app.copied == ["/etc/hosts", "ls /etc/hosts now"])
        down(1, 0, 9.0, meta=True)
        move = events.MouseMove(app.view, 3, 1, 0, 0, 1, False, True, False)
        app.view.on_mouse_move(move)
        up(3, 1)
        await until(pilot, lambda: app.copied[2:] == ["s /\neco"])


async def test_dragging_beyond_the_edge_scrolls() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        await fill(pilot, app, channel, 50)
        await pilot.mouse_down(app.view, (3, 5))
        app.view.on_mouse_move(events.MouseMove(app.view, 0, -3, 0, 0, 1, False, False, False))
        await until(pilot, lambda: app.view.rows_back == 41)
        app.view.on_mouse_up(events.MouseUp(app.view, 0, -3, 0, 0, 1, False, False, False))
        await until(pilot, lambda: bool(app.copied))
        assert app.copied[0].startswith("line 0\nline 1\n")
        assert app.copied[0].endswith("line 45\nline")


async def test_letters_choose_what_to_open() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"at https://example.org/ and /var/log/syslog\r\n")
        await until(pilot, lambda: "syslog" in text(app))
        await pilot.press(LEADER, "u")
        await until(pilot, lambda: mode(app) is ViewMode.LINKS)
        assert "at attps://example.org/ and svar/log/syslog" in text(app)
        await pilot.press("escape", LEADER, "u", "s")
        await until(pilot, lambda: app.chosen == ["/var/log/syslog"])
        assert mode(app) is ViewMode.PROGRAM
        assert not channel.sent


async def test_pasting_what_acts_is_asked_about_first() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"ready")
        await until(pilot, lambda: "ready" in text(app))
        app.post_message(events.Paste("harmless"))
        await until(pilot, lambda: bytes(channel.sent) == b"harmless")
        app.post_message(events.Paste("rm -rf x\n"))
        app.post_message(events.Paste("y\x1b[A"))
        app.post_message(events.Paste(" end"))
        await until(pilot, lambda: channel.sent.endswith(b" end"))
        assert bytes(channel.sent) == b"harmless end"
        app.view.paste("a\nb")
        await until(pilot, lambda: channel.sent.endswith(b"a\rb"))


async def test_what_can_be_opened_is_underlined_under_the_mouse() -> None:
    channel = FakeChannel()
    async with terminal(channel) as (pilot, app):
        channel.write(b"at https://example.org/ end")
        await until(pilot, lambda: "example" in text(app))
        await pilot.hover(app.view, (10, 0))
        await until(pilot, lambda: app.view.hovered is not None)
        assert app.view.hovered is not None
        assert app.view.hovered.kind is TargetKind.URL
        [word] = [one.text for one in strips(app)[0] if one.style and one.style.underline]
        assert word == "https://example.org/"
        await pilot.hover(app.view, (40, 5))
        await until(pilot, lambda: app.view.hovered is None)
