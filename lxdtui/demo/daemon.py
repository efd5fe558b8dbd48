"""The heart of the demo server: world, clock, events and operations, and changes of status."""

import random
import uuid
from collections.abc import Iterable, Mapping

from lxdtui.demo.clock import Clock
from lxdtui.demo.events import EventHub
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.load import Load, make_load
from lxdtui.demo.operations import Operations
from lxdtui.demo.rootfs import build_rootfs
from lxdtui.demo.world import (
    ERROR,
    FROZEN,
    RUNNING,
    STOPPED,
    Devices,
    Image,
    Instance,
    Snapshot,
    World,
)

MIB = 1024 * 1024
SIGKILL = 9
DISK_FULL = (
    "Failed preparing container for start: Failed to mount the root disk: no space left on device"
)
"""Why an instance in status Error does not start."""

_IDMAP = (
    '[{"Isuid":true,"Isgid":false,"Hostid":1000000,"Nsid":0,"Maprange":1000000000},'
    '{"Isuid":false,"Isgid":true,"Hostid":1000000,"Nsid":0,"Maprange":1000000000}]'
)


class Daemon:
    """State of one demo server, shared by all request handlers.

    Args:
        clock: Time source and pace.
        rng: Source of ids, addresses and load curves.
        operation_retention: Seconds that a finished operation stays readable.
        websocket_timeout: Seconds that exec sockets have to connect.
    """

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        *,
        operation_retention: float,
        websocket_timeout: float,
    ) -> None:
        self.clock = clock
        self.rng = rng
        self.websocket_timeout = websocket_timeout
        self.world = World(rng=rng)
        self.events = EventHub(clock)
        self.operations = Operations(clock, self.events, rng, operation_retention)

    def new_instance(
        self,
        name: str,
        project: str,
        *,
        type_name: str = "container",
        description: str = "",
        config: Mapping[str, str] | None = None,
        devices: Devices | None = None,
        profiles: Iterable[str] = ("default",),
        ephemeral: bool = False,
        image: Image | None = None,
        load: Load | None = None,
        addresses: Mapping[str, tuple[str, ...]] | None = None,
        created_at: float | None = None,
    ) -> Instance:
        """Put a stopped instance into the world, without any event.

        Args:
            name: Its name.
            project: An existing project.
            type_name: ``container`` or ``virtual-machine``.
            description: Free text.
            config: Local configuration.
            devices: Local devices.
            profiles: Names of existing profiles.
            ephemeral: Whether it vanishes when it stops.
            image: Where its ``image.*`` keys come from.
            load: What it does while it runs; something small by default.
            addresses: Addresses per interface; one of each family by default.
            created_at: Seconds since the epoch; now by default.
        """
        local = {} if image is None else {f"image.{k}": v for k, v in image.properties.items()}
        local |= dict(config or {})
        local |= self._volatile(image, addresses or {"eth0": ()})
        instance = Instance(
            name=name,
            project=project,
            type=type_name,
            description=description,
            config=dict(sorted(local.items())),
            devices={key: dict(value) for key, value in (devices or {}).items()},
            profiles=list(profiles),
            ephemeral=ephemeral,
            created_at=self.clock.now() if created_at is None else created_at,
            load=load or self.small_load(),
            addresses=addresses or {"eth0": self.free_addresses()},
        )
        instance.thawed.set()
        self.world.projects[project].instances[name] = instance
        return instance

    def small_load(self) -> Load:
        """The load of a container that does next to nothing."""
        rng = self.rng
        return make_load(
            rng,
            cores=rng.uniform(0.002, 0.03),
            memory=rng.randint(20, 60) * MIB,
            disk=rng.randint(300, 900) * MIB,
            processes=rng.randint(8, 20),
            received=rng.uniform(100, 900),
            sent=rng.uniform(80, 400),
        )

    def free_addresses(self) -> tuple[str, ...]:
        """An IPv4 and an IPv6 address on the demo bridge that nobody has."""
        taken = {
            address
            for instance in self.world.all_instances()
            for addresses in instance.addresses.values()
            for address in addresses
        }
        number = 100
        while f"10.20.4.{number}/24" in taken and number < 254:
            number += 1
        return (f"10.20.4.{number}/24", f"fd42:9c1:4::{number:x}/64")

    def _volatile(
        self, image: Image | None, addresses: Mapping[str, tuple[str, ...]]
    ) -> dict[str, str]:
        def new_uuid() -> str:
            return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

        keys = {
            "volatile.cloud-init.instance-id": new_uuid(),
            "volatile.idmap.base": "0",
            "volatile.idmap.next": _IDMAP,
            "volatile.last_state.idmap": "[]",
            "volatile.uuid": new_uuid(),
        }
        if image is not None:
            keys["volatile.base_image"] = image.fingerprint
        for interface in addresses:
            tail = self.rng.getrandbits(24).to_bytes(3)
            keys[f"volatile.{interface}.hwaddr"] = f"00:16:3e:{tail.hex(':')}"
        return keys

    def filesystem(self, instance: Instance) -> FileSystem:
        """The files of an instance, made from the template when first asked for."""
        if instance.stored_filesystem is None:
            instance.stored_filesystem = self.first_filesystem(instance)
        return instance.stored_filesystem

    def first_filesystem(self, instance: Instance) -> FileSystem:
        """Files as the template has them, under the name of an instance."""
        return build_rootfs(
            instance.name,
            instance.config.get("image.os", "Debian"),
            created_at=instance.created_at,
            now=self.clock.now(),
        )

    def set_running(self, instance: Instance, *, started_at: float | None = None) -> None:
        """Begin a new run: counters start at zero."""
        now = self.clock.now()
        begin = now if started_at is None else started_at
        instance.started_at = instance.thawed_at = begin
        instance.last_used_at = begin
        instance.cpu_before = instance.received_before = instance.sent_before = 0
        instance.pid = self.world.next_pid()
        instance.ended.clear()
        instance.config |= {
            "volatile.idmap.current": _IDMAP,
            "volatile.last_state.idmap": _IDMAP,
            "volatile.last_state.power": "RUNNING",
        }
        for interface in instance.addresses:
            host_name = f"veth{self.rng.getrandbits(32):08x}"
            instance.config[f"volatile.{interface}.host_name"] = host_name
        instance.thawed.set()
        self._set_status(instance, RUNNING)

    def set_stopped(self, instance: Instance, status_code: int = STOPPED) -> None:
        """End the run; commands in it die. Also enters the status Error."""
        for session in tuple(instance.sessions):
            session.kill(SIGKILL)
        instance.thawed.set()
        if instance.is_running:
            instance.config["volatile.last_state.power"] = "STOPPED"
        for interface in instance.addresses:
            instance.config.pop(f"volatile.{interface}.host_name", None)
        if status_code == ERROR:
            instance.start_failure = DISK_FULL
        elif instance.start_failure == DISK_FULL:
            instance.start_failure = None
        self._set_status(instance, status_code)

    def set_frozen(self, instance: Instance) -> None:
        """Pause all processes: counters stand still."""
        now, since, load = self.clock.now(), instance.thawed_at, instance.load
        instance.cpu_before += load.cpu_nanoseconds(since, now)
        instance.received_before += load.bytes_received(since, now)
        instance.sent_before += load.bytes_sent(since, now)
        instance.thawed_at = now
        instance.thawed.clear()
        self._set_status(instance, FROZEN)

    def set_thawed(self, instance: Instance) -> None:
        """Let the processes go on."""
        instance.thawed_at = self.clock.now()
        instance.thawed.set()
        self._set_status(instance, RUNNING)

    def remove(self, instance: Instance) -> None:
        """Take an instance out of the world, with its event."""
        home = self.world.projects[instance.project].instances
        if home.get(instance.name) is instance:
            del home[instance.name]
            self.instance_event(instance, "deleted")

    def new_snapshot(
        self,
        instance: Instance,
        name: str,
        *,
        expires_at: float | None = None,
        created_at: float | None = None,
        size: int | None = None,
    ) -> Snapshot:
        """Add a snapshot to an instance, without any event."""
        files = instance.stored_filesystem
        share = self.rng.uniform(0.02, 0.12)
        snapshot = Snapshot(
            name=name,
            created_at=self.clock.now() if created_at is None else created_at,
            expires_at=expires_at,
            config=dict(instance.config),
            devices={key: dict(value) for key, value in instance.devices.items()},
            profiles=list(instance.profiles),
            ephemeral=instance.ephemeral,
            architecture=instance.architecture,
            size=int(instance.load.disk * share) if size is None else size,
            filesystem=None if files is None else files.copy(),
        )
        instance.snapshots[name] = snapshot
        return snapshot

    def instance_event(
        self,
        instance: Instance,
        action: str,
        *,
        context: Mapping[str, object] | None = None,
        path: str = "",
        requestor: bool = False,
    ) -> None:
        """Emit ``instance-<action>`` about an instance or something below it."""
        self.events.lifecycle(
            f"instance-{action}",
            f"{instance.url}{path}",
            project=instance.project,
            context=context,
            requestor=requestor,
        )

    def _set_status(self, instance: Instance, status_code: int) -> None:
        instance.status_code = status_code
        instance.changed.set()
