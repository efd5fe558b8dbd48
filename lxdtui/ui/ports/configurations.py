"""What the interface is handed to change configurations: a shape, so that a test can stand in."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from lxdtui.errors import LxdTuiError
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import Configuration
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.services.configuration import (
    Conflict,
    ProfileConflict,
    ProfileVersion,
    Saved,
    Surroundings,
    Version,
)

__all__ = ["Configurations", "Profiles"]


class Profiles(Protocol):
    """Profiles; errors are :class:`~lxdtui.errors.LxdTuiError`."""

    async def read(self, ref: InstanceRef, name: str) -> ProfileVersion:
        """Read a profile of the server and project of an instance."""

    async def save(
        self, base: ProfileVersion, wanted: Configuration
    ) -> ProfileVersion | ProfileConflict:
        """Send a changed profile, unless somebody else changed it meanwhile."""

    def to_text(self, configuration: Configuration) -> str:
        """Write what a profile gives to instances as YAML."""

    def from_text(self, text: str, base: Configuration) -> Configuration:
        """Read it from YAML; the error says where it cannot be read."""


class Configurations(Protocol):
    """The configuration of instances; see :class:`lxdtui.services.configuration`.

    Each raises :class:`~lxdtui.errors.LxdTuiError` where it did not succeed.
    """

    @property
    def profiles(self) -> Profiles:
        """What instances get from profiles."""

    async def read(self, ref: InstanceRef) -> Version:
        """Read an instance and the profiles of its project."""

    async def keys(self, instance: Instance) -> KeyBook:
        """Return what is known of the keys of an instance."""

    async def surroundings(self, ref: InstanceRef) -> Surroundings:
        """Read which pools and networks there are."""

    async def save(self, base: Version, wanted: Configuration) -> Saved | Conflict:
        """Send a changed configuration, unless somebody else changed it meanwhile."""

    async def change(
        self, refs: Collection[InstanceRef], how: Callable[[Configuration], Configuration]
    ) -> Mapping[InstanceRef, LxdTuiError | None]:
        """Change several instances in the same way, each by itself."""

    def to_text(self, configuration: Configuration) -> str:
        """Write a configuration as YAML, without the server's own keys."""

    def from_text(self, text: str, base: Configuration) -> Configuration:
        """Read a configuration from YAML; the error says where it cannot be read."""
