"""Files inside an instance: names, kinds, attributes.

A name in a container is bytes, and nothing but ``/`` and NUL is forbidden in
it. Paths and names are ``str`` here in which each byte that is no UTF-8 stands
as a half surrogate (``surrogateescape``, PEP 383): :func:`path_bytes` gives
back exactly the bytes that came from the wire. Such text can hold anything,
control characters too, and has to be made harmless before it is shown.
"""

import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

__all__ = [
    "NAME_BYTES",
    "PATH_BYTES",
    "FileAttributes",
    "FileEntry",
    "FileKind",
    "absolute_path",
    "base_name",
    "format_mode",
    "is_entry_name",
    "join_path",
    "parent_path",
    "parse_mode",
    "path_bytes",
    "path_text",
    "quote_path",
    "short_path",
    "time_from_epoch",
]

NAME_BYTES = 255
"""The longest name of an entry that Linux has."""
PATH_BYTES = 4095
"""The longest path that Linux takes."""

_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
_PERMISSIONS = 0o7777
_LONGEST_SHOWN = 300


class FileKind(StrEnum):
    """What an entry of a directory is. The first three are words of the REST API."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    CHARACTER_DEVICE = "character device"
    BLOCK_DEVICE = "block device"
    FIFO = "fifo"
    SOCKET = "socket"
    UNKNOWN = "unknown"

    @classmethod
    def from_mode(cls, mode: int) -> "FileKind":
        """Read the kind from the type bits of ``st_mode``."""
        return _KINDS.get(stat.S_IFMT(mode), cls.UNKNOWN)


_KINDS = {
    stat.S_IFREG: FileKind.FILE,
    stat.S_IFDIR: FileKind.DIRECTORY,
    stat.S_IFLNK: FileKind.SYMLINK,
    stat.S_IFCHR: FileKind.CHARACTER_DEVICE,
    stat.S_IFBLK: FileKind.BLOCK_DEVICE,
    stat.S_IFIFO: FileKind.FIFO,
    stat.S_IFSOCK: FileKind.SOCKET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAttributes:
    """What is known of a file. Whatever the server did not tell is ``None``."""

    kind: FileKind = FileKind.UNKNOWN
    """File, directory, …"""
    size: int | None = None
    """Bytes."""
    mode: int | None = None
    """Permission bits with set-id and sticky bits, without the type."""
    uid: int | None = None
    """Owner, as the container numbers users."""
    gid: int | None = None
    """Group, as the container numbers groups."""
    modified: datetime | None = None
    """When the content was last changed."""
    accessed: datetime | None = None
    """When the content was last read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """An entry of a directory."""

    name: str
    """The name, without slashes; never ``.`` or ``..``."""
    attributes: FileAttributes
    """Of the entry itself: those of a symbolic link, not of what it points at."""
    target: str | None = None
    """What a symbolic link holds, where that was asked for."""
    target_kind: FileKind | None = None
    """What a symbolic link leads to, where that was asked for; ``None`` where it
    leads nowhere."""

    @property
    def kind(self) -> FileKind:
        """What the entry itself is."""
        return self.attributes.kind

    @property
    def is_directory(self) -> bool:
        """Whether one can go into it: a directory, or a link known to lead to one."""
        return FileKind.DIRECTORY in (self.kind, self.target_kind)


def path_bytes(path: str) -> bytes:
    """Return the bytes that a path has on the wire.

    Other half surrogates than those that stand for bytes have no encoding and
    become ``?``.
    """
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def path_text(path: bytes) -> str:
    """Return the text for the bytes of a path; :func:`path_bytes` is its inverse."""
    return path.decode("utf-8", "surrogateescape")


def quote_path(path: str) -> str:
    """Percent-encode a path, byte for byte, as the value of a query parameter."""
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path_bytes(path)
    )


def absolute_path(path: str) -> str:
    """Return a path that begins at ``/``, as relative ones do for the servers."""
    return path if path.startswith("/") else f"/{path}"


def join_path(directory: str, name: str) -> str:
    """Put a name, or a relative path, below a directory; an absolute one stays as it is."""
    if name.startswith("/"):
        return name
    return f"{directory.rstrip('/')}/{name}"


def parent_path(path: str) -> str:
    """Return the directory that holds a path; that of ``/`` is ``/``."""
    head, _, _ = path.rstrip("/").rpartition("/")
    return head or "/"


def base_name(path: str) -> str:
    """Return the last part of a path; that of ``/`` is empty."""
    return path.rstrip("/").rpartition("/")[2]


def short_path(path: str) -> str:
    """Return a path for a message, its middle left out where it is long."""
    if len(path) <= _LONGEST_SHOWN:
        return path
    return f"{path[: _LONGEST_SHOWN // 2]}…{path[-_LONGEST_SHOWN // 2 :]}"


def is_entry_name(name: str) -> bool:
    """Say whether a name can stand in a directory, and so leads nowhere else."""
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


def format_mode(mode: int) -> str:
    """Write a mode as the servers read it: octal with a leading zero.

    They take a number without one as decimal: ``755`` would become 01363.

    Raises:
        ValueError: There are other than permission bits in it.
    """
    if mode != mode & _PERMISSIONS:
        raise ValueError(f"{mode:#o} is no mode: only permission bits may be set")
    return f"0{mode:03o}"


def parse_mode(mode: int | str | None) -> int | None:
    """Read a mode as people write it.

    Args:
        mode: Permission bits as a number (``0o755``), or octal digits as text
            (``"755"``, ``"0755"``, ``"0o755"``).

    Raises:
        ValueError: It is no mode.
    """
    if mode is None:
        return None
    number = mode if isinstance(mode, int) else int(mode, 8)
    if number != number & _PERMISSIONS:
        raise ValueError(f"{mode!r} is no mode: only permission bits may be set")
    return number


def time_from_epoch(seconds: int) -> datetime:
    """Return the time for unsigned seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
