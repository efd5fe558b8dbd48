"""Recording a shell, and playing recordings."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.services.recording_events import EventList
from lxdtui.services.recordings import Recording, read_recording
from lxdtui.terminal.asciicast import CastEvent, CastHeader, EventKind
from lxdtui.ui.dialogs.save_as import SaveAsDialog
from lxdtui.ui.screens.replay import ReplayScreen
from lxdtui.ui.state.replay_player import ReplayPlayer
from lxdtui.ui.theme import DARK
from lxdtui.ui.widgets.replay_bar import clock_time
from tests.ui.pilots import screen_text
from tests.ui.shells import FakeChannel, FakeFleet, FakeOpener, until
from tests.ui.test_shell import LEADER, ShellApp, is_on_shell, shells, terminal_text, view

Snapshot = Callable[..., bool]


def never() -> bool:
    return False


def player(*events: tuple[float, str]) -> ReplayPlayer:
    made = [CastEvent(seconds, EventKind.OUTPUT, data) for seconds, data in events]
    made.append(CastEvent(events[-1][0] + 1, EventKind.RESIZE, "30x3"))
    return ReplayPlayer(Recording(header=CastHeader(columns=20, rows=4), events=EventList(made)))


def test_it_is_played_by_the_time_that_passes() -> None:
    one = player((1.0, "a"), (2.0, "b"), (60.0, "c"))
    one.pass_time(0.9, is_due=never)
    assert one.emulator.row(0).text == ""
    one.pass_time(0.2, is_due=never)
    assert one.emulator.row(0).text == "a"
    one.change_speed(2)
    one.pass_time(0.5, is_due=never)
    assert (one.speed, one.emulator.row(0).text) == (2.0, "ab")
    one.cuts_pauses = True
    one.pass_time(0.01, is_due=never)
    assert one.position == 58.0
    one.pass_time(1.0, is_due=never)
    assert one.emulator.row(0).text == "abc"
    one.pass_time(100, is_due=never)
    assert one.is_at_end
    assert (one.emulator.columns, one.emulator.rows) == (30, 3)
    assert one.position == 61.0


def test_going_back_and_stepping() -> None:
    one = player((1.0, "a"), (2.0, "b"), (3.0, "c"))
    one.go_to(3.5)
    one.catch_up(is_due=never)
    assert one.emulator.row(0).text == "abc"
    one.go_to(2.5)
    one.catch_up(is_due=never)
    assert one.emulator.row(0).text == "ab"
    one.step(1)
    one.catch_up(is_due=never)
    assert (one.is_playing, one.emulator.row(0).text) == (False, "abc")
    for text in ("ab", "a", "", ""):
        one.step(-1)
        one.catch_up(is_due=never)
        assert one.emulator.row(0).text == text
    one.pass_time(10, is_due=never)
    assert one.position == 0.0


def test_much_output_is_played_in_pieces() -> None:
    one = player(*((1.0, "x") for _ in range(10)))
    one.go_to(1.0)
    one.catch_up(is_due=lambda: True)
    assert one.emulator.row(0).text == "x"
    assert not one.has_caught_up


def test_times_are_written_as_players_do() -> None:
    assert [clock_time(one) for one in (0, 65.9, 7384)] == ["0:00", "1:05", "2:03:04"]


class ReplayApp(App[None]):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK.variables

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name
        self.push_screen(ReplayScreen(FakeFleet(FakeOpener([])), self.folder))


def write(folder: Path, name: str, *events: tuple[float, str], day: int = 1) -> None:
    lines = [json.dumps({"version": 2, "width": 60, "height": 12})]
    lines += [json.dumps([seconds, "o", data]) for seconds, data in events]
    path = folder / f"{name}.cast"
    path.write_text("\n".join(lines))
    os.utime(path, (day * 86400, day * 86400))


def recordings(folder: Path) -> None:
    write(folder, "web-01-upgrade", (0.0, "$ apt upgrade\r\n"), (600.0, "\x1b[32mdone\x1b[m\r\n"))
    write(folder, "db-1 restore [bold]", (0.0, "x"), day=2)
    (folder / "broken.cast").write_text("not one")
    os.utime(folder / "broken.cast", (3 * 86400, 3 * 86400))


async def test_a_recording_is_chosen_played_and_left(tmp_path: Path) -> None:
    recordings(tmp_path)
    app = ReplayApp(tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "web-01-upgrade" in screen_text(app))
        assert "db-1 restore [bold]" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Cannot replay" in screen_text(app))
        await pilot.press("j", "down", "enter")
        await until(pilot, lambda: "apt upgrade" in screen_text(app))
        assert "playing 0:0" in screen_text(app)
        # What is said in passing stands over the line for a while.
        await until(pilot, lambda: "10:00" in screen_text(app))
        await pilot.press("plus", "p")
        await until(pilot, lambda: "1.5x" in screen_text(app))
        await pilot.press("G")
        await until(pilot, lambda: "at the end 10:00" in screen_text(app))
        assert "done" in screen_text(app)
        await pilot.press("comma")
        await until(pilot, lambda: "paused 0:00" in screen_text(app))
        assert "done" not in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: "db-1 restore" in screen_text(app))


async def test_without_recordings_it_says_how_to_make_one(tmp_path: Path) -> None:
    app = ReplayApp(tmp_path / "nowhere")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "No recordings yet." in screen_text(app))


async def test_a_recording_is_deleted_after_a_question(tmp_path: Path) -> None:
    recordings(tmp_path)
    app = ReplayApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "web-01-upgrade" in screen_text(app))
        await pilot.press("j", "D")
        await until(pilot, lambda: "db-1 restore [bold].cast" in screen_text(app))
        await until(pilot, lambda: "Delete a recording in" in screen_text(app))
        await pilot.press("enter", "1", "enter")
        await until(pilot, lambda: "db-1 restore" not in screen_text(app))
        await until(pilot, lambda: "web-01-upgrade" in screen_text(app))
        assert sorted(path.stem for path in tmp_path.iterdir()) == ["broken", "web-01-upgrade"]


async def test_what_is_typed_is_recorded_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.cast"
    async with shells(FakeChannel()) as (pilot, app):
        await pilot.press(LEADER, "I")
        await until(pilot, lambda: "Passwords are recorded as well" in screen_text(app))
        app.screen.query_one("#path", Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: "● rec with keys" in screen_text(app))
        await pilot.press(*"pass", LEADER, "I")
        await until(pilot, lambda: "● rec" not in screen_text(app))
        await until(pilot, lambda: path.read_text().endswith('"i", "s"]\n'))
        typed = [one.data for one in read_recording(path).events if one.kind is EventKind.INPUT]
        assert "".join(typed) == "pass"


async def record(pilot: Pilot[None], app: ShellApp, path: Path) -> None:
    await pilot.press(LEADER, "R")
    await until(pilot, lambda: isinstance(app.screen, SaveAsDialog))
    await until(pilot, lambda: bool(app.screen.query("#path")))
    app.screen.query_one("#path", Input).value = str(path)
    await pilot.press("enter")
    await until(pilot, lambda: is_on_shell(app))
    await until(pilot, lambda: "● rec" in screen_text(app))


async def test_a_shell_is_recorded_from_what_it_shows(tmp_path: Path) -> None:
    channel = FakeChannel()
    path = tmp_path / "a.cast"
    async with shells(channel) as (pilot, app):
        channel.write(b"\x1b[31mbefore\x1b[m\r\n$ ")
        await until(pilot, lambda: "before" in terminal_text(app))
        await record(pilot, app, path)
        await pilot.press("l", "s")
        channel.write(b"ls\r\nafter\r\n")
        await until(pilot, lambda: "after" in terminal_text(app))
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: (100, 27) in channel.sizes)
        await pilot.press(LEADER, "R")
        await until(pilot, lambda: "● rec" not in screen_text(app))
        channel.write(b"unseen")
        await until(pilot, lambda: "unseen" in terminal_text(app))
        await until(pilot, lambda: path.read_text().endswith('"100x27"]\n'))
        recording = read_recording(path)
        one = ReplayPlayer(recording)
        one.go_to(recording.seconds)
        one.catch_up(is_due=never)
        assert [row.text for row in one.emulator.visible()[:3]] == ["before", "$ ls", "after"]
        assert (one.emulator.columns, one.emulator.rows) == (100, 27)
        assert all(event.kind is not EventKind.INPUT for event in recording.events)
        assert "unseen" not in path.read_text()


async def test_a_recording_that_cannot_be_written_leaves_the_shell_alone() -> None:
    channel = FakeChannel()
    async with shells(channel) as (pilot, app):
        await pilot.press(LEADER, "R")
        await until(pilot, lambda: isinstance(app.screen, SaveAsDialog))
        await until(pilot, lambda: bool(app.screen.query("#path")))
        app.screen.query_one("#path", Input).value = "/proc/nowhere/a.cast"
        await pilot.press("enter")
        await until(pilot, lambda: any("Cannot write" in n.message for n in app._notifications))
        await pilot.press("x")
        await until(pilot, lambda: bytes(channel.sent) == b"x")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("name", ["list", "playing"])
def test_picture(snap_compare: Snapshot, name: str, size: tuple[int, int], tmp_path: Path) -> None:
    recordings(tmp_path)
    app = ReplayApp(tmp_path)

    async def run_before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "web-01-upgrade" in screen_text(app))
        if name == "playing":
            await pilot.press("j", "j", "enter")
            await until(pilot, lambda: "apt upgrade" in screen_text(app))
            await pilot.press("space", "plus", "plus", "p", "g", *["right"] * 60)
            await until(pilot, lambda: "paused 5:00" in screen_text(app))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
def test_picture_of_the_mark(snap_compare: Snapshot, size: tuple[int, int], tmp_path: Path) -> None:
    channel = FakeChannel()
    app = ShellApp(FakeOpener([channel]))
    app.animation_level = "none"

    async def run_before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: is_on_shell(app) and view(app).has_focus)
        channel.write(b"root@web-01:~# ")
        await until(pilot, lambda: "root@" in terminal_text(app))
        await record(pilot, app, tmp_path / "a.cast")

    assert snap_compare(app, terminal_size=size, run_before=run_before)
