"""Becoming a client that a server trusts, and knowing the server again."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from lxdtui.api.certificates import TrustToken
from lxdtui.api.connection import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.trust import (
    fetch_server_certificate,
    make_client_certificate,
    pin_server_certificate,
    pinned_certificate,
)
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem

__all__ = ["join_by_token", "known_endpoint"]


async def join_by_token(text: str, folder: Path) -> Endpoint:
    """Become trusted by the server that made a token.

    The server is known by the fingerprint in the token, so nothing is believed
    that the network says.

    Args:
        text: The token.
        folder: Where certificates are kept.

    Returns:
        How the server is reached from now on.

    Raises:
        ConfigError: The text is no token, or the certificates cannot be kept.
        ConnectionFailed: No address of the token leads to that server.
        Unauthorized: The token was used or is too old.
    """
    token = TrustToken.parse(text)
    cert = make_client_certificate(folder)
    failures: list[str] = []
    for address in token.addresses:
        url = f"https://{address}"
        pinned = _pinned(folder, url)
        try:
            await pin_server_certificate(url, pinned, fingerprint=token.fingerprint)
        except ConnectionFailed as error:
            failures.append(f"{address}: {error.server_text}")
            continue
        endpoint = Endpoint.parse(url, cert=cert, verify=pinned)
        async with Connection(endpoint) as connection:
            if not connection.server.is_trusted:
                await connection.certificates.join(token.text, server=connection.server)
        return endpoint
    raise ConnectionFailed(
        "reach the server that made this token",
        ConnectionProblem.UNREACHABLE,
        "; ".join(failures),
        hint="Check the network, or ask for a token of a server that you can reach.",
    )


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
    pinned = _pinned(folder, address)
    if not pinned.exists():
        presented = await fetch_server_certificate(address)
        if not await believe(address, presented.fingerprint):
            raise ConfigError(f"{address} is not believed to be the server, so nothing was sent.")
        await pin_server_certificate(address, pinned, fingerprint=presented.fingerprint)
    own = (folder / "client.crt", folder / "client.key")
    if cert is None and own[0].exists() and own[1].exists():
        cert = own
    return Endpoint.parse(address, cert=cert, verify=pinned)


def _pinned(folder: Path, url: str) -> Path:
    parts = urlsplit(Endpoint.parse(url).url)
    host = (parts.hostname or "").replace(":", "-")
    return pinned_certificate(folder, f"{host}_{parts.port}")
