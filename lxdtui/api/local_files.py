"""Files on this machine, read and written without stopping the event loop.

Names keep their bytes, whatever the encoding of this machine is. What comes
from a container is not trusted: nothing is written through a link, set-id bits
are not taken over.
"""

import asyncio
import contextlib
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from lxdtui.errors import LocalFileError
from lxdtui.model.files import FileKind, path_bytes, path_text, short_path

__all__ = [
    "LocalEntry",
    "finish_directory",
    "list_local",
    "local_path",
    "make_local_directory",
    "make_local_link",
    "read_local",
    "resolve_local",
    "write_local",
]

P = ParamSpec("P")
T = TypeVar("T")

_PIECE = 1 << 20
_GATHERED = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalEntry:
    """An entry of a directory on this machine."""

    name: str
    """The name as :mod:`lxdtui.model.files` writes it."""
    path: Path
    """Where it is."""
    kind: FileKind
    """What it is."""
    mode: int
    """Permission bits."""
    target: str
    """What a link holds; empty for anything else."""


def local_path(directory: Path, name: str) -> Path:
    """Return where an entry of an instance's directory is put.

    Args:
        directory: A directory on this machine.
        name: A name as :mod:`lxdtui.model.files` writes it.
    """
    return directory / os.fsdecode(path_bytes(name))


async def list_local(path: Path) -> list[LocalEntry]:
    """List a directory, links not followed.

    Raises:
        LocalFileError: It cannot be read.
    """
    return await _in_thread("list", path, _list, path)


async def read_local(path: Path) -> AsyncGenerator[bytes, None]:
    """Read a file in pieces of one mebibyte.

    Raises:
        LocalFileError: It cannot be read.
    """
    descriptor = await _in_thread("read", path, os.open, path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while piece := await _in_thread("read", path, os.read, descriptor, _PIECE):
            yield piece
    finally:
        os.close(descriptor)


async def write_local(path: Path, pieces: AsyncIterable[bytes], *, mode: int) -> None:
    """Write a file; one that breaks off is removed.

    Args:
        path: Where; not through a link.
        pieces: The content.
        mode: Permission bits; those beyond read, write and execute are left out.

    Raises:
        LocalFileError: It cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = await _in_thread("write", path, os.open, path, flags, 0o600)
    try:
        gathered = bytearray()
        async for piece in pieces:
            gathered += piece
            if len(gathered) >= _GATHERED:
                await _in_thread("write", path, _write_all, descriptor, bytes(gathered))
                gathered.clear()
        await _in_thread("write", path, _write_all, descriptor, bytes(gathered))
        await _in_thread("write", path, os.fchmod, descriptor, mode & 0o777)
    except BaseException:
        _drop(path)
        raise
    finally:
        os.close(descriptor)


async def resolve_local(path: Path) -> Path:
    """Follow the links in a path that its user has chosen.

    Raises:
        LocalFileError: They go in circles.
    """
    return await _in_thread("find", path, path.resolve)


async def make_local_directory(path: Path) -> None:
    """Make a directory that only we can use yet; one that exists will do, a link to one will not.

    Raises:
        LocalFileError: It cannot be made.
    """
    await _in_thread("make", path, _make_directory, path)


async def finish_directory(path: Path, mode: int) -> None:
    """Give a directory its permission bits, when everything is in it.

    Raises:
        LocalFileError: They cannot be changed.
    """
    await _in_thread("change", path, path.chmod, mode & 0o777)


async def make_local_link(target: str, path: Path) -> None:
    """Make a symbolic link, in place of another link if need be.

    Raises:
        LocalFileError: Something else is there.
    """
    await _in_thread("link", path, _make_link, target, path)


async def _in_thread(
    verb: str, path: Path, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    with _translated(verb, path):
        return await asyncio.to_thread(work, *args, **kwargs)


@contextmanager
def _translated(verb: str, path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise LocalFileError(f"{verb} {short_path(path_text(os.fsencode(path)))}", words) from error


def _list(path: Path) -> list[LocalEntry]:
    entries: list[LocalEntry] = []
    with os.scandir(path) as found:
        for item in found:
            status = item.stat(follow_symlinks=False)
            kind = FileKind.from_mode(status.st_mode)
            here = Path(item.path)
            target = path_text(os.fsencode(here.readlink())) if item.is_symlink() else ""
            name = path_text(os.fsencode(item.name))
            entries.append(LocalEntry(name, here, kind, stat.S_IMODE(status.st_mode), target))
    return entries


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _drop(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(0o700)
    except FileExistsError:
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise


def _make_link(target: str, path: Path) -> None:
    try:
        path.symlink_to(os.fsdecode(path_bytes(target)))
    except FileExistsError:
        if not stat.S_ISLNK(path.lstat().st_mode):
            raise
        path.unlink()
        path.symlink_to(os.fsdecode(path_bytes(target)))
