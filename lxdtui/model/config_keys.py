"""What is known of a configuration key: type, values, default, live or after a restart.

The knowledge is advice. The server decides: a key that is not known here may
be known there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lxdtui.model.fields import Fields
from lxdtui.model.limits import parse_size
from lxdtui.model.server import ServerKind

__all__ = ["ConfigKey", "KeyBook", "KeyKind", "ServerKey", "server_keys", "value_problem"]

_BOOLEANS = ("true", "false", "1", "0", "yes", "no", "on", "off")
_PERCENT = re.compile(r"\d+%")
_CPUS = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")
_ALLOWANCE = re.compile(r"\d+%|\d+ms/\d+ms")
_EXPIRY = re.compile(r"\d+[SMHdwmy](\s+\d+[SMHdwmy])*")
_NAMED_SCHEDULES = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@annually", "@yearly")


class KeyKind(StrEnum):
    """What a value looks like, in words."""

    BOOL = "true or false"
    INTEGER = "a whole number"
    SIZE = "a size such as 512MiB or 4GiB, or a share such as 50%"
    BYTES = "a size such as 512MiB or 4GiB"
    CPUS = "a number of CPUs such as 2, or their names such as 0-3 or 1,4"
    ALLOWANCE = "a share such as 50%, or time such as 25ms/100ms"
    EXPIRY = "a time such as 6H, 7d or 4w, or several of them"
    SCHEDULE = "five fields of cron such as 0 2 * * *, or @daily"
    TEXT = "text"
    LINES = "text of any number of lines"
    LXC_LINES = "lines such as lxc.net.0.type = veth"

    @property
    def is_multiline(self) -> bool:
        """Whether a value may have several lines."""
        return self in (KeyKind.LINES, KeyKind.LXC_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigKey:
    """A configuration key of instances."""

    name: str
    """Its name; one that ends in ``.*`` stands for all that begin so."""
    kind: KeyKind = KeyKind.TEXT
    choices: tuple[str, ...] = ()
    """The values that are allowed, where they can be counted."""
    default: str = ""
    """What holds where nobody sets it; empty for nothing."""
    is_live: bool | None = None
    """Whether a change takes effect at once; ``None`` where that is not known."""
    tells: str = ""
    """What it does: one sentence without a full stop."""
    only: str = ""
    """The type of instance that has it; empty for all."""
    server: ServerKind | None = None
    """The family of servers that has it; ``None`` for both."""
    lowest: int | None = None
    highest: int | None = None

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for many keys."""
        return self.name.endswith(".*")

    @property
    def effect(self) -> str:
        """When a change takes effect, in words."""
        if self.is_live is None:
            return "not known"
        return "at once" if self.is_live else "at the next start"


class KeyBook:
    """The keys that instances of a type on a server may have.

    Args:
        keys: What is known.
    """

    def __init__(self, keys: Iterable[ConfigKey]) -> None:
        self.keys = tuple(sorted(keys, key=lambda key: key.name))
        """The known keys by name."""
        self._exact = {key.name: key for key in self.keys if not key.is_pattern}
        self._patterns = [key for key in reversed(self.keys) if key.is_pattern]

    def find(self, name: str) -> ConfigKey | None:
        """Return what is known of a key, or ``None`` for nothing."""
        known = self._exact.get(name)
        if known is not None:
            return known
        for pattern in self._patterns:
            beginning = pattern.name[:-1]
            if name.startswith(beginning) and len(name) > len(beginning):
                return pattern
        return None

    def completions(self, text: str) -> tuple[ConfigKey, ...]:
        """Return the keys that a text may mean: those that begin with it first."""
        text = text.strip().lower()
        begin = [key for key in self.keys if key.name.startswith(text)]
        hold = [key for key in self.keys if text in key.name and key not in begin]
        told = [
            key
            for key in self.keys
            if len(text) > 2 and text in key.tells.lower() and key not in begin + hold
        ]
        return (*begin, *hold, *told)

    def problem(self, name: str, value: str) -> str | None:
        """Say in words why a value is likely to be refused; ``None`` where it is not."""
        known = self.find(name)
        return None if known is None or not value else value_problem(known, value)

    def with_server(self, told: Mapping[str, "ServerKey"], instance_type: str) -> "KeyBook":
        """Return a book that follows what the server told of its keys.

        Args:
            told: The server's own keys by name.
            instance_type: ``container`` or ``virtual-machine``.
        """
        keys = []
        for name, server_key in told.items():
            if server_key.only in ("", instance_type) and not name.startswith("volatile."):
                known = self._exact.get(name) or next(
                    (one for one in self._patterns if one.name == name), ConfigKey(name=name)
                )
                keys.append(server_key.onto(known))
        return KeyBook(keys) if keys else self


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKey:
    """A key as the server documents it (``GET /1.0/metadata/configuration``)."""

    type: str
    """``bool``, ``integer``, ``string`` or ``blob``."""
    default: str
    live: str
    """``yes``, ``no`` or other words."""
    tells: str
    only: str
    """The type of instance that has it; empty for all."""

    def onto(self, known: ConfigKey) -> ConfigKey:
        """Return what is known with what the server told on top; our words stay."""
        kinds = {"bool": KeyKind.BOOL, "integer": KeyKind.INTEGER, "blob": KeyKind.LINES}
        kind = (
            known.kind
            if known.kind is not KeyKind.TEXT or known.choices
            else kinds.get(self.type, known.kind)
        )
        return replace(
            known,
            kind=kind,
            default=self.default or known.default,
            is_live={"yes": True, "no": False}.get(self.live, known.is_live),
            tells=known.tells or self.tells,
            only=self.only,
        )


