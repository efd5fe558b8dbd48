"""A server as it describes itself."""

from dataclasses import dataclass, field
from enum import StrEnum

from lxdtui.model.fields import Fields

__all__ = ["Server", "ServerKind"]


class ServerKind(StrEnum):
    """The two families of server that we speak to."""

    LXD = "lxd"
    INCUS = "incus"

    @property
    def label(self) -> str:
        """The name as people write it."""
        return "Incus" if self is ServerKind.INCUS else "LXD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What ``GET /1.0`` tells."""

    kind: ServerKind
    """LXD or Incus."""
    version: str
    """Version of the server; empty while this client is not trusted."""
    is_trusted: bool
    """Whether this client may do more than ask for this."""
    extensions: frozenset[str]
    """Names of the optional parts of the protocol that the server knows."""
    is_clustered: bool = False
    """Whether the server is a member of a cluster."""
    name: str = ""
    """The server's own name for itself."""
    fingerprint: str = ""
    """SHA-256 of the server's certificate, lower-case hexadecimal."""
    project: str = "default"
    """The project that this answer was made for."""
    certificate: str = field(default="", repr=False)
    """The server's certificate, PEM."""
    architectures: tuple[str, ...] = ()
    """Architectures that its instances may have: ``x86_64``, ``i686``, …"""

    cpus: int | None = None
    """CPUs of the machine, or ``None`` while that was not asked for."""

    def has(self, extension: str) -> bool:
        """Say whether the server knows an optional part of the protocol."""
        return extension in self.extensions

    @property
    def label(self) -> str:
        """Kind and version as people write them: ``LXD 5.0.2``."""
        return f"{self.kind.label} {self.version}".rstrip()

    @classmethod
    def from_api(cls, body: object) -> "Server":
        """Read a server from the JSON object of ``GET /1.0``.

        Raises:
            UnexpectedResponse: A field is of the wrong type.
        """
        fields = Fields(body, "the server information")
        extensions = frozenset(fields.texts("api_extensions"))
        environment = Fields(fields.mapping("environment"), "the server's environment")
        # An untrusted client is not told the name, but the extensions differ.
        guess = ServerKind.INCUS if "dev_incus_images" in extensions else ServerKind.LXD
        word = environment.text("server", guess)
        return cls(
            kind=ServerKind.INCUS if word == ServerKind.INCUS else ServerKind.LXD,
            version=environment.text("server_version", ""),
            is_trusted=fields.text("auth", "") == "trusted",
            extensions=extensions,
            is_clustered=environment.flag("server_clustered"),
            name=environment.text("server_name", ""),
            fingerprint=environment.text("certificate_fingerprint", ""),
            project=environment.text("project", "default"),
            certificate=environment.text("certificate", ""),
            architectures=environment.texts("architectures"),
        )
