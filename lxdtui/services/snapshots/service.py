"""What a user does to snapshots, one use case a method.

Each returns when the server has done it and raises words when it has not.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.errors import ApiError, ConnectionFailed, LxdTuiError, StaleEtag
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.comparing import CompareService
from lxdtui.services.snapshots.copies import CopyService
from lxdtui.services.snapshots.looks import LookService
from lxdtui.services.snapshots.refusals import add_hint
from lxdtui.services.sync import RemoteSync
from lxdtui.store.store import Store
from lxdtui.store.updates import SnapshotsRead

__all__ = ["SnapshotService"]


class SnapshotService:
    """Actions on the snapshots of the instances of all servers.

    Args:
        connections: The links to the servers.
        syncs: What keeps the store true to them.
        store: What is known.
    """

    def __init__(
        self,
        connections: Mapping[str, Connection],
        syncs: Mapping[str, RemoteSync],
        store: Store,
    ) -> None:
        self._connections = connections
        self._syncs = syncs
        self._store = store
        self.copies = CopyService(connections, syncs, store)
        """What is made of snapshots."""
        self.looks = LookService(connections, syncs, store)
        """Looking into snapshots."""
        self.comparisons = CompareService(connections)
        """What is different between snapshots."""

    async def refresh(self, ref: InstanceRef) -> None:
        """Read the snapshots of an instance now.

        Raises:
            ApiError: They cannot be read.
        """
        snapshots = await self._connections[ref.remote].instances.snapshots(ref)
        self._store.apply(SnapshotsRead(ref, snapshots))

    async def create(
        self,
        ref: InstanceRef,
        name: str,
        *,
        stateful: bool = False,
        expires_at: datetime | None = None,
    ) -> None:
        """Take a snapshot (``POST …/snapshots``).

        Args:
            ref: The instance.
            name: Its name; the server chooses one where it is empty.
            stateful: Keep the memory too.
            expires_at: When the server is to delete it; ``None`` for what the
                instance's ``snapshots.expiry`` says.

        Raises:
            OperationFailed: The name is taken, or the server cannot.
            BadRequest: The name cannot be.
        """
        calls = self._connections[ref.remote].snapshots
        await self._do(
            ref, lambda: calls.create(ref, name, stateful=stateful, expires_at=expires_at)
        )

    async def rename(self, ref: InstanceRef, name: str, new_name: str) -> None:
        """Rename a snapshot.

        Raises:
            Conflict: The new name is taken.
            NotFound: The snapshot is gone.
        """
        calls = self._connections[ref.remote].snapshots
        await self._do(ref, lambda: calls.rename(ref, name, new_name))

    async def delete(self, ref: InstanceRef, name: str) -> None:
        """Delete a snapshot.

        Raises:
            NotFound: It is gone already.
            OperationFailed: The server could not.
        """
        calls = self._connections[ref.remote].snapshots
        await self._do(ref, lambda: calls.delete(ref, name))

    async def set_expiry(
        self, ref: InstanceRef, seen: Snapshot, expires_at: datetime | None
    ) -> None:
        """Change when the server deletes a snapshot.

        Args:
            ref: The instance.
            seen: The snapshot as it was when the change was thought of.
            expires_at: When, or ``None`` for never.

        Raises:
            StaleEtag: Somebody else changed the expiry meanwhile.
            NotFound: The snapshot is gone.
        """
        calls = self._connections[ref.remote].snapshots
        try:
            now, etag = await calls.get(ref, seen.name)
        except LxdTuiError as error:
            add_hint(error)
            await self._read_quietly(ref)
            raise
        if now.expires_at != seen.expires_at:
            await self.refresh(ref)
            raise StaleEtag(
                f"change the expiry of the snapshot {seen.name} of {ref.name}",
                "somebody else changed it meanwhile, to "
                + (f"{now.expires_at:%Y-%m-%d %H:%M} UTC" if now.expires_at else "never"),
                hint="The list shows it as it is now; change it again if you still want to.",
            )
        await self._do(ref, lambda: calls.set_expiry(ref, seen.name, expires_at, etag=etag))

    async def restore(self, ref: InstanceRef, name: str, *, stateful: bool = False) -> None:
        """Bring an instance back to a snapshot; a running one is stopped and started again.

        Args:
            ref: The instance.
            name: The snapshot.
            stateful: Bring the memory back too, where it was kept.

        Raises:
            OperationFailed: The server could not.
        """
        calls = self._connections[ref.remote].snapshots
        await self._do(ref, lambda: calls.restore(ref, name, stateful=stateful))

    async def pool_driver(self, ref: InstanceRef) -> str:
        """Return the driver of the storage pool that holds an instance: ``zfs``, ``dir``, ….

        Returns:
            The driver, or an empty string where this client may not know it.
        """
        instance = self._store.state.instances.get(ref)
        devices = instance.expanded_devices.values() if instance else ()
        pools = [one.get("pool", "") for one in devices if one.get("path") == "/"]
        if not pools or not pools[0]:
            return ""
        try:
            return await self._connections[ref.remote].pool_driver(pools[0], project=ref.project)
        except ConnectionFailed:
            raise
        except ApiError:
            return ""

    async def _do(self, ref: InstanceRef, begin: Callable[[], Awaitable[OperationHandle]]) -> None:
        """Begin, wait for the end, and read again what is different then."""
        sync = self._syncs[ref.remote]
        handle: OperationHandle | None = None
        try:
            handle = await begin()
            if handle.operation is not None:
                sync.see(handle.operation)
            await handle.wait()
        except LxdTuiError as error:
            add_hint(error)
            raise
        finally:
            if handle is not None and handle.operation is not None:
                sync.see(handle.operation)
            sync.reread(ref)
            await self._read_quietly(ref)

    async def _read_quietly(self, ref: InstanceRef) -> None:
        """Read the list again; that this fails says nothing on what was asked for."""
        try:
            await self.refresh(ref)
        except LxdTuiError:
            return
