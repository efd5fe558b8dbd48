"""Open shells, which live longer than the screen that shows them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Foreground, KeptSession, SessionKind, SessionOrder, ShellOptions
from lxdtui.terminal import Channel, Emulator, Update
from lxdtui.ui.state.terminal_pump import TerminalPump

__all__ = ["OnWait", "Session", "SessionState", "ShellChannel", "ShellOpener", "Traffic"]

OutputWatcher = Callable[[Update], None]
StateWatcher = Callable[["Session"], None]
Unwatch = Callable[[], None]


class SessionState(StrEnum):
    """Where a session is in its life."""

    OPENING = "opening"
    LIVE = "live"
    WAITING = "waiting"
    """What it is attached to is not there now; it attaches again by itself."""
    ENDED = "ended"
    FAILED = "failed"
    """It could not be opened."""


_USUAL = SessionOrder()


class Ending(Protocol):
    """How a session ended."""

    @property
    def exit_status(self) -> int | None:
        """Exit status of the command, where there is one."""

    @property
    def words(self) -> str:
        """The same in words."""

    @property
    def goes_on(self) -> bool:
        """Whether what was attached to is still there."""


class ShellChannel(Channel, Protocol):
    """A channel that can tell how it ended."""

    @property
    def command(self) -> tuple[str, ...]:
        """What runs; empty where there is no word for it."""

    @property
    def kept_name(self) -> str:
        """Name of the shell where it is kept in the instance; else empty."""

    @property
    def note(self) -> str:
        """What is not as it was asked for, in words."""

    async def foreground(self) -> Foreground | None:
        """Find what has the keys now; ``None`` where that cannot be known."""

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


OnWait = Callable[[str], None]
"""Called with why a session waits, in words; empty when it is attached again."""


class ShellOpener(Protocol):
    """What opens sessions: `Fleet.sessions`."""

    async def open_shell(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        options: ShellOptions = ...,
        on_wait: OnWait | None = None,
    ) -> ShellChannel:
        """Open a shell in an instance; raises `LxdTuiError`."""

    async def open_console(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        takes_over: bool = False,
        on_wait: OnWait | None = None,
    ) -> ShellChannel:
        """Attach to the console of an instance; raises `LxdTuiError`."""

    async def kept(self, ref: InstanceRef) -> Sequence[KeptSession]:
        """List the shells that are kept in an instance."""

    async def user_names(self, ref: InstanceRef) -> Sequence[str]:
        """List the users of an instance."""

    async def recall(self, ref: InstanceRef) -> tuple[ShellOptions, Sequence[str]]:
        """Return how a shell in an instance was started last, and the last commands."""

    async def remember(
        self, ref: InstanceRef, options: ShellOptions, *, with_environment: bool
    ) -> None:
        """Keep how a shell was started; raises `LxdTuiError`."""


class Session:
    """One shell or console: its channel, its screen, and what became of it.

    Args:
        ref: The instance.
        order: What is opened there.
        columns: Width of the terminal from the first byte on.
        rows: Height of the terminal.
        parsing: Shared by the sessions that take turns at parsing their output.
    """

    def __init__(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        order: SessionOrder = _USUAL,
        parsing: asyncio.Lock | None = None,
    ) -> None:
        self.ref = ref
        self.order = order
        self.fixed_size = order.options.size
        """Columns and rows that stay, however large it is shown."""
        self.emulator = Emulator(*(self.fixed_size or (columns, rows)))
        self.state = SessionState.OPENING
        self.words = ""
        """How it ended or why it failed; text of the server, not markup."""
        self.hint = ""
        """What can be done about a failure."""
        self.exit_status: int | None = None
        self.is_looked_at = False
        """Whether it is on the screen now."""
        self.has_unread = False
        """Whether something was written since it was last looked at."""
        self.has_rung = False
        """Whether the bell rang since then."""
        self._channel: ShellChannel | None = None
        self._pump = TerminalPump(
            self.emulator,
            on_update=self._tell_output,
            on_received=self._tell_received,
            parsing=parsing,
        )
        self._output_watchers: list[OutputWatcher] = []
        self._state_watchers: list[StateWatcher] = []
        self._traffic_watchers: list[Traffic] = []

    @property
    def command(self) -> tuple[str, ...]:
        """What runs in it; empty where that is not known."""
        if self.order.kind is SessionKind.CONSOLE:
            return (self.order.kind,)
        return () if self._channel is None else self._channel.command

    @property
    def kept_name(self) -> str:
        """Name of the shell where it is kept in the instance; else empty."""
        return "" if self._channel is None else self._channel.kept_name

    @property
    def note(self) -> str:
        """What is otherwise than usual, in words; else empty."""
        size = f"{self.fixed_size[0]}x{self.fixed_size[1]}" if self.fixed_size else ""
        note = "" if self._channel is None else self._channel.note
        return ", ".join(words for words in (size, note) if words)

    @property
    def order_again(self) -> SessionOrder:
        """What opens it in its place: the kept shell where it goes on, and else a new one."""
        channel = self._channel
        ending = None if channel is None else channel.ending
        goes_on = ending is not None and ending.goes_on
        name = self.kept_name if goes_on else ""
        return replace(self.order, options=replace(self.order.options, kept_name=name))

    @property
    def takes_keys(self) -> bool:
        """Whether what is typed will reach the program; also while it is being opened."""
        return self.state in (SessionState.OPENING, SessionState.LIVE, SessionState.WAITING)

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

    def look(self, *, is_looked_at: bool) -> None:
        """Say whether it is on the screen; what was written until then is read."""
        self.is_looked_at = is_looked_at
        if is_looked_at:
            self.has_unread = self.has_rung = False

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
        """Give the screen and the program a new size, where theirs is not fixed."""
        if self.fixed_size or (columns, rows) == (self.emulator.columns, self.emulator.rows):
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
            channel = await self._open(opener, *size)
        except LxdTuiError as error:
            self._become(SessionState.FAILED, error.message, error.hint)
            return
        self._channel = channel
        try:
            if self.state is SessionState.OPENING:
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

    async def _open(self, opener: ShellOpener, columns: int, rows: int) -> ShellChannel:
        if self.order.kind is SessionKind.CONSOLE:
            return await opener.open_console(
                self.ref,
                columns=columns,
                rows=rows,
                takes_over=self.order.takes_over,
                on_wait=self._wait,
            )
        return await opener.open_shell(
            self.ref,
            columns=columns,
            rows=rows,
            options=self.order.options,
            on_wait=self._wait,
        )

    def _wait(self, words: str) -> None:
        """Say why it waits, or that it is attached again."""
        if not self.is_over:
            self._become(SessionState.WAITING if words else SessionState.LIVE, words)

    async def foreground(self) -> Foreground | None:
        """Find what has the keys now; ``None`` where that cannot be known."""
        channel = self._channel
        return None if channel is None or self.is_over else await channel.foreground()

    async def aclose(self) -> None:
        """End the session: its program is hung up on."""
        if self._channel is not None:
            await self._channel.close()

    def _become(self, state: SessionState, words: str = "", hint: str = "") -> None:
        self.state, self.words, self.hint = state, words, hint
        self._tell_state()

    def _tell_state(self) -> None:
        for watcher in tuple(self._state_watchers):
            watcher(self)

    def _tell_received(self, data: bytes) -> None:
        for watcher in self._traffic_watchers:
            watcher.received(data)

    def _tell_output(self, update: Update) -> None:
        if not self.is_looked_at:
            before = (self.has_unread, self.has_rung)
            self.has_unread |= update.changed
            self.has_rung |= update.bell
            if (self.has_unread, self.has_rung) != before:
                self._tell_state()
        for watcher in tuple(self._output_watchers):
            watcher(update)
