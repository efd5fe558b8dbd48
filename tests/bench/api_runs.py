"""Runs of programs beside each other: what they take of time and memory, and a table of it."""

import atexit
import functools
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab import Daemon

_ROOT = Path(__file__).parents[2]
_MEASURE = Path(__file__).with_name("api_measure.py")
_LONGEST = 120
_MEMORY = 4096
_COLUMNS = ("MiB", "median s", "min s", "max s", "call s", "MiB/s", "ratio", "peak MiB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a program."""

    seconds: float
    """From its start to its end."""
    peak: float
    """Most memory that it held, in MiB."""
    call: float | None
    """Seconds of the call alone, where the program tells."""


@dataclass(slots=True, kw_only=True)
class Contestant:
    """A program, and what its runs took."""

    name: str
    command: Callable[[int], list[str]]
    """What is run for so many MiB."""
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    memory: int = 0
    """Most MiB of address space it gets; 0 for any. It may do less where that is too little."""
    megabytes: int = 0
    runs: list[Run] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """At which size it failed, and how."""


class RunFailedError(Exception):
    """A program did not do what it was to do."""


def compiled() -> dict[str, str]:
    """The environment of a Python program whose byte code is kept, as that of installed ones."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": _byte_code()}


@functools.cache
def _byte_code() -> str:
    """A folder for byte code while this program runs."""
    folder = tempfile.mkdtemp(prefix="lxdtui-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def client_of(daemon: Daemon) -> str:
    """The command of the project that made the server."""
    return "lxc" if daemon.kind == "lxd" else "incus"


def ours(daemon: Daemon, task: Callable[[int], list[str]]) -> Contestant:
    """This project's client with a task for so many MiB."""
    program = [sys.executable, "-m", "tests.bench.api_ours", str(daemon.socket)]
    return Contestant(
        name="lxdtui", command=lambda size: [*program, *task(size)], environment=compiled()
    )


def native(daemon: Daemon, words: str, task: Callable[[int], list[str]]) -> Contestant:
    """The server's own client."""
    client = client_of(daemon)
    return Contestant(
        name=f"{client} {words}",
        command=lambda size: [client, *task(size)],
        environment=dict(daemon.environment),
    )


def older(daemon: Daemon, words: str, task: Callable[[int], list[str]]) -> list[Contestant]:
    """The older Python client, if it is installed."""
    program = [sys.executable, "-m", "tests.bench.api_older", str(daemon.socket)]
    if not has_older():
        return []
    return [
        Contestant(
            name=f"pylxd{words}",
            command=lambda size: [*program, *task(size)],
            environment=compiled(),
            memory=_MEMORY,
        )
    ]


def has_older() -> bool:
    return importlib.util.find_spec("pylxd") is not None


def take_turns(
    contestants: Sequence[Contestant],
    megabytes: int,
    repeat: int,
    *,
    before: Callable[[], None] = lambda: None,
    check: Callable[[int], None] = lambda _: None,
) -> None:
    """Runs all programs one after the other, several times.

    Args:
        contestants: The programs.
        megabytes: How much each is to do, where that has a meaning.
        repeat: How many runs of each.
        before: Called before each run.
        check: Called after each run with its size; it fails where the result is not right.

    Raises:
        RunFailedError: A program failed that may not do less.
    """
    for contestant in contestants:
        contestant.megabytes = megabytes
        _write_byte_code(contestant)
    for _ in range(repeat):
        for contestant in contestants:
            before()
            while not _ran(contestant):
                before()
            check(contestant.megabytes)


def _write_byte_code(contestant: Contestant) -> None:
    """Writes the byte code of a module that is going to be run, if it is one."""
    program = contestant.command(1)
    if program[:2] == [sys.executable, "-m"]:
        command = [sys.executable, "-c", f"import {program[2]}"]
        subprocess.run(command, env=contestant.environment, cwd=_ROOT, check=True)


def _ran(contestant: Contestant) -> bool:
    """Runs a program; whether it went well, else it is to do less from now on."""
    size = contestant.megabytes
    try:
        contestant.runs.append(_run(contestant))
    except RunFailedError as error:
        if not contestant.memory or size <= 1:
            raise
        contestant.failures.append(f"{size} MiB: {error}")
        contestant.megabytes = size // 4
        contestant.runs.clear()
        return False
    return True


def _run(contestant: Contestant) -> Run:
    # What earlier runs left to be written is not to slow down this one.
    os.sync()
    command = contestant.command(contestant.megabytes)
    limits = [str(_LONGEST), str(contestant.memory)]
    process = subprocess.run(
        [sys.executable, "-I", "-S", _MEASURE, *limits, *command],
        env=contestant.environment,
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
    )
    told = json.loads(process.stdout)
    lines = process.stderr.strip().splitlines() or [""]
    if told["status"] != 0:
        raise RunFailedError(f"status {told['status']} after {told['seconds']:.0f} s: {lines[-1]}")
    _, _, call = lines[-1].rpartition("call took ")
    return Run(
        seconds=told["seconds"],
        peak=told["peak"] / 1024,
        call=float(call) if "call took " in lines[-1] else None,
    )


def print_table(title: str, contestants: Sequence[Contestant]) -> None:
    """Prints what each program took; the first is the one that all are compared with."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{title} (load of the machine now {load})")
    print(f"{'program':<22}" + "".join(f"{column:>10}" for column in _COLUMNS))
    base = _seconds_of_one(contestants[0])
    for one in contestants:
        seconds = [run.seconds for run in one.runs]
        calls = [run.call for run in one.runs if run.call is not None]
        median = statistics.median(seconds)
        cells = (
            str(one.megabytes or "-"),
            *(f"{value:.3f}" for value in (median, min(seconds), max(seconds))),
            f"{statistics.median(calls):.3f}" if calls else "-",
            f"{one.megabytes / median:.1f}" if one.megabytes else "-",
            f"{_seconds_of_one(one) / base:.2f}",
            f"{statistics.median(run.peak for run in one.runs):.1f}",
        )
        print(f"{one.name:<22}" + "".join(f"{cell:>10}" for cell in cells))
    for one in contestants:
        for failure in one.failures:
            print(f"{one.name} failed with {failure}")
    sys.stdout.flush()


def _seconds_of_one(contestant: Contestant) -> float:
    """Seconds of one MiB, or of all where no size has a meaning."""
    median = statistics.median(run.seconds for run in contestant.runs)
    return median / (contestant.megabytes or 1)
