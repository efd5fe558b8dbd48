"""Reading JSON of a server into Python types without trusting it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from lxdtui.errors import UnexpectedResponse

__all__ = ["Fields", "parse_time"]

T = TypeVar("T")

_FRACTION = re.compile(r"(\.\d{6})\d+")


def parse_time(text: str) -> datetime | None:
    """Parse an RFC 3339 time as the servers write it.

    Args:
        text: A time with up to nine fractional digits.

    Returns:
        The time with its zone, or ``None`` for the zero times that stand for
        "never" (years 1 and 1970) and for text that is no time.
    """
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment.year <= 1 or (moment.year == 1970 and moment.timestamp() == 0):
        return None
    return moment


class Fields:
    """A JSON object of a server, read with checks.

    Args:
        body: What was received; must be an object.
        what: What it should be, for the error message: ``an instance``.

    Raises:
        UnexpectedResponse: The body is no object.
    """

    __slots__ = ("_body", "_what")

    def __init__(self, body: object, what: str) -> None:
        if not isinstance(body, Mapping):
            raise UnexpectedResponse(f"read {what}", f"expected an object, got {_kind(body)}")
        self._body: Mapping[str, Any] = body
        self._what = what

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string; a missing or null one is ``default``, or an error without it."""
        value = self._body.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, "text", value)
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a whole number; a missing or null one is ``default``, or an error without it."""
        value = self._body.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, "a whole number", value)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a truth value; a missing or null one is ``default``."""
        value = self._body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false", value)
        return value

    def time(self, name: str) -> datetime | None:
        """Return a time, or ``None`` for "never" and for a missing one."""
        return parse_time(self.text(name, ""))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings; a missing or null one is empty."""
        return tuple(item if isinstance(item, str) else str(item) for item in self.items(name))

    def items(self, name: str) -> Sequence[Any]:
        """Return a list; a missing or null one is empty."""
        value = self._body.get(name)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise self._wrong(name, "a list", value)
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return an object; a missing or null one is empty."""
        value = self._body.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self._wrong(name, "an object", value)
        return value

    def text_map(self, name: str) -> dict[str, str]:
        """Return an object of strings; other values are written as text."""
        return {
            key: value if isinstance(value, str) else str(value)
            for key, value in self.mapping(name).items()
        }

    def devices(self, name: str) -> dict[str, dict[str, str]]:
        """Return an object of objects of strings, as devices are."""
        found: dict[str, dict[str, str]] = {}
        for key, value in self.mapping(name).items():
            if not isinstance(value, Mapping):
                raise self._wrong(f"{name}.{key}", "an object", value)
            found[key] = {
                option: setting if isinstance(setting, str) else str(setting)
                for option, setting in value.items()
            }
        return found

    def each(self, name: str, parse: Callable[[object], T]) -> tuple[T, ...]:
        """Parse every item of a list."""
        return tuple(parse(item) for item in self.items(name))

    def _wrong(self, name: str, wanted: str, value: object) -> UnexpectedResponse:
        return UnexpectedResponse(
            f"read {self._what}", f"the field {name!r} should be {wanted}, not {_kind(value)}"
        )


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return type(value).__name__
