"""All servers that the interface works with, and what can be done with them."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence

from lxdtui.api.connection import Connection
from lxdtui.model.refs import InstanceRef
from lxdtui.paths import state_dir
from lxdtui.services.configuration import ConfigurationService
from lxdtui.services.editing import EditingService, EditStore
from lxdtui.services.files import FileService
from lxdtui.services.instances import InstanceService
from lxdtui.services.lifecycle.service import Known, LifecycleService
from lxdtui.services.logs import LogService
from lxdtui.services.operations import OperationService
from lxdtui.services.processes import ProcessService
from lxdtui.services.remote import Remote
from lxdtui.services.sessions import SessionService
from lxdtui.services.shell_memory import ShellMemory
from lxdtui.services.snapshots import SnapshotService
from lxdtui.services.sync import RemoteSync
from lxdtui.services.transfers import TransferService
from lxdtui.services.usage import UsageSampler
from lxdtui.store.store import Store

__all__ = ["Fleet"]


class Fleet:
    """Everything that the interface is handed.

    Args:
        remotes: The servers, the first one being the one shown at the start.
        known: Reads what else the user has configured; asked when it is needed.
        clock: Monotonic seconds.

    Raises:
        ConfigError: The certificates of a server cannot be used.
    """

    def __init__(
        self,
        remotes: Sequence[Remote],
        *,
        known: Callable[[], Known] = Known,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.remotes = tuple(remotes)
        """The servers."""
        self.store = Store()
        """What we believe they hold."""
        self._connections = {
            remote.name: Connection(remote.endpoint, remote=remote.name) for remote in remotes
        }
        self._samplers = {
            name: UsageSampler(connection, self.store, clock=clock)
            for name, connection in self._connections.items()
        }
        self._syncs = {
            remote.name: RemoteSync(
                remote,
                self._connections[remote.name],
                self.store,
                on_snapshots=self._samplers[remote.name].forget_snapshots,
                clock=clock,
            )
            for remote in remotes
        }
        self.instances = InstanceService(self._connections, self._syncs, self.store)
        """Actions on instances."""
        self.lifecycle = LifecycleService(self._connections, self._syncs, known=known)
        """Making, renaming, copying, publishing and migrating instances."""
        self.configuration = ConfigurationService(self._connections, self._syncs)
        """The configuration of instances."""
        self.snapshots = SnapshotService(self._connections, self._syncs, self.store)
        """Actions on snapshots."""
        self.logs = LogService(self._connections)
        """Logs of instances."""
        self.operations = OperationService(self._connections)
        """Actions on operations."""
        self.processes = ProcessService(self._connections, clock=clock)
        """Processes inside instances."""
        self.sessions = SessionService(self._connections, ShellMemory(state_dir() / "shells.json"))
        """Shells in instances."""
        self.files = FileService(self._connections)
        """Files of instances and of this computer."""
        self.transfers = TransferService(self._connections)
        """Copies and moves of files in the background."""
        self.editing = EditingService(self.files, EditStore(state_dir() / "edits"))
        """Opening and saving files that are edited."""

    async def run(self) -> None:
        """Keep the store true to all servers, for ever."""
        async with asyncio.TaskGroup() as group:
            for sync in self._syncs.values():
                group.create_task(sync.run())
            for sampler in self._samplers.values():
                group.create_task(sampler.run())
            group.create_task(self.snapshots.looks.run())

    def retry(self, remote: str) -> None:
        """Try a lost link now instead of later."""
        self._syncs[remote].retry()

    def refresh(self, remote: str) -> None:
        """List a server again now."""
        self._syncs[remote].refresh()

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        """Say which instances are on the screen: these are measured."""
        for sampler in self._samplers.values():
            sampler.look_at(refs)

    async def aclose(self) -> None:
        """End transfers, and close the links to all servers."""
        await self.transfers.aclose()
        await self.snapshots.looks.aclose()
        for connection in self._connections.values():
            await connection.aclose()
