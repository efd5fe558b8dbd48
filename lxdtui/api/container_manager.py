"""``client.containers`` and ``client.instances``."""

from collections.abc import Mapping
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.containers import Container
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef

__all__ = ["ContainerManager"]


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
        instance = Instance.from_api(promised, remote=self._connection.remote)
        return Container(self._connection, instance, made_by=handle)

    def _ref(self, name: str) -> InstanceRef:
        return InstanceRef(self._connection.remote, self._project, name)
