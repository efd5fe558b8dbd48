"""Values that should not stand on a screen that others may see."""

import re

__all__ = ["is_secret"]

_SECRET = re.compile(
    r"passw|secret|token|api_?key|private|credential|user-data|vendor-data|\bkey\b",
    re.IGNORECASE,
)


def is_secret(key: str) -> bool:
    """Say whether the value of a configuration key looks like a secret, by the key's name.

    Args:
        key: ``environment.DB_PASSWORD``, ``cloud-init.user-data``, …
    """
    return _SECRET.search(key) is not None
