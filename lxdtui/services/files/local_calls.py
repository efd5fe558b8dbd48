"""Calls of the operating system that wait for a disk: to be made in threads."""

import os
import stat
from datetime import UTC, datetime

from lxdtui.model.files import FileAttributes, FileEntry, FileKind, path_text

__all__ = [
    "attributes_of",
    "change_owner",
    "list_directory",
    "make_directory",
    "open_file",
    "usual_mode",
    "write_all",
]

_KEEP = -1


def list_directory(path: bytes, *, links: bool = True) -> list[FileEntry]:
    """List a directory.

    Args:
        path: The directory, or a link to one.
        links: Also look at what symbolic links hold and lead to.
    """
    entries: list[FileEntry] = []
    with os.scandir(path) as found:
        for item in found:
            try:
                attributes = attributes_of(item.stat(follow_symlinks=False))
            except FileNotFoundError:
                # Gone since it was listed.
                continue
            target, kind = None, None
            if links and attributes.kind is FileKind.SYMLINK:
                target, kind = _behind(item.path)
            entries.append(
                FileEntry(
                    name=path_text(item.name),
                    attributes=attributes,
                    target=target,
                    target_kind=kind,
                )
            )
    return entries


def attributes_of(found: os.stat_result) -> FileAttributes:
    """Translate what the operating system knows of a file."""
    return FileAttributes(
        kind=FileKind.from_mode(found.st_mode),
        size=found.st_size,
        mode=stat.S_IMODE(found.st_mode),
        uid=found.st_uid,
        gid=found.st_gid,
        modified=_time(found.st_mtime),
        accessed=_time(found.st_atime),
    )


def open_file(path: bytes, flags: int, mode: int = 0) -> int:
    """Open a file, without waiting for the other end where it is a pipe."""
    return os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY, mode)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of the data."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def change_owner(path: bytes, uid: int | None, gid: int | None) -> None:
    """Change what is not ``None`` of owner and group."""
    os.chown(path, _KEEP if uid is None else uid, _KEEP if gid is None else gid)


def make_directory(
    path: bytes, *, mode: int | None = None, uid: int | None = None, gid: int | None = None
) -> None:
    """Make a directory with the attributes that are not ``None``."""
    os.mkdir(path, usual_mode(0o755))
    if uid is not None or gid is not None:
        change_owner(path, uid, gid)
    if mode is not None:
        os.chmod(path, stat.S_IMODE(mode))


def usual_mode(mode: int) -> int:
    """Leave out of a mode what the user never wants for new files (the umask)."""
    # The call that reads the umask also changes it, for all threads.
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("Umask:"):
                    return mode & ~int(line.split()[1], 8)
    except (OSError, ValueError):
        pass
    return mode & ~0o022


def _behind(path: bytes) -> tuple[str | None, FileKind | None]:
    try:
        target = path_text(os.readlink(path))
    except OSError:
        # It is gone, or something else by now.
        return None, None
    try:
        return target, FileKind.from_mode(os.stat(path).st_mode)
    except OSError:
        return target, None


def _time(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
