"""Becoming a client that a server trusts, with a token and nothing else."""

from pathlib import Path

from lxdtui.api.certificates import TrustToken
from lxdtui.api.client_certificate import make_client_certificate
from lxdtui.api.connection import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.trust import pin_server_certificate
from lxdtui.errors import ConnectionFailed, ConnectionProblem
from lxdtui.services.trust import pinned_path

__all__ = ["join_by_token"]


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
        pinned = pinned_path(folder, url)
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
