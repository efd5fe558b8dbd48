"""What a container object holds: read-only and writable attributes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from lxdtui.api.read_only import ReadOnlyAttributes
from lxdtui.api.versions import with_volatile, writable
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef

__all__ = ["ContainerRecord"]


class ContainerRecord(ReadOnlyAttributes):
    """The attributes of a container, as read when it was made, saved or synchronised."""

    INSTEAD: ClassVar[Mapping[str, str]] = {
        "ref": "use rename(), or migrate() to another server",
        "name": "use rename()",
        "type": "give it to create()",
        "status": "use start(), stop(), restart(), freeze() or unfreeze()",
        "status_code": "use start(), stop(), restart(), freeze() or unfreeze()",
        "stateful": "use stop(stateful=True)",
        "created_at": "the server sets it when the container is created",
        "last_used_at": "the server sets it when the container is started",
        "location": "the server chooses it",
        "expanded_config": "change config or profiles, and save()",
        "expanded_devices": "change devices or profiles, and save()",
        "snapshots": "use snapshots.create()",
    }

    architecture: str
    """The architecture, writable."""
    config: dict[str, str]
    """The configuration set on the container itself, writable."""
    devices: dict[str, dict[str, str]]
    """The devices set on the container itself, writable."""
    description: str
    """Free text, writable."""
    ephemeral: bool
    """Whether it deletes itself when it stops, writable."""
    profiles: list[str]
    """Names of the profiles in their order, writable."""

    def __init__(self, instance: Instance, etag: str = "") -> None:
        self._take(instance, etag)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} {self.status}>"

    @property
    def ref(self) -> InstanceRef:
        """Identity: remote, project, name."""
        return self._instance.ref

    @property
    def name(self) -> str:
        """The name, which identifies the container; changed by :meth:`rename`."""
        return self._instance.name

    @property
    def type(self) -> str:
        """``container`` or ``virtual-machine``."""
        return self._instance.type

    @property
    def status(self) -> str:
        """The status as a word."""
        return self._instance.status

    @property
    def status_code(self) -> int:
        """The status as a number."""
        return self._instance.status_code

    @property
    def stateful(self) -> bool:
        """Whether a saved run-time state exists."""
        return self._instance.stateful

    @property
    def created_at(self) -> datetime | None:
        """When it was created."""
        return self._instance.created_at

    @property
    def last_used_at(self) -> datetime | None:
        """When it was last started, or ``None`` for never."""
        return self._instance.last_used_at

    @property
    def location(self) -> str:
        """The cluster member it is on; empty on a server that stands alone."""
        return self._instance.location

    @property
    def expanded_config(self) -> dict[str, str]:
        """The configuration with that of the profiles merged in."""
        return dict(self._instance.expanded_config)

    @property
    def expanded_devices(self) -> dict[str, dict[str, str]]:
        """The devices with those of the profiles merged in."""
        return {name: dict(device) for name, device in self._instance.expanded_devices.items()}

    def _take(self, instance: Instance, etag: str) -> None:
        self._instance = instance
        self._etag = etag
        self.architecture = instance.architecture
        self.config = dict(instance.config)
        self.devices = {name: dict(device) for name, device in instance.devices.items()}
        self.description = instance.description
        self.ephemeral = instance.ephemeral
        self.profiles = list(instance.profiles)

    def _writable(self) -> dict[str, Any]:
        """Return the writable attributes as they are now."""
        return {name: getattr(self, name) for name in writable(self._instance)}

    def _rebase(self, instance: Instance, etag: str) -> None:
        """Take a version that was written from here; changes made since stay unsaved."""
        self.config = with_volatile(self.config, self._instance.config, instance.config)
        self._instance = instance
        self._etag = etag

    def _adopt(self, instance: Instance, etag: str) -> None:
        """Take what the server made of a configuration; changes made since stay unsaved."""
        asked = writable(self._instance)
        changed = {name: value for name, value in self._writable().items() if value != asked[name]}
        self._take(instance, etag)
        for name, value in changed.items():
            setattr(self, name, {**instance.config, **value} if name == "config" else value)

    def _become(self, ref: InstanceRef) -> None:
        """Take another name."""
        self._instance = replace(self._instance, ref=ref)
