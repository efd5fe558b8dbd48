"""Devices: what LXD 5.0.2 accepts, in the words it refuses with."""

import re
from collections.abc import Callable

from lxdtui.demo.world import Devices

_TYPES = {
    "none",
    "nic",
    "disk",
    "unix-char",
    "unix-block",
    "usb",
    "gpu",
    "infiniband",
    "proxy",
    "unix-hotplug",
    "tpm",
    "pci",
}
_NIC_TYPES = {"bridged", "ipvlan", "macvlan", "p2p", "physical", "routed", "sriov"}
_NETWORKS = ("lxdbr0",)
_POOLS = ("default",)
_HOST_FOLDERS = ("/", "/etc", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr", "/var")
"""What a disk device may take from the machine, which is invented too."""
_UNIX_FIELDS = {"source", "path", "major", "minor", "uid", "gid", "mode", "required"}
_FIELDS = {
    "disk": {
        "boot.priority",
        "ceph.cluster_name",
        "ceph.user_name",
        "limits.max",
        "limits.read",
        "limits.write",
        "path",
        "pool",
        "propagation",
        "raw.mount.options",
        "readonly",
        "recursive",
        "required",
        "shift",
        "size",
        "size.state",
        "source",
    },
    "proxy": {
        "bind",
        "connect",
        "gid",
        "listen",
        "mode",
        "nat",
        "proxy_protocol",
        "security.gid",
        "security.uid",
        "uid",
    },
    "unix-char": _UNIX_FIELDS,
    "unix-block": _UNIX_FIELDS,
}
_BOOLEANS = {"true", "false", "1", "0", "yes", "no", "on", "off"}
_BOOLEAN_FIELDS = {"readonly", "recursive", "required", "shift", "nat", "proxy_protocol"}
_SIZE = re.compile(r"\d+(B|kB|MB|GB|TB|PB|EB|KiB|MiB|GiB|TiB|PiB|EiB)?")
_MAC = re.compile(r"([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
_PROTOCOLS = ("tcp", "udp", "unix")


def record_error(devices: Devices) -> str | None:
    """Say why the devices of a new instance cannot be stored; None when they can."""
    for device in devices.values():
        kind = device.get("type", "")
        if kind not in _TYPES:
            return f"Invalid device type {kind}"
    return None


def validation_error(devices: Devices, project: str = "default") -> str | None:
    """Say what is wrong with devices; None when nothing is.

    Args:
        devices: The devices.
        project: The project of the instance, for the words.
    """
    for name, device in devices.items():
        reason = _load_error(name, device, project) or _field_error(device)
        if reason:
            return f'Device validation failed for "{name}": {reason}'
    return None


def addition_error(before: Devices, after: Devices) -> str | None:
    """Say what the devices that are new or different lack on the machine; None for nothing.

    Args:
        before: The devices in force.
        after: Those that are to be.
    """
    for name, device in after.items():
        if device == before.get(name) or device.get("type") != "disk":
            continue
        reason = _disk_error(name, device)
        if reason:
            return f'Failed add validation for device "{name}": {reason}'
    return None


def has_root_disk(devices: Devices) -> bool:
    """Whether expanded devices hold a root disk."""
    return any(
        device.get("type") == "disk" and device.get("path") == "/" for device in devices.values()
    )


def _load_error(name: str, device: dict[str, str], project: str) -> str:
    kind = device.get("type", "")
    reason = ""
    if not kind:
        reason = "Missing device type in config"
    elif kind not in _TYPES:
        reason = "Unsupported device type"
    elif kind == "nic":
        network = device.get("network")
        if network is None and device.get("nictype") not in _NIC_TYPES:
            reason = "Unsupported device type"
        elif network is not None and network not in _NETWORKS:
            reason = (
                f'Failed to load network "{network}" for project "{project}": Network not found'
            )
    return f'Failed loading device "{name}": {reason}' if reason else ""


def _field_error(device: dict[str, str]) -> str:
    kind = device.get("type", "")
    known = _FIELDS.get(kind)
    for field, value in device.items():
        if field != "type" and known is not None and field not in known:
            return f'Invalid device option "{field}"'
        reason = _value_error(kind, field, value)
        if reason:
            return f'Invalid value for device option "{field}": {reason}'
    if kind == "disk" and not ("path" in device and ("source" in device or "pool" in device)):
        return 'Disk entry is missing the required "source" or "path" property'
    if kind.startswith("unix-") and not {"source", "path"} & set(device):
        return 'Unix device entry is missing the required "source" or "path" property'
    if kind == "proxy":
        for field in ("listen", "connect"):
            reason = _address_error(device.get(field, ""))
            if reason:
                return f'Invalid value for device option "{field}": {reason}'
    return ""


def _value_error(kind: str, field: str, value: str) -> str:
    checks: dict[str, Callable[[str], bool]] = {"size": lambda text: bool(_SIZE.fullmatch(text))}
    if field in _BOOLEAN_FIELDS and value.lower() not in _BOOLEANS:
        return f'Invalid value for a boolean "{value}"'
    if field in checks and not checks[field](value):
        return f"Invalid value: {value}"
    if kind == "nic" and field == "hwaddr" and not _MAC.fullmatch(value):
        return "Invalid MAC address, must be 6 bytes of hex separated by colons"
    return ""


def _address_error(address: str) -> str:
    protocol = address.partition(":")[0]
    return "" if protocol in _PROTOCOLS else f'Unknown protocol type "{protocol}"'


def _disk_error(name: str, device: dict[str, str]) -> str:
    source, pool, path = (device.get(field, "") for field in ("source", "pool", "path"))
    if pool and pool not in _POOLS:
        return f'Failed to get storage pool "{pool}": Storage pool not found'
    if pool and path != "/":
        return "Failed loading custom volume: Storage volume not found"
    if source.startswith("/") and source.rstrip("/") not in (
        folder.rstrip("/") for folder in _HOST_FOLDERS
    ):
        return f'Missing source path "{source}" for disk "{name}"'
    return ""
