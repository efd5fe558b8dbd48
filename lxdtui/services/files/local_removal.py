"""Removing a directory of this computer with all that it holds."""

import asyncio
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from lxdtui.services.files.filesystem import Progress
from lxdtui.services.files.threads import in_thread

__all__ = ["Removal"]

_TOLD_EACH = 100


@dataclass(slots=True)
class _Level:
    """A directory that is being emptied."""

    descriptor: int
    name: bytes
    names: Iterator[bytes]


class Removal:
    """Removes one directory. Links are not followed, not even ones that get there meanwhile.

    Args:
        tried: What is tried, in words.
        progress: Told now and then how many entries were removed.
    """

    def __init__(self, tried: str, progress: Progress | None) -> None:
        self._tried = tried
        self._progress = progress
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_over = threading.Event()
        self._count = 0

    async def run(self, path: bytes) -> int:
        """Remove a directory; return how many entries went."""
        self._loop = asyncio.get_running_loop()
        work = asyncio.ensure_future(in_thread(self._tried, self._remove, path))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._is_over.set()
            await asyncio.wait({work})
            # Taken, so that asyncio does not complain that nobody did.
            work.cancelled() or work.exception()
            raise
        if self._progress is not None:
            self._progress(self._count)
        return self._count

    def _remove(self, path: bytes) -> None:
        above, name = os.path.split(path.rstrip(b"/"))
        base = os.open(above or b"/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        levels: list[_Level] = []
        try:
            levels.append(_enter(base, name))
            while levels and not self._is_over.is_set():
                self._step(levels, base)
        finally:
            for level in levels:
                os.close(level.descriptor)
            os.close(base)

    def _step(self, levels: list[_Level], base: int) -> None:
        """Remove one entry, go down into one, or leave one that is empty."""
        level = levels[-1]
        name = next(level.names, None)
        if name is None:
            above = levels[-2].descriptor if len(levels) > 1 else base
            os.rmdir(level.name, dir_fd=above)
            os.close(level.descriptor)
            levels.pop()
            self._tell()
            return
        with suppress(FileNotFoundError):
            found = os.stat(name, dir_fd=level.descriptor, follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                levels.append(_enter(level.descriptor, name))
                return
            os.unlink(name, dir_fd=level.descriptor)
            self._tell()

    def _tell(self) -> None:
        self._count += 1
        if self._progress and self._loop and self._count % _TOLD_EACH == 0:
            self._loop.call_soon_threadsafe(self._progress, self._count)


def _enter(above: int, name: bytes) -> _Level:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, dir_fd=above)
    try:
        names = [os.fsencode(item) for item in os.listdir(descriptor)]
    except BaseException:
        os.close(descriptor)
        raise
    return _Level(descriptor, name, iter(names))
