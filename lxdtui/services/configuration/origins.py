"""Where each value of an instance comes from: itself, one of its profiles, or a default. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import Configuration, Devices
from lxdtui.model.profile import Profile

__all__ = [
    "ConfigEntry",
    "DeviceEntry",
    "Origin",
    "OriginKind",
    "config_entries",
    "device_entries",
]


class OriginKind(StrEnum):
    """Who set a value."""

    LOCAL = "local"
    """The instance itself."""
    PROFILE = "profile"
    DEFAULT = "default"
    """Nobody: it is what the server takes."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who set a value."""

    kind: OriginKind
    profile: str = ""
    """The name of the profile; empty where it could not be found out."""

    @property
    def words(self) -> str:
        """What the list says: ``local``, the name of the profile, ``not set``.

        The default is not called so: nearly every profile is named ``default``.
        """
        match self.kind:
            case OriginKind.PROFILE:
                return self.profile or "a profile"
            case OriginKind.DEFAULT:
                return "not set"
            case OriginKind.LOCAL:
                return "local"


LOCAL = Origin(OriginKind.LOCAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigEntry:
    """One configuration key with its value."""

    key: str
    value: str
    """The value in force; the default where nobody set it."""
    origin: Origin
    below: tuple[tuple[Origin, str], ...] = ()
    """Values that it hides, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """One device of an instance."""

    name: str
    device: Mapping[str, str]
    """Its options in force, ``type`` among them."""
    origin: Origin
    below: tuple[tuple[Origin, Mapping[str, str]], ...] = ()
    """Devices of the same name that it hides, the nearest first."""

    @property
    def type(self) -> str:
        """Its type, such as ``disk`` or ``nic``."""
        return self.device.get("type", "")

    @property
    def is_masked(self) -> bool:
        """Whether it is there only to hide the device of a profile."""
        return self.type == "none"


def config_entries(
    configuration: Configuration,
    expanded: Mapping[str, str],
    profiles: Mapping[str, Profile],
    *,
    defaults: KeyBook | None = None,
) -> tuple[ConfigEntry, ...]:
    """Return the configuration in force with who set it, sorted by key.

    Args:
        configuration: What is set on the instance.
        expanded: What the server says is in force.
        profiles: The profiles by name, as far as they could be read.
        defaults: Adds the known keys that nobody set.
    """
    entries = []
    for key in sorted({*configuration.config, *expanded}):
        layers = [
            (Origin(OriginKind.PROFILE, name), profiles[name].config[key])
            for name in reversed(configuration.profiles)
            if name in profiles and key in profiles[name].config
        ]
        if key in configuration.config:
            layers.insert(0, (LOCAL, configuration.config[key]))
        if not layers:
            layers = [(Origin(OriginKind.PROFILE), expanded[key])]
        (origin, value), *below = layers
        entries.append(ConfigEntry(key=key, value=value, origin=origin, below=tuple(below)))
    if defaults is not None:
        known = {entry.key for entry in entries}
        entries += [
            ConfigEntry(key=key.name, value=key.default, origin=Origin(OriginKind.DEFAULT))
            for key in defaults.keys
            if not key.is_pattern and key.name not in known
        ]
        entries.sort(key=lambda entry: entry.key)
    return tuple(entries)


def device_entries(
    configuration: Configuration, expanded: Devices, profiles: Mapping[str, Profile]
) -> tuple[DeviceEntry, ...]:
    """Return the devices in force with who set them, sorted by name; arguments as above."""
    entries = []
    for name in sorted({*configuration.devices, *expanded}):
        layers = [
            (Origin(OriginKind.PROFILE, profile), profiles[profile].devices[name])
            for profile in reversed(configuration.profiles)
            if profile in profiles and name in profiles[profile].devices
        ]
        if name in configuration.devices:
            layers.insert(0, (LOCAL, configuration.devices[name]))
        if not layers:
            layers = [(Origin(OriginKind.PROFILE), expanded[name])]
        (origin, device), *below = layers
        entries.append(DeviceEntry(name=name, device=device, origin=origin, below=tuple(below)))
    return tuple(entries)
