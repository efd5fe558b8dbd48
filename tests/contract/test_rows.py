"""One test for each row of pylxd's page on containers, on each backend.

The terminal summary has their outcomes as a table. Where a row cannot do its work on a backend,
its test shows what is answered there. All cases of a row are shown by the other modules.
"""

import asyncio
import itertools
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from websockets.asyncio.client import unix_connect

from lxdtui.api import Client, Image, Snapshot
from lxdtui.api.containers import Container
from lxdtui.demo import DemoServer
from lxdtui.errors import LxdTuiError, NotFound
from lxdtui.model.server import ServerKind
from tests.contract.backend import LOCAL, Backend, output_of
from tests.contract.rows import ROWS
from tests.lab import Daemon, Lab

pytestmark = pytest.mark.asyncio(loop_scope="module")

_PREFIX = "rows-"
_DEADLINE = 10.0
_numbers = itertools.count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=LOCAL)
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Backend]:
    """The server that all rows are tried on."""
    if request.param == "demo":
        async with _demo(tmp_path_factory) as demo:
            yield demo
        return
    daemon: Daemon = request.getfixturevalue(request.param)
    yield _real(daemon)
    daemon.delete_all(_PREFIX)


@asynccontextmanager
async def _demo(folders: pytest.TempPathFactory) -> AsyncIterator[Backend]:
    socket = folders.mktemp("rows") / "unix.socket"
    async with DemoServer(socket, fleet="empty", pace=0) as demo:
        yield Backend(
            endpoint=str(socket),
            kind=ServerKind.LXD,
            image="alpine/3.20",
            options={},
            demo=demo,
        )


