"""The logs of instances: read at their end, followed, saved."""

import asyncio
import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxdtui.api.connection import Connection
from lxdtui.errors import LocalFileError
from lxdtui.model.refs import InstanceRef
from lxdtui.services.private_files import open_private, words_of

__all__ = ["CONSOLE", "LogService", "LogText"]

CONSOLE = "console"
"""Name that the console log goes by, beside the names of files."""

_LARGEST = 1 << 20
"""Bytes of a log that are kept in memory."""
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogText:
    """The end of a log."""

    lines: tuple[str, ...]
    """Lines as they come from outside, without their ends."""
    is_cut: bool
    """Whether there is more before them."""
    raw: bytes
    """What the lines were made of."""

    @classmethod
    def of(cls, raw: bytes, *, is_cut: bool) -> "LogText":
        """Take bytes apart into lines.

        Args:
            raw: The bytes; any may be among them.
            is_cut: Whether there is more before them.
        """
        text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
        lines = text.split("\n")
        if lines and not lines[-1]:
            lines.pop()
        if is_cut and len(lines) > 1:
            # The first one is a part of a line.
            del lines[0]
        kept = tuple(lines[-_MOST_LINES:])
        return cls(lines=kept, is_cut=is_cut or len(lines) > len(kept), raw=raw)


class LogService:
    """Reads the logs of instances of all servers."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections

    async def names(self, ref: InstanceRef) -> tuple[str, ...]:
        """List what there is: the console log, then the files.

        Raises:
            NotFound: The instance does not exist.
        """
        return (CONSOLE, *await self._connections[ref.remote].logs.names(ref))

    async def read(self, ref: InstanceRef, name: str, before: LogText | None = None) -> LogText:
        """Read the end of a log.

        Args:
            ref: The instance.
            name: :data:`CONSOLE` or the name of a file.
            before: What was read before. The servers hand out the console log
                of a running container but once, so that it is what came before.

        Raises:
            ApiError: The server refused, or the file is gone.
        """
        calls = self._connections[ref.remote].logs
        if name != CONSOLE:
            raw, is_cut = await calls.tail(ref, name, limit=_LARGEST)
        else:
            raw, is_cut = await calls.console(ref, limit=_LARGEST)
            if before is not None and not raw.startswith(before.raw):
                raw = before.raw + raw
                is_cut = is_cut or before.is_cut or len(raw) > _LARGEST
                raw = raw[-_LARGEST:]
        if before is not None and (raw, is_cut) == (before.raw, before.is_cut):
            return before
        return await asyncio.to_thread(LogText.of, raw, is_cut=is_cut)

    async def save(
        self, ref: InstanceRef, name: str, path: Path, *, read: LogText | None = None
    ) -> int:
        """Save a whole log to a new file of this computer that its owner alone may read.

        Args:
            ref: The instance.
            name: :data:`CONSOLE` or the name of a file.
            path: The file; it must not exist.
            read: What was read of the console log.

        Returns:
            Bytes that were written.

        Raises:
            LxdTuiError: The file exists, cannot be written, or the server refused;
                what was written until then is removed.
        """
        fileno = await asyncio.to_thread(open_private, path)
        written = 0
        is_whole = False
        try:
            with os.fdopen(fileno, "wb") as file:
                if name == CONSOLE:
                    written = await asyncio.to_thread(file.write, read.raw if read else b"")
                else:
                    async with self._connections[ref.remote].logs.open(ref, name) as streamed:
                        async for piece in streamed.pieces:
                            written += await asyncio.to_thread(file.write, piece)
            is_whole = True
        except OSError as error:
            raise LocalFileError(f"write {path}", words_of(error)) from error
        finally:
            if not is_whole:
                _remove(path)
        return written


def _remove(path: Path) -> None:
    """Remove a part of a log, which would only be in the way of the next attempt."""
    with contextlib.suppress(OSError):
        path.unlink()
