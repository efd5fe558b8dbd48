"""Measured run-time data of an instance: memory, disks, network, processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxdtui.model.fields import Fields

__all__ = ["Address", "InstanceState", "NetworkInterface", "cpu_percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address of a network interface."""

    family: str
    """``inet`` or ``inet6``."""
    address: str
    """The address in text form, without the prefix length."""
    netmask: str
    """Length of the prefix, as text."""
    scope: str
    """``global``, ``link`` or ``local``."""

    @classmethod
    def from_api(cls, body: object) -> "Address":
        """Read an address from the JSON object of the server."""
        fields = Fields(body, "an address")
        return cls(
            family=fields.text("family", ""),
            address=fields.text("address", ""),
            netmask=fields.text("netmask", ""),
            scope=fields.text("scope", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface:
    """A network interface as seen from inside the instance."""

    name: str
    """Name inside the instance: ``eth0``."""
    addresses: tuple[Address, ...]
    """Addresses in the server's order."""
    hwaddr: str
    """Hardware address."""
    host_name: str
    """Name of the other end on the server, or an empty string."""
    mtu: int
    """Largest packet in bytes."""
    state: str
    """``up`` or ``down``."""
    type: str
    """``broadcast``, ``loopback``, …"""
    bytes_received: int
    """Bytes since the interface came up."""
    bytes_sent: int
    """Bytes since the interface came up."""

    @classmethod
    def from_api(cls, name: str, body: object) -> "NetworkInterface":
        """Read an interface from the JSON object of the server."""
        fields = Fields(body, f"the network interface {name}")
        counters = Fields(fields.mapping("counters"), "network counters")
        return cls(
            name=name,
            addresses=fields.each("addresses", Address.from_api),
            hwaddr=fields.text("hwaddr", ""),
            host_name=fields.text("host_name", ""),
            mtu=fields.integer("mtu", 0),
            state=fields.text("state", ""),
            type=fields.text("type", ""),
            bytes_received=counters.integer("bytes_received", 0),
            bytes_sent=counters.integer("bytes_sent", 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceState:
    """Measured data of one moment (``GET /1.0/instances/NAME/state``)."""

    status: str
    """The server's word for the status at that moment."""
    status_code: int
    """The number of the status."""
    pid: int
    """Process id of the init process on the server, 0 when stopped."""
    processes: int
    """Number of processes; -1 where the server cannot tell."""
    cpu_usage: int
    """CPU time used since the start, over all CPUs, in nanoseconds."""
    memory_usage: int
    """Memory in use, page cache included, in bytes."""
    memory_usage_peak: int
    """Largest memory use since the start, in bytes."""
    memory_total: int
    """Limit or memory of the server in bytes; 0 where the server does not tell."""
    swap_usage: int
    """Swap in use, in bytes."""
    disk_usage: Mapping[str, int] = field(default_factory=dict)
    """Bytes in use by disk device; empty where the storage driver cannot tell."""
    disk_total: Mapping[str, int] = field(default_factory=dict)
    """Size in bytes by disk device, where known."""
    interfaces: tuple[NetworkInterface, ...] = ()
    """Network interfaces, loopback included."""
    started_at: datetime | None = None
    """When it was started; only newer servers tell."""

    def addresses(self, family: str) -> tuple[str, ...]:
        """Return the addresses by which others reach it.

        Args:
            family: ``inet`` or ``inet6``.

        Returns:
            Addresses of global scope on every interface but the loopback.
        """
        return tuple(
            address.address
            for interface in self.interfaces
            if interface.name != "lo" and interface.type != "loopback"
            for address in interface.addresses
            if address.family == family and address.scope == "global"
        )

    @classmethod
    def from_api(cls, body: object) -> "InstanceState":
        """Read a state from the JSON object of the server.

        Raises:
            UnexpectedResponse: A field is of the wrong type.
        """
        fields = Fields(body, "the state of an instance")
        cpu = Fields(fields.mapping("cpu"), "CPU usage")
        memory = Fields(fields.mapping("memory"), "memory usage")
        disks: Mapping[str, Any] = fields.mapping("disk")
        usage: dict[str, int] = {}
        total: dict[str, int] = {}
        for name, disk in disks.items():
            values = Fields(disk, f"the usage of the disk {name}")
            usage[name] = values.integer("usage", 0)
            if values.integer("total", 0) > 0:
                total[name] = values.integer("total")
        return cls(
            status=fields.text("status", ""),
            status_code=fields.integer("status_code", 0),
            pid=fields.integer("pid", 0),
            processes=fields.integer("processes", 0),
            cpu_usage=cpu.integer("usage", 0),
            memory_usage=memory.integer("usage", 0),
            memory_usage_peak=memory.integer("usage_peak", 0),
            memory_total=memory.integer("total", 0),
            swap_usage=memory.integer("swap_usage", 0),
            disk_usage=usage,
            disk_total=total,
            interfaces=tuple(
                NetworkInterface.from_api(name, interface)
                for name, interface in fields.mapping("network").items()
            ),
            started_at=fields.time("started_at"),
        )


def cpu_percent(
    earlier: InstanceState, earlier_at: float, later: InstanceState, later_at: float
) -> float | None:
    """Return the CPU use between two readings, in per cent of one CPU.

    Args:
        earlier: The first reading.
        earlier_at: When it was received, monotonic seconds.
        later: The second reading.
        later_at: When it was received, monotonic seconds.

    Returns:
        Per cent of one CPU (250.0 for two and a half), or ``None`` where the
        readings cannot be compared: no time between them, or a restart.
    """
    seconds = later_at - earlier_at
    if seconds <= 0 or earlier.pid != later.pid or later.cpu_usage < earlier.cpu_usage:
        return None
    return (later.cpu_usage - earlier.cpu_usage) / (seconds * 1e9) * 100
