"""What the benchmark of files asks of this project's transfers.

Run as `python -m tests.bench.files_ours SOCKET push|pull CONTAINER SOURCE DIRECTORY`; the last line
of the error output tells the seconds of the transfer alone, from a connection that is open.
"""

import asyncio
import sys
import time

from lxdtui.api import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import TransferService


async def main(socket: str, task: str, name: str, source: str, directory: str) -> int:
    async with Connection(Endpoint.parse(socket), remote="bench") as connection:
        service = TransferService({"bench": connection})
        place = Place(ref=InstanceRef("bench", "default", name))
        started = time.perf_counter()
        ends = (LOCAL, place) if task == "push" else (place, LOCAL)
        view = await service.copy(ends[0], [source], ends[1], directory).wait()
        taken = time.perf_counter() - started
        await service.aclose()
    for result in view.results:
        if result.is_trouble:
            print(result.path, result.words, file=sys.stderr)
    print(f"call took {taken:.6f}", file=sys.stderr)
    return 0 if view.state == "done" else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
