"""Lists the instances of a server with the older Python client, as its own pages show it.

Run as `python -m tests.bench.older_client SOCKET RECURSION`.
"""

import importlib
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote


def main(socket: Path, recursion: int) -> None:
    """Prints name and status of each; without recursion each status is a request of its own."""
    pylxd: Any = importlib.import_module("pylxd")
    client = pylxd.Client(endpoint=f"http+unix://{quote(str(socket), safe='')}")
    for instance in client.instances.all(recursion=recursion):
        print(instance.name, instance.status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
