"""What is asked before something is done with snapshots. Pure."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from lxdtui.model.instance import Instance
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.expiry import after, parse_expiry
from lxdtui.services.snapshots.names import free_name, name_problem, proposed_name
from lxdtui.services.snapshots.prune import PrunePlan, plan_prune
from lxdtui.ui.format.amounts import plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age, age_since, day_and_minute
from lxdtui.ui.forms import Choices, Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.widgets.pieces import Piece

__all__ = [
    "create_form",
    "delete_form",
    "expiry_form",
    "expiry_of",
    "prune_form",
    "prune_plan",
    "rename_form",
    "restore_form",
    "safety_name",
    "why_not_stateful",
]

EXPIRIES = ("1d", "7d", "30d", "6m", "1y", "never")
_AGES = ("7d", "14d", "30d", "90d")
_COUNTS = ("5", "10", "20")
_LISTED = 40


def why_not_stateful(instance: Instance, server: Server | None) -> str:
    """Return why the memory cannot be kept; empty where only the server can tell."""
    if not instance.is_running:
        return "it does not run"
    keeps = instance.expanded_config.get("migration.stateful", "")
    if server is not None and server.kind is ServerKind.INCUS and keeps not in ("true", "1"):
        return "migration.stateful is not set"
    return ""


def expiry_of(values: Values, now: datetime) -> datetime | None:
    """Return the expiry that was chosen."""
    return parse_expiry(values["expiry"], now)


def create_form(
    instances: Sequence[Instance],
    *,
    taken: Collection[str],
    server: Server | None,
    now: datetime,
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask how to take a snapshot of one container, or of each of several.

    Args:
        instances: The containers.
        taken: Names of the snapshots that there are, of a single one.
        server: Their server.
        now: The time of day.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    one = instances[0] if len(instances) == 1 else None
    patterns = {each.expanded_config.get("snapshots.pattern", "") for each in instances}
    name = proposed_name(patterns.pop(), taken, now) if one else ""
    lengths = {each.expanded_config.get("snapshots.expiry", "") for each in instances}
    usual = lengths.pop() if len(lengths) == 1 else ""
    given = before or {}
    reasons = [why_not_stateful(each, server) for each in instances]
    # One that can keep its memory is reason enough to offer it.
    why_not = "" if "" in reasons else reasons[0]
    if len(reasons) > 1 and why_not:
        why_not = f"{instances[0].name}: {why_not}"

    def problem(values: Values) -> str:
        if found := name_problem(values["name"]):
            return found
        if values["name"] in taken:
            return f"a snapshot {values['name']} exists"
        return _expiry_problem(values["expiry"], now)

    def explain(values: Values) -> tuple[Line, ...]:
        lines = [_told(_create_words(values, one is not None))]
        if not values["expiry"]:
            ends = after(usual, now)
            kept = f"until {day_and_minute(ends)} (snapshots.expiry)" if ends else "until deleted"
            lines.append(_told(f"It is kept {kept}."))
        elif not _expiry_problem(values["expiry"], now):
            ends = parse_expiry(values["expiry"], now)
            lines.append(
                _told(f"It is kept {f'until {day_and_minute(ends)}' if ends else 'for ever'}.")
            )
        return tuple(lines)

    return _form(
        "Snapshot",
        instances[0].ref,
        what=safe_text(one.name) if one else plural(len(instances), "container"),
        fields=(
            Text(
                id="name",
                label="Name",
                value=given.get("name", name),
                hint="the server chooses",
            ),
            Text(
                id="expiry",
                label="Expires",
                value=given.get("expiry", ""),
                hint=f"{usual} as it is set" if usual else "never; 7d, 2w, 3m or a day",
                presets=EXPIRIES,
            ),
            Flag(
                id="stateful",
                label="Keep the memory and the running processes, too",
                value=is_set(given, "stateful"),
                why_not=why_not,
            ),
        ),
        do="Take it" if one else f"Take {len(instances)}",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def rename_form(
    ref: InstanceRef,
    name: str,
    *,
    taken: Collection[str],
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask for the new name of a snapshot; further arguments as for :func:`create_form`."""

    def problem(values: Values) -> str:
        wanted = values["name"]
        if not wanted:
            return "a name is needed"
        if wanted == name:
            return "this is its name now"
        if wanted in taken:
            return f"a snapshot {wanted} exists"
        return name_problem(wanted)

    return _form(
        "Rename the snapshot",
        ref,
        what=f"{name} of {ref.name}",
        fields=(Text(id="name", label="New name", value=(before or {}).get("name", name)),),
        do="Rename it",
        failure=failure,
        problem=problem,
    )


