"""How long ago a temporary copy of a snapshot was in use, told by all clocks alike.

Whether a maker on another computer lives cannot be seen from here. So whoever
looks at a copy writes down now and then that it does, and a copy that nobody
wrote on for two days is nobody's. Only the server's clock counts: by the day of
creation, which the server knows, it is found out how wrong the maker's is.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lxdtui.services.snapshots.look_mark import LookMark

__all__ = ["ABANDONED_AFTER", "LEASE_KEY", "RENEW_SECONDS", "last_used", "lease_text"]

LEASE_KEY = "user.lxdtui.look.used"
"""The configuration key that tells when a copy was in use last, ISO 8601."""
RENEW_SECONDS = 900.0
"""Pause between two notes that a copy is in use."""
ABANDONED_AFTER = timedelta(days=2)
"""Time without a note after which a copy is nobody's."""


def lease_text(now: datetime) -> str:
    """Return a time as it is noted."""
    return now.isoformat(timespec="seconds")


def last_used(
    mark: LookMark, config: Mapping[str, str], created_at: datetime | None
) -> datetime | None:
    """Return when a copy was in use last, by the server's clock.

    Args:
        mark: The mark of the copy.
        config: Its configuration.
        created_at: When the server made it.

    Returns:
        The time, or ``None`` where it is not known.
    """
    made = _time(mark.made_at)
    if made is None or created_at is None:
        return None
    noted = _time(config.get(LEASE_KEY, "")) or made
    return created_at + max(noted - made, timedelta())


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
