"""The benchmark of the API works; how fast it all is, no test says."""

import re
import sys

import pytest

from tests.bench.api import measure
from tests.bench.api_runs import Contestant, RunFailedError, has_older, print_table, take_turns
from tests.lab import Daemon

SECONDS = r" +\d+\.\d{3}"
EATS = "import sys; size = int(sys.argv[1]) << 20; bytearray(size); print('call took 0.5')"


def row(name: str, *, size: str, call: str, rate: str) -> re.Pattern[str]:
    """A line of a table with all its figures."""
    figures = f" +{size}{SECONDS * 3} +{call} +{rate} +\\d+\\.\\d\\d +\\d+\\.\\d"
    return re.compile(f"^{re.escape(name)}{figures}$", re.MULTILINE)


def test_its_tables(lxd: Daemon, instance_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    measure(lxd, f"{instance_name}-", containers=3, megabytes=1, repeat=1)
    head, *tables = re.split(r"\n(?=execute|files|all)", capsys.readouterr().out)
    number = r"\d+\.\d+"
    programs = (
        ("lxc exec", "pylxd", "pylxd, with a handler"),
        ("lxc file push", "pylxd"),
        ("lxc file pull", "pylxd"),
        ("lxc list", "lxc list --fast", "pylxd, recursion=0", "pylxd, recursion=1"),
    )
    assert has_older() or "pylxd is not installed" in head
    for table, others in zip(tables, programs, strict=True):
        for name in ("lxdtui", *others):
            size, rate = ("-", "-") if table.startswith("all") else ("1", number)
            call = "-" if name.startswith("lxc") else number
            if has_older() or not name.startswith("pylxd"):
                assert row(name, size=size, call=call, rate=rate).search(table), (name, table)


def _eater(name: str, memory: int) -> Contestant:
    """A program that holds so many MiB."""
    command = [sys.executable, "-c", EATS]
    return Contestant(name=name, command=lambda size: [*command, str(size)], memory=memory)


def test_program_with_too_little_memory_does_less(capsys: pytest.CaptureFixture[str]) -> None:
    free, bound = _eater("free", 0), _eater("bound", 128)
    take_turns([free, bound], 256, 2)
    assert (free.megabytes, bound.megabytes) == (256, 64)
    assert 256 < free.runs[0].peak < 256 + 64
    assert 64 < bound.runs[0].peak < 64 + 64
    assert (len(free.runs), len(bound.runs)) == (2, 2)
    print_table("held", [free, bound])
    said = capsys.readouterr().out
    assert re.search(r"bound failed with 256 MiB: status 1 after \d+ s: MemoryError", said)


def test_failure_is_told() -> None:
    program = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(RunFailedError, match=r"status 1 after \d+ s: no such thing"):
        take_turns([Contestant(name="fails", command=lambda _: program)], 1, 1)
