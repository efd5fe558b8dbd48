import socket
from pathlib import Path

import pytest

from lxdtui.api import Client, find_local
from lxdtui.api.containers import ContainerState
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem, UnexpectedResponse
from tests.recorded import SERVERS, metadata


def _socket(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    return path


def test_first_socket_that_is_there_is_chosen(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    first, second = _socket(tmp_path / "first"), _socket(tmp_path / "second")
    assert find_local([missing, first, second]) == first
    assert find_local([second, first]) == second


def test_no_socket_at_all_is_told_with_the_places(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed, match=str(tmp_path / "a")) as caught:
        find_local([tmp_path / "a", tmp_path / "b" / "c"])
    assert caught.value.problem is ConnectionProblem.MISSING
    assert caught.value.hint


async def test_local_server_is_looked_for_without_an_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LXD_SOCKET", "LXD_DIR", "INCUS_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INCUS_SOCKET", str(tmp_path / "x"))
    with pytest.raises(ConnectionFailed):
        Client()
    path = _socket(tmp_path / "x")
    client = Client()
    assert client.connection.endpoint.socket == path
    await client.connection.aclose()


def test_address_that_cannot_be_used() -> None:
    with pytest.raises(ConfigError):
        Client("http://host:8443")


async def test_server_is_unknown_before_the_first_answer(tmp_path: Path) -> None:
    client = Client(str(tmp_path / "x"))
    with pytest.raises(UnexpectedResponse, match="not connected"):
        _ = client.server
    await client.connection.aclose()


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_state_as_the_seed_page_reads_it(server: str) -> None:
    state = ContainerState(metadata(server, "state-running-nic-limits"))
    assert state.status == "Running"
    assert state.network["eth0"]["addresses"][0] == {
        "family": "inet",
        "address": "10.9.8.7",
        "netmask": "24",
        "scope": "global",
    }
    assert ContainerState(metadata(server, "state-stopped")).network == {}


@pytest.mark.parametrize(
    "body", [{"pid": "x"}, {"cpu": [1]}, {"network": "none"}, {"status_code": {}}]
)
def test_strange_state_is_unexpected(body: dict[str, object]) -> None:
    with pytest.raises(UnexpectedResponse):
        ContainerState(body)
