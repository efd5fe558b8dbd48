"""The shell screen in the whole app, against servers that really run something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from lxdtui.api import Endpoint
from lxdtui.demo import DemoServer
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.messages import OpenShell
from tests.lab import Daemon
from tests.ui.pilots import line_with, screen_text, until


@asynccontextmanager
async def shell_in(socket: Path, name: str) -> AsyncIterator[tuple[Pilot[None], LxdTuiApp]]:
    """The app on a server, with the shell screen of an instance."""
    fleet = Fleet([Remote(name="here", endpoint=Endpoint(socket=socket))])
    app = LxdTuiApp(fleet)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: name in screen_text(app))
            app.post_message(OpenShell(InstanceRef("here", "default", name)))
            await until(pilot, lambda: f"{name} › Shell" in screen_text(app))
            yield pilot, app
    finally:
        await fleet.aclose()


async def type_line(pilot: Pilot[None], line: str) -> None:
    names = {" ": "space", "$": "dollar_sign", "(": "left_parenthesis", ")": "right_parenthesis"}
    await pilot.press(*(names.get(character, character) for character in line), "enter")


async def test_a_command_is_typed_and_its_output_read(daemon: Daemon, instance_name: str) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    async with shell_in(daemon.socket, instance_name) as (pilot, app):
        await until(pilot, lambda: "#" in screen_text(app))
        await type_line(pilot, "echo $((6*7)) ; stty size")
        await until(pilot, lambda: "\n42\n" in screen_text(app))
        await until(pilot, lambda: "\n21 80\n" in screen_text(app))
        await pilot.resize_terminal(100, 30)
        await type_line(pilot, "stty size")
        await until(pilot, lambda: "\n27 100\n" in screen_text(app))
        await type_line(pilot, "exit 7")
        await until(pilot, lambda: "the shell ended with status 7" in screen_text(app))
        assert "42" in screen_text(app)


async def test_ctrl_c_reaches_the_program(daemon: Daemon, instance_name: str) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    async with shell_in(daemon.socket, instance_name) as (pilot, app):
        await until(pilot, lambda: "#" in screen_text(app))
        await type_line(pilot, "sleep 600")
        await pilot.press("ctrl+c")
        await type_line(pilot, "echo $((2*21))")
        await until(pilot, lambda: "\n42\n" in screen_text(app))


async def test_a_stopped_instance_is_refused_in_words(tmp_path: Path) -> None:
    async with DemoServer(tmp_path / "socket", fleet="empty", pace=0) as demo:
        demo.add_instance("web", status="Stopped")
        async with shell_in(demo.socket_path, "web") as (pilot, app):
            await until(pilot, lambda: "Instance is not running" in screen_text(app))
            assert "try again" in screen_text(app)
            demo.set_state("web", "Running")
            await pilot.press("r")
            await until(pilot, lambda: "root@web" in screen_text(app))


async def test_a_server_that_dies_under_a_shell_is_told_in_words(tmp_path: Path) -> None:
    async with DemoServer(tmp_path / "socket", fleet="empty", pace=0) as demo:
        demo.add_instance("web", status="Running")
        async with shell_in(demo.socket_path, "web") as (pilot, app):
            await until(pilot, lambda: "root@web" in screen_text(app))
            await type_line(pilot, "echo kept")
            await until(pilot, lambda: "\nkept\n" in screen_text(app))
            await demo.stop()
            await until(pilot, lambda: "Enter new shell" in screen_text(app))
            assert "▲ " in line_with(app, "The link to the server broke")
            assert "\nkept\n" in screen_text(app)
            await demo.start()
            await pilot.press("enter")
            await until(pilot, lambda: "Ctrl-] q leave" in screen_text(app))
            await until(pilot, lambda: "root@web" in screen_text(app))
            assert "kept" not in screen_text(app)
