import pytest

from lxdtui.api import Client
from lxdtui.errors import ConnectionFailed, ConnectionProblem, ExtensionMissing, NotFound
from lxdtui.model.refs import OperationRef
from tests.contract.backend import EVERYWHERE, STAGING, Backend

pytestmark = pytest.mark.parametrize("backend_name", EVERYWHERE)


async def test_server_tells_who_it_is(backend: Backend, client: Client) -> None:
    server = client.server
    assert server.kind is backend.kind
    assert server.version[0].isdigit()
    assert server.is_trusted
    assert server.name
    assert server.project == "default"
    assert not server.is_clustered
    if not backend.demo:
        assert len(server.fingerprint) == 64


async def test_server_has_the_extensions_that_are_relied_upon(client: Client) -> None:
    for extension in ("instances", "projects", "instance_get_full", "instance_all_projects"):
        client.connection.require(extension, tried="test")
    with pytest.raises(ExtensionMissing, match="made_up"):
        client.connection.require("made_up", tried="test")


async def test_probe_is_answered(client: Client) -> None:
    await client.connection.probe()


async def test_projects_are_listed(client: Client) -> None:
    assert {"default", STAGING} <= set(await client.connection.project_names())


async def test_projects_keep_their_containers_apart(
    backend: Backend, client: Client, name: str
) -> None:
    async with backend.client(project=STAGING) as staging:
        made = await staging.containers.create(backend.empty(name), wait=True)
        assert (made.ref.project, made.name) == (STAGING, name)
        assert [container.name for container in await staging.containers.all()] == [name]
        assert not await client.containers.exists(name)
        listed = await client.connection.instances.list()
        assert (STAGING, name) in {(found.ref.project, found.name) for found in listed}
        assert name not in {found.name for found in await client.containers.all()}
        await made.delete(wait=True)
        assert await staging.containers.all() == []


async def test_unknown_project_is_empty_and_takes_nothing(backend: Backend, name: str) -> None:
    async with backend.client(project="no-such-project") as client:
        assert await client.containers.all() == []
        assert not await client.containers.exists(name)
        with pytest.raises(NotFound):
            await client.containers.get(name)
        with pytest.raises(NotFound, match="roject"):
            await client.containers.create(backend.empty(name), wait=True)


async def test_unknown_operation_is_not_found(client: Client) -> None:
    ref = OperationRef("local", "00000000-0000-4000-8000-000000000000")
    with pytest.raises(NotFound) as caught:
        await client.connection.operations.get(ref)
    assert caught.value.status == 404
    with pytest.raises(NotFound):
        await client.connection.operations.cancel(ref)


async def test_client_survives_the_death_of_the_server(backend: Backend, client: Client) -> None:
    await client.connection.probe()
    await backend.kill()
    with pytest.raises(ConnectionFailed) as caught:
        await client.containers.all()
    expected = {ConnectionProblem.REFUSED, ConnectionProblem.MISSING}
    assert caught.value.problem in expected
    await backend.start()
    await client.containers.all()
