"""The demo server: an invented LXD 5.0.2 on a unix socket, inside the caller's event loop."""

import asyncio
import contextlib
import fnmatch
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from aiohttp import web

from lxdtui.demo.clock import Clock
from lxdtui.demo.daemon import MIB, Daemon
from lxdtui.demo.fleet import furnish
from lxdtui.demo.load import Load, make_load
from lxdtui.demo.replies import ApiError, error_reply
from lxdtui.demo.routes.common import Handler
from lxdtui.demo.routes.create import CreateRoutes
from lxdtui.demo.routes.execute import ExecRoutes
from lxdtui.demo.routes.files import FileRoutes
from lxdtui.demo.routes.images import ImageRoutes
from lxdtui.demo.routes.instances import InstanceRoutes
from lxdtui.demo.routes.logs import LogRoutes
from lxdtui.demo.routes.operations import OperationRoutes
from lxdtui.demo.routes.profiles import ProfileRoutes
from lxdtui.demo.routes.publish import PublishRoutes
from lxdtui.demo.routes.server import ServerRoutes
from lxdtui.demo.routes.sftp import SftpRoutes
from lxdtui.demo.routes.snapshots import SnapshotRoutes
from lxdtui.demo.routes.state import StateRoutes
from lxdtui.demo.world import (
    ERROR,
    FROZEN,
    RUNNING,
    STATUS_CODES,
    STOPPED,
    Devices,
    Instance,
)

REQUESTS_KEPT = 1000
_BODY_LIMIT = 16 * MIB


@dataclass(frozen=True, slots=True)
class _InjectedError:
    """An error that answers one future request."""

    method: str
    path_pattern: str
    status: int
    error: str


