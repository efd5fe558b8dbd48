"""Trust in both directions, on real servers."""

import base64
import json
import stat
from pathlib import Path

import pytest

from lxdtui.api import Connection, Endpoint
from lxdtui.api.certificates import TrustToken
from lxdtui.api.client_certificate import make_client_certificate
from lxdtui.api.trust import (
    fetch_server_certificate,
    pin_server_certificate,
    pinned_certificate,
)
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem, Unauthorized
from lxdtui.services.joining import join_by_token
from lxdtui.services.trust import known_endpoint
from tests.lab import Daemon


async def yes(address: str, fingerprint: str) -> bool:
    return len(fingerprint) == 64 and address.startswith("https://")


async def no(address: str, fingerprint: str) -> bool:
    return False


async def test_a_token_is_all_that_a_new_client_needs(daemon: Daemon, tmp_path: Path) -> None:
    async with Connection(Endpoint(socket=daemon.socket)) as trusted:
        token = await trusted.certificates.make_token(name="newcomer")
        endpoint = await join_by_token(token.text, tmp_path)
        async with Connection(endpoint) as joined:
            assert joined.server.is_trusted
            await joined.instances.list(project=None)
        assert "newcomer" in [one.name for one in await trusted.certificates.list()]
        again = await known_endpoint(daemon.https_url, tmp_path, cert=None, believe=no)
        assert again == endpoint, "it is known from now on, without another question"
        # Joining once more with a new token is no failure.
        second = await trusted.certificates.make_token(name="newcomer")
        await join_by_token(second.text, tmp_path)
        other = await trusted.certificates.make_token(name="other")
        await join_by_token(other.text, tmp_path / "other")
        with pytest.raises(Unauthorized) as caught:
            await join_by_token(other.text, tmp_path / "third")
        assert "works once" in caught.value.hint


async def test_a_token_of_the_clients_own_making(daemon: Daemon, tmp_path: Path) -> None:
    verb = (
        ["config", "trust", "add", "--name", "made"]
        if daemon.kind == "lxd"
        else [
            "config",
            "trust",
            "add",
            "made",
        ]
    )
    text = daemon.client(*verb).split()[-1]
    assert TrustToken.parse(text).client_name == "made"
    async with Connection(await join_by_token(text, tmp_path)) as joined:
        assert joined.server.is_trusted


async def test_a_password_where_the_server_has_them(lxd: Daemon, tmp_path: Path) -> None:
    lxd.client("config", "set", "core.trust_password", "correct horse")
    try:
        cert = make_client_certificate(tmp_path)
        endpoint = Endpoint.parse(lxd.https_url, cert=cert, verify=lxd.server_certificate)
        async with Connection(endpoint) as connection:
            with pytest.raises(Unauthorized):
                await connection.certificates.join("wrong", server=connection.server)
            await connection.certificates.join("correct horse", server=connection.server)
            assert (await connection.open()).is_trusted
    finally:
        lxd.client("config", "unset", "core.trust_password")


async def test_a_certificate_added_by_somebody_trusted(daemon: Daemon, tmp_path: Path) -> None:
    crt, key = make_client_certificate(tmp_path)
    async with Connection(Endpoint(socket=daemon.socket)) as trusted:
        await trusted.certificates.add(crt.read_text(), name="added")
        endpoint = Endpoint.parse(
            daemon.https_url, cert=(crt, key), verify=daemon.server_certificate
        )
        async with Connection(endpoint) as connection:
            assert connection.server.is_trusted
        added = next(one for one in await trusted.certificates.list() if one.name == "added")
        await trusted.certificates.delete(added.fingerprint)
        async with Connection(endpoint) as connection:
            assert not connection.server.is_trusted


async def test_first_use_is_asked_and_then_pinned(daemon: Daemon, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not believed"):
        await known_endpoint(daemon.https_url, tmp_path, cert=None, believe=no)
    assert not list(tmp_path.rglob("*.crt"))
    endpoint = await known_endpoint(daemon.https_url, tmp_path, cert=None, believe=yes)
    async with Connection(endpoint) as connection:
        presented = await fetch_server_certificate(daemon.https_url)
        assert presented.fingerprint
        assert not connection.server.is_trusted


async def test_a_changed_certificate_is_refused_in_words(
    lxd: Daemon, incus: Daemon, tmp_path: Path
) -> None:
    endpoint = Endpoint.parse(lxd.https_url, verify=incus.server_certificate)
    with pytest.raises(ConnectionFailed, match="another certificate") as caught:
        await Connection(endpoint).open()
    assert caught.value.problem is ConnectionProblem.CERTIFICATE
    assert str(incus.server_certificate) in str(caught.value)
    other = await fetch_server_certificate(incus.https_url)
    path = pinned_certificate(tmp_path, "lxd")
    with pytest.raises(ConnectionFailed, match=other.fingerprint):
        await pin_server_certificate(lxd.https_url, path, fingerprint=other.fingerprint)
    assert not path.exists()


async def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        await fetch_server_certificate("https://127.0.0.1:9")
    assert caught.value.problem is ConnectionProblem.UNREACHABLE


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    crt, key = make_client_certificate(folder)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert make_client_certificate(folder) == (crt, key)
    text = key.read_text()
    assert make_client_certificate(folder)[1].read_text() == text, "never made anew"
    crt.unlink()
    with pytest.raises(ConfigError, match=r"client\.crt"):
        make_client_certificate(folder)
    assert key.read_text() == text


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "a\nb", "ż"])
def test_no_name_of_a_server_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        pinned_certificate(tmp_path, name)


@pytest.mark.parametrize(
    "text", ["", "x", "e30=", "bnVsbA==", "eyJhZGRyZXNzZXMiOltdfQ==", "A" * 20_000]
)
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(ConfigError):
        TrustToken.parse(text)


def test_a_token_is_not_shown(tmp_path: Path) -> None:

    body = {"client_name": "c", "fingerprint": "AB", "addresses": ["h:1"], "secret": "s3cret"}
    token = TrustToken.parse(base64.b64encode(json.dumps(body).encode()).decode())
    assert "s3cret" not in repr(token)
    assert token.text not in repr(token)
