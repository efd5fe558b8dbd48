"""Shells inside instances, as byte channels for the terminal."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxdtui.api.connection import Connection
from lxdtui.api.exec import CommandOptions
from lxdtui.errors import OperationFailed, PreflightFailed
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import KeptSession, ShellOptions
from lxdtui.services.console import ConsoleSession
from lxdtui.services.kept_shells import KEPT_PREFIX, find_tools_command
from lxdtui.services.shell_answers import (
    ANSWER_LIMIT,
    ANSWER_SECONDS,
    answer_of,
    list_kept,
    read_small,
)
from lxdtui.services.shell_memory import ShellMemory
from lxdtui.services.shell_session import ShellSession
from lxdtui.services.shell_start import needs_tools, plan_start
from lxdtui.services.shell_users import User

__all__ = ["SessionService"]

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
        passwd = await read_small(connection, ref, "/etc/passwd")
        is_usual = options.user in ("", "0", "root") and not options.group
        groups = b"" if is_usual else await read_small(connection, ref, "/etc/group")
        attaches = bool(options.kept_name)
        if options.is_kept and not attaches:
            options = replace(options, kept_name=f"{KEPT_PREFIX}{secrets.token_hex(3)}")
        user = needs_tools(passwd, groups, options)
        tools = frozenset[str]() if user is None else await _find_tools(connection, ref, user)
        plan = plan_start(ref.name, passwd, groups, options, tools)
        if attaches:
            plan = replace(plan, commands=(plan.again,))
        if options.directory:
            await _look_for(connection, ref, plan.rights, options.directory)
        session = ShellSession(
            connection,
            ref,
            plan,
            columns=columns,
            rows=rows,
            on_wait=on_wait,
            kept_name=options.kept_name,
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
        passwd = await read_small(self._connections[ref.remote], ref, "/etc/passwd")
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
        """List the shells of all users that are kept in an instance, by tmux or screen."""
        return await list_kept(self._connections[ref.remote], ref)


async def _find_tools(connection: Connection, ref: InstanceRef, user: User) -> frozenset[str]:
    """Find what keeps shells in an instance, and what sets the groups of a user."""
    output = await answer_of(connection, ref, find_tools_command(user.uid, user.gid, user.name))
    return frozenset(output.decode("utf-8", "replace").split())


async def _look_for(
    connection: Connection, ref: InstanceRef, rights: CommandOptions, directory: str
) -> None:
    """Make sure that a directory can be entered: the servers take another one without a word."""
    command = ("sh", "-c", 'cd -- "$1"', "sh", directory)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            status, _, errors = await connection.exec.run(
                ref, command, options=rights, limit=ANSWER_LIMIT
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
