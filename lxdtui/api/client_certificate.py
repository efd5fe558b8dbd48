"""The certificate by which servers know this client, made once.

Kept apart, because the library that makes it is slow to load and seldom needed.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lxdtui.api.private_files import write_private
from lxdtui.errors import ConfigError

__all__ = ["make_client_certificate"]

_LIFETIME = timedelta(days=3650)


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
    write_private(
        key,
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    write_private(crt, certificate.public_bytes(serialization.Encoding.PEM))
    return crt, key
