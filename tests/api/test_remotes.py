"""The configurations of the lxc and incus clients, as they write them and as hands spoil them."""

from pathlib import Path

import pytest

from lxdtui.api.remotes import read_remotes
from lxdtui.errors import ConfigError
from lxdtui.model.server import ServerKind

LXC = """\
default-remote: prod
remotes:
  images: {addr: https://images.example.org, protocol: simplestreams, public: true}
  local: {addr: "unix://", public: false}
  prod: {addr: "https://192.0.2.10:8443", auth_type: tls, project: web, protocol: lxd}
aliases: {}
"""
INCUS = """\
default-remote: local
remotes:
  local: {addr: "unix://", protocol: incus, public: false}
  far: {addr: "https://[2001:db8::1]:8443", protocol: incus}
  broken: {public: false}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for client, text in (("lxc", LXC), ("incus", INCUS)):
        folder = tmp_path / ".config" / client
        folder.mkdir(parents=True)
        (folder / "config.yml").write_text(text)
    return tmp_path


EMPTY = {"LXD_GLOBAL_CONF": "/nonexistent", "INCUS_GLOBAL_CONF": "/nonexistent"}


def test_remotes_of_both_clients(home: Path) -> None:
    remotes = read_remotes(EMPTY, home)
    servers = [(remote.client, remote.name) for remote in remotes if remote.is_server]
    assert servers == [
        (ServerKind.LXD, "local"),
        (ServerKind.LXD, "prod"),
        (ServerKind.INCUS, "local"),
        (ServerKind.INCUS, "far"),
    ]
    prod = next(remote for remote in remotes if remote.name == "prod")
    assert prod.is_default
    assert prod.project == "web"
    assert prod.endpoint([]).url == "https://192.0.2.10:8443"
    assert prod.endpoint([]).verify is True


def test_certificates_beside_the_configuration_are_used(home: Path) -> None:
    folder = home / ".config" / "lxc"
    (folder / "servercerts").mkdir()
    for name in ("client.crt", "client.key", "servercerts/prod.crt"):
        (folder / name).write_text("")
    prod = next(remote for remote in read_remotes(EMPTY, home) if remote.name == "prod")
    endpoint = prod.endpoint([])
    assert endpoint.cert == (folder / "client.crt", folder / "client.key")
    assert endpoint.verify == folder / "servercerts" / "prod.crt"


def test_the_local_one_is_the_first_socket_that_is_there(home: Path, tmp_path: Path) -> None:
    local = next(remote for remote in read_remotes(EMPTY, home) if remote.name == "local")
    there = tmp_path / "there.socket"
    there.touch()
    missing = tmp_path / "missing.socket"
    assert local.endpoint([missing, there]).socket == there
    assert local.endpoint([missing]).socket == missing


def test_the_environment_names_another_folder(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.yml").write_text("remotes: {x: {addr: 'https://192.0.2.3:1'}}")
    names = {remote.name for remote in read_remotes({**EMPTY, "LXD_CONF": str(other)}, home)}
    assert "x" in names
    assert "prod" not in names


def test_no_configuration_is_no_remotes(tmp_path: Path) -> None:
    assert read_remotes(EMPTY, tmp_path) == []


@pytest.mark.parametrize(
    "text",
    ["[1, 2]", "remotes: 7", "remotes: [a]", "a: b: c", "\x00", "!!python/object:os.system {}"],
)
def test_a_spoilt_file_is_named(tmp_path: Path, text: str) -> None:
    folder = tmp_path / ".config" / "incus"
    folder.mkdir(parents=True)
    (folder / "config.yml").write_text(text)
    with pytest.raises(ConfigError, match=r"incus/config\.yml"):
        read_remotes(EMPTY, tmp_path)
