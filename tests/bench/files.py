"""Copies of files beside the clients of the servers: `python -m tests.bench.files`.

Into a container and out of it: a tree of many small files, and one large file. Each program runs
several times in turn, with caches as they come. A table tells seconds from start to end of the
program, its peak of memory, and the ratio to ours. Every result is counted.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.api_runs import Contestant, client_of, compiled, native, print_table, take_turns
from tests.lab import Daemon, Lab

PREFIX = "bench-files-"
_THERE = "/root"
_PER_FOLDER = 50
_PUT_ASIDE = f"cd {_THERE}; rm -f large; [ ! -e tree ] || mv tree /tree$1"


@dataclass(frozen=True)
class Bench:
    """A container, and files of both kinds on this machine."""

    daemon: Daemon
    name: str
    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def large(self) -> Path:
        return self.folder / "large"

    @property
    def back(self) -> Path:
        return self.folder / "back"

    def make(self, files: int, megabytes: int) -> None:
        """Makes the tree and the file."""
        for number in range(files):
            folder = self.tree / f"folder{number // _PER_FOLDER:03}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"file{number:05}.txt").write_bytes(b"%04d" % (number % 9999) * 512)
        piece = bytes(range(256)) * 4096
        with self.large.open("wb") as file:
            for _ in range(megabytes):
                file.write(piece)

    def clear(self) -> None:
        """Takes away what the run before has made on either side.

        Trees are only put aside: ext4 looks long for the place of a new file while many have been
        removed lately, which would be measured then.
        """
        number = next(self._numbers)
        self.daemon.exec(self.name, "sh", "-c", _PUT_ASIDE, "sh", str(number))
        (self.back / "large").unlink(missing_ok=True)
        if self.back.exists():
            self.back.rename(self.folder / f"back{number}")
        self.back.mkdir()

    def count_there(self, path: str) -> int:
        return len(self.daemon.exec(self.name, "find", path, "-type", "f").splitlines())

    def ours(self, task: str, source: str, directory: str) -> Contestant:
        program = [sys.executable, "-m", "tests.bench.files_ours", str(self.daemon.socket)]
        return Contestant(
            name="lxdtui",
            command=lambda _: [*program, task, self.name, source, directory],
            environment=compiled(),
        )

    def theirs(self, words: str, *arguments: str) -> Contestant:
        """The server's own client.

        Once more where it fails: LXD 5.0.2 sometimes hangs up on it while the helper process of
        the session before ends.
        """
        command = native(self.daemon, f"file {words}", lambda _: list(arguments))
        once = command.command
        command.command = lambda size: ["sh", "-c", '"$@" || "$@"', "sh", *once(size)]
        return command


def measure(bench: Bench, *, files: int, megabytes: int, repeat: int) -> None:
    """Measures all four tasks."""
    bench.daemon.launch(bench.name)
    bench.make(files, megabytes)
    on = f"{bench.daemon.kind} {bench.daemon.version}, {repeat} runs"
    measure_tree(bench, f"of {files} files of 2 KiB, {on}", files, repeat)
    measure_large(bench, f"of one file, {on}", megabytes, repeat)


def measure_tree(bench: Bench, on: str, files: int, repeat: int) -> None:
    """Measures the small files both ways."""
    name = bench.name
    push = [
        bench.ours("push", str(bench.tree), _THERE),
        bench.theirs("push -r", "file", "push", "-rq", str(bench.tree), f"{name}{_THERE}"),
    ]

    def check_there(_: int) -> None:
        assert bench.count_there(f"{_THERE}/tree") == files

    take_turns(push, 0, repeat, before=bench.clear, check=check_there)
    print_table(f"copy in {on}", push)
    print_rates(push, files, "files")
    bench.clear()
    bench.daemon.client("file", "push", "-rq", str(bench.tree), f"{name}/opt", "-p")
    pull = [
        bench.ours("pull", "/opt/tree", str(bench.back)),
        bench.theirs("pull -r", "file", "pull", "-rq", f"{name}/opt/tree", str(bench.back)),
    ]

    def check_back(_: int) -> None:
        assert sum(1 for path in bench.back.rglob("*") if path.is_file()) == files

    take_turns(pull, 0, repeat, before=bench.clear, check=check_back)
    print_table(f"copy out {on}", pull)
    print_rates(pull, files, "files")


def measure_large(bench: Bench, on: str, megabytes: int, repeat: int) -> None:
    """Measures the large file both ways."""
    name, large = bench.name, str(bench.large)
    push = [
        bench.ours("push", large, _THERE),
        bench.theirs("push", "file", "push", "-q", large, f"{name}{_THERE}/large"),
    ]

    def check_there(_: int) -> None:
        found = bench.daemon.exec(name, "stat", "-c", "%s", f"{_THERE}/large")
        assert int(found) == megabytes << 20, found

    take_turns(push, megabytes, repeat, before=bench.clear, check=check_there)
    print_table(f"copy in {on}", push)
    print_rates(push, megabytes, "MiB")
    bench.clear()
    bench.daemon.client("file", "push", "-q", large, f"{name}/opt/large")
    pull = [
        bench.ours("pull", "/opt/large", str(bench.back)),
        bench.theirs("pull", "file", "pull", "-q", f"{name}/opt/large", f"{bench.back}/large"),
    ]

    def check_back(_: int) -> None:
        assert (bench.back / "large").stat().st_size == megabytes << 20

    take_turns(pull, megabytes, repeat, before=bench.clear, check=check_back)
    print_table(f"copy out {on}", pull)
    print_rates(pull, megabytes, "MiB")


def print_rates(contestants: Sequence[Contestant], amount: int, unit: str) -> None:
    """Prints how much a second each program copied, from its start, and once it runs."""
    for one in contestants:
        rate = amount / statistics.median(run.seconds for run in one.runs)
        calls = [run.call for run in one.runs if run.call is not None]
        alone = f", {amount / statistics.median(calls):.0f} once it runs" if calls else ""
        print(f"{one.name:<22}{rate:>10.0f} {unit}/s{alone}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.files")
    parser.add_argument("--daemon", default="lxd", choices=("lxd", "incus"))
    parser.add_argument("--files", type=int, default=2000, help="how many small files")
    parser.add_argument("--megabytes", type=int, default=1024, help="MiB of the large file")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each program")
    options = parser.parse_args(arguments)
    # Beside the lab's own files: /tmp may be memory.
    with Lab() as lab, tempfile.TemporaryDirectory(dir="/var/tmp", prefix=PREFIX) as folder:
        daemon = lab.daemon(options.daemon)
        print(f"beside {client_of(daemon)} of {daemon.kind} {daemon.version}")
        bench = Bench(daemon, f"{PREFIX}box", Path(folder))
        measure(bench, files=options.files, megabytes=options.megabytes, repeat=options.repeat)
    return 0


if __name__ == "__main__":
    sys.exit(main())
