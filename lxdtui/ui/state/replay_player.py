"""A recording that is played: where it is, how fast, and the terminal that shows it.

Knows no clock and no timer: whoever plays says how much time has passed.
"""

from bisect import bisect_right
from collections.abc import Callable

from lxdtui.services.recordings import Recording
from lxdtui.terminal import Emulator, Update
from lxdtui.terminal.asciicast import CastEvent, EventKind
from lxdtui.ui.state.sessions import OutputWatcher, StateWatcher, Unwatch

__all__ = ["MOST_IDLE", "SPEEDS", "ReplayPlayer"]

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0)
MOST_IDLE = 2.0
"""Seconds of a pause that are waited for where pauses are cut short."""
_SLICE = 64 * 1024


class ReplayPlayer:
    """Plays a recording on a terminal of its own.

    Args:
        recording: What is played.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.position = 0.0
        """Seconds from the beginning."""
        self.is_playing = True
        self.cuts_pauses = False
        """Whether long pauses are cut short."""
        self.speed = 1.0
        self._times = recording.events.times
        self._next = 0
        self._output_watchers: list[OutputWatcher] = []
        self.emulator = self._new_emulator()

    @property
    def takes_keys(self) -> bool:
        """A recording has no program that could take keys; its cursor is shown."""
        return True

    @property
    def is_at_end(self) -> bool:
        """Whether everything was played."""
        return self._next >= len(self._times)

    @property
    def has_caught_up(self) -> bool:
        """Whether all that happened up to the position is on the terminal."""
        return self.is_at_end or self._times[self._next] > self.position

    def watch_output(self, watcher: OutputWatcher) -> Unwatch:
        """Call `watcher` after each piece of output; returns what ends that."""
        self._output_watchers.append(watcher)
        return lambda: self._output_watchers.remove(watcher)

    def watch_state(self, watcher: StateWatcher) -> Unwatch:
        """Do nothing: the state of a recording does not change."""
        del watcher
        return lambda: None

    def resize(self, columns: int, rows: int) -> None:
        """Do nothing: a recording keeps the size that it was made in."""

    def change_speed(self, steps: int) -> None:
        """Play faster or slower by so many steps."""
        index = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]

    def pass_time(self, seconds: float, *, is_due: Callable[[], bool]) -> None:
        """Play on.

        Args:
            seconds: Time that has passed, in reality.
            is_due: Whether it is time for something else; then the position
                waits for the output.
        """
        if not self.is_playing or (self.is_at_end and self.position >= self.recording.seconds):
            return
        target = self.position + seconds * self.speed
        if self.cuts_pauses and not self.is_at_end:
            wait = self._times[self._next] - self.position
            if wait > MOST_IDLE:
                target = max(target, self._times[self._next] - MOST_IDLE)
        self.position = min(target, self.recording.seconds)
        self.catch_up(is_due=is_due)
        if not self.has_caught_up:
            self.position = self._times[self._next]

    def go_to(self, seconds: float) -> None:
        """Set the position; `catch_up` shows it."""
        seconds = min(max(seconds, 0.0), self.recording.seconds)
        if seconds < self.position:
            self.emulator = self._new_emulator()
            self._next = 0
        self.position = seconds

    def step(self, steps: int) -> None:
        """Pause, and set the position to an event after or before this one."""
        self.is_playing = False
        index = bisect_right(self._times, self.position) - 1 + steps
        if self._times:
            self.go_to(self._times[min(max(index, 0), len(self._times) - 1)] if index >= 0 else 0.0)

    def catch_up(self, *, is_due: Callable[[], bool]) -> None:
        """Show all that happened up to the position, or as much until it is time for more."""
        while not self.has_caught_up:
            self._play(self.recording.events[self._next])
            self._next += 1
            if is_due():
                return

    def _play(self, event: CastEvent) -> None:
        size = event.size
        if size is not None:
            self.emulator.resize(*size)
            self._tell(Update(changed=True))
        elif event.kind is EventKind.OUTPUT:
            data = event.data.encode("utf-8", "replace")
            for start in range(0, len(data), _SLICE):
                # Replies go nowhere: nobody waits for them.
                self._tell(self.emulator.feed(data[start : start + _SLICE]))

    def _tell(self, update: Update) -> None:
        for watcher in tuple(self._output_watchers):
            watcher(update)

    def _new_emulator(self) -> Emulator:
        return Emulator(self.recording.header.columns, self.recording.header.rows)
