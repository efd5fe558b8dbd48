"""What a file system can do, be it in an instance or on this computer."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeAlias

from lxdtui.model.files import FileAttributes, FileEntry
from lxdtui.model.place import Place

__all__ = ["READ_LIMIT", "Content", "Entries", "FileSystem", "Progress"]

READ_LIMIT = 256 << 20
"""Bytes of a file that are read into memory, where nothing else is said."""

Content: TypeAlias = bytes | AsyncIterable[bytes]
"""What is written: at once, or piece by piece."""
Entries: TypeAlias = list[FileEntry]
"""Entries of one directory."""
Progress: TypeAlias = Callable[[int], None]
"""Told how many bytes, or entries, are done so far."""


class FileSystem(Protocol):
    """The files of one place. Nothing is sent or opened before the first call.

    Paths are absolute and ``str`` as :mod:`lxdtui.model.files` writes them, so
    every name comes back byte for byte. Every call may be cancelled at any
    time, and raises a class of :mod:`lxdtui.errors`, the same for all places:

    - ``NotFound``: it, or a directory on the way to it, is not there
    - ``Conflict``: something is in the way, a directory is not empty; ``FileBusy``:
      the system uses it, as a mount point
    - ``BadRequest``: it is not the kind of thing that this can be done to
    - ``Unauthorized``: this user may not do that
    - ``ExtensionMissing``: the server lacks what it takes
    - ``ServerError`` in an instance, ``LocalFileError`` on this computer: anything
      else, such as a full disk
    - ``ConnectionFailed``, ``SessionClosed``: the server is out of reach
    """

    @property
    def place(self) -> Place:
        """Whose files these are."""
        ...

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Keep the way to the files open for many calls.

        Meanwhile the servers do not start the instance, and LXD does not stop it.
        """
        ...

    # Looking.

    async def list(self, path: str) -> Entries:
        """List a directory, or what a link to one leads to.

        The entries come in no order, with their attributes, and links with
        what they hold and lead to.
        """
        ...

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to, links followed."""
        ...

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        ...

    async def exists(self, path: str) -> bool:
        """Say whether something is there, be it a link that leads nowhere."""
        ...

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        ...

    def walk(self, path: str) -> AsyncGenerator[tuple[str, Entries], None]:
        """Go through a directory and all below it, each before what it holds.

        Links are not followed, and nothing is said of what they hold.
        Directories that vanish meanwhile are left out.

        Yields:
            The path of a directory, and its entries.
        """
        ...

    async def home(self) -> str:
        """Return the home directory of the user: of root in an instance."""
        ...

    async def free_space(self, path: str) -> int | None:
        """Return how many bytes can still be written below a path, where that is known."""
        ...

    # Contents.

    def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file, links followed, in pieces of at most one mebibyte.

        Args:
            path: The file; devices, sockets and pipes are a ``BadRequest``.
            offset: First byte.
        """
        ...

    async def read_bytes(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        """Read a whole file, links followed.

        Raises:
            BadRequest: It is larger than ``limit`` bytes.
        """
        ...

    async def write(
        self,
        path: str,
        content: Content,
        *,
        size: int | None = None,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Replace the content of a file in one step, or create the file.

        It is written beside under another name, brought to the disk and renamed
        over the old one: whatever breaks before that leaves the old file whole.

        Args:
            path: The file; where it is a link, what that leads to is replaced.
            content: The content.
            size: How many bytes there are, where that is known; others are a failure.
            mode: Permission bits; those of the old file, or 0644, by default.
            uid: Owner; that of the old file, or of the one who writes, by default.
            gid: Group, likewise.
            progress: Told how many bytes were written.
        """
        ...

    async def overwrite(self, path: str, content: bytes) -> None:
        """Write over a file in place: whatever breaks leaves it half written.

        Owner and mode stay, set-id bits do not. For files that nothing else can
        take the place of, see :class:`~lxdtui.errors.FileBusy`.

        Args:
            path: The file, which is there; a link is written through.
            content: The content.
        """
        ...

    async def append(
        self, path: str, content: Content, *, progress: Progress | None = None
    ) -> None:
        """Write to the end of a file, in place; one that is missing is made, mode 0600.

        Args:
            path: The file, not a link.
            content: What is added.
            progress: Told how many bytes were added.
        """
        ...

    # Changes.

    async def make_directory(
        self,
        path: str,
        *,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        parents: bool = False,
    ) -> None:
        """Make a directory.

        Args:
            path: The directory.
            mode: Permission bits, 0755 by default.
            uid: Owner; the one who makes it by default.
            gid: Group, likewise.
            parents: Make the directories above it as well, and be content
                where it exists already.

        Raises:
            Conflict: Something of the name exists.
        """
        ...

    async def symlink(self, target: str, path: str) -> None:
        """Make a symbolic link.

        Args:
            target: What it holds, byte for byte; need not exist.
            path: Where it is made.

        Raises:
            Conflict: Something of the name exists.
        """
        ...

    async def rename(self, old: str, new: str, *, replace: bool = False) -> None:
        """Rename or move within the place.

        Args:
            old: What is renamed; a link itself.
            new: Its new path.
            replace: Over a file that is there, in one step. Otherwise that is
                looked for beforehand, and who is quick enough gets in between.

        Raises:
            Conflict: Something of the new name exists.
        """
        ...

    async def chmod(self, path: str, mode: int) -> None:
        """Change the permission bits of what a path leads to."""
        ...

    async def chown(self, path: str, *, uid: int | None = None, gid: int | None = None) -> None:
        """Change owner or group of what a path leads to."""
        ...

    async def set_modified(self, path: str, modified: datetime) -> None:
        """Change the time of the last change of what a path leads to, to a second.

        The time of the last reading becomes the same.
        """
        ...

    async def remove(self, path: str) -> None:
        """Remove a file, a link itself or an empty directory.

        Raises:
            Conflict: The directory is not empty.
        """
        ...

    async def remove_tree(self, path: str, *, progress: Progress | None = None) -> int:
        """Remove whatever is there, with all that it holds. Links are not followed.

        Args:
            path: A directory, a file or a link.
            progress: Told how many entries were removed.

        Returns:
            How many entries were removed.
        """
        ...
