"""What a user does to whole instances, one use case a method."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxdtui.api.connection import Connection
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationOptions
from lxdtui.api.operations import OperationHandle
from lxdtui.api.versions import writable
from lxdtui.errors import BadRequest, OperationFailed
from lxdtui.model.image import Image
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.services.addresses import fixed_addresses, without_addresses
from lxdtui.services.lifecycle.sources import ImageChoice, image_choices, source_of
from lxdtui.services.remote import Remote
from lxdtui.services.sync import RemoteSync

__all__ = ["Known", "LifecycleService", "Offer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a server has to make an instance of."""

    images: tuple[ImageChoice, ...]
    """Its images."""
    profiles: tuple[str, ...]
    """The names of its profiles."""
    image_servers: tuple[str, ...]
    """Names of the image servers that it can be told to fetch from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What else the user has configured besides the servers that are shown."""

    remotes: tuple[Remote, ...] = ()
    """Servers that hold instances."""
    image_servers: Mapping[str, str] = field(default_factory=dict)
    """Addresses of image servers (simplestreams) by their names."""


_TAKEN = re.compile(r"UNIQUE constraint failed: instances\.")


class LifecycleService:
    """Actions on whole instances of all servers.

    Args:
        connections: The links to the servers.
        syncs: What keeps the store true to them.
        known: Reads what else the user has configured; asked once, in a thread.
    """

    def __init__(
        self,
        connections: Mapping[str, Connection],
        syncs: Mapping[str, RemoteSync],
        *,
        known: Callable[[], Known] = Known,
    ) -> None:
        self._connections = connections
        self._syncs = syncs
        self._read_known = known
        self._known: Known | None = None

    async def offer(self, remote: str, project: str) -> Offer:
        """Read what an instance can be made of.

        Raises:
            ApiError: The server does not say.
        """
        connection = self._connections[remote]
        known = await self._get_known()
        return Offer(
            images=image_choices(await connection.images.list(project=project)),
            profiles=await connection.profile_names(project=project),
            image_servers=tuple(sorted(known.image_servers)),
        )

    async def create(
        self,
        ref: InstanceRef,
        image: str,
        *,
        profiles: Sequence[str] = ("default",),
        ephemeral: bool = False,
    ) -> None:
        """Make a container (``POST /1.0/instances``); it is stopped.

        Args:
            ref: What it is to be.
            image: An alias or fingerprint, ``SERVER:ALIAS``, or empty for none.
            profiles: Its profiles, the last one being the strongest.
            ephemeral: Whether it is deleted when it stops.

        Raises:
            BadRequest: There is no such image, or the server does not accept it.
            Conflict: The name is taken.
            OperationFailed: The server could not.
        """
        connection = self._connections[ref.remote]
        known = await self._get_known()
        images = await connection.images.list(project=ref.project)
        body = {
            "name": ref.name,
            "type": "container",
            "source": _source(ref, image, images, known.image_servers),
            "profiles": list(profiles),
            "ephemeral": ephemeral,
        }

        async def begin() -> OperationHandle:
            return (await connection.instances.create(body, project=ref.project))[0]

        await self._do(ref, begin)

    async def rename(self, ref: InstanceRef, new_name: str) -> InstanceRef:
        """Rename an instance, which must be stopped.

        Returns:
            What it is then.

        Raises:
            Conflict: The name is taken.
            BadRequest: It is running.
            OperationFailed: The server could not.
        """
        instances = self._connections[ref.remote].instances
        await self._do(ref, lambda: instances.rename(ref, new_name))
        renamed = InstanceRef(ref.remote, ref.project, new_name)
        self._syncs[ref.remote].reread(renamed)
        return renamed

    async def copy(self, ref: InstanceRef, new_name: str, *, with_snapshots: bool) -> None:
        """Copy an instance on its server; the copy is stopped.

        Its network interfaces get addresses of their own.

        Args:
            ref: The instance.
            new_name: What the copy is called.
            with_snapshots: Copy the snapshots, too.

        Raises:
            Conflict: The name is taken.
            OperationFailed: The server could not.
        """
        connection = self._connections[ref.remote]
        instance, _ = await connection.instances.get(ref)
        config = {
            key: value
            for key, value in instance.config.items()
            if not key.startswith("volatile.") or key == "volatile.base_image"
        }
        renewed = {
            name: without_addresses(instance.devices[name])
            for name in fixed_addresses(instance.devices)
        }
        body = writable(instance) | {
            "name": new_name,
            "type": instance.type,
            "config": config,
            "devices": {**instance.devices, **renewed},
            "source": {
                "type": "copy",
                "source": ref.name,
                "project": ref.project,
                "instance_only": not with_snapshots,
            },
        }
        copy = InstanceRef(ref.remote, ref.project, new_name)

        async def begin() -> OperationHandle:
            return (await connection.instances.create(body, project=ref.project))[0]

        await self._do(copy, begin)

    async def publish(
        self,
        ref: InstanceRef,
        *,
        aliases: Sequence[str] = (),
        description: str = "",
        public: bool = False,
    ) -> None:
        """Make an image of an instance, which must be stopped (``POST /1.0/images``).

        Args:
            ref: The instance.
            aliases: Names for the image.
            description: What it is.
            public: Whether everybody may download it.

        Raises:
            Conflict: One of the aliases exists.
            OperationFailed: It is running, or the server could not.
        """
        images = self._connections[ref.remote].images
        properties = {"description": description} if description else {}
        await self._do(
            ref,
            lambda: images.publish(ref, public=public, aliases=aliases, properties=properties),
        )

    async def targets(self, ref: InstanceRef) -> tuple[str, ...]:
        """Return the names of the servers that an instance could be migrated to."""
        here = self._connections[ref.remote].endpoint.place
        shown = [name for name in self._connections if name != ref.remote]
        others = [
            remote.name
            for remote in (await self._get_known()).remotes
            if remote.place != here and remote.name not in self._connections
        ]
        return (*shown, *dict.fromkeys(others))

    async def migrate(
        self,
        ref: InstanceRef,
        target: str,
        *,
        new_name: str = "",
        live: bool = False,
        with_snapshots: bool = True,
        allow_running: bool = False,
        keep_addresses: bool = True,
    ) -> None:
        """Take an instance to another server; it stays on this one, too.

        Args:
            ref: The instance.
            target: The name of the other server.
            new_name: Its name there; empty for the same.
            live: Take the memory of a running one along; it stops here then.
            with_snapshots: Take the snapshots along.
            allow_running: Take the files of a running one as they are at the moment.
            keep_addresses: Keep the hardware addresses that the server gave it.

        Raises:
            PreflightFailed: Something is known to make it fail; nothing was begun.
            OperationFailed: One of the servers could not; nothing is left on the target.
        """
        source = self._connections[ref.remote]
        options = MigrationOptions(
            live=live,
            with_snapshots=with_snapshots,
            new_name=new_name,
            allow_running=allow_running,
            keep_addresses=keep_addresses,
        )
        if target in self._connections:
            await self._migrate(source, ref, self._connections[target], options)
            return
        known = await self._get_known()
        (remote, *_) = (remote for remote in known.remotes if remote.name == target)
        connection = Connection(remote.endpoint, remote=target)
        try:
            await connection.open()
            await self._migrate(source, ref, connection, options, remote.project)
        finally:
            await connection.aclose()

    async def _get_known(self) -> Known:
        if self._known is None:
            self._known = await asyncio.to_thread(self._read_known)
        return self._known

    async def _migrate(
        self,
        source: Connection,
        ref: InstanceRef,
        target: Connection,
        options: MigrationOptions,
        project: str = "",
    ) -> None:
        migration = Migration(
            source, ref, target, project=project or DEFAULT_PROJECT, options=options
        )
        try:
            await migration.carry_out()
        finally:
            self._syncs[ref.remote].reread(ref)
            if target.remote in self._syncs:
                self._syncs[target.remote].reread(migration.target_ref)

    async def _do(self, ref: InstanceRef, begin: Callable[[], Awaitable[OperationHandle]]) -> None:
        """Begin, wait for the end, and have read again what is different then."""
        sync = self._syncs[ref.remote]
        handle: OperationHandle | None = None
        try:
            handle = await begin()
            if handle.operation is not None:
                sync.see(handle.operation)
            await handle.wait()
        except OperationFailed as error:
            if _TAKEN.search(error.server_text):
                # Incus says so in the words of its database.
                words = f"an instance {ref.name} already exists"
                raise OperationFailed(error.tried, words) from error
            raise
        finally:
            if handle is not None and handle.operation is not None:
                sync.see(handle.operation)
            sync.reread(ref)


def _source(
    ref: InstanceRef, words: str, images: Sequence[Image], servers: Mapping[str, str]
) -> dict[str, object]:
    try:
        return source_of(words, images, servers)
    except ValueError as error:
        raise BadRequest(f"create {ref.name}", str(error), status=400) from error
