"""Snapshots of a container, with the names of the seed page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from lxdtui.api.connection import Connection
from lxdtui.api.earlier import Earlier
from lxdtui.api.images import Image, finish_publishing
from lxdtui.api.operations import OperationHandle
from lxdtui.api.read_only import ReadOnlyAttributes
from lxdtui.errors import UnexpectedResponse
from lxdtui.model import snapshot as model
from lxdtui.model.refs import InstanceRef

__all__ = ["Snapshot", "SnapshotManager"]


class Snapshot(ReadOnlyAttributes):
    """A snapshot of a container. Only :attr:`expires_at` can be changed, by :meth:`save`."""

    INSTEAD: ClassVar[Mapping[str, str]] = {
        "name": "use rename()",
        "created_at": "the server sets it when the snapshot is taken",
        "stateful": "give stateful=True to snapshots.create()",
        "size": "the server measures it",
        "info": "use sync() to read it again",
    }

    expires_at: datetime | None
    """When the server deletes it, or ``None`` for never; writable."""

    def __init__(
        self,
        connection: Connection,
        ref: InstanceRef,
        info: model.Snapshot,
        *,
        earlier: Earlier,
        etag: str = "",
    ) -> None:
        self._connection = connection
        self._ref = ref
        self._earlier = earlier
        self._take(info, etag)

    def __repr__(self) -> str:
        return f"<Snapshot {self._ref.name}/{self.name}>"

    @property
    def info(self) -> model.Snapshot:
        """All that the server tells, typed; times are times here."""
        return self._info

    @property
    def name(self) -> str:
        """The name, without that of the container."""
        return self._info.name

    @property
    def created_at(self) -> str:
        """When it was taken, as ISO 8601 text; empty where the server does not tell."""
        return self._info.created_at.isoformat() if self._info.created_at else ""

    @property
    def stateful(self) -> bool:
        """Whether the memory was kept too."""
        return self._info.stateful

    @property
    def size(self) -> int:
        """Size in bytes; -1 where the storage driver cannot tell."""
        return self._info.size

    @property
    def config(self) -> dict[str, str]:
        """The configuration of the container at that time."""
        return dict(self._info.config)

    @property
    def devices(self) -> dict[str, dict[str, str]]:
        """The devices of the container at that time."""
        return {name: dict(device) for name, device in self._info.devices.items()}

    @property
    def profiles(self) -> list[str]:
        """The profiles of the container at that time."""
        return list(self._info.profiles)

    async def sync(self) -> None:
        """Read the snapshot again; an expiry that was not saved is lost.

        Raises:
            NotFound: It does not exist any more.
        """
        self._take(*await self._connection.snapshots.get(self._ref, self.name))

    async def save(self, wait: bool = False) -> None:
        """Send :attr:`expires_at` to the server.

        Raises:
            StaleEtag: Somebody else changed it since it was read.
            NotFound: It does not exist.
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.snapshots.set_expiry(
            self._ref, self.name, self.expires_at, etag=self._etag
        )
        await self._finish(handle, wait=wait, then=self.sync)

    async def rename(self, new_name: str, wait: bool = False) -> None:
        """Rename the snapshot.

        Raises:
            Conflict: The name is taken.
            NotFound: It does not exist.
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.snapshots.rename(self._ref, self.name, new_name)

        async def renamed() -> None:
            self._take(*await self._connection.snapshots.get(self._ref, new_name))

        await self._finish(handle, wait=wait, then=renamed)

    async def publish(
        self,
        public: bool = False,
        wait: bool = False,
        *,
        aliases: Iterable[str] = (),
        properties: Mapping[str, str] | None = None,
    ) -> Image | None:
        """Make an image of the snapshot; the container may be running.

        Args:
            public: Whether clients that are not trusted may download the image.
            wait: Return when it is made.
            aliases: Names for the image.
            properties: Properties of the image, such as ``os`` and ``description``.

        Returns:
            The image with ``wait``, else ``None``.

        Raises:
            Conflict: One of the aliases exists.
            NotFound: The snapshot does not exist.
            OperationFailed: With ``wait``, the image could not be made.
        """
        await self._earlier.settle()
        handle = await self._connection.images.publish(
            self._ref, snapshot=self.name, public=public, aliases=aliases, properties=properties
        )
        return await finish_publishing(self._connection, handle, self._ref.project, wait=wait)

    async def restore(self, wait: bool = False, *, stateful: bool = False) -> None:
        """Bring the container back to this snapshot; a running one is started again.

        Args:
            wait: Return when it is done.
            stateful: Bring the memory back too, where it was kept.

        Raises:
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.snapshots.restore(self._ref, self.name, stateful=stateful)
        await self._finish(handle, wait=wait)

    async def delete(self, wait: bool = False) -> None:
        """Delete the snapshot.

        Raises:
            NotFound: It does not exist.
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.snapshots.delete(self._ref, self.name)
        await self._finish(handle, wait=wait)

    async def _finish(
        self,
        handle: OperationHandle,
        *,
        wait: bool,
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        if not wait:
            self._earlier.remember(handle, then=then)
            return
        await handle.wait()
        if then is not None:
            await then()

    def _take(self, info: model.Snapshot, etag: str) -> None:
        self._info = info
        self._etag = etag
        self.expires_at = info.expires_at


class SnapshotManager:
    """``container.snapshots``."""

    def __init__(self, connection: Connection, ref: InstanceRef, earlier: Earlier) -> None:
        self._connection = connection
        self._ref = ref
        self._earlier = earlier

    async def get(self, name: str) -> Snapshot:
        """Get a snapshot by its name, that of the container not included.

        Raises:
            NotFound: There is none of this name.
        """
        await self._earlier.settle()
        info, etag = await self._connection.snapshots.get(self._ref, name)
        return self._snapshot(info, etag)

    async def all(self) -> list[Snapshot]:
        """Get all snapshots of the container, oldest first."""
        await self._earlier.settle()
        return [self._snapshot(info) for info in await self._listed()]

    async def create(
        self,
        name: str | None = None,
        stateful: bool = False,
        wait: bool = False,
        *,
        expires_at: datetime | None = None,
    ) -> Snapshot:
        """Take a snapshot.

        Args:
            name: Its name; without one the server chooses, and this waits for
                the end in any case, because the name is not known before.
            stateful: Keep the memory too, for which the server needs CRIU.
            wait: Return when it is taken.
            expires_at: When the server is to delete it.

        Returns:
            The snapshot. Without ``wait`` it holds what was asked for.

        Raises:
            BadRequest: The name cannot be.
            OperationFailed: With ``wait``, it could not be taken.
        """
        await self._earlier.settle()
        known = set() if name else {info.name for info in await self._listed()}
        handle = await self._connection.snapshots.create(
            self._ref, name or "", stateful=stateful, expires_at=expires_at
        )
        if not name:
            await handle.wait()
            fresh = [info for info in await self._listed() if info.name not in known]
            if not fresh:
                raise UnexpectedResponse(f"snapshot {self._ref.name}", "no new snapshot is there")
            return self._snapshot(fresh[-1])
        promised = self._snapshot(
            model.Snapshot(
                name=name, created_at=None, expires_at=expires_at, stateful=stateful, size=-1
            )
        )
        if wait:
            await handle.wait()
            await promised.sync()
        else:
            self._earlier.remember(handle, then=promised.sync)
        return promised

    async def _listed(self) -> tuple[model.Snapshot, ...]:
        return await self._connection.instances.snapshots(self._ref)

    def _snapshot(self, info: model.Snapshot, etag: str = "") -> Snapshot:
        return Snapshot(self._connection, self._ref, info, earlier=self._earlier, etag=etag)
