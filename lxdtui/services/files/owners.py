"""Names of users and groups, as the files of a place number them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxdtui.errors import LxdTuiError
from lxdtui.services.files.filesystem import FileSystem

__all__ = ["Owners", "home_of", "read_owners"]

_LIMIT = 1 << 20
"""Bytes of ``/etc/passwd`` and ``/etc/group`` that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Who stands behind the numbers."""

    users: Mapping[int, str] = field(default_factory=dict)
    """Names of users by number."""
    groups: Mapping[int, str] = field(default_factory=dict)
    """Names of groups by number."""

    def user(self, uid: int | None) -> str:
        """Return the name of a user, else the number, else nothing."""
        return "" if uid is None else self.users.get(uid, str(uid))

    def group(self, gid: int | None) -> str:
        """Return the name of a group, else the number, else nothing."""
        return "" if gid is None else self.groups.get(gid, str(gid))

    def uid(self, text: str) -> int | None:
        """Return the number of a user that is written as a name or a number."""
        return _number(text, self.users)

    def gid(self, text: str) -> int | None:
        """Return the number of a group that is written as a name or a number."""
        return _number(text, self.groups)


async def read_owners(files: FileSystem) -> Owners:
    """Read the names from ``/etc/passwd`` and ``/etc/group``; none where that fails."""
    users, groups = await asyncio.gather(_names(files, "/etc/passwd"), _names(files, "/etc/group"))
    return Owners(users=users, groups=groups)


def home_of(passwd: bytes, uid: int) -> str | None:
    """Return the absolute home directory of a user, if ``/etc/passwd`` tells one."""
    for fields in _lines(passwd):
        if len(fields) >= 6 and fields[2] == str(uid):
            return fields[5] if fields[5].startswith("/") else None
    return None


async def _names(files: FileSystem, path: str) -> dict[int, str]:
    try:
        content = await files.read_bytes(path, limit=_LIMIT)
    except LxdTuiError:
        return {}
    names: dict[int, str] = {}
    for fields in _lines(content):
        if len(fields) >= 3 and _is_number(fields[2]) and fields[0]:
            # The first line of a number counts, as it does for the C library.
            names.setdefault(int(fields[2]), fields[0])
    return names


def _lines(content: bytes) -> list[list[str]]:
    return [line.split(":") for line in content.decode("utf-8", "surrogateescape").splitlines()]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def _number(text: str, names: Mapping[int, str]) -> int | None:
    for number, name in names.items():
        if name == text:
            return number
    if _is_number(text) and int(text) < 2**32 - 1:
        return int(text)
    return None
