"""One shell inside an instance, as a byte channel for the terminal."""

import asyncio
import contextlib
import re
import secrets
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lxdtui.api.connection import Connection
from lxdtui.api.exec import ExecSession
from lxdtui.errors import (
    ApiError,
    BadRequest,
    LxdTuiError,
    NotFound,
    OperationFailed,
    SessionClosed,
)
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Foreground
from lxdtui.services.ending import Ending
from lxdtui.services.foreground import MARK, find_foreground
from lxdtui.services.shell_answers import list_kept
from lxdtui.services.shell_start import StartPlan

__all__ = ["ShellSession"]

_NO_SUCH_COMMAND = re.compile("command not (found|executable)", re.IGNORECASE)

_NOT_THERE = 1
"""Exit status of tmux and screen where there is nothing to attach to."""
_KILLED = frozenset(128 + number for number in (signal.SIGHUP, signal.SIGKILL, signal.SIGTERM))
"""Exit statuses of a shell whose instance may have been stopped under it."""
_LOOKS = 10
"""How often to look whether it was: Incus calls it running for a moment longer."""
_AGAIN_SECONDS = 1.0
"""How long to wait before a kept shell is tried again."""
_LOOK_PAUSE = 0.1
"""Seconds between two looks."""
_TYPED_AHEAD_SECONDS = 5.0
"""After how long what was typed is no more given to the next shell to try."""
_LOOK_SECONDS = 3.0
"""How long to wait for the answer to what runs in a shell."""


