"""Rows of the container list: derived from the store, sorted and filtered. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.instance import Condition, Instance
from lxdtui.model.limits import cpu_limit
from lxdtui.model.operation import Operation, Progress
from lxdtui.model.refs import InstanceRef
from lxdtui.store.state import LinkState, Usage
from lxdtui.store.store import Store

__all__ = [
    "Activity",
    "InstanceRow",
    "SortKey",
    "activity_of",
    "condition_counts",
    "matches",
    "row_of",
    "sort_rows",
]

# The servers' descriptions of operations (LXD and Incus alike) and the word
# that a row shows. Commands and file transfers do not change what a row is.
_ACTIVITIES = {
    "Creating instance": "creating",
    "Creating container": "creating",
    "Starting instance": "starting",
    "Stopping instance": "stopping",
    "Restarting instance": "restarting",
    "Freezing instance": "freezing",
    "Unfreezing instance": "resuming",
    "Deleting instance": "deleting",
    "Renaming instance": "renaming",
    "Migrating instance": "migrating",
    "Updating instance": "updating",
    "Restoring snapshot": "restoring",
    "Snapshotting instance": "snapshotting",
    "Creating instance snapshot": "snapshotting",
    "Backing up instance": "backing up",
    "Restoring instance": "restoring",
    "Rebuilding instance": "rebuilding",
}


@dataclass(frozen=True, slots=True)
class Activity:
    """What is under way with an instance, as an operation of the server says."""

    word: str
    """``starting``, ``stopping``, …"""
    progress: Progress | None
    """How far it is, where the server tells."""


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """Everything that one row of the list shows."""

    instance: Instance
    usage: Usage | None
    snapshot_count: int | None
    """Number of snapshots, or ``None`` while unknown."""
    activity: Activity | None
    is_stale: bool
    """Whether the link to the server is lost, so that this may be old."""
    cpus: int | None = None
    """CPUs that it may use: its limit, else those of the server; ``None`` while unknown."""

    @property
    def cpu_share(self) -> float | None:
        """How much of its CPUs it uses, from 0 to about 1; of one CPU while unknown."""
        if self.usage is None or self.usage.cpu_percent is None:
            return None
        return self.usage.cpu_percent / 100 / (self.cpus or 1)

    @property
    def ref(self) -> InstanceRef:
        """Identity of the instance."""
        return self.instance.ref


class SortKey(StrEnum):
    """Columns by which the list can be sorted."""

    NAME = "name"
    STATUS = "status"
    CPU = "cpu"
    MEMORY = "memory"
    IPV4 = "ipv4"
    PROCESSES = "processes"
    SNAPSHOTS = "snapshots"
    PROJECT = "project"
    CREATED = "created"


def activity_of(operations: Iterable[Operation]) -> Activity | None:
    """Return what is under way, by the operation that began last."""
    running = [
        operation
        for operation in operations
        if not operation.is_final and operation.description in _ACTIVITIES
    ]
    if not running:
        return None
    latest = max(running, key=lambda operation: str(operation.created_at or ""))
    return Activity(_ACTIVITIES[latest.description], latest.progress)


def row_of(store: Store, ref: InstanceRef) -> InstanceRow | None:
    """Return the row of an instance, or ``None`` where it does not exist."""
    state = store.state
    instance = state.instances.get(ref)
    if instance is None:
        return None
    link = state.links.get(ref.remote)
    snapshots = state.snapshots.get(ref)
    server = state.servers.get(ref.remote)
    return InstanceRow(
        instance=instance,
        usage=state.usage.get(ref) if instance.condition is not Condition.STOPPED else None,
        snapshot_count=None if snapshots is None else len(snapshots),
        activity=activity_of(store.operations_of(ref)),
        is_stale=link is not None and link.state is not LinkState.LIVE,
        cpus=cpu_limit(instance.expanded_config) or (server.cpus if server else None),
    )


def condition_counts(rows: Iterable[InstanceRow]) -> Counter[Condition]:
    """Count rows by condition; a row at work counts as changing."""
    return Counter(Condition.CHANGING if row.activity else row.instance.condition for row in rows)


def matches(row: InstanceRow, words: str) -> bool:
    """Say whether a row answers to a filter.

    Args:
        row: The row.
        words: Words of which each must stand in the name, the status, the
            project, the type, an address, a profile or the description;
            upper and lower case do not differ.
    """
    instance = row.instance
    state = row.usage.state if row.usage else None
    heap = "\n".join(
        (
            instance.name,
            row.activity.word if row.activity else instance.condition,
            instance.ref.project,
            instance.ref.remote,
            instance.type,
            instance.location,
            instance.description,
            *instance.profiles,
            *(state.addresses("inet") if state else ()),
            *(state.addresses("inet6") if state else ()),
        )
    ).casefold()
    return all(word in heap for word in words.casefold().split())


def sort_rows(
    rows: Iterable[InstanceRow], key: SortKey, *, reverse: bool = False
) -> Sequence[InstanceRow]:
    """Sort rows by a column; equal ones by project, name and remote.

    Rows without a value stand last in either direction.
    """
    value_of = _SORT_VALUES[key]
    named = sorted(rows, key=_by_name)
    known = [row for row in named if value_of(row) is not None]
    unknown = [row for row in named if value_of(row) is None]
    known.sort(key=lambda row: _Comparable(value_of(row)), reverse=reverse)
    return known + unknown


_DIGITS = re.compile(r"(\d+)")


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort ``web2`` before ``web10``; numbers of any length, by their length first."""
    return tuple(_part(part) for part in _DIGITS.split(text.casefold()) if part)


def _part(part: str) -> tuple[int, int, str]:
    if part.isascii() and part.isdigit():
        digits = part.lstrip("0")
        return 0, len(digits), digits
    return 1, 0, part


def _by_name(row: InstanceRow) -> tuple[object, ...]:
    ref = row.ref
    return (_natural(ref.name), ref.project, ref.remote)


class _Comparable:
    """A value of one column; the values of one column are of one type."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __lt__(self, other: "_Comparable") -> bool:
        return bool(self.value < other.value)  # type: ignore[operator]  # one type a column


_CONDITION_ORDER = {condition: order for order, condition in enumerate(Condition)}


def _status_value(row: InstanceRow) -> int:
    return _CONDITION_ORDER[Condition.CHANGING if row.activity else row.instance.condition]


def _ipv4_value(row: InstanceRow) -> tuple[int, ...] | None:
    addresses = row.usage.state.addresses("inet") if row.usage else ()
    if not addresses:
        return None
    # Whatever the server calls an address: only short ASCII digits are a number.
    return tuple(
        int(part) if part.isascii() and part.isdigit() and len(part) <= 3 else 0
        for part in addresses[0].split(".")
    )


_SORT_VALUES: dict[SortKey, Callable[[InstanceRow], object | None]] = {
    SortKey.NAME: lambda row: _by_name(row),
    SortKey.STATUS: _status_value,
    SortKey.CPU: lambda row: row.cpu_share,
    SortKey.MEMORY: lambda row: row.usage.state.memory_usage if row.usage else None,
    SortKey.IPV4: _ipv4_value,
    SortKey.PROCESSES: lambda row: row.usage.state.processes if row.usage else None,
    SortKey.SNAPSHOTS: lambda row: row.snapshot_count,
    SortKey.PROJECT: lambda row: row.ref.project,
    SortKey.CREATED: lambda row: row.instance.created_at,
}
