"""What can be done about the refusals that the servers know. Pure."""

import re

from lxdtui.errors import LxdTuiError, NotFound

__all__ = ["add_hint", "hint_for"]

# Words of LXD and of Incus; the first that matches is taken.
_HINTS: tuple[tuple[str, str], ...] = (
    (
        r"CRIU|criu",
        (
            "The memory can only be kept where CRIU is installed on the server. "
            "Take the snapshot without it."
        ),
    ),
    (
        r"migration\.stateful",
        "Set migration.stateful to true on it first, or do it without the memory.",
    ),
    (
        r"zfs\.remove_snapshots|subsequent (snapshot|internal)|more recent snapshots",
        (
            "ZFS goes back to the newest snapshot alone: delete the newer ones first, "
            "or make a new container from this one."
        ),
    ),
    (
        (
            r"UNIQUE constraint failed: instances_snapshots|\"instances_snapshots\" entry already"
            r"|[Ss]napshot .* already exists|already in use"
        ),
        "A snapshot of this name exists; choose another one.",
    ),
    (
        r"UNIQUE constraint failed: instances\.|\"instances\" entry already exists",
        "A container of this name exists; choose another one.",
    ),
    (
        r"[Ii]nvalid (instance )?snapshot name|Cannot contain (space|\"/\")|file name too long",
        (
            "A name takes letters, digits and . _ - but no blank and no slash, "
            "and is no longer than 255 bytes."
        ),
    ),
    (
        r"Invalid instance name|Instance name|Name (must|can only|cannot)",
        "A container's name takes up to 63 letters, digits and hyphens, and begins with a letter.",
    ),
    (r"[Aa]lias.* already exists", "Choose another alias, or delete that one first."),
    (
        (
            r"[Ss]napshot .*does not exist|[Ss]napshot not found|[Ii]nstance_snapshot not found"
            r"|InstanceSnapshot not found"
        ),
        "It was deleted or renamed meanwhile; the list shows what is there now.",
    ),
    (
        r"[Ss]tateful (restore|snapshot)|no state|not stateful",
        "Its memory was not kept; restore it without the memory.",
    ),
    (r"no space left|quota exceeded", "Delete snapshots that are not needed, or grow the pool."),
    (r"is running|running (container|instance)", "Stop it first, then try again."),
)


def hint_for(words: str) -> str:
    """Return what can be done about a refusal; empty where nothing is known.

    Args:
        words: The server's words.
    """
    for pattern, hint in _HINTS:
        if re.search(pattern, words):
            return hint
    return ""


def add_hint(error: LxdTuiError) -> None:
    """Add what can be done about it to an error that does not say so itself."""
    if not error.hint:
        error.hint = hint_for(getattr(error, "server_text", "") or error.message)
    if not error.hint and isinstance(error, NotFound):
        error.hint = "It was deleted or renamed meanwhile; the list shows what is there now."
