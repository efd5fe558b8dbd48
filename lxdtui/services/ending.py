"""How sessions end."""

from dataclasses import dataclass

__all__ = ["Ending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a session ended."""

    exit_status: int | None
    """The exit status, or ``None`` where it is not known."""
    words: str
    """What happened, for the user."""
    goes_on: bool = False
    """Whether what was attached to is still there, and can be attached to again."""