def server_keys(body: object) -> dict[str, ServerKey]:
    """Read the keys of instances from a server's documentation of its configuration.

    Args:
        body: The metadata of ``GET /1.0/metadata/configuration``.

    Returns:
        The keys by name.

    Raises:
        UnexpectedResponse: A part is of the wrong type.
    """
    configs = Fields(Fields(body, "the server's keys").mapping("configs"), "the server's keys")
    found: dict[str, ServerKey] = {}
    for group in configs.mapping("instance").values():
        for item in Fields(group, "a group of keys").items("keys"):
            entry = Fields(item, "a key")
            for name in item:
                facts = Fields(entry.mapping(name), "a key")
                condition = facts.text("condition", "")
                default = facts.text("defaultdesc", "").replace("`", "")
                found[str(name)] = ServerKey(
                    type=facts.text("type", ""),
                    default="" if default == "empty" else default,
                    live=facts.text("liveupdate", ""),
                    tells=facts.text("shortdesc", "").replace("`", ""),
                    only=_instance_type(condition),
                )
    return found


def _instance_type(condition: str) -> str:
    if "virtual machine" in condition:
        return "virtual-machine"
    return "container" if "container" in condition else ""


def value_problem(key: ConfigKey, value: str) -> str | None:
    """Say in words why a value does not suit a key; ``None`` where it does.

    Args:
        key: What is known of the key.
        value: The value; an empty one unsets the key and suits every key.
    """
    if not value:
        return None
    if key.choices:
        allowed = value in key.choices
        return None if allowed else f"must be one of {', '.join(key.choices)}"
    fits = _FITS.get(key.kind)
    if fits is not None and not fits(value):
        return f"must be {key.kind}"
    if key.kind is KeyKind.INTEGER:
        return _range_problem(int(value), key.lowest, key.highest)
    return None


def _range_problem(number: int, lowest: int | None, highest: int | None) -> str | None:
    too_low = lowest is not None and number < lowest
    too_high = highest is not None and number > highest
    if not (too_low or too_high):
        return None
    if highest is None:
        return f"must be {lowest} or more"
    return f"must be from {lowest} to {highest}" if lowest is not None else f"at most {highest}"


def _is_integer(value: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,19}", value) is not None


def _is_lxc(value: str) -> bool:
    lines = (line.strip() for line in value.splitlines())
    return all("=" in line for line in lines if line and not line.startswith("#"))


def _is_schedule(value: str) -> bool:
    parts: Sequence[str] = [part.strip() for part in value.split(",")]
    if all(part in _NAMED_SCHEDULES for part in parts):
        return True
    return len(value.split()) == 5


_FITS = {
    KeyKind.BOOL: lambda value: value.lower() in _BOOLEANS,
    KeyKind.INTEGER: _is_integer,
    KeyKind.SIZE: lambda value: bool(_PERCENT.fullmatch(value)) or parse_size(value) is not None,
    KeyKind.BYTES: lambda value: parse_size(value) is not None,
    KeyKind.CPUS: lambda value: _CPUS.fullmatch(value) is not None,
    KeyKind.ALLOWANCE: lambda value: _ALLOWANCE.fullmatch(value) is not None,
    KeyKind.EXPIRY: lambda value: _EXPIRY.fullmatch(value) is not None,
    KeyKind.SCHEDULE: _is_schedule,
    KeyKind.LXC_LINES: _is_lxc,
}
