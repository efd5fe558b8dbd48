"""Containers go to another server and come back, over real daemons: what happens, and how long.

Run as `python -m tests.bench.migrate [--daemon lxd|incus] [--megabytes 64] [--without-live]`. A
container with two snapshots and a file of random bytes goes from a first daemon to a second one, is
deleted on the first and comes back, by each of the three ways; then running ones go either way with
their memory (CRIU). Every line has the seconds since the beginning. A run of it is recorded
in `migrate.txt` beside this file.
"""

import argparse
import asyncio
import hashlib
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.migration import Migration
from lxdtui.api.migration_plan import MigrationMode, MigrationOptions
from lxdtui.errors import OperationFailed
from tests.lab import Daemon, Lab
from tests.lab.criu import criu_folder

_NAME = "traveller"
_FILE = "/root/random"
_COUNTER = "i=0; while true; do i=$((i+1)); echo $i > /root/count; sleep 0.05; done"


class Journal:
    """Prints what happens, with the time."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def note(self, text: str) -> None:
        """Prints one line."""
        print(f"{time.monotonic() - self._begun:7.2f}  {text}", flush=True)


@asynccontextmanager
async def opened(daemon: Daemon, folder: Path) -> AsyncIterator[Client]:
    """A client that a daemon trusts, over HTTPS with its certificate pinned."""
    identity = daemon.make_certificate(folder, daemon.name)
    daemon.add_client_certificate(identity[0])
    verify = daemon.server_certificate
    async with Client(daemon.https_url, remote=daemon.name, cert=identity, verify=verify) as client:
        yield client


async def travel(
    journal: Journal,
    container: Container,
    home: Client,
    target: Client,
    options: MigrationOptions,
) -> Container:
    """Takes a container to another server, and deletes it where it was."""
    source = home.connection
    journal.note(f"{source.remote} -> {target.connection.remote}, {options.mode}")
    migration = Migration(
        source, container.ref, target.connection, project="default", options=options
    )
    begun = time.monotonic()
    await migration.begin()
    journal.note("  nothing is known to stand in the way; begun")
    await migration.wait()
    arrived = await target.containers.get(container.name)
    names = [snapshot.name for snapshot in await arrived.snapshots.all()]
    journal.note(
        f"  arrived after {time.monotonic() - begun:.2f} s: {arrived.status}, snapshots {names}"
    )
    await deleted(container)
    journal.note("  deleted at the source")
    return arrived


async def deleted(container: Container) -> None:
    """Deletes it; a server may be busy for a moment with the stop after a live migration."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await container.delete(force=True, wait=True)
            except OperationFailed as error:
                if "busy" not in error.server_text:
                    raise
            await asyncio.sleep(0.1)


async def sum_of(container: Container) -> str:
    """The SHA-256 of the file, read through the API."""
    digest = hashlib.sha256()
    async for piece in container.files.read(_FILE):
        digest.update(piece)
    return digest.hexdigest()


async def stopped(journal: Journal, one: Client, other: Client, megabytes: int) -> None:
    """There and back by all ways."""
    source = {"type": "image", "alias": "busybox"}
    container = await one.containers.create({"name": _NAME, "source": source}, wait=True)
    await container.files.put(_FILE, os.urandom(megabytes << 20))
    for name in ("s0", "s1"):
        await container.snapshots.create(name, wait=True)
    before = await sum_of(container)
    journal.note(f"made {_NAME} with {megabytes} MiB of random bytes, SHA-256 {before[:16]}…")
    for mode in MigrationMode:
        options = MigrationOptions(mode=mode)
        container = await travel(journal, container, one, other, options)
        container = await travel(journal, container, other, one, options)
        after = await sum_of(container)
        assert after == before
        journal.note(f"  SHA-256 {after[:16]}…: the same")
    await container.delete(wait=True)


async def running(journal: Journal, kind: str, home: Client, target: Client) -> None:
    """To the other server with its memory.

    CRIU cannot dump once more what it has restored on a server that has the same directories.
    """
    config = {"raw.lxc": "lxc.console.path=none"}
    if kind == "incus":
        config["migration.stateful"] = "true"
    source = {"type": "image", "alias": "busybox"}
    container = await home.containers.create(
        {"name": _NAME, "source": source, "config": config}, wait=True
    )
    await container.start(wait=True)
    begin = f"touch /dev/console; setsid sh -c '{_COUNTER}' > /dev/null 2>&1 < /dev/null &"
    await container.execute(["sh", "-c", begin])
    await asyncio.sleep(1)
    journal.note(f"a program in it has counted up to {await count_of(container)}")
    options = MigrationOptions(mode=MigrationMode.RELAY, live=True)
    container = await travel(journal, container, home, target, options)
    await asyncio.sleep(0.5)
    journal.note(f"the same program has counted up to {await count_of(container)}")
    await deleted(container)


async def count_of(container: Container) -> int:
    """How far the program has come."""
    while True:
        _, shown, _ = await container.execute(["cat", "/root/count"])
        if shown.strip():
            return int(shown)


async def run(lab: Lab, kind: str, megabytes: int, *, live: bool) -> None:
    """All journeys between two daemons of a kind."""
    programs = criu_folder() if live else None
    first, second = (
        lab.daemon(f"{kind}-{place}", kind, programs=programs)  # type: ignore[arg-type]  # of argparse
        for place in ("here", "there")
    )
    journal = Journal()
    with TemporaryDirectory() as folder:
        async with opened(first, Path(folder)) as one, opened(second, Path(folder)) as other:
            journal.note(f"{first.kind} {first.version}: {first.name}, {second.name}")
            await stopped(journal, one, other, megabytes)
            if live:
                await running(journal, kind, one, other)
                await running(journal, kind, other, one)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the journeys."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.migrate")
    parser.add_argument("--daemon", default="lxd", choices=("lxd", "incus"))
    parser.add_argument("--megabytes", type=int, default=64, help="MiB of the file in it")
    parser.add_argument("--without-live", action="store_true", help="no running container")
    options = parser.parse_args(arguments)
    with Lab() as lab:
        asyncio.run(run(lab, options.daemon, options.megabytes, live=not options.without_live))
    return 0


if __name__ == "__main__":
    sys.exit(main())
