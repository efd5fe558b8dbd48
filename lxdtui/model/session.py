"""What a session is to be: a shell with its options, or the console."""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Foreground", "Keeper", "KeptSession", "SessionKind", "SessionOrder", "ShellOptions"]


class SessionKind(StrEnum):
    """What a terminal is attached to."""

    SHELL = "shell"
    CONSOLE = "console"


class Keeper(StrEnum):
    """What a shell runs inside of, so that it goes on when nobody looks at it."""

    TMUX = "tmux"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellOptions:
    """How a shell starts. Empty means what is usual."""

    user: str = ""
    """Name or number; root where empty."""
    group: str = ""
    """Name or number; that of the user where empty."""
    directory: str = ""
    """Where it starts; the user's home where empty."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables besides those that are always there."""
    command: str = ""
    """The command line, split as a shell does; the user's shell where empty."""
    size: tuple[int, int] | None = None
    """Columns and rows that its terminal keeps; as large as it is shown where not given."""
    is_login: bool = True
    """Whether the shell reads the files of a login."""
    is_kept: bool = False
    """Whether it runs inside tmux or screen, so that it outlives the link and this program."""
    kept_name: str = ""
    """Name of the kept session to attach to; a new one where empty."""
    keeper: Keeper | None = None
    """What keeps it; what there is where not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOrder:
    """What to open."""

    kind: SessionKind = SessionKind.SHELL
    options: ShellOptions = field(default_factory=ShellOptions)
    """How, where it is a shell."""
    takes_over: bool = False
    """Whether somebody else who is attached to the console is cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreground:
    """What has the keys of a shell's terminal now."""

    program: str
    directory: str
    is_shell: bool
    """Whether it is the shell itself, at its prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A shell that goes on inside an instance."""

    name: str
    program: str
    """What runs in it."""
    keeper: Keeper = Keeper.TMUX
    """What keeps it."""
    user: str = ""
    """Whose it is, by name or number; root's where empty."""
    is_attached: bool
    """Whether somebody looks at it."""
