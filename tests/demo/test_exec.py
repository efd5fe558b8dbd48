"""Exec sessions: framing, signals, ends; the real servers' order of things."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient


@pytest.fixture(autouse=True)
def container(demo: DemoServer) -> None:
    demo.add_instance("c1")


async def test_streams_of_a_command_without_a_terminal(api: PlainClient) -> None:
    session = await api.execute("c1", "sh", "-c", "cat; echo oops >&2; exit 7")
    await session.sockets["0"].send(b"hello\n")
    assert await session.sockets["1"].recv() == b"hello\n"
    await session.sockets["0"].send("")
    assert await session.read("1") == b""
    assert await session.read("2") == b"oops\n"
    for fd in ("0", "1", "2", "control"):
        assert await session.close_code(fd) == 1006
    assert await session.status() == 7


async def test_closing_the_input_ends_it_too(api: PlainClient) -> None:
    session = await api.execute("c1", "cat")
    await session.sockets["0"].send(b"abc")
    await session.sockets["0"].close()
    assert await session.read("1") == b"abc"
    assert await session.status() == 0


async def test_large_input_comes_back_whole(api: PlainClient) -> None:
    session = await api.execute("c1", "cat")
    content = bytes(range(256)) * 8000
    sending = asyncio.create_task(session.sockets["0"].send(content))
    received = b""
    while len(received) < len(content):
        frame = await session.sockets["1"].recv()
        assert isinstance(frame, bytes)
        assert len(frame) <= 65536
        received += frame
    await sending
    assert received == content
    await session.sockets["0"].send("ignored, but the end")
    assert await session.status() == 0


async def test_terminal_session_waits_for_the_client_to_close(api: PlainClient) -> None:
    session = await api.execute("c1", "sh", "-c", "stty size; exit 3", interactive=True, width=90)
    assert await session.rest() == "24 90\r\n"
    assert await session.close_code("control") == 1006
    url = f"/1.0/operations/{session.operation['id']}"
    running = await api.get(f"{url}/wait?timeout=0")
    assert running["status"] == "Running"
    assert "return" not in running["metadata"]
    assert await session.status() == 3


async def test_operation_of_a_session_tells_its_environment(api: PlainClient) -> None:
    session = await api.execute("c1", "true", environment={"FOO": "bar"})
    assert session.operation["class"] == "websocket"
    metadata = session.operation["metadata"]
    assert metadata["command"] == ["true"]
    assert metadata["environment"]["FOO"] == "bar"
    assert metadata["environment"]["HOME"] == "/root"
    assert "TERM" not in metadata["environment"]
    assert set(metadata["fds"]) == {"0", "1", "2", "control"}
    assert await session.status() == 0


@pytest.mark.parametrize("interactive", [False, True])
@pytest.mark.parametrize("signal", [2, 9, 15])
async def test_signal_ends_the_command(api: PlainClient, signal: int, interactive: bool) -> None:
    session = await api.execute("c1", "sleep", "600", interactive=interactive)
    await session.control(command="signal", signal=signal)
    assert await session.read("0" if interactive else "1") == b""
    assert await session.status() == 128 + signal


async def test_closing_control_kills(api: PlainClient) -> None:
    session = await api.execute("c1", "sleep", "600", interactive=True)
    await session.sockets["control"].close()
    await session.rest()
    assert await session.status() == 137


async def test_closing_stream_0_alone_leaves_the_command(api: PlainClient) -> None:
    session = await api.execute("c1", "sleep", "600", interactive=True)
    await session.sockets["0"].close()
    url = f"/1.0/operations/{session.operation['id']}/wait?timeout=0"
    assert (await api.get(url))["status"] == "Running"
    await session.sockets["control"].close()
    assert await session.status() == 137


async def test_text_silences_a_terminal(api: PlainClient) -> None:
    session = await api.execute("c1", "cat", interactive=True)
    await session.sockets["0"].send("text")
    await session.type("typed\n")
    await session.control(command="signal", signal=15)
    assert await session.rest() == ""
    assert await session.close_code("0") == 1006
    assert await session.status() == 143


async def test_sizes_must_be_strings(api: PlainClient) -> None:
    session = await api.execute("c1", "sh", interactive=True, width=80, height=24)
    for arguments in ({"width": 100, "height": 30}, {"width": "x", "height": "1"}, None):
        await session.control(command="window-resize", args=arguments)
    await session.sockets["control"].send("garbage")
    await session.until("# ")
    await session.type("stty size\r")
    await session.until("\r\n24 80\r\n")
    await session.control(command="window-resize", args={"width": "132", "height": "43"})
    # The two sockets are independent: ask until the new size is there.
    async with asyncio.timeout(10):
        while True:
            await session.until("# ")
            await session.type("stty size; echo 'done'\r")
            if "43 132\r\n" in await session.until("\r\ndone\r\n"):
                break


async def test_sockets_have_to_connect_in_time(tmp_path: Path) -> None:
    path = tmp_path / "unix.socket"
    async with (
        DemoServer(path, fleet="empty", pace=0, websocket_timeout=0.05) as demo,
        PlainClient(path) as api,
    ):
        demo.add_instance("c1")
        request = {"command": ["sh"], "wait-for-websocket": True, "interactive": True}
        operation = (await api.body("POST", "/1.0/instances/c1/exec", request))["metadata"]
        secret = operation["metadata"]["fds"]["0"]
        url = f"/1.0/operations/{operation['id']}"
        socket = await api.connect(f"{url}/websocket?secret={secret}")
        failed = await api.get(f"{url}/wait")
        assert failed["status"] == "Failure"
        assert failed["err"] == "Timed out waiting for websockets to connect"
        await socket.wait_closed()
        assert socket.close_code == 1006


async def test_secrets_are_checked(api: PlainClient) -> None:
    session = await api.execute("c1", "sh", interactive=True)
    url = f"/1.0/operations/{session.operation['id']}/websocket"
    for query, status, error in (
        ("", 400, "missing secret"),
        ("?secret=wrong", 500, "permission denied"),
    ):
        with pytest.raises(InvalidStatus) as caught:
            await api.connect(url + query)
        assert caught.value.response.status_code == status
        assert error.encode() in (caught.value.response.body or b"")
    again = await api.connect(f"{url}?secret={session.operation['metadata']['fds']['0']}")
    await again.wait_closed()
    assert again.close_code == 1006


@pytest.mark.parametrize(
    ("command", "status", "error"),
    [("no-such-command", 127, "Command not found"), ("/etc/passwd", 126, "Command not executable")],
)
async def test_what_cannot_be_run(api: PlainClient, command: str, status: int, error: str) -> None:
    session = await api.execute("c1", command)
    assert await session.read("1") == b""
    operation = await session.finish()
    assert (operation["status"], operation["err"]) == ("Failure", error)
    assert operation["metadata"]["return"] == status


async def test_command_without_sockets_records_its_output(api: PlainClient) -> None:
    request: dict[str, Any] = {
        "command": ["sh", "-c", "echo out; echo err >&2; exit 3"],
        "record-output": True,
    }
    operation = await api.run("POST", "/1.0/instances/c1/exec", request)
    assert (operation["class"], operation["status"]) == ("task", "Success")
    metadata = operation["metadata"]
    assert metadata["return"] == 3
    assert (await api.http.get(metadata["output"]["1"])).text == "out\n"
    assert (await api.http.get(metadata["output"]["2"])).text == "err\n"
    assert metadata["output"]["1"] in await api.get("/1.0/instances/c1/logs")
    assert (await api.body("DELETE", metadata["output"]["1"]))["type"] == "sync"
    assert (await api.http.get(metadata["output"]["1"])).status_code == 500


@pytest.mark.parametrize(
    ("status", "error"), [("Stopped", "Instance is not running"), ("Frozen", "Instance is frozen")]
)
async def test_exec_is_refused_by_status(
    demo: DemoServer, api: PlainClient, status: str, error: str
) -> None:
    demo.set_state("c1", status)
    body = await api.body("POST", "/1.0/instances/c1/exec", {"command": ["true"]})
    assert (body["error_code"], body["error"]) == (400, error)


async def test_stopping_the_container_kills_the_command(demo: DemoServer, api: PlainClient) -> None:
    session = await api.execute("c1", "bash", interactive=True)
    await session.until("# ")
    demo.set_state("c1", "Stopped")
    await session.rest()
    assert await session.status() == 137


async def test_frozen_container_answers_when_it_is_thawed(
    demo: DemoServer, api: PlainClient
) -> None:
    session = await api.execute("c1", "cat", interactive=True)
    await session.type("one\r")
    await session.until("one\r\none\r\n")
    demo.set_state("c1", "Frozen")
    await session.type("two\r")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(session.sockets["0"].recv(), 0.05)
    demo.set_state("c1", "Running")
    await session.until("two\r\ntwo\r\n")


async def test_user_directory_and_environment(demo: DemoServer, api: PlainClient) -> None:
    demo.configure_instance("c1", config={"environment.COLOUR": "blue"})
    script = "id -u; id -g; pwd; echo $COLOUR-$HOME"
    session = await api.execute("c1", "sh", "-c", script, user=1000, group=100, cwd="/nowhere")
    assert await session.read("1") == b"1000\n100\n/\nblue-\n"
    assert await session.status() == 0


async def test_flood_is_held_back_and_can_be_interrupted(api: PlainClient) -> None:
    session = await api.execute("c1", "bash", interactive=True)
    await session.until("# ")
    await session.type("yes flood\r")
    await session.until("flood\r\n" * 5)
    await session.type("\x03")
    await session.until("^C")
    await session.until("# ")
    await session.type("echo $?\r")
    await session.until("\r\n130\r\n")


async def test_lifecycle_event_of_exec(api: PlainClient) -> None:
    events = await api.events("type=lifecycle")
    await api.run("POST", "/1.0/instances/c1/exec", {"command": ["true"]})
    event = (await events.next())["metadata"]
    assert event["action"] == "instance-exec"
    assert event["context"] == {"command": ["true"]}
