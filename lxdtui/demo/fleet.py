"""The invented fleet that the demo begins with."""

import hashlib
from dataclasses import dataclass

from lxdtui.demo.daemon import MIB, Daemon
from lxdtui.demo.load import make_load
from lxdtui.demo.world import (
    ERROR,
    FROZEN,
    RUNNING,
    STOPPED,
    Alias,
    Image,
    Instance,
    Profile,
    Project,
)

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class _Row:
    """One container as a row of figures: short, because there are many."""

    name: str
    status: int
    load: float
    """Share of its processors in use."""
    memory: int
    """MiB in use."""
    address: int
    """Last part of its IPv4 address."""
    snapshots: int
    up: float
    """Seconds since it was started."""
    cpus: int
    limit: int
    """MiB of memory allowed; 0 for no limit."""
    image: str = "debian/12"
    profile: str = ""
    description: str = ""
    type: str = "container"


_DEFAULT_FLEET = (
    _Row("api-01", RUNNING, 0.38, 1229, 21, 6, 41 * DAY, 2, 2048, profile="web"),
    _Row("api-02", RUNNING, 0.35, 1229, 22, 6, 41 * DAY, 2, 2048, profile="web"),
    _Row("api-03", STOPPED, 0.33, 1180, 23, 2, 0, 2, 2048, profile="web"),
    _Row(
        "build-arm",
        RUNNING,
        0.91,
        7885,
        40,
        0,
        3 * HOUR,
        8,
        8192,
        "ubuntu/24.04",
        description="Builds for arm64, under emulation",
        type="virtual-machine",
    ),
    _Row("build-old", STOPPED, 0.50, 2048, 41, 1, 0, 4, 4096, description="Kept for the 2019 tags"),
    _Row("cache", RUNNING, 0.04, 640, 12, 0, 88 * DAY, 1, 1024, "alpine/3.20"),
    _Row(
        "db-primary",
        RUNNING,
        0.22,
        6349,
        10,
        31,
        88 * DAY,
        4,
        8192,
        profile="database",
        description="PostgreSQL 16, the one that matters",
    ),
    _Row(
        "db-replica",
        ERROR,
        0.20,
        6100,
        17,
        14,
        0,
        4,
        8192,
        profile="database",
        description="Streaming replica of db-primary",
    ),
    _Row("dns-a", RUNNING, 0.01, 48, 2, 3, 212 * DAY, 1, 256, "alpine/3.20"),
    _Row("dns-b", RUNNING, 0.01, 46, 3, 3, 212 * DAY, 1, 256, "alpine/3.20"),
    _Row("gitlab", RUNNING, 0.17, 5222, 30, 9, 19 * DAY, 4, 6144, "ubuntu/24.04"),
    _Row(
        "gitlab-copy",
        FROZEN,
        0.16,
        5120,
        31,
        0,
        2 * DAY,
        4,
        6144,
        "ubuntu/24.04",
        description="Copy to try the upgrade on",
    ),
    _Row("grafana", RUNNING, 0.03, 410, 51, 4, 88 * DAY, 1, 1024, profile="web"),
    _Row("mail", RUNNING, 0.06, 880, 25, 12, 88 * DAY, 2, 2048),
    _Row("mail-test", STOPPED, 0.05, 700, 26, 2, 0, 2, 2048),
    _Row("prometheus", RUNNING, 0.12, 1741, 50, 4, 88 * DAY, 2, 2048),
    _Row("queue", RUNNING, 0.09, 330, 14, 1, 41 * DAY, 2, 1024, "alpine/3.20"),
    _Row("runner-01", RUNNING, 0.64, 2970, 61, 0, 6 * HOUR, 4, 4096, "ubuntu/24.04"),
    _Row("runner-02", RUNNING, 0.58, 2867, 62, 0, 6 * HOUR, 4, 4096, "ubuntu/24.04"),
    _Row("runner-03", RUNNING, 0.02, 390, 63, 0, 6 * HOUR, 4, 4096, "ubuntu/24.04"),
    _Row("sandbox-mara", STOPPED, 0.05, 300, 70, 1, 0, 2, 0, description="Mara's playground"),
    _Row("search", RUNNING, 0.27, 3686, 15, 5, 41 * DAY, 4, 4096),
    _Row("static", RUNNING, 0.01, 62, 16, 1, 88 * DAY, 1, 256, "alpine/3.20", "web"),
    _Row("vpn", RUNNING, 0.02, 58, 4, 7, 120 * DAY, 1, 256, "alpine/3.20"),
    _Row("web-01", RUNNING, 0.14, 720, 11, 8, 41 * DAY, 2, 1024, profile="web"),
    _Row("web-02", RUNNING, 0.13, 705, 13, 8, 41 * DAY, 2, 1024, profile="web"),
    _Row("wiki", RUNNING, 0.03, 512, 52, 3, 88 * DAY, 1, 1024, "ubuntu/24.04"),
    _Row("wiki-2019", STOPPED, 0.02, 256, 53, 1, 0, 1, 1024, description="Read-only archive"),
)

