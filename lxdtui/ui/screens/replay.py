"""Recordings of shells: a list of them, and one that is played on a terminal."""

import time
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.services.recordings import (
    Recording,
    RecordingFile,
    delete_recording,
    list_recordings,
    read_recording,
)
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope, bindings
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.questions import question_on_recording
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.later import later
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.state.replay_player import ReplayPlayer
from lxdtui.ui.theme import UNICODE, Glyphs
from lxdtui.ui.widgets.recording_list import RecordingList
from lxdtui.ui.widgets.replay_bar import ReplayBar
from lxdtui.ui.widgets.terminal_canvas import TerminalCanvas

__all__ = ["ReplayScreen"]

_TICK_SECONDS = 1 / 30
_WORK_SECONDS = 0.015
"""How long output is played at once, before keys and frames have their turn."""
_PATIENCE_SECONDS = 0.5
"""After how long it is said that a recording is being read."""
_JUMP_SECONDS = 5.0
_LONG_JUMP_SECONDS = 60.0


class ReplayScreen(FleetScreen):
    """Lists recordings and plays them.

    Args:
        fleet: All configured servers and what is known of them.
        folder: Where the recordings are.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REPLAY, Scope.FRAME)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.REPLAY),
        Binding("j,down", "step_cursor(1)", "Down", show=False, id="replay.down"),
        Binding("k,up", "step_cursor(-1)", "Up", show=False, id="replay.up"),
        Binding("pagedown", "step_cursor(10)", "Page down", show=False, id="replay.page_down"),
        Binding("pageup", "step_cursor(-10)", "Page up", show=False, id="replay.page_up"),
        Binding("shift+left", "jump(-1)", "Back a minute", show=False, id="replay.minute_back"),
        Binding("shift+right", "jump(1)", "On a minute", show=False, id="replay.minute_on"),
        Binding("q", "leave", "Back", show=False, id="replay.leave"),
    ]
    DEFAULT_CSS = """
    ReplayScreen {
        #nothing { height: 1fr; padding: 0 1; color: $muted; }
        RecordingList { height: 1fr; scrollbar-size-vertical: 1; }
        TerminalCanvas, ReplayBar { display: none; }
        #nothing { display: none; }
        &.-empty {
            RecordingList { display: none; }
            #nothing { display: block; }
        }
        &.-playing {
            RecordingList, #nothing { display: none; }
            TerminalCanvas, ReplayBar { display: block; }
        }
    }
    """
    AUTO_FOCUS = "RecordingList"

    def __init__(
        self,
        fleet: Fleet,
        folder: Path,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self._folder = folder
        self._list = RecordingList(glyphs=glyphs)
        self._canvas = TerminalCanvas()
        self._bar = ReplayBar(glyphs=glyphs)
        self._player: ReplayPlayer | None = None
        self._title_shown = ""
        self._ticks: Timer | None = None
        self._ticked_at = 0.0

    def compose_body(self) -> ComposeResult:
        """Put the list and the player in the same place."""
        yield Static("", id="nothing", markup=False)
        yield self._list
        yield self._canvas
        yield self._bar

    def on_mount(self) -> None:
        """Read which recordings there are."""
        super().on_mount()
        self._list_recordings()

    # What the frame asks

    def crumbs(self) -> tuple[str, ...]:
        """Return where we are."""
        return ("Recordings", *((self._title_shown,) if self._player else ()))

    def remotes_shown(self) -> tuple[str, ...]:
        """Return no server: recordings are files of this computer."""
        return ()

    def why_not(self, action: Action) -> str | None:
        """Return why an action is not possible now, in words."""
        if action.scope is Scope.REPLAY:
            is_of_list = action.id in ("replay.open", "replay.delete")
            if is_of_list and self._player is not None:
                return "a recording is played already"
            if is_of_list and self._list.current is None:
                return "there is no recording"
            if not is_of_list and self._player is None:
                return "no recording is played"
        return super().why_not(action)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of this screen.

        Args:
            action: What to do.
            rows: Not used: a recording is what it is about.
        """
        del rows
        player = self._player
        if player is None:
            current = self._list.current
            if current is not None and action.id == "replay.delete":
                self._ask_to_delete(current)
            elif current is not None:
                self._read(current.path)
            return
        match action.id:
            case "replay.play":
                if player.is_at_end and player.position >= player.recording.seconds:
                    self._go_to(0.0)
                    player.is_playing = True
                else:
                    player.is_playing = not player.is_playing
            case "replay.back":
                self._go_to(player.position - _JUMP_SECONDS)
            case "replay.forward":
                self._go_to(player.position + _JUMP_SECONDS)
            case "replay.faster":
                player.change_speed(1)
            case "replay.slower":
                player.change_speed(-1)
            case "replay.pauses":
                player.cuts_pauses = not player.cuts_pauses
            case "replay.step":
                player.step(1)
            case "replay.step_back":
                player.step(-1)
                self._canvas.show(player)
            case "replay.start":
                self._go_to(0.0)
            case "replay.end":
                self._go_to(player.recording.seconds)
        self._tick()

    def go_back(self) -> None:
        """Leave the recording for the list, and the list for where we were."""
        if self._player is None:
            super().go_back()
            return
        self._player = None
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
        self._canvas.show(None)
        self.remove_class("-playing")
        self._list.focus()
        self.update_frame()

    def action_leave(self) -> None:
        """Go back."""
        self.go_back()

    def action_step_cursor(self, rows: int) -> None:
        """Move through the list."""
        if self._player is None:
            self._list.move(rows)

    def action_jump(self, minutes: int) -> None:
        """Go on or back by minutes."""
        if self._player is not None:
            self._go_to(self._player.position + minutes * _LONG_JUMP_SECONDS)

    # Files

    def _list_recordings(self) -> None:
        def read() -> None:
            try:
                found, words = list_recordings(self._folder), ""
            except LxdTuiError as error:
                found, words = [], error.message
            self.app.call_from_thread(self._show_list, found, words)

        self.run_worker(read, thread=True, group="recordings", exit_on_error=False)

    def _show_list(self, found: list[RecordingFile], words: str) -> None:
        nothing = self.query_one("#nothing", Static)
        nothing.update(safe_text(words or "No recordings yet.  Ctrl-] R in a shell begins one"))
        self.set_class(not found, "-empty")
        self._list.show(found)
        self.update_keys()

    def _ask_to_delete(self, one: RecordingFile) -> None:
        def delete() -> None:
            try:
                delete_recording(one.path)
            except LxdTuiError as error:
                self.app.call_from_thread(self.say, error.message, is_warning=True)
            self.app.call_from_thread(self._list_recordings)

        def act(is_yes: bool | None) -> None:
            if is_yes:
                self.run_worker(delete, thread=True, group="delete", exit_on_error=False)

        question = question_on_recording(
            safe_text(one.path.name), safe_text(str(one.path.parent)), size(one.size)
        )
        self.app.push_screen(ConfirmDialog(question, glyphs=self.glyphs), act)

    def _read(self, path: Path) -> None:
        patience = later(self, _PATIENCE_SECONDS, lambda: self.say(f"Reading {path.name} …"))

        def read() -> None:
            try:
                recording = read_recording(path)
            except LxdTuiError as error:
                self.app.call_from_thread(patience.stop)
                self.app.call_from_thread(self.say, error.message, is_warning=True)
            else:
                self.app.call_from_thread(patience.stop)
                self.app.call_from_thread(self._play, path, recording)

        self.run_worker(read, thread=True, group="recordings", exclusive=True, exit_on_error=False)

    # Playing

    def _play(self, path: Path, recording: Recording) -> None:
        if recording.problem:
            self.say(f"Not all of it can be played: {recording.problem}", is_warning=True)
        self._player = ReplayPlayer(recording)
        self._title_shown = safe_text(path.stem)
        self._canvas.show(self._player)
        self.add_class("-playing")
        self._ticked_at = time.monotonic()
        self._ticks = self.set_interval(_TICK_SECONDS, self._tick)
        self._tick()
        self.update_frame()

    def _go_to(self, seconds: float) -> None:
        player = self._player
        if player is not None:
            before = player.emulator
            player.go_to(seconds)
            if player.emulator is not before:
                self._canvas.show(player)
            self._tick()

    def _tick(self) -> None:
        player = self._player
        if player is None:
            return
        now = time.monotonic()
        passed, self._ticked_at = now - self._ticked_at, now

        def is_due() -> bool:
            return time.monotonic() - now > _WORK_SECONDS

        if player.has_caught_up:
            player.pass_time(passed, is_due=is_due)
        else:
            player.catch_up(is_due=is_due)
        is_at_end = player.is_at_end and player.position >= player.recording.seconds
        state = "at the end" if is_at_end else "playing" if player.is_playing else "paused"
        notes = []
        if player.speed != 1:
            notes.append(f"{player.speed:g}x")
        if player.cuts_pauses:
            notes.append("pauses cut")
        self._bar.show(state, player.position, player.recording.seconds, "  ".join(notes))

    @on(ReplayBar.Sought)
    def _sought(self, message: ReplayBar.Sought) -> None:
        message.stop()
        if self._player is not None:
            self._go_to(message.part * self._player.recording.seconds)

    @on(RecordingList.Chosen)
    def _chosen(self, message: RecordingList.Chosen) -> None:
        message.stop()
        self.act("replay.open")
