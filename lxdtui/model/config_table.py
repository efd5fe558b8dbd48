"""The configuration keys of instances that LXD 5.0 and Incus 6.0 document, in our words."""

from lxdtui.model.config_keys import ConfigKey, KeyBook, KeyKind
from lxdtui.model.server import ServerKind

__all__ = ["key_book"]

_LIVE, _START = True, False
_CONTAINER, _VM = "container", "virtual-machine"
_LXD, _INCUS = ServerKind.LXD, ServerKind.INCUS


def _flag(
    name: str,
    default: str,
    is_live: bool,
    tells: str,
    only: str = "",
    server: ServerKind | None = None,
) -> ConfigKey:
    return ConfigKey(
        name=name,
        kind=KeyKind.BOOL,
        default=default,
        is_live=is_live,
        tells=tells,
        only=only,
        server=server,
    )


def _number(
    name: str,
    default: str,
    is_live: bool,
    tells: str,
    only: str = "",
    *,
    lowest: int | None = None,
    highest: int | None = None,
) -> ConfigKey:
    return ConfigKey(
        name=name,
        kind=KeyKind.INTEGER,
        default=default,
        is_live=is_live,
        tells=tells,
        only=only,
        lowest=lowest,
        highest=highest,
    )


def _text(
    name: str,
    kind: KeyKind,
    is_live: bool,
    tells: str,
    only: str = "",
    *,
    default: str = "",
    server: ServerKind | None = None,
    choices: tuple[str, ...] = (),
) -> ConfigKey:
    return ConfigKey(
        name=name,
        kind=kind,
        default=default,
        is_live=is_live,
        tells=tells,
        only=only,
        server=server,
        choices=choices,
    )


