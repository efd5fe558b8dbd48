"""What happened to an instance, in words. Pure."""

from lxdtui.model.operation import Operation
from lxdtui.model.status import StatusCode
from lxdtui.store.history import HistoryEntry
from lxdtui.ui.format.text import safe_text

__all__ = ["entry_title", "has_failed", "outcome_words", "searched_words"]


def entry_title(entry: HistoryEntry) -> str:
    """Say what happened: ``started``, ``snapshot created``, ``Starting instance``."""
    if entry.operation is not None:
        return safe_text(entry.what) or "operation"
    words = entry.what.removeprefix("instance-").replace("-", " ")
    return safe_text(words) + (f" ×{entry.times}" if entry.times > 1 else "")


def has_failed(operation: Operation) -> bool:
    """Say whether an operation has ended without success."""
    return operation.is_final and operation.status_code != StatusCode.SUCCESS


def outcome_words(entry: HistoryEntry) -> str:
    """Say what it was about, or how it stands with it."""
    operation = entry.operation
    if operation is None:
        return safe_text(entry.detail)
    if operation.error:
        return safe_text(operation.error)
    progress = operation.progress
    if progress is not None and not operation.is_final:
        return safe_text(progress.text)
    return safe_text(operation.status.lower())


def searched_words(entry: HistoryEntry) -> str:
    """Return everything that a filter looks at."""
    words = (entry_title(entry), outcome_words(entry), entry.detail, entry.who)
    return " ".join(words).casefold()
