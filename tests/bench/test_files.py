"""The benchmark of copies works, on a small scale."""

from pathlib import Path

import pytest

from tests.bench.files import Bench, measure
from tests.lab import Daemon


def test_files_are_copied_both_ways_by_both_programs(
    lxd: Daemon, instance_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(lxd, instance_name, tmp_path)
    measure(bench, files=20, megabytes=1, repeat=1)
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("lxdtui ") for line in lines) == 8
    assert sum(line.startswith("lxc file ") for line in lines) == 8
