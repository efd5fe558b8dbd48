"""The face of the API: a container with the names of the seed page.

A thin layer over :class:`~lxdtui.api.connection.Connection`: it adds no second
way to speak with a server. Nothing is fetched by reading an attribute; what an
object holds is what was read when it was made, saved or synchronised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from lxdtui.api.connection import Connection
from lxdtui.api.container_files import ContainerFiles
from lxdtui.api.container_life import ContainerLife
from lxdtui.api.container_state import ContainerState
from lxdtui.api.exec import CommandOptions
from lxdtui.api.images import Image, finish_publishing
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationMode, MigrationOptions
from lxdtui.api.snapshots import SnapshotManager
from lxdtui.errors import PreflightFailed
from lxdtui.model.status import StatusCode

__all__ = ["Container", "ContainerState", "Destination"]


_TRUE = ("true", "1", "yes", "on")
"""The servers' words for a key that is on."""


class Destination(Protocol):
    """A server and a project there; :class:`~lxdtui.api.client.Client` is one."""

    connection: Connection
    project: str


class Container(ContainerLife):
    """A container. Writable attributes take effect by :meth:`save`.

    Methods without ``wait=True`` return when the server has begun. The next
    method of the same object that changes or uses the container waits for what
    was begun before, and raises what failed of that.
    """

    @property
    def files(self) -> ContainerFiles:
        """The files of the container, which may be stopped."""
        return ContainerFiles(self._connection.files, self.ref, ready=self._earlier.settle)

    @property
    def snapshots(self) -> SnapshotManager:
        """The snapshots of the container."""
        return SnapshotManager(self._connection, self.ref, self._earlier)

    async def publish(
        self,
        public: bool = False,
        wait: bool = False,
        *,
        aliases: Iterable[str] = (),
        properties: Mapping[str, str] | None = None,
    ) -> Image | None:
        """Make an image of the container, which must be stopped.

        Of a running one, publish a snapshot.

        Args:
            public: Whether clients that are not trusted may download the image.
            wait: Return when it is made.
            aliases: Names for the image.
            properties: Properties of the image, such as ``os`` and ``description``.

        Returns:
            The image with ``wait``, else ``None``.

        Raises:
            Conflict: One of the aliases exists.
            OperationFailed: With ``wait``, it is running or the server could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.images.publish(
            self.ref, public=public, aliases=aliases, properties=properties
        )
        return await finish_publishing(self._connection, handle, self.ref.project, wait=wait)

    async def restore_snapshot(
        self, snapshot_name: str, wait: bool = False, *, stateful: bool = False
    ) -> None:
        """Bring the container back to a snapshot; a running one is started again.

        Args:
            snapshot_name: Name of the snapshot.
            wait: Return when it is done.
            stateful: Bring the memory back too, where it was kept.

        Raises:
            OperationFailed: With ``wait``, there is no such snapshot or the server
                could not do it.
        """
        await self._earlier.settle()
        handle = await self._connection.snapshots.restore(
            self.ref, snapshot_name, stateful=stateful
        )
        await self._finish(handle, wait=wait, then=self.sync if wait else None)

    async def migrate(
        self,
        client_destination: Destination,
        live: bool = False,
        wait: bool = False,
        *,
        mode: str | None = None,
        name: str = "",
        with_snapshots: bool = True,
        keep_addresses: bool = True,
        allow_running: bool = False,
    ) -> "Container":
        """Bring a copy of the container to another server; this one stays as it is.

        The servers connect to each other where one of them has an address, else
        this program hands on what they send. Closing one of the clients before
        the end cancels it. Nothing is left on the destination where it fails.

        Args:
            client_destination: The other server.
            live: Take the memory of a running one along, for which both servers
                need CRIU; without meaning for a stopped one.
            wait: Return when the container is there and was found complete.
            mode: ``pull``, ``push`` or ``relay``; ``None`` to choose.
            name: Name on the other server; empty for the same.
            with_snapshots: Take the snapshots along.
            keep_addresses: Keep the hardware addresses of the network interfaces.
            allow_running: Copy the files of a running one as they are.

        Returns:
            The container on the other server. Without ``wait`` it is not there
            yet; its next method waits for that.

        Raises:
            PreflightFailed: Something is known to make it fail; nothing was begun.
            OperationFailed: With ``wait``, one of the servers could not.
            ApiError: One of the servers refused.
        """
        await self._earlier.settle()
        target = client_destination.connection
        migration = Migration(
            self._connection,
            self.ref,
            target,
            project=client_destination.project,
            options=MigrationOptions(
                mode=MigrationMode(mode) if mode else None,
                live=live,
                with_snapshots=with_snapshots,
                new_name=name,
                keep_addresses=keep_addresses,
                allow_running=allow_running,
            ),
        )
        if wait:
            await migration.carry_out()
            return Container(target, *await target.instances.get(migration.target_ref))
        await migration.begin()
        promised = replace(
            migration.instance,
            ref=migration.target_ref,
            status="Pending",
            status_code=StatusCode.PENDING,
        )
        return Container(target, promised, made_by=migration)

    async def move(
        self, client_destination: Destination, *, mode: str | None = None, name: str = ""
    ) -> "Container":
        """Bring the container, which must be stopped, to another server and delete it here.

        It is deleted when it is on the other server with all its snapshots.

        Args:
            client_destination: The other server.
            mode: As for :meth:`migrate`.
            name: Name on the other server; empty for the same.

        Returns:
            The container on the other server.

        Raises:
            PreflightFailed: Something is known to make it fail; nothing was begun.
            OperationFailed: One of the servers could not, and it is still here; or
                it is there, and could not be deleted here.
            ApiError: One of the servers refused.
        """
        await self.sync()
        if self.expanded_config.get("security.protection.delete", "").lower() in _TRUE:
            raise PreflightFailed(
                f"move {self.name}", [f"{self.name} is protected from being deleted here"]
            )
        moved = await self.migrate(client_destination, wait=True, mode=mode, name=name)
        await self.delete(wait=True)
        return moved

    async def state(self) -> ContainerState:
        """Measure the container: memory, processes, network addresses."""
        return ContainerState(await self._connection.instances.state_body(self.ref))

    async def execute(
        self,
        commands: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        user: int | None = None,
        group: int | None = None,
        cwd: str | None = None,
        stdin: bytes = b"",
        stdout_handler: Callable[[bytes], None] | None = None,
        stderr_handler: Callable[[bytes], None] | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Run a command to its end. Cancelling this kills the command.

        Args:
            commands: The program and its arguments.
            environment: Variables for it.
            user: Numeric user id.
            group: Numeric group id.
            cwd: Directory.
            stdin: Its whole input.
            stdout_handler: Called with each piece of output, which is then not kept.
            stderr_handler: Called with each piece of error output, likewise.

        Returns:
            Exit code, output and error output.

        Raises:
            OperationFailed: The command could not be started.
            BadRequest: The container is not running.
        """
        await self._earlier.settle()
        return await self._connection.exec.run(
            self.ref,
            commands,
            stdin=stdin,
            options=CommandOptions(environment=environment, user=user, group=group, cwd=cwd),
            on_stdout=stdout_handler,
            on_stderr=stderr_handler,
        )

    async def raw_interactive_execute(
        self,
        commands: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        user: int | None = None,
        group: int | None = None,
        cwd: str | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> dict[str, str]:
        """Ask for an interactive command; it starts when both sockets are connected.

        Args:
            commands: The program and its arguments.
            environment: Variables for it.
            user: Numeric user id.
            group: Numeric group id.
            cwd: Directory.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.

        Returns:
            ``name`` of the container and the paths ``ws`` and ``control`` of the
            websockets, good for five seconds.

        Raises:
            BadRequest: The container is not running.
        """
        await self._earlier.settle()
        started = await self._connection.exec.start(
            self.ref,
            commands,
            interactive=True,
            options=CommandOptions(environment=environment, user=user, group=group, cwd=cwd),
            columns=columns,
            rows=rows,
        )
        return {
            "name": self.name,
            "ws": started.paths["0"],
            "control": started.paths["control"],
        }
