"""Two folders to copy between: one of this computer, one of a container that runs."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lxdtui.api import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import CopyOptions, Transfer, TransferService, TransferView
from tests.lab import Daemon

BOX = "transfers-box"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a test copies with: folders ``here`` and ``there``, and short ways to say so."""

    service: TransferService
    files: InstanceFiles
    here: Path
    there: str
    daemon: Daemon

    @property
    def place(self) -> Place:
        return Place(ref=self.files.ref)

    def push(self, *names: str, move: bool = False, options: CopyOptions | None = None) -> Transfer:
        paths = [str(self.here / name) for name in names]
        return self.service.copy(LOCAL, paths, self.place, self.there, move=move, options=options)

    def pull(self, *names: str, move: bool = False, options: CopyOptions | None = None) -> Transfer:
        paths = [f"{self.there}/{name}" for name in names]
        return self.service.copy(
            self.place, paths, LOCAL, str(self.here), move=move, options=options
        )

    async def inside(self, path: str = "") -> dict[str, str]:
        """Everything in the folder there: name to kind."""
        found = {}
        async for directory, entries in self.files.walk(f"{self.there}/{path}"):
            for entry in entries:
                below = f"{directory}/{entry.name}".removeprefix(f"{self.there}/")
                found[below.removeprefix("/")] = str(entry.kind)
        return found


@asynccontextmanager
async def service_of(
    connections: Mapping[str, Connection], *, pauses: Sequence[float] = (0.05, 0.1)
) -> AsyncIterator[TransferService]:
    service = TransferService(connections, pauses=pauses)
    try:
        yield service
    finally:
        await service.aclose()


@asynccontextmanager
async def desk_of(daemon: Daemon, here: Path, name: str = BOX) -> AsyncIterator[Desk]:
    """A desk at a container of a daemon, which is made where it is missing."""
    if name not in daemon.instances():
        daemon.launch(name)
    connection = Connection(Endpoint(socket=daemon.socket), remote=daemon.name)
    async with connection, service_of({daemon.name: connection}) as service:
        files = connection.files.of(InstanceRef(daemon.name, "default", name))
        there = f"/root/{uuid.uuid4()}"
        await files.make_directory(there)
        yield Desk(service=service, files=files, here=here, there=there, daemon=daemon)
        await files.remove_tree(there)


@pytest.fixture
async def desk(daemon: Daemon, tmp_path: Path) -> AsyncIterator[Desk]:
    here = tmp_path / "here"
    here.mkdir()
    async with desk_of(daemon, here) as made:
        yield made


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that comes true by itself."""
    async with asyncio.timeout(10):
        while True:
            if condition():
                return
            await asyncio.sleep(0.001)


async def done(transfer: Transfer) -> TransferView:
    """How a transfer ended, all of it well."""
    view = await transfer.wait()
    assert view.state == "done", (view.words, [one for one in view.results if one.is_trouble])
    return view
