"""Many changes of the store become few: gathered and handed on together."""

from collections.abc import Callable

from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.store import Change

__all__ = ["FLUSH_EVERY", "PendingChanges"]

FLUSH_EVERY = 0.05
"""Seconds between two hand-ons while changes keep coming."""


class PendingChanges:
    """Changes that were not handed on yet.

    What is gathered is bounded by what the store holds: each thing is in it
    once, however often it changed.

    Args:
        schedule: Called with the seconds after which :meth:`flush` is to be
            called; never while a call is under way.
        hand_on: Called with everything that changed.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        schedule: Callable[[float], object],
        hand_on: Callable[[Change], object],
        clock: Callable[[], float],
    ) -> None:
        self._schedule = schedule
        self._hand_on = hand_on
        self._clock = clock
        self._instances: set[InstanceRef] = set()
        self._operations: set[OperationRef] = set()
        self._remotes: set[str] = set()
        self._membership = False
        self._is_scheduled = False
        self._flushed_at = float("-inf")

    def add(self, change: Change) -> None:
        """Gather a change; the first after a quiet time is handed on at once.

        Args:
            change: What is different.
        """
        self._instances |= change.instances
        self._operations |= change.operations
        self._remotes |= change.remotes
        self._membership |= change.membership
        if not self._is_scheduled:
            self._is_scheduled = True
            passed = self._clock() - self._flushed_at
            self._schedule(max(FLUSH_EVERY - passed, 0.0))

    def flush(self) -> None:
        """Hand on what was gathered."""
        self._is_scheduled = False
        self._flushed_at = self._clock()
        change = Change(
            frozenset(self._instances),
            self._membership,
            frozenset(self._remotes),
            frozenset(self._operations),
        )
        self._instances.clear()
        self._operations.clear()
        self._remotes.clear()
        self._membership = False
        if change:
            self._hand_on(change)
