"""Reading and changing profiles, with what somebody else changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxdtui.api.config_text import profile_from_text, profile_to_text
from lxdtui.api.connection import Connection
from lxdtui.model.configuration import Configuration
from lxdtui.model.profile import Profile
from lxdtui.model.refs import InstanceRef
from lxdtui.services.configuration.differences import Merge, merge

__all__ = ["ProfileConflict", "ProfileService", "ProfileVersion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileVersion:
    """A profile as it was read."""

    remote: str
    project: str
    profile: Profile
    etag: str = ""

    @property
    def configuration(self) -> Configuration:
        """What may be changed: configuration, devices and description."""
        return Configuration(
            config=self.profile.config,
            devices=self.profile.devices,
            description=self.profile.description,
        )


@dataclass(frozen=True, slots=True)
class ProfileConflict:
    """Nothing was sent, because somebody else changed the same version meanwhile."""

    merge: Merge
    version: ProfileVersion
    """What the server holds now."""


class ProfileService:
    """The profiles of all servers."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections

    async def read(self, ref: InstanceRef, name: str) -> ProfileVersion:
        """Read a profile.

        Args:
            ref: An instance of its server and project.
            name: Its name.

        Raises:
            NotFound: It does not exist.
            ApiError: The server refuses.
        """
        profile, etag = await self._connections[ref.remote].profiles.get(name, project=ref.project)
        return ProfileVersion(remote=ref.remote, project=ref.project, profile=profile, etag=etag)

    async def save(
        self, base: ProfileVersion, wanted: Configuration
    ) -> ProfileVersion | ProfileConflict:
        """Send a changed profile, unless somebody else changed it meanwhile.

        Args:
            base: The version that the change was made on.
            wanted: All of what is to hold.

        Returns:
            What holds now, or what contradicts; then nothing was sent.

        Raises:
            StaleEtag: It was changed in the moment between looking and sending.
            ApiError: The server refuses; it may hold the change all the same.
        """
        calls, name = self._connections[base.remote].profiles, base.profile.name
        profile, etag = await calls.get(name, project=base.project)
        now = replace(base, profile=profile, etag=etag)
        if now.configuration != base.configuration:
            return ProfileConflict(merge(base.configuration, wanted, now.configuration), now)
        changed = replace(
            profile, config=wanted.config, devices=wanted.devices, description=wanted.description
        )
        await calls.update(changed, project=base.project, etag=etag)
        profile, etag = await calls.get(name, project=base.project)
        return replace(base, profile=profile, etag=etag)

    @staticmethod
    def to_text(configuration: Configuration) -> str:
        """Write what a profile gives to instances as YAML."""
        return profile_to_text(configuration)

    @staticmethod
    def from_text(text: str, base: Configuration) -> Configuration:
        """Read what a profile gives to instances from YAML.

        Raises:
            TextNotUnderstood: It cannot be read; the message says where and why.
        """
        return profile_from_text(text, base)
