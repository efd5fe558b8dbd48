"""Limits of an instance, read from its configuration."""

import re
from collections.abc import Mapping

__all__ = ["cpu_limit", "memory_limit", "parse_size"]

_CORES = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
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


def cpu_limit(config: Mapping[str, str]) -> int | None:
    """Return how many CPUs an instance may use, or ``None`` without a limit.

    Args:
        config: The expanded configuration; ``limits.cpu`` is a count (``4``) or
            names CPUs (``0-3``, ``0,2``).
    """
    text = config.get("limits.cpu", "").strip()
    if not text:
        return None
    parts = [_CORES.fullmatch(part.strip()) for part in text.split(",")]
    if len(parts) == 1 and parts[0] is not None and parts[0][2] is None:
        return int(parts[0][1]) or None
    cores = 0
    for part in parts:
        if part is None:
            return None
        cores += int(part[2] or part[1]) - int(part[1]) + 1
    return cores if cores > 0 else None
