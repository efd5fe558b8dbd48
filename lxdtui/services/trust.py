"""Knowing a server again by its certificate."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.trust import (
    fetch_server_certificate,
    pin_server_certificate,
    pinned_certificate,
)
from lxdtui.errors import ConfigError

__all__ = ["known_endpoint", "pinned_path"]


async def known_endpoint(
    url: str,
    folder: Path,
    *,
    cert: tuple[Path, Path] | None,
    believe: Callable[[str, str], Awaitable[bool]],
) -> Endpoint:
    """Return a server by its address, with the certificate that was pinned at first use.

    Args:
        url: ``https://host[:port]``.
        folder: Where certificates are kept.
        cert: Client certificate and key, or ``None`` for our own, if there is one.
        believe: Asked at first use with address and fingerprint.

    Raises:
        ConfigError: The address cannot be used, or the answer was no.
        ConnectionFailed: At first use, the server cannot be reached.
    """
    address = Endpoint.parse(url).url
    pinned = pinned_path(folder, address)
    if not pinned.exists():
        presented = await fetch_server_certificate(address)
        if not await believe(address, presented.fingerprint):
            raise ConfigError(f"{address} is not believed to be the server, so nothing was sent.")
        await pin_server_certificate(address, pinned, fingerprint=presented.fingerprint)
    own = (folder / "client.crt", folder / "client.key")
    if cert is None and own[0].exists() and own[1].exists():
        cert = own
    return Endpoint.parse(address, cert=cert, verify=pinned)


def pinned_path(folder: Path, url: str) -> Path:
    """Return where the certificate of the server at an address is kept.

    Args:
        folder: Where certificates are kept.
        url: ``https://host:port``.
    """
    parts = urlsplit(Endpoint.parse(url).url)
    host = (parts.hostname or "").replace(":", "-")
    return pinned_certificate(folder, f"{host}_{parts.port}")
