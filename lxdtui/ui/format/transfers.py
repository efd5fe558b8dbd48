"""Transfers in words: what, where to, how far, how fast."""

from collections.abc import Sequence

from lxdtui.model.files import FileAttributes
from lxdtui.model.place import Place
from lxdtui.services.transfers import Choice, TransferState, TransferView
from lxdtui.ui.format.amounts import bytes_per_second, plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age, day_and_minute
from lxdtui.ui.theme import Glyphs

__all__ = [
    "CHOICE_WORDS",
    "amount",
    "arrow",
    "compared",
    "fraction",
    "glyph_of",
    "place_words",
    "role_of",
    "speed",
    "title",
]

CHOICE_WORDS = {
    Choice.ASK: "ask for each",
    Choice.ALL: "replace it",
    Choice.NONE: "leave it out",
    Choice.NEWER: "replace older ones",
    Choice.KEEP_ALL_BOTH: "keep both",
}
"""What can be said beforehand about what is there already."""

_ROLES = {
    TransferState.DONE: "green",
    TransferState.FAILED: "red",
    TransferState.CANCELLED: "muted",
    TransferState.WAITING: "muted",
    TransferState.PAUSED: "cyan",
    TransferState.ASKING: "amber",
}


def title(view: TransferView) -> str:
    """Say what is copied: its name, or how many."""
    if len(view.names) == 1:
        return safe_text(view.names[0]) or "/"
    return plural(len(view.names), "item")


def place_words(place: Place, path: str) -> str:
    """Say where something is: ``web-01:/etc``."""
    return f"{safe_text(place.words)}:{safe_text(path)}"


def arrow(view: TransferView, glyphs: Glyphs) -> str:
    """Show whether it goes into an instance or comes out of one."""
    return glyphs.out_of if view.target.is_local else glyphs.into


def glyph_of(view: TransferView, glyphs: Glyphs) -> str:
    """Show how it stands by a shape."""
    match view.state:
        case TransferState.DONE:
            return glyphs.done
        case TransferState.FAILED | TransferState.CANCELLED:
            return glyphs.failed
        case TransferState.WAITING:
            return glyphs.stopped
        case TransferState.PAUSED:
            return glyphs.frozen
        case TransferState.ASKING:
            return glyphs.error
    return glyphs.working[0]


def role_of(view: TransferView) -> str:
    """Return the role of the colour of its shape and of its words."""
    return f"${_ROLES.get(view.state, 'accent')}"


def fraction(view: TransferView) -> float | None:
    """Return how much is done, from 0 to 1; ``None`` where that cannot be told."""
    if view.bytes_total:
        return min(view.bytes_done / view.bytes_total, 1.0)
    if view.files_total and view.is_counted:
        return view.files_done / view.files_total
    return None


def amount(view: TransferView, *, of_all: bool = False) -> str:
    """Say how far it is, or why it does not go on, in one or two words.

    Args:
        view: The transfer.
        of_all: Say how much there is in all as well.
    """
    match view.state:
        case TransferState.WAITING | TransferState.COUNTING | TransferState.CANCELLED:
            return view.state.value
        case TransferState.ASKING:
            return "asks"
        case TransferState.FAILED:
            return _trouble(view)
        case TransferState.DONE:
            skipped = f", {view.skipped} left out" if view.skipped else ""
            return f"{size(view.bytes_done)}{skipped}"
        case TransferState.PAUSED:
            return f"paused, {size(view.bytes_done)}"
    failed = f", {view.failed} failed" if view.failed else ""
    if of_all and view.is_counted:
        return f"{size(view.bytes_done)} of {size(view.bytes_total)}{failed}"
    return f"{size(view.bytes_done)}{failed}"


def speed(views: Sequence[TransferView]) -> str:
    """Say how fast all of them go together and when the last one ends."""
    rate = sum(view.rate for view in views)
    left = [view.seconds_left for view in views if view.seconds_left is not None]
    words = [bytes_per_second(rate)] if rate else []
    if left:
        words.append(f"{age(max(left) + 0.999)} left")
    return "  ".join(words)


def compared(found: FileAttributes, other: FileAttributes) -> str:
    """Say size and time of a file, and how they are to those of another one."""
    words = [size(found.size or 0), day_and_minute(found.modified)]
    notes: list[str] = []
    if (found.size or 0) > (other.size or 0):
        notes.append("larger")
    if (
        found.modified
        and other.modified
        and int(found.modified.timestamp()) > int(other.modified.timestamp())
    ):
        notes.append("newer")
    if notes:
        words.append(" and ".join(notes))
    return "  ".join(word for word in words if word)


def _trouble(view: TransferView) -> str:
    if view.failed > 1:
        return f"{view.failed} failed"
    trouble = next((one.words for one in view.results if one.is_trouble), view.words)
    reason = safe_text(trouble).rpartition(": ")[2] or "failed"
    return reason.removesuffix(".")
