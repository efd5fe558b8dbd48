"""Renaming many entries of a folder at once, in an order that loses none."""

import secrets
from collections.abc import Collection, Sequence

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import NAME_BYTES, is_entry_name, join_path, path_bytes
from lxdtui.services.files.filesystem import FileSystem, Progress

__all__ = ["plan_renames", "rename_all", "why_not_rename"]


def why_not_rename(old: Sequence[str], new: Sequence[str], taken: Collection[str]) -> str:
    """Say why some names cannot be given, in words; nothing where they can.

    Args:
        old: The names that there are.
        new: The name that each one gets.
        taken: All names of the folder.
    """
    if len(new) != len(old):
        return f"there are {len(new)} names for {len(old)} entries"
    staying = set(taken) - set(old)
    seen: set[str] = set()
    for number, name in enumerate(new, 1):
        if not is_entry_name(name):
            return f"line {number} is no name"
        if len(path_bytes(name)) > NAME_BYTES:
            return f"line {number} takes more than {NAME_BYTES} bytes"
        if name in seen:
            return f"line {number} has the name of another line"
        if name in staying:
            return f"line {number} has a name that exists already"
        seen.add(name)
    return ""


def plan_renames(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Put renames into an order in which none lands on an entry that is still there.

    Names that go round in a circle are broken up with a name of their own.

    Args:
        old: The names that there are.
        new: The name that each one gets; see :func:`why_not_rename`.
    """
    waiting = {before: after for before, after in zip(old, new, strict=True) if before != after}
    steps: list[tuple[str, str]] = []
    while waiting:
        free = [before for before, after in waiting.items() if after not in waiting]
        if not free:
            before, after = next(iter(waiting.items()))
            aside = f".{secrets.token_hex(8)}.rename"
            steps.append((before, aside))
            del waiting[before]
            waiting[aside] = after
            continue
        steps += [(before, waiting.pop(before)) for before in free]
    return steps


async def rename_all(
    files: FileSystem,
    folder: str,
    steps: Sequence[tuple[str, str]],
    *,
    progress: Progress | None = None,
) -> None:
    """Rename entries of a folder; what was done is undone where one fails.

    Args:
        files: Where the folder is.
        folder: Its path.
        steps: The renames in their order, see :func:`plan_renames`.
        progress: Told how many were renamed.

    Raises:
        LxdTuiError: One failed; its hint says how many could not be undone, if any.
    """
    done: list[tuple[str, str]] = []
    async with files.hold():
        try:
            for before, after in steps:
                await files.rename(join_path(folder, before), join_path(folder, after))
                done.append((before, after))
                if progress is not None:
                    progress(len(done))
        except BaseException as error:
            left = await _undo(files, folder, done)
            if isinstance(error, LxdTuiError):
                error.hint = (
                    f"These keep their new names: {', '.join(left)}"
                    if left
                    else "The entries that were renamed before have their old names again."
                )
            raise


async def _undo(files: FileSystem, folder: str, done: Sequence[tuple[str, str]]) -> list[str]:
    left: list[str] = []
    for before, after in reversed(done):
        try:
            await files.rename(join_path(folder, after), join_path(folder, before))
        except LxdTuiError:
            left.append(after)
    return left
