"""Pictures of shells in panes, of their dialogs, and of a console that waits."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.model.session import Keeper, KeptSession
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE, Glyphs
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, line_with, screen_text, settle, until
from tests.ui.shells import FakeChannel

Compare = Callable[..., bool]

LEADER = "ctrl+right_square_bracket"
BAR, DASH = "vertical_line", "minus"
_PROMPT = "\x1b]0;root@api-01: {place}\x07\x1b[1;32mroot@api-01\x1b[0m:\x1b[1;34m{place}\x1b[0m# "
_LISTING = (
    "ls --color\r\n\x1b[1;34mconf.d\x1b[0m  \x1b[1;34msites-enabled\x1b[0m  nginx.conf\r\n"
    "\x1b[1;36mmodules\x1b[0m  mime.types\r\n"
)


@dataclass(frozen=True)
class State:
    """The keys that lead to a picture from the first shell on."""

    keys: tuple[str, ...] = ()
    waits_for: str = ""
    opens: str = "s"
    waits: str = ""
    """Why the newest session waits."""
    theme: str = DARK.name
    glyphs: Glyphs = UNICODE


_SPLIT = (LEADER, BAR, LEADER, DASH)
_FIXED = (LEADER, BAR, LEADER, "o", *(["tab"] * 5), *"60x12", "enter")
STATES = {
    "split": State(keys=_SPLIT, waits_for="api-01: ~"),
    "split_light": State(keys=_SPLIT, waits_for="api-01: ~", theme=LIGHT.name),
    "split_ascii": State(keys=_SPLIT, waits_for="api-01: ~", glyphs=ASCII),
    "zoom": State(keys=(*_SPLIT, LEADER, "z"), waits_for="zoomed, 3 of 3"),
    "several": State(keys=(*_SPLIT, LEADER, "b", "enter"), waits_for="3 typed at once"),
    "tabs": State(keys=(LEADER, "c", LEADER, "c", LEADER, "1"), waits_for="3 ● root"),
    "list": State(keys=(*_SPLIT, LEADER, "w"), waits_for="Go to a shell"),
    "options": State(keys=(LEADER, "o"), waits_for="Variables"),
    "fixed": State(keys=_FIXED, waits_for="60x12  "),
    "kept": State(keys=(LEADER, "k"), waits_for="Shells kept in"),
    "console": State(opens="C", waits="api-01 is stopped; the console comes when it runs"),
}


def fleet_with_shells() -> FakeFleet:
    fleet = production()
    for number, place in enumerate(("/etc/nginx", "/var/log", "~", "/srv", "/tmp")):
        channel = FakeChannel()
        prompt = _PROMPT.format(place=place)
        channel.write(f"{prompt}{_LISTING if not number else ''}{prompt}".encode())
        fleet.sessions.channels.append(channel)
    return fleet


def keep_shells(fleet: FakeFleet) -> None:
    (ref,) = (one for one in fleet.store.state.instances if one.name == "api-01")
    kept = KeptSession(name="lxdtui-3f9a21", program="vim", is_attached=False)
    other = KeptSession(
        name="lxdtui-07bb1c", program="bash", keeper=Keeper.SCREEN, user="ada", is_attached=True
    )
    fleet.sessions.kept_sessions = ((ref, kept), (ref, other))


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    fleet = fleet_with_shells()

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press(state.opens)
        await until(pilot, lambda: "root@api-01" in screen_text(pilot.app))
        await settle(pilot)
        # Not before: a new screen tells of them for some seconds.
        keep_shells(fleet)
        for key in state.keys:
            await pilot.press(key)
            await pilot.pause()
        if state.waits and fleet.sessions.on_wait is not None:
            fleet.sessions.on_wait(state.waits)
        wanted = state.waits or state.waits_for
        await until(pilot, lambda: wanted in screen_text(pilot.app))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        # What each pane was sized and told to write is there.
        seen = ""
        while seen != (seen := screen_text(pilot.app)):
            await pilot.pause(0.1)

    app = app_for(fleet, theme=state.theme, glyphs=state.glyphs)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


async def test_the_list_shows_where_a_shell_is_open_and_leads_back() -> None:
    app = app_for(fleet_with_shells())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "$" not in line_with(app, "api-01")
        await pilot.press("W")
        await pilot.press("s")
        await until(pilot, lambda: "root@api-01" in screen_text(app))
        await pilot.press(LEADER, "q")
        await until(pilot, lambda: "● api-01 $ " in screen_text(app))
        assert screen_text(app).count(" $ ") == 1
        await pilot.press("W")
        await until(pilot, lambda: "Go to a shell" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "api-01 › Shell" in screen_text(app))
        await until(pilot, lambda: "nginx.conf" in screen_text(app))


async def test_the_pane_with_the_keys_has_them_again_after_a_terminal_that_was_too_small() -> None:
    fleet = fleet_with_shells()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "root@api-01" in screen_text(app))
        await pilot.press(LEADER, BAR)
        await until(pilot, lambda: "/var/log" in screen_text(app))
        await pilot.resize_terminal(20, 5)
        await until(pilot, lambda: "Make me larger" in screen_text(app))
        await settle(pilot)
        await pilot.resize_terminal(90, 30)
        await until(pilot, lambda: "/var/log" in screen_text(app))
        await settle(pilot)
        await pilot.press("x")
        second = fleet.sessions.channels[1]
        assert isinstance(second, FakeChannel)
        await until(pilot, lambda: bytes(second.sent) == b"x")
