"""Two versions of a container's configuration, and whether they contradict. Pure."""

from collections.abc import Mapping
from typing import Any

from lxdtui.model.instance import Instance

__all__ = ["has_changed", "with_root_pool", "with_volatile", "writable"]

_VOLATILE = "volatile."
"""Keys that the server changes by itself, at each start for example."""


def writable(instance: Instance) -> dict[str, Any]:
    """Return a copy of what a ``PUT`` of an instance replaces, as its JSON body."""
    return {
        "architecture": instance.architecture,
        "config": dict(instance.config),
        "devices": {name: dict(device) for name, device in instance.devices.items()},
        "description": instance.description,
        "ephemeral": instance.ephemeral,
        "profiles": list(instance.profiles),
    }


def has_changed(before: Instance, now: Instance) -> bool:
    """Say whether somebody changed the configuration; the server itself does not count."""
    return _of_people(before) != _of_people(now)


def with_volatile(
    ours: Mapping[str, str], before: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, str]:
    """Bring the server's own keys up to date in a configuration.

    Args:
        ours: What is to be written.
        before: The configuration that ``ours`` was made of.
        now: The configuration that the server holds.

    Returns:
        ``ours``, with the ``volatile.`` keys of ``now`` where it left them as
        they were before. The servers refuse a configuration without them.
    """
    merged = dict(ours)
    for key in {key for key in (*before, *now) if key.startswith(_VOLATILE)}:
        if ours.get(key) != before.get(key):
            continue
        if key in now:
            merged[key] = now[key]
        else:
            merged.pop(key, None)
    return merged


def with_root_pool(
    devices: Mapping[str, Mapping[str, str]], expanded: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Name the storage pool of a root disk that is written without one.

    The servers want to be told, and accept no other than the present one.

    Args:
        devices: What is to be written.
        expanded: The devices that the server holds, those of profiles included.
    """
    complete = {name: dict(device) for name, device in devices.items()}
    pools = [device["pool"] for device in expanded.values() if _is_root(device)]
    for device in complete.values():
        if pools and _is_root(device | {"pool": pools[0]}):
            device.setdefault("pool", pools[0])
    return complete


def _is_root(device: Mapping[str, str]) -> bool:
    return device.get("type") == "disk" and device.get("path") == "/" and "pool" in device


def _of_people(instance: Instance) -> dict[str, Any]:
    body = writable(instance)
    body["config"] = {
        key: value for key, value in instance.config.items() if not key.startswith(_VOLATILE)
    }
    return body
