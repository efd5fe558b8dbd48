"""Shells in real instances: which one, what passes, and how they end."""

import asyncio
import contextlib
from types import SimpleNamespace
from typing import cast

import pytest

from lxdtui.api.connection import Connection
from lxdtui.errors import BadRequest, NotFound, OperationFailed
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import ShellOptions
from lxdtui.services import Fleet, ShellSession
from lxdtui.services.shell_start import plan_start, shell_candidates
from tests.lab import Daemon


@pytest.mark.parametrize(
    ("passwd", "shells"),
    [
        (b"", ["/bin/bash", "/bin/sh"]),
        (b"root:x:0:0:root:/root:/bin/bash\n", ["/bin/bash", "/bin/sh"]),
        (b"root:x:0:0:root:/root:/usr/bin/fish\n", ["/usr/bin/fish", "/bin/bash", "/bin/sh"]),
        (b"root:x:0:0:root:/root:/bin/sh\n", ["/bin/sh", "/bin/bash"]),
        (b"root:x:0:0:root:/root:/usr/sbin/nologin\n", ["/bin/bash", "/bin/sh"]),
        (b"root:x:0:0:root:/root:relative\n", ["/bin/bash", "/bin/sh"]),
        (b"toor:x:0:0::/root:/bin/zsh\n", ["/bin/zsh", "/bin/bash", "/bin/sh"]),
        (b"web:x:33:33::/:/bin/zsh\nroot:x:0:0\n\xff\xfe\n", ["/bin/bash", "/bin/sh"]),
    ],
)
def test_shell_candidates(passwd: bytes, shells: list[str]) -> None:
    assert shell_candidates(passwd) == shells


async def read_until(session: ShellSession, wanted: bytes) -> bytes:
    """Read as a terminal does, which answers when it is asked for the cursor."""
    read = b""
    async with asyncio.timeout(20):
        while wanted not in read:
            data = await session.receive()
            if not data:
                pytest.fail(f"ended before {wanted!r}: {read!r} {session.ending}")
            if b"\x1b[6n" in data:
                await session.send(b"\x1b[1;1R")
            read += data
    return read


async def read_to_the_end(session: ShellSession) -> bytes:
    read = b""
    async with asyncio.timeout(20):
        while data := await session.receive():
            if b"\x1b[6n" in data:
                await session.send(b"\x1b[1;1R")
            read += data
    return read


async def test_a_shell_from_first_byte_to_exit_status(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    ref = InstanceRef(daemon.name, "default", instance_name)
    session = await fleet.sessions.open_shell(ref, columns=101, rows=31)
    # The image has no bash and no /etc/passwd: sh is found by trying.
    await session.send("stty size; echo $TERM zażółć $((6*7))\n".encode())
    output = await read_until(session, "zażółć 42".encode())
    assert b"31 101" in output
    assert b"xterm-256color" in output
    assert session.command == ("/bin/sh", "-l")
    await session.resize(90, 20)
    await session.send(b"stty size\n")
    assert await read_until(session, b"20 90")
    await session.send(b"exit 7\n")
    await read_to_the_end(session)
    assert session.ending is not None
    assert session.ending.exit_status == 7
    assert "status 7" in session.ending.words


async def test_closing_ends_the_processes_inside(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    ref = InstanceRef(daemon.name, "default", instance_name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    await session.send(b"exec sleep 54321\n")
    await read_until(session, b"sleep 54321")
    await session.close()
    async with asyncio.timeout(20):
        while "54321" in await asyncio.to_thread(daemon.exec, instance_name, "ps"):
            pass
    assert await session.receive() == b""


async def test_a_stopped_instance_is_the_reason(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    ref = InstanceRef(daemon.name, "default", instance_name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    await session.send(b"echo rea''dy\n")
    await read_until(session, b"ready")
    await asyncio.to_thread(daemon.set_state, instance_name, "stop", force=True)
    await read_to_the_end(session)
    assert session.ending is not None
    assert f"{instance_name} is stopped" in session.ending.words


async def test_a_killed_server_is_the_reason(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    ref = InstanceRef(daemon.name, "default", instance_name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    await session.send(b"echo rea''dy\n")
    await read_until(session, b"ready")
    await asyncio.to_thread(daemon.kill)
    await read_to_the_end(session)
    assert session.ending is not None
    assert session.ending.exit_status is None
    assert "link to the server broke" in session.ending.words
    with contextlib.suppress(TimeoutError):
        await session.close()


async def test_refusals_come_before_the_screen(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name, start=False)
    ref = InstanceRef(daemon.name, "default", instance_name)
    with pytest.raises(BadRequest, match="not running"):
        await fleet.sessions.open_shell(ref, columns=80, rows=24)
    with pytest.raises(NotFound):
        await fleet.sessions.open_shell(
            InstanceRef(daemon.name, "default", f"{instance_name}-no"), columns=80, rows=24
        )


async def test_a_list_of_users_that_is_endless(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", "truncate -s 2G /etc/passwd")
    ref = InstanceRef(daemon.name, "default", instance_name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    await session.send(b"echo sh''ell\n")
    await read_until(session, b"shell")
    await session.close()


async def test_programs_of_the_instance_that_never_end(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    fake = "printf '#!/bin/sh\nexec yes\n' > /bin/tmux; chmod +x /bin/tmux"
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", fake)
    assert await fleet.sessions.kept(ref) == ()


class EchoingExec:
    """Terminals that echo before it is known that there is no such command."""

    def __init__(self, *commands: str) -> None:
        self.commands = commands
        self.typed: list[bytes] = []

    async def open(self, _ref: object, command: tuple[str, ...], **_: object) -> "EchoingExec":
        self.is_there = command[0] in self.commands
        self.typed.append(b"")
        self.output = asyncio.Queue[bytes]()
        return self

    async def send(self, data: bytes) -> None:
        self.typed[-1] += data
        self.output.put_nowait(data)
        if not self.is_there:
            self.output.put_nowait(b"")

    async def receive(self) -> bytes:
        return await self.output.get()

    async def exit_status(self) -> int:
        raise OperationFailed("run a command", "Command not found")


async def test_what_is_typed_before_the_right_shell_is_found_is_not_lost() -> None:
    terminals = EchoingExec("/bin/sh")
    connection = cast("Connection", SimpleNamespace(exec=terminals))
    ref = InstanceRef("local", "default", "web1")
    session = ShellSession(
        connection, ref, plan_start("web", b"", b"", ShellOptions()), columns=80, rows=24
    )
    await session.open()
    await session.send(b"date\n")
    assert await session.receive() == b"date\n"
    assert await session.receive() == b"date\n"
    assert terminals.typed == [b"date\n", b"date\n"]
    assert session.command == ("/bin/sh", "-l")
