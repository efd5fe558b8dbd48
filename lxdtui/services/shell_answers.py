"""What an instance answers before a shell is opened: small files and short programs.

Both are those of the instance: what they tell is bounded, and so is the wait for it.
"""

import asyncio
from collections.abc import Sequence

from lxdtui.api.connection import Connection
from lxdtui.errors import ApiError, LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import KeptSession
from lxdtui.services.kept_shells import kept_sessions, list_kept_command

__all__ = ["ANSWER_LIMIT", "ANSWER_SECONDS", "answer_of", "list_kept", "read_small"]

ANSWER_LIMIT = 1 << 16
"""Bytes that are taken of what a program answers."""
ANSWER_SECONDS = 3.0
"""How long to wait for a file that may be a pipe, or a program that may never end."""
_FILE_LIMIT = 1 << 20


async def read_small(connection: Connection, ref: InstanceRef, path: str) -> bytes:
    """Return the beginning of a file; nothing where it cannot be read in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await connection.files.rest.read(ref, path, limit=_FILE_LIMIT)
    except (ApiError, TimeoutError):
        return b""


async def answer_of(connection: Connection, ref: InstanceRef, command: Sequence[str]) -> bytes:
    """Return what a program prints; nothing where it does not work, or not in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, output, _ = await connection.exec.run(ref, command, limit=ANSWER_LIMIT)
    except (LxdTuiError, TimeoutError):
        return b""
    return output


async def list_kept(connection: Connection, ref: InstanceRef) -> tuple[KeptSession, ...]:
    """List the shells of all users that tmux or screen keeps in an instance."""
    output = await answer_of(connection, ref, list_kept_command())
    if not output:
        return ()
    return kept_sessions(output, await read_small(connection, ref, "/etc/passwd"))
