"""Why an action on snapshots is not possible now, in words. Pure."""

from collections.abc import Mapping, Sequence

from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.store.select import InstanceRow

__all__ = ["why_not_snapshots"]

_ON_ONE = frozenset(
    (
        "snapshot.restore",
        "snapshot.rename",
        "snapshot.browse",
        "snapshot.copy",
        "snapshot.publish",
    )
)
_ON_SOME = frozenset(("snapshot.compare", "snapshot.expiry", "snapshot.delete", "snapshot.mark"))
_ON_LIST = frozenset(
    (
        "snapshot.prune",
        "snapshot.mark_all",
        "snapshot.filter",
        "snapshot.sort",
        "snapshot.reverse",
    )
)
_CHANGING = frozenset(
    (
        "snapshot.restore",
        "snapshot.create",
        "snapshot.browse",
        "snapshot.compare",
        "snapshot.copy",
        "snapshot.publish",
        "snapshot.rename",
        "snapshot.expiry",
        "snapshot.delete",
        "snapshot.prune",
        "snapshot.schedule",
    )
)
_ANY_TIME = frozenset(("snapshot.create", "snapshot.schedule"))
"""What does not touch the snapshots that are at work."""


def why_not_snapshots(
    action_id: str,
    ref: InstanceRef,
    row: InstanceRow | None,
    *,
    has_snapshots: bool,
    chosen: Sequence[Snapshot],
    under_way: Mapping[str, str],
) -> str | None:
    """Return why an action is not possible; ``None`` where it is.

    Args:
        action_id: The action.
        ref: The container.
        row: The container as it is; ``None`` where it is gone.
        has_snapshots: Whether it has any.
        chosen: The snapshots that are marked, or the one under the cursor.
        under_way: What is under way, by the names of snapshots.
    """
    if row is None:
        return f"{ref.name} does not exist any more"
    if action_id in _CHANGING:
        if row.is_stale:
            return f"the link to {ref.remote} is lost"
        busy = [one.name for one in chosen if one.name in under_way]
        if busy and action_id not in _ANY_TIME:
            return f"{busy[0]} is at work: {under_way[busy[0]]}"
    if action_id in _ON_LIST and not has_snapshots:
        return "there are no snapshots"
    if action_id in _ON_ONE and len(chosen) > 1:
        return "it is done with one snapshot at a time; a takes all marks away"
    if action_id == "snapshot.compare" and len(chosen) > 2:
        return "one is compared with now, or two with one another"
    if action_id in _ON_ONE | _ON_SOME and not chosen:
        return "no snapshot is selected"
    return None
