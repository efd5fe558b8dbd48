"""Which server the command line and the environment name.

What reads YAML or makes certificates is imported when it is asked for: the
libraries take a tenth of the time to the first list, and few starts need them.
"""

import argparse
import asyncio
import importlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxdtui.api import Endpoint, find_local, local_sockets
from lxdtui.errors import ConfigError, ConnectionFailed
from lxdtui.paths import config_dir
from lxdtui.services import Known, Remote
from lxdtui.services.trust import known_endpoint

if TYPE_CHECKING:
    from lxdtui.api.remotes import ConfiguredRemote

__all__ = ["add_place_arguments", "choose_remote", "read_known"]


def add_place_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name a server.

    Args:
        parser: The parser of the command line.
    """
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--demo", action="store_true", help="work on invented containers")
    place.add_argument("--socket", metavar="PATH", type=Path, help="unix socket of a server")
    place.add_argument("--url", metavar="URL", help="https://HOST[:PORT] of a server")
    place.add_argument(
        "--remote", metavar="NAME", help="a server that the lxc or incus client knows by this name"
    )
    place.add_argument(
        "--token", metavar="TOKEN", help="become trusted by the server that made this token"
    )
    tls = parser.add_argument_group("with --url")
    tls.add_argument("--cert", metavar="FILE", type=Path, help="client certificate (PEM)")
    tls.add_argument("--key", metavar="FILE", type=Path, help="key of the client certificate")
    check = tls.add_mutually_exclusive_group()
    check.add_argument(
        "--server-cert", metavar="FILE", type=Path, help="the server's certificate (PEM)"
    )
    check.add_argument(
        "--insecure", action="store_true", help="trust whoever answers; shown on every screen"
    )


async def choose_remote(
    options: argparse.Namespace, environ: Mapping[str, str], home: Path
) -> Remote:
    """Choose the server that the command line or the environment names.

    Args:
        options: The command line, see :func:`add_place_arguments`.
        environ: The process environment.
        home: The user's home folder.

    Raises:
        ConfigError: What is named cannot be used.
        ConnectionFailed: A server that must be asked first does not answer.
    """
    project = options.project
    if options.socket is not None:
        return Remote(name="local", endpoint=Endpoint(socket=options.socket), project=project)
    if options.remote is not None:
        remotes: Any = importlib.import_module("lxdtui.api.remotes")
        remote = _configured(remotes.read_remotes(environ, home), options.remote)
        endpoint = remote.endpoint(_sockets_of(remote, environ))
        return Remote(name=remote.name, endpoint=endpoint, project=project or remote.project)
    if options.token is not None:
        joining: Any = importlib.import_module("lxdtui.services.joining")
        endpoint = await joining.join_by_token(options.token, config_dir())
        return Remote(name=_name_of(endpoint), endpoint=endpoint, project=project)
    if options.url is not None:
        endpoint = await _by_url(options)
        return Remote(name=_name_of(endpoint), endpoint=endpoint, project=project)
    return _local(tuple(local_sockets(environ)), project)


def read_known(environ: Mapping[str, str], home: Path) -> Known:
    """List the servers of the configurations of lxc and incus.

    Args:
        environ: The process environment.
        home: The user's home folder.

    Returns:
        Those that can be used; none where the configuration cannot be read.
    """
    remotes: Any = importlib.import_module("lxdtui.api.remotes")
    try:
        configured: Sequence[ConfiguredRemote] = remotes.read_remotes(environ, home)
    except ConfigError:
        return Known()
    servers: dict[str, Remote] = {}
    for one in configured:
        if one.is_server and one.name not in servers:
            with suppress(ConfigError):
                servers[one.name] = Remote(
                    name=one.name,
                    endpoint=one.endpoint(_sockets_of(one, environ)),
                    project=one.project,
                )
    images = {one.name: one.address for one in configured if one.protocol == "simplestreams"}
    return Known(remotes=tuple(servers.values()), image_servers=images)


async def _by_url(options: argparse.Namespace) -> Endpoint:
    if (options.cert is None) != (options.key is None):
        raise ConfigError("--cert and --key belong together.")
    cert = (options.cert, options.key) if options.cert else None
    if options.insecure or options.server_cert:
        verify = False if options.insecure else options.server_cert
        return Endpoint.parse(options.url, cert=cert, verify=verify)
    return await known_endpoint(options.url, config_dir(), cert=cert, believe=_ask)


async def _ask(address: str, fingerprint: str) -> bool:
    """Ask on the terminal, before the interface opens, whether this is the server."""
    groups = [fingerprint[index : index + 4] for index in range(0, len(fingerprint), 4)]
    half = len(groups) // 2
    words = (
        f"{address} is seen for the first time.\nThe fingerprint of its certificate is\n\n"
        f"  {' '.join(groups[:half])}\n  {' '.join(groups[half:])}\n\n"
        "On the server, `lxc info` or `incus info` shows it (certificate_fingerprint).\n"
        "Is it the same? [y/N] "
    )
    answer = await asyncio.to_thread(input, words)
    return answer.strip().lower() in ("y", "yes")


def _configured(remotes: "Sequence[ConfiguredRemote]", name: str) -> "ConfiguredRemote":
    servers = [remote for remote in remotes if remote.is_server]
    for remote in servers:
        if remote.name == name:
            return remote
    known = ", ".join(dict.fromkeys(remote.name for remote in servers)) or "none"
    raise ConfigError(
        f"No server is named {name!r} in the configurations of lxc and incus.",
        hint=f"Known are: {known}.",
    )


def _sockets_of(remote: "ConfiguredRemote", environ: Mapping[str, str]) -> Sequence[Path]:
    """Return where the local server of a client is looked for."""
    prefix = remote.client.value.upper()
    own = {name: value for name, value in environ.items() if name.startswith(f"{prefix}_")}
    sockets = tuple(local_sockets(own))
    if len(sockets) > 1:
        sockets = tuple(path for path in sockets if remote.client.value in str(path)) or sockets
    return sockets


def _local(sockets: Sequence[Path], project: str) -> Remote:
    try:
        socket = find_local(sockets)
    except ConnectionFailed:
        return Remote(
            name="local",
            endpoint=Endpoint(socket=sockets[0]),
            project=project,
            searched=tuple(map(str, sockets)),
        )
    return Remote(name="local", endpoint=Endpoint(socket=socket), project=project)


def _name_of(endpoint: Endpoint) -> str:
    return endpoint.url.removeprefix("https://").removesuffix(":8443")