_STAGING_FLEET = (
    _Row("api", RUNNING, 0.05, 310, 81, 2, 5 * DAY, 2, 1024, profile="web"),
    _Row("db", RUNNING, 0.03, 980, 82, 3, 5 * DAY, 2, 2048, profile="database"),
    _Row("web", STOPPED, 0.02, 200, 83, 0, 0, 1, 512, profile="web"),
)

_IMAGES = (
    ("debian/12", "Debian", "bookworm", "Debian bookworm amd64", 96),
    ("ubuntu/24.04", "Ubuntu", "noble", "Ubuntu noble amd64", 214),
    ("alpine/3.20", "Alpine", "3.20", "Alpine 3.20 amd64", 3),
)


def furnish(daemon: Daemon, fleet: str | int) -> None:
    """Fill an empty world.

    Args:
        daemon: Whose world it is.
        fleet: ``default``, ``empty``, or how many invented containers.

    Raises:
        ValueError: Another word.
    """
    _add_projects(daemon)
    _add_images(daemon)
    if isinstance(fleet, int):
        _add_many(daemon, fleet)
    elif fleet == "default":
        for row in _DEFAULT_FLEET:
            _add_row(daemon, row, "default")
        for row in _STAGING_FLEET:
            _add_row(daemon, row, "staging")
    elif fleet != "empty":
        raise ValueError(f"unknown fleet {fleet!r}")


def _add_projects(daemon: Daemon) -> None:
    world = daemon.world
    world.server_config = {"core.https_address": "192.0.2.10:8443"}
    nic = {"name": "eth0", "network": "lxdbr0", "type": "nic"}
    root = {"path": "/", "pool": "default", "type": "disk"}
    profiles = (
        Profile(
            name="default",
            description="Default LXD profile",
            devices={"eth0": nic, "root": root},
        ),
        Profile(
            name="database",
            description="Large disk, nightly snapshots",
            config={"snapshots.schedule": "0 2 * * *", "snapshots.expiry": "7d"},
            devices={"root": root | {"size": "200GiB"}},
        ),
        Profile(
            name="web",
            description="Starts with the server",
            config={"boot.autostart": "true", "limits.processes": "1200"},
            devices={"root": root | {"size": "8GiB"}},
        ),
    )
    features = ("images", "networks", "profiles", "storage.volumes")
    world.projects["default"] = Project(
        name="default",
        description="Default LXD project",
        config={f"features.{name}": "true" for name in features},
        profiles={profile.name: profile for profile in profiles},
    )
    world.projects["staging"] = Project(
        name="staging",
        description="Rehearsal of production",
        config={
            "features.images": "false",
            "features.profiles": "false",
            "features.storage.volumes": "true",
        },
    )


def _add_images(daemon: Daemon) -> None:
    now = daemon.clock.now()
    for alias, os_name, release, description, size in _IMAGES:
        fingerprint = hashlib.sha256(f"demo image {alias}".encode()).hexdigest()
        daemon.world.images[fingerprint] = Image(
            fingerprint=fingerprint,
            properties={
                "architecture": "amd64",
                "description": description,
                "os": os_name,
                "release": release,
            },
            size=size * MIB,
            created_at=now - 12 * DAY,
            uploaded_at=now - 11 * DAY,
            filename=f"{os_name.lower()}-{release}.tar.xz",
            last_used_at=now - 3 * HOUR,
        )
        daemon.world.aliases[alias] = Alias(name=alias, target=fingerprint)


