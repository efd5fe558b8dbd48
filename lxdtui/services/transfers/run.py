"""One pass over the items of a transfer: folders made, many files under way at once."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from lxdtui.errors import (
    BadRequest,
    Conflict,
    LxdTuiError,
    NotFound,
)
from lxdtui.model.files import (
    FileAttributes,
    FileKind,
    base_name,
    join_path,
    parent_path,
    short_path,
)
from lxdtui.services.transfers.beacon import Beacon
from lxdtui.services.transfers.bundles import AT_ONCE, Bundles
from lxdtui.services.transfers.desk import Desk
from lxdtui.services.transfers.file_copy import FileCopy
from lxdtui.services.transfers.gate import Gate
from lxdtui.services.transfers.goals import Goal, Goals
from lxdtui.services.transfers.items import Item, Walk
from lxdtui.services.transfers.leftovers import Leftovers
from lxdtui.services.transfers.listings import Listings
from lxdtui.services.transfers.patience import Patience
from lxdtui.services.transfers.sides import Side
from lxdtui.services.transfers.tally import Tally
from lxdtui.services.transfers.values import CopyOptions, ItemResult, Outcome

__all__ = ["TransferRun"]

_AT_ONCE = 16


class TransferRun:
    """Copies or moves items below one folder.

    Args:
        source: Where they are.
        target: Where they go.
        directory: The folder there.
        options: How.
        is_move: Whether the source is removed after the target is verified.
        tally: Where it is counted.
        desk: Decides what becomes of what is there.
        gate: Closed while all is paused.
        leftovers: Broken files of the target.
        beacon: In the folder of the target.
        before: An earlier pass; what failed in it is tried again.
        patience: Tries again after the link broke.
    """

    def __init__(
        self,
        source: Side,
        target: Side,
        directory: str,
        options: CopyOptions,
        *,
        is_move: bool,
        tally: Tally,
        desk: Desk,
        gate: Gate,
        leftovers: Leftovers,
        beacon: Beacon,
        before: "TransferRun | None" = None,
        patience: Patience,
    ) -> None:
        self._source = source
        self._target = target
        self._directory = directory
        self._options = options
        self._is_move = is_move
        self._tally = tally
        self._gate = gate
        self._beacon = beacon
        self._patience = patience
        self._files = FileCopy(source, target, options, tally=tally, leftovers=leftovers, gate=gate)
        self._there = Listings(target)
        self._closed: set[str] = set()
        self._entered: list[Item] = []
        self._perhaps_made: set[str] = set()
        self.failed: list[Item] = []
        """What can be tried again."""
        self.is_unfinished = False
        """Whether a folder could not be given its attributes, or removed."""
        tried = frozenset(item.below for item in before.failed) if before else frozenset[str]()
        self._goals = Goals(target, directory, self._there, desk, tried)
        if before is not None:
            self._there.know_made(before._there)
            self._perhaps_made |= before._perhaps_made
            self._entered += before._entered

    @property
    def _can_rename(self) -> bool:
        return (
            self._is_move
            and self._source.place == self._target.place
            and not self._options.follow_links
        )

    async def run(self, roots: Sequence[Item]) -> None:
        """Copy everything; failures of single items end up in the results."""
        follows = self._options.follow_links
        walk = Walk(
            self._source,
            self._tally,
            follows=follows,
            beacon=self._beacon,
            patience=self._patience,
        )
        async with self._source.hold(), self._target.hold(), asyncio.TaskGroup() as finding:
            finding.create_task(walk.run(roots))
            room = asyncio.Semaphore(_AT_ONCE)
            async with asyncio.TaskGroup() as copying:

                async def alone(item: Item) -> None:
                    await room.acquire()
                    copying.create_task(self._one(item, room))

                bundles = self._bundles(alone)
                for _ in range(AT_ONCE):
                    copying.create_task(bundles.run())
                while (item := await walk.next()) is not None:
                    await self._gate.passed()
                    if not self._is_open(item):
                        continue
                    if item.kind is FileKind.DIRECTORY:
                        await self._enter(item)
                    elif bundles.fits(item) and (path := await self._goals.free_path(item)):
                        await bundles.add(item, path)
                    else:
                        await alone(item)
                bundles.end()
            await self._leave()
            await self._target.sweep()
            await self._beacon.remove_old(self._there.known(self._directory))

    # Files in bundles.

    def _bundles(self, handed_back: Callable[[Item], Awaitable[None]]) -> Bundles:
        return Bundles(
            self._source,
            self._target,
            self._files,
            self._gate,
            begun=lambda item: self._tally.begin(item.below, item.size),
            copied=lambda item: self._end(item, Outcome.COPIED, "", done=item.size),
            handed_back=handed_back,
            is_move=self._is_move,
        )

    # Items of all kinds.

    def _is_open(self, item: Item) -> bool:
        """Whether something can be done with an item; otherwise that is its result."""
        if item.error is not None:
            self._fail(item, item.error)
            return False
        if parent_path(item.below) in self._closed or item.below in self._closed:
            self._closed.add(item.below)
            self._end(item, Outcome.FAILED, "the folder above it could not be made")
            return False
        return True

    async def _one(self, item: Item, room: asyncio.Semaphore) -> None:
        try:
            self._tally.begin(item.below, item.size)
            goal = await self._patience.run(partial(self._goals.find, item))
            await self._patience.run(self._settling(item, goal))
        except LxdTuiError as error:
            self._fail(item, error)
        finally:
            room.release()

    def _settling(self, item: Item, goal: Goal) -> Callable[[], Awaitable[None]]:
        """Return what settles an item, also where that was done and the answer was lost."""
        tries = 0

        async def settle() -> None:
            nonlocal tries
            tries += 1
            try:
                await self._settle(item, goal)
            except NotFound:
                if tries == 1 or not await self._was_moved(item, goal):
                    raise
                self._end(item, Outcome.MOVED, goal.words, done=item.size)

        return settle

    async def _was_moved(self, item: Item, goal: Goal) -> bool:
        """Say whether an item is where it was to go, and not where it was."""
        if not self._is_move or not goal.path:
            return False
        try:
            await self._source.lstat(item.path)
        except NotFound:
            found = await self._target.lstat(goal.path)
            before = item.attributes
            return (found.kind, found.size) == (before.kind, before.size)
        return False

    async def _settle(self, item: Item, goal: Goal) -> None:
        """Copy, move or leave out what is no directory."""
        if item.kind not in (FileKind.FILE, FileKind.SYMLINK):
            self._end(item, Outcome.UNSUPPORTED, f"a {item.kind} is not copied")
            return
        if not goal.path:
            self._end(item, Outcome.SKIPPED, "it is there already")
            return
        if self._can_rename and await self._renamed(item, goal.path):
            self._end(item, Outcome.MOVED, goal.words, done=item.size)
            return
        size, note = await self._copy(item, goal.path, goal.there)
        outcome = Outcome.COPIED
        if self._is_move:
            await self._refuse_change(item)
            await self._source.remove(item.path, is_directory=False)
            outcome = Outcome.MOVED
            if self._can_rename:
                note = "; ".join(filter(None, ("to another file system: copied, removed", note)))
        words = "; ".join(part for part in (goal.words, note) if part)
        self._end(item, outcome, words, done=size)

    async def _copy(self, item: Item, path: str, there: FileAttributes | None) -> tuple[int, str]:
        if item.kind is FileKind.SYMLINK:
            held = await self._source.read_link(item.path)
            await self._target.make_link(held, path)
            if self._is_move and await self._target.read_link(path) != held:
                raise BadRequest(f"verify {short_path(path)}", "the link holds something else")
            return 0, ""
        size, note = await self._files.copy(item, path, there, is_move=self._is_move)
        if self._is_move:
            await self._files.verify(path, size)
        return size, note

    async def _refuse_change(self, item: Item) -> None:
        """Keep a source that is not what was copied any more."""
        look = self._source.stat if self._options.follow_links else self._source.lstat
        now, before = await look(item.path), item.attributes
        if (now.kind, now.size, now.modified) != (before.kind, before.size, before.modified):
            raise Conflict(
                f"remove {short_path(item.path)}",
                "it was changed while it was copied: both are kept",
                status=409,
            )

    async def _renamed(self, item: Item, path: str) -> bool:
        """Move within one place, if both ends are on one file system."""
        try:
            await self._target.rename(item.path, path)
        except BadRequest:
            return False
        return True

    # Directories.

    async def _enter(self, item: Item) -> None:
        """Make a directory before what is in it, or find it."""
        self._tally.begin(item.below, 0)
        path = join_path(self._directory, item.below)
        try:
            names = await self._patience.run(partial(self._there.of, parent_path(path)))
            there = names.get(base_name(path))
            if there is None:
                await self._make(item, path)
                names[base_name(path)] = item.attributes
            elif there.kind is not FileKind.DIRECTORY:
                raise Conflict(
                    f"make {short_path(path)}",
                    f"a {there.kind} of this name is there, and is not followed",
                    status=409,
                )
            else:
                # What is there keeps its attributes.
                self._end(item, Outcome.COPIED, "into the folder that is there")
                if self._is_move:
                    self._entered.append(item)
                return
        except LxdTuiError as error:
            self._closed.add(item.below)
            self._fail(item, error)
            return
        self._entered.append(item)
        self._end(item, Outcome.COPIED, "")

    async def _make(self, item: Item, path: str) -> None:
        mode = self._files.dress(item.attributes).mode
        tries = 0

        async def make() -> None:
            nonlocal tries
            tries += 1
            try:
                await self._target.make_directory(path, is_private=mode & 0o055 != 0o055)
            except Conflict:
                if (await self._target.lstat(path)).kind is not FileKind.DIRECTORY:
                    raise
                if tries > 1:
                    # The first try was heard, and its answer lost with the link.
                    self._perhaps_made.add(path)
                return
            self._there.made(path)

        await self._patience.run(make)

    async def _leave(self) -> None:
        """Dress the directories that were made, and remove those that were moved."""
        for item in reversed(self._entered):
            try:
                await self._patience.run(partial(self._finish, item))
            except LxdTuiError as error:
                self.is_unfinished = True
                self._tally.count(0)
                self._tally.end(ItemResult(item.below, Outcome.FAILED, str(error)), 0)

    async def _finish(self, item: Item) -> None:
        path = join_path(self._directory, item.below)
        if self._there.is_made(path) or path in self._perhaps_made:
            await self._target.finish_directory(path, self._files.dress(item.attributes))
        if self._is_move:
            with contextlib.suppress(Conflict, NotFound):
                # What could not be moved keeps it.
                await self._source.remove(item.path, is_directory=True)

    # Results.

    def _fail(self, item: Item, error: LxdTuiError) -> None:
        words = f"{error} ({error.hint})" if error.hint else str(error)
        self._end(item, Outcome.FAILED, words)
        self.failed.append(item)

    def _end(self, item: Item, outcome: Outcome, words: str, *, done: int | None = None) -> None:
        if done is None and outcome is Outcome.COPIED:
            done = 0
        self._tally.end(ItemResult(item.below, outcome, words), item.size, done=done)