class DemoServer:
    """Serves an invented fleet over the LXD REST API.

    Use it as an async context manager, or call ``start`` and ``stop``.

    Args:
        socket_path: Where the unix socket appears.
        seed: Fixes ids, addresses and load curves.
        fleet: ``default``, ``empty``, or how many invented containers.
        pace: Factor on simulated durations; 0 makes everything happen at once.
        clock: Gives seconds since the Unix epoch.
        operation_retention: Seconds that a finished operation stays readable.
        websocket_timeout: Seconds that exec sockets have to connect.
    """

    def __init__(
        self,
        socket_path: str | Path,
        *,
        seed: int = 1,
        fleet: str | int = "default",
        pace: float = 1.0,
        clock: Callable[[], float] = time.time,
        operation_retention: float = 5.0,
        websocket_timeout: float = 5.0,
    ) -> None:
        self.socket_path = Path(socket_path)
        self.requests: deque[tuple[str, str]] = deque(maxlen=REQUESTS_KEPT)
        """Method and path with query of the last requests."""
        self._daemon = Daemon(
            Clock(clock, pace),
            random.Random(seed),
            operation_retention=operation_retention,
            websocket_timeout=websocket_timeout,
        )
        furnish(self._daemon, fleet)
        self._injected: list[_InjectedError] = []
        self._latency = 0.0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "DemoServer":
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the socket is served."""
        return self._runner is not None

    async def start(self) -> None:
        """Create the socket and serve.

        Raises:
            OSError: The socket cannot be created.
        """
        if self._runner is not None:
            return
        application = web.Application(client_max_size=_BODY_LIMIT, middlewares=[self._middleware])
        groups = (
            ServerRoutes,
            OperationRoutes,
            StateRoutes,
            InstanceRoutes,
            CreateRoutes,
            SnapshotRoutes,
            ExecRoutes,
            LogRoutes,
            FileRoutes,
            SftpRoutes,
            ImageRoutes,
            PublishRoutes,
            ProfileRoutes,
        )
        for group in groups:
            application.add_routes(group(self._daemon).routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.UnixSite(runner, str(self.socket_path)).start()
            self.socket_path.chmod(0o600)
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def stop(self) -> None:
        """Vanish like a killed daemon: every connection is cut, operations are forgotten."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        server = runner.server
        for protocol in tuple(server.connections) if server is not None else ():
            if protocol.transport is not None:
                protocol.transport.abort()
        await self._daemon.operations.forget_all()
        self._daemon.events.drop_all()
        await runner.cleanup()
        with contextlib.suppress(FileNotFoundError):
            self.socket_path.unlink()

    def add_instance(
        self,
        name: str,
        status: str = "Running",
        *,
        project: str = "default",
        type: str = "container",  # noqa: A002 - the word of the API
        description: str = "",
        config: Mapping[str, str] | None = None,
        devices: Devices | None = None,
        profiles: Iterable[str] = ("default",),
        ephemeral: bool = False,
        snapshots: int | Iterable[str] = 0,
        ignores_shutdown: bool = False,
        cpu: float = 0.05,
        memory: int = 64 * MIB,
        ipv4: str | None = None,
        started_at: float | None = None,
    ) -> None:
        """Add an instance as if another client had made it, with the events of that.

        Args:
            name: Its name.
            status: ``Running``, ``Stopped``, ``Frozen`` or ``Error``.
            project: An existing project.
            type: ``container`` or ``virtual-machine``.
            description: Free text.
            config: Local configuration.
            devices: Local devices.
            profiles: Names of existing profiles.
            ephemeral: Whether it vanishes when it stops.
            snapshots: How many, or their names.
            ignores_shutdown: Whether a clean stop has no effect.
            cpu: Mean use in cores.
            memory: Mean use in bytes.
            ipv4: Address without prefix length; a free one by default.
            started_at: Begin of its run, seconds since the epoch; now by default.
        """
        daemon = self._daemon
        instance = daemon.new_instance(
            name,
            project,
            type_name=type,
            description=description,
            config=config,
            devices=devices,
            profiles=profiles,
            ephemeral=ephemeral,
            image=next(iter(daemon.world.images.values()), None),
            load=self._load(cpu, memory),
            addresses={"eth0": (f"{ipv4}/24", "fd42:9c1:4::ffff/64")} if ipv4 else None,
        )
        instance.ignores_shutdown = ignores_shutdown
        daemon.instance_event(
            instance, "created", context={"storage-pool": "default", "type": type}
        )
        for snapshot in _snapshot_names(snapshots):
            daemon.new_snapshot(instance, snapshot)
        self.set_state(name, status, project=project)
        if started_at is not None:
            instance.started_at = instance.thawed_at = started_at

    def set_state(self, name: str, status: str, *, project: str = "default") -> None:
        """Change the status as if it happened outside, with the events of that.

        Args:
            name: Name of the instance.
            status: ``Running``, ``Stopped``, ``Frozen`` or ``Error``.
            project: Its project.

        Raises:
            KeyError: No such instance or status.
        """
        daemon, instance = self._daemon, self._instance(name, project)
        wanted = STATUS_CODES[status]
        if wanted in {STOPPED, ERROR}:
            was_running = instance.is_running
            daemon.set_stopped(instance, wanted)
            if was_running:
                daemon.instance_event(instance, "shutdown")
            return
        if not instance.is_running:
            daemon.set_running(instance)
            daemon.instance_event(instance, "started")
        if wanted == FROZEN and instance.status_code == RUNNING:
            daemon.set_frozen(instance)
            daemon.instance_event(instance, "paused")
        elif wanted == RUNNING and instance.status_code == FROZEN:
            daemon.set_thawed(instance)
            daemon.instance_event(instance, "resumed")

    def remove_instance(self, name: str, *, project: str = "default") -> None:
        """Remove an instance as if another client had deleted it.

        Raises:
            KeyError: No such instance.
        """
        instance = self._instance(name, project)
        self._daemon.set_stopped(instance)
        self._daemon.remove(instance)

    def configure_instance(
        self,
        name: str,
        *,
        project: str = "default",
        description: str | None = None,
        config: Mapping[str, str] | None = None,
    ) -> None:
        """Change configuration as if another client had done it; an empty value removes a key.

        Raises:
            KeyError: No such instance.
        """
        instance = self._instance(name, project)
        if description is not None:
            instance.description = description
        merged = instance.config | dict(config or {})
        instance.config = {key: value for key, value in merged.items() if value}
        self._daemon.instance_event(instance, "updated")

    def read_file(self, name: str, path: str, *, project: str = "default") -> bytes:
        """Content of a file in an instance.

        Raises:
            KeyError: No such instance.
            FileSystemError: No such file.
        """
        return self._daemon.filesystem(self._instance(name, project)).read(path)

    def write_file(
        self,
        name: str,
        path: str,
        data: bytes,
        *,
        project: str = "default",
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
    ) -> None:
        """Put a file into an instance, without an event; its directory must exist.

        Raises:
            KeyError: No such instance.
            FileSystemError: It cannot be written.
        """
        files = self._daemon.filesystem(self._instance(name, project))
        node = files.write(path, data, now=self._daemon.clock.now())
        node.mode, node.uid, node.gid = mode, uid, gid

    def drop_events(self) -> None:
        """Cut all event websockets without a close frame."""
        self._daemon.events.drop_all()

    def emit_lifecycle(
        self,
        action: str,
        source: str,
        *,
        context: Mapping[str, object] | None = None,
        project: str = "default",
    ) -> None:
        """Send any lifecycle event."""
        self._daemon.events.lifecycle(action, source, project=project, context=context)

    def fail_next(self, method: str, path_pattern: str, status: int, error: str) -> None:
        """Answer the next matching request with an error; several may wait.

        Args:
            method: HTTP method.
            path_pattern: Shell-style pattern for the path without its query.
            status: HTTP status and ``error_code``.
            error: The ``error`` field.
        """
        self._injected.append(_InjectedError(method, path_pattern, status, error))

    def fail_operation(self, description: str, error: str) -> None:
        """Let the next operation of a description (``*``: any) end as a failure."""
        self._daemon.operations.fail_next(description, error)

    def delay(self, seconds: float) -> None:
        """Wait this long before each answer from now on."""
        self._latency = seconds

    def _load(self, cores: float, memory: int) -> Load:
        return make_load(
            self._daemon.rng,
            cores=cores,
            memory=memory,
            disk=512 * MIB,
            processes=12,
            received=2000.0,
            sent=900.0,
        )

    def _instance(self, name: str, project: str) -> Instance:
        return self._daemon.world.projects[project].instances[name]

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.requests.append((request.method, request.path_qs))
        if self._latency:
            await asyncio.sleep(self._latency)
        for index, injected in enumerate(self._injected):
            if injected.method == request.method and fnmatch.fnmatchcase(
                request.path, injected.path_pattern
            ):
                del self._injected[index]
                return error_reply(injected.status, injected.error)
        try:
            return await handler(request)
        except ApiError as refusal:
            return error_reply(refusal.status, refusal.text)
        except web.HTTPNotFound:
            return error_reply(404, "not found")
        except web.HTTPMethodNotAllowed:
            return error_reply(501, "not implemented")
        except web.HTTPRequestEntityTooLarge:
            return error_reply(413, "Request body too large")


def _snapshot_names(wanted: int | Iterable[str]) -> Iterable[str]:
    return [f"snap{index}" for index in range(wanted)] if isinstance(wanted, int) else wanted
