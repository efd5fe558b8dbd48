import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.state import InstanceState, cpu_percent
from tests.model.samples import a_state
from tests.recorded import SERVERS, metadata


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_running_state_is_read(server: str) -> None:
    state = InstanceState.from_api(metadata(server, "state-running-nic-limits"))
    assert (state.status, state.status_code) == ("Running", 103)
    assert state.pid > 0
    assert state.processes > 0
    assert state.cpu_usage > 0
    assert state.memory_usage > 0
    assert state.addresses("inet") == ("10.9.8.7",)
    assert state.addresses("inet6") == ()  # that of scope link does not count
    interfaces = {interface.name: interface for interface in state.interfaces}
    assert set(interfaces) == {"eth0", "lo"}
    assert interfaces["eth0"].bytes_received > 0
    assert interfaces["lo"].type == "loopback"
    assert (state.memory_total > 0) is (server == "incus-6.0.4")
    assert (state.started_at is not None) is (server == "incus-6.0.4")


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_state_without_addresses_is_read(server: str) -> None:
    state = InstanceState.from_api(metadata(server, "state-running"))
    assert state.pid > 0
    assert [interface.name for interface in state.interfaces] == ["lo"]
    assert state.addresses("inet") == state.addresses("inet6") == ()


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_stopped_state_is_read(server: str) -> None:
    state = InstanceState.from_api(metadata(server, "state-stopped"))
    assert state.status == "Stopped"
    assert (state.pid, state.cpu_usage, state.memory_usage) == (0, 0, 0)
    assert state.interfaces == ()
    assert state.started_at is None


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_frozen_state_is_read(server: str) -> None:
    assert InstanceState.from_api(metadata(server, "state-frozen")).status_code == 110


def test_disks_are_read_and_a_total_of_nothing_is_unknown() -> None:
    disks = {"root": {"usage": 123, "total": 456}, "data": {"usage": 7, "total": 0}}
    state = InstanceState.from_api({"disk": disks})
    assert state.disk_usage == {"root": 123, "data": 7}
    assert state.disk_total == {"root": 456}


@pytest.mark.parametrize(
    "body", [[], {"cpu": []}, {"network": {"eth0": 5}}, {"disk": {"root": {"usage": "much"}}}]
)
def test_state_of_the_wrong_type_is_unexpected(body: object) -> None:
    with pytest.raises(UnexpectedResponse):
        InstanceState.from_api(body)


@pytest.mark.parametrize(
    ("earlier", "later", "seconds", "expected"),
    [
        (a_state(cpu_usage=0), a_state(cpu_usage=1_000_000_000), 2.0, 50.0),
        (a_state(cpu_usage=5), a_state(cpu_usage=2_500_000_005), 1.0, 250.0),
        (a_state(cpu_usage=5), a_state(cpu_usage=5), 1.0, 0.0),
        (a_state(cpu_usage=0), a_state(cpu_usage=9), 0.0, None),
        (a_state(cpu_usage=0), a_state(cpu_usage=9), -1.0, None),
        (a_state(cpu_usage=9), a_state(cpu_usage=3), 1.0, None),
        (a_state(pid=1, cpu_usage=0), a_state(pid=2, cpu_usage=9), 1.0, None),
    ],
)
def test_cpu_percent_between_readings(
    earlier: InstanceState, later: InstanceState, seconds: float, expected: float | None
) -> None:
    found = cpu_percent(earlier, 100.0, later, 100.0 + seconds)
    assert found == (pytest.approx(expected) if expected is not None else None)
