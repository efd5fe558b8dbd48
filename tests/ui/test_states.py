"""Every state of the list in words, and pictures of all of them in both sizes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.errors import ConnectionFailed, ConnectionProblem, NotFound, Unauthorized
from lxdtui.store import LinkState
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE, Glyphs
from lxdtui.ui.widgets.trouble import advice_for
from tests.ui.fake import FakeFleet, FakeRemote, production
from tests.ui.fake_app import fleet_for
from tests.ui.pilots import app_for, screen_text, settle, until

Snapshot = Callable[..., bool]


@dataclass(frozen=True)
class State:
    """A state to be pictured: the fleet, and the keys that lead there."""

    fleet: str = "full"
    keys: tuple[str, ...] = ()
    waits_for: str = ""
    theme: str = DARK.name
    glyphs: Glyphs = UNICODE


STATES = {
    "list": State(keys=tuple("jjjjjj")),
    "list_light": State(keys=tuple("jjjjjj"), theme=LIGHT.name),
    "list_ascii": State(keys=tuple("jjjjjj"), glyphs=ASCII),
    "demo": State(fleet="demo"),
    "empty": State(fleet="empty"),
    "loading": State(fleet="loading"),
    "no_hits": State(keys=("slash", *"weeb", "enter")),
    "filtering": State(keys=("slash", *"web")),
    "disconnected": State(fleet="lost", keys=("j",)),
    "no_server": State(fleet="none"),
    "denied": State(fleet="denied"),
    "not_trusted": State(fleet="untrusted"),
    "confirm_delete": State(keys=(*"jjjjjj", "D"), waits_for="Type the name"),
    "error": State(fleet="failing", keys=(*"jjjj", "S"), waits_for="Cannot start"),
    "error_force": State(fleet="failing", keys=("T",), waits_for="By force"),
    "help": State(keys=("question_mark",), waits_for="Keys"),
    "palette": State(keys=("colon",), waits_for="an action by its words"),
}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", STATES)
def test_picture(snap_compare: Snapshot, name: str, size: tuple[int, int]) -> None:
    state = STATES[name]

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press(*state.keys)
        await settle(pilot)
        await until(pilot, lambda: state.waits_for in screen_text(pilot.app))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    app = app_for(fleet_for(state.fleet), theme=state.theme, glyphs=state.glyphs)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


def test_picture_of_too_small(snap_compare: Snapshot) -> None:
    assert snap_compare(app_for(production()), terminal_size=(38, 9))


async def shown(fleet: FakeFleet, size: tuple[int, int] = (80, 24)) -> str:
    app = app_for(fleet)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        return screen_text(app)


async def test_the_frame_is_there_before_anything_is_known() -> None:
    text = await shown(FakeFleet())
    assert "prod-eu › default › Containers" in text
    assert "reading containers" in text
    assert "? help" in text


async def test_an_empty_project_says_so() -> None:
    fleet = FakeFleet()
    fleet.live()
    assert "No containers in default yet." in await shown(fleet)


@pytest.mark.parametrize(
    ("problem", "place", "words"),
    [
        (ConnectionProblem.MISSING, "unix:/var/lib/lxd/unix.socket", "lxdtui --demo"),
        (ConnectionProblem.DENIED, "unix:/var/lib/lxd/unix.socket", "sudo usermod -aG lxd $USER"),
        (ConnectionProblem.DENIED, "unix:/run/incus/unix.socket", "newgrp incus-admin"),
        (ConnectionProblem.REFUSED, "unix:/run/incus/unix.socket", "systemctl status incus"),
        (ConnectionProblem.REFUSED, "https://prod:8443", "lxdtui --demo"),
        (ConnectionProblem.CERTIFICATE, "https://prod:8443", "lxdtui --token TOKEN"),
        (ConnectionProblem.TIMEOUT, "https://prod:8443", "lxdtui --demo"),
    ],
)
def test_every_problem_has_a_way_out(problem: ConnectionProblem, place: str, words: str) -> None:
    sentence, advice = advice_for(ConnectionFailed("reach local", problem), place)
    assert sentence.endswith(".")
    assert words in [command for _, command in advice]


def test_a_server_without_trust_gets_a_token() -> None:
    sentence, advice = advice_for(Unauthorized("list", "not authorized", status=403), "https://x")
    assert sentence == "The server does not trust this client's certificate."
    assert "lxc config trust add --name NAME" in [command for _, command in advice]


def test_a_project_that_is_not_there_is_no_trouble_with_the_server() -> None:
    error = NotFound("follow the events", "Project not found", status=404)
    sentence, advice = advice_for(error, "unix:/a")
    assert sentence == "The server does not have this project."
    assert any("--project" in command for _, command in advice)


async def test_the_page_of_trouble_fits_and_does_not_repeat_the_place() -> None:
    places = tuple(f"/{name}/unix.socket" for name in "abcd")
    fleet = FakeFleet(FakeRemote(searched=places))
    words = "unix:/a/unix.socket: No such file or directory"
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        fleet.failed(ConnectionFailed("reach local", ConnectionProblem.MISSING, words))
        await until(pilot, lambda: "No LXD or Incus runs here." in screen_text(app))
        assert "Answer  No such file or directory" in screen_text(app)
        assert "Ctrl-R tries again now" in screen_text(app)


async def test_the_page_of_trouble_stays_while_the_next_try_is_under_way() -> None:
    fleet = FakeFleet(FakeRemote(searched=("/a/unix.socket", "/b/unix.socket")))
    error = ConnectionFailed("reach local", ConnectionProblem.MISSING, "no such file")
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        fleet.failed(error)
        await until(pilot, lambda: "No LXD or Incus runs here." in screen_text(app))
        assert "/a/unix.socket" in screen_text(app)
        assert "/b/unix.socket" in screen_text(app)
        assert "/ filter" not in screen_text(app)
        fleet.link(LinkState.CONNECTING, error=error)
        await until(pilot, lambda: "connecting" in screen_text(app))
        assert "No LXD or Incus runs here." in screen_text(app)
        await pilot.press("ctrl+r")
        assert fleet.retried == ["prod-eu"]
        fleet.live([fleet.instance("web-01")])
        await until(pilot, lambda: "web-01" in screen_text(app))
        assert "No LXD" not in screen_text(app)
        await pilot.press("T")
        await until(pilot, lambda: bool(fleet.instances.orders))


async def test_the_list_alone_stands_in_a_small_terminal() -> None:
    text = await shown(production(), (60, 14))
    assert text.count("MiB") + text.count("GiB") >= 7
    assert "Up" in text
    assert len(text.splitlines()) == 14


async def test_nothing_but_words_below_the_least_size() -> None:
    text = await shown(production(), (38, 9))
    assert "Make me larger" in text
    assert "api-01" not in text
