"""What the tests of migration are made of: two ends, the ways between them, containers to take."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.demo import DemoServer
from tests.contract.backend import is_idle, output_of, until
from tests.lab import Daemon


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A demo server, reached as a daemon is by its unix socket."""

    name: str
    server: DemoServer

    @property
    def socket(self) -> Path:
        return self.server.socket_path


End = Daemon | Demo
Open = Callable[[End, str], Any]

WAYS = {"pull": ("https", "https"), "push": ("unix", "https"), "relay": ("unix", "unix")}
"""How the two ends are reached where a way is the one that is chosen."""
KINDS_AND_WAYS = [("demo", "relay"), *itertools.product(["lxd", "incus"], WAYS)]
"""The demo has no address for another server."""


async def image_on(client: Client) -> str:
    """Alias of the image that every test may use."""
    return "busybox" if await client.images.exists("busybox", alias=True) else "alpine/3.20"


async def filled(client: Client, name: str, *, snapshots: tuple[str, ...] = ("s0", "s1")) -> Any:
    """A stopped container with a file that differs between its snapshots."""
    config = {
        "name": name,
        "source": {"type": "image", "alias": await image_on(client)},
        "config": {"user.note": "größer", "limits.memory": "64MiB"},
        "description": "to be migrated",
        "devices": {"eth9": {"type": "nic", "nictype": "p2p", "name": "eth9"}},
    }
    container = await client.containers.create(config, wait=True)
    await container.start(wait=True)
    for snapshot in snapshots:
        await output_of(container, "sh", "-c", f"echo {snapshot} > /root/note")
        await container.snapshots.create(snapshot, wait=True)
    await output_of(container, "sh", "-c", "echo now > /root/note")
    await container.stop(force=True, wait=True)
    return container


async def is_untouched(container: Container, *, snapshots: tuple[str, ...] = ("s0", "s1")) -> bool:
    before = (container.status, container.config, container.description)
    await container.sync()
    assert (container.status, container.config, container.description) == before
    assert [snapshot.name for snapshot in await container.snapshots.all()] == [*snapshots]
    return True


async def nothing_goes_on(*clients: Client) -> None:
    for client in clients:
        await until(lambda client=client: is_idle(client))  # type: ignore[misc]  # bound above


async def heavy(
    client: Client, name: str, *, mebibytes: int = 96, demo: Demo | None = None
) -> Container:
    container = await client.containers.create(
        {"name": name, "source": {"type": "image", "alias": await image_on(client)}}, wait=True
    )
    if demo is not None:
        demo.server.write_file(name, "/root/heavy", bytes(mebibytes << 20))
        return container
    await container.start(wait=True)
    command = f"dd if=/dev/urandom of=/root/heavy bs=1M count={mebibytes} 2>/dev/null"
    await output_of(container, "sh", "-c", command)
    await container.stop(force=True, wait=True)
    return container
