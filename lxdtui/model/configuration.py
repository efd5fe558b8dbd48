"""What a user may change of an instance, and what profiles add to it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lxdtui.model.instance import Instance
from lxdtui.model.profile import Profile

__all__ = [
    "OWN_PREFIXES",
    "Configuration",
    "Devices",
    "Expanded",
    "expand",
    "is_volatile",
    "without_volatile",
]

Devices = Mapping[str, Mapping[str, str]]
OWN_PREFIXES = ("volatile.", "image.")
"""Keys that the server and the image wrote, not a user."""


def is_volatile(key: str) -> bool:
    """Say whether the server changes a key by itself."""
    return key.startswith("volatile.")


def without_volatile(config: Mapping[str, str]) -> dict[str, str]:
    """Return a configuration without the server's own keys."""
    return {key: value for key, value in config.items() if not is_volatile(key)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that a ``PUT`` of an instance replaces."""

    architecture: str = ""
    """``x86_64``, ``aarch64``, …"""
    config: Mapping[str, str] = field(default_factory=dict)
    """Configuration set on the instance itself."""
    devices: Devices = field(default_factory=dict)
    """Devices set on the instance itself."""
    description: str = ""
    """Free text."""
    ephemeral: bool = False
    """Whether the instance deletes itself when it stops."""
    profiles: tuple[str, ...] = ()
    """Names of the profiles, in the order in which they apply."""

    @classmethod
    def of(cls, instance: Instance) -> "Configuration":
        """Return the configuration of an instance."""
        return cls(
            architecture=instance.architecture,
            config=dict(instance.config),
            devices={name: dict(device) for name, device in instance.devices.items()},
            description=instance.description,
            ephemeral=instance.ephemeral,
            profiles=instance.profiles,
        )

    def body(self) -> dict[str, Any]:
        """Return the JSON body of a ``PUT``."""
        return {
            "architecture": self.architecture,
            "config": dict(self.config),
            "devices": {name: dict(device) for name, device in self.devices.items()},
            "description": self.description,
            "ephemeral": self.ephemeral,
            "profiles": list(self.profiles),
        }

    def with_key(self, key: str, value: str | None) -> "Configuration":
        """Return it with a key set, or unset where the value is ``None``."""
        config = {name: old for name, old in self.config.items() if name != key}
        return replace(self, config=config if value is None else {**config, key: value})

    def with_device(self, name: str, device: Mapping[str, str] | None) -> "Configuration":
        """Return it with a device set, or without it where it is ``None``."""
        devices = {other: old for other, old in self.devices.items() if other != name}
        return replace(self, devices=devices if device is None else {**devices, name: device})

    def with_profiles(self, names: Sequence[str]) -> "Configuration":
        """Return it with other profiles."""
        return replace(self, profiles=tuple(names))


@dataclass(frozen=True, slots=True)
class Expanded:
    """What an instance gets from its profiles and itself together."""

    config: Mapping[str, str]
    devices: Devices


def expand(configuration: Configuration, profiles: Mapping[str, Profile]) -> Expanded:
    """Merge profiles and instance as the servers do.

    A later profile wins over an earlier one, the instance over all. A device is
    taken whole: nothing of a device of the same name below it remains.

    Args:
        configuration: What is set on the instance, and the names of its profiles.
        profiles: The profiles by name; one that is not in it adds nothing.
    """
    config: dict[str, str] = {}
    devices: dict[str, Mapping[str, str]] = {}
    for name in configuration.profiles:
        if name in profiles:
            config |= profiles[name].config
            devices |= profiles[name].devices
    return Expanded(
        {**config, **configuration.config},
        {name: dict(device) for name, device in (devices | dict(configuration.devices)).items()},
    )
