"""A fleet without servers: a real store, fed by hand."""

import asyncio
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from lxdtui.errors import ConnectionFailed, ConnectionProblem, LxdTuiError
from lxdtui.model.event import LifecycleEvent
from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import Address, InstanceState, NetworkInterface
from lxdtui.model.status import StatusCode
from lxdtui.paths import state_dir
from lxdtui.services.editing import EditingService, EditStore
from lxdtui.store import Link, LinkState, Store
from lxdtui.store.updates import (
    InstanceGone,
    InstanceRead,
    InstanceRenamed,
    InstancesListed,
    LifecycleSeen,
    LinkChanged,
    OperationForgotten,
    OperationSeen,
    ServerRead,
    SnapshotsRead,
    UsageRead,
)
from lxdtui.ui.clock import Clock
from tests.ui.configurations import FakeConfigurations
from tests.ui.fake_detail import FakeLogs, FakeOperations, FakeProcesses
from tests.ui.fake_snapshots import FakeSnapshots
from tests.ui.files import FakeFiles, furnish
from tests.ui.lifecycle import FakeLifecycle
from tests.ui.shells import FakeOpener
from tests.ui.transfers import FakeTransfers

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONOTONIC = 10_000.0
CLOCK = Clock(monotonic=lambda: MONOTONIC, now=lambda: NOW)

GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeRemote:
    name: str = "prod-eu"
    place: str = "https://prod-eu.example:8443"
    is_demo: bool = False
    is_verified: bool = True
    is_named_by_address: bool = False
    project: str = "default"
    searched: tuple[str, ...] = ()


@dataclass(slots=True)
class FakeInstances:
    """Takes orders; answers at once, late or with an error, as the test wants."""

    fleet: "FakeFleet"
    orders: list[tuple[str, InstanceRef, bool]] = field(default_factory=list)
    errors: dict[str, LxdTuiError] = field(default_factory=dict)
    gate: asyncio.Event | None = None

    async def start(self, ref: InstanceRef) -> None:
        await self._obey("start", ref, StatusCode.RUNNING)

    async def stop(self, ref: InstanceRef, *, force: bool = False) -> None:
        await self._obey("stop", ref, StatusCode.STOPPED, force=force)

    async def restart(self, ref: InstanceRef, *, force: bool = False) -> None:
        await self._obey("restart", ref, StatusCode.RUNNING, force=force)

    async def freeze(self, ref: InstanceRef) -> None:
        await self._obey("freeze", ref, StatusCode.FROZEN)

    async def unfreeze(self, ref: InstanceRef) -> None:
        await self._obey("unfreeze", ref, StatusCode.RUNNING)

    async def delete(self, ref: InstanceRef, *, force: bool = False) -> None:
        await self._obey("delete", ref, None, force=force)

    async def _obey(
        self, verb: str, ref: InstanceRef, code: StatusCode | None, *, force: bool = False
    ) -> None:
        self.orders.append((verb, ref, force))
        if self.gate is not None:
            await self.gate.wait()
        error = self.errors.pop(f"{verb} by force" if force else verb, None)
        if error is not None:
            raise error
        if code is None:
            self.fleet.store.apply(InstanceGone(ref))
            return
        known = self.fleet.store.state.instances[ref]
        changed = replace(known, status=code.name.capitalize(), status_code=code)
        self.fleet.store.apply(InstanceRead(changed))


