"""What the API takes beside the older Python client and the command of the server's own project.

Run as `python -m tests.bench.api [--daemon lxd|incus] [--containers 1000] [--megabytes 1024]
[--repeat N]`. It takes the output of a command, writes a file, reads it, and lists containers.
The programs take turns, each run is a process of its own, whose peak of memory is told. Only the
ratios of one run say anything: the time for the same amount, compared with ours.

Ours and the commands take pieces; the older client holds all at once. It gets at most 4 GiB of
address space, and a quarter of the size again and again until it succeeds; the table has its size.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.api_ours import writer
from tests.bench.api_runs import has_older, native, older, ours, print_table, take_turns
from tests.lab import Daemon, Lab

PREFIX = "bench-api-"
INSTALL = "python -m pip install --group bench"
_PUT = "/root/bench-put"


class Box:
    """A container and a directory of this machine, with files of any size in both.

    Args:
        daemon: The server.
        name: The container.
        folder: The directory.
    """

    def __init__(self, daemon: Daemon, name: str, folder: Path) -> None:
        self.daemon = daemon
        self.name = name
        self.copy = folder / "copy"
        self._folder = folder
        self._inside: set[int] = set()

    def source(self, megabytes: int) -> str:
        """A local file of so many MiB, which is made."""
        path = self._folder / str(megabytes)
        if not path.exists():
            piece = os.urandom(1 << 20)
            with path.open("wb") as file:
                for _ in range(megabytes):
                    file.write(piece)
        return str(path)

    def inside(self, megabytes: int) -> str:
        """A file of so many MiB in the container, which is made."""
        path = f"/root/bench-{megabytes}"
        if megabytes not in self._inside:
            self.daemon.client("file", "push", self.source(megabytes), self.name + path)
            self._inside.add(megabytes)
        return path

    def remove(self) -> None:
        """Removes what the run before has made."""
        self.daemon.exec(self.name, "rm", "-f", _PUT)
        self.copy.unlink(missing_ok=True)

    def check_inside(self, megabytes: int) -> None:
        found = int(self.daemon.exec(self.name, "stat", "-c", "%s", _PUT))
        assert found == megabytes << 20, found

    def check_copy(self, megabytes: int) -> None:
        found = self.copy.stat().st_size
        assert found == megabytes << 20, found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.api")
    parser.add_argument("--daemon", default="lxd", choices=("lxd", "incus"))
    parser.add_argument("--containers", type=int, default=1000, help="how many are listed")
    parser.add_argument("--megabytes", type=int, default=1024, help="MiB of output and of the file")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each program")
    options = parser.parse_args(arguments)
    with Lab() as lab:
        daemon = lab.daemon(options.daemon)
        measure(
            daemon,
            PREFIX,
            containers=options.containers,
            megabytes=options.megabytes,
            repeat=options.repeat,
        )
    return 0


def measure(daemon: Daemon, prefix: str, *, containers: int, megabytes: int, repeat: int) -> None:
    """Measures all tasks on a daemon, in containers whose names begin with a prefix."""
    if not has_older():
        print(f"pylxd is not installed, so it is left out: {INSTALL}")
    name = f"{prefix}box"
    daemon.launch(name)
    on = f"{daemon.kind} {daemon.version}, {repeat} runs"
    measure_output(daemon, name, f"execute() of a command that writes, {on}", megabytes, repeat)
    # Beside the lab's own files: /tmp may be memory.
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix=prefix) as folder:
        measure_files(Box(daemon, name, Path(folder)), on, megabytes, repeat)
    daemon.create_empty_fleet(containers - 1, prefix)
    measure_list(daemon, f"all() of {containers} containers, {on}", repeat)


def measure_output(daemon: Daemon, name: str, title: str, megabytes: int, repeat: int) -> None:
    """Measures how fast the output of a command comes."""
    contestants = [
        ours(daemon, lambda size: ["execute", name, str(size)]),
        native(daemon, "exec", lambda size: ["exec", name, "--", *writer(str(size))]),
        *older(daemon, "", lambda size: ["execute", name, str(size)]),
        *older(daemon, ", with a handler", lambda size: ["execute-handler", name, str(size)]),
    ]
    take_turns(contestants, megabytes, repeat)
    print_table(title, contestants)


def measure_files(box: Box, on: str, megabytes: int, repeat: int) -> None:
    """Measures how fast a file is written into a container and read from it."""
    daemon, name, copy = box.daemon, box.name, str(box.copy)
    contestants = [
        ours(daemon, lambda size: ["put", name, box.source(size), _PUT]),
        native(daemon, "file push", lambda size: ["file", "push", box.source(size), name + _PUT]),
        *older(daemon, "", lambda size: ["put", name, box.source(size), _PUT]),
    ]
    take_turns(contestants, megabytes, repeat, before=box.remove, check=box.check_inside)
    print_table(f"files.put() of one file, {on}", contestants)
    contestants = [
        ours(daemon, lambda size: ["get", name, box.inside(size), copy]),
        native(daemon, "file pull", lambda size: ["file", "pull", name + box.inside(size), copy]),
        *older(daemon, "", lambda size: ["get", name, box.inside(size), copy]),
    ]
    take_turns(contestants, megabytes, repeat, before=box.remove, check=box.check_copy)
    print_table(f"files.read() of one file, {on}", contestants)


def measure_list(daemon: Daemon, title: str, repeat: int) -> None:
    """Measures how long it takes to have names and statuses of all containers."""
    contestants = [
        ours(daemon, lambda _: ["all"]),
        native(daemon, "list", lambda _: ["list"]),
        native(daemon, "list --fast", lambda _: ["list", "--fast"]),
        *older(daemon, ", recursion=0", lambda _: ["all", "0"]),
        *older(daemon, ", recursion=1", lambda _: ["all", "1"]),
    ]
    take_turns(contestants, 0, repeat)
    print_table(title, contestants)


if __name__ == "__main__":
    sys.exit(main())
