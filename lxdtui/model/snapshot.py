"""A snapshot of an instance."""

from dataclasses import dataclass
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
        )