def _add_row(daemon: Daemon, row: _Row, project: str) -> None:
    now, rng, world = daemon.clock.now(), daemon.rng, daemon.world
    image = world.images[world.aliases[row.image].target]
    config = {"limits.cpu": str(row.cpus)}
    if row.limit:
        config["limits.memory"] = f"{row.limit}MiB"
    addresses: dict[str, tuple[str, ...]] = {
        "eth0": (f"10.20.4.{row.address}/24", f"fd42:9c1:4::{row.address}/64")
    }
    if row.name == "db-primary":
        addresses["eth1"] = ("192.168.7.10/24",)
    traffic = row.load * row.cpus * 800_000
    instance = daemon.new_instance(
        row.name,
        project,
        type_name=row.type,
        description=row.description,
        config=config,
        devices={"eth1": {"name": "eth1", "nictype": "macvlan", "parent": "enp3s0", "type": "nic"}}
        if "eth1" in addresses
        else {},
        profiles=["default", row.profile] if row.profile else ["default"],
        image=image,
        load=make_load(
            rng,
            cores=row.load * row.cpus,
            memory=row.memory * MIB,
            disk=(172 * 1024 if row.name == "db-primary" else row.memory * 3 + 400) * MIB,
            processes=max(6, row.memory // 43),
            received=traffic * rng.uniform(1.2, 2.2),
            sent=traffic * rng.uniform(0.5, 0.9),
        ),
        addresses=addresses,
        created_at=now - max(row.up, 60 * DAY) - rng.uniform(0, DAY),
    )
    _set_initial_status(daemon, instance, row.status, now - row.up - rng.uniform(0, HOUR / 2))
    _add_snapshots(daemon, instance, row.snapshots)


def _set_initial_status(daemon: Daemon, instance: Instance, status: int, started_at: float) -> None:
    if status in {RUNNING, FROZEN}:
        daemon.set_running(instance, started_at=started_at)
        if status == FROZEN:
            daemon.set_frozen(instance)
        return
    instance.last_used_at = daemon.clock.now() - daemon.rng.uniform(2 * DAY, 90 * DAY)
    daemon.set_stopped(instance, status)


def _add_snapshots(daemon: Daemon, instance: Instance, count: int) -> None:
    now = daemon.clock.now()
    for index in range(count):
        age = (count - index - 0.42) * DAY
        if index == 0 and count > 2:
            daemon.new_snapshot(instance, "golden", created_at=now - 87 * DAY)
        elif index % 6 == 1:
            daemon.new_snapshot(instance, f"before-{index + 10}", created_at=now - age)
        else:
            number = f"nightly-{index:02d}"
            expires_at = now + max(0.4, 7 - age / DAY) * DAY
            daemon.new_snapshot(instance, number, created_at=now - age, expires_at=expires_at)


def _add_many(daemon: Daemon, count: int) -> None:
    words = ("api", "web", "db", "queue", "cache", "runner", "mail", "dns", "search", "log")
    rng = daemon.rng
    images = tuple(row[0] for row in _IMAGES)
    for index in range(count):
        status = RUNNING if rng.random() < 0.7 else STOPPED
        row = _Row(
            f"{words[index % len(words)]}-{index:04d}",
            status,
            rng.uniform(0.01, 0.6),
            rng.randint(40, 2000),
            0,
            rng.choice((0, 0, 1, 3)),
            rng.uniform(HOUR, 100 * DAY),
            rng.choice((1, 2, 4)),
            2048,
            images[index % len(images)],
        )
        _add_row(daemon, row, "default")
        instance = daemon.world.projects["default"].instances[row.name]
        host = index + 2
        instance.addresses = {
            "eth0": (f"10.{21 + host // 65536}.{host // 256 % 256}.{host % 256}/8",)
        }
