"""The examples of pylxd's page on containers, as they stand there, with ``await`` added.

Lines that differ from the page say why. What each method does in all cases is shown by the other
modules; this one shows that the page holds.
"""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lxdtui.api import Client, Snapshot
from lxdtui.api.containers import Container
from lxdtui.demo import DemoServer
from lxdtui.errors import LxdTuiError, OperationFailed
from tests.contract.backend import Backend, until
from tests.lab import Daemon

_ATTRIBUTES = (
    *("architecture", "config", "created_at", "devices", "ephemeral", "expanded_config"),
    *("expanded_devices", "name", "description", "profiles", "status", "last_used_at"),
    *("status_code", "stateful"),
)
_WAITING = (
    *("rename", "save", "start", "stop", "restart", "freeze", "unfreeze", "migrate"),
    *("publish", "restore_snapshot", "delete"),
)


async def test_fetch_a_single_container(client: Client, stopped: Container, name: str) -> None:
    container = await client.containers.get(name)
    assert isinstance(container, Container)
    assert await client.containers.exists(name) is True
    assert await client.containers.exists(f"{name}-none") is False


async def test_all_containers(client: Client, stopped: Container) -> None:
    containers = await client.containers.all()
    assert isinstance(containers, list)
    assert stopped.name in [container.name for container in containers]


async def test_create_without_wait(client: Client, name: str) -> None:
    config = {"name": name, "source": {"type": "none"}}
    container = await client.containers.create(config, wait=False)
    assert isinstance(container, Container)
    assert container.name == name
    await until(lambda: client.containers.exists(name))


async def test_create_start_freeze_and_delete(backend: Backend, client: Client, name: str) -> None:
    config = {
        "name": name,
        "source": {"type": "image", "alias": backend.image},
        "config": {"limits.cpu": "2"},
    }
    container = await client.containers.create(config, wait=True)
    await container.start()
    await container.freeze()
    await container.delete()
    await until(lambda: _is_gone(client, name))


async def _is_gone(client: Client, name: str) -> bool:
    return not await client.containers.exists(name)


async def test_modify_the_configuration(client: Client, stopped: Container, name: str) -> None:
    container = await client.containers.get(name)
    container.ephemeral = False
    container.devices = {"root": {"path": "/", "type": "disk", "size": "7GB"}}
    await container.save()
    await container.start(wait=True)
    assert container.devices["root"]["size"] == "7GB"
    assert container.ephemeral is False


async def test_state_has_the_addresses(
    real: Daemon | None, client: Client, running: Container
) -> None:
    if real is not None:
        real.add_nic(running.name, ["198.51.100.7/24"])
    container = await client.containers.get(running.name)
    addresses = (await container.state()).network["eth0"]["addresses"]
    first = next(address for address in addresses if address["family"] == "inet")
    assert set(first) == {"family", "address", "netmask", "scope"}
    assert first["scope"] == "global"
    if real is not None:
        assert (first["address"], first["netmask"]) == ("198.51.100.7", "24")


async def test_all_attributes_are_there(stopped: Container) -> None:
    for attribute in _ATTRIBUTES:
        assert hasattr(stopped, attribute), attribute


def test_all_methods_take_the_arguments_of_the_page() -> None:
    for method in (*_WAITING, "state", "execute", "raw_interactive_execute"):
        assert inspect.iscoroutinefunction(getattr(Container, method)), method
    for method in _WAITING:
        assert "wait" in inspect.signature(getattr(Container, method)).parameters, method
    for method in ("rename", "publish", "restore", "delete"):
        assert "wait" in inspect.signature(getattr(Snapshot, method)).parameters, method
    assert list(inspect.signature(Container.migrate).parameters)[1:4] == [
        "client_destination",
        "live",
        "wait",
    ]


async def test_execute(running: Container) -> None:
    exit_code, stdout, stderr = await running.execute(["sh", "-c", "echo out; exit 3"])
    assert (exit_code, stdout, stderr) == (3, b"out\n", b"")


async def test_interactive_shell(running: Container) -> None:
    container = running
    res = await container.raw_interactive_execute(["/bin/sh"])
    assert set(res) == {"name", "ws", "control"}
    assert res["name"] == container.name
    for path in (res["ws"], res["control"]):
        assert path.startswith("/1.0/operations/")
        assert "/websocket?secret=" in path


async def test_migrate_between_two_servers(
    client: Client, stopped: Container, second_endpoint: str
) -> None:
    client_source = client
    async with Client(endpoint=second_endpoint) as client_destination:
        cont = await client_source.containers.get(stopped.name)
        migrated = await cont.migrate(client_destination, wait=True)
        assert isinstance(migrated, Container)
        assert await client_destination.containers.exists(stopped.name)
        assert await client_source.containers.exists(stopped.name)


@pytest.fixture
async def second_endpoint(
    backend: Backend, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[str]:
    """Where another server of the same kind is."""
    if backend.daemon is not None:
        yield str(request.getfixturevalue("lab").daemon(f"{backend.kind}2").socket)
        return
    async with DemoServer(tmp_path / "second.socket", fleet="empty", pace=0) as demo:
        yield str(demo.socket_path)


async def test_publish_returns_the_image(stopped: Container) -> None:
    image = await stopped.publish(wait=True)
    assert image
    assert image.fingerprint
    await image.delete(wait=True)


async def test_snapshot_of_the_page(stopped: Container) -> None:
    container = stopped
    await container.snapshots.create("an-snapshot", wait=True)
    snapshot = await container.snapshots.get("an-snapshot")
    assert isinstance(snapshot.created_at, str)
    assert snapshot.created_at[4] == "-"
    assert snapshot.created_at[10] == "T"
    await container.restore_snapshot("an-snapshot", wait=True)
    await snapshot.rename("backup-snapshot", wait=True)
    assert [found.name for found in await container.snapshots.all()] == ["backup-snapshot"]
    await snapshot.delete(wait=True)
    assert await container.snapshots.all() == []


async def test_snapshot_with_the_memory(running: Container) -> None:
    container = running
    # "Your LXD requires a relatively recent version of CRIU for this": ours have none.
    with pytest.raises(OperationFailed, match=r"CRIU|stateful"):
        await container.snapshots.create("my-backup", stateful=True, wait=True)
    snapshot = await container.snapshots.create("my-backup", wait=True)
    assert snapshot.name == "my-backup"


async def test_files(stopped: Container, tmp_path: Path) -> None:
    container = stopped
    script, copy = tmp_path / "my-script", tmp_path / "my-script2"
    script.write_text("#!/bin/sh\necho größer\n")
    filedata = script.read_text()
    await container.files.put("/tmp/my-script", filedata)
    newfiledata = await container.files.get("/tmp/my-script")
    copy.write_bytes(newfiledata)
    assert copy.read_text() == filedata
    assert await container.files.delete_available() is True
    await container.files.delete("/tmp/my-script")
    with pytest.raises(LxdTuiError):
        await container.files.get("/tmp/my-script")
