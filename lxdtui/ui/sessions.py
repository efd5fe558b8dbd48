"""Open shells, which live longer than the screen that shows them."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.terminal import Channel, Emulator, Update
from lxdtui.ui.terminal_pump import TerminalPump

__all__ = ["Session", "SessionBook", "SessionState", "ShellChannel", "ShellOpener", "Traffic"]

OutputWatcher = Callable[[Update], None]
StateWatcher = Callable[["Session"], None]
Unwatch = Callable[[], None]


class SessionState(StrEnum):
    """Where a session is in its life."""

    OPENING = "opening"
    LIVE = "live"
    ENDED = "ended"
    FAILED = "failed"
    """It could not be opened."""


class Ending(Protocol):
    """How a session ended."""

    @property
    def exit_status(self) -> int | None:
        """Exit status of the command, where there is one."""

    @property
    def words(self) -> str:
        """The same in words."""


class ShellChannel(Channel, Protocol):
    """A channel that can tell how it ended."""

    @property
    def ending(self) -> Ending | None:
        """How it ended, once `receive` has returned an empty string."""


class Traffic(Protocol):
    """What is told about all that a session receives and sends, as a recorder is."""

    def received(self, data: bytes) -> None:
        """Take output of the program."""

    def sent(self, data: bytes) -> None:
        """Take what was typed."""

    def resized(self, columns: int, rows: int) -> None:
        """Take a new size of the terminal."""


class ShellOpener(Protocol):
    """What opens a shell: `Fleet.sessions`."""

    async def open_shell(self, ref: InstanceRef, *, columns: int, rows: int) -> ShellChannel:
        """Open a shell in an instance; raises `LxdTuiError`."""


class Session:
    """One shell: its channel, its screen, and what became of it.

    Args:
        ref: The instance.
        columns: Width of the terminal from the first byte on.
        rows: Height of the terminal.
    """

    def __init__(self, ref: InstanceRef, *, columns: int, rows: int) -> None:
        self.ref = ref
        self.emulator = Emulator(columns, rows)
        self.state = SessionState.OPENING
        self.words = ""
        """How it ended or why it failed; text of the server, not markup."""
        self.hint = ""
        """What can be done about a failure."""
        self.exit_status: int | None = None
        self._channel: ShellChannel | None = None
        self._pump = TerminalPump(
            self.emulator, on_update=self._tell_output, on_received=self._tell_received
        )
        self._output_watchers: list[OutputWatcher] = []
        self._state_watchers: list[StateWatcher] = []
        self._traffic_watchers: list[Traffic] = []

    @property
    def takes_keys(self) -> bool:
        """Whether what is typed will reach the program; also while it is being opened."""
        return self.state in (SessionState.OPENING, SessionState.LIVE)

    @property
    def is_over(self) -> bool:
        """Whether it ended or could not be opened."""
        return not self.takes_keys

    def watch_output(self, watcher: OutputWatcher) -> Unwatch:
        """Call `watcher` after each piece of output; returns what ends that."""
        self._output_watchers.append(watcher)
        return lambda: self._output_watchers.remove(watcher)

    def watch_state(self, watcher: StateWatcher) -> Unwatch:
        """Call `watcher` when the state changes; returns what ends that."""
        self._state_watchers.append(watcher)
        return lambda: self._state_watchers.remove(watcher)

    def watch_traffic(self, watcher: Traffic) -> Unwatch:
        """Tell `watcher` all that goes to and fro; returns what ends that."""
        self._traffic_watchers.append(watcher)
        return lambda: self._traffic_watchers.remove(watcher)

    def send(self, data: bytes) -> bool:
        """Send what is typed.

        Returns:
            False if the session is over or so much waits that this was refused.
        """
        is_taken = self.takes_keys and self._pump.send(data)
        if is_taken:
            for watcher in self._traffic_watchers:
                watcher.sent(data)
        return is_taken

    def resize(self, columns: int, rows: int) -> None:
        """Give the screen and the program a new size."""
        if (columns, rows) == (self.emulator.columns, self.emulator.rows):
            return
        replies = self.emulator.resize(columns, rows)
        for watcher in self._traffic_watchers:
            watcher.resized(columns, rows)
        if self.takes_keys:
            self._pump.resize(columns, rows)
            if replies:
                self._pump.send(replies)

    async def run(self, opener: ShellOpener) -> None:
        """Live: open the shell, pump until it ends, close it.

        Failures of the server end in `state` and `words`. Cancelling this
        closes the channel.

        Args:
            opener: What opens the shell.
        """
        try:
            await self._live(opener)
        except Exception as error:
            # A fault of ours ends this shell in words, and not the others.
            state = SessionState.FAILED if self._channel is None else SessionState.ENDED
            self._become(state, f"lxdtui itself failed: {error!r}")
            raise

    async def _live(self, opener: ShellOpener) -> None:
        size = (self.emulator.columns, self.emulator.rows)
        try:
            channel = await opener.open_shell(self.ref, columns=size[0], rows=size[1])
        except LxdTuiError as error:
            self._become(SessionState.FAILED, error.message, error.hint)
            return
        self._channel = channel
        try:
            self._become(SessionState.LIVE)
            await self._pump.run(channel)
        finally:
            await channel.close()
        ending = channel.ending
        if self._pump.error is not None:
            self._become(SessionState.ENDED, self._pump.error.message, self._pump.error.hint)
        elif ending is not None:
            self.exit_status = ending.exit_status
            self._become(SessionState.ENDED, ending.words)
        else:
            self._become(SessionState.ENDED, "the shell ended")

    async def aclose(self) -> None:
        """End the session: its program is hung up on."""
        if self._channel is not None:
            await self._channel.close()

    def _become(self, state: SessionState, words: str = "", hint: str = "") -> None:
        self.state, self.words, self.hint = state, words, hint
        for watcher in tuple(self._state_watchers):
            watcher(self)

    def _tell_received(self, data: bytes) -> None:
        for watcher in self._traffic_watchers:
            watcher.received(data)

    def _tell_output(self, update: Update) -> None:
        for watcher in tuple(self._output_watchers):
            watcher(update)


class SessionBook:
    """The sessions of all instances, in the order they were opened."""

    def __init__(self) -> None:
        self._sessions: list[Session] = []

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions that are kept, oldest first."""
        return tuple(self._sessions)

    def add(self, session: Session) -> None:
        """Keep a session."""
        self._sessions.append(session)

    def discard(self, session: Session) -> None:
        """Forget a session that is over."""
        if session in self._sessions:
            self._sessions.remove(session)

    def replace(self, old: Session, new: Session) -> None:
        """Put a session into the place of one that is over."""
        self._sessions[self._sessions.index(old)] = new

    async def aclose(self) -> None:
        """End all sessions, when the app ends."""
        async with asyncio.TaskGroup() as tasks:
            for session in self._sessions:
                tasks.create_task(session.aclose())
        self._sessions.clear()

    def live(self, ref: InstanceRef) -> Session | None:
        """Return the newest session of an instance that is not over."""
        for session in reversed(self._sessions):
            if session.ref == ref and session.takes_keys:
                return session
        return None
