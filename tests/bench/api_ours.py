"""What the API benchmark asks of this project's client.

Run as `python -m tests.bench.api_ours SOCKET TASK ARGUMENT...`; the last line of the error output
tells the seconds of the call alone, from a client that is open.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from lxdtui.api import Client

PIECE = 256 << 10


async def main(socket: str, task: str, *arguments: str) -> None:
    async with Client(socket) as client:
        started = time.perf_counter()
        await TASKS[task](client, *arguments)
        print(f"call took {time.perf_counter() - started:.6f}", file=sys.stderr)


async def list_all(client: Client) -> None:
    for container in await client.containers.all():
        print(container.name, container.status)


async def execute(client: Client, name: str, megabytes: str) -> None:
    """Takes all output and keeps none."""
    received = 0

    def take(piece: bytes) -> None:
        nonlocal received
        received += len(piece)

    container = await client.containers.get(name)
    code, _, _ = await container.execute(writer(megabytes), stdout_handler=take)
    assert (code, received) == (0, int(megabytes) << 20)


def writer(megabytes: str) -> list[str]:
    """A command that writes so many MiB."""
    return ["dd", "if=/dev/zero", "bs=64k", f"count={int(megabytes) * 16}"]


async def put(client: Client, name: str, source: str, target: str) -> None:
    container = await client.containers.get(name)
    await container.files.put(target, pieces_of(Path(source)), size=Path(source).stat().st_size)


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


async def get(client: Client, name: str, source: str, target: str) -> None:
    container = await client.containers.get(name)
    with Path(target).open("wb") as file:  # noqa: ASYNC230  # nothing else goes on here
        async for piece in container.files.read(source):
            file.write(piece)


TASKS: dict[str, Callable[..., Awaitable[None]]] = {
    "all": list_all,
    "execute": execute,
    "put": put,
    "get": get,
}

if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
