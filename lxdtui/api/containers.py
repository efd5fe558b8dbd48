"""The face of the API: managers and objects with the names of the seed page.

A thin layer over :class:`~lxdtui.api.connection.Connection`: it adds no second
way to speak with a server. Nothing is fetched by reading an attribute; what an
object holds is what was read when it was made, saved or synchronised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.exec import CommandOptions
from lxdtui.api.instances import STOP_TIMEOUT
from lxdtui.api.operations import OperationHandle
from lxdtui.errors import NotFound
from lxdtui.model.fields import Fields
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode

__all__ = ["Container", "ContainerManager", "ContainerState"]


class ContainerState:
    """Measured data of a container, as the server's JSON has it.

    ``state.network['eth0']['addresses']`` is a list of objects with the keys
    ``family``, ``address``, ``netmask`` and ``scope``.

    Raises:
        UnexpectedResponse: A field is of the wrong type.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        fields = Fields(body, "the state of a container")
        self.status: str = fields.text("status", "")
        self.status_code: int = fields.integer("status_code", 0)
        self.pid: int = fields.integer("pid", 0)
        self.processes: int = fields.integer("processes", 0)
        self.cpu: dict[str, Any] = dict(fields.mapping("cpu"))
        """``usage``: nanoseconds of CPU time."""
        self.memory: dict[str, Any] = dict(fields.mapping("memory"))
        """``usage``, ``usage_peak``, …: bytes."""
        self.disk: dict[str, Any] = dict(fields.mapping("disk"))
        """``usage`` in bytes by device."""
        self.network: dict[str, Any] = dict(fields.mapping("network"))
        """Interfaces by name, with ``addresses`` and ``counters``."""


