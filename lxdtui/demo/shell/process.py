"""What a command of the demo shell is given: its streams, its surroundings, its machine."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from lxdtui.demo.filesystem import FileSystem, FileSystemError, normalize
from lxdtui.demo.shell.streams import Input, Writer
from lxdtui.demo.shell.terminal import Terminal

USERS = {0: "root", 1: "daemon", 33: "www-data", 1000: "mara", 65534: "nobody"}


class Machine(Protocol):
    """What commands may know about the container they are in."""

    @property
    def hostname(self) -> str:
        """Name of the instance."""

    @property
    def files(self) -> FileSystem:
        """Its files."""

    @property
    def cpus(self) -> int:
        """Processors it sees."""

    @property
    def memory_total(self) -> int:
        """Bytes of memory it may use."""

    @property
    def memory_used(self) -> int:
        """Bytes of memory in use."""

    @property
    def disk_used(self) -> int:
        """Bytes on the root disk."""

    @property
    def uptime(self) -> float:
        """Seconds since it was started."""

    @property
    def load(self) -> float:
        """Processors in use at the moment."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def enter(self, user: str, words: str) -> int:
        """Enter a command into the list of processes; gives its process id."""

    def leave(self, pid: int) -> None:
        """Take a command out of the list again."""

    def commands(self) -> dict[int, tuple[str, str]]:
        """User and words of the commands that run, by process id."""

    def end(self, pid: int) -> None:
        """Take an invented process away until the next start."""

    def ended(self) -> frozenset[int]:
        """The invented processes that were taken away."""


class ShellExit(Exception):
    """A shell ends.

    Args:
        status: Its exit status.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True, kw_only=True)
class Process:
    """A running command."""

    machine: Machine
    arguments: list[str]
    """Its own name first."""
    environment: dict[str, str]
    directory: str
    uid: int
    gid: int
    stdin: Input
    stdout: Writer
    stderr: Writer
    terminal: Terminal | None
    """The controlling terminal, whatever the streams are."""
    depth: int = 0
    """Shells around it; bounded."""

    @property
    def name(self) -> str:
        """How it was called."""
        return self.arguments[0]

    @property
    def operands(self) -> list[str]:
        """The arguments behind the name."""
        return self.arguments[1:]

    @property
    def user_name(self) -> str:
        """Name of its user."""
        return USERS.get(self.uid, str(self.uid))

    def path(self, text: str) -> str:
        """An absolute path from one as typed; links are left to the file system."""
        return text if text.startswith("/") else f"{self.directory}/{text}"

    async def print(self, text: str) -> None:
        """Write text to the standard output."""
        await self.stdout.write(text.encode("utf-8", "surrogateescape"))

    async def complain(self, text: str) -> None:
        """Write a line with the command's name to the standard error."""
        await self.stderr.write(f"{self.name}: {text}\n".encode("utf-8", "surrogateescape"))

    def options(self, known: str) -> tuple[set[str], list[str]]:
        """Split single-letter options from operands.

        Args:
            known: Letters that are understood.

        Returns:
            The letters given, and the operands.

        Raises:
            UsageError: A letter is not understood.
        """
        letters: set[str] = set()
        operands = self.operands
        while operands and operands[0].startswith("-") and len(operands[0]) > 1:
            word = operands.pop(0)
            if word == "--":
                break
            for letter in word.lstrip("-") if not word.startswith("--") else (word,):
                if letter not in known:
                    raise UsageError(f"invalid option -- '{letter}'")
                letters.add(letter)
        return letters, operands

    def child(self, arguments: list[str]) -> "Process":
        """A process with the same surroundings and other arguments."""
        return replace(self, arguments=arguments, environment=dict(self.environment))


class UsageError(Exception):
    """A command was called wrongly; the message says how."""


Program = Callable[[Process], Awaitable[int]]


def error_words(error: FileSystemError) -> str:
    """The text of a file system error as commands print it."""
    text = str(error)
    return text[:1].upper() + text[1:]


def display_path(process: Process) -> str:
    """The working directory as a prompt shows it."""
    home = process.environment.get("HOME", "/root")
    directory = normalize(process.directory)
    if directory == home or directory.startswith(home.rstrip("/") + "/"):
        return "~" + directory[len(home) :]
    return directory


def seeded(machine: Machine, salt: str) -> random.Random:
    """A generator that always gives the same figures for a machine and a purpose."""
    return random.Random(f"{machine.hostname}/{salt}")
