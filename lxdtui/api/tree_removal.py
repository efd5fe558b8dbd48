"""Removing a directory of an instance with all that it holds."""

import contextlib
from collections.abc import Callable
from contextlib import aclosing

from lxdtui.api.file_trees import FileTree
from lxdtui.api.parallel import in_parallel
from lxdtui.errors import Conflict, NotFound
from lxdtui.model.files import FileEntry, FileKind, join_path

__all__ = ["TreeRemoval"]

_AT_ONCE = 32
_BATCH = 1000
_TRIES = 3


class TreeRemoval:
    """Removes one directory, with some thousand entries in memory however many there are.

    Links are not followed. What somebody else removes meanwhile is passed over.

    Args:
        tree: The instance's files.
        progress: Told how many entries were removed.
    """

    def __init__(self, tree: FileTree, progress: Callable[[int], None] | None) -> None:
        self._tree = tree
        self._progress = progress
        self._count = 0

    async def run(self, path: str) -> int:
        """Remove a directory; return how many entries went."""
        pending = [path]
        tries = 0
        while pending:
            directory = pending[-1]
            below = await self._empty(directory)
            if below:
                pending += below
                continue
            try:
                await self._remove(directory, is_directory=True)
            except Conflict:
                # Somebody put something into it meanwhile.
                tries += 1
                if tries > _TRIES:
                    raise
                continue
            pending.pop()
        return self._count

    async def _empty(self, directory: str) -> list[str]:
        """Remove what is no directory; return directories, not all where there are many."""
        while True:
            entries: list[FileEntry] = []
            with contextlib.suppress(NotFound):
                async with aclosing(self._tree.scan(directory)) as batches:
                    async for batch in batches:
                        entries += batch
                        if len(entries) >= _BATCH:
                            break
            paths = [
                join_path(directory, entry.name)
                for entry in entries
                if entry.kind is not FileKind.DIRECTORY
            ]
            await in_parallel(
                paths, lambda path: self._remove(path, is_directory=False), width=_AT_ONCE
            )
            if len(entries) < _BATCH or len(paths) < len(entries):
                return [
                    join_path(directory, entry.name)
                    for entry in entries
                    if entry.kind is FileKind.DIRECTORY
                ]

    async def _remove(self, path: str, *, is_directory: bool) -> None:
        try:
            await self._tree.remove(path, is_directory=is_directory)
        except NotFound:
            return
        self._count += 1
        if self._progress is not None:
            self._progress(self._count)
