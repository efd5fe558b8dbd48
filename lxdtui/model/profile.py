"""A profile: configuration and devices that instances share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxdtui.model.fields import Fields

__all__ = ["Profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile as the server describes it (``GET /1.0/profiles/NAME``)."""

    name: str
    """Its name within the project."""
    description: str = ""
    """Free text of the user."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Configuration that it gives to instances."""
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Devices that it gives to instances."""
    users: int = 0
    """How many objects of the server use it."""

    @classmethod
    def from_api(cls, body: object) -> "Profile":
        """Read a profile from the JSON object of the server.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "a profile")
        return cls(
            name=fields.text("name"),
            description=fields.text("description", ""),
            config=fields.text_map("config"),
            devices=fields.devices("devices"),
            users=len(fields.texts("used_by")),
        )
