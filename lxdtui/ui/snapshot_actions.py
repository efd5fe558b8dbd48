"""What the interface is handed for snapshots: the shape of its service."""

from datetime import datetime
from typing import Protocol

from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot

__all__ = ["SnapshotActions"]


class SnapshotActions(Protocol):
    """What can be done with the snapshots of an instance.

    Each returns when it is done, and raises :class:`~lxdtui.errors.LxdTuiError`
    where it was not.
    """

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
