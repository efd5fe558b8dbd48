"""Draws the screens of lxdtui as SVG files, from the demo server with a stopped clock.

Run as `python -m screenshots.render [--only NAME ...] [FOLDER]`; the same program gives the
same bytes.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from lxdtui.api import Connection, Endpoint, local_sockets
from lxdtui.demo import DemoServer
from lxdtui.errors import ConnectionFailed, ConnectionProblem
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.store import LinkState
from lxdtui.store.updates import LinkChanged, SnapshotsRead, UsageRead
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.clock import Clock
from lxdtui.ui.theme import DARK, LIGHT

BEGIN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC).timestamp()
MONOTONIC_BEGIN = 100_000.0
READING_SECONDS = 2.0
READINGS = 120
"""As many as are kept for the graph of the container that is in the middle of the picture."""
GRAPH_READINGS = 20
"""As many as the small graphs in the rows show."""
DEADLINE = 30.0
STILL_SECONDS = 0.4
RUNNERS = 3
"""Containers of the demo that the filter's words match."""
SMALL, LARGE = (80, 24), (140, 40)
MONOSPACE = 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace'


class Time:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return MONOTONIC_BEGIN + self.passed

    def seconds(self) -> float:
        """Seconds since the Unix epoch."""
        return BEGIN + self.passed

    def now(self) -> datetime:
        """The time of day."""
        return datetime.fromtimestamp(self.seconds(), UTC)


