"""Addresses that are written into network devices, which no two instances should share."""

from collections.abc import Mapping

__all__ = ["fixed_addresses", "without_addresses"]

_FIXED = ("hwaddr", "ipv4.address", "ipv6.address")


def fixed_addresses(devices: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Return the network devices that have an address of their own, by name."""
    return tuple(
        name
        for name, device in sorted(devices.items())
        if device.get("type") == "nic" and any(device.get(key) for key in _FIXED)
    )


def without_addresses(device: Mapping[str, str]) -> dict[str, str]:
    """Return a network device that leaves its addresses to the server."""
    return {key: value for key, value in device.items() if key not in _FIXED}
