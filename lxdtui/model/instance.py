"""An instance: a container or a virtual machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lxdtui.model.fields import Fields
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.status import StatusCode

__all__ = ["Condition", "Instance", "InstanceType"]


class InstanceType(StrEnum):
    """Kinds of instance that we know; another word of the server stays text."""

    CONTAINER = "container"
    VIRTUAL_MACHINE = "virtual-machine"


class Condition(StrEnum):
    """What a status code means to somebody who wants to act on an instance."""

    RUNNING = "running"
    STOPPED = "stopped"
    FROZEN = "frozen"
    ERROR = "error"
    CHANGING = "changing"
    """On the way from one to another."""
    UNKNOWN = "unknown"
    """A code that is newer than this program."""


_CONDITIONS = {
    StatusCode.STARTED: Condition.RUNNING,
    StatusCode.RUNNING: Condition.RUNNING,
    StatusCode.READY: Condition.RUNNING,
    StatusCode.THAWED: Condition.RUNNING,
    StatusCode.STOPPED: Condition.STOPPED,
    StatusCode.FROZEN: Condition.FROZEN,
    StatusCode.ERROR: Condition.ERROR,
    StatusCode.STARTING: Condition.CHANGING,
    StatusCode.STOPPING: Condition.CHANGING,
    StatusCode.ABORTING: Condition.CHANGING,
    StatusCode.FREEZING: Condition.CHANGING,
    StatusCode.PENDING: Condition.CHANGING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An instance as the server describes it (``GET /1.0/instances/NAME``)."""

    ref: InstanceRef
    """Identity: remote, project, name."""
    type: str
    """``container`` or ``virtual-machine``."""
    status: str
    """The server's word for the status."""
    status_code: int
    """The number of the status."""
    architecture: str = ""
    """``x86_64``, ``aarch64``, …"""
    description: str = ""
    """Free text of the user."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Configuration set on the instance itself."""
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Devices set on the instance itself."""
    expanded_config: Mapping[str, str] = field(default_factory=dict)
    """Configuration with that of the profiles merged in."""
    expanded_devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Devices with those of the profiles merged in."""
    profiles: tuple[str, ...] = ()
    """Names of the profiles, in the order in which they apply."""
    ephemeral: bool = False
    """Whether the instance deletes itself when it stops."""
    stateful: bool = False
    """Whether a saved run-time state exists."""
    location: str = ""
    """Cluster member; empty on a server that stands alone."""
    created_at: datetime | None = None
    """When it was created."""
    last_used_at: datetime | None = None
    """When it was last started, or ``None`` for never."""

    @property
    def name(self) -> str:
        """Name of the instance within its project."""
        return self.ref.name

    @property
    def condition(self) -> Condition:
        """What the status means to somebody who wants to act."""
        try:
            return _CONDITIONS[StatusCode(self.status_code)]
        except (KeyError, ValueError):
            return Condition.UNKNOWN

    @property
    def is_running(self) -> bool:
        """Whether processes run in it now; a frozen one does not count."""
        return self.condition is Condition.RUNNING

    @property
    def image_description(self) -> str:
        """Words on the image that it was made from, or an empty string."""
        config = self.config
        words = config.get("image.description", "")
        if words:
            return words
        parts = (config.get("image.os", ""), config.get("image.release", ""))
        return " ".join(part for part in parts if part)

    @classmethod
    def from_api(cls, body: object, *, remote: str) -> "Instance":
        """Read an instance from the JSON object of the server.

        Raises:
            UnexpectedResponse: A required field is missing or of the wrong type.
        """
        fields = Fields(body, "an instance")
        location = fields.text("location", "")
        return cls(
            ref=InstanceRef(
                remote, fields.text("project", "") or DEFAULT_PROJECT, fields.text("name")
            ),
            type=fields.text("type", InstanceType.CONTAINER),
            status=fields.text("status"),
            status_code=fields.integer("status_code"),
            architecture=fields.text("architecture", ""),
            description=fields.text("description", ""),
            config=fields.text_map("config"),
            devices=fields.devices("devices"),
            expanded_config=fields.text_map("expanded_config"),
            expanded_devices=fields.devices("expanded_devices"),
            profiles=fields.texts("profiles"),
            ephemeral=fields.flag("ephemeral"),
            stateful=fields.flag("stateful"),
            location="" if location == "none" else location,
            created_at=fields.time("created_at"),
            last_used_at=fields.time("last_used_at"),
        )
