"""The file browser in the whole app, on containers that really run, with whatever they hold."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.api import Endpoint
from lxdtui.model.files import path_bytes
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.screens.files import FilesScreen
from tests.contract.file_boxes import HOSTILE_NAMES
from tests.lab import Daemon
from tests.ui.pilots import screen_text, until

_ODD = HOSTILE_NAMES[11]


@asynccontextmanager
async def browser_of(
    socket: Path, name: str, path: str
) -> AsyncIterator[tuple[Pilot[None], LxdTuiApp, FilesScreen]]:
    """The app on a server, with the files of an instance."""
    fleet = Fleet([Remote(name="here", endpoint=Endpoint(socket=socket))])
    app = LxdTuiApp(fleet)
    try:
        async with app.run_test(size=(140, 40)) as pilot:
            await until(pilot, lambda: name in screen_text(app))
            app.post_message(OpenFiles(InstanceRef("here", "default", name), path))
            await until(pilot, lambda: isinstance(app.screen, FilesScreen))
            screen = app.screen
            assert isinstance(screen, FilesScreen)
            await until(pilot, lambda: screen.active.path == path and has_come(screen))
            yield pilot, app, screen
    finally:
        await fleet.aclose()


def has_come(screen: FilesScreen) -> bool:
    return not screen.active.is_reading and bool(screen.active.rows.shown)


def names(screen: FilesScreen) -> list[str]:
    return [entry.name for entry in screen.active.rows.shown]


async def put_cursor(pilot: Pilot[None], screen: FilesScreen, name: str) -> None:
    screen.active.table.move_to(names(screen).index(name))
    await pilot.pause()


async def answer(pilot: Pilot[None], title: str, text: str, *, shows: Callable[[], bool]) -> None:
    """Type into the field of a dialog, and wait for what comes of it."""
    app = pilot.app
    await until(pilot, lambda: title in screen_text(app) and app.screen.is_modal)
    field = app.screen.query_one(Input)
    field.value = text
    await pilot.pause()
    await field.action_submit()
    await until(pilot, lambda: not app.screen.is_modal)
    await until(pilot, shows)


async def test_whatever_a_container_holds_is_shown_changed_and_removed(
    daemon: Daemon, instance_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    await asyncio.to_thread(daemon.launch, instance_name)
    script = r"""
        mkdir -p /srv/box/in/deep /srv/kept && cd /srv/box && echo kept > /srv/kept/file
        printf x > "$(printf 'latin1 \351\377\376')"; printf x > "$(printf 'line\nbreak')"
        printf x > "$(printf '\033[2J\033]0;title\007')"; printf x > '[bold red]x'; printf x > -rf
        mkfifo pipe; ln -s /dev/null null; ln -s loop loop; ln -s /srv/kept out; ln -s .. in/up
        ln -s ../../../../../../etc/passwd far; chmod 4755 ./-rf; echo needle > in/deep/hay
    """
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", script)
    async with browser_of(daemon.socket, instance_name, "/srv/box") as (pilot, app, screen):
        text = screen_text(app)
        for words in ("latin1 \\xe9\\xff\\xfe", "line␊break", "[bold red]x", "null → /dev/null"):
            assert words in text
        assert "\x1b" not in text
        assert "rwsr-xr-x" in text
        assert names(screen)[0] == ".."
        assert {_ODD, "loop", "pipe", "out", "far"} <= set(names(screen))

        await put_cursor(pilot, screen, _ODD)
        await pilot.press("r")
        await answer(
            pilot,
            "Rename in",
            "latin1 \\xe9\\xff\\xfe 2",
            shows=lambda: f"{_ODD} 2" in names(screen),
        )
        listed = await asyncio.to_thread(
            daemon.exec, instance_name, "sh", "-c", "cd /srv/box && printf %s latin1* | od -An -tx1"
        )
        assert bytes.fromhex(listed.strip().replace(" ", "")) == path_bytes(f"{_ODD} 2")

        await put_cursor(pilot, screen, "out")
        await pilot.press("l")
        await until(pilot, lambda: names(screen) == ["..", "file"])
        assert screen.active.path == "/srv/box/out"
        await pilot.press("h")
        await until(pilot, lambda: screen.active.path == "/srv/box" and has_come(screen))

        # Everything goes, and nothing that a link leads to.
        await pilot.press("h")
        await until(pilot, lambda: screen.active.path == "/srv" and has_come(screen))
        await put_cursor(pilot, screen, "box")
        await pilot.press("D")
        await answer(pilot, "Type 15 to delete", "15", shows=lambda: "box" not in names(screen))
        kept = await asyncio.to_thread(daemon.exec, instance_name, "cat", "/srv/kept/file")
        assert kept == "kept\n"
        null = await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", "ls -d /dev/null")
        assert null == "/dev/null\n"


async def test_an_open_browser_is_not_in_the_way_of_start_and_stop(
    daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name, start=False)
    async with browser_of(daemon.socket, instance_name, "/etc") as (pilot, app, screen):
        assert "passwd" in names(screen)
        await app._fleet.instances.start(InstanceRef("here", "default", instance_name))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: has_come(screen) and not screen.active.has_failed)
        # The key comes while the session is kept, and stopping lets go of it.
        await app._fleet.instances.stop(InstanceRef("here", "default", instance_name), force=True)
        assert await asyncio.to_thread(daemon.status, instance_name) == "Stopped"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: has_come(screen) and not screen.active.has_failed)
        assert "passwd" in names(screen)
        assert "stopped" in screen_text(app)


async def test_a_folder_of_ten_thousand_is_there_at_once(lxd: Daemon, instance_name: str) -> None:
    await asyncio.to_thread(lxd.launch, instance_name)
    script = "mkdir /srv /srv/many; cd /srv/many && seq 10000 | xargs touch"
    await asyncio.to_thread(lxd.exec, instance_name, "sh", "-c", script, check=False)
    async with browser_of(lxd.socket, instance_name, "/srv/many") as (pilot, app, screen):
        assert "1/10,001" in screen_text(app)
        await pilot.press("G")
        assert screen.active.entry is not None
        assert screen.active.entry.name == "10000"
