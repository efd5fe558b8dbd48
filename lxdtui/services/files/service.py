"""The files of every place that the interface shows."""

from collections.abc import Mapping

from lxdtui.api.connection import Connection
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.paths import state_dir
from lxdtui.services.files.bookmarks import Bookmarks
from lxdtui.services.files.container import ContainerFileSystem
from lxdtui.services.files.filesystem import FileSystem
from lxdtui.services.files.local import LocalFileSystem

__all__ = ["FileService"]


class FileService:
    """Gives file systems. They cost nothing, and may be kept or thrown away.

    Args:
        connections: All servers, by their names.
    """

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections
        self.bookmarks = Bookmarks(state_dir() / "bookmarks.json")
        """Folders that the user wants to find again."""

    def container(self, ref: InstanceRef) -> FileSystem:
        """Give the files of an instance, running or stopped."""
        return ContainerFileSystem(self._connections[ref.remote].files.of(ref))

    def local(self) -> FileSystem:
        """Give the files of this computer."""
        return LocalFileSystem()

    def at(self, place: Place) -> FileSystem:
        """Give the files of a place."""
        return self.local() if place.ref is None else self.container(place.ref)
