import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Daemon, Lab, LabError, RequestError
from tests.lab.process_tree import of_lab
from tests.lab.roots import PARENT_VARIABLE, clean_up_stale

REPOSITORY = Path(__file__).parents[2]
_ABANDONED = """
import sys
from tests.lab import Lab

with Lab() as lab:
    daemon = lab.daemon("lxd")
    daemon.launch("left-behind")
    daemon.add_nic("left-behind", ["198.51.100.7/24"])
    print(lab.root, flush=True)
    sys.stdin.read()
"""


def _mentions(root: Path, file: str) -> bool:
    return str(root) in Path(file).read_text(encoding="utf-8")


def test_launched_instance_runs_commands(daemon: Daemon, instance_name: str) -> None:
    daemon.launch(instance_name)
    assert daemon.status(instance_name) == "Running"
    assert daemon.exec(instance_name, "cat", text_input="through\n") == "through\n"
    assert daemon.exec(instance_name, "hostname").strip() == instance_name
    with pytest.raises(LabError, match="ended with 3"):
        daemon.exec(instance_name, "sh", "-c", "exit 3")


def test_client_talks_to_the_private_daemon(daemon: Daemon, instance_name: str) -> None:
    daemon.launch(instance_name, start=False, config={"user.note": "seen"})
    assert daemon.client("config", "get", instance_name, "user.note").strip() == "seen"
    assert (
        str(daemon.folder) in daemon.environment["LXD_DIR" if daemon.kind == "lxd" else "INCUS_DIR"]
    )


def test_nic_brings_both_kinds_of_addresses(daemon: Daemon, instance_name: str) -> None:
    daemon.launch(instance_name)
    daemon.add_nic(instance_name, ["198.51.100.7/24", "2001:db8::7/64"])
    state = daemon.request("GET", f"/1.0/instances/{instance_name}/state")
    addresses = {address["address"] for address in state["network"]["eth0"]["addresses"]}
    assert {"198.51.100.7", "2001:db8::7"} <= addresses


