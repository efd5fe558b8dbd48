"""The two dialects of the protocol, where they differ by more than an extension."""

from dataclasses import dataclass

from lxdtui.model.server import ServerKind

__all__ = ["Flavor"]


@dataclass(frozen=True, slots=True)
class Flavor:
    """Words of one family of servers."""

    header_prefix: str
    """Beginning of the headers about files. LXD ignores those of Incus, so that
    a directory to be made would become a file."""

    @classmethod
    def of(cls, kind: ServerKind) -> "Flavor":
        """Return the dialect of a server."""
        return cls("X-Incus-" if kind is ServerKind.INCUS else "X-LXD-")

    def header(self, name: str) -> str:
        """Return the name of a header about files.

        Args:
            name: ``type``, ``mode``, ``uid``, ``gid``, ``modified`` or ``write``.
        """
        return self.header_prefix + name
