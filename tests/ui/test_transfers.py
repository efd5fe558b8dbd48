"""Copies in the background as they are shown, asked about and steered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static

from lxdtui.model.place import LOCAL
from lxdtui.services.transfers import Answer, Choice, CopyOptions, TransferState
from lxdtui.ui.actions import Scope
from lxdtui.ui.dialogs.transfer_options import CopyDialog, CopyPlan, default_options
from lxdtui.ui.dialogs.transfer_overwrite import OverwriteDialog
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.screens.transfers import TransfersScreen
from lxdtui.ui.theme import UNICODE
from lxdtui.ui.widgets.transfer_panel import TransferPanel
from tests.ui.browser import browsing
from tests.ui.fake import FakeFleet, production
from tests.ui.pilots import app_for, screen_text, settle, until
from tests.ui.transfers import QUESTION, WEB, some, view

Snapshot = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
ASKING = replace(some()[0], state=TransferState.ASKING, question=QUESTION)


class WithPanel(FleetScreen):
    """A screen with nothing but the panel at its foot."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.FRAME,)
    DEFAULT_CSS = "WithPanel #room { height: 1fr; }"

    def compose_body(self) -> ComposeResult:
        yield Static("", id="room")
        yield TransferPanel(self.fleet.transfers, glyphs=self.glyphs, clock=self.clock)

    def crumbs(self) -> tuple[str, ...]:
        return ("prod-eu",)


def copy_dialog(*, move: bool = False) -> CopyDialog:
    return CopyDialog(
        ["/home/me/site/a.txt", "/home/me/site/b.txt"],
        LOCAL,
        WEB,
        "/etc/nginx",
        is_move=move,
        options=default_options(LOCAL, WEB),
        glyphs=UNICODE,
    )


async def open_list(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("w")
    await settle(pilot)


@SIZES
def test_picture_of_the_list(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    fleet = production()
    fleet.transfers.views = some()

    async def run_before(pilot: Pilot[None]) -> None:
        await open_list(pilot)
        await pilot.press("j", "j")
        await settle(pilot)

    assert snap_compare(app_for(fleet), terminal_size=size, run_before=run_before)


@SIZES
def test_picture_of_a_question(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    fleet = production()
    fleet.transfers.views = (ASKING,)
    assert snap_compare(app_for(fleet), terminal_size=size, run_before=open_list)


@SIZES
def test_picture_of_the_panel(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    fleet = production()
    fleet.transfers.views = some()

    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        pilot.app.push_screen(WithPanel(fleet))
        await settle(pilot)

    assert snap_compare(app_for(fleet), terminal_size=size, run_before=run_before)


@SIZES
def test_picture_of_the_options(snap_compare: Snapshot, size: tuple[int, int]) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        pilot.app.push_screen(copy_dialog(move=True))
        await settle(pilot)
        pilot.app.screen.query_one(Input).cursor_blink = False
        await settle(pilot)

    assert snap_compare(app_for(production()), terminal_size=size, run_before=run_before)


@pytest.fixture
def fleet() -> Iterator[FakeFleet]:
    made = production()
    yield made
    assert not made.transfers.watchers, "somebody still follows the queue"


async def test_an_empty_list_says_how_to_begin(fleet: FakeFleet) -> None:
    async with app_for(fleet).run_test() as pilot:
        await open_list(pilot)
        assert "Nothing is being copied.  F5" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, TransfersScreen)


async def test_keys_act_on_the_transfer_under_the_cursor(fleet: FakeFleet) -> None:
    queue = fleet.transfers
    queue.views = some()
    async with app_for(fleet).run_test() as pilot:
        await open_list(pilot)
        await pilot.press("space", "r", "j", "j", "r", "space", "k", "X", "c")
        await settle(pilot)
        assert queue.orders == [("pause", 1), ("retry", 3), ("cancel", 2), ("clear",)]
        queue.orders.clear()
        queue.set(view(9, TransferState.PAUSED, "late"))
        await settle(pilot)
        assert "late" in screen_text(pilot.app)
        assert "style.css" not in screen_text(pilot.app)
        await pilot.press("space")
        assert queue.orders == [("resume", 9)]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("y", Answer(choice=Choice.YES)),
        ("n", Answer(choice=Choice.NO)),
        ("A", Answer(choice=Choice.ALL)),
        ("N", Answer(choice=Choice.NONE)),
        ("u", Answer(choice=Choice.NEWER)),
        ("K", Answer(choice=Choice.KEEP_ALL_BOTH)),
        ("k enter", Answer(choice=Choice.KEEP_BOTH, name="nginx (2).conf")),
        ("k backspace x enter", Answer(choice=Choice.KEEP_BOTH, name="nginx (2).conx")),
    ],
)
async def test_answers(fleet: FakeFleet, keys: str, answer: Answer) -> None:
    fleet.transfers.views = (ASKING,)
    async with app_for(fleet).run_test() as pilot:
        await open_list(pilot)
        await pilot.press(*keys.split())
        await settle(pilot)
        assert fleet.transfers.orders == [("answer", 1, 1, answer)]


async def test_a_question_put_off_is_asked_when_wanted(fleet: FakeFleet) -> None:
    fleet.transfers.views = (ASKING,)
    async with app_for(fleet).run_test() as pilot:
        await open_list(pilot)
        assert isinstance(pilot.app.screen, OverwriteDialog)
        await pilot.press("k", "escape", "escape")
        fleet.transfers.set(ASKING)
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, TransfersScreen)
        assert fleet.transfers.orders == []
        # Not by Enter: right after a dialog that would be meant for the dialog.
        screen.act("transfers.answer")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OverwriteDialog)


