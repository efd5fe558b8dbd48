"""Measured data of a container, with the names of the seed page."""

from collections.abc import Mapping
from typing import Any

from lxdtui.model.fields import Fields

__all__ = ["ContainerState"]


class ContainerState:
    """Measured data of a container, as the server's JSON has it.

    ``state.network['eth0']['addresses']`` is a list of objects with the keys
    ``family``, ``address``, ``netmask`` and ``scope``.

    Raises:
        UnexpectedResponse: A field is of the wrong type.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        fields = Fields(body, "the state of a container")
        self.status: str = fields.text("status", "")
        self.status_code: int = fields.integer("status_code", 0)
        self.pid: int = fields.integer("pid", 0)
        self.processes: int = fields.integer("processes", 0)
        self.cpu: dict[str, Any] = dict(fields.mapping("cpu"))
        """``usage``: nanoseconds of CPU time."""
        self.memory: dict[str, Any] = dict(fields.mapping("memory"))
        """``usage``, ``usage_peak``, …: bytes."""
        self.disk: dict[str, Any] = dict(fields.mapping("disk"))
        """``usage`` in bytes by device."""
        self.network: dict[str, Any] = dict(fields.mapping("network"))
        """Interfaces by name, with ``addresses`` and ``counters``."""