_BOOT = (
    _flag(
        "boot.autorestart", "false", _START, "starts it again when it ends by itself", server=_INCUS
    ),
    _flag("boot.autostart", "", _START, "starts it with the server; unset, as it was before"),
    _number(
        "boot.autostart.delay", "0", _START, "seconds to wait after it, before the next", lowest=0
    ),
    _number("boot.autostart.priority", "0", _START, "the highest number starts first"),
    _text(
        "boot.host_shutdown_action",
        KeyKind.TEXT,
        _LIVE,
        "what is done with it when the machine shuts down",
        default="stop",
        server=_INCUS,
        choices=("stop", "force-stop", "stateful-stop"),
    ),
    _number("boot.host_shutdown_timeout", "30", _LIVE, "seconds it gets to stop with the machine"),
    _number("boot.stop.priority", "0", _START, "the highest number stops first"),
)
_CLOUD_INIT = (
    _text(
        "cloud-init.network-config", KeyKind.LINES, _START, "network configuration for cloud-init"
    ),
    _text("cloud-init.user-data", KeyKind.LINES, _START, "what cloud-init does at the first start"),
    _text("cloud-init.vendor-data", KeyKind.LINES, _START, "as user-data, from the image's maker"),
    _text("user.network-config", KeyKind.LINES, _START, "old name of cloud-init.network-config"),
    _text("user.user-data", KeyKind.LINES, _START, "old name of cloud-init.user-data"),
    _text("user.vendor-data", KeyKind.LINES, _START, "old name of cloud-init.vendor-data"),
)
_LIMITS = (
    _text("limits.cpu", KeyKind.CPUS, _LIVE, "how many CPUs it may use, or which"),
    _text(
        "limits.cpu.allowance",
        KeyKind.ALLOWANCE,
        _LIVE,
        "share of CPU time: soft in per cent, hard as time in a period",
        _CONTAINER,
        default="100%",
    ),
    _text(
        "limits.cpu.nodes",
        KeyKind.TEXT,
        _LIVE,
        "NUMA nodes that its CPUs are taken from",
        server=_INCUS,
    ),
    _number(
        "limits.cpu.priority",
        "10",
        _LIVE,
        "who gets CPU first under load",
        _CONTAINER,
        lowest=0,
        highest=10,
    ),
    _number(
        "limits.disk.priority",
        "5",
        _LIVE,
        "who gets the disk first under load",
        lowest=0,
        highest=10,
    ),
    _text(
        "limits.hugepages.64KB", KeyKind.BYTES, _LIVE, "huge pages of 64 kB it may use", _CONTAINER
    ),
    _text(
        "limits.hugepages.1MB", KeyKind.BYTES, _LIVE, "huge pages of 1 MB it may use", _CONTAINER
    ),
    _text(
        "limits.hugepages.2MB", KeyKind.BYTES, _LIVE, "huge pages of 2 MB it may use", _CONTAINER
    ),
    _text(
        "limits.hugepages.1GB", KeyKind.BYTES, _LIVE, "huge pages of 1 GB it may use", _CONTAINER
    ),
    _text(
        "limits.kernel.*",
        KeyKind.TEXT,
        _START,
        "a limit of the kernel (man setrlimit), such as limits.kernel.nofile",
        _CONTAINER,
    ),
    _text("limits.memory", KeyKind.SIZE, _LIVE, "memory it may use"),
    _text(
        "limits.memory.enforce",
        KeyKind.TEXT,
        _LIVE,
        "hard: never more; soft: more while there is enough",
        _CONTAINER,
        default="hard",
        choices=("hard", "soft"),
    ),
    _flag("limits.memory.hugepages", "false", _START, "takes its memory from huge pages", _VM),
    _flag("limits.memory.swap", "true", _LIVE, "whether it may be swapped out", _CONTAINER, _LXD),
    _text(
        "limits.memory.swap",
        KeyKind.TEXT,
        _LIVE,
        "whether it may be swapped out (true, false), or how much",
        _CONTAINER,
        default="true",
        server=_INCUS,
    ),
    _number(
        "limits.memory.swap.priority",
        "10",
        _LIVE,
        "the higher, the later it is swapped out",
        _CONTAINER,
        lowest=0,
        highest=10,
    ),
    ConfigKey(
        name="limits.network.priority",
        kind=KeyKind.INTEGER,
        default="0",
        is_live=_LIVE,
        tells="who gets the network first under load",
        server=_LXD,
        lowest=0,
    ),
    _number("limits.processes", "", _LIVE, "processes it may have at a time", _CONTAINER, lowest=0),
)
_MIGRATION = (
    _flag("migration.incremental.memory", "false", _LIVE, "sends memory while it runs", _CONTAINER),
    _number(
        "migration.incremental.memory.goal",
        "70",
        _LIVE,
        "per cent of memory sent before it is stopped",
        _CONTAINER,
        lowest=0,
    ),
    _number(
        "migration.incremental.memory.iterations",
        "10",
        _LIVE,
        "how often memory is sent before it is stopped",
        _CONTAINER,
        lowest=0,
    ),
    _flag(
        "migration.stateful",
        "false",
        _START,
        "lets it stop and be copied with its memory",
        _VM,
        _LXD,
    ),
    _flag(
        "migration.stateful",
        "false",
        _START,
        "lets it stop and be copied with its memory",
        server=_INCUS,
    ),
)
_OTHER = (
    _flag("agent.nic_config", "false", _START, "names its interfaces after the devices", _VM),
    _text(
        "cluster.evacuate",
        KeyKind.TEXT,
        _START,
        "what becomes of it when its server is emptied",
        default="auto",
        server=_LXD,
        choices=("auto", "migrate", "live-migrate", "stop"),
    ),
    _text(
        "cluster.evacuate",
        KeyKind.TEXT,
        _START,
        "what becomes of it when its server is emptied",
        default="auto",
        server=_INCUS,
        choices=("auto", "migrate", "live-migrate", "stop", "stateful-stop", "force-stop"),
    ),
    _text("environment.*", KeyKind.TEXT, _LIVE, "a variable of the environment, also in shells"),
    _text(
        "linux.kernel_modules",
        KeyKind.TEXT,
        _LIVE,
        "modules to load before it starts, with commas between",
        _CONTAINER,
    ),
    _text("linux.sysctl.*", KeyKind.TEXT, _START, "a sysctl setting in it", _CONTAINER),
    _text("user.*", KeyKind.LINES, _LIVE, "a value of yours, which the server only keeps"),
    _text(
        "nvidia.driver.capabilities",
        KeyKind.TEXT,
        _START,
        "parts of the driver",
        _CONTAINER,
        default="compute,utility",
    ),
    _flag("nvidia.runtime", "false", _START, "gives it the NVIDIA and CUDA libraries", _CONTAINER),
    _text("nvidia.require.cuda", KeyKind.TEXT, _START, "CUDA version that it needs", _CONTAINER),
    _text(
        "nvidia.require.driver", KeyKind.TEXT, _START, "driver version that it needs", _CONTAINER
    ),
)
_RAW = (
    _text("raw.apparmor", KeyKind.LINES, _LIVE, "lines added to its AppArmor profile"),
    _text(
        "raw.idmap",
        KeyKind.LINES,
        _START,
        "users of the server that it sees as its own",
        _CONTAINER,
    ),
    _text("raw.lxc", KeyKind.LXC_LINES, _START, "lines added to its LXC configuration", _CONTAINER),
    _text("raw.seccomp", KeyKind.LINES, _START, "its own seccomp policy", _CONTAINER),
    _text("raw.qemu", KeyKind.LINES, _START, "arguments added to QEMU", _VM),
    _text("raw.qemu.conf", KeyKind.LINES, _START, "changes to the generated qemu.conf", _VM),
)
_SECURITY = (
    _flag("security.agent.metrics", "true", _START, "asks the agent for measured values", _VM),
    _flag("security.csm", "false", _START, "firmware for systems without UEFI", _VM),
    _flag("security.devlxd", "true", _START, "gives it /dev/lxd to ask about itself", server=_LXD),
    _flag(
        "security.devlxd.images",
        "false",
        _START,
        "lets it ask for images of the server",
        _CONTAINER,
        _LXD,
    ),
    _flag(
        "security.guestapi",
        "true",
        _START,
        "gives it /dev/incus to ask about itself",
        server=_INCUS,
    ),
    _flag(
        "security.guestapi.images",
        "false",
        _START,
        "lets it ask for images of the server",
        _CONTAINER,
        _INCUS,
    ),
    _number(
        "security.idmap.base",
        "",
        _START,
        "first user id of the server for it",
        _CONTAINER,
        lowest=0,
    ),
    _flag(
        "security.idmap.isolated", "false", _START, "shares its user ids with no other", _CONTAINER
    ),
    _number("security.idmap.size", "", _START, "how many user ids it gets", _CONTAINER, lowest=0),
    _flag("security.nesting", "false", _LIVE, "lets it run containers inside", _CONTAINER),
    _flag("security.privileged", "false", _START, "its root is the root of the server", _CONTAINER),
    _flag("security.protection.delete", "false", _LIVE, "keeps it from being deleted"),
    _flag(
        "security.protection.shift",
        "false",
        _LIVE,
        "keeps owners on its disk as they are",
        _CONTAINER,
    ),
    _flag("security.secureboot", "true", _START, "starts only signed systems", _VM),
)
_SYSCALLS = (
    _text(
        "security.syscalls.allow",
        KeyKind.LINES,
        _START,
        "the only system calls it may make",
        _CONTAINER,
    ),
    _text(
        "security.syscalls.deny", KeyKind.LINES, _START, "system calls it may not make", _CONTAINER
    ),
    _flag(
        "security.syscalls.deny_compat",
        "false",
        _START,
        "denies the 32-bit system calls",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.deny_default",
        "true",
        _START,
        "denies those that are known to harm",
        _CONTAINER,
    ),
    _flag("security.syscalls.intercept.bpf", "false", _START, "answers bpf() for it", _CONTAINER),
    _flag(
        "security.syscalls.intercept.bpf.devices",
        "false",
        _START,
        "lets bpf() guard devices",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.mknod",
        "false",
        _START,
        "makes harmless device nodes for it",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.mount",
        "false",
        _START,
        "mounts file systems for it",
        _CONTAINER,
    ),
    _text(
        "security.syscalls.intercept.mount.allowed",
        KeyKind.TEXT,
        _LIVE,
        "file systems it may mount, with commas between",
        _CONTAINER,
    ),
    _text(
        "security.syscalls.intercept.mount.fuse",
        KeyKind.TEXT,
        _LIVE,
        "file systems mounted by a FUSE program, as ext4=fuse2fs",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.mount.shift",
        "false",
        _LIVE,
        "shifts owners on what is mounted",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.sched_setscheduler",
        "false",
        _START,
        "lets it raise priorities",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.setxattr",
        "false",
        _START,
        "sets harmless attributes for it",
        _CONTAINER,
    ),
    _flag(
        "security.syscalls.intercept.sysinfo",
        "false",
        _START,
        "tells it its own limits as the machine's",
        _CONTAINER,
        _INCUS,
    ),
)
_SNAPSHOTS = (
    _text("snapshots.expiry", KeyKind.EXPIRY, _START, "after what time new snapshots are deleted"),
    _text("snapshots.pattern", KeyKind.TEXT, _START, "name of new snapshots", default="snap%d"),
    _text("snapshots.schedule", KeyKind.SCHEDULE, _START, "when a snapshot is taken by itself"),
    _flag("snapshots.schedule.stopped", "false", _START, "takes them of a stopped one, too"),
)

_TABLE = (
    *_BOOT,
    *_CLOUD_INIT,
    *_LIMITS,
    *_MIGRATION,
    *_OTHER,
    *_RAW,
    *_SECURITY,
    *_SYSCALLS,
    *_SNAPSHOTS,
)


def key_book(server: ServerKind, instance_type: str) -> KeyBook:
    """Return what is known of the keys of a type of instance on a family of servers.

    Args:
        server: LXD or Incus.
        instance_type: ``container`` or ``virtual-machine``.
    """
    return KeyBook(
        key for key in _TABLE if key.server in (None, server) and key.only in ("", instance_type)
    )
