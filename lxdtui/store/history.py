"""What happened to instances, kept after the servers have forgotten it. Pure functions.

The servers keep an operation for five seconds after its end and events not at
all. What is seen of both is kept here, bounded: so many entries an instance,
and so many instances.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lxdtui.model.event import LifecycleEvent
from lxdtui.model.operation import Operation
from lxdtui.model.process import OUR_MARK
from lxdtui.model.refs import InstanceRef

__all__ = [
    "ENTRIES_KEPT",
    "INSTANCES_KEPT",
    "History",
    "HistoryEntry",
    "with_event",
    "with_operation",
]

ENTRIES_KEPT = 200
"""Entries of one instance that are kept."""
INSTANCES_KEPT = 500
"""Instances whose history is kept; those that nothing happened to for longest leave."""

# Reading something changes nothing, and who follows a log would fill the history.
_READING = (
    "instance-log-retrieved",
    "instance-console-retrieved",
    "instance-metadata-retrieved",
    "instance-metadata-template-retrieved",
    "instance-backup-retrieved",
)
# Of a file or a command there may be thousands in a row; one entry counts them.
_IN_ROWS = ("instance-exec", "instance-file-")
_EXEC = "Executing command"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Something that happened, or an operation that began."""

    at: datetime | None
    """When it happened or began, by the server's clock."""
    what: str
    """The server's word for it: an action or the description of an operation."""
    detail: str = ""
    """Name of the snapshot, path of the file, the command."""
    who: str = ""
    """Who asked for it, where the server tells."""
    times: int = 1
    """How often in a row."""
    operation: Operation | None = None
    """How it stands with the operation, if it is one; without its metadata once it ended."""


History = Mapping[InstanceRef, tuple[HistoryEntry, ...]]
"""Entries by instance, oldest first; the instances in the order of their last entry."""


def with_event(history: History, event: LifecycleEvent) -> History:
    """Add an event; the same object where it tells nothing.

    Args:
        history: What is kept.
        event: What happened.
    """
    ref = event.instance
    if ref is None or event.action.startswith(_READING) or OUR_MARK in event.detail:
        return history
    entry = HistoryEntry(at=event.at, what=event.action, detail=event.detail, who=event.requestor)
    entries = history.get(ref, ())
    if entries and event.action.startswith(_IN_ROWS):
        last = entries[-1]
        if (last.what, last.who, last.operation) == (entry.what, entry.who, None):
            return _with(history, ref, (*entries[:-1], replace(entry, times=last.times + 1)))
    return _with(history, ref, (*entries, entry))


def with_operation(history: History, operation: Operation) -> History:
    """Add an operation, or take note of what became of it.

    Commands are left out: an event tells of each of them, with its words.

    Args:
        history: What is kept.
        operation: The operation as it is now; it is newer than what is kept.
    """
    if operation.description == _EXEC:
        return history
    # Results and secrets are not for the history.
    kept = replace(operation, metadata={} if operation.is_final else _progress_of(operation))
    for ref in operation.instances:
        entries = history.get(ref, ())
        entry = HistoryEntry(at=operation.created_at, what=operation.description, operation=kept)
        for at in range(len(entries) - 1, -1, -1):
            known = entries[at].operation
            if known is not None and known.ref == operation.ref:
                if known != kept:
                    changed = replace(entries[at], operation=kept)
                    history = _with(history, ref, (*entries[:at], changed, *entries[at + 1 :]))
                break
        else:
            history = _with(history, ref, (*entries, entry))
    return history


def _progress_of(operation: Operation) -> dict[str, object]:
    return {key: value for key, value in operation.metadata.items() if key.endswith("_progress")}


def _with(history: History, ref: InstanceRef, entries: tuple[HistoryEntry, ...]) -> History:
    others = {known: kept for known, kept in history.items() if known != ref}
    while len(others) >= INSTANCES_KEPT:
        del others[next(iter(others))]
    return {**others, ref: entries[-ENTRIES_KEPT:]}
