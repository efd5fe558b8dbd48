"""Comparing two trees of files, directory by directory, in bounded memory.

Attributes decide first; contents are read only where the size is the same and
the time is not, side by side and no further than to the first difference.
What is kept are the differences, and the directories that wait for their turn.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import Protocol

from lxdtui.errors import ConnectionFailed, LxdTuiError, NotFound
from lxdtui.model.files import FileAttributes, FileEntry, FileKind, join_path
from lxdtui.services.snapshots.differences import (
    Change,
    Comparison,
    Difference,
    Verdict,
    are_attributes_different,
    judge,
)

__all__ = ["Tree", "TreeComparison"]

_AT_ONCE = 8
"""Directories that are compared at the same time."""
_KEPT = 20_000
"""Differences that are kept."""
_TOLD_EACH = 200
"""Entries between two tellings."""


class Tree(Protocol):
    """The files of one side."""

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Keep the way to the files open."""

    async def list(self, path: str) -> list[FileEntry]:
        """List a directory."""

    async def read_link(self, path: str) -> str:
        """Read what a link holds."""

    def read(self, path: str) -> AsyncGenerator[bytes, None]:
        """Read a file in pieces."""


@dataclass(slots=True)
class _Job:
    """A directory that waits: on both sides, or on one where it is to be counted."""

    path: str
    change: Change | None = None
    """Why it is only counted; ``None`` where it is compared."""
    attributes: FileAttributes | None = None


