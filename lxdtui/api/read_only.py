"""Attributes that cannot be assigned, and words on what to do instead."""

from collections.abc import Mapping
from typing import Any, ClassVar

__all__ = ["ReadOnlyAttributes"]


class ReadOnlyAttributes:
    """Base of objects some of whose attributes only the server changes."""

    INSTEAD: ClassVar[Mapping[str, str]] = {}
    """Read-only attributes, and what to use instead of assigning them."""

    def __setattr__(self, name: str, value: Any) -> None:
        instead = self.INSTEAD.get(name)
        if instead is not None:
            raise AttributeError(
                f"{type(self).__name__}.{name} is read-only: {instead}", name=name, obj=self
            )
        super().__setattr__(name, value)
