"""Whom a server trusts (``/1.0/certificates``), and how this client becomes one of them."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxdtui.api.envelope import Accepted
from lxdtui.api.transport import Transport
from lxdtui.errors import BadRequest, ConfigError, Unauthorized, UnexpectedResponse
from lxdtui.model.fields import Fields
from lxdtui.model.refs import quote_segment
from lxdtui.model.server import Server, ServerKind

__all__ = ["CertificateCalls", "TrustToken", "TrustedCertificate"]

_LONGEST_TOKEN = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedCertificate:
    """A certificate in the trust store of a server."""

    name: str
    """The name that it was added under."""
    kind: str
    """``client``, ``server`` or ``metrics``; the API's ``type``."""
    fingerprint: str
    """SHA-256 of the certificate, lower-case hexadecimal."""
    is_restricted: bool
    """Whether it may use the named projects alone."""
    projects: tuple[str, ...]
    """The projects of a restricted one."""

    @classmethod
    def from_api(cls, body: object) -> "TrustedCertificate":
        """Read a certificate from the JSON object of the server."""
        fields = Fields(body, "a certificate")
        return cls(
            name=fields.text("name", ""),
            kind=fields.text("type", ""),
            fingerprint=fields.text("fingerprint"),
            is_restricted=fields.flag("restricted"),
            projects=fields.texts("projects"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustToken:
    """A token, good for one client once. It is a secret."""

    text: str
    """The whole token, as it is handed over."""
    client_name: str
    """The name under which the server will know the client."""
    fingerprint: str
    """SHA-256 of the certificate of the server that made it."""
    addresses: tuple[str, ...]
    """Where that server is, ``host:port``, best first."""
    expires_at: datetime | None
    """When it ends, or ``None`` for never."""

    def __repr__(self) -> str:
        return f"<TrustToken for {self.client_name!r} at {', '.join(self.addresses)}>"

    @classmethod
    def parse(cls, text: str) -> "TrustToken":
        """Read a token: JSON in base64, the same with LXD and Incus.

        Raises:
            ConfigError: The text is no token.
        """
        text = "".join(text.split())
        if len(text) > _LONGEST_TOKEN:
            raise ConfigError("This is no token of LXD or Incus: it is far too long.")
        try:
            body = json.loads(base64.b64decode(text, validate=True))
            fields = Fields(body, "a token")
            addresses = fields.texts("addresses")
            if not addresses or not fields.text("secret"):
                raise ConfigError("This token names no server or holds no secret.")
            return cls(
                text=text,
                client_name=fields.text("client_name", ""),
                fingerprint=fields.text("fingerprint").lower(),
                addresses=addresses,
                expires_at=fields.time("expires_at"),
            )
        except (binascii.Error, ValueError, RecursionError, UnexpectedResponse) as error:
            raise ConfigError(
                "This is no token of LXD or Incus.",
                hint="The server makes one: lxc config trust add, or incus config trust add NAME.",
            ) from error


class CertificateCalls:
    """Calls on ``/1.0/certificates`` of one server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self) -> Sequence[TrustedCertificate]:
        """List the certificates that the server trusts."""
        answer = await self._transport.request(
            "GET", "/1.0/certificates", tried="list certificates", params={"recursion": "1"}
        )
        listed = Fields(
            {"certificates": getattr(answer.result, "metadata", None)}, "the certificates"
        )
        return listed.each("certificates", TrustedCertificate.from_api)

    async def join(self, secret: str, *, server: Server, name: str = "lxdtui") -> None:
        """Have the server trust the certificate of this very connection.

        A server that trusts it already is content.

        Args:
            secret: A token, or the trust password of an LXD before 6.
            server: What the server told about itself: it decides which field
                the secret goes in.
            name: The name to be known by; a token brings its own.

        Raises:
            Unauthorized: The secret is wrong, used or too old.
        """
        body: dict[str, Any] = {"type": "client", "name": name}
        if _takes_token_field(server, secret):
            body["trust_token"] = secret
        else:
            body["password"] = secret
        try:
            await self._transport.request(
                "POST", "/1.0/certificates", tried="be trusted by the server", json=body
            )
        except BadRequest as error:
            if "already trusted" not in error.server_text.lower():
                raise
        except Unauthorized as error:
            error.hint = error.hint or (
                "A token works once, and not for ever: ask for a new one. On the server,"
                " `lxc config trust add` or `incus config trust add NAME` makes it."
            )
            raise

    async def add(
        self, certificate_pem: str, *, name: str, projects: Sequence[str] | None = None
    ) -> None:
        """Have the server trust another certificate.

        Args:
            certificate_pem: The certificate as PEM.
            name: The name to know it by.
            projects: The projects that it may use, or ``None`` for all.
        """
        lines = [line for line in certificate_pem.splitlines() if not line.startswith("-----")]
        body: dict[str, Any] = {"type": "client", "name": name, "certificate": "".join(lines)}
        if projects is not None:
            body |= {"restricted": True, "projects": list(projects)}
        await self._transport.request(
            "POST", "/1.0/certificates", tried=f"trust the certificate of {name}", json=body
        )

    async def make_token(self, *, name: str, projects: Sequence[str] | None = None) -> TrustToken:
        """Have the server make a token for a new client.

        Args:
            name: The name that the client will be known by.
            projects: The projects that it may use, or ``None`` for all.
        """
        tried = f"make a token for {name}"
        body: dict[str, Any] = {"type": "client", "name": name, "token": True}
        if projects is not None:
            body |= {"restricted": True, "projects": list(projects)}
        answer = await self._transport.request("POST", "/1.0/certificates", tried=tried, json=body)
        if not isinstance(answer.result, Accepted):
            raise UnexpectedResponse(tried, "no operation in the answer")
        details = Fields(Fields(answer.result.operation, "an operation").mapping("metadata"), "it")
        token = {
            "client_name": name,
            "fingerprint": details.text("fingerprint"),
            "addresses": list(details.texts("addresses")),
            "secret": details.text("secret"),
            "expires_at": details.text("expiresAt", "0001-01-01T00:00:00Z"),
        }
        return TrustToken.parse(base64.b64encode(json.dumps(token).encode()).decode())

    async def delete(self, fingerprint: str) -> None:
        """Have the server trust a certificate no more.

        Raises:
            NotFound: It does not.
        """
        await self._transport.request(
            "DELETE",
            f"/1.0/certificates/{quote_segment(fingerprint)}",
            tried=f"remove the certificate {fingerprint[:12]}",
        )


def _takes_token_field(server: Server, secret: str) -> bool:
    """Say whether the secret is a token for a server with a field of its own for it."""
    if server.kind is ServerKind.INCUS:
        return True
    if not server.has("explicit_trust_token"):
        return False
    try:
        TrustToken.parse(secret)
    except ConfigError:
        return False
    return True
