"""How much there is below some paths, counted before something is done to it."""

from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass

from lxdtui.errors import LxdTuiError, NotFound
from lxdtui.model.files import FileEntry, FileKind
from lxdtui.services.files.filesystem import FileSystem

__all__ = ["Amount", "count_below"]


@dataclass(slots=True, kw_only=True)
class Amount:
    """How much was found so far."""

    files: int = 0
    folders: int = 0
    others: int = 0
    """Links, devices, sockets and pipes."""
    bytes: int = 0
    """Bytes in files."""
    unread: int = 0
    """Folders that could not be read."""

    @property
    def entries(self) -> int:
        """All together."""
        return self.files + self.folders + self.others

    def add(self, entry: FileEntry) -> None:
        """Count an entry itself."""
        if entry.kind is FileKind.DIRECTORY:
            self.folders += 1
        elif entry.kind is FileKind.FILE:
            self.files += 1
            self.bytes += entry.attributes.size or 0
        else:
            self.others += 1


async def count_below(
    files: FileSystem,
    entries: Iterable[tuple[str, FileEntry]],
    *,
    progress: Callable[[Amount], None] | None = None,
) -> Amount:
    """Count entries and all that is below them. Links are not followed.

    Args:
        files: Where they are.
        entries: Their paths, and what is known of them.
        progress: Told now and then what was found so far.

    Raises:
        LxdTuiError: The place is out of reach.
    """
    amount = Amount()
    async with files.hold():
        for path, entry in entries:
            amount.add(entry)
            if entry.kind is FileKind.DIRECTORY:
                await _count_folder(files, path, amount, progress)
    return amount


async def _count_folder(
    files: FileSystem, path: str, amount: Amount, progress: Callable[[Amount], None] | None
) -> None:
    try:
        async with aclosing(files.walk(path)) as folders:
            async for _, found in folders:
                for entry in found:
                    amount.add(entry)
                if progress is not None:
                    progress(amount)
    except NotFound:
        return
    except LxdTuiError:
        # Part of it may not be read; what removes it will say why.
        amount.unread += 1
