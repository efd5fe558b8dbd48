"""Limits of an instance, read from its configuration."""

import re
from collections.abc import Mapping

__all__ = ["memory_limit", "parse_size"]

_SIZE = re.compile(r"(\d{1,18})\s*([A-Za-z]*)")
_UNITS: dict[str, int] = {
    "": 1,
    "B": 1,
    **{unit + "B": 1000**power for power, unit in enumerate("kMGTPE", 1)},
    "KB": 1000,
    **{unit + "iB": 1024**power for power, unit in enumerate("KMGTPE", 1)},
}


def parse_size(text: str) -> int | None:
    """Read a size as the servers write it in configurations.

    Args:
        text: ``512MiB``, ``2GB`` or a number of bytes.

    Returns:
        Bytes, or ``None`` for anything else, such as a share in per cent.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or match[2] not in _UNITS:
        return None
    number: int = int(match[1])
    return number * _UNITS[match[2]]


def memory_limit(config: Mapping[str, str]) -> int | None:
    """Return the memory limit in bytes, or ``None`` without one.

    Args:
        config: The expanded configuration; ``limits.memory`` is looked at.
    """
    return parse_size(config.get("limits.memory", "")) or None
