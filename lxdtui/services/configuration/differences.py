"""What is different between two configurations, and how three versions are merged. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxdtui.model.configuration import Configuration, is_volatile

__all__ = ["Difference", "Merge", "Part", "differences", "map_differences", "merge"]

Part = tuple[str, ...]
"""What is merged as one: ``("config", key)``, ``("devices", name)``, ``("profiles",)``, …"""
_SCALARS = ("architecture", "description", "ephemeral", "profiles")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same."""

    path: Part
    """``("config", key)``, ``("devices", name, option)``, ``("profiles",)``, …"""
    before: str | None
    """The value before, or ``None`` where there was none."""
    after: str | None
    """The value after, or ``None`` where it goes."""

    @property
    def words(self) -> str:
        """Where it is: a key, ``eth0.network``, ``profiles``."""
        return ".".join(self.path[1:] or self.path)


def differences(before: Configuration, after: Configuration) -> tuple[Difference, ...]:
    """Compare two configurations; the server's own keys count only where both have them.

    Returns:
        The differences: general ones first, then keys, then devices by option.
    """
    found = [
        Difference((name,), _text(getattr(before, name)), _text(getattr(after, name)))
        for name in ("description", "profiles", "ephemeral", "architecture")
        if getattr(before, name) != getattr(after, name)
    ]
    found += map_differences(before.config, after.config, "config")
    for name in sorted({*before.devices, *after.devices}):
        found += map_differences(
            before.devices.get(name, {}), after.devices.get(name, {}), "devices", name
        )
    return tuple(found)


def map_differences(
    before: Mapping[str, str], after: Mapping[str, str], *path: str
) -> list[Difference]:
    """Compare two maps of texts.

    Args:
        before: The one.
        after: The other.
        path: Where they are.
    """
    return [
        Difference((*path, key), before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two changes of the same version."""

    base: Configuration
    """What both were made of."""
    mine: Configuration
    theirs: Configuration
    with_mine: Configuration
    """Both together; mine where both changed the same part."""
    with_theirs: Configuration
    """Both together; theirs where both changed the same part."""
    conflicts: tuple[Part, ...]
    """Parts that both changed, and not to the same."""

    @property
    def is_clean(self) -> bool:
        """Whether the changes do not touch each other."""
        return not self.conflicts


def merge(base: Configuration, mine: Configuration, theirs: Configuration) -> Merge:
    """Merge two changes of a configuration, key by key and device by device.

    Args:
        base: The version that ``mine`` was made of.
        mine: What is to be written.
        theirs: What the server holds now.
    """
    before, ours, others = _parts(base), _parts(mine), _parts(theirs)
    conflicts = []
    for part in {*before, *ours, *others}:
        if is_volatile(part[-1]):
            continue
        old, my, their = before.get(part), ours.get(part), others.get(part)
        if my not in (old, their) and their != old:
            conflicts.append(part)
    mine_changed = {part for part in {*before, *ours} if before.get(part) != ours.get(part)}
    with_mine = _apply(others, ours, mine_changed)
    with_theirs = _apply(others, ours, mine_changed - set(conflicts))
    return Merge(
        base=base,
        mine=mine,
        theirs=theirs,
        with_mine=_assemble(theirs, with_mine),
        with_theirs=_assemble(theirs, with_theirs),
        conflicts=tuple(sorted(conflicts)),
    )


def _parts(configuration: Configuration) -> dict[Part, Any]:
    parts: dict[Part, Any] = {(name,): getattr(configuration, name) for name in _SCALARS}
    parts |= {("config", key): value for key, value in configuration.config.items()}
    parts |= {("devices", name): dict(device) for name, device in configuration.devices.items()}
    return parts


def _apply(
    onto: Mapping[Part, Any], source: Mapping[Part, Any], parts: Iterable[Part]
) -> dict[Part, Any]:
    result = dict(onto)
    for part in parts:
        if part in source:
            result[part] = source[part]
        else:
            result.pop(part, None)
    return result


def _assemble(like: Configuration, parts: Mapping[Part, Any]) -> Configuration:
    return replace(
        like,
        **{name: parts[(name,)] for name in _SCALARS},
        config={part[1]: value for part, value in parts.items() if part[0] == "config"},
        devices={part[1]: value for part, value in parts.items() if part[0] == "devices"},
    )


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
