"""What is said where no link to a server can be made."""

import json
import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lxdtui.api import Client
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem, Unauthorized
from tests.contract.backend import STAGING, Backend
from tests.lab import Daemon

_NOBODY = 65534
_AS_NOBODY = """
import asyncio, json, os, sys

from lxdtui.api import Client
from lxdtui.errors import ConnectionFailed


async def failures(path):
    client = Client(path)
    try:
        await client.connection.open()
    except ConnectionFailed as error:
        yield error
    finally:
        await client.connection.aclose()
    try:
        async with client.connection.events():
            pass
    except ConnectionFailed as error:
        yield error


async def main():
    # Once as root, so that all modules are imported, wherever they lie.
    missing = [error async for error in failures("/nothing/unix.socket")]
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
    denied = [error async for error in failures(sys.argv[1])]
    for error in (*missing, *denied):
        print(json.dumps([error.problem, error.message, error.hint]))


asyncio.run(main())
"""


async def _failure(endpoint: str, **options: Any) -> ConnectionFailed:
    """How entering a client fails, which must be how its event stream fails too."""
    client = Client(endpoint, **options)
    with pytest.raises(ConnectionFailed) as caught:
        async with client:
            pass
    with pytest.raises(ConnectionFailed) as again:
        async with client.connection.events():
            pass
    assert again.value.problem is caught.value.problem
    assert endpoint.removeprefix("unix://") in caught.value.message
    return caught.value


async def test_missing_socket(tmp_path: Path) -> None:
    error = await _failure(f"unix://{tmp_path}/nothing.socket")
    assert error.problem is ConnectionProblem.MISSING
    assert error.hint


async def test_stale_socket_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stale.socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    assert (await _failure(str(path))).problem is ConnectionProblem.REFUSED


async def test_file_that_is_no_socket(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_text("")
    problem = (await _failure(str(path))).problem
    assert problem in (ConnectionProblem.REFUSED, ConnectionProblem.MISSING)


async def test_port_where_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        error = await _failure(f"https://127.0.0.1:{port}", verify=False)
    assert error.problem is ConnectionProblem.REFUSED


async def test_name_that_does_not_resolve() -> None:
    error = await _failure("https://no-such-host.invalid:8443", verify=False)
    assert error.problem is ConnectionProblem.UNREACHABLE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_socket_of_somebody_else_is_denied(tmp_path: Path) -> None:
    folder = Path("/tmp") / f"lxdtui-denied-{os.getpid()}"
    folder.mkdir(mode=0o755)
    path = folder / "unix.socket"
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            path.chmod(0o660)
            done = subprocess.run(
                [sys.executable, "-c", _AS_NOBODY, str(path), str(_NOBODY)],
                capture_output=True,
                text=True,
                check=True,
                timeout=30,
            )
    finally:
        path.unlink(missing_ok=True)
        folder.rmdir()
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [problem for problem, _, _ in said] == ["missing", "missing", "denied", "denied"]
    assert all(str(path) in message and hint for _, message, hint in said[2:])


@pytest.mark.parametrize("backend_name", ["lxd-https", "incus-https"])
async def test_client_without_a_certificate_is_not_trusted(backend: Backend, name: str) -> None:
    options = {"verify": backend.options["verify"]}
    async with Client(backend.endpoint, **options) as client:
        assert client.server.kind is backend.kind
        assert not client.server.is_trusted
        for attempt in (client.containers.all, client.connection.operations.list):
            with pytest.raises(Unauthorized):
                await attempt()
        with pytest.raises(Unauthorized):
            await client.containers.create(backend.empty(name))
        with pytest.raises(Unauthorized):
            async with client.connection.events():
                pass


@pytest.mark.parametrize("backend_name", ["lxd-https", "incus-https"])
async def test_client_of_an_unknown_certificate_is_not_trusted(
    backend: Backend, real: Daemon, tmp_path: Path
) -> None:
    options = {**backend.options, "cert": real.make_certificate(tmp_path, "stranger")}
    async with Client(backend.endpoint, **options) as client:
        assert not client.server.is_trusted
        with pytest.raises(Unauthorized):
            await client.containers.all()


@pytest.mark.parametrize("backend_name", ["lxd-https", "incus-https"])
async def test_wrong_certificate_of_the_server_ends_the_link(
    backend: Backend, real: Daemon, tmp_path: Path
) -> None:
    other, _ = real.make_certificate(tmp_path, "other")
    for verify in (other, True):
        error = await _failure(backend.endpoint, **{**backend.options, "verify": verify})
        assert error.problem is ConnectionProblem.CERTIFICATE
    async with Client(backend.endpoint, **{**backend.options, "verify": False}) as client:
        assert client.server.is_trusted


@pytest.mark.parametrize("backend_name", ["lxd-https", "incus-https"])
async def test_pinned_certificate_passes_strict_checks(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.13 checks certificates more strictly by itself."""
    create = ssl.create_default_context

    def strict(**options: Any) -> ssl.SSLContext:
        context = create(**options)
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        return context

    monkeypatch.setattr(ssl, "create_default_context", strict)
    async with backend.client() as client:
        assert client.server.is_trusted


@pytest.mark.parametrize("backend_name", ["lxd-https", "incus-https"])
async def test_client_of_one_project_is_kept_out_of_others(
    backend: Backend, real: Daemon, name: str, tmp_path: Path
) -> None:
    certificate, key = real.make_certificate(tmp_path, f"restricted-{name}")
    real.add_client_certificate(certificate, projects=[STAGING])
    options = {**backend.options, "cert": (certificate, key)}
    async with Client(backend.endpoint, project=STAGING, **options) as client:
        assert client.server.is_trusted
        assert await client.containers.all() == []
        assert await client.connection.project_names() == (STAGING,)
    async with Client(backend.endpoint, **options) as client:
        with pytest.raises(Unauthorized):
            await client.containers.get("contract-shared")
        with pytest.raises(Unauthorized):
            await client.containers.all()


async def test_certificate_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing"):
        Client("https://127.0.0.1:1", verify=tmp_path / "nothing.crt")
    with pytest.raises(ConfigError, match="nothing"):
        Client("https://127.0.0.1:1", cert=(tmp_path / "nothing", tmp_path / "nothing.key"))
