"""Snapshots: what is done to them, what is made of them, and what they hold."""

from lxdtui.services.snapshots.service import SnapshotService

__all__ = ["SnapshotService"]
