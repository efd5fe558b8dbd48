"""What the demo server holds: instances, snapshots, profiles, projects, images.

Mutable on purpose: this is the server's side of the truth. The JSON objects are made from it in
``bodies``; HTTP does not reach down here.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.load import Load

RUNNING, STOPPED, FROZEN, ERROR = 103, 102, 110, 112
STATUS_WORDS = {RUNNING: "Running", STOPPED: "Stopped", FROZEN: "Frozen", ERROR: "Error"}
STATUS_CODES = {word: code for code, word in STATUS_WORDS.items()}

Devices = dict[str, dict[str, str]]


class Session(Protocol):
    """A command running in an instance."""

    def kill(self, signal: int) -> None:
        """End the command as by a signal."""


@dataclass(slots=True, kw_only=True, eq=False)
class Snapshot:
    """A snapshot: the instance's configuration and files at a time."""

    name: str
    created_at: float
    expires_at: float | None
    config: dict[str, str]
    devices: Devices
    profiles: list[str]
    ephemeral: bool
    architecture: str
    size: int
    filesystem: FileSystem | None
    """None means: as freshly made from the image."""


@dataclass(slots=True, kw_only=True, eq=False)
class Instance:
    """A container or virtual machine."""

    name: str
    project: str
    type: str
    description: str
    config: dict[str, str]
    devices: Devices
    profiles: list[str]
    ephemeral: bool
    created_at: float
    load: Load
    addresses: Mapping[str, tuple[str, ...]]
    """Per interface: addresses with prefix length, IPv4 or IPv6."""
    architecture: str = "x86_64"
    status_code: int = STOPPED
    last_used_at: float | None = None
    started_at: float = 0.0
    """When the present run began; meaningful while running or frozen."""
    thawed_at: float = 0.0
    """Since when counters advance; lies after ``started_at`` once it was frozen."""
    cpu_before: int = 0
    """Nanoseconds used before ``thawed_at``."""
    received_before: int = 0
    sent_before: int = 0
    pid: int = 0
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    logs: dict[str, bytes] = field(default_factory=dict)
    ignores_shutdown: bool = False
    """Whether a clean stop has no effect."""
    start_failure: str | None = None
    """Why starting fails, if it does."""
    busy_with: str | None = None
    """Action under way that excludes another start."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at each change of the status; whoever waits clears it first."""
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless frozen: commands wait for it."""
    sessions: set[Session] = field(default_factory=set)
    commands: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Commands running through exec: user and words by process id."""
    ended: set[int] = field(default_factory=set)
    """Invented processes that were ended by a signal since it was started."""
    last_command: int = 1000
    """The highest process id given to one of them."""
    stored_filesystem: FileSystem | None = None

    @property
    def url(self) -> str:
        """Path without the project."""
        return f"/1.0/instances/{self.name}"

    @property
    def is_running(self) -> bool:
        """Whether processes exist: running or frozen."""
        return self.status_code in {RUNNING, FROZEN}


@dataclass(slots=True, kw_only=True, eq=False)
class Profile:
    """A profile."""

    name: str
    description: str = ""
    config: dict[str, str] = field(default_factory=dict)
    devices: Devices = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Image:
    """An image; aliases are kept by the world."""

    fingerprint: str
    properties: dict[str, str]
    size: int
    created_at: float
    uploaded_at: float
    type: str = "container"
    architecture: str = "x86_64"
    public: bool = False
    auto_update: bool = False
    cached: bool = False
    filename: str = ""
    update_source: dict[str, str] | None = None
    last_used_at: float | None = None
    filesystem: FileSystem | None = None
    """Files of an image that was made of an instance. None means: the template's."""


@dataclass(slots=True, kw_only=True, eq=False)
class Alias:
    """A name that points at an image."""

    name: str
    target: str
    description: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Project:
    """A project and what lives in it."""

    name: str
    description: str = ""
    config: dict[str, str] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    @property
    def has_own_profiles(self) -> bool:
        """Whether profiles are its own instead of the default project's."""
        return self.name == "default" or self.config.get("features.profiles") == "true"


@dataclass(slots=True, kw_only=True, eq=False)
class World:
    """Everything a demo server holds."""

    rng: random.Random
    projects: dict[str, Project] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    aliases: dict[str, Alias] = field(default_factory=dict)
    server_config: dict[str, str] = field(default_factory=dict)
    last_pid: int = 2000

    def instance(self, project: str, name: str) -> Instance | None:
        """One instance, or None."""
        home = self.projects.get(project)
        return None if home is None else home.instances.get(name)

    def all_instances(self) -> Iterator[Instance]:
        """The instances of all projects."""
        for project in self.projects.values():
            yield from project.instances.values()

    def profiles_of(self, project: str) -> dict[str, Profile]:
        """The profiles that a project uses, its own or the shared ones."""
        home = self.projects[project]
        return home.profiles if home.has_own_profiles else self.projects["default"].profiles

    def next_pid(self) -> int:
        """A process id that grows."""
        self.last_pid += self.rng.randint(3, 90)
        return self.last_pid

    def find_image(self, prefix: str) -> Image | None:
        """An image by fingerprint or a prefix of it."""
        matches = [image for key, image in self.images.items() if key.startswith(prefix)]
        return matches[0] if prefix and matches else None
