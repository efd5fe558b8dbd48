"""One server and all calls on it, typed and plain."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

from lxdtui.api.certificates import CertificateCalls
from lxdtui.api.console import ConsoleCalls
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.events import EventStream
from lxdtui.api.exec import ExecCalls
from lxdtui.api.file_access import FileAccess
from lxdtui.api.image_calls import ImageCalls
from lxdtui.api.instances import InstanceCalls
from lxdtui.api.log_calls import LogCalls
from lxdtui.api.operations import OperationCalls
from lxdtui.api.profile_calls import ProfileCalls
from lxdtui.api.snapshot_calls import SnapshotCalls
from lxdtui.api.transport import Transport
from lxdtui.errors import ExtensionMissing, UnexpectedResponse
from lxdtui.model.config_keys import ServerKey, server_keys
from lxdtui.model.fields import Fields
from lxdtui.model.refs import quote_segment
from lxdtui.model.server import Server

__all__ = ["Connection"]

_PROBE_TIMEOUT = 10.0
"""Seconds after which a server that took the connection counts as silent."""


class Connection:
    """One server, by its name in the client configuration.

    Nothing is sent before :meth:`open`. A connection survives a restart of the
    server: the next request makes a new link.

    Args:
        endpoint: Where the server is.
        remote: Its name, which becomes part of each reference.

    Raises:
        ConfigError: The endpoint's certificates cannot be used.
    """

    def __init__(self, endpoint: Endpoint, *, remote: str = "local") -> None:
        self.endpoint = endpoint
        self.remote = remote
        self._transport = Transport(endpoint)
        self._server: Server | None = None
        self._work: dict[asyncio.Task[None], Callable[[], Awaitable[None]]] = {}
        self.operations = OperationCalls(self._transport, remote=remote)
        self.files = FileAccess(
            self._transport,
            lambda: self.server,
            lambda ref, command: self.exec.run(ref, command),
        )
        self.instances = InstanceCalls(
            self._transport,
            self.operations,
            remote=remote,
            before_change=self.files.release,
        )
        self.snapshots = SnapshotCalls(
            self._transport, self.operations, before_change=self.files.release
        )
        self.profiles = ProfileCalls(self._transport)
        self.images = ImageCalls(
            self._transport, self.operations, before_publish=self.files.release
        )
        self.logs = LogCalls(self._transport)
        self.certificates = CertificateCalls(self._transport)
        self.exec = ExecCalls(self._transport, self.instances, self.operations)
        self.console = ConsoleCalls(self._transport, self.instances, self.operations)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def server(self) -> Server:
        """What the server told about itself when last asked.

        Raises:
            UnexpectedResponse: It was not asked yet.
        """
        if self._server is None:
            raise UnexpectedResponse("read the server information", "not connected yet")
        return self._server

    async def open(self) -> Server:
        """Ask the server who it is (``GET /1.0``); may be repeated.

        Raises:
            ConnectionFailed: No answer came.
        """
        answer = await self._transport.request(
            "GET", "/1.0", tried=f"connect to {self.endpoint.place}", answer_timeout=_PROBE_TIMEOUT
        )
        self._server = Server.from_api(getattr(answer.result, "metadata", None))
        return self._server

    async def probe(self) -> None:
        """Ask the server for next to nothing (``GET /``), to see that it answers.

        Raises:
            ConnectionFailed: It does not, within ten seconds.
        """
        await self._transport.request(
            "GET", "/", tried=f"reach {self.endpoint.place}", answer_timeout=_PROBE_TIMEOUT
        )

    def require(self, extension: str, *, tried: str) -> None:
        """Make sure that the server knows an optional part of the protocol.

        Raises:
            ExtensionMissing: It does not.
        """
        if not self.server.has(extension):
            raise ExtensionMissing(tried, extension)

    async def project_names(self) -> tuple[str, ...]:
        """List the projects that this client may see."""
        return await self._names("/1.0/projects", "projects")

    async def profile_names(self, *, project: str) -> tuple[str, ...]:
        """List the profiles of a project."""
        return await self._names("/1.0/profiles", "profiles", project=project)

    async def pool_names(self) -> tuple[str, ...]:
        """List the storage pools."""
        return await self._names("/1.0/storage-pools", "storage pools")

    async def network_names(self, *, project: str) -> tuple[str, ...]:
        """List the networks that the server manages and a project may use."""
        answer = await self._transport.request(
            "GET",
            "/1.0/networks",
            tried="list networks",
            params={"recursion": "1", "project": project},
        )
        listed = Fields({"networks": getattr(answer.result, "metadata", None)}, "the networks")
        found = listed.each("networks", lambda body: Fields(body, "a network"))
        return tuple(network.text("name") for network in found if network.flag("managed"))

    async def config_keys(self) -> dict[str, ServerKey]:
        """Read what the server documents of its keys (``GET /1.0/metadata/configuration``).

        Returns:
            The keys of instances by name; none where the server lacks the
            extension ``metadata_configuration``.
        """
        if not self.server.has("metadata_configuration"):
            return {}
        answer = await self._transport.request(
            "GET", "/1.0/metadata/configuration", tried="read the known configuration keys"
        )
        return server_keys(getattr(answer.result, "metadata", None))

    async def server_time(self) -> datetime | None:
        """Return what time it is by the server's clock, to the second.

        Returns:
            The time (``Date`` of RFC 9110), or ``None`` where the server does not tell.
        """
        answer = await self._transport.request("GET", "/1.0", tried="ask for the time")
        try:
            return parsedate_to_datetime(answer.date)
        except ValueError:
            return None

    async def pool_driver(self, name: str, *, project: str) -> str:
        """Return the driver of a storage pool: ``zfs``, ``dir``, … (``GET …/storage-pools/NAME``).

        Raises:
            NotFound: There is none of this name.
            Unauthorized: This client may not know.
        """
        answer = await self._transport.request(
            "GET",
            f"/1.0/storage-pools/{quote_segment(name)}",
            tried=f"read the storage pool {name}",
            params={"project": project},
        )
        pool = Fields(getattr(answer.result, "metadata", None), "the storage pool")
        return pool.text("driver", "")

    async def _names(self, path: str, what: str, **params: str) -> tuple[str, ...]:
        answer = await self._transport.request(
            "GET", path, tried=f"list {what}", params={"recursion": "1", **params}
        )
        listed = Fields({what: getattr(answer.result, "metadata", None)}, f"the {what}")
        return listed.each(what, lambda body: Fields(body, f"one of the {what}").text("name"))

    async def cpu_count(self) -> int | None:
        """Return how many CPUs the server has (``GET /1.0/resources``).

        Returns:
            The number of threads, or ``None`` where the server does not tell.

        Raises:
            Unauthorized: This client may not know.
        """
        answer = await self._transport.request(
            "GET", "/1.0/resources", tried="count the server's CPUs"
        )
        resources = Fields(getattr(answer.result, "metadata", None), "the resources")
        return Fields(resources.mapping("cpu"), "the CPUs").integer("total", 0) or None

    def events(self, *, project: str | None = None) -> EventStream:
        """Make a stream of the lifecycle and operation events.

        Args:
            project: Events of this project, or ``None`` for all projects.
        """
        return EventStream(self._transport, remote=self.remote, project=project)

    def adopt(self, task: asyncio.Task[None], cancel: Callable[[], Awaitable[None]]) -> None:
        """Take care of work that needs this connection and that nobody may be waiting for.

        Args:
            task: The work.
            cancel: Ends it in order; called when the connection is closed before.
        """
        self._work[task] = cancel
        task.add_done_callback(lambda ended: self._work.pop(ended, None))

    async def aclose(self) -> None:
        """Close the idle links to the server, and the SFTP sessions."""
        for cancel in tuple(self._work.values()):
            await cancel()
        await self.files.aclose()
        await self._transport.aclose()
