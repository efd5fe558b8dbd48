"""Who gets the next key of a terminal."""

from enum import StrEnum

__all__ = ["ViewMode"]


class ViewMode(StrEnum):
    """Who gets the next key."""

    PROGRAM = "program"
    LEADER = "leader"
    """The leader was pressed: the next key is a command."""
    SCROLLBACK = "scrollback"
    """Keys move through what has scrolled away."""
    SEARCH = "search"
    """Keys are words to look for."""
    LINKS = "links"
    """Keys choose one of the things that can be opened."""
