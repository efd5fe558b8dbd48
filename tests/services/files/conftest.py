"""Every kind of file system that there is, with an empty folder in it."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lxdtui.api import Client, Endpoint
from lxdtui.demo import DemoServer
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.services.files import FileSystem
from tests.lab import Daemon
from tests.ui.files import MemoryFileSystem

KINDS = ("memory", "local", "demo", "lxd", "incus")
NAME = "files-box"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A file system, and an empty folder in it."""

    kind: str
    files: FileSystem
    path: str
    daemon: Daemon | None = None

    @property
    def is_real(self) -> bool:
        """Whether a Linux is behind it, with all its kinds of files."""
        return self.kind in ("local", "lxd", "incus")

    def shell(self, script: str) -> None:
        """Run a shell script inside the real instance."""
        assert self.daemon is not None
        self.daemon.exec(NAME, "sh", "-c", script)


@pytest.fixture(params=KINDS)
async def box(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Box]:
    """One file system of each kind."""
    kind = str(request.param)
    if kind == "memory":
        memory = MemoryFileSystem()
        memory.directory("/root/box")
        yield Box(kind=kind, files=memory, path="/root/box")
    elif kind == "local":
        (tmp_path / "box").mkdir()
        yield Box(kind=kind, files=Fleet([]).files.local(), path=str(tmp_path / "box"))
    elif kind == "demo":
        socket = tmp_path / "unix.socket"
        async with DemoServer(socket, fleet="empty", pace=0), Client(str(socket)) as client:
            source = {"type": "image", "alias": "alpine/3.20"}
            await client.containers.create({"name": NAME, "source": source}, wait=True)
            async with _instance(kind, socket) as box:
                yield box
    else:
        daemon: Daemon = request.getfixturevalue(kind)
        if NAME not in daemon.instances():
            daemon.launch(NAME)
        async with _instance(kind, daemon.socket, daemon) as box:
            yield box


@asynccontextmanager
async def _instance(kind: str, socket: Path, daemon: Daemon | None = None) -> AsyncIterator[Box]:
    fleet = Fleet([Remote(name=kind, endpoint=Endpoint(socket=socket))])
    try:
        files = fleet.files.container(InstanceRef(kind, "default", NAME))
        path = f"/root/{uuid.uuid4()}"
        await files.make_directory(path)
        yield Box(kind=kind, files=files, path=path, daemon=daemon)
        await files.remove_tree(path)
    finally:
        await fleet.aclose()
