"""What devices are made of: the fields of each type, in words. The server decides."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.limits import parse_size

__all__ = ["DEVICE_TYPES", "Device", "DeviceField", "DeviceType", "Offer", "device_problems"]

Device = Mapping[str, str]
_MAC = re.compile(r"([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
_ADDRESS = re.compile(r"(tcp|udp):.+:[\d,-]+|unix:.+")
_BOOLEANS = ("true", "false", "1", "0", "yes", "no", "on", "off")
_NAME = re.compile(r"[^\s/]{1,64}")


class Offer(StrEnum):
    """What can be chosen for a field besides typing it."""

    NOTHING = ""
    POOLS = "pools"
    NETWORKS = "networks"
    BOOL = "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceField:
    """A field of a device."""

    name: str
    tells: str
    """What it is: a few words without a full stop."""
    offer: Offer = Offer.NOTHING
    choices: tuple[str, ...] = ()
    """The values that are allowed, where they can be counted."""
    is_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceType:
    """A type of device."""

    name: str
    tells: str
    fields: tuple[DeviceField, ...] = ()

    def field(self, name: str) -> DeviceField | None:
        """Return a field, or ``None`` where it is not known."""
        return next((field for field in self.fields if field.name == name), None)


def _flag(name: str, tells: str) -> DeviceField:
    return DeviceField(name=name, tells=tells, offer=Offer.BOOL)


_OWNER = (
    DeviceField(name="mode", tells="its permissions in the instance, as 0660"),
    DeviceField(name="uid", tells="number of its owner in the instance"),
    DeviceField(name="gid", tells="number of its group in the instance"),
)
_UNIX = (
    DeviceField(name="source", tells="its path on the server, as /dev/ttyUSB0"),
    DeviceField(name="path", tells="its path in the instance; empty for the same"),
    _flag("required", "whether the instance starts only with it"),
    *_OWNER,
    DeviceField(name="major", tells="its major number, where there is no path"),
    DeviceField(name="minor", tells="its minor number"),
)

DEVICE_TYPES: Mapping[str, DeviceType] = {
    one.name: one
    for one in (
        DeviceType(
            name="disk",
            tells="a folder of the server, a volume, or the root disk",
            fields=(
                DeviceField(name="path", tells="where it is in the instance", is_needed=True),
                DeviceField(name="source", tells="a folder of the server, or the name of a volume"),
                DeviceField(name="pool", tells="the pool of the volume", offer=Offer.POOLS),
                DeviceField(name="size", tells="how large it may grow, as 20GiB"),
                _flag("readonly", "whether it can only be read"),
                _flag("shift", "whether owners are shifted"),
                _flag("recursive", "whether what is mounted in the folder comes too"),
                _flag("required", "whether the instance starts only with it"),
                DeviceField(
                    name="limits.read", tells="bytes or requests a second, as 30MB or 50iops"
                ),
                DeviceField(name="limits.write", tells="bytes or requests a second"),
            ),
        ),
        DeviceType(
            name="nic",
            tells="a network card",
            fields=(
                DeviceField(name="network", tells="a network of the server", offer=Offer.NETWORKS),
                DeviceField(
                    name="nictype",
                    tells="how it is made, where there is no network",
                    choices=("bridged", "macvlan", "p2p", "physical", "routed", "ipvlan", "sriov"),
                ),
                DeviceField(name="parent", tells="the card or bridge of the server"),
                DeviceField(name="name", tells="its name in the instance, as eth0"),
                DeviceField(
                    name="hwaddr", tells="its hardware address; empty for one of the server"
                ),
                DeviceField(name="ipv4.address", tells="its IPv4 address from the network"),
                DeviceField(name="ipv6.address", tells="its IPv6 address from the network"),
                DeviceField(name="mtu", tells="largest packet in bytes"),
                DeviceField(name="limits.ingress", tells="bits a second in, as 100Mbit"),
                DeviceField(name="limits.egress", tells="bits a second out"),
            ),
        ),
        DeviceType(
            name="proxy",
            tells="a port or socket handed on between server and instance",
            fields=(
                DeviceField(
                    name="listen", tells="where it listens, as tcp:0.0.0.0:80", is_needed=True
                ),
                DeviceField(
                    name="connect",
                    tells="where it connects to, as tcp:127.0.0.1:80",
                    is_needed=True,
                ),
                DeviceField(
                    name="bind", tells="on which side it listens", choices=("host", "instance")
                ),
                _flag("nat", "whether it is done by NAT, which keeps the caller's address"),
                _flag(
                    "proxy_protocol", "whether it tells the caller's address by the PROXY protocol"
                ),
                *_OWNER,
            ),
        ),
        DeviceType(name="unix-char", tells="a character device of the server", fields=_UNIX),
        DeviceType(name="unix-block", tells="a block device of the server", fields=_UNIX),
        DeviceType(
            name="gpu",
            tells="a graphics card",
            fields=(
                DeviceField(
                    name="gputype",
                    tells="how it is given",
                    choices=("physical", "mdev", "mig", "sriov"),
                ),
                DeviceField(name="pci", tells="its PCI address"),
                DeviceField(name="id", tells="its DRM number"),
                *_OWNER,
            ),
        ),
        DeviceType(
            name="usb",
            tells="a USB device",
            fields=(
                DeviceField(name="vendorid", tells="number of its maker, as 046d"),
                DeviceField(name="productid", tells="number of the product"),
                _flag("required", "whether the instance starts only with it"),
                *_OWNER,
            ),
        ),
        DeviceType(
            name="tpm",
            tells="a security module",
            fields=(DeviceField(name="path", tells="its path in the instance, as /dev/tpm0"),),
        ),
        DeviceType(name="none", tells="nothing: hides the device of a profile"),
    )
}
"""The types by name, the most wanted first."""


def device_problems(name: str, device: Device) -> tuple[str, ...]:
    """Say in words why a device is likely to be refused; nothing where it is not.

    Args:
        name: Its name.
        device: Its options, ``type`` among them.
    """
    return tuple(_problems(name, device))


def _problems(name: str, device: Device) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield "its name must have 1 to 64 characters without blanks and slashes"
    kind = DEVICE_TYPES.get(device.get("type", ""))
    if kind is None:
        yield f"{device.get('type') or 'nothing'} is no type that this program knows"
        return
    for field in kind.fields:
        if field.is_needed and not device.get(field.name):
            yield f"{field.name} is needed: {field.tells}"
    yield from _combination_problems(kind.name, device)
    for option, value in device.items():
        problem = _value_problem(kind, option, value)
        if problem:
            yield f"{option} {problem}"


def _combination_problems(kind: str, device: Device) -> Iterator[str]:
    if kind == "disk" and not (device.get("source") or device.get("pool")):
        yield "source or pool is needed"
    if kind == "nic" and not (device.get("network") or device.get("nictype")):
        yield "network or nictype is needed"
    if kind == "nic" and device.get("network") and device.get("nictype"):
        yield "network and nictype exclude each other"
    if kind.startswith("unix-") and not (device.get("source") or device.get("path")):
        yield "source or path is needed"


def _value_problem(kind: DeviceType, option: str, value: str) -> str:
    field = kind.field(option)
    if field is not None and field.choices and value not in field.choices:
        return f"must be one of {', '.join(field.choices)}"
    if field is not None and field.offer is Offer.BOOL and value.lower() not in _BOOLEANS:
        return "must be true or false"
    if option == "size" and parse_size(value) is None:
        return "must be a size such as 512MiB or 20GiB"
    if option == "hwaddr" and not _MAC.fullmatch(value):
        return "must be six pairs of hex digits with colons between"
    if kind.name == "proxy" and option in ("listen", "connect") and not _ADDRESS.fullmatch(value):
        return "must be such as tcp:127.0.0.1:80, udp:… or unix:/path"
    if option == "path" and kind.name == "disk" and not value.startswith("/"):
        return "must begin with a slash"
    return ""
