"""The certificates of servers, seen and pinned.

A server's certificate is of its own making, so nobody vouches for it. It is
shown by its fingerprint the first time, kept, and must be the same from then on.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.private_files import write_private
from lxdtui.api.transport import CONNECT_TIMEOUT
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem

__all__ = [
    "ServerCertificate",
    "fetch_server_certificate",
    "pin_server_certificate",
    "pinned_certificate",
]

_REMOTE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The certificate that a server presents."""

    pem: str
    """The certificate as PEM."""
    fingerprint: str
    """SHA-256 of the certificate, lower-case hexadecimal."""


async def fetch_server_certificate(url: str) -> ServerCertificate:
    """Ask a server for its certificate, believing nothing yet.

    Args:
        url: ``https://host:port``.

    Raises:
        ConfigError: The address cannot be used.
        ConnectionFailed: No TLS link could be made.
    """
    endpoint = Endpoint.parse(url, verify=False)
    parts = urlsplit(endpoint.url)
    tried = f"read the certificate of {endpoint.url}"
    if parts.hostname is None:
        raise ConfigError(f"Cannot use the address {url!r}: it is no https address")
    async with _tls(parts.hostname, parts.port or 8443, endpoint, tried) as tls:
        der = tls.getpeercert(binary_form=True)
    if not der:
        raise ConnectionFailed(tried, ConnectionProblem.CERTIFICATE, "none was presented")
    return ServerCertificate(ssl.DER_cert_to_PEM_cert(der), sha256(der).hexdigest())


def pinned_certificate(folder: Path, remote: str) -> Path:
    """Return where the certificate of a server is pinned; it need not be there yet.

    Args:
        folder: The folder of the client configuration.
        remote: Name of the server; it becomes a file name.

    Raises:
        ConfigError: The name cannot be a file name.
    """
    if not remote or remote.startswith(".") or not _REMOTE_CHARACTERS.issuperset(remote):
        raise ConfigError(
            f"Cannot use the name {remote!r} for a server: use letters, digits, '-', '_' and '.'."
        )
    return folder / "servercerts" / f"{remote}.crt"


async def pin_server_certificate(url: str, path: Path, *, fingerprint: str) -> ServerCertificate:
    """Keep the certificate of a server, whose fingerprint the user or a token named.

    Args:
        url: ``https://host:port``.
        path: Where to keep it, see :func:`pinned_certificate`.
        fingerprint: The expected SHA-256; colons, blanks and upper case do not matter.

    Returns:
        The certificate.

    Raises:
        ConnectionFailed: The server presents another one, or cannot be reached.
        ConfigError: It cannot be written.
    """
    presented = await fetch_server_certificate(url)
    expected = "".join(fingerprint.replace(":", "").split()).lower()
    if presented.fingerprint != expected:
        raise ConnectionFailed(
            f"trust {url}",
            ConnectionProblem.CERTIFICATE,
            f"the server presents the certificate {presented.fingerprint}, expected is {expected}",
            hint="Somebody may be listening in between, or the server was installed anew.",
        )
    write_private(path, presented.pem.encode("ascii"))
    return presented


@asynccontextmanager
async def _tls(
    host: str, port: int, endpoint: Endpoint, tried: str
) -> AsyncIterator[ssl.SSLObject]:
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            _, writer = await asyncio.open_connection(host, port, ssl=endpoint.ssl_context())
    except TimeoutError as error:
        raise ConnectionFailed(tried, ConnectionProblem.TIMEOUT, "no answer in time") from error
    except ssl.SSLError as error:
        raise ConnectionFailed(tried, ConnectionProblem.CERTIFICATE, str(error)) from error
    except OSError as error:
        raise ConnectionFailed(
            tried, ConnectionProblem.UNREACHABLE, error.strerror or str(error)
        ) from error
    try:
        yield writer.get_extra_info("ssl_object")
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()
