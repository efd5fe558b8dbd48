"""One server that the interface works with."""

from dataclasses import dataclass

from lxdtui.api.endpoint import Endpoint

__all__ = ["Remote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A server by its name in the client configuration."""

    name: str
    """The name that the user knows it by."""
    endpoint: Endpoint
    """Where it is."""
    project: str = ""
    """The project that is looked at; empty for all that this client may see."""
    is_demo: bool = False
    """Whether this is the embedded demo and nothing in it is real."""
    searched: tuple[str, ...] = ()
    """Where a local server was looked for in vain, best first."""

    @property
    def place(self) -> str:
        """The address in words."""
        return self.endpoint.place

    @property
    def is_named_by_address(self) -> bool:
        """Whether its name is its address, which lxc and incus do not know it by."""
        return self.place in (f"https://{self.name}", f"https://{self.name}:8443")

    @property
    def is_verified(self) -> bool:
        """Whether the server proves who it is."""
        return self.endpoint.is_verified
