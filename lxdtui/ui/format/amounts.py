"""Numbers with their units: bytes, per cent, counts."""

__all__ = ["bytes_per_second", "count", "percent", "plural", "size"]

_BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_DECIMAL_UNITS = ("B/s", "kB/s", "MB/s", "GB/s", "TB/s")


def size(number: float) -> str:
    """Write bytes in binary units, three digits at the most: ``6.2 GiB``, ``640 MiB``.

    Args:
        number: Bytes, not negative.
    """
    return _scaled(number, 1024, _BINARY_UNITS)


def bytes_per_second(number: float) -> str:
    """Write a transfer rate in decimal units: ``1.8 MB/s``.

    Args:
        number: Bytes a second, not negative.
    """
    return _scaled(number, 1000, _DECIMAL_UNITS)


def percent(number: float) -> str:
    """Write per cent without a fraction: ``22%``."""
    return f"{max(number, 0):.0f}%"


def count(number: int) -> str:
    """Write a count with thousands apart: ``12,480``."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Write a count with its noun: ``1 snapshot``, ``2 snapshots``.

    Args:
        number: How many.
        one: The noun for one.
        many: The noun for several; ``one`` with an ``s`` where empty.
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def _scaled(number: float, step: int, units: tuple[str, ...]) -> str:
    value = max(float(number), 0.0)
    rank = 0
    # 999.5 would be written with four digits.
    while value >= 999.5 and rank < len(units) - 1:
        value /= step
        rank += 1
    if rank == 0 or value >= 9.95:
        return f"{value:.0f} {units[rank]}"
    return f"{value:.1f} {units[rank]}"
