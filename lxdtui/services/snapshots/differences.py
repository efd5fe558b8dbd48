"""What is different between two trees of files: values, and the rules for one entry. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.files import FileAttributes, FileEntry, FileKind

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "Verdict",
    "are_attributes_different",
    "judge",
    "unlike_words",
]


class Change(StrEnum):
    """What became of an entry from the old tree to the new one."""

    ADDED = "added"
    CHANGED = "changed"
    """Its content, what a link holds, or what it is."""
    ATTRIBUTES = "attributes"
    """Mode, owner or group alone."""
    DELETED = "deleted"
    UNREADABLE = "not read"
    """It cannot be said: one side could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An entry that is different."""

    path: str
    """Absolute path."""
    change: Change
    old: FileAttributes | None = None
    """What it was; ``None`` where it was not there."""
    new: FileAttributes | None = None
    """What it is; ``None`` where it is not there."""
    below: int = 0
    """How many entries a whole directory holds that came or went."""
    words: str = ""
    """Why it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was found in all."""

    differences: tuple[Difference, ...]
    """By path."""
    entries: int
    """Entries that were looked at on either side."""
    read_bytes: int
    """Bytes of contents that had to be read."""
    left_out: tuple[str, ...]
    """What was not compared: mounts of a running container."""
    more: int = 0
    """Further differences that are not kept, because there are too many."""


class Verdict(StrEnum):
    """What the attributes of an entry on both sides say."""

    SAME = "same"
    DIFFERENT = "different"
    ASK_CONTENT = "ask content"
    """The size is the same and the time is not: only the content tells."""
    ASK_LINK = "ask link"


def judge(old: FileEntry, new: FileEntry) -> Verdict:
    """Say whether what an entry holds is different, as far as its attributes tell.

    A file of the same size and time counts as the same; the servers tell times
    to a second.

    Args:
        old: The entry on the old side.
        new: The entry of that name on the new side.
    """
    if old.kind is not new.kind:
        return Verdict.DIFFERENT
    before, after = old.attributes, new.attributes
    is_same_time = before.modified is not None and before.modified == after.modified
    match old.kind:
        case FileKind.FILE if before.size != after.size or before.size is None:
            return Verdict.DIFFERENT
        case FileKind.FILE if before.size and not is_same_time:
            return Verdict.ASK_CONTENT
        case FileKind.SYMLINK if before.size != after.size:
            return Verdict.DIFFERENT
        case FileKind.SYMLINK if not is_same_time:
            return Verdict.ASK_LINK
        case _:
            return Verdict.SAME


def are_attributes_different(old: FileEntry, new: FileEntry) -> bool:
    """Say whether mode, owner or group are different; those of links do not matter."""
    if old.kind is FileKind.SYMLINK:
        return False
    before, after = old.attributes, new.attributes
    return (before.mode, before.uid, before.gid) != (after.mode, after.uid, after.gid)


def unlike_words(difference: Difference) -> str:
    """Say in a few words what is different, without names."""
    old, new = difference.old, difference.new
    if difference.words:
        return difference.words
    if old is None or new is None:
        there = old or new
        kind = str(there.kind) if there is not None else ""
        return f"{kind}, {difference.below} below" if difference.below else kind
    words: list[str] = []
    if old.kind is not new.kind:
        words.append(f"{old.kind} to {new.kind}")
    if old.mode != new.mode and old.mode is not None and new.mode is not None:
        words.append(f"mode {old.mode:04o} to {new.mode:04o}")
    if (old.uid, old.gid) != (new.uid, new.gid):
        words.append(f"owner {old.uid}:{old.gid} to {new.uid}:{new.gid}")
    return ", ".join(words)