class StillFleet(Fleet):
    """A fleet that measures when it is told to, not by a clock on the wall."""

    def __init__(self, remote: Remote, time: Time, *, is_offline: bool = False) -> None:
        super().__init__([remote], clock=time.monotonic)
        self._time = time
        self._is_offline = is_offline
        self._connection = Connection(remote.endpoint, remote=remote.name)
        self.looked_at: tuple[InstanceRef, ...] = ()

    async def run(self) -> None:
        """Follow the server, unless there is none."""
        if self._is_offline:
            await asyncio.Event().wait()
        await super().run()

    def look_at(self, refs: Collection[InstanceRef]) -> None:
        """Note what is on the screen."""
        self.looked_at = tuple(refs)

    async def measure(self, name: str) -> None:
        """Measure what is on the screen again and again, one of it longer, while time goes on."""
        instances = self._connection.instances
        refs = self.looked_at
        for ref in refs:
            self.store.apply(SnapshotsRead(ref, await instances.snapshots(ref)))
        running = [ref for ref in refs if self.store.state.instances[ref].is_running]
        for left in reversed(range(READINGS)):
            self._time.passed += READING_SECONDS
            for ref in running:
                if left < GRAPH_READINGS or ref.name == name:
                    state = await instances.state(ref)
                    self.store.apply(UsageRead(ref, state, self._time.monotonic()))

    async def aclose(self) -> None:
        """Close all links."""
        await self._connection.aclose()
        await super().aclose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running interface, and what is behind it."""

    app: LxdTuiApp
    pilot: Pilot[None]
    fleet: StillFleet
    time: Time
    demo: DemoServer

    async def until(self, is_so: Callable[[], object]) -> None:
        """Let the interface work until something is so."""
        try:
            async with asyncio.timeout(DEADLINE):
                while not is_so():
                    await self.pilot.pause(0.01)
        except TimeoutError as error:
            raise TimeoutError(f"it did not come to that:\n{self.text()}") from error

    async def until_shown(self, words: str) -> None:
        """Let the interface work until words are on the screen."""
        await self.until(lambda: words in self.text())

    async def go_to(self, name: str) -> None:
        """Put the cursor of the list on a row."""
        await self.pilot.press("g")
        for _ in range(sorted(ref.name for ref in self.fleet.looked_at).index(name)):
            await self.pilot.press("j")

    async def type(self, text: str) -> None:
        """Type text, a line feed is Enter."""
        for character in text:
            await self.pilot.press({"\n": "enter", " ": "space"}.get(character, character))

    def text(self) -> str:
        """What the screen shows."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def picture(self) -> str:
        """What the screen shows, as it is drawn."""
        for field in self.app.screen.query(Input):
            field.cursor_blink = False
        return self.app.export_screenshot(title="lxdtui")

    async def still_picture(self) -> str:
        """What the screen shows once nothing moves any more."""
        before = ""
        async with asyncio.timeout(DEADLINE):
            while (picture := self.picture()) != before:
                before = picture
                await self.pilot.pause(STILL_SECONDS)
        return picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture."""

    name: str
    """Of its file, without the ending."""
    size: tuple[int, int]
    """Columns and rows."""
    play: Callable[[Stage], Awaitable[None]]
    """What is done before."""
    is_light: bool = False
    """Whether it is drawn for a light terminal."""
    is_offline: bool = False
    """Whether there is no server."""


async def show_list(stage: Stage) -> None:
    """The list, with measured values, on a container with snapshots."""
    await stage.until_shown("db-primary")
    await stage.until(lambda: stage.fleet.looked_at)
    await stage.fleet.measure("db-primary")
    await stage.go_to("db-primary")


async def show_instance(stage: Stage) -> None:
    """Everything about one container."""
    await show_list(stage)
    await stage.pilot.press("enter")
    await stage.until_shown("Addresses")


async def show_configuration(stage: Stage) -> None:
    """The configuration of one container, and a change of it before it is sent."""
    await show_list(stage)
    await stage.pilot.press("e")
    await stage.until_shown("snapshots.schedule")
    await stage.until_shown("database")
    await stage.pilot.press("j", "enter")
    await stage.until_shown("Memory it may use")
    field = stage.app.screen.query_one(Input)
    field.value = "12GiB"
    # Enter right after a dialog was left would be meant for that one.
    await stage.pilot.pause(STILL_SECONDS)
    await stage.pilot.press("enter")
    await stage.until_shown("Same as")


async def show_shell(stage: Stage) -> None:
    """A shell with some output in it."""
    await show_list(stage)
    await stage.pilot.press("s")
    await stage.until_shown("root@db-primary")
    for command in ("uname -a", "ls -l /", "uptime"):
        await stage.type(f"{command}\n")
        await stage.until(lambda: stage.text().rstrip().count("root@db-primary") > 1)


async def show_files(stage: Stage) -> None:
    """The files of one container, two folders beside each other."""
    await show_list(stage)
    await stage.pilot.press("f")
    await stage.until_shown("notes.txt")
    await stage.pilot.press("equals_sign")
    await stage.until(lambda: stage.text().count("notes.txt") > 1)
    for path, shown in (("/etc", "passwd"), ("/var/log", "syslog")):
        await stage.pilot.press("ctrl+g")
        await stage.until(lambda: stage.app.screen.is_modal)
        stage.app.screen.query_one(Input).value = path
        await stage.pilot.pause(STILL_SECONDS)
        await stage.pilot.press("enter")
        await stage.until_shown(shown)
        await stage.pilot.pause(STILL_SECONDS)
        await stage.pilot.press("tab")
    await stage.pilot.press("j", "j", "j")


async def show_snapshots(stage: Stage) -> None:
    """The snapshots of one container."""
    await show_list(stage)
    await stage.pilot.press("n")
    await stage.until_shown("Expires")
    await stage.pilot.press("j", "space", "space")


async def show_question(stage: Stage) -> None:
    """The question before a container is deleted, half answered."""
    await show_list(stage)
    await stage.go_to("gitlab-copy")
    await stage.pilot.press("D")
    await stage.until_shown("Type the name")
    await stage.type("gitlab")


async def show_filter(stage: Stage) -> None:
    """The rows that hold a word."""
    await stage.until_shown("db-primary")
    await stage.pilot.press("slash")
    await stage.type("runner")
    await stage.until(lambda: len(stage.fleet.looked_at) == RUNNERS)
    await stage.fleet.measure("runner-01")


async def show_link_lost(stage: Stage) -> None:
    """The rows as they were when the server went away."""
    await show_list(stage)
    name = stage.fleet.remotes[0].name
    await stage.demo.stop()
    await stage.until(lambda: stage.fleet.store.state.links[name].state is LinkState.LOST)
    # From here on nothing tries again: the picture would change with it.
    stage.app.workers.cancel_group(stage.app, "fleet")
    stage.time.passed += 12
    link = stage.fleet.store.state.links[name]
    link = replace(link, lost_at=stage.time.monotonic() - 12, retry_at=stage.time.monotonic() + 4)
    stage.fleet.store.apply(LinkChanged(link))
    await stage.until_shown("next try in 4 s")


async def show_no_server(stage: Stage) -> None:
    """What is shown where no server is installed."""
    place = stage.fleet.remotes[0].place
    error = ConnectionFailed(
        f"connect to {place}", ConnectionProblem.MISSING, f"{place}: No such file or directory"
    )
    name = stage.fleet.remotes[0].name
    link = replace(
        stage.fleet.store.state.links[name],
        state=LinkState.LOST,
        error=error,
        retry_at=stage.time.monotonic() + 4,
    )
    stage.fleet.store.apply(LinkChanged(link))
    await stage.until_shown("No LXD or Incus")


async def show_help(stage: Stage) -> None:
    """All keys of the list."""
    await show_list(stage)
    await stage.pilot.press("question_mark")
    await stage.until_shown("Keys")


SHOTS = (
    Shot(name="list-80x24", size=SMALL, play=show_list),
    Shot(name="list-140x40", size=LARGE, play=show_list),
    Shot(name="list-light-140x40", size=LARGE, play=show_list, is_light=True),
    Shot(name="instance-140x40", size=LARGE, play=show_instance),
    Shot(name="configuration-140x40", size=LARGE, play=show_configuration),
    Shot(name="files-140x40", size=LARGE, play=show_files),
    Shot(name="snapshots-140x40", size=LARGE, play=show_snapshots),
    Shot(name="shell-80x24", size=SMALL, play=show_shell),
    Shot(name="confirm-80x24", size=SMALL, play=show_question),
    Shot(name="filter-80x24", size=SMALL, play=show_filter),
    Shot(name="link-lost-140x40", size=LARGE, play=show_link_lost),
    Shot(name="no-server-80x24", size=SMALL, play=show_no_server, is_offline=True),
    Shot(name="help-80x24", size=SMALL, play=show_help),
)


@asynccontextmanager
async def stage_for(shot: Shot) -> AsyncIterator[Stage]:
    """Set everything up for one picture."""
    time = Time()
    with tempfile.TemporaryDirectory(prefix="lxdtui-") as folder:
        socket = Path(folder) / "unix.socket"
        remote = Remote(name="demo", endpoint=Endpoint(socket=socket), is_demo=True)
        if shot.is_offline:
            places = tuple(local_sockets({}))
            endpoint = Endpoint(socket=places[0])
            remote = Remote(name="local", endpoint=endpoint, searched=tuple(map(str, places)))
        async with DemoServer(
            socket, seed=1, pace=0, clock=time.seconds, websocket_timeout=DEADLINE
        ) as demo:
            fleet = StillFleet(remote, time, is_offline=shot.is_offline)
            app = LxdTuiApp(
                fleet,
                clock=Clock(monotonic=time.monotonic, now=time.now),
                theme=(LIGHT if shot.is_light else DARK).name,
            )
            app.animation_level = "none"
            try:
                async with app.run_test(size=shot.size) as pilot:
                    yield Stage(app=app, pilot=pilot, fleet=fleet, time=time, demo=demo)
            finally:
                await fleet.aclose()


def finish(svg: str) -> str:
    """Take out what differs from one drawing to the next, and what would be fetched."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = svg.replace("font-family: Fira Code, monospace", f"font-family: {MONOSPACE}")
    svg = svg.replace("font-family: arial", "font-family: sans-serif")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


async def render(folder: Path, shots: Sequence[Shot] = SHOTS) -> None:
    """Write pictures into a folder that exists."""
    for shot in shots:
        async with stage_for(shot) as stage:
            await shot.play(stage)
            svg = finish(await stage.still_picture())
        (folder / f"{shot.name}.svg").write_text(svg, encoding="utf-8")
        print(f"{shot.name}.svg", flush=True)


def main() -> None:
    """Read the command line and write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m screenshots.render")
    names = [shot.name for shot in SHOTS]
    parser.add_argument("--only", action="append", choices=names, help="a picture; all by default")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if shot.name in (options.only or names)]
    asyncio.run(render(options.folder, wanted))


if __name__ == "__main__":
    main()
