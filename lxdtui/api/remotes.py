"""The servers that the ``lxc`` and ``incus`` clients know, read from their configuration.

Nothing is ever written there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lxdtui.api.endpoint import Endpoint
from lxdtui.errors import ConfigError
from lxdtui.model.server import ServerKind

__all__ = ["ConfiguredRemote", "configuration_folders", "read_remotes"]

_LARGEST_FILE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredRemote:
    """A server in the configuration of the ``lxc`` or the ``incus`` client."""

    name: str
    """The name that its user gave it."""
    client: ServerKind
    """Whose configuration it is in."""
    address: str
    """``https://host:port``, ``unix://`` or ``unix:///path``."""
    protocol: str
    """``lxd``, ``incus`` or ``simplestreams``."""
    is_public: bool
    """Whether it offers images to everybody and nothing else."""
    project: str
    """The project that its user chose; empty for none."""
    is_default: bool
    """Whether it is used where none is named."""
    folder: Path
    """The folder of the configuration, with certificates."""

    @property
    def is_server(self) -> bool:
        """Whether it holds instances; image servers do not."""
        return self.protocol != "simplestreams" and not self.is_public

    def endpoint(self, sockets: Sequence[Path]) -> Endpoint:
        """Return how it is reached, with the client's own certificate and the pinned one.

        Args:
            sockets: Where the local server of this kind may be, best first;
                for ``unix://``, which names no path.

        Raises:
            ConfigError: The address cannot be used.
        """
        if self.address in ("unix://", "unix:"):
            return Endpoint(socket=next((path for path in sockets if path.exists()), sockets[0]))
        cert, key = self.folder / "client.crt", self.folder / "client.key"
        pinned = self.folder / "servercerts" / f"{self.name}.crt"
        return Endpoint.parse(
            self.address,
            cert=(cert, key) if cert.exists() and key.exists() else None,
            verify=pinned if pinned.exists() else True,
        )


def configuration_folders(
    environ: Mapping[str, str], home: Path
) -> Iterator[tuple[ServerKind, Path]]:
    """List the folders of the clients' configurations, the user's before the machine's.

    Args:
        environ: The process environment; ``LXD_CONF``, ``INCUS_CONF`` and their
            ``GLOBAL`` kin replace the usual places.
        home: The user's home folder.
    """
    own = environ.get("LXD_CONF")
    if own:
        yield ServerKind.LXD, Path(own)
    else:
        yield ServerKind.LXD, home / "snap/lxd/common/config"
        yield ServerKind.LXD, home / ".config/lxc"
    yield ServerKind.INCUS, Path(environ.get("INCUS_CONF") or home / ".config/incus")
    yield ServerKind.LXD, Path(environ.get("LXD_GLOBAL_CONF") or "/etc/lxd")
    yield ServerKind.INCUS, Path(environ.get("INCUS_GLOBAL_CONF") or "/etc/incus")


def read_remotes(environ: Mapping[str, str], home: Path) -> Sequence[ConfiguredRemote]:
    """Read the remotes of both clients.

    Args:
        environ: The process environment.
        home: The user's home folder.

    Returns:
        The remotes, those of ``lxc`` first; of two with one name and client the
        user's own.

    Raises:
        ConfigError: A file is there and cannot be read or is not what it should be.
    """
    found: dict[tuple[ServerKind, str], ConfiguredRemote] = {}
    for client, folder in configuration_folders(environ, home):
        for remote in _read_file(client, folder):
            found.setdefault((client, remote.name), remote)
    return list(found.values())


def _read_file(client: ServerKind, folder: Path) -> Iterator[ConfiguredRemote]:
    path = folder / "config.yml"
    try:
        if not path.exists():
            return
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError(f"Cannot read {path}: it is far too large for a configuration.")
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"Cannot read {path}: {error}") from error
    if content is None:
        return
    if not isinstance(content, Mapping) or not isinstance(content.get("remotes") or {}, Mapping):
        raise ConfigError(f"Cannot read {path}: it is no configuration of a client.")
    default = content.get("default-remote")
    for name, body in (content.get("remotes") or {}).items():
        if isinstance(body, Mapping) and isinstance(body.get("addr"), str):
            yield _remote(str(name), body, client=client, default=default, folder=folder)


def _remote(
    name: str, body: Mapping[str, Any], *, client: ServerKind, default: object, folder: Path
) -> ConfiguredRemote:
    protocol = body.get("protocol")
    project = body.get("project")
    return ConfiguredRemote(
        name=name,
        client=client,
        address=str(body["addr"]),
        protocol=protocol if isinstance(protocol, str) and protocol else str(client),
        is_public=body.get("public") is True,
        project=project if isinstance(project, str) else "",
        is_default=name == default,
        folder=folder,
    )
