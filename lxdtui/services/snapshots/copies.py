"""What is made of a snapshot: another container, or an image."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.errors import LxdTuiError, OperationFailed
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.addresses import fixed_addresses, without_addresses
from lxdtui.services.snapshots.refusals import add_hint
from lxdtui.services.snapshots.waiting import Report, begun, finish, in_background
from lxdtui.services.sync import RemoteSync
from lxdtui.store.store import Store

__all__ = ["CopyService"]


class CopyService:
    """Makes containers and images of snapshots.

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
        """Make a container of a snapshot, with its configuration, devices and profiles.

        The server gives it identifiers and MAC addresses of its own. When this is
        cancelled, what the server makes is deleted.

        Args:
            ref: The instance of the snapshot.
            snapshot: The snapshot.
            new_name: Name of the container.
            start: Start it when it is made.
            with_new_addresses: Leave out addresses that are written into its devices.
            report: Told how far it is.

        Returns:
            The new container.

        Raises:
            OperationFailed: The name is taken, the server could not, or what was
                made does not start.
            ApiError: The server refused.
        """
        connection, sync = self._connections[ref.remote], self._syncs[ref.remote]
        body = copy_body(ref, snapshot, new_name, with_new_addresses=with_new_addresses)
        made = InstanceRef(ref.remote, ref.project, new_name)

        async def undo(_operation: Operation | None) -> None:
            handle = await connection.instances.delete(made)
            await handle.wait()
            sync.reread(made)

        async def begin() -> OperationHandle:
            return (await connection.instances.create(body, project=ref.project))[0]

        try:
            handle = await begun(begin(), connection=connection, undo=undo)
            await finish(
                handle,
                connection=connection,
                sync=sync,
                store=self._store,
                report=report,
                undo=undo,
            )
            sync.reread(made)
            if start:
                await self._start_or_remove(made)
        except LxdTuiError as error:
            add_hint(error)
            raise
        return made

    async def _start_or_remove(self, made: InstanceRef) -> None:
        """Start what was made; remove it where this is cancelled meanwhile."""
        starting = asyncio.ensure_future(self._start(made))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            in_background(self._connections[made.remote], self._remove_after(starting, made))
            raise

    async def _remove_after(self, starting: asyncio.Future[None], made: InstanceRef) -> None:
        # Until its start has ended the servers do nothing else with it.
        await asyncio.gather(starting, return_exceptions=True)
        instances = self._connections[made.remote].instances
        with suppress(LxdTuiError):
            await (await instances.set_state(made, "stop", force=True)).wait()
        with suppress(LxdTuiError):
            await (await instances.delete(made)).wait()
        self._syncs[made.remote].reread(made)

    async def _start(self, made: InstanceRef) -> None:
        connection, sync = self._connections[made.remote], self._syncs[made.remote]
        handle = await connection.instances.set_state(made, "start")
        try:
            await finish(handle, connection=connection, sync=sync, store=self._store)
        except OperationFailed as error:
            error.hint = f"{made.name} was made and stays; only its start failed. {error.hint}"
            raise
        finally:
            sync.reread(made)

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
        """Make an image of a snapshot; the container may be running.

        When this is cancelled, the image that the server makes is deleted.

        Args:
            ref: The instance.
            name: The snapshot.
            aliases: Names for the image.
            public: Whether clients that are not trusted may download it.
            properties: Properties of it, such as ``description``.
            report: Told how far it is.

        Returns:
            The fingerprint.

        Raises:
            Conflict: One of the aliases exists.
            NotFound: The snapshot is gone.
            OperationFailed: The server could not.
        """
        connection, sync = self._connections[ref.remote], self._syncs[ref.remote]

        async def undo(operation: Operation | None) -> None:
            if fingerprint := _fingerprint(operation):
                handle = await connection.images.delete(fingerprint, project=ref.project)
                await handle.wait()

        try:
            handle = await begun(
                connection.images.publish(
                    ref, snapshot=name, public=public, aliases=aliases, properties=properties
                ),
                connection=connection,
                undo=undo,
            )
            ended = await finish(
                handle,
                connection=connection,
                sync=sync,
                store=self._store,
                report=report,
                undo=undo,
            )
        except LxdTuiError as error:
            add_hint(error)
            raise
        return _fingerprint(ended)


def copy_body(
    ref: InstanceRef, snapshot: Snapshot, new_name: str, *, with_new_addresses: bool
) -> dict[str, Any]:
    """Return what is sent to make a container of a snapshot (``POST /1.0/instances``)."""
    # What is not named here is copied as it is.
    renewed = fixed_addresses(snapshot.devices) if with_new_addresses else ()
    devices = {name: without_addresses(snapshot.devices[name]) for name in renewed}
    return {
        "name": new_name,
        "source": {
            "type": "copy",
            "source": f"{ref.name}/{snapshot.name}",
            "project": ref.project,
        },
        # LXD takes no profile at all where a copy names none.
        "profiles": list(snapshot.profiles),
        "devices": devices,
    }


def _fingerprint(operation: Operation | None) -> str:
    found = operation.metadata.get("fingerprint", "") if operation is not None else ""
    return found if isinstance(found, str) else ""
