"""The commands for snapshots, for configuration and for devices. Pure.

As in :mod:`lxdtui.ui.actions.equivalents`, only words that the clients of LXD 5.0 and
Incus 6.0 take; what only the user knows stands there in capitals.
"""

from collections.abc import Sequence
from dataclasses import replace

from lxdtui.model.refs import InstanceRef
from lxdtui.ui.actions.equivalents import Equivalent, command_line

__all__ = ["device_equivalents", "key_equivalents", "snapshot_equivalents"]


def snapshot_equivalents(
    client: str, ref: InstanceRef, chosen: Sequence[str]
) -> tuple[Equivalent, ...]:
    """List the commands for what can be done with snapshots.

    Args:
        client: ``lxc`` or ``incus``.
        ref: The container.
        chosen: Names of the snapshots that are marked, or of the one under the cursor.
    """
    verb = ("snapshot",) if client == "incus" else ()
    create = ("snapshot", "create") if client == "incus" else ("snapshot",)
    refs = [replace(ref, name=f"{ref.name}/{name}") for name in chosen]

    def one(
        words: str, *verbs: str, at: InstanceRef = ref, after: Sequence[str] = ()
    ) -> Equivalent:
        return Equivalent(words=words, command=command_line(client, verbs, (at,), after=after))

    # One each: lxc takes several, and deletes the first alone.
    if client == "incus":
        lines = [command_line(client, (*verb, "delete"), (ref,), after=(one,)) for one in chosen]
    else:
        lines = [command_line(client, ("delete",), (one,)) for one in refs]
    delete = " && ".join(lines)
    many = (
        one("take", *create, after=("NAME",)),
        *((Equivalent(words="delete", command=delete),) if chosen else ()),
        one("schedule", "config", "set", after=("snapshots.schedule=@daily",)),
        one("names", "config", "set", after=("snapshots.pattern=snap%d",)),
        one("kept for", "config", "set", after=("snapshots.expiry=7d",)),
    )
    if len(chosen) != 1:
        return many
    name, at = chosen[0], refs[0]
    if client == "incus":
        rename = one("rename", "snapshot", "rename", after=(name, "NEW-NAME"))
    else:
        rename = one("rename", "move", at=at, after=(_renamed(ref),))
    return (
        one("restore", *verb, "restore", after=(name,)),
        one("new container", "copy", at=at, after=("NEW-NAME",)),
        one("publish", "publish", at=at, after=("--alias", "NAME")),
        rename,
        one("expiry", "config", "edit", at=at),
        one("show", "config", "show", at=at),
        *many,
    )


def key_equivalents(
    client: str, ref: InstanceRef, key: str, *, is_local: bool
) -> tuple[Equivalent, ...]:
    """List the commands for a configuration key.

    Args:
        client: ``lxc`` or ``incus``.
        ref: The container.
        key: The key.
        is_local: Whether it is set on the container itself.
    """

    def one(words: str, verb: str, *after: str) -> Equivalent:
        line = command_line(client, ("config", verb), (ref,), after=after)
        return Equivalent(words=words, command=line)

    unset = (one("unset", "unset", key),) if is_local else ()
    return (one("set", "set", f"{key}=VALUE"), *unset, one("get", "get", key))


def device_equivalents(
    client: str, ref: InstanceRef, device: str, *, is_local: bool
) -> tuple[Equivalent, ...]:
    """List the commands for a device.

    Args:
        client: ``lxc`` or ``incus``.
        ref: The container.
        device: Its name.
        is_local: Whether it is set on the container itself, not by a profile.
    """

    def one(words: str, verb: str, *after: str) -> Equivalent:
        line = command_line(client, ("config", "device", verb), (ref,), after=after)
        return Equivalent(words=words, command=line)

    if not is_local:
        return (one("override", "override", device, "OPTION=VALUE"),)
    return (
        one("change", "set", device, "OPTION=VALUE"),
        one("remove", "remove", device),
    )


def _renamed(ref: InstanceRef) -> str:
    name = ref.name if ref.remote == "local" else f"{ref.remote}:{ref.name}"
    return f"{name}/NEW-NAME"
