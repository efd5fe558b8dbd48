"""What is known of transfers: immutable values that may be kept and compared."""

from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.files import FileAttributes
from lxdtui.model.place import Place

__all__ = [
    "Answer",
    "Choice",
    "CopyOptions",
    "ItemResult",
    "Outcome",
    "Question",
    "TransferState",
    "TransferView",
]


class Choice(StrEnum):
    """What is done where something of the name is there."""

    ASK = "ask"
    """Ask for each."""
    YES = "yes"
    """Replace this one."""
    NO = "no"
    """Leave this one out; the batch goes on."""
    ALL = "all"
    """Replace this one and all that follow."""
    NONE = "none"
    """Leave this one out and all that follow."""
    NEWER = "newer"
    """Replace this one and all that follow where the source was changed later."""
    KEEP_BOTH = "keep both"
    """Give this one another name."""
    KEEP_ALL_BOTH = "keep all"
    """Give this one and all that follow other names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to a question."""

    choice: Choice
    """What is to be done."""
    name: str = ""
    """The other name for :attr:`Choice.KEEP_BOTH`; empty for the proposed one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOptions:
    """How files are copied."""

    keep_owner: bool = False
    """Owner and group as numbers; otherwise those of whoever writes."""
    keep_mode: bool = True
    """Permission bits, without set-id and sticky bits; otherwise 0644 and 0755."""
    keep_times: bool = True
    """When the content was last changed."""
    follow_links: bool = False
    """Copy what links lead to instead of the links."""
    checksum: bool = False
    """Compare the SHA-256 of both sides afterwards."""
    existing: Choice = Choice.ASK
    """What is done where something of the name is there."""


class TransferState(StrEnum):
    """How it stands with a transfer."""

    WAITING = "waiting"
    COUNTING = "counting"
    RUNNING = "running"
    ASKING = "asking"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    """Ended, and not all of it was done."""
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in (TransferState.DONE, TransferState.FAILED, TransferState.CANCELLED)


class Outcome(StrEnum):
    """How one item ended."""

    COPIED = "copied"
    MOVED = "moved"
    SKIPPED = "skipped"
    """Left out because the user said so."""
    UNSUPPORTED = "not copied"
    """A device, a socket or a pipe."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one file, directory or link ended."""

    path: str
    """Its path below the folder that it was copied from."""
    outcome: Outcome
    """How it ended."""
    words: str = ""
    """Why, or what else there is to say."""

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look at it."""
        return self.outcome in (Outcome.FAILED, Outcome.UNSUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something of the name is there."""

    number: int
    """Identity among the questions of its transfer."""
    path: str
    """The item, below the folder that it is copied from."""
    directory: str
    """Where it would be put."""
    source: FileAttributes
    """What is copied."""
    target: FileAttributes
    """What is there."""
    proposed: str
    """A name that is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """A transfer at one moment."""

    number: int
    """Identity among all transfers of this run of the program."""
    source: Place
    target: Place
    names: tuple[str, ...]
    """What was chosen, without the folder."""
    folder: str
    """Where it came from."""
    directory: str
    """Where it goes."""
    is_move: bool
    state: TransferState
    files_done: int = 0
    """Files, links and directories that are settled."""
    files_total: int = 0
    """How many there are, as far as counted."""
    bytes_done: int = 0
    bytes_total: int = 0
    """Bytes of the content, as far as counted."""
    is_counted: bool = False
    """Whether the totals are whole."""
    rate: float = 0.0
    """Bytes a second lately."""
    seconds_left: float | None = None
    """Seconds to the end, where that can be told."""
    current: str = ""
    """The item that is under way; the largest where there are several."""
    current_done: int = 0
    current_size: int = 0
    copied: int = 0
    skipped: int = 0
    failed: int = 0
    """Items by outcome; those that cannot be copied count as failed."""
    results: tuple[ItemResult, ...] = ()
    """One for each item that ended, up to a limit; every trouble is among them."""
    question: Question | None = None
    """What is asked now."""
    words: str = ""
    """Why it failed as a whole, or what it says about itself."""