class FakeFleet:
    """What the interface is handed, with a store that the test feeds."""

    def __init__(self, *remotes: FakeRemote) -> None:
        self.store = Store()
        self.remotes = remotes or (FakeRemote(),)
        self.instances = FakeInstances(self)
        self.logs = FakeLogs()
        self.operations = FakeOperations()
        self.processes = FakeProcesses()
        self.configuration = FakeConfigurations(self.store)
        self.lifecycle = FakeLifecycle()
        self.sessions = FakeOpener([])
        self.transfers = FakeTransfers()
        self.files = FakeFiles()
        self.snapshots = FakeSnapshots(self.store, self.files)
        self.editing = EditingService(self.files, EditStore(state_dir() / "edits"), now=lambda: NOW)
        self.retried: list[str] = []
        self.refreshed: list[str] = []
        self.looked_at: list[tuple[InstanceRef, ...]] = []

    async def run(self) -> None:
        await asyncio.Event().wait()

    def retry(self, remote: str) -> None:
        self.retried.append(remote)

    def refresh(self, remote: str) -> None:
        self.refreshed.append(remote)

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        self.looked_at.append(tuple(refs))

    async def aclose(self) -> None:
        return None

    # What the test feeds

    @property
    def remote(self) -> str:
        return self.remotes[0].name

    def link(self, state: LinkState, **fields: object) -> None:
        link = Link(remote=self.remote, state=state, listed=state is LinkState.LIVE)
        self.store.apply(LinkChanged(replace(link, **fields)))  # type: ignore[arg-type]  # test sugar

    def live(
        self, instances: Sequence[Instance] = (), *, kind: ServerKind = ServerKind.LXD
    ) -> None:
        version = "5.0.2" if kind is ServerKind.LXD else "6.0.3"
        server = Server(kind=kind, version=version, is_trusted=True, extensions=frozenset())
        self.store.apply(ServerRead(self.remote, server))
        self.store.apply(InstancesListed(self.remote, instances))
        self.link(LinkState.LIVE, latency=0.012)

    def lost(self, *, listed: bool = True, retry_in: float = 4) -> None:
        error = ConnectionFailed("list instances", ConnectionProblem.LOST, "connection reset")
        self.link(
            LinkState.LOST,
            error=error,
            retry_at=MONOTONIC + retry_in,
            lost_at=MONOTONIC - 12,
            listed=listed,
        )

    def failed(self, error: LxdTuiError) -> None:
        self.link(
            LinkState.LOST, error=error, retry_at=MONOTONIC + 4, lost_at=MONOTONIC, listed=False
        )

    def ref(self, name: str, project: str = "default") -> InstanceRef:
        return InstanceRef(self.remote, project, name)

    def instance(
        self,
        name: str,
        code: StatusCode = StatusCode.RUNNING,
        *,
        up: timedelta = timedelta(days=41),
        **fields: object,
    ) -> Instance:
        instance = Instance(
            ref=self.ref(name),
            type="container",
            status=code.name.capitalize(),
            status_code=code,
            architecture="x86_64",
            profiles=("default",),
            config={"image.description": "Debian 12 amd64"},
            created_at=datetime(2026, 8, 27, 9, 14, tzinfo=UTC),
            last_used_at=NOW - up,
        )
        return replace(instance, **fields)  # type: ignore[arg-type]  # test sugar

    def rename(self, name: str, new: str) -> None:
        self.store.apply(InstanceRenamed(self.ref(name), self.ref(new)))

    def happened(
        self, name: str, action: str, detail: str = "", *, ago: timedelta, who: str = "root, unix"
    ) -> None:
        """Feed a lifecycle event."""
        ref = self.ref(name)
        event = LifecycleEvent(
            action=action,
            source=ref.path,
            project=ref.project,
            instance=ref,
            old_name="",
            at=NOW - ago,
            requestor=who,
            detail=detail,
        )
        self.store.apply(LifecycleSeen(event))

    def ran(self, name: str, description: str, *, ago: timedelta, error: str = "") -> None:
        """Feed an operation that has ended, and is forgotten by the server."""
        ref = OperationRef(self.remote, f"ended-{name}-{description}-{ago}")
        operation = Operation(
            ref=ref,
            kind="task",
            description=description,
            status="Failure" if error else "Success",
            status_code=StatusCode.FAILURE if error else StatusCode.SUCCESS,
            instances=(self.ref(name),),
            error=error,
            created_at=NOW - ago,
            updated_at=NOW - ago + timedelta(seconds=2.4),
        )
        self.store.apply(OperationSeen(operation))
        self.store.apply(OperationForgotten(ref))

    def usage(
        self, name: str, cpu: float, memory: int, address: str, *, total: int = 8 * GIB
    ) -> None:
        """Feed two minutes of readings that end at a value."""
        ref = self.ref(name)
        interface = NetworkInterface(
            name="eth0",
            addresses=(
                Address(family="inet", address=address, netmask="24", scope="global"),
                Address(family="inet6", address="fd42:9c1:4::10", netmask="64", scope="global"),
            ),
            hwaddr="00:16:3e:00:00:01",
            host_name="veth1",
            mtu=1500,
            state="up",
            type="broadcast",
            bytes_received=0,
            bytes_sent=0,
        )
        used = 0.0
        for step in range(61):
            wave = 1 + 0.6 * math.sin(step * 0.9) + 0.3 * math.sin(step * 0.31 + len(name))
            share = cpu if step in (0, 60) else max(cpu * wave, 0)
            used += share / 100 * 2e9
            traffic = replace(
                interface, bytes_received=step * 3_600_000, bytes_sent=step * 1_280_000
            )
            state = InstanceState(
                status="Running",
                status_code=StatusCode.RUNNING,
                pid=100,
                processes=48,
                cpu_usage=int(used),
                memory_usage=memory,
                memory_usage_peak=memory,
                memory_total=total,
                swap_usage=0,
                disk_usage={"root": 172 * GIB},
                disk_total={"root": 200 * GIB},
                interfaces=(traffic,),
            )
            self.store.apply(UsageRead(ref, state, MONOTONIC - 120 + step * 2))

    def have_snapshots(self, name: str, number: int) -> None:
        snapshots = tuple(
            Snapshot(
                name=f"nightly-{1122 - index}",
                created_at=NOW - timedelta(days=index, hours=14),
                expires_at=None,
                stateful=False,
                size=int(1.2 * GIB),
            )
            for index in reversed(range(number))
        )
        self.store.apply(SnapshotsRead(self.ref(name), snapshots))

    def work(
        self,
        name: str,
        description: str = "Starting instance",
        progress: str = "",
        *,
        code: StatusCode = StatusCode.RUNNING,
        may_cancel: bool = False,
    ) -> None:
        """Feed an operation; a final code ends it."""
        self.store.apply(
            OperationSeen(
                Operation(
                    ref=OperationRef(self.remote, f"operation-{name}"),
                    kind="task",
                    description=description,
                    status=code.name.capitalize(),
                    status_code=code,
                    instances=(self.ref(name),),
                    metadata={"create_progress": progress} if progress else {},
                    may_cancel=may_cancel,
                    created_at=NOW,
                )
            )
        )


