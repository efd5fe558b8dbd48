"""One suite for the demo and for real daemons.

Each test runs for every name in ``backend_name``: over unix sockets by itself, and over HTTPS too
where it is marked with ``pytest.mark.parametrize("backend_name", EVERYWHERE)``.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.demo import DemoServer
from lxdtui.model.server import ServerKind
from tests.contract.backend import LOCAL, STAGING, Backend
from tests.contract.migrating import Demo, End, Open
from tests.contract.rows import MARKER, note_row, table_of
from tests.lab import Daemon, Lab, RequestError

_SHARED = "contract-shared"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


def pytest_itemcollected(item: pytest.Item) -> None:
    note_row(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tells how the rows of the seed page went, where their tests were run."""
    stats = terminalreporter.stats
    reports = [
        report
        for kind in ("passed", "failed", "error", "skipped")
        for report in stats.get(kind, [])
    ]
    if table := table_of(reports):
        terminalreporter.section("the seed page, row by row")
        for line in table:
            terminalreporter.line(line)


@pytest.fixture(params=LOCAL)
def backend_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def real(backend_name: str, request: pytest.FixtureRequest) -> Daemon | None:
    """The real daemon, or none for the demo."""
    if backend_name == "demo":
        return None
    daemon: Daemon = request.getfixturevalue(backend_name.partition("-")[0])
    with contextlib.suppress(RequestError):  # It has the project from an earlier test.
        daemon.request("POST", "/1.0/projects", {"name": STAGING, "config": _SHARES_ALL})
    return daemon


_SHARES_ALL = {"features.images": "false", "features.profiles": "false"}


@pytest.fixture
def name(real: Daemon | None, request: pytest.FixtureRequest) -> str:
    """A name for an instance; instances whose names begin with it are deleted afterwards."""
    return str(request.getfixturevalue("instance_name")) if real else "t001"


@pytest.fixture(scope="session")
def identity_of(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Daemon], dict[str, Any]]:
    """Arguments of a client that a daemon trusts over HTTPS."""
    known: dict[Daemon, tuple[Path, Path]] = {}

    def identity(daemon: Daemon) -> dict[str, Any]:
        if daemon not in known:
            known[daemon] = daemon.make_certificate(tmp_path_factory.mktemp("identity"))
            daemon.add_client_certificate(known[daemon][0])
        return {"cert": known[daemon], "verify": daemon.server_certificate}

    return identity


@pytest.fixture
async def backend(
    backend_name: str,
    real: Daemon | None,
    identity_of: Callable[[Daemon], dict[str, Any]],
    tmp_path: Path,
) -> AsyncIterator[Backend]:
    """The server under test."""
    if real is None:
        socket = tmp_path / "unix.socket"
        demo_server = DemoServer(
            socket, fleet="empty", pace=0, operation_retention=1, websocket_timeout=1
        )
        async with demo_server as demo:
            yield Backend(
                endpoint=str(socket),
                kind=ServerKind.LXD,
                image="alpine/3.20",
                options={},
                demo=demo,
            )
        return
    is_https = backend_name.endswith("-https")
    yield Backend(
        endpoint=real.https_url if is_https else str(real.socket),
        kind=ServerKind(real.kind),
        image="busybox",
        options=identity_of(real) if is_https else {},
        daemon=real,
    )


@pytest.fixture
async def client(backend: Backend) -> AsyncIterator[Client]:
    async with backend.client() as client:
        yield client


@pytest.fixture
async def stopped(backend: Backend, client: Client, name: str) -> Container:
    """A container of the image, stopped; its name is that of the fixture ``name``."""
    return await client.containers.create(backend.from_image(name), wait=True)


@pytest.fixture
async def running(stopped: Container) -> Container:
    """A container that runs; its name is that of the fixture ``name``."""
    await stopped.start(wait=True)
    return stopped


@pytest.fixture
async def shared(backend: Backend, client: Client) -> Container:
    """A container that runs, the same one for all tests of a daemon: leave it as it is."""
    if not await client.containers.exists(_SHARED):
        container = await client.containers.create(backend.from_image(_SHARED), wait=True)
        await container.start(wait=True)
    return await client.containers.get(_SHARED)


@pytest.fixture
def opened(identity_of: Callable[[Daemon], dict[str, Any]]) -> Open:
    """Opens a client of a daemon by ``unix`` or ``https``."""

    @asynccontextmanager
    async def opened(daemon: End, link: str) -> AsyncIterator[Client]:
        if link == "unix" or isinstance(daemon, Demo):
            async with Client(str(daemon.socket), remote=daemon.name) as client:
                yield client
            return
        options = identity_of(daemon)
        async with Client(daemon.https_url, remote=daemon.name, **options) as client:
            yield client

    return opened


@pytest.fixture(params=["demo", "lxd", "incus"])
async def pair(
    request: pytest.FixtureRequest, lab: Lab, tmp_path: Path
) -> AsyncIterator[tuple[End, End]]:
    """Two servers of one kind."""
    if request.param == "demo":
        one, other = (
            DemoServer(tmp_path / f"{number}.socket", seed=number, fleet="empty", pace=0)
            for number in (1, 2)
        )
        async with one, other:
            yield Demo(name="demo", server=one), Demo(name="demo2", server=other)
        return
    first: Daemon = request.getfixturevalue(request.param)
    yield first, lab.daemon(f"{request.param}2")


@pytest.fixture
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)