def test_killed_daemon_comes_back_with_its_running_containers(
    daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    uptime = daemon.exec(instance_name, "stat", "-c", "%Y", "/proc/1")
    url = daemon.https_url
    daemon.kill()
    with pytest.raises(OSError, match="refused"):
        daemon.request("GET", "/1.0")
    daemon.start()
    assert daemon.status(instance_name) == "Running"
    assert daemon.exec(instance_name, "stat", "-c", "%Y", "/proc/1") == uptime
    config = daemon.request("GET", "/1.0")["config"]
    assert url == f"https://{config['core.https_address']}"


def test_terminated_daemon_leaves_containers_up(lxd: Daemon, instance_name: str) -> None:
    lxd.launch(instance_name)
    lxd.terminate()
    assert not lxd.is_running
    lxd.start()
    assert lxd.status(instance_name) == "Running"


def test_paused_daemon_answers_only_once_resumed(daemon: Daemon) -> None:
    daemon.pause()
    with pytest.raises(TimeoutError):
        daemon.request("GET", "/1.0", timeout=0.3)
    daemon.resume()
    assert daemon.request("GET", "/1.0", timeout=10)["auth"] == "trusted"


def test_daemons_run_side_by_side(lxd: Daemon, lxd2: Daemon, incus: Daemon) -> None:
    daemons = (lxd, lxd2, incus)
    assert len({daemon.socket for daemon in daemons}) == 3
    assert len({daemon.https_url for daemon in daemons}) == 3
    servers = [daemon.request("GET", "/1.0")["environment"]["server"] for daemon in daemons]
    assert servers == ["lxd", "lxd", "incus"]


def test_fleet_is_created_and_deleted(daemon: Daemon, instance_name: str) -> None:
    names = daemon.create_empty_fleet(20, f"{instance_name}-")
    assert names[0] == f"{instance_name}-00"
    assert set(names) <= set(daemon.instances())
    daemon.delete_instances([*names[:5], f"{instance_name}-none"])
    assert set(daemon.instances()) & set(names) == set(names[5:])
    daemon.delete_all(instance_name)
    assert not set(daemon.instances()) & set(names)


def test_certificate_opens_https(daemon: Daemon, tmp_path: Path) -> None:
    certificate, key = daemon.make_certificate(tmp_path)
    assert key.stat().st_mode & 0o077 == 0
    daemon.add_client_certificate(certificate)
    with pytest.raises(RequestError):
        daemon.add_client_certificate(certificate)
    assert daemon.https_url.startswith("https://127.0.0.1:")
    assert daemon.server_certificate.read_text().startswith("-----BEGIN CERTIFICATE")


_left_by_tests: list[str] = []


@pytest.mark.parametrize("turn", [1, 2])
def test_instances_of_a_test_are_gone_in_the_next(
    lxd: Daemon, instance_name: str, turn: int
) -> None:
    assert not set(_left_by_tests) & set(lxd.instances())
    lxd.launch(instance_name)
    lxd.launch(f"{instance_name}-other", start=False)
    _left_by_tests.extend((instance_name, f"{instance_name}-other"))
    assert set(_left_by_tests) & set(lxd.instances()) == set(_left_by_tests[-2:])


def test_leaving_the_lab_leaves_nothing(lxd: Daemon) -> None:
    with Lab() as lab:
        root = lab.root
        daemon = lab.daemon("lxd")
        daemon.launch("runs")
        assert of_lab(root)
        assert _mentions(root, "/proc/self/mountinfo")
    assert not root.exists()
    assert not of_lab(root)
    assert not _mentions(root, "/proc/self/mountinfo")
    assert lxd.is_running


@pytest.fixture
def own_parent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for labs that no other run cleans up; containers can pass it, unlike tmp_path."""
    with tempfile.TemporaryDirectory(prefix="lxdtui-test-", dir="/var/tmp") as folder:
        parent = Path(folder)
        parent.chmod(0o711)
        monkeypatch.setenv(PARENT_VARIABLE, folder)
        yield parent
        clean_up_stale(print)


def _payload_cgroups(pids: list[int]) -> list[Path]:
    paths = {
        line.rpartition(":")[2].strip("/")
        for pid in pids
        for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        if "lxc.payload.left-behind" in line
    }
    found = [
        Path("/sys/fs/cgroup").glob(pattern) for path in paths for pattern in (path, f"*/{path}")
    ]
    return [path for paths_found in found for path in paths_found]


def test_lab_of_a_killed_run_is_cleaned_up(lxd: Daemon, own_parent: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _ABANDONED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    with owner.stdin, owner.stdout:
        root = Path(owner.stdout.readline().strip())
        assert root.parent == own_parent
        assert clean_up_stale(print) == [], "its owner still lives"
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    pids = of_lab(root)
    assert len(pids) >= 3, "daemon, monitor and init of the container"
    cgroups = _payload_cgroups(pids)
    assert cgroups
    assert clean_up_stale(print) == [root]
    assert list(own_parent.iterdir()) == []
    assert not of_lab(root)
    assert not _mentions(root, "/proc/self/mountinfo")
    assert not [cgroup for cgroup in cgroups if cgroup.is_dir()]
    assert lxd.is_running


def test_young_root_without_an_owner_is_left_alone(own_parent: Path) -> None:
    root = own_parent / "lxdtui-lab-young"
    root.mkdir()
    assert clean_up_stale(print) == []
    os.utime(root, (0, 0))
    assert clean_up_stale(print) == [root]


def test_number_of_an_owner_given_to_another_process_does_not_keep_a_lab(own_parent: Path) -> None:
    root = own_parent / "lxdtui-lab-old"
    root.mkdir()
    (root / "owner.json").write_text(json.dumps({"pid": os.getpid(), "start": "1"}))
    assert clean_up_stale(print) == [root]


def test_debian_image_has_the_programs_that_shells_are_tried_with(
    daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name, image="debian")
    names = ("bash", "vim.tiny", "less", "nano", "htop", "mc", "tmux", "screen", "top", "ip")
    found = daemon.exec(
        instance_name, "sh", "-c", f"for p in {' '.join(names)}; do command -v $p; done"
    )
    assert [line.rpartition("/")[2] for line in found.splitlines()] == list(names)


def test_by_hand_a_command_finds_the_daemons_and_its_status_is_kept(lxd: Daemon) -> None:
    script = 'test -S "$LXDTUI_LAB_LXD_SOCKET" && lxc profile list --format csv && exit 7'
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab", "run", "--", "sh", "-c", script],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout.startswith("default,")