# Name, status, CPU per cent, MiB, last part of the address, snapshots, days up, limits.
_FLEET = (
    ("api-01", "RUNNING", 38, 1229, "21", 6, 41),
    ("api-02", "RUNNING", 35, 1229, "22", 6, 41),
    ("api-03", "STOPPED", 0, 0, "", 2, 0),
    ("build-arm", "RUNNING", 91, 7900, "40", 0, 0.14),
    ("build-old", "STOPPED", 0, 0, "", 1, 0),
    ("cache", "RUNNING", 4, 640, "12", 0, 88),
    ("db-primary", "RUNNING", 88, 6350, "10", 31, 88),
    ("db-replica", "ERROR", 0, 0, "", 14, 0),
    ("dns-a", "RUNNING", 1, 48, "2", 3, 212),
    ("dns-b", "RUNNING", 1, 46, "3", 3, 212),
    ("gitlab", "RUNNING", 17, 5222, "30", 9, 19),
    ("gitlab-copy", "FROZEN", 0, 5120, "31", 0, 2),
    ("grafana", "RUNNING", 3, 410, "51", 4, 88),
    ("mail", "RUNNING", 6, 880, "25", 12, 88),
    ("mail-test", "STOPPED", 0, 0, "", 2, 0),
    ("prometheus", "RUNNING", 12, 1741, "50", 4, 88),
    ("queue", "RUNNING", 9, 330, "14", 1, 41),
    ("runner-01", "RUNNING", 64, 2970, "61", 0, 0.25),
    ("runner-02", "RUNNING", 58, 2867, "62", 0, 0.25),
    ("runner-03", "RUNNING", 2, 390, "63", 0, 0.25),
    ("sandbox-mara", "STOPPED", 0, 0, "", 1, 0),
    ("search", "RUNNING", 27, 3686, "15", 5, 41),
    ("static", "RUNNING", 1, 62, "16", 1, 88),
    ("vpn", "RUNNING", 2, 58, "4", 7, 120),
    ("web-01", "RUNNING", 14, 720, "11", 8, 41),
    ("web-02", "RUNNING", 13, 705, "13", 8, 41),
    ("wiki", "RUNNING", 3, 512, "52", 3, 88),
    ("wiki-2019", "STOPPED", 0, 0, "", 1, 0),
)


def production(remote: FakeRemote | None = None) -> FakeFleet:
    """Return a fleet with a day's usual mixture."""
    fleet = FakeFleet(remote or FakeRemote())
    instances = [
        fleet.instance(
            name,
            StatusCode[status],
            up=timedelta(days=days),
            description="PostgreSQL 16, writes here" if name == "db-primary" else "",
            expanded_config={"limits.cpu": "4"} if name == "db-primary" else {},
        )
        for name, status, _, _, _, _, days in _FLEET
    ]
    fleet.live(instances)
    for name, status, cpu, memory, end, snapshots, _ in _FLEET:
        if status in ("RUNNING", "FROZEN"):
            fleet.usage(name, cpu, memory * MIB, f"10.20.4.{end}")
        fleet.have_snapshots(name, snapshots)
    _past(fleet)
    fleet.work("api-03", progress="rootfs: 62% (12.4MB/s)")
    furnish(fleet.files, fleet.ref("web-01"), NOW)
    return fleet


def _past(fleet: FakeFleet) -> None:
    """Feed what happened to the database in the last days."""
    name, replica = "db-primary", "e5a2c07bb91f, tls"
    fleet.ran(name, "Migrating instance", ago=timedelta(days=3), error="No link to node-3")
    fleet.happened(name, "instance-updated", ago=timedelta(days=2), who=replica)
    for hours in (62, 38, 14):
        fleet.ran(name, "Snapshotting instance", ago=timedelta(hours=hours))
        snapshot = f"nightly-11{22 - hours // 24}"
        ago = timedelta(hours=hours)
        fleet.happened(name, "instance-snapshot-created", snapshot, ago=ago)
    command = "psql -c 'select count(*) from orders'"
    for minutes in (41, 40, 39):
        fleet.happened(name, "instance-exec", command, ago=timedelta(minutes=minutes), who=replica)


__all__ = [
    "CLOCK",
    "GIB",
    "MIB",
    "MONOTONIC",
    "NOW",
    "FakeFleet",
    "FakeRemote",
    "production",
]
