"""Names, configuration keys, values and devices: what LXD accepts, in the words it refuses with."""

import re

from lxdtui.demo.world import Devices

_NAME = re.compile(r"[A-Za-z0-9-]+")
_BOOLEANS = {"true", "false", "1", "0", "yes", "no", "on", "off"}
_SIZE = re.compile(r"\d+(B|kB|MB|GB|TB|PB|EB|KiB|MiB|GiB|TiB|PiB|EiB|%)?")
_CPU_SET = re.compile(r"\d+|\d+(-\d+)?(,\d+(-\d+)?)+|\d+-\d+")
_EXPIRY = re.compile(r"\d+[SMHdwmy](\s+\d+[SMHdwmy])*")
_FREE_PREFIXES = (
    "user.",
    "environment.",
    "image.",
    "volatile.",
    "raw.",
    "cloud-init.",
    "limits.kernel.",
    "limits.hugepages.",
    "linux.sysctl.",
    "nvidia.",
    "security.syscalls.",
    "security.idmap.",
)
_BOOLEAN_KEYS = {
    "boot.autostart",
    "migration.incremental.memory",
    "migration.stateful",
    "security.devlxd",
    "security.devlxd.images",
    "security.nesting",
    "security.privileged",
    "security.protection.delete",
    "security.protection.shift",
    "security.secureboot",
    "snapshots.schedule.stopped",
}
_SIZE_KEYS = {"limits.memory"}
_NUMBER_KEYS = {
    "boot.autostart.delay",
    "boot.autostart.priority",
    "boot.host_shutdown_timeout",
    "boot.stop.priority",
    "limits.cpu.priority",
    "limits.disk.priority",
    "limits.network.priority",
    "limits.processes",
}
_TEXT_KEYS = {
    "agent.nic_config",
    "cluster.evacuate",
    "limits.cpu",
    "limits.cpu.allowance",
    "limits.cpu.nodes",
    "limits.memory.enforce",
    "limits.memory.hugepages",
    "limits.memory.swap",
    "limits.memory.swap.priority",
    "linux.kernel_modules",
    "snapshots.expiry",
    "snapshots.pattern",
    "snapshots.schedule",
}
_DEVICE_TYPES = {
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


def name_error(name: str) -> str | None:
    """Say why an instance cannot be called so.

    Args:
        name: Name wanted.

    Returns:
        The text of the refusal, or None.
    """
    if "/" in name:
        return 'The character "/" is reserved for snapshots'
    if not 1 <= len(name) <= 63:
        reason = "Name must be 1-63 characters long"
    elif name[0].isdigit():
        reason = "Name must not start with a number"
    elif not _NAME.fullmatch(name):
        reason = "Name can only contain alphanumeric and hyphen characters"
    elif name.startswith("-"):
        reason = 'Name must not start with "-" character'
    elif name.endswith("-"):
        reason = 'Name must not end with "-" character'
    else:
        return None
    return f"Invalid instance name: {reason}"


def config_error(config: dict[str, str]) -> str | None:
    """Say what is wrong with a configuration.

    Args:
        config: Local configuration of an instance or profile.

    Returns:
        The text of the refusal, or None.
    """
    for key, value in config.items():
        if key.startswith(_FREE_PREFIXES) or not value:
            continue
        error = _value_error(key, value)
        if error is not None:
            return error
    return None


def _value_error(key: str, value: str) -> str | None:
    if key in _BOOLEAN_KEYS:
        return None if value.lower() in _BOOLEANS else f'Invalid value for a boolean "{value}"'
    if key in _SIZE_KEYS:
        return None if _SIZE.fullmatch(value) else f"Invalid value: {value}"
    if key in _NUMBER_KEYS:
        is_number = value.lstrip("-").isdecimal()
        return None if is_number else f'Invalid value for an integer "{value}"'
    if key == "limits.cpu":
        return None if _CPU_SET.fullmatch(value) else "Invalid CPU limit syntax"
    if key == "snapshots.expiry":
        return None if _EXPIRY.fullmatch(value) else "Invalid expiry expression"
    return None if key in _TEXT_KEYS else f"Unknown configuration key: {key}"


def record_error(devices: Devices) -> str | None:
    """Say why the devices of a new instance cannot be stored; None when they can."""
    for device in devices.values():
        kind = device.get("type", "")
        if kind not in _DEVICE_TYPES:
            return f"Invalid device type {kind}"
    return None


def validation_error(devices: Devices) -> str | None:
    """Say what is wrong with devices; None when nothing is."""
    for name, device in devices.items():
        kind = device.get("type", "")
        reason = ""
        if not kind:
            reason = f'Failed loading device "{name}": Missing device type in config'
        elif kind not in _DEVICE_TYPES:
            reason = f'Failed loading device "{name}": Unsupported device type'
        elif kind == "disk" and not ("path" in device and ("source" in device or "pool" in device)):
            reason = 'Disk entry is missing the required "source" or "path" property'
        if reason:
            return f'Device validation failed for "{name}": {reason}'
    return None


def has_root_disk(devices: Devices) -> bool:
    """Whether expanded devices hold a root disk."""
    return any(
        device.get("type") == "disk" and device.get("path") == "/" for device in devices.values()
    )