async def test_the_panel_hides_what_is_done_after_a_while(fleet: FakeFleet) -> None:
    now = 100.0
    clock = replace(WithPanel(fleet).clock, monotonic=lambda: now)
    async with app_for(fleet).run_test() as pilot:
        await pilot.app.push_screen(WithPanel(fleet, clock=clock))
        panel = pilot.app.screen.query_one(TransferPanel)

        def is_shown() -> bool:
            return bool(panel.display)

        assert not is_shown()
        fleet.transfers.set(*some())
        await settle(pilot)
        assert is_shown()
        assert "Transfers 3 of 4  1 failed" in screen_text(pilot.app)
        fleet.transfers.set(some()[3])
        assert is_shown()
        now = 111.0
        fleet.transfers.set(some()[3])
        assert not is_shown()
        fleet.transfers.set(ASKING)
        await settle(pilot)
        await pilot.click(TransferPanel)
        await until(pilot, lambda: isinstance(pilot.app.screen, OverwriteDialog))


async def test_quitting_asks_while_something_is_copied(fleet: FakeFleet) -> None:
    fleet.transfers.views = some()
    async with app_for(fleet).run_test() as pilot:
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Quit with 2 running copies?" in text
        assert "files that are half done" in text
        assert "backup.tar.zst" in text


async def test_options_are_chosen_by_keys(fleet: FakeFleet) -> None:
    plans: list[CopyPlan | None] = []
    async with app_for(fleet).run_test() as pilot:
        await settle(pilot)
        pilot.app.push_screen(copy_dialog(), plans.append)
        await settle(pilot)
        await pilot.press("end", "/", "x", "down", "space", "tab", "tab", "tab", "tab", "space")
        await pilot.press("down", "space", "space", "left", "enter")
        await settle(pilot)
        pilot.app.push_screen(copy_dialog(), plans.append)
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
    options = CopyOptions(keep_owner=True, checksum=True, existing=Choice.ALL)
    assert plans == [CopyPlan(directory="/etc/nginx/x", options=options), None]


async def test_the_browser_copies_into_the_other_pane(fleet: FakeFleet) -> None:
    async with browsing(fleet) as browser:
        names = browser.shown
        await browser.press("G", "f5")
        await browser.until(lambda: isinstance(browser.pilot.app.screen, CopyDialog))
        assert f"Copy {names[-1]} from web-01 to this computer" in browser.text
        await browser.press("down", "down", "down", "space", "enter")
        await browser.until(lambda: bool(fleet.transfers.orders))
        (order,) = fleet.transfers.orders
        path = f"{browser.screen.active.path}/{names[-1]}"
        options = CopyOptions(keep_times=False)
        assert order == ("copy", WEB, (path,), LOCAL, browser.screen.other.path, False, options)
        await browser.press("f6")
        await browser.until(lambda: isinstance(browser.pilot.app.screen, CopyDialog))
        assert "only after it is whole there" in browser.text
        # Not by Enter: so soon after a dialog that would be meant for the dialog before.
        dialog = browser.pilot.app.screen
        assert isinstance(dialog, CopyDialog)
        dialog.action_go()
        await browser.until(lambda: len(fleet.transfers.orders) == 2)
        # What was chosen for the copy is proposed for the move.
        assert fleet.transfers.orders[1][5:] == (True, options)


async def test_the_browser_asks_and_shows_what_came(fleet: FakeFleet) -> None:
    async with browsing(fleet) as browser:
        screen = browser.screen
        fleet.transfers.set(ASKING)
        await browser.until(lambda: isinstance(browser.pilot.app.screen, OverwriteDialog))
        await browser.press("escape")
        await browser.until_shown("waits for its answer; t shows it")
        await browser.press("t")
        await browser.until(lambda: isinstance(browser.pilot.app.screen, OverwriteDialog))
        await browser.press("n")
        await browser.settle()
        # The question is not shown again until the answer is taken.
        assert isinstance(browser.pilot.app.screen, TransfersScreen)
        fleet.transfers.taken()
        await browser.press("escape")
        await browser.until(lambda: browser.pilot.app.screen is screen)
        browser.inside.file("/etc/nginx/arrived.conf", b"x")
        fleet.transfers.set(replace(some()[0], state=TransferState.DONE))
        await browser.until_shown("arrived.conf")
        assert fleet.transfers.orders == [("answer", 1, 1, Answer(choice=Choice.NO))]
