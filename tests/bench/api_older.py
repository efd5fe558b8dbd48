"""What the API benchmark asks of the older Python client, in the words of its own pages.

Run as `python -m tests.bench.api_older SOCKET TASK ARGUMENT...`; the last line of the error output
tells the seconds of the call alone, from a client that is open.
"""

import importlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote


def main(socket: str, task: str, *arguments: str) -> None:
    pylxd: Any = importlib.import_module("pylxd")
    client = pylxd.Client(endpoint=f"http+unix://{quote(socket, safe='')}")
    started = time.perf_counter()
    TASKS[task](client, *arguments)
    print(f"call took {time.perf_counter() - started:.6f}", file=sys.stderr)


def list_all(client: Any, recursion: str) -> None:
    """Without recursion each status is a request of its own."""
    for container in client.containers.all(recursion=int(recursion)):
        print(container.name, container.status)


def execute(client: Any, name: str, megabytes: str) -> None:
    result = client.containers.get(name).execute(_writer(megabytes))
    assert (result.exit_code, len(result.stdout)) == (0, int(megabytes) << 20)


def execute_with_handler(client: Any, name: str, megabytes: str) -> None:
    """Takes all output and keeps none."""
    received = 0

    def take(piece: str) -> None:
        nonlocal received
        received += len(piece)

    container = client.containers.get(name)
    result = container.execute(_writer(megabytes), stdout_handler=take, stderr_handler=len)
    assert (result.exit_code, received) == (0, int(megabytes) << 20)


def _writer(megabytes: str) -> list[str]:
    return ["dd", "if=/dev/zero", "bs=64k", f"count={int(megabytes) * 16}"]


def put(client: Any, name: str, source: str, target: str) -> None:
    client.containers.get(name).files.put(target, Path(source).read_bytes())


def get(client: Any, name: str, source: str, target: str) -> None:
    Path(target).write_bytes(client.containers.get(name).files.get(source))


TASKS: dict[str, Callable[..., None]] = {
    "all": list_all,
    "execute": execute,
    "execute-handler": execute_with_handler,
    "put": put,
    "get": get,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
