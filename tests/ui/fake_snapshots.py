"""Snapshots without servers: orders are kept, and answered as the test wants."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.compare import TreeComparison
from lxdtui.services.snapshots.differences import Comparison
from lxdtui.services.snapshots.looks import Look
from lxdtui.store import Store
from lxdtui.store.updates import SnapshotsRead
from lxdtui.ui.ports.snapshots import Report
from tests.ui.files import FakeFiles

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MIB = 1024**2


@dataclass(slots=True)
class FakeSnapshots:
    """Takes orders on snapshots; answers at once, late or with an error, as the test wants."""

    store: Store
    files: FakeFiles
    orders: list[tuple[object, ...]] = field(default_factory=list)
    errors: dict[str, list[LxdTuiError]] = field(default_factory=dict)
    """What each next order fails with, by its verb, or its verb and the snapshot."""
    gate: asyncio.Event | None = None
    driver: str = "btrfs"
    copies: "FakeCopies" = field(init=False)
    looks: "FakeLooks" = field(init=False)
    comparisons: "FakeComparisons" = field(init=False)

    def __post_init__(self) -> None:
        self.copies = FakeCopies(self)
        self.looks = FakeLooks(self)
        self.comparisons = FakeComparisons(self)

    async def refresh(self, ref: InstanceRef) -> None:
        await self.obey("refresh", ref)

    async def create(
        self,
        ref: InstanceRef,
        name: str,
        *,
        stateful: bool = False,
        expires_at: datetime | None = None,
    ) -> None:
        await self.obey("create", ref, name, stateful, expires_at)
        made = Snapshot(
            name=name, created_at=MOMENT, expires_at=expires_at, stateful=stateful, size=MIB
        )
        self._put(ref, (*self._known(ref), made))

    async def rename(self, ref: InstanceRef, name: str, new_name: str) -> None:
        await self.obey("rename", ref, name, new_name)
        self._put(
            ref,
            tuple(
                replace(one, name=new_name) if one.name == name else one for one in self._known(ref)
            ),
        )

    async def delete(self, ref: InstanceRef, name: str) -> None:
        await self.obey("delete", ref, name)
        self._put(ref, tuple(one for one in self._known(ref) if one.name != name))

    async def set_expiry(
        self, ref: InstanceRef, seen: Snapshot, expires_at: datetime | None
    ) -> None:
        await self.obey("set_expiry", ref, seen.name, expires_at)
        self._put(
            ref,
            tuple(
                replace(one, expires_at=expires_at) if one.name == seen.name else one
                for one in self._known(ref)
            ),
        )

    async def restore(self, ref: InstanceRef, name: str, *, stateful: bool = False) -> None:
        await self.obey("restore", ref, name, stateful)

    async def pool_driver(self, ref: InstanceRef) -> str:
        await self.obey("pool_driver", ref)
        return self.driver

    def ordered(self, verb: str) -> list[tuple[object, ...]]:
        """What was asked for by one verb."""
        return [order[2:] for order in self.orders if order[0] == verb]

    async def obey(self, verb: str, ref: InstanceRef, *details: object) -> None:
        self.orders.append((verb, ref, *details))
        if self.gate is not None and verb not in ("refresh", "pool_driver"):
            await self.gate.wait()
        for key in (f"{verb} {details[0]}" if details else verb, verb):
            if self.errors.get(key):
                raise self.errors[key].pop(0)

    def _known(self, ref: InstanceRef) -> tuple[Snapshot, ...]:
        return self.store.state.snapshots.get(ref, ())

    def _put(self, ref: InstanceRef, snapshots: tuple[Snapshot, ...]) -> None:
        self.store.apply(SnapshotsRead(ref, snapshots))


@dataclass(slots=True)
class FakeCopies:
    """Makes nothing of snapshots, and tells how far it is."""

    snapshots: FakeSnapshots

    async def copy(
        self,
        ref: InstanceRef,
        snapshot: Snapshot,
        new_name: str,
        *,
        start: bool = False,
        with_new_addresses: bool = True,
        report: Report | None = None,
    ) -> InstanceRef:
        if report is not None:
            report("copying: 62% (12.4MB/s)", 62)
        await self.snapshots.obey("copy", ref, snapshot.name, new_name, start, with_new_addresses)
        return InstanceRef(ref.remote, ref.project, new_name)

    async def publish(
        self,
        ref: InstanceRef,
        name: str,
        *,
        aliases: Iterable[str] = (),
        public: bool = False,
        properties: Mapping[str, str] | None = None,
        report: Report | None = None,
    ) -> str:
        if report is not None:
            report("Image pack: 86% (27.14MB/s)", 86)
        await self.snapshots.obey(
            "publish", ref, name, tuple(aliases), public, dict(properties or {})
        )
        return "f" * 64


@dataclass(slots=True)
class FakeLooks:
    """Looks into snapshots whose files the test has put there."""

    snapshots: FakeSnapshots
    opened: list[Look] = field(default_factory=list)

    async def open(
        self, source: InstanceRef, snapshot: Snapshot, *, report: Report | None = None
    ) -> Look:
        if report is not None:
            report("copying", None)
        await self.snapshots.obey("look", source, snapshot.name)
        ref = InstanceRef(
            source.remote, source.project, f"lxdtui-look-{source.name}-{snapshot.name}"
        )
        look = Look(ref=ref, source=source, snapshot=snapshot.name)
        self.opened.append(look)
        return look

    async def close(self, look: Look) -> None:
        await self.snapshots.obey("close", look.source, look.snapshot)
        self.opened.remove(look)


@dataclass(slots=True)
class FakeComparisons:
    """Compares the files that the test has put there, for real."""

    snapshots: FakeSnapshots

    async def compare(
        self,
        old: InstanceRef,
        new: InstanceRef,
        *,
        is_running: bool,
        report: Callable[[int, int], None] | None = None,
    ) -> Comparison:
        await self.snapshots.obey("compare", old, new.name, is_running)
        files = self.snapshots.files
        trees = files.container(old), files.container(new)
        return await TreeComparison(*trees, report=report).run()
