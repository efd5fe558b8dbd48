"""Where files are: on this computer, or in one instance."""

from dataclasses import dataclass

from lxdtui.model.refs import InstanceRef

__all__ = ["LOCAL", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A computer with files: this one, or an instance of a server."""

    ref: InstanceRef | None = None
    """The instance, or ``None`` for this computer."""

    @property
    def is_local(self) -> bool:
        """Whether it is this computer."""
        return self.ref is None

    @property
    def words(self) -> str:
        """What a title calls it; the name of an instance as the server sent it."""
        return "this computer" if self.ref is None else self.ref.name

    @property
    def key(self) -> str:
        """What it is called in stored files: ``local``, or remote, project and name."""
        if self.ref is None:
            return "local"
        return f"{self.ref.remote}/{self.ref.project}/{self.ref.name}"


LOCAL = Place()
"""This computer."""
