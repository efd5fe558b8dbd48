"""The file browser on a furnished fleet, for its tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.pilot import Pilot

from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.screens.files import FilesScreen
from tests.ui.fake import FakeFleet, production
from tests.ui.files import MemoryFileSystem
from tests.ui.pilots import app_for, screen_text, settle, until

NGINX = "/etc/nginx"


@dataclass(slots=True)
class Browser:
    """The browser on a furnished fleet."""

    pilot: Pilot[None]
    fleet: FakeFleet
    screen: FilesScreen

    @property
    def inside(self) -> MemoryFileSystem:
        return self.fleet.files.container(self.fleet.ref("web-01"))

    @property
    def local(self) -> MemoryFileSystem:
        return self.fleet.files.local()

    @property
    def text(self) -> str:
        return screen_text(self.pilot.app)

    @property
    def shown(self) -> list[str]:
        return [entry.name for entry in self.screen.active.rows.shown]

    @property
    def under_cursor(self) -> str | None:
        entry = self.screen.active.table.cursor_entry
        return entry.name if entry else None

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        await until(self.pilot, condition)

    async def settle(self) -> None:
        await settle(self.pilot)

    async def until_shown(self, words: str) -> None:
        await self.until(lambda: words in self.text)


@asynccontextmanager
async def browsing(
    fleet: FakeFleet | None = None, size: tuple[int, int] = (140, 40), path: str = NGINX
) -> AsyncIterator[Browser]:
    fleet = fleet or production()
    app = app_for(fleet)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        app.post_message(OpenFiles(fleet.ref("web-01"), path))
        await until(pilot, lambda: isinstance(app.screen, FilesScreen))
        screen = app.screen
        assert isinstance(screen, FilesScreen)
        await settle(pilot)
        yield Browser(pilot, fleet, screen)
