"""Consoles: who is attached, and how that ends."""

import asyncio

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.exec import ExecSession
from lxdtui.errors import BadRequest, ServerError
from lxdtui.model.server import ServerKind
from tests.contract.backend import Backend


async def rest(session: ExecSession) -> bytes:
    read = b""
    async with asyncio.timeout(20):
        while data := await session.receive():
            read += data
    return read


async def test_one_is_attached_until_the_container_stops(
    backend: Backend, client: Client, running: Container
) -> None:
    console = client.connection.console
    session = await console.open(running.ref, columns=100, rows=30)
    await session.resize(90, 20)
    if backend.kind is ServerKind.INCUS:
        with pytest.raises(ServerError, match="already connected"):
            await console.open(running.ref, columns=80, rows=24)
    else:
        second = await console.open(running.ref, columns=80, rows=24)
        assert b"attaching to the container failed" in await rest(second)
        await second.aclose()
    reading = asyncio.create_task(rest(session))
    await running.stop(force=True, wait=True)
    await reading
    await session.aclose()
    with pytest.raises(BadRequest, match="not running"):
        await console.open(running.ref, columns=80, rows=24)


async def test_whoever_leaves_makes_room(client: Client, running: Container) -> None:
    console = client.connection.console
    for _ in range(2):
        session = await console.open(running.ref, columns=80, rows=24)
        reading = asyncio.create_task(rest(session))
        await session.aclose()
        assert b"attaching to the container failed" not in await reading
    await running.sync()
    assert running.status == "Running"
