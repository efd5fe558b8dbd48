"""Operations: listing, waiting, cancelling, and those that nobody remembers."""

import asyncio

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import BadRequest, NotFound, OperationFailed, OperationLost, SessionClosed
from lxdtui.model.refs import OperationRef
from tests.contract.backend import Backend, runs, until


async def test_operation_is_listed_and_read(backend: Backend, client: Client, name: str) -> None:
    handle, ref = await client.connection.instances.create(
        backend.empty(name, type="container"), project="default"
    )
    assert handle.operation is not None
    operation = await handle.wait()
    assert operation is not None
    assert operation.is_final
    assert operation.status == "Success"
    assert operation.instances == (ref,)
    listed = {found.ref for found in await client.connection.operations.list(project="default")}
    assert operation.ref in listed
    assert operation.ref in {found.ref for found in await client.connection.operations.list()}
    again = await client.connection.operations.get(operation.ref)
    assert (again.ref, again.status, again.instances) == (
        operation.ref,
        operation.status,
        operation.instances,
    )
    assert await handle.wait() is operation


async def test_five_seconds_that_sockets_have_and_that_ended_operations_are_kept(
    backend: Backend, client: Client, shared: Container, name: str
) -> None:
    ended, _ = await client.connection.instances.create(
        backend.empty(name, type="container"), project="default"
    )
    operation = await ended.wait()
    assert operation is not None
    started = await client.connection.exec.start(shared.ref, ["true"], interactive=True)
    assert started.handle.operation is not None
    if not backend.demo:
        waited = await client.connection.operations.wait_once(
            started.handle.operation.ref, tried="wait for a while", seconds=1
        )
        assert not waited.is_final
    with pytest.raises(OperationFailed, match="websockets to connect"):
        await asyncio.wait_for(started.handle.wait(), 10)
    with pytest.raises(NotFound):
        await client.connection.operations.get(operation.ref)
    with pytest.raises(OperationLost):
        await client.connection.operations.wait_once(operation.ref, tried="wait", seconds=1)


async def test_command_cannot_be_cancelled(client: Client, shared: Container) -> None:
    async with await client.connection.exec.open(shared.ref, ["sleep", "4600"]):
        [operation] = [
            found
            for found in await client.connection.operations.list(project="default")
            if found.description == "Executing command" and not found.is_final
        ]
        assert operation.kind == "websocket"
        assert not operation.may_cancel
        with pytest.raises(BadRequest, match="cancel"):
            await client.connection.operations.cancel(operation.ref)


async def test_ended_operation_cannot_be_cancelled(
    backend: Backend, client: Client, name: str
) -> None:
    handle, _ = await client.connection.instances.create(
        backend.empty(name, type="container"), project="default"
    )
    await handle.wait()
    with pytest.raises(BadRequest):
        await handle.cancel()


async def test_unknown_operation_is_lost(client: Client) -> None:
    ref = OperationRef("local", "00000000-0000-4000-8000-000000000000")
    with pytest.raises(OperationLost) as caught:
        await client.connection.operations.wait_once(ref, tried="start web1", seconds=1)
    assert caught.value.operation_id == ref.id
    assert caught.value.tried == "start web1"


async def test_operation_is_lost_with_the_server(
    backend: Backend, client: Client, shared: Container
) -> None:
    started = await client.connection.exec.start(shared.ref, ["true"], interactive=True)
    waiting = asyncio.create_task(started.handle.wait())
    assert started.handle.operation is not None
    ref = started.handle.operation.ref
    await until(lambda: _is_known(client, ref))
    command = asyncio.create_task(shared.execute(["sleep", "4700"]))
    await until(lambda: runs(shared, "sleep 4700"))
    await backend.kill()
    with pytest.raises(OperationLost):
        await asyncio.wait_for(waiting, 10)
    with pytest.raises((OperationLost, SessionClosed)):
        await asyncio.wait_for(command, 10)
    await backend.start()
    with pytest.raises(NotFound):
        await client.connection.operations.get(ref)


async def _is_known(client: Client, ref: OperationRef) -> bool:
    return (await client.connection.operations.get(ref)).ref == ref


async def test_progress_ends_with_the_operation(
    backend: Backend, client: Client, name: str
) -> None:
    handle, _ = await client.connection.instances.create(
        backend.from_image(name, type="container"), project="default"
    )
    async with asyncio.timeout(10):
        steps = [step async for step in handle.progress()]
    assert all(step.text for step in steps)
    assert len(steps) == len(set(steps))
    operation = await handle.wait()
    assert operation is not None
    assert operation.status == "Success"
    async with asyncio.timeout(10):
        assert [step async for step in handle.progress()] == []
