"""Files of instances and of this computer, in one shape."""

from lxdtui.services.files.container import ContainerFileSystem
from lxdtui.services.files.counting import Amount, count_below
from lxdtui.services.files.filesystem import READ_LIMIT, Content, Entries, FileSystem, Progress
from lxdtui.services.files.local import LocalFileSystem
from lxdtui.services.files.owners import Owners, read_owners
from lxdtui.services.files.service import FileService

__all__ = [
    "READ_LIMIT",
    "Amount",
    "ContainerFileSystem",
    "Content",
    "Entries",
    "FileService",
    "FileSystem",
    "LocalFileSystem",
    "Owners",
    "Progress",
    "count_below",
    "read_owners",
]
