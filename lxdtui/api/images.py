"""Images, for ``client.images`` and as the result of ``publish``."""

from collections.abc import Mapping
from typing import ClassVar

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.api.read_only import ReadOnlyAttributes
from lxdtui.errors import NotFound
from lxdtui.model import image as model
from lxdtui.model.fields import Fields
from lxdtui.model.image import ImageAlias

__all__ = ["Image", "ImageManager", "finish_publishing"]


class Image(ReadOnlyAttributes):
    """An image of the server."""

    INSTEAD: ClassVar[Mapping[str, str]] = {
        "fingerprint": "it is computed of the image's content",
        "aliases": "use add_alias() and delete_alias()",
        "info": "use sync() to read it again",
    }

    def __init__(self, connection: Connection, project: str, info: model.Image) -> None:
        self._connection = connection
        self._project = project
        self._info = info

    def __repr__(self) -> str:
        return f"<Image {self.fingerprint[:12]}>"

    @property
    def info(self) -> model.Image:
        """All that the server tells, typed."""
        return self._info

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the image files, lower-case hexadecimal."""
        return self._info.fingerprint

    @property
    def aliases(self) -> list[dict[str, str]]:
        """Its names, each an object with ``name`` and ``description``."""
        return [
            {"name": alias.name, "description": alias.description} for alias in self._info.aliases
        ]

    @property
    def architecture(self) -> str:
        """The architecture."""
        return self._info.architecture

    @property
    def properties(self) -> dict[str, str]:
        """Words on the image by key, such as ``os``, ``release`` and ``description``."""
        return dict(self._info.properties)

    @property
    def public(self) -> bool:
        """Whether clients that are not trusted may download it."""
        return self._info.public

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self._info.size

    async def sync(self) -> None:
        """Read the image again.

        Raises:
            NotFound: It does not exist any more.
        """
        self._info = await self._connection.images.get(self.fingerprint, project=self._project)

    async def add_alias(self, name: str, description: str = "") -> None:
        """Give the image a further name.

        Raises:
            Conflict: The name is taken.
        """
        await self._connection.images.create_alias(
            name, self.fingerprint, description=description, project=self._project
        )
        await self.sync()

    async def delete_alias(self, name: str) -> None:
        """Take a name from the image.

        Raises:
            NotFound: There is none.
        """
        await self._connection.images.delete_alias(name, project=self._project)
        await self.sync()

    async def delete(self, wait: bool = False) -> None:
        """Delete the image and its aliases.

        Raises:
            NotFound: It does not exist.
            OperationFailed: With ``wait``, the server could not do it.
        """
        handle = await self._connection.images.delete(self.fingerprint, project=self._project)
        if wait:
            await handle.wait()


class ImageManager:
    """``client.images``.

    Args:
        connection: The server.
        project: The project that is looked at.
    """

    def __init__(self, connection: Connection, *, project: str) -> None:
        self._connection = connection
        self._project = project

    async def all(self) -> list[Image]:
        """Get all images."""
        listed = await self._connection.images.list(project=self._project)
        return [self._image(info) for info in listed]

    async def get(self, fingerprint: str) -> Image:
        """Get an image by its fingerprint or the beginning of it.

        Raises:
            NotFound: There is none.
        """
        return self._image(await self._connection.images.get(fingerprint, project=self._project))

    async def get_by_alias(self, alias: str) -> Image:
        """Get an image by one of its aliases.

        Raises:
            NotFound: There is none.
        """
        found = await self._connection.images.alias(alias, project=self._project)
        return await self.get(found.target)

    async def exists(self, fingerprint: str, alias: bool = False) -> bool:
        """Say whether an image exists.

        Args:
            fingerprint: The fingerprint, or with ``alias`` one of its aliases.
            alias: Look for an alias.
        """
        try:
            await (self.get_by_alias(fingerprint) if alias else self.get(fingerprint))
        except NotFound:
            return False
        return True

    async def aliases(self) -> list[ImageAlias]:
        """Get all aliases."""
        return [*await self._connection.images.aliases(project=self._project)]

    def _image(self, info: model.Image) -> Image:
        return Image(self._connection, self._project, info)


async def finish_publishing(
    connection: Connection, handle: OperationHandle, project: str, *, wait: bool
) -> Image | None:
    """Wait for an image that is being made, where that is wanted.

    Returns:
        The image with ``wait``, else ``None``.

    Raises:
        OperationFailed: The image could not be made.
    """
    if not wait:
        return None
    operation = await handle.wait()
    metadata = Fields(operation.metadata if operation else {}, "the result of publishing")
    fingerprint = metadata.text("fingerprint")
    return Image(connection, project, await connection.images.get(fingerprint, project=project))
