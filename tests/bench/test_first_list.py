"""The benchmark works; how fast it all is, no test says."""

import re

import pytest

from tests.bench.first_list import measure, print_start_up
from tests.lab import Daemon


def test_its_table(daemon: Daemon, instance_name: str, capsys: pytest.CaptureFixture[str]) -> None:
    daemon.create_empty_fleet(1, instance_name)
    print_start_up(1)
    # Other tests may have left some of theirs to be used again.
    there = daemon.request("GET", "/1.0/instances", query={"all-projects": "true"})
    measure(daemon, len(there), 1)
    said = capsys.readouterr().out
    number = r" +\d+\.\d{3}"
    client = "lxc" if daemon.kind == "lxd" else "incus"
    for name in ("lxdtui", f"{client} list", f"{client} list --fast"):
        assert re.search(rf"^{name}{number}{number}{number} +\d+\.\d\d$", said, re.MULTILINE)
    assert re.search(rf"^pylxd, recursion=0{number}|^pylxd is not installed", said, re.MULTILINE)
    assert re.search(r"^first paint of lxdtui: [0-9.]+ s$", said, re.MULTILINE)
