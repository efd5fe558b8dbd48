"""What a migration is to do, and what is known beforehand to stand in its way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.versions import writable
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.model.snapshot import Snapshot

__all__ = [
    "Finding",
    "MigrationMode",
    "MigrationOptions",
    "Obstacle",
    "find_obstacles",
    "possible_modes",
    "target_body",
]

_KEPT_VOLATILE = "volatile.base_image"
_HARDWARE_ADDRESS = re.compile(r"volatile\.[^.]+\.hwaddr")


class MigrationMode(StrEnum):
    """Who connects to whom."""

    PULL = "pull"
    """The target connects to the source."""
    PUSH = "push"
    """The source connects to the target."""
    RELAY = "relay"
    """Both speak with this program, which hands on what they send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationOptions:
    """How a container is to be migrated."""

    mode: MigrationMode | None = None
    """Who connects to whom; ``None`` to choose what the links allow."""
    live: bool = False
    """Take the memory of a running one along, for which both servers need CRIU."""
    with_snapshots: bool = True
    """Take the snapshots along."""
    new_name: str = ""
    """Name on the target; empty for the same."""
    keep_addresses: bool = True
    """Keep the hardware addresses of the network interfaces, as for a move."""
    allow_running: bool = False
    """Copy the files of a running one as they are at the moment, which may not
    fit together."""


class Obstacle(StrEnum):
    """Kinds of things that stand in the way."""

    NAME_TAKEN = "name-taken"
    RUNNING = "running"
    ARCHITECTURE = "architecture"
    PROFILE_MISSING = "profile-missing"
    POOL_MISSING = "pool-missing"
    NETWORK_MISSING = "network-missing"
    SNAPSHOTS = "snapshots"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that stands in the way."""

    kind: Obstacle
    """Its kind."""
    words: str
    """A sentence for the user, without a full stop."""


def possible_modes(source: Connection, target: Connection) -> tuple[MigrationMode, ...]:
    """List the modes that the links allow, best first.

    A server that is reached by a unix socket has no address for the other.
    """
    modes = []
    if source.endpoint.url:
        modes.append(MigrationMode.PULL)
    if target.endpoint.url:
        modes.append(MigrationMode.PUSH)
    return (*modes, MigrationMode.RELAY)


async def find_obstacles(
    source: Connection,
    instance: Instance,
    snapshots: Sequence[Snapshot],
    target: Connection,
    target_ref: InstanceRef,
    options: MigrationOptions,
) -> list[Finding]:
    """Look for what is known to make a migration fail.

    Args:
        source: The server that has the instance.
        instance: The instance.
        snapshots: Its snapshots.
        target: The server that is to get it.
        target_ref: What it is to be there.
        options: How it is to be done.

    Returns:
        What was found, in the order in which one would mend it.

    Raises:
        ApiError: One of the servers cannot be asked.
    """
    found = [
        *_about_the_mode(source, target, options),
        *_about_the_instance(source, instance, snapshots, target, options),
    ]
    if await target.instances.exists(target_ref):
        words = f"{target_ref.name} exists on {target.endpoint.place}"
        found.append(Finding(kind=Obstacle.NAME_TAKEN, words=words))
    profiles = await target.profile_names(project=target_ref.project)
    found += [
        Finding(kind=Obstacle.PROFILE_MISSING, words=f"the target has no profile {name}")
        for name in instance.profiles
        if name not in profiles
    ]
    pools = {
        device["pool"]
        for device in instance.devices.values()
        if device.get("type") == "disk" and device.get("pool")
    }
    if pools:
        found += [
            Finding(kind=Obstacle.POOL_MISSING, words=f"the target has no storage pool {name}")
            for name in sorted(pools.difference(await target.pool_names()))
        ]
    networks = {device["network"] for device in instance.devices.values() if device.get("network")}
    if networks:
        there = await target.network_names(project=target_ref.project)
        found += [
            Finding(kind=Obstacle.NETWORK_MISSING, words=f"the target has no network {name}")
            for name in sorted(networks.difference(there))
        ]
    return found


def _about_the_mode(
    source: Connection, target: Connection, options: MigrationOptions
) -> list[Finding]:
    if options.mode is None or options.mode in possible_modes(source, target):
        return []
    words = (
        "the source is reached by a unix socket, where the target cannot pull from"
        if options.mode is MigrationMode.PULL
        else "the target is reached by a unix socket, where the source cannot push to"
    )
    return [Finding(kind=Obstacle.MODE, words=words)]


def _about_the_instance(
    source: Connection,
    instance: Instance,
    snapshots: Sequence[Snapshot],
    target: Connection,
    options: MigrationOptions,
) -> list[Finding]:
    found = []
    is_stopped = instance.condition is Condition.STOPPED
    if not is_stopped and not options.live and not options.allow_running:
        words = f"{instance.name} is {instance.status.lower()}: stop it, or migrate it live"
        found.append(Finding(kind=Obstacle.RUNNING, words=words))
    known = target.server.architectures
    if known and instance.architecture and instance.architecture not in known:
        words = f"{instance.name} is made for {instance.architecture}, and the target is not"
        found.append(Finding(kind=Obstacle.ARCHITECTURE, words=words))
    is_back = source.server.kind is ServerKind.INCUS and target.server.kind is ServerKind.LXD
    if is_back and snapshots and options.with_snapshots:
        words = "LXD does not accept snapshots that Incus took: leave them out"
        found.append(Finding(kind=Obstacle.SNAPSHOTS, words=words))
    return found


def target_body(instance: Instance, name: str, options: MigrationOptions) -> dict[str, object]:
    """Make the body of ``POST /1.0/instances`` for the target, without its ``source``.

    The server's own keys stay behind, because they are about that server; the
    other vendor does not even know all of them.
    """
    body: dict[str, Any] = writable(instance)
    body["config"] = {
        key: value
        for key, value in instance.config.items()
        if not key.startswith("volatile.")
        or key == _KEPT_VOLATILE
        or (options.keep_addresses and _HARDWARE_ADDRESS.fullmatch(key))
    }
    return body | {"name": name, "type": instance.type}
