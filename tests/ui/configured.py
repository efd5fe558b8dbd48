"""A container with configuration, devices and profiles, opened on a page of the detail screen."""

from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from lxdtui.model.configuration import Configuration
from lxdtui.model.profile import Profile
from lxdtui.ui.screens.instance import InstanceScreen
from tests.ui.fake import CLOCK, FakeFleet, production
from tests.ui.pilots import screen_text, settle, until

NAME = "db-primary"
USER_DATA = "#cloud-config\npackages:\n  - postgresql\n"


def configured() -> FakeFleet:
    """Return a fleet in which one container is configured in every way."""
    fleet = production()
    root = {"type": "disk", "path": "/", "pool": "default"}
    nic = {"type": "nic", "network": "lxdbr0", "name": "eth0"}
    fleet.configuration.known |= {
        "default": Profile(
            name="default",
            description="Default LXD profile",
            devices={"eth0": nic, "root": root},
        ),
        "database": Profile(
            name="database",
            description="Large disk, nightly snapshots",
            config={
                "snapshots.schedule": "0 2 * * *",
                "snapshots.expiry": "7d",
                "limits.cpu": "2",
            },
            devices={"root": {**root, "size": "200GiB"}},
        ),
        "web": Profile(
            name="web",
            description="Starts with the server",
            config={"boot.autostart": "true", "limits.cpu": "1"},
        ),
    }
    config = {
        "cloud-init.user-data": USER_DATA,
        "environment.DB_PASSWORD": "hunter2",
        "image.os": "Debian",
        "limits.cpu": "4",
        "limits.memory": "8GiB",
        "limits.mystery": "1",
        "security.privileged": "false",
        "user.owner": "mara",
        "volatile.eth0.hwaddr": "00:16:3e:00:00:01",
        "volatile.idmap.base": "0",
    }
    devices = {
        "eth1": {"type": "nic", "nictype": "macvlan", "parent": "enp3s0", "name": "eth1"},
        "web": {
            "type": "proxy",
            "listen": "tcp:0.0.0.0:5432",
            "connect": "tcp:127.0.0.1:5432",
        },
    }
    fleet.configuration.put(
        fleet.ref(NAME),
        Configuration(
            architecture="x86_64",
            config=config,
            devices=devices,
            description="PostgreSQL 16, writes here",
            profiles=("default", "database"),
        ),
    )
    return fleet


async def open_page(pilot: Pilot[None], fleet: FakeFleet, page: str) -> InstanceScreen:
    """Open the container on a page, and wait until all is shown."""
    await settle(pilot)
    screen = InstanceScreen(fleet, fleet.ref(NAME), clock=CLOCK, page=page)
    pilot.app.push_screen(screen)
    await until(pilot, lambda: screen.is_attached and screen.page.is_active)
    await settle(pilot)
    return screen


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after another; each acts on what the one before opened."""
    await pilot.press(*keys)
    await settle(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a text into the field that has the focus."""
    names = {".": "full_stop", "/": "slash", " ": "space", ":": "colon", "=": "equals_sign"}
    await pilot.press(*(names.get(character, character) for character in text))
    await settle(pilot)


async def shows(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen shows some words."""
    await until(pilot, lambda: words in screen_text(pilot.app))


async def tells(pilot: Pilot[None], words: str) -> None:
    """Wait until a sentence with some words was shown for a few seconds."""
    await until(pilot, lambda: any(words in one.message for one in pilot.app._notifications))


def top(app: App[Any]) -> Screen[Any]:
    """Return the screen or dialog that is on top."""
    return app.screen
