"""Messages between the app and its screens. Widget messages live in their widget."""

from dataclasses import dataclass

from textual.message import Message
from textual.screen import Screen

from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.store import Change

__all__ = [
    "GoBack",
    "OpenComparison",
    "OpenConsole",
    "OpenEditor",
    "OpenFiles",
    "OpenHelp",
    "OpenInstance",
    "OpenRecordings",
    "OpenShell",
    "OpenShells",
    "OpenSnapshots",
    "OpenTransfers",
    "OpenViewer",
    "Quit",
    "StoreChanged",
]


@dataclass
class StoreChanged(Message, bubble=False):
    """Sent to every open screen after the store changed, at most about 20 times a second."""

    change: Change


@dataclass
class OpenInstance(Message):
    """Posted when the details of an instance are asked for."""

    ref: InstanceRef
    page: str = "overview"
    """Name of the page to begin with."""


@dataclass
class OpenShell(Message):
    """Posted when a shell in an instance is asked for."""

    ref: InstanceRef
    directory: str = ""
    """Where a new one starts; one that is open already is shown where this is empty."""
    asks: bool = False
    """Whether the user chooses first how it starts."""


@dataclass
class OpenConsole(Message):
    """Posted when the console of an instance is asked for."""

    ref: InstanceRef


@dataclass
class OpenShells(Message):
    """Posted when the list of all open shells is asked for."""


@dataclass
class OpenSnapshots(Message):
    """Posted when the snapshots of an instance are asked for."""

    ref: InstanceRef


@dataclass
class OpenTransfers(Message):
    """Posted when the list of all copies in the background is asked for."""


@dataclass
class OpenFiles(Message):
    """Posted when the files of an instance are asked for."""

    ref: InstanceRef
    path: str = ""
    """The folder; the home folder of root where empty."""
    cursor: str = ""
    """The name in it that gets the cursor."""
    beside: InstanceRef | None = None
    """The instance in the other pane; this computer where none is given."""


@dataclass
class OpenComparison(Message):
    """Posted when the files of a snapshot are to be compared."""

    ref: InstanceRef
    old: Snapshot
    """The side before."""
    new: Snapshot | None = None
    """The side after; the container as it is now where none is given."""


@dataclass
class OpenEditor(Message):
    """Posted when a file is to be edited; one that is no text is viewed instead."""

    place: Place
    path: str


@dataclass
class OpenViewer(Message):
    """Posted when a file is to be looked at."""

    place: Place
    path: str
    words: str = ""
    """What to say first, such as why it is not edited."""


@dataclass
class OpenRecordings(Message):
    """Posted when the recordings of shells are asked for."""


@dataclass
class OpenHelp(Message):
    """Posted when the keys of the current screen are asked for."""


@dataclass
class GoBack(Message):
    """Posted when a screen wants to be left."""

    screen: Screen[None]


@dataclass
class Quit(Message):
    """Posted when the program is to end."""
