"""One large file between this computer and an instance, past the event loop.

A thread with a connection of its own writes in packets as long as the servers
take them, and reads with many requests under way. A broken link leaves no
hole in what was read; in what was written it may, so that whoever goes on
with a broken file has to compare what is there.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable

from lxdtui.api.sftp.large_reading import LargeReading
from lxdtui.api.sftp.large_writing import LargeWriting
from lxdtui.api.sftp.straight import ShortFileError, StraightLink
from lxdtui.api.transport import Transport
from lxdtui.errors import BadRequest
from lxdtui.model.files import short_path
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["LargeFiles"]

_TOLD_EACH = 0.05
"""Seconds between two reports."""


class LargeFiles:
    """Copies single large files. Each has a session of its own.

    Args:
        transport: The server.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(
        self,
        ref: InstanceRef,
        path: str,
        descriptor: int,
        *,
        offset: int,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Write a part of a file of this computer to the same place of one that exists.

        Args:
            ref: The instance.
            path: Absolute path; the file must exist.
            descriptor: The file of this computer.
            offset: First byte.
            size: Where the part ends.
            progress: Told how many bytes the server has, those before the offset included.
            may_go: Asked from a thread: while it says no, nothing is sent.

        Raises:
            BadRequest: The file of this computer is shorter.
            ConnectionFailed: The link broke.
            ApiError: The server refused.
        """
        tried = f"write {short_path(path)} in {ref.name}"
        link = self._link(ref, tried)
        told = _teller(progress)
        writing = LargeWriting(link, tried, descriptor, offset=offset, size=size, may_go=may_go)
        try:
            await self._apart(link, tried, lambda: writing.run(path, told))
        except ShortFileError as error:
            raise BadRequest(tried, f"only {error.size} of {size} bytes came") from error
        finally:
            progress(writing.reached)

    async def fetch(
        self,
        ref: InstanceRef,
        path: str,
        write: Callable[[memoryview], None],
        *,
        offset: int,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> int:
        """Read a part of a file, in order. It ends early where the file does.

        Args:
            ref: The instance.
            path: Absolute path, links followed.
            write: Called from a thread with each piece, which is not to be kept.
            offset: First byte.
            size: Where the part ends.
            progress: Told how many bytes were written, those before the offset included.
            may_go: Asked from a thread: while it says no, nothing is asked for.

        Returns:
            The offset that was reached.

        Raises:
            ConnectionFailed: The link broke.
            ApiError: The server refused.
            LxdTuiError: ``write`` raised it.
        """
        tried = f"read {short_path(path)} in {ref.name}"
        link = self._link(ref, tried)
        told = _teller(progress)
        reading = LargeReading(link, tried, write, offset=offset, size=size, may_go=may_go)
        try:
            await self._apart(link, tried, lambda: reading.run(path, told))
        finally:
            progress(reading.reached)
        return reading.reached

    def _link(self, ref: InstanceRef, tried: str) -> StraightLink:
        path = f"{ref.path}/sftp?project={quote_segment(ref.project)}"
        return StraightLink(self._transport.streams.open_socket, path, tried=tried)

    async def _apart(self, link: StraightLink, tried: str, work: Callable[[], None]) -> None:
        """Do it in a thread, which has ended when this has."""

        def run() -> None:
            try:
                link.open()
                work()
            finally:
                link.close()

        await self._transport.streams.apart(run, link.stop, tried=tried)


def _teller(progress: Callable[[int], None]) -> Callable[[int], None]:
    """Return what tells from a thread how far it is, now and then."""
    loop = asyncio.get_running_loop()
    told_at = 0.0

    def told(reached: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= _TOLD_EACH:
            told_at = now
            # The loop may be gone when a thread tells something last.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(progress, reached)

    return told
