"""Whole directories from this machine into an instance and back.

Sixteen files are under way at a time, each piece by piece: the memory that is
needed grows with neither the number of files nor their sizes.
"""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from lxdtui.api.directories import ENTRY_LIMIT
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.api.local_files import (
    LocalEntry,
    finish_directory,
    list_local,
    local_path,
    make_local_directory,
    make_local_link,
    read_local,
    resolve_local,
    write_local,
)
from lxdtui.api.parallel import in_parallel
from lxdtui.errors import Conflict, NotFound, UnexpectedResponse
from lxdtui.model.files import FileEntry, FileKind, join_path

__all__ = ["Copied", "pull_tree", "push_tree"]

_AT_ONCE = 16
_PLAIN_BITS = 0o777
"""Permission bits without set-id and sticky bits, which the servers do not set."""


@dataclass(slots=True, kw_only=True)
class Copied:
    """How much of a directory was copied so far."""

    files: int = 0
    directories: int = 0
    links: int = 0
    bytes: int = 0
    skipped: int = 0
    """Devices, sockets and pipes, which are not copied."""


async def push_tree(
    files: InstanceFiles,
    local: str | os.PathLike[str],
    remote: str,
    *,
    mode: int | None = None,
    uid: int | None = None,
    gid: int | None = None,
    progress: Callable[[Copied], None] | None = None,
) -> Copied:
    """Copy what a directory of this machine holds into one of an instance.

    Args:
        files: The instance's files.
        local: The directory here.
        remote: The directory there, made with those above it where it is missing.
        mode: Permission bits of all files, instead of those that they have here.
        uid: Owner of everything, root by default.
        gid: Group of everything, root by default.
        progress: Told often what was copied so far.

    Returns:
        What was copied.

    Raises:
        LocalFileError: Something here cannot be read.
        ApiError: Something there cannot be written.
    """
    push = _Push(files, mode=mode, uid=uid, gid=gid, progress=progress)
    async with files.hold():
        await files.make_directory(remote, uid=uid, gid=gid, parents=True)
        pending = [(Path(local), remote)]
        while pending:
            here, there = pending.pop()
            entries = await list_local(here)
            await in_parallel(entries, push.one(there), width=_AT_ONCE)
            pending += [
                (entry.path, join_path(there, entry.name))
                for entry in entries
                if entry.kind is FileKind.DIRECTORY
            ]
    return push.copied


async def pull_tree(
    files: InstanceFiles,
    remote: str,
    local: str | os.PathLike[str],
    *,
    progress: Callable[[Copied], None] | None = None,
) -> Copied:
    """Copy what a directory of an instance holds into one of this machine.

    What the instance holds is not trusted: nothing is written outside of the
    directory here, and set-id bits are left out. Links are made as they are,
    after everything else.

    Args:
        files: The instance's files.
        remote: The directory there.
        local: The directory here, made where it is missing; it may be a link to one.
        progress: Told often what was copied so far.

    Returns:
        What was copied.

    Raises:
        LocalFileError: Something here cannot be written.
        ApiError: Something there cannot be read.
    """
    pull = _Pull(files, progress)
    base = await resolve_local(Path(local))
    async with files.hold(), aclosing(files.walk(remote)) as directories:
        top: str | None = None
        async for there, entries in directories:
            if top is None:
                top = there.rstrip("/")
            below = there.rstrip("/").removeprefix(top).lstrip("/")
            await pull.directory(local_path(base, below), there, entries)
    await pull.finish()
    return pull.copied


class _Push:
    def __init__(
        self,
        files: InstanceFiles,
        *,
        mode: int | None,
        uid: int | None,
        gid: int | None,
        progress: Callable[[Copied], None] | None,
    ) -> None:
        self.copied = Copied(directories=1)
        self._files = files
        self._mode = mode
        self._uid = uid
        self._gid = gid
        self._progress = progress

    def one(self, there: str) -> Callable[[LocalEntry], Awaitable[None]]:
        async def push(entry: LocalEntry) -> None:
            await self._push(entry, join_path(there, entry.name))
            if self._progress is not None:
                self._progress(self.copied)

        return push

    async def _push(self, entry: LocalEntry, path: str) -> None:
        match entry.kind:
            case FileKind.DIRECTORY:
                await self._files.make_directory(
                    path, mode=entry.mode & _PLAIN_BITS, uid=self._uid, gid=self._gid, parents=True
                )
                self.copied.directories += 1
            case FileKind.SYMLINK:
                await self._link(entry.target, path)
                self.copied.links += 1
            case FileKind.FILE:
                await self._files.write(
                    path,
                    self._counted(entry.path),
                    mode=entry.mode & _PLAIN_BITS if self._mode is None else self._mode,
                    uid=self._uid,
                    gid=self._gid,
                )
                self.copied.files += 1
            case _:
                self.copied.skipped += 1

    async def _link(self, target: str, path: str) -> None:
        try:
            await self._files.symlink(target, path)
        except Conflict:
            if (await self._files.lstat(path)).kind is not FileKind.SYMLINK:
                raise
            await self._files.remove(path)
            await self._files.symlink(target, path)

    async def _counted(self, path: Path) -> AsyncGenerator[bytes, None]:
        async with aclosing(read_local(path)) as pieces:
            async for piece in pieces:
                yield piece
                self.copied.bytes += len(piece)
                if self._progress is not None:
                    self._progress(self.copied)


class _Pull:
    def __init__(self, files: InstanceFiles, progress: Callable[[Copied], None] | None) -> None:
        self.copied = Copied()
        self._files = files
        self._progress = progress
        self._links: list[tuple[str, Path]] = []
        self._modes: list[tuple[Path, int]] = []

    async def directory(self, here: Path, there: str, entries: list[FileEntry]) -> None:
        """Copy the files of one directory; links and modes are for :meth:`finish`."""
        await make_local_directory(here)
        self.copied.directories += 1
        if len({entry.name for entry in entries}) < len(entries):
            raise UnexpectedResponse(f"copy {there}", "the server lists a name twice")

        async def pull(entry: FileEntry) -> None:
            await self._pull(entry, local_path(here, entry.name), there)
            if self._progress is not None:
                self._progress(self.copied)

        await in_parallel(entries, pull, width=_AT_ONCE)
        if len(self._links) + len(self._modes) > ENTRY_LIMIT:
            raise UnexpectedResponse(
                f"copy {there}", f"there are more than {ENTRY_LIMIT} directories and links"
            )

    async def finish(self) -> None:
        """Make what could lead elsewhere, or could close a directory, when all is in place."""
        for target, path in self._links:
            await make_local_link(target, path)
            self.copied.links += 1
        for path, mode in reversed(self._modes):
            await finish_directory(path, mode)
        if self._progress is not None:
            self._progress(self.copied)

    async def _pull(self, entry: FileEntry, path: Path, there: str) -> None:
        remote = join_path(there, entry.name)
        mode = entry.attributes.mode
        match entry.kind:
            case FileKind.DIRECTORY:
                self._modes.append((path, 0o755 if mode is None else mode))
            case FileKind.SYMLINK:
                self._links.append((await self._files.read_link(remote), path))
            case FileKind.FILE:
                try:
                    await write_local(
                        path, self._counted(remote), mode=0o644 if mode is None else mode
                    )
                except NotFound:
                    # Gone since it was listed.
                    return
                self.copied.files += 1
            case _:
                self.copied.skipped += 1

    async def _counted(self, path: str) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._files.read(path)) as pieces:
            async for piece in pieces:
                yield piece
                self.copied.bytes += len(piece)
                if self._progress is not None:
                    self._progress(self.copied)
