"""The question when the server takes snapshots by itself. Pure."""

from collections.abc import Collection
from datetime import datetime

from lxdtui.model.configuration import Configuration
from lxdtui.model.instance import Instance
from lxdtui.services.snapshots.cron import next_run, schedule_problem
from lxdtui.services.snapshots.expiry import after, expression_problem
from lxdtui.services.snapshots.names import proposed_name
from lxdtui.ui.format.times import age, day_and_minute
from lxdtui.ui.forms.form import Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.forms.snapshots.lines import form_on, told, warned

__all__ = ["KEYS", "schedule_form", "scheduled"]

KEYS = {
    "schedule": "snapshots.schedule",
    "stopped": "snapshots.schedule.stopped",
    "pattern": "snapshots.pattern",
    "expiry": "snapshots.expiry",
}
"""Configuration keys by the fields of the form."""
_SCHEDULES = ("@hourly", "@daily", "@weekly", "@monthly", "0 2 * * *", "0 */6 * * *")
_EXPIRIES = ("1d", "7d", "14d", "30d", "6m")
_TRUE = ("true", "1", "yes", "on")


def schedule_form(
    instance: Instance,
    *,
    taken: Collection[str],
    now: datetime,
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask when the server takes snapshots, how it names them, and how long it keeps them.

    Args:
        instance: The container.
        taken: Names of the snapshots that there are.
        now: The time of day.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    given = before or _values(instance)

    def problem(values: Values) -> str:
        return schedule_problem(values["schedule"]) or expression_problem(values["expiry"])

    def explain(values: Values) -> tuple[Line, ...]:
        if problem(values):
            return ()
        lines = [_next(values, instance, now)]
        name = proposed_name(values["pattern"].strip(), taken, now)
        lines.append(told(f"The next one is called {name or 'as the server fills the pattern'}."))
        ends = after(values["expiry"], now)
        kept = f"for {age((ends - now).total_seconds())}" if ends else "until somebody deletes it"
        lines.append(told(f"Each one is kept {kept}; those that exist keep their expiry."))
        inherited = _inherited(instance)
        if inherited:
            lines.append(warned(f"From a profile: {', '.join(inherited)}."))
        return tuple(lines)

    return form_on(
        "Snapshots by themselves of",
        instance.ref,
        what=instance.name,
        fields=(
            Text(
                id="schedule",
                label="When",
                value=given["schedule"],
                hint="never; Up and Down for presets, or a cron line",
                presets=_SCHEDULES,
            ),
            Flag(
                id="stopped",
                label="Also while the container is stopped",
                value=is_set(given, "stopped"),
            ),
            Text(
                id="pattern",
                label="Names",
                value=given["pattern"],
                hint="snap%d; %d is a number",
                presets=("snap%d", "nightly-%d", "{{ creation_date|date:'2006-01-02_15-04' }}"),
            ),
            Text(
                id="expiry",
                label="Kept for",
                value=given["expiry"],
                hint="for ever; 7d, 2w, 3m",
                presets=_EXPIRIES,
            ),
        ),
        do="Save",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def scheduled(configuration: Configuration, instance: Instance, values: Values) -> Configuration:
    """Return a configuration with what was answered; what was left as it was is not touched.

    Args:
        configuration: The configuration.
        instance: The container as it was when the question was asked.
        values: The answers.
    """
    before = _values(instance)
    for field, key in KEYS.items():
        if values[field].strip() == before[field]:
            continue
        value = values[field].strip()
        if field == "stopped":
            # Where a profile says yes, only a word for no undoes it.
            value = "true" if value else "false" if key in _inherited(instance) else ""
        configuration = configuration.with_key(key, value or None)
    return configuration


def _values(instance: Instance) -> dict[str, str]:
    values = {field: instance.expanded_config.get(key, "") for field, key in KEYS.items()}
    values["stopped"] = "yes" if values["stopped"].lower() in _TRUE else ""
    return values


def _inherited(instance: Instance) -> list[str]:
    """Return the keys whose values come from a profile."""
    return [
        key
        for key in KEYS.values()
        if instance.expanded_config.get(key) and not instance.config.get(key)
    ]


def _next(values: Values, instance: Instance, now: datetime) -> Line:
    if not values["schedule"].strip():
        return told("No snapshot is taken by itself.")
    if not instance.is_running and not is_set(values, "stopped"):
        return warned("None is taken while the container is stopped.")
    run = next_run(values["schedule"], now.astimezone())
    if run is None:
        return told("The next one comes when the container starts.")
    left = age((run.at - now).total_seconds())
    if not run.is_exact:
        return told(f"The next one comes within {left}; the server chooses the minute.")
    moment = day_and_minute(run.at)
    return told(f"The next one comes in {left}, at {moment} if the server keeps our time zone.")
