"""Reading and changing the configuration of instances."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from lxdtui.api.config_text import configuration_from_text, configuration_to_text
from lxdtui.api.connection import Connection
from lxdtui.api.versions import has_changed, with_root_pool, with_volatile
from lxdtui.errors import ApiError, ConnectionFailed, LxdTuiError, StaleEtag
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.config_table import key_book
from lxdtui.model.configuration import Configuration
from lxdtui.model.instance import Instance
from lxdtui.model.profile import Profile
from lxdtui.model.refs import InstanceRef
from lxdtui.services.configuration.differences import Merge, merge
from lxdtui.services.configuration.profiles import ProfileService
from lxdtui.services.sync import RemoteSync

__all__ = ["ConfigurationService", "Conflict", "Saved", "Surroundings", "Version"]

_AT_ONCE = 8
_TRIES = 3
"""How often to write again where only the server itself changed something meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An instance as it was read, with what is needed to understand and to change it."""

    instance: Instance
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    """All profiles of the project by name; empty where this client may not read them."""

    @property
    def configuration(self) -> Configuration:
        """What may be changed."""
        return Configuration.of(self.instance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Names on a server that a configuration may refer to."""

    pools: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """The server holds what was sent."""

    version: Version


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was sent, because somebody else changed the same version meanwhile."""

    merge: Merge
    version: Version
    """What the server holds now."""


class ConfigurationService:
    """The configuration of the instances of all servers."""

    def __init__(
        self, connections: Mapping[str, Connection], syncs: Mapping[str, RemoteSync]
    ) -> None:
        self._connections = connections
        self._syncs = syncs
        self.profiles = ProfileService(connections)
        """What instances get from profiles."""
        self._books: dict[tuple[str, str], KeyBook] = {}

    async def read(self, ref: InstanceRef) -> Version:
        """Read an instance and the profiles of its project.

        Raises:
            NotFound: It does not exist.
            ApiError: The server refuses.
        """
        connection = self._connections[ref.remote]
        instance, _ = await connection.instances.get(ref)
        return await self._with_profiles(instance)

    async def keys(self, instance: Instance) -> KeyBook:
        """Return what is known of the keys of an instance, the server's own word first.

        Raises:
            ConnectionFailed: The server does not answer.
        """
        place = (instance.ref.remote, instance.type)
        if place not in self._books:
            connection = self._connections[instance.ref.remote]
            book = key_book(connection.server.kind, instance.type)
            try:
                book = book.with_server(await connection.config_keys(), instance.type)
            except ConnectionFailed:
                raise
            except ApiError:
                # What is documented here must do where the server does not tell.
                pass
            self._books[place] = book
        return self._books[place]

    async def surroundings(self, ref: InstanceRef) -> Surroundings:
        """Read which pools and networks there are; what this client may not know is empty.

        Raises:
            ConnectionFailed: The server does not answer.
        """
        connection = self._connections[ref.remote]
        pools: tuple[str, ...] = ()
        networks: tuple[str, ...] = ()
        try:
            pools = await connection.pool_names()
            networks = await connection.network_names(project=ref.project)
        except ConnectionFailed:
            raise
        except ApiError:
            # A restricted client may not list them; they can still be typed.
            pass
        return Surroundings(pools=pools, networks=networks)

    async def save(self, base: Version, wanted: Configuration) -> Saved | Conflict:
        """Send a changed configuration, unless somebody else changed it meanwhile.

        What the server itself changed (the ``volatile.`` keys) is no
        contradiction and is kept. A root disk without a pool stays in its pool.

        Args:
            base: The version that the change was made on.
            wanted: All of what is to hold.

        Returns:
            What holds now, or what contradicts; then nothing was sent.

        Raises:
            StaleEtag: Another instance has the name by now.
            OperationFailed: The server does not accept it.
            ApiError: The server refuses or does not answer.
        """
        ref = base.instance.ref
        calls = self._connections[ref.remote].instances
        for attempt in range(_TRIES):
            now, etag = await calls.get(ref)
            if now.created_at != base.instance.created_at:
                raise StaleEtag(
                    f"change the configuration of {ref.name}",
                    "another instance of this name was made meanwhile",
                    hint="Nothing was changed; look at the new one first.",
                )
            # Neither the description nor what a list brought has an ETag.
            if has_changed(base.instance, now):
                break
            body = wanted.body() | {
                "config": with_volatile(wanted.config, base.instance.config, now.config),
                "devices": with_root_pool(wanted.devices, now.expanded_devices),
            }
            try:
                handle = await calls.update(ref, body, etag=etag)
            except StaleEtag:
                if attempt == _TRIES - 1:
                    raise
                continue
            sync = self._syncs[ref.remote]
            if handle.operation is not None:
                sync.see(handle.operation)
            try:
                await handle.wait()
            finally:
                if handle.operation is not None:
                    sync.see(handle.operation)
                sync.reread(ref)
            return Saved(await self.read(ref))
        version = await self._with_profiles(now)
        return Conflict(merge(base.configuration, wanted, version.configuration), version)

    async def change(
        self, refs: Collection[InstanceRef], how: Callable[[Configuration], Configuration]
    ) -> Mapping[InstanceRef, LxdTuiError | None]:
        """Change several instances in the same way, each by itself.

        Args:
            refs: The instances.
            how: Makes the new configuration of the present one.

        Returns:
            One result an instance: ``None`` where it was changed, else what failed.
        """
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(ref: InstanceRef) -> LxdTuiError | None:
            async with limit:
                try:
                    for _ in range(_TRIES):
                        version = await self.read(ref)
                        wanted = how(version.configuration)
                        if isinstance(await self.save(version, wanted), Saved):
                            return None
                except LxdTuiError as error:
                    return error
                return StaleEtag(
                    f"change the configuration of {ref.name}",
                    "it is being changed by somebody else all the time",
                )

        results = await asyncio.gather(*(one(ref) for ref in refs))
        return dict(zip(refs, results, strict=True))

    @staticmethod
    def to_text(configuration: Configuration) -> str:
        """Write a configuration as YAML, without the server's own keys."""
        return configuration_to_text(configuration)

    @staticmethod
    def from_text(text: str, base: Configuration) -> Configuration:
        """Read a configuration from YAML.

        Args:
            text: What was written.
            base: The version that the text was made of.

        Raises:
            TextNotUnderstood: It cannot be read; the message says where and why.
        """
        return configuration_from_text(text, base)

    async def _with_profiles(self, instance: Instance) -> Version:
        ref = instance.ref
        try:
            profiles = await self._connections[ref.remote].profiles.list(project=ref.project)
        except ConnectionFailed:
            raise
        except ApiError:
            # A restricted client may not read them; the values are still known.
            return Version(instance=instance)
        return Version(instance=instance, profiles={profile.name: profile for profile in profiles})
