"""Looking into a snapshot: over a stopped copy that lives as long as it is looked at.

The servers show no files of a snapshot. So a copy is made of it, without
network and without anything of the profiles, never started, plainly named and
marked; it is deleted when the look ends, and by the next start of the program
where it was killed meanwhile. One of another computer goes when nobody there has
said for days that it is in use.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.errors import ConnectionFailed, LxdTuiError, NotFound, OperationLost
from lxdtui.model.configuration import Configuration
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.look_lease import (
    ABANDONED_AFTER,
    LEASE_KEY,
    RENEW_SECONDS,
    last_used,
    lease_text,
)
from lxdtui.services.snapshots.look_mark import KEY, LookMark, Owner, look_name
from lxdtui.services.snapshots.refusals import add_hint
from lxdtui.services.snapshots.waiting import Report, finish
from lxdtui.services.sync import RemoteSync
from lxdtui.store.state import LinkState
from lxdtui.store.store import Store

__all__ = ["Look", "LookService"]

_CLOSING_SECONDS = 20.0
"""How long the end of the program waits for the removal of copies."""
# What would make the copy start, grow, or stay for ever by itself.
_QUIET = {
    "boot.autostart": "false",
    "security.protection.delete": "false",
    "snapshots.schedule": "",
    "snapshots.schedule.stopped": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A snapshot that can be looked into."""

    ref: InstanceRef
    """The temporary copy: its files are those of the snapshot."""
    source: InstanceRef
    """The instance of the snapshot."""
    snapshot: str
    """The name of the snapshot."""


