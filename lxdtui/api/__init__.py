"""An asynchronous client of LXD and Incus, usable without the interface.

::

    async with Client(endpoint="https://server:8443", cert=("c.crt", "c.key")) as client:
        container = await client.containers.get("web1")
        await container.start(wait=True)

:class:`Client` speaks the words of the seed page; :class:`Connection` below it
has plain, typed calls by reference. Every failure is one of
:mod:`lxdtui.errors`.
"""

from lxdtui.api.client import Client, find_local
from lxdtui.api.connection import Connection
from lxdtui.api.container_manager import ContainerManager
from lxdtui.api.containers import Container, ContainerState
from lxdtui.api.endpoint import Endpoint, local_sockets
from lxdtui.api.images import Image, ImageManager
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import Finding, MigrationMode, MigrationOptions
from lxdtui.api.simplestreams import ImageServer
from lxdtui.api.snapshots import Snapshot, SnapshotManager

__all__ = [
    "Client",
    "Connection",
    "Container",
    "ContainerManager",
    "ContainerState",
    "Endpoint",
    "Finding",
    "Image",
    "ImageManager",
    "ImageServer",
    "Migration",
    "MigrationMode",
    "MigrationOptions",
    "Snapshot",
    "SnapshotManager",
    "find_local",
    "local_sockets",
]
