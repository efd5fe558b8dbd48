"""The configuration service without a server: it changes the store of the fake fleet."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from lxdtui.errors import LxdTuiError, NotFound
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.config_table import key_book
from lxdtui.model.configuration import Configuration, expand
from lxdtui.model.instance import Instance
from lxdtui.model.profile import Profile
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.services.configuration import (
    ConfigurationService,
    Conflict,
    ProfileConflict,
    ProfileService,
    ProfileVersion,
    Saved,
    Surroundings,
    Version,
    differences,
    merge,
)
from lxdtui.store import Store
from lxdtui.store.updates import InstanceRead


class FakeProfiles:
    """Profiles without a server; the same as those that configurations are made of."""

    def __init__(self, profiles: dict[str, Profile]) -> None:
        self.held = profiles
        self.errors: list[LxdTuiError] = []

    async def read(self, ref: InstanceRef, name: str) -> ProfileVersion:
        if name not in self.held:
            raise NotFound(f"read the profile {name}", "Profile not found", status=404)
        return ProfileVersion(remote=ref.remote, project=ref.project, profile=self.held[name])

    async def save(
        self, base: ProfileVersion, wanted: Configuration
    ) -> ProfileVersion | ProfileConflict:
        if self.errors:
            raise self.errors.pop(0)
        name = base.profile.name
        now = replace(base, profile=self.held[name])
        if now.configuration != base.configuration:
            merged = merge(base.configuration, wanted, now.configuration)
            return ProfileConflict(merged, now)
        self.held[name] = replace(
            base.profile,
            config=wanted.config,
            devices=wanted.devices,
            description=wanted.description,
        )
        return replace(base, profile=self.held[name])

    def to_text(self, configuration: Configuration) -> str:
        return ProfileService.to_text(configuration)

    def from_text(self, text: str, base: Configuration) -> Configuration:
        return ProfileService.from_text(text, base)


@dataclass(slots=True)
class FakeConfigurations:
    """Reads and changes the store; answers late or with an error, as the test wants."""

    store: Store
    known: dict[str, Profile] = field(default_factory=dict)
    """Profiles by name."""
    profiles: FakeProfiles = field(init=False)
    pools: tuple[str, ...] = ("default", "fast")
    networks: tuple[str, ...] = ("lxdbr0",)
    errors: list[LxdTuiError] = field(default_factory=list)
    """What the next saves fail with."""
    read_error: LxdTuiError | None = None
    gate: asyncio.Event | None = None
    saved: list[Configuration] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.profiles = FakeProfiles(self.known)

    async def read(self, ref: InstanceRef) -> Version:
        if self.gate is not None:
            await self.gate.wait()
        if self.read_error is not None:
            raise self.read_error
        instance = self.store.state.instances.get(ref)
        if instance is None:
            raise NotFound(f"read {ref.name}", "Instance not found", status=404)
        return Version(instance=instance, profiles=dict(self.known))

    async def keys(self, instance: Instance) -> KeyBook:
        return key_book(ServerKind.LXD, instance.type)

    async def surroundings(self, _ref: InstanceRef) -> Surroundings:
        return Surroundings(pools=self.pools, networks=self.networks)

    async def save(self, base: Version, wanted: Configuration) -> Saved | Conflict:
        if self.errors:
            raise self.errors.pop(0)
        now = await self.read(base.instance.ref)
        if differences(base.configuration, now.configuration):
            return Conflict(merge(base.configuration, wanted, now.configuration), now)
        self.saved.append(wanted)
        return Saved(self.put(base.instance.ref, wanted))

    async def change(
        self, refs: Collection[InstanceRef], how: Callable[[Configuration], Configuration]
    ) -> Mapping[InstanceRef, LxdTuiError | None]:
        for ref in refs:
            version = await self.read(ref)
            self.put(ref, how(version.configuration))
        return dict.fromkeys(refs)

    def to_text(self, configuration: Configuration) -> str:
        return ConfigurationService.to_text(configuration)

    def from_text(self, text: str, base: Configuration) -> Configuration:
        return ConfigurationService.from_text(text, base)

    # What the test does behind our back

    def put(self, ref: InstanceRef, wanted: Configuration) -> Version:
        """Let somebody else change an instance."""
        known = self.store.state.instances[ref]
        expanded = expand(wanted, self.known)
        changed = replace(
            known,
            config=dict(wanted.config),
            devices=dict(wanted.devices),
            description=wanted.description,
            profiles=wanted.profiles,
            ephemeral=wanted.ephemeral,
            expanded_config=dict(expanded.config),
            expanded_devices=dict(expanded.devices),
        )
        self.store.apply(InstanceRead(changed))
        return Version(instance=changed, profiles=dict(self.known))
