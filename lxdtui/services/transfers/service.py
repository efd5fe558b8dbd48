"""The queue of all transfers of the program, and who watches it."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from lxdtui.api.connection import Connection
from lxdtui.model.files import parent_path
from lxdtui.model.place import Place
from lxdtui.services.transfers.container_side import ContainerSide
from lxdtui.services.transfers.local_side import LocalSide
from lxdtui.services.transfers.patience import PAUSES
from lxdtui.services.transfers.sides import Side
from lxdtui.services.transfers.transfer import Order, Transfer
from lxdtui.services.transfers.values import (
    Answer,
    CopyOptions,
    TransferState,
    TransferView,
)

__all__ = ["TransferService", "Watcher"]

Watcher = Callable[[tuple[TransferView, ...]], None]
"""Told how all transfers stand."""

_AT_ONCE = 2
_TOLD_EACH = 0.1
"""Seconds between two tellings at least."""


class TransferService:
    """Copies and moves files in the background, some transfers at a time.

    Args:
        connections: All servers, by their names.
        clock: Monotonic seconds.
        pauses: Seconds before a file is tried again after the link broke.
    """

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        clock: Callable[[], float] = time.monotonic,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._pauses = tuple(pauses)
        self._transfers: list[Transfer] = []
        self._tasks: dict[Transfer, asyncio.Task[None]] = {}
        self._cleaning: set[asyncio.Task[None]] = set()
        self._watchers: list[Watcher] = []
        self._in_use: set[tuple[Place, str]] = set()
        self._numbers = 0
        self._told_at = float("-inf")
        self._telling: asyncio.TimerHandle | None = None

    @property
    def views(self) -> tuple[TransferView, ...]:
        """How all transfers stand, in the order in which they were asked for."""
        return tuple(transfer.view for transfer in self._transfers)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told of changes, at most ten times a second.

        Returns:
            What ends it.
        """
        self._watchers.append(watcher)

        def unwatch() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unwatch

    def copy(
        self,
        source: Place,
        paths: Sequence[str],
        target: Place,
        directory: str,
        *,
        move: bool = False,
        options: CopyOptions | None = None,
    ) -> Transfer:
        """Put a transfer into the queue. Nothing is sent before its turn.

        Args:
            source: Where files are.
            paths: What is copied, absolute and in one folder: files, links, whole folders.
            target: Where they go.
            directory: The folder there, absolute.
            move: Remove the source, item by item, after the target is verified.
            options: How; between instances the owner is kept by default.

        Raises:
            ValueError: There is nothing to copy, or it is not in one folder.
        """
        if not paths or len({parent_path(path) for path in paths}) != 1:
            raise ValueError("paths of one folder are needed")
        if options is None:
            is_between = not source.is_local and not target.is_local
            options = CopyOptions(keep_owner=is_between)
        self._numbers += 1
        order = Order(
            source=source,
            paths=tuple(paths),
            target=target,
            directory=directory,
            is_move=move,
            options=options,
        )
        transfer = Transfer(
            self._numbers,
            order,
            sides=self._sides,
            in_use=self._in_use,
            clock=self._clock,
            changed=self._changed,
            pauses=self._pauses,
        )
        self._transfers.append(transfer)
        self._start_next()
        self._changed()
        return transfer

    def cancel(self, number: int) -> None:
        """End a transfer; what was copied stays, what is half done is removed."""
        transfer = self._find(number)
        if transfer is None or transfer.state.is_over:
            return
        task = self._tasks.get(transfer)
        if task is None:
            transfer.withdraw()
        else:
            task.cancel()

    def pause(self, number: int) -> None:
        """Let a transfer rest."""
        if (transfer := self._find(number)) is not None:
            transfer.pause()

    def resume(self, number: int) -> None:
        """Let a transfer go on."""
        if (transfer := self._find(number)) is not None:
            transfer.resume()
            self._start_next()

    def retry(self, number: int) -> None:
        """Try again what failed of a transfer that is over."""
        transfer = self._find(number)
        if transfer is not None and transfer.prepare_retry():
            self._start_next()

    def answer(self, number: int, question: int, answer: Answer) -> None:
        """Answer a question of a transfer."""
        if (transfer := self._find(number)) is not None:
            transfer.answer(question, answer)

    def clear(self) -> None:
        """Forget all transfers that are over, and remove what they left half done."""
        over = [transfer for transfer in self._transfers if transfer.state.is_over]
        self._transfers = [one for one in self._transfers if not one.state.is_over]
        for transfer in over:
            task = asyncio.create_task(transfer.clean_up(), name="remove broken files")
            self._cleaning.add(task)
            task.add_done_callback(self._cleaning.discard)
        self._changed()

    async def aclose(self) -> None:
        """End everything; what is half done is removed as far as the servers answer."""
        self._watchers.clear()
        tasks = [*self._tasks.values(), *self._cleaning]
        for task in self._tasks.values():
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for transfer in self._transfers:
            await transfer.clean_up()
        if self._telling is not None:
            self._telling.cancel()

    def _sides(self, order: Order) -> tuple[Side, Side]:
        follows = order.options.follow_links
        folder = parent_path(order.paths[0])
        return (
            self._side(order.source, folder, follows=follows),
            self._side(order.target, order.directory, follows=False),
        )

    def _side(self, place: Place, root: str, *, follows: bool) -> Side:
        if place.ref is None:
            return LocalSide(root, follows=follows)
        return ContainerSide(self._connections[place.ref.remote], place.ref)

    def _find(self, number: int) -> Transfer | None:
        return next((one for one in self._transfers if one.number == number), None)

    def _start_next(self) -> None:
        for transfer in self._transfers:
            # One that rests or asks keeps nobody else waiting.
            resting = (TransferState.ASKING, TransferState.PAUSED)
            busy = sum(one.state not in resting for one in self._tasks)
            if busy >= _AT_ONCE:
                return
            if transfer.state is TransferState.WAITING and transfer not in self._tasks:
                task = asyncio.create_task(transfer.run(), name=f"transfer {transfer.number}")
                self._tasks[transfer] = task
                task.add_done_callback(partial(self._ended, transfer))

    def _ended(self, transfer: Transfer, task: asyncio.Task[None]) -> None:
        self._tasks.pop(transfer, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
        self._start_next()

    def _changed(self) -> None:
        if len(self._transfers) > len(self._tasks):
            # One that begins to ask or to rest lets another one begin.
            self._start_next()
        if self._telling is None and self._watchers:
            loop = asyncio.get_running_loop()
            wait = max(self._told_at + _TOLD_EACH - self._clock(), 0)
            self._telling = loop.call_later(wait, self._tell)

    def _tell(self) -> None:
        self._telling = None
        self._told_at = self._clock()
        views = self.views
        for watcher in tuple(self._watchers):
            watcher(views)
