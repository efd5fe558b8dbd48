"""The configuration of instances: where values come from, what changes, what contradicts."""

from lxdtui.services.configuration.differences import Difference, Merge, differences, merge
from lxdtui.services.configuration.hiding import HiddenValues
from lxdtui.services.configuration.origins import (
    ConfigEntry,
    DeviceEntry,
    Origin,
    OriginKind,
    config_entries,
    device_entries,
)
from lxdtui.services.configuration.profiles import (
    ProfileConflict,
    ProfileService,
    ProfileVersion,
)
from lxdtui.services.configuration.service import (
    ConfigurationService,
    Conflict,
    Saved,
    Surroundings,
    Version,
)

__all__ = [
    "ConfigEntry",
    "ConfigurationService",
    "Conflict",
    "DeviceEntry",
    "Difference",
    "HiddenValues",
    "Merge",
    "Origin",
    "OriginKind",
    "ProfileConflict",
    "ProfileService",
    "ProfileVersion",
    "Saved",
    "Surroundings",
    "Version",
    "config_entries",
    "device_entries",
    "differences",
    "merge",
]
