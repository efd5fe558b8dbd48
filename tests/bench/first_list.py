"""How long it takes from the start of a program until all containers are listed.

Run as `python -m tests.bench.first_list [--sizes 1,100,1000] [--repeat N] [--daemons lxd,incus]`.
The programs take turns, on the same containers; only the ratios of one run say anything.
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.program import PROGRAM, run_until
from tests.lab import Daemon, Lab

PREFIX = "first-list-"
INSTALL = "python -m pip install --group bench"
_LONGEST = 300.0
_ROOT = Path(__file__).parents[2]


@dataclass(slots=True, kw_only=True)
class Contestant:
    """A program that lists, and what it took."""

    name: str
    run: Callable[[], float]
    """Lists once; the seconds it took."""
    seconds: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the containers, measures and prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.first_list")
    parser.add_argument("--sizes", default="1,100,1000", help="numbers of containers")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each program")
    parser.add_argument("--daemons", default="lxd,incus", help="lxd, incus or both")
    options = parser.parse_args(arguments)
    sizes = sorted(int(size) for size in options.sizes.split(","))
    print_start_up(options.repeat)
    with Lab() as lab:
        for name in options.daemons.split(","):
            daemon = lab.daemon(name)
            made: list[str] = []
            for size in sizes:
                made += daemon.create_empty_fleet(size - len(made), f"{PREFIX}{size}-")
                measure(daemon, size, options.repeat)
    return 0


def print_start_up(repeat: int) -> None:
    """Prints what goes before anything of ours: Python itself, and loading the program."""
    bare = [_timed([sys.executable, "-c", ""]) for _ in range(repeat)]
    loaded = [_timed([sys.executable, "-c", "import lxdtui.cli"]) for _ in range(repeat)]
    print(f"Python alone {statistics.median(bare):.3f} s, ", end="")
    print(f"with everything that lxdtui loads {statistics.median(loaded):.3f} s", flush=True)


def measure(daemon: Daemon, size: int, repeat: int) -> None:
    """Measures all programs on a daemon that holds `size` instances, and prints a table."""
    first_paints: list[float] = []

    def run_ours() -> float:
        moments = run_until(["--socket", daemon.socket], rf"1 of {size:,}\b")
        first_paints.append(moments.first_paint)
        return moments.complete

    ours = Contestant(name=PROGRAM.name, run=run_ours)
    others = [
        _command(daemon, "lxc" if daemon.kind == "lxd" else "incus", "list"),
        _command(daemon, "lxc" if daemon.kind == "lxd" else "incus", "list", "--fast"),
    ]
    if importlib.util.find_spec("pylxd") is None:
        print(f"pylxd is not installed, so it is left out: {INSTALL}")
    else:
        others += [_older_client(daemon, recursion) for recursion in (0, 1)]
    for _ in range(repeat):
        for contestant in (ours, *others):
            contestant.seconds.append(contestant.run())
    containers = "1 container" if size == 1 else f"{size} containers"
    print(f"\n{containers}, {daemon.kind} {daemon.version}, {repeat} runs")
    print_table(ours, others)
    print(f"first paint of {ours.name}: {statistics.median(first_paints):.3f} s", flush=True)


def print_table(ours: Contestant, others: Sequence[Contestant]) -> None:
    """Prints the seconds of each program, and how often ours goes into them."""
    print(f"{'program':<24}{'median':>9}{'min':>9}{'max':>9}{'ratio':>9}")
    base = statistics.median(ours.seconds)
    for one in (ours, *others):
        median = statistics.median(one.seconds)
        numbers = f"{median:9.3f}{min(one.seconds):9.3f}{max(one.seconds):9.3f}"
        print(f"{one.name:<24}{numbers}{median / base:9.2f}")


def _command(daemon: Daemon, *command: str) -> Contestant:
    def run() -> float:
        return _timed(command, daemon.environment)

    return Contestant(name=" ".join(command), run=run)


def _older_client(daemon: Daemon, recursion: int) -> Contestant:
    command = [
        *(sys.executable, "-m", "tests.bench.older_client"),
        *(str(daemon.socket), str(recursion)),
    ]
    return Contestant(name=f"pylxd, recursion={recursion}", run=lambda: _timed(command))


def _timed(command: Sequence[str], environment: dict[str, str] | None = None) -> float:
    started = time.perf_counter()
    subprocess.run(
        command,
        env=environment or dict(os.environ),
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=_LONGEST,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
