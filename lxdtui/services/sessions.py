"""Shells inside instances, as byte channels for the terminal."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxdtui.api.connection import Connection
from lxdtui.api.exec import CommandOptions
from lxdtui.errors import (
    ApiError,
    LxdTuiError,
    OperationFailed,
    PreflightFailed,
)
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import KeptSession, ShellOptions
from lxdtui.services.console import ConsoleSession
from lxdtui.services.shell_memory import ShellMemory
from lxdtui.services.shell_session import ShellSession
from lxdtui.services.shell_start import (
    kept_sessions,
    list_kept_command,
    plan_start,
)

__all__ = ["SessionService"]

_ANSWER_LIMIT = 1 << 16
"""Bytes that are taken of what a program of the instance answers."""
_PASSWD_LIMIT = 1 << 20
"""Bytes of a list of users or groups that are read."""
_PASSWD_SECONDS = 3.0
"""How long to wait for a file that may be a pipe, or larger than any list of users."""

_USUAL = ShellOptions()


class SessionService:
    """Opens sessions in the instances of all servers."""

    def __init__(self, connections: Mapping[str, Connection], memory: ShellMemory) -> None:
        self._connections = connections
        self._memory = memory

    async def open_shell(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        options: ShellOptions = _USUAL,
        on_wait: Callable[[str], None] | None = None,
    ) -> ShellSession:
        """Open a shell, the best that an instance has where none is named.

        Args:
            ref: The instance.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.
            options: How it starts.
            on_wait: Called with why it waits; with nothing when it goes on.

        Returns:
            A session in which the shell runs.

        Raises:
            PreflightFailed: There is no such user, group or directory.
            ApiError: The server refused: not running, frozen, gone.
        """
        connection = self._connections[ref.remote]
        passwd = await _read(connection, ref, "/etc/passwd")
        groups = await _read(connection, ref, "/etc/group") if options.group else b""
        if options.is_kept and not options.kept_name:
            options = replace(options, kept_name=f"lxdtui-{secrets.token_hex(3)}")
        plan = plan_start(ref.name, passwd, groups, options)
        if options.directory:
            await _look_for(connection, ref, plan.options, options.directory)
        session = ShellSession(
            connection,
            ref,
            plan,
            columns=columns,
            rows=rows,
            on_wait=on_wait,
            is_kept=options.is_kept,
        )
        await session.open()
        return session

    async def open_console(
        self,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        takes_over: bool = False,
        on_wait: Callable[[str], None] | None = None,
    ) -> ConsoleSession:
        """Attach to the console of an instance, now or once it runs.

        Args:
            ref: The instance.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.
            takes_over: Cut off who is attached already, where the server can do that.
            on_wait: Called with why it waits; with nothing when it is attached.

        Raises:
            ApiError: There is no such instance, or somebody else is attached.
        """
        session = ConsoleSession(
            self._connections[ref.remote],
            ref,
            columns=columns,
            rows=rows,
            takes_over=takes_over,
            on_wait=on_wait or _no_words,
        )
        await session.open()
        return session

    async def user_names(self, ref: InstanceRef) -> tuple[str, ...]:
        """List the users of an instance, as its ``/etc/passwd`` names them."""
        passwd = await _read(self._connections[ref.remote], ref, "/etc/passwd")
        lines = passwd.decode("utf-8", "replace").splitlines()
        return tuple(line.split(":")[0] for line in lines if line.count(":") >= 6)

    async def recall(self, ref: InstanceRef) -> tuple[ShellOptions, tuple[str, ...]]:
        """Return how a shell in an instance was started last, and the last commands of all."""
        return await asyncio.to_thread(self._memory.recall, ref)

    async def remember(
        self, ref: InstanceRef, options: ShellOptions, *, with_environment: bool
    ) -> None:
        """Keep how a shell was started.

        Raises:
            ConfigError: The file cannot be written.
        """
        await asyncio.to_thread(
            self._memory.remember, ref, options, with_environment=with_environment
        )

    async def kept(self, ref: InstanceRef) -> tuple[KeptSession, ...]:
        """List the shells that are kept in an instance; none where it has no tmux."""
        run = self._connections[ref.remote].exec.run
        try:
            async with asyncio.timeout(_PASSWD_SECONDS):
                _, output, _ = await run(ref, list_kept_command(), limit=_ANSWER_LIMIT)
        except (LxdTuiError, TimeoutError):
            return ()
        return kept_sessions(output)


async def _read(connection: Connection, ref: InstanceRef, path: str) -> bytes:
    try:
        async with asyncio.timeout(_PASSWD_SECONDS):
            return await connection.files.rest.read(ref, path, limit=_PASSWD_LIMIT)
    except (ApiError, TimeoutError):
        return b""


async def _look_for(
    connection: Connection, ref: InstanceRef, options: CommandOptions, directory: str
) -> None:
    """Make sure that a directory can be entered: the servers take another one without a word."""
    asked = CommandOptions(user=options.user, group=options.group)
    command = ("sh", "-c", 'cd -- "$1"', "sh", directory)
    try:
        async with asyncio.timeout(_PASSWD_SECONDS):
            status, _, errors = await connection.exec.run(
                ref, command, options=asked, limit=_ANSWER_LIMIT
            )
    except (OperationFailed, TimeoutError):
        # Without a shell to ask, the server decides.
        return
    if status:
        words = errors.decode("utf-8", "replace").strip().splitlines()
        why = words[-1].rpartition(": ")[2] if words else "it cannot be entered"
        raise PreflightFailed(f"open a shell in {ref.name}", [f"{directory}: {why}"])


def _no_words(_words: str) -> None:
    return
