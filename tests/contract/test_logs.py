"""Log files and the console log, on every kind of server."""

import asyncio
from pathlib import Path

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import ApiError, LocalFileError, NotFound
from lxdtui.model.refs import InstanceRef
from lxdtui.services.logs import CONSOLE, LogService
from tests.contract.backend import Backend


async def test_log_files_are_listed_read_and_saved(
    client: Client, running: Container, tmp_path: Path
) -> None:
    logs = LogService({running.ref.remote: client.connection})
    names = await logs.names(running.ref)
    assert names[0] == CONSOLE
    assert "lxc.log" in names
    whole = await logs.read(running.ref, "lxc.log")
    assert not whole.is_cut
    calls = client.connection.logs
    if whole.raw:
        end, is_cut = await calls.tail(running.ref, "lxc.log", limit=10)
        assert (end, is_cut) == (whole.raw[-10:], True)
    path = tmp_path / "saved.log"
    assert await logs.save(running.ref, "lxc.log", path) >= len(whole.raw)
    assert path.read_bytes().startswith(whole.raw)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(LocalFileError, match="File exists"):
        await logs.save(running.ref, "lxc.log", path)
    assert path.read_bytes().startswith(whole.raw)
    with pytest.raises(ApiError):
        await logs.save(running.ref, "no-such.log", tmp_path / "other.log")
    assert not (tmp_path / "other.log").exists()
    with pytest.raises(ApiError):
        await logs.read(running.ref, "no-such.log")
    with pytest.raises(NotFound):
        await logs.names(InstanceRef(running.ref.remote, "default", "nobody"))


async def test_the_console_log_is_kept_although_it_is_handed_out_once(
    backend: Backend, client: Client, running: Container
) -> None:
    logs = LogService({running.ref.remote: client.connection})
    if backend.daemon is None:
        text = await logs.read(running.ref, CONSOLE)
        assert "login: " in text.lines[-1]
        assert await logs.read(running.ref, CONSOLE, text) is text
        return
    write = ["sh", "-c", "echo first-words > /dev/console"]
    await running.execute(write)
    text = await logs.read(running.ref, CONSOLE)
    async with asyncio.timeout(20):
        while "first-words" not in text.lines:
            text = await logs.read(running.ref, CONSOLE, text)
    await running.execute(["sh", "-c", "echo other-words > /dev/console"])
    async with asyncio.timeout(20):
        while "other-words" not in text.lines:
            text = await logs.read(running.ref, CONSOLE, text)
    assert text.lines.index("first-words") < text.lines.index("other-words")
    assert text.lines.count("first-words") == 1
    assert await logs.read(running.ref, CONSOLE, text) is text


async def test_what_recorded_commands_printed_is_there_too(
    backend: Backend, client: Client, running: Container
) -> None:
    ref = running.ref
    logs = LogService({ref.remote: client.connection})
    if backend.daemon is None:
        assert not any("exec" in name for name in await logs.names(ref))
        return
    body = {
        "command": ["sh", "-c", "echo words; echo trouble >&2"],
        "record-output": True,
        "wait-for-websocket": False,
        "interactive": False,
    }
    path = f"/1.0/instances/{ref.name}/exec"
    await asyncio.to_thread(backend.daemon.request, "POST", path, body)
    names = [name for name in await logs.names(ref) if "exec_" in name]
    texts = {name[-6:]: (await logs.read(ref, name)).lines for name in names}
    assert texts == {"stdout": ("words",), "stderr": ("trouble",)}
