"""What the interface is handed: the shape of ``lxdtui.services.Fleet``.

Only shapes, so that a test can hand in a fleet without any server behind it.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.editing import EditingService
from lxdtui.services.files import Bookmarks, FileSystem
from lxdtui.services.lifecycle.service import Offer
from lxdtui.store import Store
from lxdtui.ui.ports.configurations import Configurations
from lxdtui.ui.ports.details import LogActions, OperationActions, ProcessActions
from lxdtui.ui.ports.snapshots import SnapshotActions
from lxdtui.ui.ports.transfers import TransferQueue
from lxdtui.ui.state.sessions import ShellOpener

__all__ = ["FileOpener", "Fleet", "InstanceActions", "LifecycleActions", "Remote"]


class Remote(Protocol):
    """A configured server."""

    @property
    def name(self) -> str:
        """Its name in the client configuration."""

    @property
    def place(self) -> str:
        """Where it is: ``unix:/path`` or ``https://…``."""

    @property
    def is_demo(self) -> bool:
        """Whether nothing real is behind it."""

    @property
    def is_verified(self) -> bool:
        """Whether its certificate is checked; always true for a socket."""

    @property
    def is_named_by_address(self) -> bool:
        """Whether its name is its address, which lxc and incus do not know it by."""

    @property
    def project(self) -> str:
        """The project that is shown; empty for all."""

    @property
    def searched(self) -> tuple[str, ...]:
        """Where a local server was looked for in vain, best first."""


class InstanceActions(Protocol):
    """What can be done with an instance.

    Each returns when the operation has ended, and raises
    :class:`~lxdtui.errors.LxdTuiError` where it did not succeed.
    """

    async def start(self, ref: InstanceRef) -> None:
        """Start it."""

    async def stop(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Stop it; by force without asking its processes."""

    async def restart(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Stop and start it."""

    async def freeze(self, ref: InstanceRef) -> None:
        """Pause its processes."""

    async def unfreeze(self, ref: InstanceRef) -> None:
        """Let its processes go on."""

    async def delete(self, ref: InstanceRef, *, force: bool = False) -> None:
        """Delete it; by force also a running one."""


class FileOpener(Protocol):
    """What gives the files of a place. Nothing is sent before they are used."""

    @property
    def bookmarks(self) -> Bookmarks:
        """Folders that the user wants to find again."""

    def container(self, ref: InstanceRef) -> FileSystem:
        """Give the files of an instance, running or stopped."""

    def local(self) -> FileSystem:
        """Give the files of this computer."""

    def at(self, place: Place) -> FileSystem:
        """Give the files of a place."""


class LifecycleActions(Protocol):
    """What can be done with whole instances; each returns and raises as its service does."""

    async def offer(self, remote: str, project: str) -> Offer:
        """Read what an instance can be made of."""

    async def create(
        self,
        ref: InstanceRef,
        image: str,
        *,
        profiles: Sequence[str],
        ephemeral: bool,
    ) -> None:
        """Make a container."""

    async def rename(self, ref: InstanceRef, new_name: str) -> InstanceRef:
        """Rename an instance."""

    async def copy(self, ref: InstanceRef, new_name: str, *, with_snapshots: bool) -> None:
        """Copy an instance on its server."""

    async def publish(
        self, ref: InstanceRef, *, aliases: Sequence[str], description: str, public: bool
    ) -> None:
        """Make an image of an instance."""

    async def targets(self, ref: InstanceRef) -> tuple[str, ...]:
        """Return the names of the servers that an instance could be migrated to."""

    async def migrate(
        self,
        ref: InstanceRef,
        target: str,
        *,
        new_name: str,
        live: bool,
        with_snapshots: bool,
        allow_running: bool,
        keep_addresses: bool,
    ) -> None:
        """Take an instance to another server."""


class Fleet(Protocol):
    """All configured servers and what is known of them."""

    @property
    def store(self) -> Store:
        """What the servers hold, as far as is known."""

    @property
    def remotes(self) -> Collection[Remote]:
        """The configured servers, in their order."""

    @property
    def instances(self) -> InstanceActions:
        """What can be done with instances."""

    @property
    def lifecycle(self) -> LifecycleActions:
        """What makes, renames, copies, publishes and migrates instances."""

    @property
    def snapshots(self) -> SnapshotActions:
        """What can be done with snapshots."""

    @property
    def transfers(self) -> TransferQueue:
        """Copies of files in the background."""

    @property
    def logs(self) -> LogActions:
        """What reads logs."""

    @property
    def operations(self) -> OperationActions:
        """What can be done with operations."""

    @property
    def processes(self) -> ProcessActions:
        """What reads processes and sends signals to them."""

    @property
    def configuration(self) -> Configurations:
        """The configuration of instances."""

    @property
    def sessions(self) -> ShellOpener:
        """What opens shells."""

    @property
    def files(self) -> FileOpener:
        """What gives files."""

    @property
    def editing(self) -> EditingService:
        """What opens and saves files that are edited."""

    async def run(self) -> None:
        """Keep the store current; never returns."""

    def retry(self, remote: str) -> None:
        """Try to reach a server now."""

    def refresh(self, remote: str) -> None:
        """List a server again now."""

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        """Name the instances that are on the screen; only these are measured."""

    async def aclose(self) -> None:
        """Close all connections."""
