"""The client of the seed page: one server, its containers."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from lxdtui.api.connection import Connection
from lxdtui.api.container_manager import ContainerManager
from lxdtui.api.endpoint import Endpoint, local_sockets
from lxdtui.api.images import ImageManager
from lxdtui.errors import ConnectionFailed, ConnectionProblem
from lxdtui.model.server import Server

__all__ = ["Client", "find_local"]


def find_local(sockets: Sequence[Path]) -> Path:
    """Choose the socket of the local server.

    Args:
        sockets: Where one may be, best first.

    Returns:
        The first that this user may open, else the first that exists.

    Raises:
        ConnectionFailed: None of them exists.
    """
    present = [path for path in sockets if _is_there(path)]
    for path in present:
        if os.access(path, os.W_OK):
            return path
    if present:
        return present[0]
    raise ConnectionFailed(
        "find a local server",
        ConnectionProblem.MISSING,
        "no socket of LXD or Incus at " + ", ".join(map(str, sockets)),
        hint="Is LXD or Incus installed and running?",
    )


def _is_there(path: Path) -> bool:
    """Say whether a socket is there; one in a folder that is closed to us may be."""
    try:
        return path.exists()
    except PermissionError:
        return True


class Client:
    """A server of LXD or Incus.

    ::

        async with Client() as client:
            for container in await client.containers.all():
                print(container.name, container.status)

    Args:
        endpoint: ``https://host:8443``, ``unix:///path`` or a path of a socket;
            without one the local server is looked for, where the ``lxc`` and
            ``incus`` clients would.
        cert: Client certificate and key, paths of PEM files.
        verify: ``True`` to check the server's certificate by the system's
            authorities, a path to pin it, ``False`` to trust anybody.
        project: The project that is looked at.
        remote: Name of the server, for references and messages.

    Raises:
        ConfigError: The endpoint or the certificates cannot be used.
        ConnectionFailed: Without an endpoint, no local server was found.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        cert: tuple[str | Path, str | Path] | None = None,
        verify: bool | str | Path = True,
        project: str = "default",
        remote: str = "local",
    ) -> None:
        if endpoint is None:
            place = Endpoint(socket=find_local(tuple(local_sockets(os.environ))))
        else:
            place = Endpoint.parse(endpoint, cert=cert, verify=verify)
        self.project = project
        self.connection = Connection(place, remote=remote)
        self.containers = ContainerManager(
            self.connection, project=project, instance_type="container"
        )
        self.instances = ContainerManager(self.connection, project=project)
        self.images = ImageManager(self.connection, project=project)

    async def __aenter__(self) -> Self:
        await self.connection.open()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.connection.aclose()

    @property
    def server(self) -> Server:
        """What the server tells about itself."""
        return self.connection.server
