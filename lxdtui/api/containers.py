"""The face of the API: a container with the names of the seed page.

A thin layer over :class:`~lxdtui.api.connection.Connection`: it adds no second
way to speak with a server. Nothing is fetched by reading an attribute; what an
object holds is what was read when it was made, saved or synchronised.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.container_files import ContainerFiles
from lxdtui.api.container_record import ContainerRecord
from lxdtui.api.container_state import ContainerState
from lxdtui.api.earlier import Earlier, Waitable
from lxdtui.api.exec import CommandOptions
from lxdtui.api.images import Image, finish_publishing
from lxdtui.api.instances import STOP_TIMEOUT
from lxdtui.api.operations import OperationHandle
from lxdtui.api.snapshots import SnapshotManager
from lxdtui.api.versions import has_changed, with_volatile, writable
from lxdtui.errors import BadRequest, NotFound, StaleEtag
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode

__all__ = ["Container", "ContainerState"]


class Container(ContainerRecord):
    """A container. Writable attributes take effect by :meth:`save`.

    Methods without ``wait=True`` return when the server has begun. The next
    method of the same object that changes or uses the container waits for what
    was begun before, and raises what failed of that.

    Args:
        connection: The server.
        instance: What is known of the container.
        etag: The ETag of that.
        made_by: What makes the container, where it does not exist yet.
    """

    def __init__(
        self,
        connection: Connection,
        instance: Instance,
        etag: str = "",
        *,
        made_by: Waitable | None = None,
    ) -> None:
        super().__init__(instance, etag)
        self._connection = connection
        self._earlier = Earlier()
        if made_by is not None:
            self._earlier.remember(made_by, then=self._read_created)

    async def sync(self) -> None:
        """Read the container again; changes that were not saved are lost.

        Raises:
            NotFound: It does not exist any more.
        """
        self._take(*await self._connection.instances.get(self.ref))

    @property
    def files(self) -> ContainerFiles:
        """The files of the container, which may be stopped."""
        return ContainerFiles(self._connection.files, self.ref, ready=self._earlier.settle)

    @property
    def snapshots(self) -> SnapshotManager:
        """The snapshots of the container."""
        return SnapshotManager(self._connection, self.ref, self._earlier)

    async def save(self, wait: bool = False) -> None:
        """Send the writable attributes to the server.

        What the server itself changed meanwhile (the ``volatile.`` keys) is no
        contradiction and is kept.

        Raises:
            StaleEtag: Somebody else changed the container since it was read. The
                error has both versions; the attributes stay as they are.
            ApiError: The server refuses.
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        ours = self._writable()
        # Neither a container of a list nor the description has an ETag, so the
        # server alone would let one writer overwrite the other.
        now, etag = await self._connection.instances.get(self.ref)
        if has_changed(self._instance, now):
            raise self._stale("it was changed by somebody else meanwhile", ours, now)
        body = ours | {"config": with_volatile(self.config, self._instance.config, now.config)}
        try:
            handle = await self._connection.instances.update(self.ref, body, etag=etag)
        except StaleEtag as error:
            now, _ = await self._connection.instances.get(self.ref)
            raise self._stale(error.server_text, ours, now) from error

        async def saved() -> None:
            self._rebase(*await self._connection.instances.get(self.ref))

        await self._finish(handle, wait=wait, then=self.sync if wait else saved)

    def _stale(self, text: str, ours: dict[str, Any], now: Instance) -> StaleEtag:
        tried = f"change the configuration of {self.name}"
        hint = "Read it again with sync(), repeat your change and save it."
        return StaleEtag(tried, text, hint=hint, ours=ours, theirs=writable(now))

    async def rename(self, new_name: str, wait: bool = False) -> None:
        """Rename the container, which must be stopped.

        Raises:
            Conflict: The name is taken.
            OperationFailed: With ``wait``, it could not be renamed.
        """
        await self._earlier.settle()
        handle = await self._connection.instances.rename(self.ref, new_name)
        renamed = InstanceRef(self.ref.remote, self.ref.project, new_name)

        async def become() -> None:
            self._become(renamed)
            if wait:
                await self.sync()

        await self._finish(handle, wait=wait, then=become)

    async def delete(self, wait: bool = False, force: bool = False) -> None:
        """Delete the container and its snapshots.

        The server refuses one that is running. A frozen one, in which nothing
        can go on, is stopped first.

        Args:
            wait: Return when it is deleted.
            force: Kill a running one first.

        Raises:
            BadRequest: It is running, and ``force`` was not given.
            OperationFailed: It could not be stopped or, with ``wait``, deleted.
        """
        await self._earlier.settle()
        try:
            handle = await self._connection.instances.delete(self.ref)
        except BadRequest:
            now, _ = await self._connection.instances.get(self.ref)
            if now.condition is Condition.STOPPED or not (
                force or now.condition is Condition.FROZEN
            ):
                raise
            stop = await self._connection.instances.set_state(self.ref, "stop", force=True)
            await stop.wait()
            if now.ephemeral:
                # It deleted itself by stopping.
                return
            handle = await self._connection.instances.delete(self.ref)
        await self._finish(handle, wait=wait)

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

    async def state(self) -> ContainerState:
        """Measure the container: memory, processes, network addresses."""
        return ContainerState(await self._connection.instances.state_body(self.ref))

    async def start(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool = False,
    ) -> None:
        """Start the container.

        Args:
            timeout: Seconds that the server may take.
            force: Has no meaning here; kept for the seed page's signature.
            wait: Return when it runs.
            stateful: Go on from the memory that ``stop(stateful=True)`` kept.

        Raises:
            OperationFailed: With ``wait``, it could not be started.
        """
        await self._set_state("start", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def stop(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool = False,
    ) -> None:
        """Stop the container.

        Args:
            timeout: Seconds that it gets to shut down.
            force: Kill it at once.
            wait: Return when it has stopped, and is gone if it is ephemeral.
            stateful: Keep the memory for the next start, for which the server needs CRIU.

        Raises:
            OperationFailed: With ``wait``, it did not stop.
        """
        await self._set_state("stop", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def restart(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool = False,
    ) -> None:
        """Stop the container and start it again; arguments as for :meth:`stop`."""
        await self._set_state("restart", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def freeze(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Suspend all processes of the container."""
        await self._set_state("freeze", timeout=timeout, force=force, wait=wait)

    async def unfreeze(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Let the processes of the container go on."""
        await self._set_state("unfreeze", timeout=timeout, force=force, wait=wait)

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

    async def _set_state(
        self, action: str, *, timeout: int, force: bool, wait: bool, stateful: bool = False
    ) -> None:
        await self._earlier.settle()
        handle = await self._connection.instances.set_state(
            self.ref, action, timeout=timeout, force=force, stateful=stateful
        )
        await self._finish(handle, wait=wait, then=self._read_status if wait else None)

    async def _read_status(self) -> None:
        try:
            await self.sync()
        except NotFound:
            if not self.ephemeral:
                raise
            # It deleted itself when it stopped, as it should.
            code = StatusCode.STOPPED
            self._take(replace(self._instance, status="Stopped", status_code=code), "")

    async def _finish(
        self,
        handle: OperationHandle,
        *,
        wait: bool,
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        if not wait:
            self._earlier.remember(handle, then=then)
            return
        await handle.wait()
        if then is not None:
            await then()

    async def _read_created(self) -> None:
        self._adopt(*await self._connection.instances.get(self.ref))
