"""Changing mode and owner of entries, and of what is below them."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.files import FileEntry, FileKind, join_path
from lxdtui.services.files.filesystem import FileSystem, Progress

__all__ = ["AttributeChange", "Reach", "change_attributes"]


class Reach(StrEnum):
    """How far a change goes below a folder."""

    ITSELF = "itself"
    """Not at all."""
    ALL = "all"
    """To all that is below, and to the folder."""
    FOLDERS = "folders"
    """To the folders below, and to the folder."""
    FILES = "files"
    """To the files below, not to the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """What is changed; ``None`` leaves it as it is."""

    mode: int | None = None
    uid: int | None = None
    gid: int | None = None

    @property
    def is_anything(self) -> bool:
        """Whether anything is changed."""
        return (self.mode, self.uid, self.gid) != (None, None, None)


async def change_attributes(
    files: FileSystem,
    entries: Sequence[tuple[str, FileEntry]],
    change: AttributeChange,
    *,
    reach: Reach = Reach.ITSELF,
    progress: Progress | None = None,
) -> int:
    """Change entries, and what is below them as far as it reaches.

    Links below a folder are left alone; one among the entries is changed where
    it leads to. It ends at the first failure.

    Args:
        files: Where they are.
        entries: Their paths, and what is known of them.
        change: What is changed.
        reach: How far it goes below folders.
        progress: Told how many entries were changed.

    Returns:
        How many entries were changed.

    Raises:
        LxdTuiError: One could not be changed.
    """
    done = 0
    async with files.hold():
        for path, entry in entries:
            async with aclosing(_reached(files, path, entry, reach)) as paths:
                async for one in paths:
                    await _change(files, one, change)
                    done += 1
                    if progress is not None:
                        progress(done)
    return done


async def _reached(
    files: FileSystem, path: str, entry: FileEntry, reach: Reach
) -> AsyncGenerator[str, None]:
    if entry.kind is not FileKind.DIRECTORY or reach is Reach.ITSELF:
        yield path
        return
    folders: list[str] = []
    async with aclosing(files.walk(path)) as walked:
        async for folder, found in walked:
            folders.append(folder)
            if reach is not Reach.FOLDERS:
                for one in found:
                    if one.kind not in (FileKind.DIRECTORY, FileKind.SYMLINK):
                        yield join_path(folder, one.name)
    if reach is not Reach.FILES:
        # The deepest first: a mode may close a folder to those below it.
        for folder in reversed(folders):
            yield folder


async def _change(files: FileSystem, path: str, change: AttributeChange) -> None:
    if change.uid is not None or change.gid is not None:
        # First, because a change of owner clears the set-id bits.
        await files.chown(path, uid=change.uid, gid=change.gid)
    if change.mode is not None:
        await files.chmod(path, change.mode)
