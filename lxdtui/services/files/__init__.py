"""Files of instances and of this computer, in one shape."""

from lxdtui.services.files.attributes import AttributeChange, Reach, change_attributes
from lxdtui.services.files.bookmarks import Bookmarks
from lxdtui.services.files.container import ContainerFileSystem
from lxdtui.services.files.counting import Amount, count_below
from lxdtui.services.files.filesystem import READ_LIMIT, Content, Entries, FileSystem, Progress
from lxdtui.services.files.find import Find, Found, Query
from lxdtui.services.files.local import LocalFileSystem
from lxdtui.services.files.owners import Owners, read_owners
from lxdtui.services.files.renaming import plan_renames, rename_all, why_not_rename
from lxdtui.services.files.service import FileService

__all__ = [
    "READ_LIMIT",
    "Amount",
    "AttributeChange",
    "Bookmarks",
    "ContainerFileSystem",
    "Content",
    "Entries",
    "FileService",
    "FileSystem",
    "Find",
    "Found",
    "LocalFileSystem",
    "Owners",
    "Progress",
    "Query",
    "Reach",
    "change_attributes",
    "count_below",
    "plan_renames",
    "read_owners",
    "rename_all",
    "why_not_rename",
]
