"""Questions before snapshots are deleted, or a container is brought back to one. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.expiry import after
from lxdtui.services.snapshots.names import free_name
from lxdtui.services.snapshots.prune import PrunePlan, plan_prune
from lxdtui.ui.format.amounts import plural, size
from lxdtui.ui.format.times import age_since
from lxdtui.ui.forms.form import Choices, Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.forms.snapshots.lines import form_on, listed, told, warned, what_of
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["delete_form", "prune_form", "prune_plan", "restore_form", "safety_name"]

_AGES = ("7d", "14d", "30d", "90d")
_COUNTS = ("5", "10", "20")
_LISTED = 40


def delete_form(ref: InstanceRef, snapshots: Sequence[Snapshot], *, now: datetime) -> Form:
    """Ask whether snapshots are to be deleted."""
    several = len(snapshots) > 1
    typed = str(len(snapshots))

    def problem(values: Values) -> str:
        if values["typed"].strip() != typed:
            return f"type {typed} to delete {'them' if several else 'it'}"
        return ""

    def explain(_values: Values) -> tuple[Line, ...]:
        lines: list[Line] = [listed(one, now) for one in snapshots[:_LISTED]]
        if len(snapshots) > _LISTED:
            lines.append(told(f"and {len(snapshots) - _LISTED} more"))
        words = "What they hold is lost" if several else "What it holds is lost"
        return (*lines, warned(f"{words}; the container stays as it is."))

    return form_on(
        "Delete" if several else "Delete the snapshot",
        ref,
        what=what_of(ref, snapshots),
        fields=(Text(id="typed", label="How many"),),
        do=f"Delete {typed}" if several else "Delete it",
        keep="Keep them" if several else "Keep it",
        is_dangerous=True,
        problem=problem,
        explain=explain,
    )


def prune_plan(snapshots: Sequence[Snapshot], values: Values, now: datetime) -> PrunePlan:
    """Return what a rule does to snapshots.

    Raises:
        ValueError: The rule cannot be read.
    """
    older_than: timedelta | None = None
    keep: int | None = None
    amount = values["amount"].strip()
    if values["by"] == "age":
        moment = after(amount, now)
        if moment is None:
            raise ValueError("write an age like 30d, 2w or 6m")
        older_than = moment - now
    elif amount.isascii() and amount.isdigit() and len(amount) < 7:
        keep = int(amount)
    else:
        raise ValueError("write how many of the newest stay")
    return plan_prune(
        snapshots, now=now, older_than=older_than, keep=keep, prefix=values["prefix"].strip()
    )


def prune_form(ref: InstanceRef, snapshots: Sequence[Snapshot], *, now: datetime) -> Form:
    """Ask by which rule snapshots are deleted, and show what goes and what stays."""

    def plan(values: Values) -> PrunePlan | None:
        try:
            return prune_plan(snapshots, values, now)
        except ValueError:
            return None

    def problem(values: Values) -> str:
        try:
            found = prune_plan(snapshots, values, now)
        except ValueError as error:
            return str(error)
        if not found.go:
            return "nothing goes by this rule"
        typed = str(len(found.go))
        return "" if values["typed"].strip() == typed else f"type {typed} to delete them"

    def explain(values: Values) -> tuple[Line, ...]:
        found = plan(values)
        if found is None:
            return ()
        freed = f", {size(found.freed)}" if found.freed else ""
        lines: list[Line] = [
            (
                Piece(f"{_goes(len(found.go))}{freed}", "$red bold"),
                Piece(f"   {len(found.stay)} stay", "$green"),
            )
        ]
        lines += [(Piece("- ", "$red"), *listed(one, now)) for one in reversed(found.go)]
        lines += [
            (Piece("  ", "$green"), *listed(one, now, style="$muted"))
            for one in reversed(found.stay)
        ]
        return tuple(lines)

    return form_on(
        "Prune the snapshots of",
        ref,
        what=ref.name,
        fields=(
            Choices(
                id="by",
                label="Delete",
                options=(("age", "those older than"), ("count", "all but the newest")),
            ),
            Text(id="amount", label="", value="30d", hint="30d, or 10", presets=(*_AGES, *_COUNTS)),
            Text(id="prefix", label="Only names", hint="that begin with, for example nightly-"),
            Text(id="typed", label="How many"),
        ),
        do="Delete them",
        keep="Keep them",
        is_dangerous=True,
        problem=problem,
        explain=explain,
    )


def safety_name(snapshot: str, taken: Collection[str], now: datetime) -> str:
    """Return the name of the snapshot that is taken before a restore."""
    stem = f"before-restore-{now.astimezone():%Y%m%d-%H%M}"
    return free_name(stem, {*taken, snapshot})


def restore_form(
    instance: Instance,
    snapshot: Snapshot,
    newer: Sequence[Snapshot],
    *,
    driver: str,
    now: datetime,
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask whether a container is brought back to a snapshot, and say what is lost by it.

    Args:
        instance: The container as it is now.
        snapshot: The snapshot.
        newer: The snapshots that are newer.
        driver: Driver of the storage pool; empty where unknown.
        now: The time of day.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    given = before or {}

    def explain(values: Values) -> tuple[Line, ...]:
        since = age_since(snapshot.created_at, now)
        lines = [
            warned(
                f"All changes of the last {since} are lost: files and configuration."
                if since
                else "All changes since then are lost: files and configuration."
            )
        ]
        if instance.is_running:
            lines.append(told("It runs: it is stopped, brought back and started again."))
        elif instance.condition is Condition.FROZEN:
            lines.append(told("It is frozen: it is stopped and brought back, and runs then."))
        if newer and driver == "zfs":
            lines += [
                warned(f"ZFS: {plural(len(newer), 'newer snapshot')} in the way."),
                told("The server refuses, or with zfs.remove_snapshots deletes them:"),
                *(listed(one, now) for one in newer[:_LISTED]),
            ]
        elif newer and not driver:
            lines.append(told(f"{_stays(len(newer))}, unless the pool is ZFS."))
        elif newer:
            lines.append(told(f"{_stays(len(newer))}."))
        if is_set(values, "safety"):
            lines.append(told("A snapshot of now is taken first; restoring it undoes this."))
        return tuple(lines)

    zfs = "ZFS could not go back past it" if driver == "zfs" else ""
    fields: list[Flag] = [
        Flag(
            id="safety",
            label="Take a snapshot of now first",
            value=is_set(given, "safety") if before is not None else True,
            why_not=zfs,
        )
    ]
    if snapshot.stateful:
        fields.append(
            Flag(
                id="stateful",
                label="Bring the memory and the processes back, too",
                value=is_set(given, "stateful"),
            )
        )
    return form_on(
        "Restore",
        instance.ref,
        what=f"{instance.name} to {snapshot.name}",
        fields=tuple(fields),
        do="Restore it",
        keep="Leave it",
        is_dangerous=True,
        failure=failure,
        explain=explain,
    )


def _goes(number: int) -> str:
    return f"{plural(number, 'snapshot')} {'goes' if number == 1 else 'go'}"


def _stays(number: int) -> str:
    return f"{plural(number, 'newer snapshot')} {'stays' if number == 1 else 'stay'}"
