"""The certificates on this side: the client's own, and the pinned ones of servers.

A server's certificate is of its own making, so nobody vouches for it. It is
shown by its fingerprint the first time, kept, and must be the same from then on.
"""

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.transport import CONNECT_TIMEOUT
from lxdtui.errors import ConfigError, ConnectionFailed, ConnectionProblem

__all__ = [
    "ServerCertificate",
    "fetch_server_certificate",
    "make_client_certificate",
    "pin_server_certificate",
    "pinned_certificate",
]

_LIFETIME = timedelta(days=3650)
_REMOTE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The certificate that a server presents."""

    pem: str
    """The certificate as PEM."""
    fingerprint: str
    """SHA-256 of the certificate, lower-case hexadecimal."""


def make_client_certificate(folder: Path, *, name: str = "lxdtui") -> tuple[Path, Path]:
    """Return this client's certificate and key; make them where there are none.

    The key is an EC key on P-384, as those of the ``lxc`` and ``incus`` clients,
    readable by its owner alone.

    Args:
        folder: Where they are kept: ``client.crt`` and ``client.key``.
        name: Name in the certificate.

    Returns:
        Paths of the certificate and the key.

    Raises:
        ConfigError: They cannot be written, or one of the two is missing.
    """
    crt, key = folder / "client.crt", folder / "client.key"
    if crt.exists() and key.exists():
        return crt, key
    if crt.exists() or key.exists():
        there, missing = (crt, key) if crt.exists() else (key, crt)
        raise ConfigError(
            f"Cannot use {there} without {missing}, which does not exist.",
            hint="Bring it back, or move the other one away to have both made anew.",
        )
    secret = ec.generate_private_key(ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(secret, hashes.SHA384())
    )
    _write_private(
        key,
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write_private(crt, certificate.public_bytes(serialization.Encoding.PEM))
    return crt, key


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
    _write_private(path, presented.pem.encode("ascii"))
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


def _write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"Cannot write {path}: {error.strerror or error}") from error
