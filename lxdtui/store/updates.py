"""What can happen to the store, and what changed by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxdtui.model.event import LifecycleEvent
from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.server import Server
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import InstanceState
from lxdtui.store.state import Link

__all__ = [
    "NO_CHANGE",
    "Change",
    "InstanceGone",
    "InstanceRead",
    "InstanceRenamed",
    "InstancesListed",
    "LifecycleSeen",
    "LinkChanged",
    "OperationForgotten",
    "OperationSeen",
    "OperationsListed",
    "ServerRead",
    "SnapshotsRead",
    "Update",
    "UsageRead",
]


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link to a server changed."""

    link: Link


@dataclass(frozen=True, slots=True)
class ServerRead:
    """A server told about itself."""

    remote: str
    server: Server


@dataclass(frozen=True, slots=True)
class InstancesListed:
    """A complete listing of one server arrived; what is not in it is gone."""

    remote: str
    instances: Sequence[Instance]


@dataclass(frozen=True, slots=True)
class InstanceRead:
    """One instance was read again."""

    instance: Instance


@dataclass(frozen=True, slots=True)
class InstanceGone:
    """An instance does not exist any more."""

    ref: InstanceRef


@dataclass(frozen=True, slots=True)
class InstanceRenamed:
    """An instance has another name; all that is known of it stays known."""

    ref: InstanceRef
    """The old name."""
    renamed: InstanceRef
    """The new name."""


@dataclass(frozen=True, slots=True)
class UsageRead:
    """Measured data of an instance arrived at a moment (monotonic seconds)."""

    ref: InstanceRef
    state: InstanceState
    at: float


@dataclass(frozen=True, slots=True)
class SnapshotsRead:
    """The snapshots of an instance were read."""

    ref: InstanceRef
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True)
class LifecycleSeen:
    """Something happened to an object of a server."""

    event: LifecycleEvent


@dataclass(frozen=True, slots=True)
class OperationsListed:
    """The operations of one server were listed; what is not in it has ended."""

    remote: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True)
class OperationSeen:
    """An operation began, changed or ended."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class OperationForgotten:
    """An ended operation has been shown long enough."""

    ref: OperationRef


Update = (
    LinkChanged
    | ServerRead
    | InstancesListed
    | InstanceRead
    | InstanceGone
    | InstanceRenamed
    | UsageRead
    | SnapshotsRead
    | LifecycleSeen
    | OperationsListed
    | OperationSeen
    | OperationForgotten
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is different after an update; empty when nothing is."""

    instances: frozenset[InstanceRef] = frozenset()
    """Instances that came, went or look different: themselves, their usage,
    their snapshots or the operations that name them."""
    membership: bool = False
    """Whether instances came or went."""
    remotes: frozenset[str] = frozenset()
    """Servers whose link or description is different."""
    operations: frozenset[OperationRef] = frozenset()
    """Operations that came, went or look different."""

    def __bool__(self) -> bool:
        return bool(self.instances or self.remotes or self.operations)

    def __or__(self, other: "Change") -> "Change":
        return Change(
            self.instances | other.instances,
            self.membership or other.membership,
            self.remotes | other.remotes,
            self.operations | other.operations,
        )


NO_CHANGE = Change()
