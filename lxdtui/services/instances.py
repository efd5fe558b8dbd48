"""What a user does to instances, one use case a method.

Each returns when the server has done it and raises words when it has not. That
something is under way is seen in the store, where the operation stands.
"""

from collections.abc import Mapping

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.services.sync import RemoteSync
from lxdtui.store.store import Store

__all__ = ["InstanceService"]


class InstanceService:
    """Actions on the instances of all servers."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        syncs: Mapping[str, RemoteSync],
        store: Store,
    ) -> None:
        self._connections = connections
        self._syncs = syncs
        self._store = store

    async def start(self, ref: InstanceRef) -> None:
        """Start an instance; it goes on from its memory, where that was kept by its stop.

        Raises:
            OperationFailed: The server could not.
            ApiError: The server refused.
        """
        instance = self._store.state.instances.get(ref)
        stateful = instance is not None and instance.stateful
        await self._set_state(ref, "start", stateful=stateful)

    async def stop(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Stop an instance.

        A frozen one is resumed first, because it cannot shut down otherwise:
        LXD would do so by itself and Incus would wait in vain.

        Args:
            ref: The instance.
            force: Kill it instead of asking it to shut down.

        Raises:
            OperationFailed: It did not shut down in 30 seconds, or the server could not.
            ApiError: The server refused.
        """
        if not force and self._is_frozen(ref):
            await self._set_state(ref, "unfreeze")
        await self._set_state(ref, "stop", force=force)

    async def restart(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Stop an instance and start it again; arguments and errors as for :meth:`stop`."""
        if not force and self._is_frozen(ref):
            await self._set_state(ref, "unfreeze")
        await self._set_state(ref, "restart", force=force)

    async def freeze(self, ref: InstanceRef) -> None:
        """Suspend all processes of an instance; errors as for :meth:`start`."""
        await self._set_state(ref, "freeze")

    async def unfreeze(self, ref: InstanceRef) -> None:
        """Let the processes of an instance go on; errors as for :meth:`start`."""
        await self._set_state(ref, "unfreeze")

    async def delete(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Delete an instance with its disk and snapshots.

        Args:
            ref: The instance.
            force: Kill it first where it runs.

        Raises:
            OperationFailed: The server could not, for example because it is protected.
            BadRequest: It runs, and ``force`` was not given.
        """
        instance = self._store.state.instances.get(ref)
        if force and instance is not None and instance.condition is not Condition.STOPPED:
            await self._set_state(ref, "stop", force=True)
            if instance.ephemeral:
                # It deletes itself by stopping.
                return
        await self._finish(ref, await self._connections[ref.remote].instances.delete(ref))

    def _is_frozen(self, ref: InstanceRef) -> bool:
        instance = self._store.state.instances.get(ref)
        return instance is not None and instance.condition is Condition.FROZEN

    async def _set_state(
        self, ref: InstanceRef, action: str, *, force: bool = False, stateful: bool = False
    ) -> None:
        instances = self._connections[ref.remote].instances
        handle = await instances.set_state(ref, action, force=force, stateful=stateful)
        await self._finish(ref, handle)

    async def _finish(self, ref: InstanceRef, handle: OperationHandle) -> None:
        sync = self._syncs[ref.remote]
        if handle.operation is not None:
            sync.see(handle.operation)
        try:
            await handle.wait()
        finally:
            if handle.operation is not None:
                sync.see(handle.operation)
            sync.reread(ref)
