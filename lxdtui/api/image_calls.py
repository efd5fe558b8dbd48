"""Typed calls on images and their aliases."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from lxdtui.api.envelope import Done
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Transport
from lxdtui.errors import Conflict, NotFound, UnexpectedResponse
from lxdtui.model.fields import Fields
from lxdtui.model.image import Image, ImageAlias
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["ImageCalls"]


class ImageCalls:
    """Calls below ``/1.0/images`` of one server.

    Args:
        transport: The server.
        operations: Its operations.
        before_publish: Awaited before an image is made of an instance.
    """

    def __init__(
        self,
        transport: Transport,
        operations: OperationCalls,
        *,
        before_publish: Callable[[InstanceRef], Awaitable[None]] | None = None,
    ) -> None:
        self._transport = transport
        self._operations = operations
        self._before_publish = before_publish

    async def list(self, *, project: str) -> tuple[Image, ...]:
        """List the images of a project (``GET /1.0/images?recursion=1``)."""
        found = await self._read("", project, tried="list images", recursive=True)
        return Fields({"images": found}, "the images").each("images", Image.from_api)

    async def get(self, fingerprint: str, *, project: str) -> Image:
        """Read one image (``GET /1.0/images/FINGERPRINT``).

        Args:
            fingerprint: The fingerprint or the beginning of it.
            project: The project.

        Raises:
            NotFound: There is none.
        """
        path = f"/{quote_segment(fingerprint)}"
        return Image.from_api(
            await self._read(path, project, tried=f"read the image {fingerprint}")
        )

    async def aliases(self, *, project: str) -> tuple[ImageAlias, ...]:
        """List the aliases of a project (``GET /1.0/images/aliases?recursion=1``)."""
        found = await self._read("/aliases", project, tried="list image aliases", recursive=True)
        return Fields({"aliases": found}, "the aliases").each("aliases", ImageAlias.from_api)

    async def alias(self, name: str, *, project: str) -> ImageAlias:
        """Read one alias (``GET /1.0/images/aliases/NAME``).

        Raises:
            NotFound: There is none.
        """
        path = f"/aliases/{quote_segment(name)}"
        return ImageAlias.from_api(
            await self._read(path, project, tried=f"read the image alias {name}")
        )

    async def create_alias(
        self, name: str, fingerprint: str, *, description: str = "", project: str
    ) -> None:
        """Give an image a further name (``POST /1.0/images/aliases``).

        Raises:
            Conflict: The name is taken.
            NotFound: There is no such image.
        """
        await self._transport.request(
            "POST",
            "/1.0/images/aliases",
            tried=f"give the image {fingerprint[:12]} the alias {name}",
            params={"project": project},
            json={"name": name, "target": fingerprint, "description": description},
        )

    async def delete_alias(self, name: str, *, project: str) -> None:
        """Take a name from an image (``DELETE /1.0/images/aliases/NAME``).

        Raises:
            NotFound: There is none.
        """
        await self._transport.request(
            "DELETE",
            f"/1.0/images/aliases/{quote_segment(name)}",
            tried=f"delete the image alias {name}",
            params={"project": project},
        )

    async def delete(self, fingerprint: str, *, project: str) -> OperationHandle:
        """Begin to delete an image and its aliases (``DELETE /1.0/images/FINGERPRINT``).

        Raises:
            NotFound: There is none.
        """
        tried = f"delete the image {fingerprint[:12]}"
        answer = await self._transport.request(
            "DELETE",
            f"/1.0/images/{quote_segment(fingerprint)}",
            tried=tried,
            params={"project": project},
        )
        return self._operations.handle(answer, tried=tried, project=project)

    async def publish(
        self,
        ref: InstanceRef,
        *,
        snapshot: str = "",
        public: bool = False,
        aliases: Iterable[str] = (),
        properties: Mapping[str, str] | None = None,
    ) -> OperationHandle:
        """Begin to make an image of an instance or a snapshot (``POST /1.0/images``).

        The instance must be stopped, or the operation fails; that of a snapshot
        may run. It cannot be cancelled.

        Args:
            ref: The instance.
            snapshot: The snapshot, or empty for the instance as it is.
            public: Whether clients that are not trusted may download the image.
            aliases: Names for it. They are looked up first, because the servers
                notice too late that one is taken: the image is made and stays.
            properties: Properties of it, such as ``os`` and ``description``.

        Raises:
            Conflict: One of the aliases exists.
            NotFound: The instance or snapshot does not exist.
        """
        subject = f"{ref.name}/{snapshot}" if snapshot else ref.name
        tried = f"publish {subject} as an image"
        wanted = tuple(aliases)
        for name in wanted:
            if await self._is_taken(name, project=ref.project):
                raise Conflict(tried, f"the image alias {name} already exists", status=409)
        body: dict[str, Any] = {
            "source": {"type": "snapshot" if snapshot else "instance", "name": subject},
            "public": public,
            "properties": dict(properties or {}),
            "aliases": [{"name": name, "description": ""} for name in wanted],
        }
        if self._before_publish is not None:
            await self._before_publish(ref)
        answer = await self._transport.request(
            "POST", "/1.0/images", tried=tried, params={"project": ref.project}, json=body
        )
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def _is_taken(self, alias: str, *, project: str) -> bool:
        try:
            await self.alias(alias, project=project)
        except NotFound:
            return False
        return True

    async def _read(
        self, below: str, project: str, *, tried: str, recursive: bool = False
    ) -> object:
        params = {"project": project} | ({"recursion": "1"} if recursive else {})
        answer = await self._transport.request(
            "GET", f"/1.0/images{below}", tried=tried, params=params
        )
        if not isinstance(answer.result, Done):
            raise UnexpectedResponse(tried, "an operation instead of a result")
        return answer.result.metadata
