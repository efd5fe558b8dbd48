"""Shells inside instances, as byte channels for the terminal."""

import asyncio
import posixpath
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lxdtui.api.connection import Connection
from lxdtui.api.exec import CommandOptions, ExecSession
from lxdtui.errors import ApiError, LxdTuiError, NotFound, OperationFailed, SessionClosed
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef

__all__ = ["Ending", "SessionService", "ShellSession", "shell_candidates"]

_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_FALLBACKS = ("/bin/bash", "/bin/sh")
_NO_SUCH_COMMAND = re.compile("command not (found|executable)", re.IGNORECASE)
_NO_SHELLS = frozenset(("nologin", "false", "true", "sync"))

_KILLED = frozenset(128 + number for number in (signal.SIGHUP, signal.SIGKILL, signal.SIGTERM))
"""Exit statuses of a shell whose instance may have been stopped under it."""
_LOOKS = 10
"""How often to look whether it was: Incus calls it running for a moment longer."""
_LOOK_PAUSE = 0.1
"""Seconds between two looks."""
_TYPED_AHEAD_SECONDS = 5.0
"""After how long what was typed is no more given to the next shell to try."""
_PASSWD_SECONDS = 3.0
"""How long to wait for a file that may be a pipe, or larger than any list of users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a session ended."""

    exit_status: int | None
    """The exit status, or ``None`` where it is not known."""
    words: str
    """What happened, for the user."""


def shell_candidates(passwd: bytes) -> Sequence[str]:
    """List the shells to try, best first.

    Args:
        passwd: The content of ``/etc/passwd``; anything may stand in it.

    Returns:
        The login shell of root where it is one, then bash, then sh.
    """
    found: list[str] = []
    for line in passwd.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if len(fields) >= 7 and fields[2] == "0":
            shell = fields[6].strip()
            if shell.startswith("/") and posixpath.basename(shell) not in _NO_SHELLS:
                found.append(shell)
            break
    return list(dict.fromkeys((*found, *_FALLBACKS)))


class ShellSession:
    """A shell in an instance: the channel that a terminal is attached to.

    The shells are tried in turn; one that does not exist is known only after
    it was asked for, and the next one is then taken without a word.
    """

    def __init__(
        self,
        connection: Connection,
        ref: InstanceRef,
        shells: Sequence[str],
        *,
        columns: int,
        rows: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ref = ref
        """The instance."""
        self.opened_at = clock()
        """When it was opened, in monotonic seconds."""
        self.ending: Ending | None = None
        """How it ended, or ``None`` while it lives."""
        self._connection = connection
        self._shells = list(shells)
        self._size = (columns, rows)
        self._session: ExecSession | None = None
        self._has_spoken = False
        self._clock = clock
        self._typed_ahead = bytearray()

    @property
    def command(self) -> tuple[str, ...]:
        """The command that runs."""
        return (self._shells[0], "-l")

    async def open(self) -> None:
        """Start the shell.

        Raises:
            ApiError: The server refused: not running, frozen, gone.
        """
        columns, rows = self._size
        self._session = await self._connection.exec.open(
            self.ref,
            self.command,
            options=CommandOptions(environment=_ENVIRONMENT),
            columns=columns,
            rows=rows,
        )

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
        if self._session is not None:
            await self._session.aclose()

    async def _finish(self, broken: SessionClosed | None) -> None:
        """Find out why the output ended, or go on with the next shell."""
        session = self._session
        if session is None:
            return
        try:
            status = await session.exit_status()
        except OperationFailed as error:
            # The terminal echoes what is typed even where no shell comes to read it.
            is_missing = _NO_SUCH_COMMAND.search(error.server_text) is not None
            if (is_missing or not self._has_spoken) and len(self._shells) > 1:
                self._shells.pop(0)
                await self._reopen()
                return
            self._end(None, f"{self.command[0]} could not run: {error.server_text}")
        except LxdTuiError as error:
            self._end(None, str(broken or error))
        else:
            self._end(status, await self._reason(status))

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
        if len(self._shells) > 1 and self._clock() - self.opened_at < _TYPED_AHEAD_SECONDS:
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

    def _end(self, status: int | None, words: str) -> None:
        if self.ending is None:
            self.ending = Ending(exit_status=status, words=words)


class SessionService:
    """Opens sessions in the instances of all servers."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections

    async def open_shell(self, ref: InstanceRef, *, columns: int, rows: int) -> ShellSession:
        """Open the best shell that an instance has.

        Args:
            ref: The instance.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.

        Returns:
            A session in which the shell runs.

        Raises:
            ApiError: The server refused: not running, frozen, gone.
        """
        connection = self._connections[ref.remote]
        try:
            async with asyncio.timeout(_PASSWD_SECONDS):
                passwd = await connection.instances.read_file(ref, "/etc/passwd")
        except (ApiError, TimeoutError):
            passwd = b""
        session = ShellSession(
            connection, ref, shell_candidates(passwd), columns=columns, rows=rows
        )
        await session.open()
        return session
