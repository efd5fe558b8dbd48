"""Where a server is and how it is reached."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxdtui.errors import ConfigError

__all__ = ["Endpoint", "local_sockets"]

_LXD_DEB = Path("/var/lib/lxd/unix.socket")
_LXD_SNAP = Path("/var/snap/lxd/common/lxd/unix.socket")
_INCUS = Path("/var/lib/incus/unix.socket")
_INCUS_RUN = Path("/run/incus/unix.socket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Address of a server and what is needed to speak with it."""

    socket: Path | None = None
    """Path of a unix socket; then nothing else matters."""
    url: str = ""
    """``https://host:port`` without a path."""
    cert: tuple[Path, Path] | None = None
    """Client certificate and its key, PEM files."""
    verify: bool | Path = True
    """``True``: by the system's authorities; a path: the server's own
    certificate (PEM), which must be the one presented; ``False``: not at all."""

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        cert: tuple[str | Path, str | Path] | None = None,
        verify: bool | str | Path = True,
    ) -> "Endpoint":
        """Read an endpoint as people write it.

        Args:
            text: ``https://host:8443``, ``unix:///path``, ``http+unix://`` with a
                percent-encoded path, or a bare path of a socket.
            cert: Client certificate and key.
            verify: See :attr:`verify`.

        Raises:
            ConfigError: The text is no address that can be used.
        """
        if text.startswith("/"):
            return cls(socket=Path(text))
        try:
            parts = urlsplit(text)
            port = parts.port or 8443
        except ValueError as error:
            raise ConfigError(f"Cannot use the address {text!r}: {error}") from error
        if parts.scheme == "unix" and parts.path:
            return cls(socket=Path(parts.path))
        if parts.scheme == "http+unix" and parts.netloc:
            return cls(socket=Path(unquote(parts.netloc)))
        if parts.scheme == "https" and parts.hostname:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            return cls(
                url=f"https://{host}:{port}",
                cert=(Path(cert[0]), Path(cert[1])) if cert else None,
                verify=verify if isinstance(verify, bool) else Path(verify),
            )
        raise ConfigError(
            f"Cannot use the address {text!r}: it is neither https://HOST[:PORT] nor unix:///PATH",
            hint="Plain http is not offered by LXD and Incus.",
        )

    @property
    def place(self) -> str:
        """The address in words for the user."""
        return f"unix:{self.socket}" if self.socket else self.url

    @property
    def is_verified(self) -> bool:
        """Whether the server proves who it is; a unix socket does by its owner."""
        return self.socket is not None or self.verify is not False

    def ssl_context(self) -> ssl.SSLContext | None:
        """Make the TLS settings, or ``None`` for a unix socket.

        The servers speak TLS 1.3 only, with certificates of their own making,
        so a pinned certificate is trusted as its own authority and its host
        name is not compared.

        Raises:
            ConfigError: A certificate or key cannot be read.
        """
        if self.socket is not None:
            return None
        try:
            if isinstance(self.verify, Path):
                context = ssl.create_default_context(cafile=str(self.verify))
                context.check_hostname = False
            else:
                context = ssl.create_default_context()
            if self.verify is False:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            if self.cert is not None:
                context.load_cert_chain(str(self.cert[0]), str(self.cert[1]))
        except (OSError, ssl.SSLError) as error:
            files = [str(path) for path in (*(self.cert or ()), self.verify) if path is not True]
            raise ConfigError(
                f"Cannot use the certificates for {self.url} ({', '.join(files)}): {error}"
            ) from error
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # Websockets and SFTP need an HTTP/1.1 Upgrade: h2 must not be chosen.
        context.set_alpn_protocols(["http/1.1"])
        return context


def local_sockets(environ: Mapping[str, str]) -> Iterator[Path]:
    """List the sockets where a local server may be, in the clients' own order.

    ``LXD_SOCKET`` and ``INCUS_SOCKET``, then ``LXD_DIR`` and ``INCUS_DIR``, end
    the search where they are set, as they do for ``lxc`` and ``incus``.

    Args:
        environ: The process environment.

    Yields:
        Paths; none of them need exist.
    """
    named = [
        path
        for path in (
            environ.get("LXD_SOCKET"),
            environ.get("LXD_DIR") and f"{environ['LXD_DIR']}/unix.socket",
            environ.get("INCUS_SOCKET"),
            environ.get("INCUS_DIR") and f"{environ['INCUS_DIR']}/unix.socket",
        )
        if path
    ]
    if named:
        yield from map(Path, named)
        return
    yield from (_LXD_SNAP, _LXD_DEB, _INCUS_RUN, _INCUS)
