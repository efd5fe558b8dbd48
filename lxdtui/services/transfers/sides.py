"""What copying needs of a place: the shape that both kinds of places have."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from lxdtui.api.beside import SMALL, Dress
from lxdtui.model.files import FileAttributes, FileEntry
from lxdtui.model.place import Place

__all__ = ["SMALL", "Digest", "Dress", "Far", "Near", "Side", "Small", "Staged", "plain"]


_PLAIN_BITS = 0o777


def plain(dress: Dress) -> Dress:
    """Leave set-id and sticky bits out."""
    return Dress(mode=dress.mode & _PLAIN_BITS, uid=dress.uid, gid=dress.gid, times=dress.times)


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of a content."""

    hex: str
    how: str
    """Who computed it, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A small file that is copied together with others."""

    source: str
    """Where it is."""
    size: int
    """Bytes that it is said to have."""
    path: str
    """Where it goes."""
    dress: Dress
    """Its attributes there."""


class Staged(Protocol):
    """A large file that is written under another name first."""

    async def write(self, pieces: AsyncIterable[bytes], progress: Callable[[int], None]) -> None:
        """Add pieces.

        Args:
            pieces: The content from the offset on.
            progress: Told how many of these bytes are written.
        """
        ...

    @property
    def sink(self) -> Callable[[memoryview], None] | None:
        """Adds a piece, which is not kept, from a thread; nothing where it is elsewhere."""
        ...

    async def send(
        self,
        descriptor: int,
        *,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> bool:
        """Add the rest of a file of this computer, if there is a faster way for that.

        Args:
            descriptor: The file.
            size: How many bytes it has.
            progress: Told how many bytes of the rest are on their way.
            may_go: Asked from a thread: while it says no, nothing is sent.

        Returns:
            Whether it was done; otherwise it has to be written piece by piece.
        """
        ...

    async def commit(self, dress: Dress, *, is_synced: bool) -> None:
        """Give the file its attributes and its name, over what is there, in one step.

        Args:
            dress: The attributes.
            is_synced: Bring it to the disk first, as something is lost with it otherwise.
        """
        ...

    async def leave(self) -> None:
        """Close it and keep what there is, to go on with later."""
        ...

    async def discard(self) -> None:
        """Close it and remove what there is."""
        ...


class Near(Protocol):
    """Small files of this computer, by calls that wait for the disk."""

    def read_now(self, path: str, size: int) -> bytes:
        """Read the beginning of a file: ``size`` bytes, and one more where there is one."""
        ...

    def put_now(self, path: str, data: bytes, dress: Dress) -> None:
        """Write a small file in one step, over a file or link that is there."""
        ...


class Far(Protocol):
    """Small files that are elsewhere, many at a time.

    With a file that is not as it is said to be, nothing is done; it has to be
    tried alone.
    """

    async def put_many(
        self,
        files: Sequence[Small],
        near: Near,
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Write files of this computer there.

        Args:
            files: The files.
            near: The files of this computer.
            done: Told the number of each that is there.
            may_go: Asked from a thread: while it says no, no further one is begun.
        """
        ...

    async def get_many(
        self,
        files: Sequence[Small],
        near: Near,
        *,
        done: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        """Read files from there; likewise."""
        ...


class Side(Protocol):
    """The files of one place, for copying. Paths are absolute.

    Failures are classes of :mod:`lxdtui.errors`. Below the folder that a side
    was made for, links are not followed unless that was asked for.
    """

    @property
    def place(self) -> Place:
        """Whose files these are."""
        ...

    @property
    def near(self) -> Near | None:
        """Its files by plain calls, if they are of this computer."""
        ...

    @property
    def far(self) -> Far | None:
        """Its files many at a time, if they are elsewhere."""
        ...

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Keep open what many calls need."""
        ...

    async def scan(self, path: str) -> list[FileEntry]:
        """List a directory with the attributes of its entries."""
        ...

    async def lstat(self, path: str) -> FileAttributes:
        """Read the attributes of a path itself."""
        ...

    async def stat(self, path: str) -> FileAttributes:
        """Read the attributes of what a path leads to."""
        ...

    async def read_link(self, path: str) -> str:
        """Read what a symbolic link holds."""
        ...

    async def read_small(self, path: str, size: int) -> bytes:
        """Read the beginning of a file: ``size`` bytes, and one more where there is one."""
        ...

    async def descriptor(self, path: str) -> int | None:
        """Open a file of this computer; the caller closes it. Elsewhere there is none."""
        ...

    def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        """Read a file to its end, piece by piece."""
        ...

    async def fetch(
        self,
        path: str,
        sink: Callable[[memoryview], None],
        *,
        offset: int,
        size: int,
        progress: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> int:
        """Read a part of a file past everything else, if there is a faster way for that.

        Args:
            path: The file.
            sink: Called from a thread with each piece in order.
            offset: First byte.
            size: Where the part ends.
            progress: Told the offset that is reached.
            may_go: Asked from a thread: while it says no, nothing is asked for.

        Returns:
            The offset that was reached; from there on it has to be read piece by piece.
        """
        ...

    async def make_directory(self, path: str, *, is_private: bool) -> None:
        """Make a directory; something that is there is a ``Conflict``."""
        ...

    async def finish_directory(self, path: str, dress: Dress) -> None:
        """Give a directory its attributes, when everything is in it."""
        ...

    async def make_link(self, target: str, path: str) -> None:
        """Make a symbolic link in one step, over a file or link that is there."""
        ...

    async def put_small(self, path: str, data: bytes, dress: Dress) -> None:
        """Write a small file in one step, over a file or link that is there."""
        ...

    async def stage(self, path: str, temporary: str, *, offset: int) -> Staged:
        """Begin a large file under another name, or go on with one.

        Args:
            path: Its name.
            temporary: Its name until then, in the same directory.
            offset: Bytes of it that are there and right; 0 begins anew.
        """
        ...

    async def remove(self, path: str, *, is_directory: bool) -> None:
        """Remove a file, a link itself or an empty directory."""
        ...

    async def sweep(self) -> tuple[str, ...]:
        """Remove temporary files that could not be removed at once.

        Returns:
            Those that still cannot.
        """
        ...

    async def rename(self, old: str, new: str) -> None:
        """Rename within this place, over a file that is there."""
        ...

    async def digest(self, path: str, length: int) -> Digest:
        """Compute the SHA-256 of the first bytes of a file as they are there now."""
        ...
