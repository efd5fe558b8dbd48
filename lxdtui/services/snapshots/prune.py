"""Which snapshots go, and which stay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxdtui.model.snapshot import Snapshot

__all__ = ["PrunePlan", "plan_prune"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunePlan:
    """What becomes of each snapshot."""

    go: tuple[Snapshot, ...]
    """Those that are deleted, oldest first."""
    stay: tuple[Snapshot, ...]
    """Those that stay, oldest first."""

    @property
    def freed(self) -> int | None:
        """Bytes of those that go, or ``None`` where the server does not tell."""
        sizes = [snapshot.size for snapshot in self.go]
        return None if any(size < 0 for size in sizes) else sum(sizes)


def plan_prune(
    snapshots: Sequence[Snapshot],
    *,
    now: datetime,
    older_than: timedelta | None = None,
    keep: int | None = None,
    prefix: str = "",
) -> PrunePlan:
    """Decide which snapshots are deleted: those to which every given rule applies.

    A snapshot of unknown age counts as newest, so that it stays.

    Args:
        snapshots: All of an instance.
        now: The time of day.
        older_than: Only those that are older go.
        keep: So many of the newest, among those that the prefix names, stay.
        prefix: Only those whose names begin like this go.

    Returns:
        The plan. Without any rule all stay.
    """
    oldest_first = sorted(
        snapshots, key=lambda one: (one.created_at is None, one.created_at or now, one.name)
    )
    concerned = [one for one in oldest_first if one.name.startswith(prefix)]
    go = set() if older_than is None and keep is None else {one.name for one in concerned}
    if older_than is not None:
        go &= {
            one.name
            for one in concerned
            if one.created_at is not None and now - one.created_at > older_than
        }
    if keep is not None:
        go -= {one.name for one in concerned[max(len(concerned) - keep, 0) :]}
    return PrunePlan(
        go=tuple(one for one in oldest_first if one.name in go),
        stay=tuple(one for one in oldest_first if one.name not in go),
    )
