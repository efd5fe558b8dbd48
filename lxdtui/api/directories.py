"""Directories of an instance: listed whole, and made with those above them."""

import contextlib
from contextlib import aclosing

from lxdtui.api.file_trees import FileTree, Wanted
from lxdtui.api.parallel import in_parallel
from lxdtui.errors import BadRequest, Conflict, NotFound, UnexpectedResponse
from lxdtui.model.files import FileEntry, FileKind, join_path, parent_path

__all__ = ["ENTRY_LIMIT", "list_directory", "make_directory"]

ENTRY_LIMIT = 200_000
"""Entries of one directory that are listed at once; more are an error."""

_AT_ONCE = 32


async def list_directory(tree: FileTree, path: str, *, links: bool, tried: str) -> list[FileEntry]:
    """List a directory with the attributes of its entries.

    Args:
        tree: The instance's files.
        path: Absolute path.
        links: Also ask what symbolic links hold and lead to.
        tried: What is tried, in words.

    Raises:
        UnexpectedResponse: There are more than :data:`ENTRY_LIMIT` entries.
    """
    entries: list[FileEntry] = []
    async with aclosing(tree.scan(path)) as batches:
        async for batch in batches:
            entries += batch
            if len(entries) > ENTRY_LIMIT:
                raise UnexpectedResponse(tried, f"there are more than {ENTRY_LIMIT} entries")
    if links:
        await _look_behind_links(tree, path, entries)
    return entries


async def make_directory(tree: FileTree, path: str, wanted: Wanted, *, parents: bool) -> None:
    """Make a directory.

    Args:
        tree: The instance's files.
        path: Absolute path.
        wanted: Attributes of the directory itself, not of those above it.
        parents: Make those above it as well, and be content where it exists.

    Raises:
        Conflict: Something of the name exists.
    """
    missing = [path]
    while missing:
        made = missing[-1]
        try:
            await tree.make_directory(made, wanted=wanted if made == path else Wanted())
        except NotFound:
            above = parent_path(made)
            if not parents or above == made:
                raise
            missing.append(above)
            continue
        except Conflict:
            if not parents or (await tree.stat(made)).kind is not FileKind.DIRECTORY:
                raise
        missing.pop()


async def _look_behind_links(tree: FileTree, path: str, entries: list[FileEntry]) -> None:
    async def look(index: int) -> None:
        entry = entries[index]
        where = join_path(path, entry.name)
        try:
            target = await tree.read_link(where)
        except (NotFound, BadRequest):
            # It is gone, or something else by now.
            return
        kind = None
        with contextlib.suppress(NotFound, BadRequest):
            kind = (await tree.stat(where)).kind
        entries[index] = FileEntry(
            name=entry.name, attributes=entry.attributes, target=target, target_kind=kind
        )

    links = [index for index, entry in enumerate(entries) if entry.kind is FileKind.SYMLINK]
    await in_parallel(links, look, width=_AT_ONCE)
