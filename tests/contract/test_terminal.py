"""Interactive commands: raw_interactive_execute and the session below it."""

import asyncio
import re

import pytest
from websockets.asyncio.client import ClientConnection, unix_connect

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.exec import ExecSession
from lxdtui.errors import BadRequest, OperationFailed, SessionClosed
from tests.contract.backend import EVERYWHERE, Backend, runs, until

over_https_too = pytest.mark.parametrize("backend_name", EVERYWHERE)

_ASKS_FOR_CURSOR = b"\x1b[6n"


class _Screen:
    """What a session has written so far, with the answers that shells wait for."""

    def __init__(self, session: ExecSession) -> None:
        self._session = session
        self.text = b""

    async def until(self, pattern: str) -> str:
        """Read on until a pattern was written; it and what stands before it are dropped."""
        wanted = re.compile(pattern.encode())
        async with asyncio.timeout(10):
            while not (match := wanted.search(self.text)):
                data = await self._session.receive()
                assert data, f"ended without {pattern!r}: {self.text!r}"
                await self._take(data)
        self.text = self.text[match.end() :]
        return match[0].decode()

    async def rest(self) -> str:
        """Read on until the end."""
        async with asyncio.timeout(10):
            while data := await self._session.receive():
                await self._take(data)
        return self.text.decode("utf-8", "replace")

    async def _take(self, data: bytes) -> None:
        self.text += data
        if _ASKS_FOR_CURSOR in data:
            await self._session.send(b"\x1b[1;1R")


async def _open(
    client: Client, container: Container, *command: str, columns: int = 80, rows: int = 24
) -> ExecSession:
    return await client.connection.exec.open(
        container.ref, command or ("sh",), columns=columns, rows=rows
    )


@over_https_too
async def test_size_is_right_from_the_first_byte(client: Client, shared: Container) -> None:
    script = ("sh", "-c", "stty size; read line; exit 4")
    async with await _open(client, shared, *script, columns=101, rows=37) as session:
        screen = _Screen(session)
        assert await screen.until(r"\d+ \d+") == "37 101"
        await session.send(b"\n")
        await screen.rest()
        assert await session.exit_status() == 4


@over_https_too
async def test_shell_answers_and_tells_its_exit_status(client: Client, shared: Container) -> None:
    async with await _open(client, shared) as session:
        screen = _Screen(session)
        await session.send(b"echo 4'2'x\n")
        await screen.until("42x")
        await session.send(b"exit 5\n")
        await screen.rest()
        assert await session.exit_status() == 5
        assert await session.receive() == b""
        await session.send(b"nobody reads this\n")


@over_https_too
async def test_resize_is_seen_inside(client: Client, shared: Container) -> None:
    async with await _open(client, shared, columns=80, rows=24) as session:
        screen = _Screen(session)
        await session.send(b"stty size\n")
        assert await screen.until(r"\d+ \d+\r\n") == "24 80\r\n"
        await session.resize(132, 43)

        async def is_resized() -> bool:
            await session.send(b"stty size\n")
            return await screen.until(r"\d+ \d+\r\n") == "43 132\r\n"

        await until(is_resized)


async def test_characters_of_several_bytes(client: Client, shared: Container) -> None:
    async with await _open(client, shared, "cat") as session:
        screen = _Screen(session)
        for byte in "größe 漢字 🎉\n".encode():
            await session.send(bytes([byte]))
        await screen.until("größe 漢字 🎉")
        await screen.until("größe 漢字 🎉")
        await session.send(b"\x04")
        await screen.rest()
        assert await session.exit_status() == 0


async def test_interrupt_by_key(client: Client, shared: Container) -> None:
    async with await _open(client, shared, "sleep", "4300") as session:
        await until(lambda: runs(shared, "sleep 4300"))
        await session.send(b"\x03")
        await _Screen(session).rest()
        assert await session.exit_status() == 130


async def test_signal_reaches_the_command(client: Client, shared: Container) -> None:
    async with await _open(client, shared, "sleep", "4350") as session:
        await until(lambda: runs(shared, "sleep 4350"))
        await session.signal(15)
        await _Screen(session).rest()
        assert await session.exit_status() == 143


@over_https_too
async def test_five_megabytes_of_output(client: Client, shared: Container) -> None:
    # It waits before its end: LXD can lose the last output of a command that ends at once.
    script = ("sh", "-c", "head -c 5000000 /dev/zero; read line")
    async with await _open(client, shared, *script) as session:
        size = 0
        async with asyncio.timeout(20):
            while size < 5_000_000:
                data = await session.receive()
                assert data
                size += len(data)
        assert size == 5_000_000
        await session.send(b"\n")
        await _Screen(session).rest()
        assert await session.exit_status() == 0


@over_https_too
async def test_closing_kills_the_command(
    client: Client, shared: Container, backend_name: str
) -> None:
    words = f"sleep {4400 + EVERYWHERE.index(backend_name)}"
    async with await _open(client, shared, *words.split()) as session:
        await until(lambda: runs(shared, words))
        reader = asyncio.create_task(session.receive())
    assert await reader == b""

    async def is_gone() -> bool:
        return not await runs(shared, words)

    await until(is_gone)


async def test_command_that_does_not_exist(client: Client, shared: Container) -> None:
    async with await _open(client, shared, "no-such-command") as session:
        await _Screen(session).rest()
        with pytest.raises(OperationFailed, match="not found"):
            await session.exit_status()


async def test_container_that_does_not_run(backend: Backend, client: Client, name: str) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    with pytest.raises(BadRequest, match="not running"):
        await _open(client, container)
    with pytest.raises(BadRequest, match="not running"):
        await container.raw_interactive_execute(["sh"])


async def test_death_of_the_server_closes_the_session(
    backend: Backend, client: Client, shared: Container
) -> None:
    session = await _open(client, shared, "sleep", "4500")
    async with session:
        await until(lambda: runs(shared, "sleep 4500"))
        reader = asyncio.create_task(session.receive())
        await backend.kill()
        with pytest.raises(SessionClosed):
            await asyncio.wait_for(reader, 5)
        await backend.start()


@over_https_too
async def test_paths_of_the_raw_command_can_be_connected(
    backend: Backend, shared: Container
) -> None:
    # It waits before its end: LXD can lose the output of a command that ends at once.
    script = ["sh", "-c", "stty size; read line"]
    started = await shared.raw_interactive_execute(script, columns=66, rows=11)
    assert started["name"] == shared.name
    assert set(started) == {"name", "ws", "control"}
    for path in (started["ws"], started["control"]):
        assert path.startswith("/1.0/operations/")
        assert "/websocket?secret=" in path
    if backend.is_https:
        return
    control = await _connect(backend, started["control"])
    data = await _connect(backend, started["ws"])
    output = b""
    async with asyncio.timeout(10):
        while output.split() != [b"11", b"66"]:
            output += await data.recv(decode=False)
        await data.send(b"\n")
        while isinstance(frame := await data.recv(), bytes):
            assert not frame.strip()
    assert frame == ""
    await control.close()
    await data.close()


async def _connect(backend: Backend, path: str) -> ClientConnection:
    return await unix_connect(
        backend.endpoint, uri=f"ws://lxd{path}", ping_interval=None, close_timeout=1
    )
