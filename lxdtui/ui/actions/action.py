"""What an action is, and where it applies."""

from dataclasses import dataclass
from enum import StrEnum

from lxdtui.ui.actions.refusals import WhyNot, never

__all__ = ["Action", "Scope"]


class Scope(StrEnum):
    """Where an action applies. The value is its heading in the help."""

    INSTANCES = "Containers"
    """The rows under the cursor, or the instance of the screen."""
    DETAIL = "The pages"
    """Every page of the detail screen."""
    PROCESSES = "Processes"
    """The processes of an instance."""
    CONFIGURATION = "Configuration"
    """The page with the configuration of an instance."""
    DEVICES = "Devices"
    """The page with the devices of an instance."""
    LOGS = "Logs"
    """The logs of an instance."""
    EVENTS = "Events"
    """What happened to an instance."""
    LIST = "The list"
    """The container list itself."""
    FILTER = "While filtering"
    """Keys that the field for words handles itself; so they are never bound."""
    MOVING = "Moving"
    """Keys that the list handles itself; in the table for the help alone."""
    SNAPSHOTS = "Snapshots"
    """The snapshots of one instance: the one under the cursor, or those that are marked."""
    FILES = "Files"
    """The file browser."""
    EDITOR = "The editor"
    """A text that is edited."""
    VIEWER = "The viewer"
    """A file that is looked at."""
    COMPARISON = "Comparison"
    """What is different between a snapshot and another one, or now."""
    SHELL = "In a shell"
    """Keys of a live shell; the terminal reads them itself, so they are never bound."""
    TRANSFERS = "Transfers"
    """The list of copies in the background."""
    REPLAY = "Recordings"
    """Recordings of shells, and the one that is played."""
    FRAME = "Everywhere"
    """Every screen but the shell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done."""

    id: str
    """Stable name; user key maps go by it."""
    words: str
    """What the key bar says: one or two words."""
    keys: tuple[str, ...]
    """Keys as Textual names them; the first is the one that is shown."""
    scope: Scope
    """Where it applies."""
    tells: str
    """What the help and the palette say: one sentence without a full stop."""
    verb: str = ""
    """What comes after ``Cannot``, where the words alone do not."""
    rank: int = 0
    """Place in the key bar, the least first; 0 is never shown there. Numbers leave gaps."""
    is_dangerous: bool = False
    """Whether data can be lost."""
    why_not: WhyNot = never
    """Why it is not possible with these rows, in words; ``None`` where it is."""
