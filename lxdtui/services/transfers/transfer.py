"""One transfer from its beginning to its end, with what can be done to it meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lxdtui.errors import BadRequest, LxdTuiError
from lxdtui.model.files import (
    FileAttributes,
    base_name,
    is_entry_name,
    parent_path,
    short_path,
)
from lxdtui.model.place import Place
from lxdtui.services.transfers.beacon import Beacon
from lxdtui.services.transfers.desk import Desk
from lxdtui.services.transfers.gate import Gate
from lxdtui.services.transfers.items import Item
from lxdtui.services.transfers.leftovers import Leftovers
from lxdtui.services.transfers.names import untaken
from lxdtui.services.transfers.patience import Patience
from lxdtui.services.transfers.run import TransferRun
from lxdtui.services.transfers.sides import Side
from lxdtui.services.transfers.tally import Tally
from lxdtui.services.transfers.values import Answer, CopyOptions, TransferState, TransferView

__all__ = ["Order", "Transfer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be copied, and where to."""

    source: Place
    paths: tuple[str, ...]
    """Absolute; all in one folder."""
    target: Place
    directory: str
    """Absolute; it must be there."""
    is_move: bool
    options: CopyOptions


class Transfer:
    """One transfer.

    Args:
        number: Its identity.
        order: What is to be done.
        sides: Makes source and target.
        in_use: Temporary files that are being written, of all transfers.
        clock: Monotonic seconds.
        changed: Called after each change.
        pauses: Seconds before a file is tried again after the link broke.
    """

    def __init__(
        self,
        number: int,
        order: Order,
        *,
        sides: Callable[[Order], tuple[Side, Side]],
        in_use: set[tuple[Place, str]],
        clock: Callable[[], float],
        changed: Callable[[], None],
        pauses: Sequence[float],
    ) -> None:
        self.number = number
        self.order = order
        self._changed = changed
        self._pauses = pauses
        self._source, self._target = sides(order)
        self._tally = Tally(clock, changed)
        self._desk = Desk(order.options.existing, changed)
        self._gate = Gate()
        self._leftovers = Leftovers(self._target, in_use)
        self._beacon = Beacon(self._target, order.directory, self._leftovers)
        self._is_same_folder = False
        self._taken: set[str] | None = None
        self._end: TransferState | None = None
        self._is_begun = False
        self._patience = Patience(pauses, changed)
        self._run: TransferRun | None = None
        self._again: list[Item] | None = None
        self._before: TransferRun | None = None
        self._words = ""
        self._over = asyncio.Event()

    @property
    def state(self) -> TransferState:
        """How it stands."""
        if self._end is not None:
            return self._end
        if not self._gate.is_open:
            return TransferState.PAUSED
        if not self._is_begun:
            return TransferState.WAITING
        if self._desk.question is not None:
            return TransferState.ASKING
        if not self._tally.is_counted and not self._tally.bytes_done:
            return TransferState.COUNTING
        return TransferState.RUNNING

    @property
    def view(self) -> TransferView:
        """All that is to be seen of it now."""
        order, tally = self.order, self._tally
        path, done, size = tally.current
        is_running = self.state is TransferState.RUNNING
        return TransferView(
            number=self.number,
            source=order.source,
            target=order.target,
            names=tuple(base_name(path) for path in order.paths),
            folder=parent_path(order.paths[0]),
            directory=order.directory,
            is_move=order.is_move,
            state=self.state,
            files_done=tally.items_done,
            files_total=tally.items_total,
            bytes_done=tally.bytes_done,
            bytes_total=tally.bytes_total,
            is_counted=tally.is_counted,
            rate=tally.meter.read() if is_running else 0.0,
            seconds_left=tally.seconds_left if is_running else None,
            current=path,
            current_done=done,
            current_size=size,
            copied=tally.copied,
            skipped=tally.skipped,
            failed=tally.failed,
            results=tally.results,
            question=self._desk.question,
            words=self._words or self._patience.words,
        )

    async def run(self) -> None:
        """Do it, to the end; failures end up in the view."""
        self._is_begun = True
        self._end = None
        self._words = ""
        self._patience = Patience(self._pauses, self._changed)
        self._over.clear()
        self._tally.meter.start()
        self._tally.pace.start()
        self._changed()
        try:
            async with self._beacon.lit(self._source, self._patience):
                await self._find_out_where()
                if self._again is None:
                    roots = await self._roots()
                else:
                    roots = [await self._looked_at(item) for item in self._again]
                self._run = self._new_run()
                await self._run.run(roots)
        except LxdTuiError as error:
            # Nothing was begun.
            self._run = None
            self._words = str(error)
            self._end = TransferState.FAILED
        except asyncio.CancelledError:
            self._end = TransferState.CANCELLED
            raise
        else:
            self._end = TransferState.FAILED if self._tally.failed else TransferState.DONE
        finally:
            if self._end is None:
                # Nobody may wait for it for ever.
                self._end = TransferState.FAILED
                self._words = "it ended by a mistake of this program"
            self._tally.abandon()
            self._tally.meter.stop()
            if self._end is TransferState.CANCELLED:
                await self.clean_up()
            self._over.set()
            self._changed()

    async def wait(self) -> TransferView:
        """Wait until it is over."""
        await self._over.wait()
        return self.view

    def pause(self) -> None:
        """Let nothing more happen for a while."""
        if not self.state.is_over:
            self._gate.close()
            self._tally.meter.stop()
            self._changed()

    def resume(self) -> None:
        """Let it go on."""
        if not self._gate.is_open:
            self._gate.open()
            self._tally.meter.start()
            self._tally.pace.start()
            self._changed()

    def withdraw(self) -> None:
        """Cancel it before it has begun."""
        self._end = TransferState.CANCELLED
        self._over.set()
        self._changed()

    def answer(self, number: int, answer: Answer) -> None:
        """Answer a question."""
        self._desk.answer(number, answer)

    def prepare_retry(self) -> bool:
        """Make ready for trying again what failed; say whether there is anything."""
        if self.state is not TransferState.FAILED:
            return False
        if self._run is not None:
            if not self._run.failed and not self._run.is_unfinished:
                # What cannot be copied at all, such as a socket.
                return False
            self._again, self._before = list(self._run.failed), self._run
        self._run = None
        self._tally.forget_failures()
        self._end = None
        self._is_begun = False
        self._words = ""
        self._over.clear()
        self._changed()
        return True

    async def clean_up(self) -> None:
        """Remove broken files that nobody will go on with."""
        left = sorted({*await self._leftovers.remove(), *await self._target.sweep()})
        if left:
            self._words = f"left behind: {', '.join(short_path(path) for path in left)}"

    def _new_run(self) -> TransferRun:
        return TransferRun(
            self._source,
            self._target,
            self.order.directory,
            self.order.options,
            is_move=self.order.is_move,
            tally=self._tally,
            desk=self._desk,
            gate=self._gate,
            leftovers=self._leftovers,
            beacon=self._beacon,
            before=self._before,
            patience=self._patience,
        )

    async def _roots(self) -> list[Item]:
        """Look at what was chosen."""
        return [
            await self._looked_at(
                Item(path=path, below=base_name(path), attributes=FileAttributes())
            )
            for path in self.order.paths
        ]

    async def _looked_at(self, item: Item) -> Item:
        """Look at what was chosen, or at what failed before and may have changed."""
        path, below = item.path, item.below
        try:
            self._refuse_circle(path)
            attributes = await self._patience.run(partial(self._source.lstat, path))
            if self._is_same_folder and path in self.order.paths and below == base_name(path):
                if self.order.is_move:
                    raise BadRequest(f"move {short_path(path)}", "it is there already")
                below = await self._other_name(below)
        except LxdTuiError as error:
            return replace(item, error=error)
        return replace(item, below=below, attributes=attributes, error=None)

    async def _other_name(self, name: str) -> str:
        """Choose a name for what would be copied onto itself."""
        if self._taken is None:
            self._taken = {one.name for one in await self._target.scan(self.order.directory)}
        other = untaken(name, self._taken)
        self._taken.add(other)
        return other

    async def _find_out_where(self) -> None:
        """Find out whether everything would be copied onto itself."""
        order, folder = self.order, parent_path(self.order.paths[0])
        is_said = order.source == order.target and (order.directory.rstrip("/") or "/") == folder
        seen = partial(self._beacon.is_seen_in, self._source, folder)
        self._is_same_folder = is_said or await self._patience.run(seen)

    def _refuse_circle(self, path: str) -> None:
        order = self.order
        if not is_entry_name(base_name(path)):
            raise BadRequest(f"copy {short_path(path)}", "it has no name that could be kept")
        inside = f"{order.directory.rstrip('/')}/".startswith(f"{path.rstrip('/')}/")
        if order.source == order.target and inside:
            raise BadRequest(f"copy {short_path(path)}", "the target is inside of it")
