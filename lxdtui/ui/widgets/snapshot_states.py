"""What the snapshot list says in words: in its head, and where there are no rows. Pure."""

from collections.abc import Sequence
from datetime import datetime

from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Instance
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.cron import next_run
from lxdtui.ui.format.amounts import plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["placeholder", "summary"]

Lines = tuple[tuple[Piece, ...], ...]


def summary(known: Sequence[Snapshot], instance: Instance | None, now: datetime) -> str:
    """Return how many snapshots there are, how large, and when the next one comes.

    Args:
        known: All snapshots.
        instance: Their container, while it exists.
        now: The time of day.
    """
    parts: list[str] = []
    if known:
        words = plural(len(known), "snapshot")
        if all(one.size >= 0 for one in known):
            words += f", {size(sum(one.size for one in known))}"
        parts.append(words)
    schedule = instance.expanded_config.get("snapshots.schedule", "") if instance else ""
    run = next_run(schedule, now.astimezone())
    if run is not None:
        within = "next in" if run.is_exact else "next within"
        parts.append(f"{within} {age((run.at - now).total_seconds())}")
    return "   ".join(parts)


def placeholder(
    name: str,
    known: Sequence[Snapshot] | None,
    *,
    exists: bool,
    is_stale: bool,
    words: str,
    error: LxdTuiError | None,
    glyphs: Glyphs,
) -> Lines:
    """Return what stands where there are no rows.

    Args:
        name: Name of the container.
        known: Its snapshots, or ``None`` while they were not read.
        exists: Whether the container exists.
        is_stale: Whether nothing can be done now.
        words: Words of the filter.
        error: Why they could not be read.
        glyphs: The characters to draw with.
    """
    if not exists and known is None:
        return ((gap(4), Piece(f"{safe_text(name)} does not exist any more.", "$fg")),)
    if known is None and error is not None:
        return _failed(error, glyphs)
    if known is None:
        return (
            (gap(2), Piece(glyphs.working[0], "$accent"), Piece(" reading snapshots", "$muted")),
        )
    if words and known:
        return (_keyed(f"Nothing matches `{safe_text(words.strip())}`.", "Esc", " clears"),)
    sentence = f"No snapshots of {safe_text(name)} yet."
    if is_stale:
        return ((gap(4), Piece(sentence, "$muted")),)
    return (_keyed(sentence, "n", " takes one"),)


def _failed(error: LxdTuiError, glyphs: Glyphs) -> Lines:
    tried = safe_text(getattr(error, "tried", ""))
    reason = safe_text(getattr(error, "server_text", "") or error.message)
    return (
        (gap(2), Piece(f"{glyphs.error} ", "$red"), Piece(f"Cannot {tried}", "$strong")),
        (gap(4), Piece(reason, "$fg")),
        (gap(4), Piece("Ctrl-R", "$accent bold"), Piece(" tries again", "$muted")),
    )


def _keyed(words: str, key: str, does: str) -> tuple[Piece, ...]:
    return (
        gap(4),
        Piece(words, "$fg"),
        gap(2),
        Piece(key, "$accent bold"),
        Piece(does, "$muted"),
    )
