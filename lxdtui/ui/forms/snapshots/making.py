"""Questions before something is made of a snapshot. Pure."""

import re
import shlex
from collections.abc import Collection

from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.addresses import fixed_addresses
from lxdtui.services.snapshots.names import free_name, instance_name_problem
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Flag, Form, Line, Text, Values, is_set
from lxdtui.ui.forms.snapshots.lines import form_on, told, warned

__all__ = ["copy_form", "properties_of", "publish_form"]

_PROPERTIES = "properties are written like os=Debian release=12"


def copy_form(
    ref: InstanceRef,
    snapshot: Snapshot,
    *,
    taken: Collection[str],
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask for the name of a container that is made of a snapshot.

    Args:
        ref: The container of the snapshot.
        snapshot: The snapshot.
        taken: Names of the containers there are.
        before: What was answered when it failed.
        failure: Why it failed then.
    """
    given = before or {}
    fixed = fixed_addresses(snapshot.devices)

    def problem(values: Values) -> str:
        name = values["name"]
        if not name:
            return "a name is needed"
        if name in taken:
            return f"a container {name} exists"
        return instance_name_problem(name)

    def explain(values: Values) -> tuple[Line, ...]:
        profiles = ", ".join(snapshot.profiles) or "none"
        lines = [
            told(f"Configuration, devices and profiles ({profiles}) go along."),
            told("It gets identifiers and MAC addresses of its own."),
        ]
        if fixed and not is_set(values, "addresses"):
            both = ", ".join(fixed)
            lines.append(warned(f"Both containers would have the fixed addresses of {both}."))
        return tuple(lines)

    fields: list[Text | Flag] = [
        Text(
            id="name",
            label="Name",
            value=given.get("name", free_name(_instance_name(ref.name, snapshot.name), taken)),
        ),
        Flag(id="start", label="Start it when it is made", value=is_set(given, "start")),
    ]
    if fixed:
        value = is_set(given, "addresses") if before is not None else True
        label = f"Leave out the fixed addresses of {', '.join(fixed)}"
        fields.append(Flag(id="addresses", label=safe_text(label), value=value))
    return form_on(
        "New container from",
        ref,
        what=f"{ref.name}/{snapshot.name}",
        fields=tuple(fields),
        do="Make it",
        failure=failure,
        problem=problem,
        explain=explain,
    )


def publish_form(
    ref: InstanceRef,
    snapshot: Snapshot,
    instance: Instance,
    *,
    before: Values | None = None,
    failure: tuple[str, ...] = (),
) -> Form:
    """Ask how to make an image of a snapshot; further arguments as for :func:`copy_form`."""
    given = before or {}
    what = instance.image_description or ref.name

    def explain(values: Values) -> tuple[Line, ...]:
        lines = [told("The container goes on meanwhile; it may take minutes.")]
        if is_set(values, "public"):
            lines.append(warned("Anybody who reaches the server may download it."))
        lines.append(told("What is in its files goes along: keys, passwords, logs."))
        return tuple(lines)

    return form_on(
        "Make an image of",
        ref,
        what=f"{ref.name}/{snapshot.name}",
        fields=(
            Text(
                id="aliases",
                label="Aliases",
                value=given.get("aliases", f"{ref.name}-{snapshot.name}"),
                hint="names with blanks between, or none",
            ),
            Text(
                id="description",
                label="Description",
                value=given.get("description", f"{what}, {ref.name}/{snapshot.name}"),
            ),
            Text(
                id="properties",
                label="Properties",
                value=given.get("properties", ""),
                hint="os=Debian release=12 …",
            ),
            Flag(
                id="public",
                label="Public: without being trusted",
                value=is_set(given, "public"),
            ),
        ),
        do="Make it",
        failure=failure,
        problem=lambda values: "" if properties_of(values) is not None else _PROPERTIES,
        explain=explain,
    )


def properties_of(values: Values) -> dict[str, str] | None:
    """Return the properties of an image as they were typed; ``None`` where they are none."""
    found = {"description": values["description"].strip()} if values["description"].strip() else {}
    try:
        words = shlex.split(values["properties"])
    except ValueError:
        return None
    for word in words:
        key, is_pair, value = word.partition("=")
        if not is_pair or not key:
            return None
        found[key] = value
    return found


def _instance_name(source: str, snapshot: str) -> str:
    """Return a name for a container, of those letters that a server takes."""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", f"{source}-{snapshot}")
    return stem[:58].strip("-")