@dataclass(slots=True)
class TreeComparison:
    """One comparison of two trees.

    Args:
        old: The side before.
        new: The side after.
        leave_out: Paths that are not compared, such as mounts.
        report: Told how many entries were looked at, and how many differences were found.
    """

    old: Tree
    new: Tree
    leave_out: Collection[str] = ()
    report: Callable[[int, int], None] | None = None
    _waiting: list[_Job] = field(default_factory=list)
    _busy: int = 0
    _wake: asyncio.Condition = field(default_factory=asyncio.Condition)
    _found: list[Difference] = field(default_factory=list)
    _left_out: list[str] = field(default_factory=list)
    _entries: int = 0
    _told: int = 0
    _bytes: int = 0
    _more: int = 0

    async def run(self, top: str = "/") -> Comparison:
        """Compare everything below a directory.

        Raises:
            ConnectionFailed: A server is out of reach.
            NotFound: The directory is missing on one side.
        """
        self._waiting.append(_Job(top))
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.old.hold())
            await stack.enter_async_context(self.new.hold())
            # The first one tells at once whether there is anything at all.
            await self._do(self._waiting.pop())
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(_AT_ONCE):
                        group.create_task(self._work())
            except* LxdTuiError as errors:
                raise _first(errors) from None
        return Comparison(
            differences=tuple(sorted(self._found, key=lambda one: one.path)),
            entries=self._entries,
            read_bytes=self._bytes,
            left_out=tuple(sorted(self._left_out)),
            more=self._more,
        )

    async def _work(self) -> None:
        while True:
            async with self._wake:
                while not self._waiting:
                    if not self._busy:
                        self._wake.notify_all()
                        return
                    await self._wake.wait()
                job = self._waiting.pop()
                self._busy += 1
            try:
                await self._do(job)
            except ConnectionFailed:
                raise
            except LxdTuiError as error:
                self._add(Difference(path=job.path, change=Change.UNREADABLE, words=str(error)))
            finally:
                async with self._wake:
                    self._busy -= 1
                    self._wake.notify_all()

    async def _do(self, job: _Job) -> None:
        if job.change is None:
            await self._compare(job.path)
            return
        tree = self.new if job.change is Change.ADDED else self.old
        below = await self._count(tree, job.path)
        self._add_one_sided(job.path, job.change, job.attributes, below)

    async def _compare(self, path: str) -> None:
        old, new = await asyncio.gather(self.old.list(path), self.new.list(path))
        before = {entry.name: entry for entry in old}
        after = {entry.name: entry for entry in new}
        for name in sorted(before.keys() | after.keys()):
            where = join_path(path, name)
            if where in self.leave_out:
                self._left_out.append(where)
                continue
            self._count_entry()
            old_entry, new_entry = before.get(name), after.get(name)
            if old_entry is not None and new_entry is not None:
                await self._compare_entry(where, old_entry, new_entry)
            elif old_entry is not None:
                self._one_sided(where, Change.DELETED, old_entry)
            elif new_entry is not None:
                self._one_sided(where, Change.ADDED, new_entry)

    async def _compare_entry(self, path: str, old: FileEntry, new: FileEntry) -> None:
        change: Change | None = None
        words = ""
        try:
            if await self._is_different(path, old, new):
                change = Change.CHANGED
        except ConnectionFailed:
            raise
        except LxdTuiError as error:
            change, words = Change.UNREADABLE, str(error)
        if change is None and are_attributes_different(old, new):
            change = Change.ATTRIBUTES
        if change is not None:
            self._add(
                Difference(
                    path=path, change=change, old=old.attributes, new=new.attributes, words=words
                )
            )
        if old.kind is FileKind.DIRECTORY and new.kind is FileKind.DIRECTORY:
            self._waiting.append(_Job(path))

    async def _is_different(self, path: str, old: FileEntry, new: FileEntry) -> bool:
        match judge(old, new):
            case Verdict.DIFFERENT:
                return True
            case Verdict.ASK_LINK:
                return await self.old.read_link(path) != await self.new.read_link(path)
            case Verdict.ASK_CONTENT:
                return not await self._has_same_content(path)
            case _:
                return False

    async def _has_same_content(self, path: str) -> bool:
        """Read both sides together, up to the first difference."""
        async with aclosing(self.old.read(path)) as old, aclosing(self.new.read(path)) as new:
            before, after = bytearray(), bytearray()
            is_old_over = is_new_over = False
            while True:
                if not before and not is_old_over:
                    piece = await anext(old, None)
                    is_old_over = piece is None
                    before += piece or b""
                if not after and not is_new_over:
                    piece = await anext(new, None)
                    is_new_over = piece is None
                    after += piece or b""
                length = min(len(before), len(after))
                if before[:length] != after[:length]:
                    return False
                del before[:length], after[:length]
                self._bytes += length
                if is_old_over or is_new_over:
                    if is_old_over and is_new_over:
                        return not before and not after
                    if (is_old_over and after) or (is_new_over and before):
                        return False

    def _one_sided(self, path: str, change: Change, entry: FileEntry) -> None:
        if entry.kind is FileKind.DIRECTORY:
            self._waiting.append(_Job(path, change, entry.attributes))
        else:
            self._add_one_sided(path, change, entry.attributes, 0)

    def _add_one_sided(
        self, path: str, change: Change, attributes: FileAttributes | None, below: int
    ) -> None:
        old, new = (None, attributes) if change is Change.ADDED else (attributes, None)
        self._add(Difference(path=path, change=change, old=old, new=new, below=below))

    async def _count(self, tree: Tree, top: str) -> int:
        """Count what a directory holds that is on one side alone."""
        waiting, number = [top], 0
        while waiting:
            path = waiting.pop()
            if path in self.leave_out:
                continue
            try:
                entries = await tree.list(path)
            except NotFound:
                continue
            for entry in entries:
                number += 1
                self._count_entry()
                if entry.kind is FileKind.DIRECTORY:
                    waiting.append(join_path(path, entry.name))
        return number

    def _add(self, difference: Difference) -> None:
        if len(self._found) < _KEPT:
            self._found.append(difference)
        else:
            self._more += 1

    def _count_entry(self) -> None:
        self._entries += 1
        if self.report is not None and self._entries - self._told >= _TOLD_EACH:
            self._told = self._entries
            self.report(self._entries, len(self._found) + self._more)


def _first(errors: BaseExceptionGroup[LxdTuiError]) -> LxdTuiError:
    """Return one error of a group of them."""
    for error in errors.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("a group is never empty")
