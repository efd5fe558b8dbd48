"""Identity of things: remote, project and name.

Everything that tables, messages and the store key on is one of these values,
never a bare name: several servers and projects stand in one table.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

__all__ = ["DEFAULT_PROJECT", "InstanceRef", "OperationRef", "quote_segment"]

DEFAULT_PROJECT = "default"


def quote_segment(text: str) -> str:
    """Percent-encode one segment of a URL path, slashes included.

    Half surrogates, which JSON can smuggle in, have no encoding and become ``?``;
    ``.`` and ``..`` are encoded too, so that they do not lead to other places.
    """
    if text in (".", ".."):
        return text.replace(".", "%2E")
    return quote(text, safe="", errors="replace")


@dataclass(frozen=True, slots=True, order=True)
class InstanceRef:
    """Identity of an instance."""

    remote: str
    """Name of the server in the client configuration."""
    project: str
    """Name of the project; ``default`` is a name, not an absence."""
    name: str
    """Name of the instance within its project."""

    @property
    def path(self) -> str:
        """Path of the instance in the REST API, without the project."""
        return f"/1.0/instances/{quote_segment(self.name)}"

    @classmethod
    def from_url(cls, url: str, *, remote: str, project: str) -> "InstanceRef | None":
        """Read a reference from a URL of the server.

        Args:
            url: ``/1.0/instances/NAME[/…][?project=P]``, also of the older
                collections ``containers`` and ``virtual-machines``.
            remote: The server that sent it.
            project: The project where the URL names none.

        Returns:
            The instance at or above the URL, or ``None`` for another kind of URL.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        segments = parts.path.split("/")
        if len(segments) < 4 or segments[1] != "1.0":
            return None
        if segments[2] not in ("instances", "containers", "virtual-machines") or not segments[3]:
            return None
        named = parse_qs(parts.query).get("project")
        return cls(remote, named[0] if named else project, unquote(segments[3]))


@dataclass(frozen=True, slots=True, order=True)
class OperationRef:
    """Identity of an operation. Operations are known by id alone, without a project."""

    remote: str
    """Name of the server in the client configuration."""
    id: str
    """UUID of the operation."""

    @property
    def path(self) -> str:
        """Path of the operation in the REST API."""
        return f"/1.0/operations/{quote_segment(self.id)}"
