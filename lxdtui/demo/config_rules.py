"""Names, configuration keys and values: what LXD accepts, in the words it refuses with."""

import re

_NAME = re.compile(r"[A-Za-z0-9-]+")
_BOOLEANS = {"true", "false", "1", "0", "yes", "no", "on", "off"}
_SIZE = re.compile(r"\d+(B|kB|MB|GB|TB|PB|EB|KiB|MiB|GiB|TiB|PiB|EiB|%)?")
_CPU_SET = re.compile(r"\d+|\d+(-\d+)?(,\d+(-\d+)?)+|\d+-\d+")
_EXPIRY = re.compile(r"\d+[SMHdwmy](\s+\d+[SMHdwmy])*")
_FREE_PREFIXES = (
    "user.",
    "environment.",
    "image.",
    "raw.",
    "cloud-init.",
    "limits.kernel.",
    "limits.hugepages.",
    "linux.sysctl.",
    "nvidia.",
    "security.syscalls.",
    "security.idmap.",
)
_VM_KEYS = {"agent.nic_config", "limits.memory.hugepages", "migration.stateful"} | {
    f"security.{name}" for name in ("secureboot", "csm", "agent.metrics")
}
_CHOICES = {
    "limits.memory.enforce": ("soft", "hard"),
    "cluster.evacuate": ("auto", "migrate", "live-migrate", "stop"),
}
_PRIORITY_KEYS = {"limits.cpu.priority", "limits.disk.priority", "limits.memory.swap.priority"}
_ALLOWANCE = re.compile(r"\d+%|\d+ms/\d+ms")
_SCHEDULE_WORDS = (
    "Schedule must be of the form: <minute> <hour> <day-of-month> <month> <day-of-week>"
)
_VOLATILE = re.compile(
    r"volatile\.(base_image|uuid(\.generation)?|cloud-init\.instance-id|evacuate\.origin"
    r"|apply_(template|nvram|quota)|vsock_id|(idmap|last_state)\.[a-z]+"
    r"|[^.]+\.(name|hwaddr|host_name|apply_quota|ceph_rbd)|[^.]+\.last_state\..+)"
)
_BOOLEAN_KEYS = {
    "boot.autostart",
    "migration.incremental.memory",
    "security.devlxd",
    "security.devlxd.images",
    "security.nesting",
    "security.privileged",
    "security.protection.delete",
    "security.protection.shift",
    "snapshots.schedule.stopped",
}
_SIZE_KEYS = {"limits.memory"}
_NUMBER_KEYS = {
    "boot.autostart.delay",
    "boot.autostart.priority",
    "boot.host_shutdown_timeout",
    "boot.stop.priority",
    "limits.network.priority",
    "limits.processes",
}
_TEXT_KEYS = {
    "limits.cpu",
    "limits.cpu.nodes",
    "limits.memory.swap",
    "linux.kernel_modules",
    "snapshots.expiry",
    "snapshots.pattern",
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


def config_error(config: dict[str, str], kind: str = "") -> str | None:
    """Say what is wrong with a configuration.

    Args:
        config: Local configuration of an instance or profile.
        kind: Type of the instance; empty for a profile, which may serve both.

    Returns:
        The text of the refusal, or None.
    """
    for key, value in config.items():
        if key in _VM_KEYS and kind != "container":
            continue
        if key.startswith(_FREE_PREFIXES) and key != "raw.lxc":
            continue
        if key.startswith("volatile.") and _VOLATILE.fullmatch(key):
            continue
        error = _value_error(key, value) if value else None
        if error is not None:
            return error
    return None


def _value_error(key: str, value: str) -> str | None:
    if key in _BOOLEAN_KEYS:
        return None if value.lower() in _BOOLEANS else f'Invalid value for a boolean "{value}"'
    if key in _SIZE_KEYS:
        return None if _SIZE.fullmatch(value) else f"Invalid value: {value}"
    if key in _NUMBER_KEYS or key in _PRIORITY_KEYS:
        return _number_error(value, is_priority=key in _PRIORITY_KEYS)
    if key in _CHOICES:
        words = " ".join(_CHOICES[key])
        return None if value in _CHOICES[key] else f'Invalid value "{value}" (not one of [{words}])'
    return _syntax_error(key, value)


def _number_error(value: str, *, is_priority: bool) -> str | None:
    if not value.lstrip("-").isdecimal():
        return f'Invalid value for an integer "{value}"'
    if is_priority and not 0 <= int(value) <= 10:
        return f'Invalid value for a limit "{value}". Must be between 0 and 10'
    return None


def _syntax_error(key: str, value: str) -> str | None:
    match key:
        case "limits.cpu":
            return None if _CPU_SET.fullmatch(value) else "Invalid CPU limit syntax"
        case "limits.cpu.allowance":
            return None if _ALLOWANCE.fullmatch(value) else f"Invalid allowance: {value}"
        case "snapshots.expiry":
            return None if _EXPIRY.fullmatch(value) else "Invalid expiry expression"
        case "snapshots.schedule":
            is_good = value.startswith("@") or len(value.split()) == 5
            return None if is_good else _SCHEDULE_WORDS
        case "raw.lxc":
            bad = [line for line in value.splitlines() if line.strip() and "=" not in line]
            return f"Invalid raw.lxc line: {bad[0]}" if bad else None
    return None if key in _TEXT_KEYS else f"Unknown configuration key: {key}"
