"""Questions before a snapshot is taken, renamed or given another end. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime

from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.expiry import after, parse_expiry
from lxdtui.services.snapshots.names import name_problem, proposed_name
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import day_and_minute
from lxdtui.ui.forms.form import Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.forms.snapshots.lines import expiry_problem, form_on, told, what_of

__all__ = ["create_form", "expiry_form", "expiry_of", "rename_form", "why_not_stateful"]

_EXPIRIES = ("1d", "7d", "30d", "6m", "1y", "never")


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
        return expiry_problem(values["expiry"], now)

    def explain(values: Values) -> tuple[Line, ...]:
        lines = [told(_create_words(values, one is not None))]
        if not values["expiry"]:
            ends = after(usual, now)
            kept = f"until {day_and_minute(ends)} (snapshots.expiry)" if ends else "until deleted"
            lines.append(told(f"It is kept {kept}."))
        elif not expiry_problem(values["expiry"], now):
            ends = parse_expiry(values["expiry"], now)
            lines.append(
                told(f"It is kept {f'until {day_and_minute(ends)}' if ends else 'for ever'}.")
            )
        return tuple(lines)

    return form_on(
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
                presets=_EXPIRIES,
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

    return form_on(
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
        return "" if not values["expiry"].strip() else expiry_problem(values["expiry"], now)

    def explain(values: Values) -> tuple[Line, ...]:
        if expiry_problem(values["expiry"], now):
            return ()
        ends = parse_expiry(values["expiry"], now)
        them = "it" if len(snapshots) == 1 else "each of them"
        if ends is None:
            return (told(f"The server keeps {them} until somebody deletes it."),)
        return (told(f"The server deletes {them} at {day_and_minute(ends)}."),)

    current = snapshots[0].expires_at if len(snapshots) == 1 else None
    return form_on(
        "Expiry of the snapshot" if len(snapshots) == 1 else "Expiry of",
        ref,
        what=what_of(ref, snapshots),
        fields=(
            Text(
                id="expiry",
                label="Expires",
                value=(before or {}).get("expiry", day_and_minute(current)),
                hint="never; 7d, 2w, 3m or a day",
                presets=_EXPIRIES,
            ),
        ),
        do="Change it",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def _create_words(values: Values, is_one: bool) -> str:
    if is_set(values, "stateful"):
        return "The container is paused while its memory is written, then goes on."
    return "The container goes on as it is." if is_one else "The containers go on as they are."
