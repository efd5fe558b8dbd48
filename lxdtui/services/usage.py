"""Measuring the instances that are on the screen, and no others.

One measurement takes a server some 40 ms, so only what is looked at is
measured, a few at a time, and the pauses grow with the time that the server
takes: measuring never keeps it busy for more than a fifth of the time.
"""

import asyncio
import math
import time
from collections.abc import Callable, Collection

from lxdtui.api.connection import Connection
from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.store.state import LinkState
from lxdtui.store.store import Store
from lxdtui.store.updates import Change, SnapshotsRead, UsageRead

__all__ = ["UsageSampler", "pause_after"]

_PAUSE_SECONDS = 2.0
"""Shortest pause between two measurements of one instance."""
_SHARE = 5
"""One part of measuring to this many parts of time."""
_AT_ONCE = 4
"""Measurements at a time."""


def pause_after(seconds: float, *, measured: int, latency: float) -> float:
    """Return how long to wait after a round of measurements, in seconds.

    Only what the server itself took counts: on a slow link most of the time
    passes on the way, and waiting longer would spare nobody anything.

    Args:
        seconds: How long the round took.
        measured: How many instances were measured.
        latency: Seconds that a short request takes on this link.
    """
    on_the_way = math.ceil(measured / _AT_ONCE) * latency
    return max(_PAUSE_SECONDS, (seconds - on_the_way) * (_SHARE - 1))


class UsageSampler:
    """Measures the instances of one server that are on the screen.

    Args:
        connection: The link to the server.
        store: Where everything goes.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        connection: Connection,
        store: Store,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._store = store
        self._clock = clock
        self._shown: frozenset[InstanceRef] = frozenset()
        self._wake = asyncio.Event()
        self._without_snapshots: set[InstanceRef] = set()

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        """Say what is on the screen now."""
        shown = frozenset(ref for ref in refs if ref.remote == self._connection.remote)
        if shown - self._shown:
            self._wake.set()
        self._shown = shown

    def forget_snapshots(self, ref: InstanceRef) -> None:
        """Read the snapshots of an instance again when it is on the screen."""
        self._without_snapshots.add(ref)
        if ref in self._shown:
            self._wake.set()

    async def run(self) -> None:
        """Measure for ever."""
        unwatch = self._store.watch(self._notice)
        try:
            while True:
                self._wake.clear()
                began = self._clock()
                measured = await self._measure()
                link = self._store.state.links.get(self._connection.remote)
                pause = pause_after(
                    self._clock() - began,
                    measured=measured,
                    latency=(link.latency or 0.0) if link else 0.0,
                )
                await self._rest(pause)
        finally:
            unwatch()

    def _notice(self, change: Change) -> None:
        """Wake when a link is live again, or something shown needs its first look."""
        shown = change.instances & self._shown
        if self._connection.remote in change.remotes or any(map(self._needs_first_look, shown)):
            self._wake.set()

    def _needs_first_look(self, ref: InstanceRef) -> bool:
        instance = self._store.state.instances.get(ref)
        if instance is None:
            return False
        if ref not in self._store.state.snapshots:
            return True
        return instance.is_running and ref not in self._store.state.usage

    async def _rest(self, seconds: float) -> None:
        """Wait, but hurry to what has not been looked at yet."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                return
            self._wake.clear()
            await self._measure(only_new=True)

    async def _measure(self, *, only_new: bool = False) -> int:
        """Measure what is shown; returns how many instances that were."""
        link = self._store.state.links.get(self._connection.remote)
        if link is None or link.state is not LinkState.LIVE:
            return 0
        limit = asyncio.Semaphore(_AT_ONCE)
        wanted = [
            ref
            for ref in sorted(self._shown)
            if not only_new or ref in self._without_snapshots or self._needs_first_look(ref)
        ]
        await asyncio.gather(*(self._look(ref, limit) for ref in wanted))
        return len(wanted)

    async def _look(self, ref: InstanceRef, limit: asyncio.Semaphore) -> None:
        instance = self._store.state.instances.get(ref)
        if instance is None:
            return
        async with limit:
            try:
                if ref in self._without_snapshots or ref not in self._store.state.snapshots:
                    self._without_snapshots.discard(ref)
                    snapshots = await self._connection.instances.snapshots(ref)
                    self._store.apply(SnapshotsRead(ref, snapshots))
                if instance.condition in (Condition.RUNNING, Condition.FROZEN):
                    state = await self._connection.instances.state(ref)
                    self._store.apply(UsageRead(ref, state, self._clock()))
            except LxdTuiError:
                # It went away, the link broke or this one cannot be measured:
                # the list says so by itself, and the next round tries again.
                return
