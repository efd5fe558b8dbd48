"""One file from one place to another: whole, checked, and in one step at the end."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from lxdtui.errors import (
    BadRequest,
    ConnectionFailed,
    LxdTuiError,
    NotFound,
    SessionClosed,
    UnexpectedResponse,
)
from lxdtui.model.files import (
    FileAttributes,
    FileKind,
    base_name,
    join_path,
    parent_path,
    short_path,
)
from lxdtui.services.transfers.gate import Gate
from lxdtui.services.transfers.items import Item
from lxdtui.services.transfers.leftovers import Leftovers
from lxdtui.services.transfers.names import resumable_temporary
from lxdtui.services.transfers.sides import SMALL, Dress, Side, Staged
from lxdtui.services.transfers.tally import Tally
from lxdtui.services.transfers.values import CopyOptions

__all__ = ["FileCopy"]

_WORTH_RESUMING = 1 << 20
"""Bytes of a broken file from which on it is gone on with."""
_SAYS_EMPTY = 16 << 20
"""Bytes that may come of a file that is said to be empty, as those in ``/proc`` are."""
_LOOKS = 40
"""How often to look whether something is still added to a broken copy."""
_LOOK_PAUSE = 0.05
"""Seconds between two looks."""
_TIME_LIMIT = 0xFFFFFFFF
"""SFTP tells times in 32 bits."""


class FileCopy:
    """Copies files from one side to another.

    Args:
        source: Where they are.
        target: Where they go.
        options: How.
        tally: Told how far each is.
        leftovers: Of the target.
        gate: Closed while all is paused.
    """

    def __init__(
        self,
        source: Side,
        target: Side,
        options: CopyOptions,
        *,
        tally: Tally,
        leftovers: Leftovers,
        gate: Gate,
    ) -> None:
        self._source = source
        self._target = target
        self._options = options
        self._tally = tally
        self._leftovers = leftovers
        self._gate = gate

    def dress(self, found: FileAttributes, there: FileAttributes | None = None) -> Dress:
        """Choose the attributes of what is made.

        Args:
            found: Those of the source.
            there: Those of what is replaced.
        """
        options = self._options
        is_directory = found.kind is FileKind.DIRECTORY
        mode = found.mode if options.keep_mode else None
        if mode is None and there is not None and there.kind is found.kind:
            # That of a link is none.
            mode = there.mode
        if mode is None:
            mode = 0o755 if is_directory else 0o644
        uid = gid = None
        if options.keep_owner:
            uid, gid = found.uid, found.gid
        elif there is not None and there.kind is FileKind.FILE and not self._target.place.is_local:
            uid, gid = there.uid, there.gid
        times = None
        if options.keep_times and found.modified is not None:
            changed = _seconds(found.modified.timestamp())
            read = _seconds(found.accessed.timestamp()) if found.accessed else changed
            times = (read, changed)
        return Dress(mode=mode & 0o777, uid=uid, gid=gid, times=times)

    def is_plain(self, item: Item) -> bool:
        """Whether nothing but the content of a file is copied and nothing can be said about it."""
        return not self._options.checksum and (item.attributes.mode or 0) <= 0o777

    async def copy(
        self, item: Item, path: str, there: FileAttributes | None, *, is_move: bool
    ) -> tuple[int, str]:
        """Copy a file.

        Args:
            item: The file.
            path: Where it goes.
            there: What is replaced.
            is_move: Whether the source is removed afterwards.

        Returns:
            How many bytes it had, and what else there is to say.

        Raises:
            LxdTuiError: It was not copied; what was there is as it was.
        """
        dress = self.dress(item.attributes, there)
        notes: list[str] = []
        if item.attributes.mode is not None and item.attributes.mode > 0o777:
            notes.append("set-id and sticky bits left out")
        if item.size <= SMALL and not self._options.checksum:
            data = await self._source.read_small(item.path, item.size)
            if len(data) == item.size:
                await self._target.put_small(path, data, dress)
                return len(data), "; ".join(notes)
        size = await self._copy_large(
            item, path, dress, notes, is_synced=is_move or there is not None
        )
        return size, "; ".join(notes)

    async def verify(self, path: str, size: int) -> None:
        """Make sure that the target is there with all its bytes.

        Raises:
            UnexpectedResponse: It is not.
        """
        found = await self._target.lstat(path)
        if found.kind is not FileKind.FILE or found.size != size:
            raise UnexpectedResponse(
                f"verify {short_path(path)}",
                f"{size} bytes were written, and it is a {found.kind} of {found.size} bytes",
            )

    async def _copy_large(
        self, item: Item, path: str, dress: Dress, notes: list[str], *, is_synced: bool
    ) -> int:
        name = resumable_temporary(base_name(path), self._source.place, item.path, item.attributes)
        temporary = join_path(parent_path(path), name)
        if not self._leftovers.take(temporary):
            raise BadRequest(f"copy {short_path(item.path)}", "it is being copied there already")
        is_kept = True
        try:
            offset = await self._resumed_from(item, temporary, notes)
            staged = await self._target.stage(path, temporary, offset=offset)
            try:
                size = await self._fill(staged, item, offset, notes)
                await self._compare(item, temporary, size, notes)
                await staged.commit(dress, is_synced=is_synced)
            except BaseException as error:
                reached = self._tally.reached_of(item.below)
                is_kept = _can_go_on(error) and reached >= _WORTH_RESUMING
                with contextlib.suppress(LxdTuiError):
                    await _end(staged, is_kept=is_kept)
                raise
            is_kept = False
            if offset:
                # Nothing of an earlier try may have come in late.
                await self.verify(path, size)
        finally:
            self._leftovers.give_back(temporary, is_kept=is_kept)
        return size

    async def _fill(self, staged: Staged, item: Item, offset: int, notes: list[str]) -> int:
        """Write what is missing; return how many bytes there are then."""
        self._tally.reached(item.below, offset, is_found=True)
        descriptor = await self._source.descriptor(item.path)
        if descriptor is not None:
            try:
                size = os.fstat(descriptor).st_size
                is_sent = await staged.send(
                    descriptor,
                    size=size,
                    progress=lambda done: self._tally.reached(item.below, offset + done),
                    may_go=lambda: self._gate.is_open,
                )
            finally:
                os.close(descriptor)
            if is_sent:
                if size != item.size:
                    notes.append("it changed its size before it was copied")
                return size
        if staged.sink is not None:
            offset = await self._source.fetch(
                item.path,
                staged.sink,
                offset=offset,
                size=item.size,
                progress=lambda reached: self._tally.reached(item.below, reached),
                may_go=lambda: self._gate.is_open,
            )
        flow = _Flow(self._source, item, offset, self._gate.passed)
        async with aclosing(flow.pieces()) as pieces:
            await staged.write(pieces, lambda done: self._tally.reached(item.below, offset + done))
        if flow.note:
            notes.append(flow.note)
        return flow.taken

    async def _resumed_from(self, item: Item, temporary: str, notes: list[str]) -> int:
        """Find out how much of a broken copy can be gone on with."""
        there = await self._size_at_rest(temporary)
        if not 0 < there <= item.size:
            return 0
        ours = await self._target.digest(temporary, there)
        theirs = await self._source.digest(item.path, there)
        if ours.hex != theirs.hex:
            notes.append("begun anew: what was left of the last try is not the same")
            return 0
        notes.append(f"gone on with after {there} bytes, whose SHA-256 was compared")
        return there

    async def _size_at_rest(self, temporary: str) -> int:
        """Return how much is there of a broken copy, once nothing more is added to it.

        A server goes on for a moment with what it had received when the link broke.
        """
        before = -1
        for _ in range(_LOOKS):
            try:
                found = await self._target.lstat(temporary)
            except NotFound:
                return 0
            size = (found.size or 0) if found.kind is FileKind.FILE else 0
            if size in (0, before):
                return size
            before = size
            await asyncio.sleep(_LOOK_PAUSE)
        return 0

    async def _compare(self, item: Item, temporary: str, size: int, notes: list[str]) -> None:
        """Compare both sides where that was asked for, before the old file goes."""
        if not self._options.checksum:
            return
        ours, theirs = await asyncio.gather(
            self._target.digest(temporary, size), self._source.digest(item.path, size)
        )
        if ours.hex != theirs.hex:
            raise UnexpectedResponse(
                f"verify the copy of {short_path(item.path)}",
                f"the SHA-256 differ: {theirs.hex} ({theirs.how}), {ours.hex} ({ours.how})",
            )
        notes.append(f"SHA-256 {ours.hex[:12]}… on both sides ({theirs.how}; {ours.how})")


class _Flow:
    """The content of a file on its way, watched: no more and no less than there is."""

    def __init__(
        self, source: Side, item: Item, offset: int, gate: Callable[[], Awaitable[None]]
    ) -> None:
        self._source = source
        self._item = item
        self._gate = gate
        self._expected = item.size
        self.taken = offset
        self.note = ""

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the content.

        Raises:
            BadRequest: There is more or less than the source says.
        """
        async with aclosing(self._source.read(self._item.path, offset=self.taken)) as pieces:
            async for piece in pieces:
                await self._gate()
                self.taken += len(piece)
                if self.taken > self._expected:
                    await self._look_again()
                yield piece
        if self.taken < self._expected:
            self._expected = await self._size_now()
            if self.taken < self._expected:
                raise self._wrong(f"only {self.taken} of {self._expected} bytes came")
            self.note = "it became shorter while it was copied"

    async def _look_again(self) -> None:
        now = await self._size_now()
        if now == 0 and self._item.size == 0 and self.taken <= _SAYS_EMPTY:
            self.note = "it says that it is empty, and is not"
            return
        if self.taken > now:
            raise self._wrong(f"more comes than the {now} bytes that it says it has")
        self._expected = now
        self.note = "it grew while it was copied"

    async def _size_now(self) -> int:
        return (await self._source.stat(self._item.path)).size or 0

    def _wrong(self, words: str) -> BadRequest:
        return BadRequest(f"copy {short_path(self._item.path)}", words)


def _can_go_on(error: BaseException) -> bool:
    """Whether what was written so far is worth keeping: the link broke, nothing else."""
    return isinstance(error, ConnectionFailed | SessionClosed)


async def _end(staged: Staged, *, is_kept: bool) -> None:
    """Leave or remove a broken file, also where whoever wanted it is cancelled."""
    ending = asyncio.ensure_future(staged.leave() if is_kept else staged.discard())
    await asyncio.shield(ending)


def _seconds(timestamp: float) -> int:
    return min(max(int(timestamp), 0), _TIME_LIMIT)
