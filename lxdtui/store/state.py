"""The values that the store keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.server import Server
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import InstanceState
from lxdtui.store.history import History

__all__ = [
    "READINGS_KEPT",
    "RENAMES_KEPT",
    "Link",
    "LinkState",
    "Reading",
    "Rename",
    "StoreState",
    "Usage",
]

READINGS_KEPT = 300
"""Readings of one instance that are kept for graphs."""

RENAMES_KEPT = 256
"""Changes of name that are remembered."""


class LinkState(StrEnum):
    """How it stands with a server."""

    CONNECTING = "connecting"
    """The first contact is being made."""
    LIVE = "live"
    """Events come in and the listing is complete."""
    LOST = "lost"
    """The link broke; what is known is old, and a new try comes by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The link to one server."""

    remote: str
    """The server's name in the client configuration."""
    state: LinkState
    """How it stands."""
    error: LxdTuiError | None = None
    """Why the last try failed."""
    retry_at: float | None = None
    """When the next try comes, in monotonic seconds."""
    latency: float | None = None
    """Seconds that the last short request took."""
    lost_at: float | None = None
    """Since when what is known is old, in monotonic seconds."""
    listed: bool = False
    """Whether a complete listing was ever received."""
    project: str = ""
    """The project that is looked at; empty for all projects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was measured between two readings of one instance."""

    at: float
    """When, in monotonic seconds."""
    cpu_percent: float | None
    """CPU use in per cent of one CPU, or ``None`` after a gap."""
    memory_bytes: int
    """Memory in use, in bytes."""
    received_per_second: float | None
    """Network bytes received a second over all interfaces, or ``None`` after a gap."""
    sent_per_second: float | None
    """Network bytes sent a second over all interfaces, or ``None`` after a gap."""
    is_gap: bool = False
    """Whether nobody measured then: it only holds the place of a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The last measured data of an instance, with those before it."""

    state: InstanceState
    """What the server said last."""
    at: float
    """When, in monotonic seconds."""
    readings: tuple[Reading, ...]
    """Earlier readings, oldest first, :data:`READINGS_KEPT` at the most."""

    @property
    def cpu_percent(self) -> float | None:
        """CPU use in per cent of one CPU, or ``None`` while unknown."""
        return self.readings[-1].cpu_percent if self.readings else None


@dataclass(frozen=True, slots=True)
class Rename:
    """An instance got another name."""

    number: int
    """Counted up with each of them, from 1."""
    old: InstanceRef
    new: InstanceRef


@dataclass(frozen=True, slots=True)
class StoreState:
    """Everything that is known, by reference. The mappings are never changed in place."""

    links: Mapping[str, Link] = field(default_factory=dict)
    """How it stands with each server, in the order in which they were added."""
    servers: Mapping[str, Server] = field(default_factory=dict)
    """What each server tells about itself."""
    instances: Mapping[InstanceRef, Instance] = field(default_factory=dict)
    """Every instance of the last listing, kept current by events."""
    usage: Mapping[InstanceRef, Usage] = field(default_factory=dict)
    """Measured data of the instances that were looked at."""
    snapshots: Mapping[InstanceRef, tuple[Snapshot, ...]] = field(default_factory=dict)
    """Snapshots of the instances that were looked at, oldest first."""
    operations: Mapping[OperationRef, Operation] = field(default_factory=dict)
    """Operations under way, and those that ended within the last seconds."""
    history: History = field(default_factory=dict)
    """What happened to instances while this program looked, also to those that are gone."""
    renames: tuple[Rename, ...] = ()
    """Changes of name, the last :data:`RENAMES_KEPT`, oldest first."""