def expiry_form(
    ref: InstanceRef,
    snapshots: Sequence[Snapshot],
    *,
    now: datetime,
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask when snapshots expire; further arguments as for :func:`create_form`."""

    def problem(values: Values) -> str:
        return "" if not values["expiry"].strip() else _expiry_problem(values["expiry"], now)

    def explain(values: Values) -> tuple[Line, ...]:
        if _expiry_problem(values["expiry"], now):
            return ()
        ends = parse_expiry(values["expiry"], now)
        them = "it" if len(snapshots) == 1 else "each of them"
        if ends is None:
            return (_told(f"The server keeps {them} until somebody deletes it."),)
        return (_told(f"The server deletes {them} at {day_and_minute(ends)}."),)

    current = snapshots[0].expires_at if len(snapshots) == 1 else None
    return _form(
        "Expiry of the snapshot" if len(snapshots) == 1 else "Expiry of",
        ref,
        what=_what(ref, snapshots),
        fields=(
            Text(
                id="expiry",
                label="Expires",
                value=(before or {}).get("expiry", day_and_minute(current)),
                hint="never; 7d, 2w, 3m or a day",
                presets=EXPIRIES,
            ),
        ),
        do="Change it",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def delete_form(ref: InstanceRef, snapshots: Sequence[Snapshot], *, now: datetime) -> Form:
    """Ask whether snapshots are to be deleted."""
    several = len(snapshots) > 1
    typed = str(len(snapshots))

    def problem(values: Values) -> str:
        if values["typed"].strip() != typed:
            return f"type {typed} to delete {'them' if several else 'it'}"
        return ""

    def explain(_values: Values) -> tuple[Line, ...]:
        lines: list[Line] = [_listed(one, now) for one in snapshots[:_LISTED]]
        if len(snapshots) > _LISTED:
            lines.append(_told(f"and {len(snapshots) - _LISTED} more"))
        words = "What they hold is lost" if several else "What it holds is lost"
        return (*lines, _warned(f"{words}; the container stays as it is."))

    return _form(
        "Delete" if several else "Delete the snapshot",
        ref,
        what=_what(ref, snapshots),
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
        lines += [(Piece("- ", "$red"), *_listed(one, now)) for one in reversed(found.go)]
        lines += [
            (Piece("  ", "$green"), *_listed(one, now, style="$muted"))
            for one in reversed(found.stay)
        ]
        return tuple(lines)

    return _form(
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
            _warned(
                f"All changes of the last {since} are lost: files and configuration."
                if since
                else "All changes since then are lost: files and configuration."
            )
        ]
        if instance.is_running:
            lines.append(_told("It runs: it is stopped, brought back and started again."))
        if newer and driver == "zfs":
            lines += [
                _warned(f"ZFS: {plural(len(newer), 'newer snapshot')} in the way."),
                _told("The server refuses, or with zfs.remove_snapshots deletes them:"),
                *(_listed(one, now) for one in newer[:_LISTED]),
            ]
        elif newer and not driver:
            lines.append(_told(f"{_stays(len(newer))}, unless the pool is ZFS."))
        elif newer:
            lines.append(_told(f"{_stays(len(newer))}."))
        if is_set(values, "safety"):
            lines.append(_told("A snapshot of now is taken first; restoring it undoes this."))
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
    return _form(
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


def _form(
    verb: str,
    ref: InstanceRef,
    *,
    what: str,
    fields: tuple[Text | Flag | Choices, ...],
    do: str,
    keep: str = "Cancel",
    is_dangerous: bool = False,
    failure: tuple[str, ...] = (),
    problem: Callable[[Values], str] | None = None,
    explain: Callable[[Values], tuple[Line, ...]] | None = None,
) -> Form:
    return Form(
        title=f"{verb} {what} in",
        place=(ref.remote, ref.project),
        is_home=(ref.remote, ref.project) == ("local", DEFAULT_PROJECT),
        fields=fields,
        do=do,
        keep=keep,
        is_dangerous=is_dangerous,
        failure=failure,
        problem=problem or (lambda _values: ""),
        explain=explain or (lambda _values: ()),
    )


def _what(ref: InstanceRef, snapshots: Sequence[Snapshot]) -> str:
    if len(snapshots) == 1:
        return f"{snapshots[0].name} of {ref.name}"
    return f"{len(snapshots)} snapshots of {ref.name}"


def _create_words(values: Values, is_one: bool) -> str:
    if is_set(values, "stateful"):
        return "The container is paused while its memory is written, then goes on."
    return "The container goes on as it is." if is_one else "The containers go on as they are."


def _expiry_problem(words: str, now: datetime) -> str:
    try:
        parse_expiry(words, now)
    except ValueError as error:
        return str(error)
    return ""


def _listed(snapshot: Snapshot, now: datetime, *, style: str = "$strong") -> Line:
    amount = size(snapshot.size) if snapshot.size >= 0 else ""
    old = "" if snapshot.created_at is None else age((now - snapshot.created_at).total_seconds())
    return (
        Piece(f"{safe_text(snapshot.name):<30} ", style),
        Piece(f"{old:>7}  {amount:>8}", "$muted"),
    )


def _told(words: str) -> Line:
    return (Piece(safe_text(words), "$fg"),)


def _warned(words: str) -> Line:
    return (Piece(safe_text(words), "$amber"),)