class Container:
    """A container. Writable attributes take effect by :meth:`save`."""

    architecture: str
    """The architecture, writable."""
    config: dict[str, str]
    """The configuration set on the container itself, writable."""
    devices: dict[str, dict[str, str]]
    """The devices set on the container itself, writable."""
    description: str
    """Free text, writable."""
    ephemeral: bool
    """Whether it deletes itself when it stops, writable."""
    profiles: list[str]
    """Names of the profiles in their order, writable."""

    def __init__(self, connection: Connection, instance: Instance, etag: str = "") -> None:
        self._connection = connection
        self._take(instance, etag)

    def __repr__(self) -> str:
        return f"<Container {self.name!r} {self.status}>"

    @property
    def ref(self) -> InstanceRef:
        """Identity: remote, project, name."""
        return self._instance.ref

    @property
    def name(self) -> str:
        """The name, which identifies the container; changed by :meth:`rename`."""
        return self._instance.name

    @property
    def type(self) -> str:
        """``container`` or ``virtual-machine``."""
        return self._instance.type

    @property
    def status(self) -> str:
        """The status as a word."""
        return self._instance.status

    @property
    def status_code(self) -> int:
        """The status as a number."""
        return self._instance.status_code

    @property
    def stateful(self) -> bool:
        """Whether a saved run-time state exists."""
        return self._instance.stateful

    @property
    def created_at(self) -> datetime | None:
        """When it was created."""
        return self._instance.created_at

    @property
    def last_used_at(self) -> datetime | None:
        """When it was last started, or ``None`` for never."""
        return self._instance.last_used_at

    @property
    def location(self) -> str:
        """The cluster member it is on; empty on a server that stands alone."""
        return self._instance.location

    @property
    def expanded_config(self) -> dict[str, str]:
        """The configuration with that of the profiles merged in."""
        return dict(self._instance.expanded_config)

    @property
    def expanded_devices(self) -> dict[str, dict[str, str]]:
        """The devices with those of the profiles merged in."""
        return {name: dict(device) for name, device in self._instance.expanded_devices.items()}

    async def sync(self) -> None:
        """Read the container again; changes that were not saved are lost.

        Raises:
            NotFound: It does not exist any more.
        """
        self._take(*await self._connection.instances.get(self.ref))

    async def save(self, wait: bool = False) -> None:
        """Send the writable attributes to the server.

        Raises:
            StaleEtag: Somebody else changed the container since it was read.
            ApiError: The server refuses.
            OperationFailed: With ``wait``, the server could not do it.
        """
        body = {
            "architecture": self.architecture,
            "config": self.config,
            "devices": self.devices,
            "description": self.description,
            "ephemeral": self.ephemeral,
            "profiles": self.profiles,
        }
        handle = await self._connection.instances.update(self.ref, body, etag=self._etag)
        if wait:
            await handle.wait()
            await self.sync()

    async def rename(self, new_name: str, wait: bool = False) -> None:
        """Rename the container, which must be stopped.

        Raises:
            Conflict: The name is taken.
            OperationFailed: With ``wait``, it could not be renamed.
        """
        handle = await self._connection.instances.rename(self.ref, new_name)
        if wait:
            await handle.wait()
            renamed = InstanceRef(self.ref.remote, self.ref.project, new_name)
            self._take(*await self._connection.instances.get(renamed))

    async def delete(self, wait: bool = False) -> None:
        """Delete the container, which must be stopped, and its snapshots.

        Raises:
            BadRequest: It is running.
            OperationFailed: With ``wait``, it could not be deleted.
        """
        handle = await self._connection.instances.delete(self.ref)
        if wait:
            await handle.wait()

    async def state(self) -> ContainerState:
        """Measure the container: memory, processes, network addresses."""
        return ContainerState(await self._connection.instances.state_body(self.ref))

    async def start(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Start the container.

        Args:
            timeout: Seconds that the server may take.
            force: Has no meaning here; kept for the seed page's signature.
            wait: Return when it runs.

        Raises:
            OperationFailed: With ``wait``, it could not be started.
        """
        await self._set_state("start", timeout=timeout, force=force, wait=wait)

    async def stop(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Stop the container.

        Args:
            timeout: Seconds that it gets to shut down.
            force: Kill it at once.
            wait: Return when it has stopped, and is gone if it is ephemeral.

        Raises:
            OperationFailed: With ``wait``, it did not stop.
        """
        await self._set_state("stop", timeout=timeout, force=force, wait=wait)

    async def restart(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Stop the container and start it again; arguments as for :meth:`stop`."""
        await self._set_state("restart", timeout=timeout, force=force, wait=wait)

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

    async def _set_state(self, action: str, *, timeout: int, force: bool, wait: bool) -> None:
        handle: OperationHandle = await self._connection.instances.set_state(
            self.ref, action, timeout=timeout, force=force
        )
        if not wait:
            return
        await handle.wait()
        try:
            await self.sync()
        except NotFound:
            if not self._instance.ephemeral:
                raise
            # It deleted itself when it stopped, as it should.
            code = StatusCode.STOPPED
            self._take(replace(self._instance, status="Stopped", status_code=code), "")

    def _take(self, instance: Instance, etag: str) -> None:
        self._instance = instance
        self._etag = etag
        self.architecture = instance.architecture
        self.config = dict(instance.config)
        self.devices = {name: dict(device) for name, device in instance.devices.items()}
        self.description = instance.description
        self.ephemeral = instance.ephemeral
        self.profiles = list(instance.profiles)


class ContainerManager:
    """``client.containers`` and ``client.instances``.

    Args:
        connection: The server.
        project: The project that is looked at.
        instance_type: ``container``, or empty for virtual machines as well.
    """

    def __init__(self, connection: Connection, *, project: str, instance_type: str = "") -> None:
        self._connection = connection
        self._project = project
        self._instance_type = instance_type

    async def exists(self, name: str) -> bool:
        """Say whether a container exists."""
        return await self._connection.instances.exists(self._ref(name))

    async def get(self, name: str) -> Container:
        """Get a container by its name.

        Raises:
            NotFound: There is none of this name.
        """
        return Container(self._connection, *await self._connection.instances.get(self._ref(name)))

    async def all(self) -> list[Container]:
        """Get all containers."""
        listed = await self._connection.instances.list(
            project=self._project, instance_type=self._instance_type
        )
        return [Container(self._connection, instance) for instance in listed]

    async def create(self, config: Mapping[str, Any], wait: bool = False) -> Container:
        """Create a container.

        Args:
            config: ``name``, ``source``, ``config``, ``devices``, ``profiles``, … as
                the REST API documents them (``POST /1.0/instances``).
            wait: Return when it is created.

        Returns:
            The container. Without ``wait`` it holds what the configuration says;
            :meth:`Container.sync` reads it when it exists.

        Raises:
            BadRequest: The configuration is not accepted.
            OperationFailed: With ``wait``, it could not be created.
        """
        body = dict(config)
        if self._instance_type:
            body.setdefault("type", self._instance_type)
        handle, ref = await self._connection.instances.create(body, project=self._project)
        if wait:
            await handle.wait()
            return Container(self._connection, *await self._connection.instances.get(ref))
        promised = {"status": "Pending", "status_code": 105, **body}
        promised |= {"name": ref.name, "project": ref.project}
        return Container(
            self._connection, Instance.from_api(promised, remote=self._connection.remote)
        )

    def _ref(self, name: str) -> InstanceRef:
        return InstanceRef(self._connection.remote, self._project, name)