class ShellSession:
    """A shell in an instance: the channel that a terminal is attached to.

    The commands are tried in turn; one that does not exist is known only after
    it was asked for, and the next one is then taken without a word. A shell
    that is kept inside the instance is attached to again when the link broke.

    Args:
        connection: The server.
        ref: The instance.
        plan: What runs there.
        columns: Width of the terminal in cells.
        rows: Height of the terminal in cells.
        on_wait: Called with why it waits; with nothing when it goes on.
        kept_name: Name of the shell where it goes on without the link.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        connection: Connection,
        ref: InstanceRef,
        plan: StartPlan,
        *,
        columns: int,
        rows: int,
        on_wait: Callable[[str], None] | None = None,
        kept_name: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ref = ref
        """The instance."""
        self.opened_at = clock()
        """When it was opened, in monotonic seconds."""
        self.ending: Ending | None = None
        """How it ended, or ``None`` while it lives."""
        self.kept_name = kept_name
        """Name of the shell where it is kept; else empty."""
        self.note = plan.note
        """What is not as it was asked for, in words."""
        self._connection = connection
        self._commands = list(plan.commands)
        self._mark = secrets.token_hex(8)
        environment = {**(plan.options.environment or {}), MARK: self._mark}
        self._options = replace(plan.options, environment=environment)
        self._on_wait = on_wait
        self._again = plan.again
        self._program = plan.program
        self._is_kept = bool(kept_name)
        self._started_at: datetime | None = None
        self._is_closed = asyncio.Event()
        self._size = (columns, rows)
        self._session: ExecSession | None = None
        self._has_spoken = False
        self._clock = clock
        self._typed_ahead = bytearray()

    @property
    def command(self) -> tuple[str, ...]:
        """The command that runs, or a word for it."""
        return (self._program,) if self._program else self._commands[0]

    async def open(self) -> None:
        """Start the shell.

        Raises:
            ApiError: The server refused: not running, frozen, gone.
        """
        columns, rows = self._size
        if self._is_kept and self._started_at is None:
            instance, _ = await self._connection.instances.get(self.ref)
            self._started_at = instance.last_used_at
        self._session = await self._connection.exec.open(
            self.ref,
            self._commands[0],
            options=self._options,
            columns=columns,
            rows=rows,
        )
        if self._again:
            # From now on there is one, and none may be begun unasked in its place.
            self._commands = [self._again]

    async def receive(self) -> bytes:
        """Return the next output, or ``b""`` after the end; :attr:`ending` then says why."""
        while self.ending is None and self._session is not None:
            try:
                data = await self._session.receive()
            except SessionClosed as error:
                await self._finish(error)
                continue
            if data:
                self._has_spoken = True
                return data
            await self._finish(None)
        return b""

    async def send(self, data: bytes) -> None:
        """Send input; after the end it goes nowhere."""
        if self._session is not None and self.ending is None:
            self._remember(data)
            try:
                await self._session.send(data)
            except SessionClosed:
                # The reading side meets the same end and tells it.
                return

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the shell the size of the terminal, in cells."""
        if (columns, rows) == self._size:
            return
        self._size = (columns, rows)
        if self._session is not None and self.ending is None:
            try:
                await self._session.resize(columns, rows)
            except SessionClosed:
                # The reading side meets the same end and tells it.
                return

    async def close(self) -> None:
        """End the session; a shell that still runs is killed."""
        if self.ending is None:
            self.ending = Ending(exit_status=None, words="closed")
        self._is_closed.set()
        if self._session is not None:
            await self._session.aclose()

    async def foreground(self) -> Foreground | None:
        """Find what has the keys now; ``None`` where that cannot be known."""
        if self._is_kept or self.ending is not None:
            return None
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                return await find_foreground(self._connection, self.ref, self._mark)
        except TimeoutError:
            return None

    async def _finish(self, broken: SessionClosed | None) -> None:
        """Find out why the output ended, or go on with the next shell."""
        session = self._session
        if session is None:
            return
        if broken is not None and self._is_kept:
            await self._attach_again()
            return
        try:
            status = await session.exit_status()
        except OperationFailed as error:
            # The terminal echoes what is typed even where no shell comes to read it.
            is_missing = _NO_SUCH_COMMAND.search(error.server_text) is not None
            if (is_missing or not self._has_spoken) and len(self._commands) > 1:
                self._commands.pop(0)
                await self._reopen()
                return
            self._end(None, f"{self.command[0]} could not run: {error.server_text}")
        except LxdTuiError as error:
            self._end(None, str(broken or error))
        else:
            if self._is_kept and status in (0, _NOT_THERE):
                await self._end_kept(0 if status == 0 else None)
            else:
                self._end(status, await self._reason(status))

    async def _end_kept(self, status: int | None) -> None:
        """Find out whether a kept shell is over, or was only left."""
        kept = await list_kept(self._connection, self.ref)
        if any(one.name == self.kept_name for one in kept):
            words = "the shell was left; it goes on, and can be attached to again"
            self._end(None, words, goes_on=True)
            return
        words = "the kept shell ended"
        with contextlib.suppress(LxdTuiError):
            instance, _ = await self._connection.instances.get(self.ref)
            if instance.last_used_at != self._started_at:
                words = f"the kept shell is gone: {self.ref.name} was restarted"
        self._end(status, words)

    async def _attach_again(self) -> None:
        """Try until the kept shell is there again."""
        if self._session is not None:
            await self._session.aclose()
        words = "the link to the server is lost; the shell is kept, trying again"
        while self.ending is None:
            self._tell(words)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_AGAIN_SECONDS):
                    await self._is_closed.wait()
            if self._is_closed.is_set():
                return
            try:
                await self.open()
            except NotFound:
                self._end(None, f"the shell ended because {self.ref.name} is gone")
            except BadRequest:
                self._end(None, await self._reason(None))
            except LxdTuiError:
                continue
            else:
                self._tell("")
            return

    def _tell(self, words: str) -> None:
        if self._on_wait is not None:
            self._on_wait(words)

    async def _reopen(self) -> None:
        self._has_spoken = False
        try:
            await self.open()
        except LxdTuiError as error:
            self._end(None, str(error))
            return
        typed = bytes(self._typed_ahead)
        self._typed_ahead.clear()
        if typed:
            await self.send(typed)

    def _remember(self, data: bytes) -> None:
        """Keep what is typed before it is known whether there is such a shell."""
        if len(self._commands) > 1 and self._clock() - self.opened_at < _TYPED_AHEAD_SECONDS:
            self._typed_ahead += data
        else:
            self._typed_ahead.clear()

    async def _reason(self, status: int | None) -> str:
        """Put the end into words: an exit, or an instance that went away under it."""
        looks = _LOOKS if status is None or status in _KILLED else 1
        for look in range(looks):
            if look:
                await asyncio.sleep(_LOOK_PAUSE)
            try:
                instance, _ = await self._connection.instances.get(self.ref)
            except NotFound:
                return f"the shell ended because {self.ref.name} is gone"
            except ApiError:
                break
            if instance.condition is not Condition.RUNNING and status != 0:
                return f"the shell ended because {self.ref.name} is {instance.condition}"
        if status is None:
            return "the shell ended"
        return f"the shell ended with status {status}"

    def _end(self, status: int | None, words: str, *, goes_on: bool = False) -> None:
        if self.ending is None:
            self.ending = Ending(exit_status=status, words=words, goes_on=goes_on)
