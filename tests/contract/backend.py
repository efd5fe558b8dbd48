"""A server under the contract, whatever its kind, and what tests need to use it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.demo import DemoServer
from lxdtui.model.event import LifecycleEvent
from lxdtui.model.server import ServerKind
from tests.lab import Daemon

T = TypeVar("T")

LOCAL = ("demo", "lxd", "incus")
"""Backends over a unix socket."""
EVERYWHERE = (*LOCAL, "lxd-https", "incus-https")
"""Backends over a unix socket, and the real ones over HTTPS too."""
STAGING = "staging"
"""A project besides the default one that every backend has."""

_DEADLINE = 10.0
_POLL = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One server. Exactly one of ``demo`` and ``daemon`` is given."""

    endpoint: str
    """Address as :class:`~lxdtui.api.Client` takes it."""
    kind: ServerKind
    """LXD or Incus; the demo is an LXD."""
    image: str
    """Alias of an image that every test may use."""
    options: Mapping[str, Any]
    """Certificates for :class:`~lxdtui.api.Client`."""
    demo: DemoServer | None = None
    daemon: Daemon | None = None

    @property
    def is_https(self) -> bool:
        return self.endpoint.startswith("https")

    @asynccontextmanager
    async def client(self, *, project: str = "default") -> AsyncIterator[Client]:
        """A further client with links of its own."""
        async with Client(self.endpoint, project=project, **self.options) as client:
            yield client

    async def kill(self) -> None:
        """The server dies; every link is cut."""
        if self.demo is not None:
            await self.demo.stop()
        if self.daemon is not None:
            await asyncio.to_thread(self.daemon.kill)

    async def start(self) -> None:
        """The killed server comes back, with its containers."""
        if self.demo is not None:
            await self.demo.start()
        if self.daemon is not None:
            await asyncio.to_thread(self.daemon.start)

    def from_image(self, name: str, **fields: Any) -> dict[str, Any]:
        """The configuration of a container made of the image."""
        return {"name": name, "source": {"type": "image", "alias": self.image}, **fields}

    def empty(self, name: str, **fields: Any) -> dict[str, Any]:
        """The configuration of a container without any files, which cannot start."""
        return {"name": name, "source": {"type": "none"}, **fields}


async def until(probe: Callable[[], Awaitable[T]], *, seconds: float = _DEADLINE) -> T:
    """Ask again and again until the answer is true; it fails after a while."""
    deadline = time.monotonic() + seconds
    while not (answer := await probe()):
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        await asyncio.sleep(_POLL)
    return answer


async def output_of(container: Container, *command: str) -> str:
    """What a command prints, which must succeed."""
    code, output, errors = await container.execute(command)
    assert code == 0, errors
    return output.decode()


async def is_idle(client: Client) -> bool:
    """Whether no operation of the default project is under way.

    A token that nobody used yet is an operation, too, and goes on for ever.
    """
    operations = await client.connection.operations.list(project="default")
    return all(operation.is_final or operation.kind == "token" for operation in operations)


async def first_of(events: AsyncIterator[Any], wanted: Callable[[Any], bool]) -> Any:
    """The first event that is wanted; others are passed over."""
    async with asyncio.timeout(_DEADLINE):
        async for event in events:
            if wanted(event):
                return event
    raise AssertionError("the stream ended")


def tells(action: str, name: str) -> Callable[[object], bool]:
    """Whether an event tells that something happened to an instance of a name."""

    def matches(event: object) -> bool:
        return (
            isinstance(event, LifecycleEvent)
            and event.action == f"instance-{action}"
            and event.instance is not None
            and event.instance.name == name
        )

    return matches


async def runs(container: Container, words: str) -> bool:
    """Whether a command of these words runs inside."""
    listing = await output_of(container, "ps")
    return any(words in line for line in listing.splitlines())
