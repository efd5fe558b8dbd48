"""What the interface is handed for snapshots: the shape of its service."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.differences import Comparison
from lxdtui.services.snapshots.looks import Look

__all__ = ["CompareActions", "CopyActions", "LookActions", "Report", "SnapshotActions"]

Report = Callable[[str, int | None], None]
"""Told how far something is: words, and per cent where known."""


class CopyActions(Protocol):
    """What can be made of a snapshot. Cancelling ends it, and removes what was made."""

    async def copy(
        self,
        ref: InstanceRef,
        snapshot: Snapshot,
        new_name: str,
        *,
        start: bool = False,
        with_new_addresses: bool = True,
        report: Report | None = None,
    ) -> InstanceRef:
        """Make a container of a snapshot."""

    async def publish(
        self,
        ref: InstanceRef,
        name: str,
        *,
        aliases: Iterable[str] = (),
        public: bool = False,
        properties: Mapping[str, str] | None = None,
        report: Report | None = None,
    ) -> str:
        """Make an image of a snapshot; returns its fingerprint."""


class LookActions(Protocol):
    """Temporary copies of snapshots, to look into them."""

    async def open(
        self, source: InstanceRef, snapshot: Snapshot, *, report: Report | None = None
    ) -> Look:
        """Make one."""

    async def close(self, look: Look) -> None:
        """Remove one; one that is gone already is fine."""


class CompareActions(Protocol):
    """Comparing the files of snapshots."""

    async def compare(
        self,
        old: InstanceRef,
        new: InstanceRef,
        *,
        is_running: bool,
        report: Callable[[int, int], None] | None = None,
    ) -> Comparison:
        """Compare two looks, or a look with the container itself."""


class SnapshotActions(Protocol):
    """What can be done with the snapshots of an instance.

    Each returns when it is done, and raises :class:`~lxdtui.errors.LxdTuiError`
    where it was not.
    """

    @property
    def copies(self) -> CopyActions:
        """What can be made of snapshots."""

    @property
    def looks(self) -> LookActions:
        """Looking into snapshots."""

    @property
    def comparisons(self) -> CompareActions:
        """Comparing snapshots."""

    async def refresh(self, ref: InstanceRef) -> None:
        """Read the snapshots of an instance into the store now."""

    async def create(
        self,
        ref: InstanceRef,
        name: str,
        *,
        stateful: bool = False,
        expires_at: datetime | None = None,
    ) -> None:
        """Take a snapshot; the server chooses the name where it is empty."""

    async def rename(self, ref: InstanceRef, name: str, new_name: str) -> None:
        """Rename a snapshot."""

    async def delete(self, ref: InstanceRef, name: str) -> None:
        """Delete a snapshot."""

    async def set_expiry(
        self, ref: InstanceRef, seen: Snapshot, expires_at: datetime | None
    ) -> None:
        """Change when the server deletes a snapshot, unless somebody else did meanwhile."""

    async def restore(self, ref: InstanceRef, name: str, *, stateful: bool = False) -> None:
        """Bring the instance back to a snapshot."""

    async def pool_driver(self, ref: InstanceRef) -> str:
        """Return the driver of the instance's storage pool; empty where unknown."""
