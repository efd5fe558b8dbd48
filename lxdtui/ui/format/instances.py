"""What an instance's values mean to the eye: cores, load, up time, words. Pure."""

from datetime import datetime

from lxdtui.model.instance import Condition
from lxdtui.model.limits import memory_limit
from lxdtui.services.snapshots.look_mark import LookMark
from lxdtui.store.select import InstanceRow
from lxdtui.ui.format.text import safe_text

__all__ = [
    "AMBER_FROM",
    "RED_FROM",
    "condition_of",
    "cores_words",
    "memory_share",
    "memory_total",
    "started_at",
    "status_word",
]

AMBER_FROM = 0.90
"""Share from which a value asks for attention."""
RED_FROM = 0.95
"""Share from which a value is alarming."""


def condition_of(row: InstanceRow) -> Condition:
    """Return the condition that a row shows: one at work is changing."""
    return Condition.CHANGING if row.activity is not None else row.instance.condition


def status_word(row: InstanceRow) -> str:
    """Return the word for the status: what is under way, else how it is."""
    if row.activity is not None:
        return row.activity.word
    condition = row.instance.condition
    if LookMark.of(row.ref.name, row.instance.config) is not None:
        return "a look" if condition is Condition.STOPPED else str(condition)
    if condition in (Condition.CHANGING, Condition.UNKNOWN):
        return safe_text(row.instance.status.lower()) or str(condition)
    return str(condition)


def cores_words(row: InstanceRow) -> str:
    """Say of how much the CPU share of an instance is: ``of 4 cores``."""
    if row.cpus is None or row.cpus == 1:
        return "of one core"
    return f"of {row.cpus} cores"


def memory_total(row: InstanceRow) -> int:
    """Return how much memory an instance may use, in bytes; 0 where nobody tells."""
    limit = memory_limit(row.instance.expanded_config)
    if limit is not None:
        return limit
    return max(row.usage.state.memory_total, 0) if row.usage is not None else 0


def memory_share(row: InstanceRow) -> float | None:
    """Return how much of its memory an instance uses, from 0 to 1."""
    total = memory_total(row)
    if row.usage is None or not total:
        return None
    return row.usage.state.memory_usage / total


def started_at(row: InstanceRow) -> datetime | None:
    """Return when a running or frozen instance was started."""
    if row.instance.condition in (Condition.STOPPED, Condition.ERROR):
        return None
    if row.usage is not None and row.usage.state.started_at is not None:
        return row.usage.state.started_at
    return row.instance.last_used_at