class LookService:
    """Makes and removes temporary copies of snapshots.

    Args:
        connections: The links to the servers.
        syncs: What keeps the store true to them.
        store: What is known.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        connections: Mapping[str, Connection],
        syncs: Mapping[str, RemoteSync],
        store: Store,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = connections
        self._syncs = syncs
        self._store = store
        self._clock = clock
        self._owner = Owner.this_process()
        self._open: dict[InstanceRef, Look] = {}
        self._ended: set[InstanceRef] = set()

    async def open(
        self, source: InstanceRef, snapshot: Snapshot, *, report: Report | None = None
    ) -> Look:
        """Make a copy of a snapshot, to be given to :meth:`close` afterwards.

        Args:
            source: The instance.
            snapshot: The snapshot.
            report: Told how far it is.

        Raises:
            OperationFailed: The server could not.
            ApiError: The server refused.
        """
        await self.sweep(source.remote)
        connection, sync = self._connections[source.remote], self._syncs[source.remote]
        name = look_name(source.name, secrets.token_hex(3))
        ref = InstanceRef(source.remote, source.project, name)
        look = Look(ref=ref, source=source, snapshot=snapshot.name)
        mark = LookMark(
            name=name,
            source=source.name,
            snapshot=snapshot.name,
            owner=self._owner,
            made_at=lease_text(datetime.now(UTC)),
        )

        async def undo(_operation: Operation | None) -> None:
            await self._delete(ref)

        self._open[ref] = look
        try:
            handle, _ = await connection.instances.create(
                look_body(source, snapshot, mark), project=source.project
            )
            await finish(
                handle,
                connection=connection,
                sync=sync,
                store=self._store,
                report=report,
                undo=undo,
            )
        except LxdTuiError as error:
            if isinstance(error, ConnectionFailed | OperationLost):
                # It may be there all the same: whoever looks next removes it.
                self._ended.add(ref)
            else:
                self._open.pop(ref, None)
            add_hint(error)
            raise
        # Where this was cancelled, it stays known, so that nothing is left at the end.
        sync.reread(ref)
        return look

    async def close(self, look: Look) -> None:
        """Remove the copy of a look; one that is gone already is fine.

        Raises:
            LxdTuiError: It could not be removed; it is tried again at the next
                look, and at the end of the program.
        """
        self._ended.add(look.ref)
        await self._delete(look.ref)
        self._ended.discard(look.ref)
        self._open.pop(look.ref, None)

    async def run(self) -> None:
        """Sweep each server once it is listed, for ever."""
        swept: set[str] = set()
        renew_at = self._clock() + RENEW_SECONDS
        wake = asyncio.Event()
        unwatch = self._store.watch(lambda change: wake.set() if change.remotes else None)
        try:
            while True:
                wake.clear()
                for remote, link in self._store.state.links.items():
                    if remote not in swept and link.state is LinkState.LIVE:
                        swept.add(remote)
                        await self.sweep(remote)
                if self._clock() >= renew_at:
                    await self.renew()
                    renew_at = self._clock() + RENEW_SECONDS
                try:
                    async with asyncio.timeout(renew_at - self._clock()):
                        await wake.wait()
                except TimeoutError:
                    continue
        finally:
            unwatch()

    async def renew(self) -> None:
        """Note on each copy that it is in use, for those who cannot see this process."""
        for look in tuple(self._open.values()):
            calls = self._connections[look.ref.remote].instances
            try:
                copy, etag = await calls.get(look.ref)
                noted = Configuration.of(copy).with_key(LEASE_KEY, lease_text(datetime.now(UTC)))
                handle = await calls.update(look.ref, noted.body(), etag=etag)
                await handle.wait()
            except LxdTuiError:
                # It is gone, or the server does not answer; the next note comes in time.
                continue

    async def sweep(self, remote: str) -> int:
        """Remove copies whose makers are gone for sure, of all projects that are known.

        Returns:
            How many were removed.
        """
        removed = 0
        for instance in tuple(self._store.state.instances.values()):
            if instance.ref.remote != remote:
                continue
            try:
                if not await self._may_remove(instance):
                    continue
                await self._delete(instance.ref)
            except LxdTuiError:
                # It stands in the list with its mark, and the next sweep tries again.
                continue
            removed += 1
        return removed

    async def aclose(self) -> None:
        """Remove all copies of this process, as far as the servers answer in time."""
        refs = tuple(self._open)
        if not refs:
            return
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await asyncio.gather(*(self._delete(ref) for ref in refs), return_exceptions=True)
        except TimeoutError:
            # The next start of the program finds them by their marks.
            return

    async def _may_remove(self, instance: Instance) -> bool:
        if instance.ref in self._ended:
            return True
        mark = LookMark.of(instance.name, instance.config)
        if mark is None or instance.condition is not Condition.STOPPED or mark.owner == self._owner:
            return False
        return mark.owner.is_dead(self._owner) or await self._is_abandoned(instance, mark)

    async def _is_abandoned(self, instance: Instance, mark: LookMark) -> bool:
        """Say whether nobody has been using a copy for long, where its maker cannot be seen."""
        used = last_used(mark, instance.config, instance.created_at)
        if used is None or mark.owner.is_visible(self._owner):
            return False
        # Nobody is troubled for what is young by our own clock; then the server's decides.
        if datetime.now(UTC) - used < ABANDONED_AFTER:
            return False
        now = await self._connections[instance.ref.remote].server_time()
        return now is not None and now - used >= ABANDONED_AFTER

    async def _delete(self, ref: InstanceRef) -> None:
        connection, sync = self._connections[ref.remote], self._syncs[ref.remote]
        try:
            handle = await connection.instances.delete(ref)
            await handle.wait()
        except NotFound:
            return
        finally:
            sync.reread(ref)


def look_body(source: InstanceRef, snapshot: Snapshot, mark: LookMark) -> dict[str, Any]:
    """Return what is sent to make a copy to look at (``POST /1.0/instances``).

    Of the devices only the root disk is left: a copy of the network would take
    addresses, and a copy of a disk of the host would have to find it.
    """
    roots = {
        name: dict(device)
        for name, device in snapshot.expanded_devices.items()
        if device.get("type") == "disk" and device.get("path") == "/"
    }
    nothing = {name: {"type": "none"} for name in snapshot.devices if name not in roots}
    return {
        "name": mark.name,
        "description": f"Temporary copy to look into the snapshot {snapshot.name} of {source.name}",
        "source": {
            "type": "copy",
            "source": f"{source.name}/{snapshot.name}",
            "project": source.project,
        },
        "config": {**_QUIET, KEY: mark.text()},
        "devices": {**nothing, **roots},
        "profiles": [],
    }
