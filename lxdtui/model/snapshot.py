"""A snapshot of an instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxdtui.model.fields import Fields

__all__ = ["Snapshot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A snapshot as the server describes it."""

    name: str
    """Name without that of the instance."""
    created_at: datetime | None
    """When it was taken."""
    expires_at: datetime | None
    """When the server deletes it, or ``None`` for never."""
    stateful: bool
    """Whether the memory was kept too."""
    size: int
    """Size in bytes; -1 where the storage driver cannot tell."""
    architecture: str = ""
    """``x86_64``, ``aarch64``, …"""
    config: Mapping[str, str] = field(default_factory=dict)
    """Configuration of the instance at that time."""
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Devices of the instance at that time."""
    expanded_config: Mapping[str, str] = field(default_factory=dict)
    """Configuration with that of the profiles merged in."""
    expanded_devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Devices with those of the profiles merged in."""
    profiles: tuple[str, ...] = ()
    """Names of the profiles at that time."""
    ephemeral: bool = False
    """Whether the instance was ephemeral."""
    last_used_at: datetime | None = None
    """When the instance had last been started."""

    @classmethod
    def from_api(cls, body: object) -> "Snapshot":
        """Read a snapshot from the JSON object of the server.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "a snapshot")
        return cls(
            name=fields.text("name").rpartition("/")[2],
            created_at=fields.time("created_at"),
            expires_at=fields.time("expires_at"),
            stateful=fields.flag("stateful"),
            size=fields.integer("size", -1),
            architecture=fields.text("architecture", ""),
            config=fields.text_map("config"),
            devices=fields.devices("devices"),
            expanded_config=fields.text_map("expanded_config"),
            expanded_devices=fields.devices("expanded_devices"),
            profiles=fields.texts("profiles"),
            ephemeral=fields.flag("ephemeral"),
            last_used_at=fields.time("last_used_at"),
        )
