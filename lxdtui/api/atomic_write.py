"""Replacing a file of an instance in one step."""

import asyncio
import contextlib
import secrets
from contextlib import aclosing
from dataclasses import replace

from lxdtui.api.contents import Progress, Source
from lxdtui.api.file_trees import SftpTree, Wanted
from lxdtui.api.files import LINKS_FOLLOWED
from lxdtui.api.sftp.packets import OpenFlag
from lxdtui.api.sftp.sessions import SftpSessions
from lxdtui.api.sftp.transfer import write_handle
from lxdtui.api.special_bits import SpecialBits
from lxdtui.errors import ApiError, BadRequest, LxdTuiError, NotFound
from lxdtui.model.files import (
    NAME_BYTES,
    FileAttributes,
    FileKind,
    base_name,
    join_path,
    parent_path,
    path_bytes,
    path_text,
)
from lxdtui.model.refs import InstanceRef

__all__ = ["AtomicWrite"]

_CLEANUP_SECONDS = 5.0
_PLAIN_BITS = 0o777
_NEW_FILE = Wanted(mode=0o644, uid=0, gid=0)


class AtomicWrite:
    """One replacement: written beside under another name, then renamed over the file.

    Args:
        ref: The instance.
        sftp: The SFTP sessions of its server.
        tried: What is tried, in words.
        special: Gives back the set-id and sticky bits that a file had.
    """

    def __init__(
        self,
        ref: InstanceRef,
        sftp: SftpSessions,
        *,
        tried: str,
        special: SpecialBits | None = None,
    ) -> None:
        self.tried = tried
        self._ref = ref
        self._sftp = sftp
        self._special = special

    async def run(
        self, path: str, source: Source, wanted: Wanted, progress: Progress | None
    ) -> None:
        """Write the file.

        Args:
            path: Absolute path; where it is a link, what that leads to is replaced.
            source: The content.
            wanted: Attributes instead of those of the old file.
            progress: Told how many bytes the server has.

        Raises:
            BadRequest: It is a directory or another thing that is no file, or set-id
                bits are asked for, or cannot be given to the successor of a file with them.
            ExtensionMissing: The server has no SFTP.
            ApiError: Anything else; the old file is then as it was.
        """
        async with self._sftp.use(self._ref) as session:
            tree = SftpTree(session, self._ref)
            path, old = await self._resolved(tree, path)
            attributes, special = _merged(wanted, old), 0
            if self._special is not None and wanted.mode is None:
                special = (attributes.mode or 0) & ~_PLAIN_BITS
            if special:
                # The writing would clear these bits, and the servers do not set them.
                attributes = replace(attributes, mode=(attributes.mode or 0) & _PLAIN_BITS)
            temporary = join_path(parent_path(path), _temporary_name(base_name(path)))
            try:
                await self._write(tree, temporary, source, attributes, progress)
                if special and self._special is not None:
                    mode = special | (attributes.mode or 0)
                    await self._special.give(tree, temporary, mode, tried=self.tried)
                await tree.rename(temporary, path)
            except BaseException as error:
                await self._clean_up(temporary)
                if isinstance(error, ApiError):
                    # Nobody asked for the other name.
                    error.retell(self.tried, error.server_text.replace(temporary, path))
                raise

    async def _write(
        self,
        tree: SftpTree,
        temporary: str,
        source: Source,
        attributes: Wanted,
        progress: Progress | None,
    ) -> None:
        session = tree.session
        flags = OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.EXCLUSIVE
        handle = await session.open(temporary, flags)
        try:
            # While it is empty: nobody else may read what comes, and a mode that
            # the server cannot set is found before anything is sent.
            await tree.set_attributes(temporary, attributes)
            async with aclosing(source.pieces()) as pieces:
                await write_handle(session, handle, pieces, tried=self.tried, progress=progress)
            await session.flush(handle, tried=self.tried)
        except BaseException:
            await session.discard(handle)
            raise
        await session.close(handle)

    async def _resolved(self, tree: SftpTree, path: str) -> tuple[str, FileAttributes | None]:
        """Follow links at the end of a path, to a file or to where one would be."""
        for _ in range(LINKS_FOLLOWED):
            try:
                found = await tree.lstat(path)
            except NotFound:
                return path, None
            if found.kind is FileKind.FILE:
                return path, found
            if found.kind is not FileKind.SYMLINK:
                raise BadRequest(self.tried, f"it is a {found.kind}")
            path = join_path(parent_path(path), await tree.read_link(path))
        raise BadRequest(self.tried, "too many levels of symbolic links")

    async def _clean_up(self, temporary: str) -> None:
        """Remove the temporary file where that is possible, over a new link if need be."""

        async def remove() -> None:
            with contextlib.suppress(LxdTuiError, TimeoutError):
                async with (
                    asyncio.timeout(_CLEANUP_SECONDS),
                    self._sftp.use(self._ref) as session,
                ):
                    await session.remove(temporary)

        # Whoever wanted the file may be cancelled, even twice; this goes on.
        await asyncio.shield(asyncio.ensure_future(remove()))


def _merged(wanted: Wanted, old: FileAttributes | None) -> Wanted:
    kept = _NEW_FILE if old is None else Wanted(mode=old.mode, uid=old.uid, gid=old.gid)
    return Wanted(
        mode=kept.mode if wanted.mode is None else wanted.mode,
        uid=kept.uid if wanted.uid is None else wanted.uid,
        gid=kept.gid if wanted.gid is None else wanted.gid,
    )


def _temporary_name(name: str) -> str:
    """Make a hidden name near another one, not taken and not too long."""
    token = secrets.token_hex(6)
    kept = path_bytes(name)[: NAME_BYTES - len(token) - 16]
    return f".{path_text(kept)}.{token}.new"
