"""Replacing a file of this computer in one step."""

import asyncio
import contextlib
import os
import secrets
import stat

from lxdtui.api.contents import Source
from lxdtui.errors import BadRequest
from lxdtui.model.files import NAME_BYTES, FileKind
from lxdtui.services.files.local_calls import open_file, usual_mode, write_all
from lxdtui.services.files.threads import in_thread

__all__ = ["LocalWrite"]

_LINKS_FOLLOWED = 40
_GATHERED = 1 << 20
_SET_ID = 0o6000


class LocalWrite:
    """One replacement: written beside under another name, then renamed over the file.

    Args:
        tried: What is tried, in words.
        mode: Permission bits instead of those of the old file.
        uid: Owner, likewise.
        gid: Group, likewise.
    """

    def __init__(self, tried: str, *, mode: int | None, uid: int | None, gid: int | None) -> None:
        self.tried = tried
        self._mode = mode
        self._uid = uid
        self._gid = gid

    async def run(self, path: bytes, source: Source) -> None:
        """Write the file; see :class:`~lxdtui.services.files.FileSystem`."""
        path, old = await in_thread(self.tried, self._resolved, path)
        temporary = _beside(path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = await in_thread(self.tried, open_file, temporary, flags, 0o600)
        try:
            try:
                await self._fill(descriptor, source)
                await in_thread(self.tried, self._finish, descriptor, old)
            finally:
                os.close(descriptor)
            await in_thread(self.tried, os.rename, temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                await asyncio.shield(asyncio.to_thread(os.unlink, temporary))
            raise

    async def _fill(self, descriptor: int, source: Source) -> None:
        gathered = bytearray()
        pieces = source.pieces()
        try:
            async for piece in pieces:
                gathered += piece
                if len(gathered) >= _GATHERED:
                    await in_thread(self.tried, write_all, descriptor, bytes(gathered))
                    gathered.clear()
        finally:
            await pieces.aclose()
        await in_thread(self.tried, write_all, descriptor, bytes(gathered))

    def _finish(self, descriptor: int, old: os.stat_result | None) -> None:
        """Give the new file its attributes, and bring it to the disk."""
        mode = usual_mode(0o644) if old is None else stat.S_IMODE(old.st_mode)
        if old is not None:
            try:
                os.fchown(descriptor, old.st_uid, old.st_gid)
            except PermissionError:
                # It becomes that of the user, who must not pass on rights that way.
                mode &= ~_SET_ID
        if self._uid is not None or self._gid is not None:
            keep = -1
            os.fchown(
                descriptor,
                keep if self._uid is None else self._uid,
                keep if self._gid is None else self._gid,
            )
        os.fchmod(descriptor, mode if self._mode is None else stat.S_IMODE(self._mode))
        os.fsync(descriptor)

    def _resolved(self, path: bytes) -> tuple[bytes, os.stat_result | None]:
        """Follow links at the end of a path, to a file or to where one would be."""
        for _ in range(_LINKS_FOLLOWED):
            try:
                found = os.lstat(path)
            except FileNotFoundError:
                return path, None
            kind = FileKind.from_mode(found.st_mode)
            if kind is FileKind.FILE:
                return path, found
            if kind is not FileKind.SYMLINK:
                raise BadRequest(self.tried, f"it is a {kind}")
            path = os.path.join(os.path.dirname(path), os.readlink(path))
        raise BadRequest(self.tried, "too many levels of symbolic links")


def _beside(path: bytes) -> bytes:
    """Make a hidden path near another one, not taken and not too long."""
    directory, name = os.path.split(path)
    token = secrets.token_hex(6).encode()
    kept = name[: NAME_BYTES - len(token) - 16]
    return os.path.join(directory, b"." + kept + b"." + token + b".new")