def _real(daemon: Daemon) -> Backend:
    return Backend(
        endpoint=str(daemon.socket),
        kind=ServerKind(daemon.kind),
        image="busybox",
        options={},
        daemon=daemon,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows_client(server: Backend) -> AsyncIterator[Client]:
    async with server.client() as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def life(server: Backend, rows_client: Client) -> Container:
    """One that all tests share: it runs, and whoever changes that puts it right again."""
    container = await rows_client.containers.create(server.from_image(f"{_PREFIX}life"), wait=True)
    await container.start(wait=True)
    return container


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def still(server: Backend, rows_client: Client) -> Container:
    """One with files that all tests share: it never ran."""
    return await rows_client.containers.create(server.from_image(f"{_PREFIX}still"), wait=True)


@pytest_asyncio.fixture(loop_scope="module")
async def spare(server: Backend, rows_client: Client) -> Container:
    """One for a single test, without files."""
    name = f"{_PREFIX}spare-{next(_numbers)}"
    return await rows_client.containers.create(server.empty(name), wait=True)


@pytest_asyncio.fixture(loop_scope="module")
async def taken(still: Container) -> AsyncIterator[Snapshot]:
    """A snapshot of the one that never ran."""
    name = f"taken-{next(_numbers)}"
    yield await still.snapshots.create(name, wait=True)
    for snapshot in await still.snapshots.all():
        await snapshot.delete(wait=True)


async def test_every_row_has_one_test() -> None:
    shown = [
        marker.args
        for test in globals().values()
        for marker in getattr(test, "pytestmark", [])
        if marker.name == "row"
    ]
    assert sorted(shown) == sorted(
        (section, name) for section, names in ROWS.items() for name in names
    )


def row(section: str, name: str) -> pytest.MarkDecorator:
    return pytest.mark.row(section, name)


def _is_read_only(container: Container, attribute: str) -> bool:
    """Whether assigning is refused and changes nothing."""
    before = getattr(container, attribute)
    with pytest.raises(AttributeError, match=f"{attribute} is read-only: "):
        setattr(container, attribute, before)
    return bool(getattr(container, attribute) == before)


async def _saved(client: Client, container: Container) -> Container:
    """The container as the server has it after saving."""
    await container.save(wait=True)
    return await client.containers.get(container.name)


@row("manager", "exists")
async def test_manager_exists(rows_client: Client, still: Container) -> None:
    assert await rows_client.containers.exists(still.name) is True
    assert await rows_client.containers.exists("rows-none") is False


@row("manager", "all")
async def test_manager_all(rows_client: Client, still: Container, life: Container) -> None:
    statuses = {found.name: found.status for found in await rows_client.containers.all()}
    assert (statuses[still.name], statuses[life.name]) == ("Stopped", "Running")


@row("manager", "get")
async def test_manager_get(rows_client: Client, still: Container) -> None:
    assert (await rows_client.containers.get(still.name)).name == still.name
    with pytest.raises(NotFound, match="rows-none"):
        await rows_client.containers.get("rows-none")


@row("manager", "create")
async def test_manager_create(rows_client: Client, server: Backend) -> None:
    config = server.from_image(f"{_PREFIX}made", config={"limits.cpu": "2"})
    at_once = await rows_client.containers.create({**config, "name": f"{_PREFIX}soon"})
    made = await rows_client.containers.create(config, wait=True)
    assert made.config["limits.cpu"] == "2"
    assert made.status == "Stopped"
    await at_once.delete(wait=True)
    assert not await rows_client.containers.exists(at_once.name)


@row("attribute", "architecture")
async def test_attribute_architecture(rows_client: Client, spare: Container) -> None:
    assert spare.architecture == platform.machine()
    spare.architecture = "i686"
    assert (await _saved(rows_client, spare)).architecture == "i686"


@row("attribute", "config")
async def test_attribute_config(rows_client: Client, spare: Container) -> None:
    spare.config["user.note"] = "größer"
    assert (await _saved(rows_client, spare)).config["user.note"] == "größer"


@row("attribute", "created_at")
async def test_attribute_created_at(spare: Container) -> None:
    assert spare.created_at is not None
    assert abs(datetime.now(UTC) - spare.created_at) < timedelta(minutes=1)


@row("attribute", "devices")
async def test_attribute_devices(rows_client: Client, spare: Container) -> None:
    nic = {"type": "nic", "nictype": "p2p", "name": "eth7"}
    spare.devices["eth7"] = nic
    assert (await _saved(rows_client, spare)).devices["eth7"] == nic


@row("attribute", "ephemeral")
async def test_attribute_ephemeral(rows_client: Client, spare: Container) -> None:
    assert spare.ephemeral is False
    spare.ephemeral = True
    assert (await _saved(rows_client, spare)).ephemeral is True


@row("attribute", "expanded_config")
async def test_attribute_expanded_config(rows_client: Client, spare: Container) -> None:
    spare.config["limits.memory"] = "64MiB"
    expanded = (await _saved(rows_client, spare)).expanded_config
    assert spare.config.items() <= expanded.items()
    assert expanded["limits.memory"] == "64MiB"


@row("attribute", "expanded_devices")
async def test_attribute_expanded_devices(spare: Container) -> None:
    # The root disk is that of the profile.
    assert spare.expanded_devices["root"].items() >= {"type": "disk", "path": "/"}.items()


@row("attribute", "name")
async def test_attribute_name(still: Container) -> None:
    assert still.name == f"{_PREFIX}still"
    assert _is_read_only(still, "name")


@row("attribute", "description")
async def test_attribute_description(rows_client: Client, spare: Container) -> None:
    spare.description = "a spare one, größer"
    assert (await _saved(rows_client, spare)).description == "a spare one, größer"


@row("attribute", "profiles")
async def test_attribute_profiles(rows_client: Client, spare: Container) -> None:
    assert spare.profiles == ["default"]
    spare.devices["root"] = spare.expanded_devices["root"]
    spare.profiles = []
    assert (await _saved(rows_client, spare)).profiles == []


@row("attribute", "status")
async def test_attribute_status(still: Container, life: Container) -> None:
    assert (still.status, life.status) == ("Stopped", "Running")
    assert _is_read_only(still, "status")


@row("attribute", "last_used_at")
async def test_attribute_last_used_at(still: Container, life: Container) -> None:
    assert still.last_used_at is None
    assert life.last_used_at is not None
    assert abs(datetime.now(UTC) - life.last_used_at) < timedelta(minutes=5)
    assert _is_read_only(life, "last_used_at")


@row("attribute", "status_code")
async def test_attribute_status_code(still: Container, life: Container) -> None:
    assert (still.status_code, life.status_code) == (102, 103)
    assert _is_read_only(still, "status_code")


@row("attribute", "stateful")
async def test_attribute_stateful(still: Container) -> None:
    assert still.stateful is False
    assert _is_read_only(still, "stateful")


@row("method", "rename")
async def test_method_rename(rows_client: Client, spare: Container) -> None:
    before = spare.name
    await spare.rename(f"{before}-b", wait=True)
    assert spare.name == f"{before}-b"
    assert await rows_client.containers.exists(f"{before}-b")
    assert not await rows_client.containers.exists(before)


@row("method", "save")
async def test_method_save(rows_client: Client, spare: Container) -> None:
    spare.ephemeral = False
    spare.devices = {"root": {"path": "/", "type": "disk", "size": "7GB"}}
    assert (await _saved(rows_client, spare)).devices["root"]["size"] == "7GB"


@row("method", "state")
async def test_method_state(life: Container) -> None:
    state = await life.state()
    assert (state.status, state.status_code) == ("Running", 103)
    assert state.pid > 0
    assert state.memory["usage"] > 0
    assert isinstance(state.network["lo"]["addresses"], list)


@row("method", "start")
async def test_method_start(life: Container) -> None:
    await life.stop(force=True, wait=True)
    await life.start(wait=True)
    assert life.status == "Running"


@row("method", "stop")
async def test_method_stop(life: Container) -> None:
    await life.stop(wait=True)
    assert (life.status, (await life.state()).pid) == ("Stopped", 0)
    await life.start(wait=True)


@row("method", "restart")
async def test_method_restart(life: Container) -> None:
    before = (await life.state()).pid
    await life.restart(wait=True)
    assert life.status == "Running"
    assert (await life.state()).pid not in {0, before}


@row("method", "freeze")
async def test_method_freeze(life: Container) -> None:
    await life.freeze(wait=True)
    assert (life.status, life.status_code) == ("Frozen", 110)
    await life.unfreeze(wait=True)


@row("method", "unfreeze")
async def test_method_unfreeze(life: Container) -> None:
    await life.freeze(wait=True)
    await life.unfreeze(wait=True)
    assert life.status == "Running"
    assert await output_of(life, "echo", "goes on") == "goes on\n"


@row("method", "execute")
async def test_method_execute(life: Container) -> None:
    script = "echo out; echo err >&2; exit 3"
    assert await life.execute(["sh", "-c", script]) == (3, b"out\n", b"err\n")


@row("method", "raw_interactive_execute")
async def test_method_raw_interactive_execute(server: Backend, life: Container) -> None:
    res = await life.raw_interactive_execute(["/bin/sh"])
    assert res["name"] == life.name
    async with (
        unix_connect(server.endpoint, uri=f"ws://localhost{res['control']}"),
        unix_connect(server.endpoint, uri=f"ws://localhost{res['ws']}") as terminal,
    ):
        await terminal.send(b'echo "for"ty-two; exit\r')
        said = b""
        async with asyncio.timeout(_DEADLINE):
            # A text frame is the end of the output.
            while isinstance(frame := await terminal.recv(), bytes):
                said += frame
    assert b"forty-two\r\n" in said


@row("method", "migrate")
async def test_method_migrate(
    server: Backend,
    still: Container,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    async with AsyncExitStack() as stack:
        if server.daemon is None:
            there = await stack.enter_async_context(_demo(tmp_path_factory))
        else:
            lab: Lab = request.getfixturevalue("lab")
            there = _real(lab.daemon(f"{server.daemon.kind}2"))
        client_destination = await stack.enter_async_context(there.client())
        arrived = await still.migrate(client_destination, wait=True)
        assert await client_destination.containers.exists(still.name)
        assert (arrived.name, arrived.status) == (still.name, "Stopped")
        await arrived.delete(wait=True)


@pytest_asyncio.fixture(loop_scope="module")
async def made() -> AsyncIterator[Callable[[Image | None], Image]]:
    """Takes an image that was published, which is deleted afterwards."""
    images: list[Image] = []

    def take(image: Image | None) -> Image:
        assert image is not None
        images.append(image)
        return image

    yield take
    for image in images:
        await image.delete(wait=True)


@row("method", "publish")
async def test_method_publish(
    rows_client: Client, still: Container, made: Callable[[Image | None], Image]
) -> None:
    image = made(await still.publish(wait=True))
    assert await rows_client.images.exists(image.fingerprint)


@row("method", "restore_snapshot")
async def test_method_restore_snapshot(still: Container, taken: Snapshot) -> None:
    await still.files.put("/root/later", b"later")
    await still.restore_snapshot(taken.name, wait=True)
    with pytest.raises(NotFound):
        await still.files.get("/root/later")


@row("snapshots", "get")
async def test_snapshots_get(still: Container, taken: Snapshot) -> None:
    found = await still.snapshots.get(taken.name)
    assert (found.name, found.created_at) == (taken.name, taken.created_at)
    assert found.created_at[10] == "T"
    with pytest.raises(NotFound, match="none"):
        await still.snapshots.get("none")


@row("snapshots", "all")
async def test_snapshots_all(still: Container, taken: Snapshot) -> None:
    second = await still.snapshots.create("a-second", wait=True)
    assert [found.name for found in await still.snapshots.all()] == [taken.name, second.name]


@row("snapshots", "create")
async def test_snapshots_create(still: Container, life: Container, taken: Snapshot) -> None:
    assert taken.stateful is False
    # With the memory it needs CRIU, which none of these servers has.
    with pytest.raises(LxdTuiError, match=r"CRIU|migration\.stateful"):
        await life.snapshots.create("memory", stateful=True, wait=True)
    assert await life.snapshots.all() == []


@row("snapshots", "rename")
async def test_snapshots_rename(still: Container, taken: Snapshot) -> None:
    await taken.rename("backup-snapshot", wait=True)
    assert taken.name == "backup-snapshot"
    assert [found.name for found in await still.snapshots.all()] == ["backup-snapshot"]


@row("snapshots", "publish")
async def test_snapshots_publish(
    rows_client: Client, taken: Snapshot, made: Callable[[Image | None], Image]
) -> None:
    image = made(await taken.publish(wait=True))
    assert await rows_client.images.exists(image.fingerprint)


@row("snapshots", "restore")
async def test_snapshots_restore(still: Container, taken: Snapshot) -> None:
    await still.files.put("/root/later", b"later")
    await taken.restore(wait=True)
    with pytest.raises(NotFound):
        await still.files.get("/root/later")


@row("snapshots", "delete")
async def test_snapshots_delete(still: Container, taken: Snapshot) -> None:
    await taken.delete(wait=True)
    assert await still.snapshots.all() == []


@row("files", "put")
async def test_files_put(life: Container) -> None:
    await life.files.put("/root/put", "größer\n")
    assert await output_of(life, "cat", "/root/put") == "größer\n"
    written = await life.files.stat("/root/put")
    assert (written.uid, written.gid) == (0, 0)


@row("files", "get")
async def test_files_get(life: Container) -> None:
    content = bytes(range(256))
    await life.files.put("/root/get", content)
    assert await life.files.get("/root/get") == content
    with pytest.raises(NotFound, match="/root/none"):
        await life.files.get("/root/none")


@row("files", "delete_available")
async def test_files_delete_available(rows_client: Client, life: Container) -> None:
    assert await life.files.delete_available() is ("file_delete" in rows_client.server.extensions)
    assert await life.files.delete_available() is True


@row("files", "delete")
async def test_files_delete(life: Container) -> None:
    await life.files.put("/root/gone", b"")
    await life.files.delete("/root/gone")
    with pytest.raises(NotFound):
        await life.files.get("/root/gone")
