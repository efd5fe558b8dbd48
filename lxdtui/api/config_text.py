"""The configuration of an instance as YAML, the way ``lxc config edit`` shows it. Pure.

The server's own keys (``volatile.``) are left out of the text and put back when
it is read, so that nobody changes them by accident.
"""

import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from lxdtui.errors import TextNotUnderstood
from lxdtui.model.configuration import Configuration, is_volatile, without_volatile

__all__ = [
    "configuration_from_text",
    "configuration_to_text",
    "profile_from_text",
    "profile_to_text",
    "value_to_text",
]

_FIELDS = ("architecture", "config", "description", "devices", "ephemeral", "profiles")
_OF_PROFILES = ("config", "description", "devices")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Controls, direction marks and what has no width of its own."""
_WIDTH = 1 << 20
"""No line is folded: a folded value is hard to change by hand."""


def configuration_to_text(configuration: Configuration) -> str:
    """Write a configuration as YAML, without the keys of the server."""
    return _dump(_ordered(configuration))


def profile_to_text(configuration: Configuration) -> str:
    """Write what a profile gives to instances as YAML."""
    fields = _ordered(configuration)
    return _dump({name: value for name, value in fields.items() if name in _OF_PROFILES})


def value_to_text(value: str) -> str:
    """Write one value as it stands behind its key in YAML, further lines indented by two."""
    return _dump({"k": value}).removeprefix("k: ").removesuffix("\n")


def configuration_from_text(text: str, base: Configuration) -> Configuration:
    """Read a configuration from YAML.

    Every value is a text, whatever it looks like: ``true`` stays ``true``.

    Args:
        text: What was written; a missing field is empty.
        base: The version that the text was made of, for the server's own keys.

    Raises:
        TextNotUnderstood: It is no YAML, a field is unknown or of the wrong kind,
            or a key stands twice.
    """
    fields = _load(text, _FIELDS)
    config = _texts(fields.get("config"), "config")
    own = {key: value for key, value in base.config.items() if is_volatile(key)}
    return replace(
        base,
        architecture=_text(fields.get("architecture"), "architecture"),
        config={**config, **{key: value for key, value in own.items() if key not in config}},
        description=_text(fields.get("description"), "description"),
        devices=_devices(fields.get("devices")),
        ephemeral=_flag(fields.get("ephemeral")),
        profiles=_names(fields.get("profiles")),
    )


def profile_from_text(text: str, base: Configuration) -> Configuration:
    """Read what a profile gives to instances from YAML; arguments and errors as above."""
    fields = _load(text, _OF_PROFILES)
    return replace(
        base,
        config=_texts(fields.get("config"), "config"),
        description=_text(fields.get("description"), "description"),
        devices=_devices(fields.get("devices")),
    )


def _ordered(configuration: Configuration) -> dict[str, Any]:
    body = configuration.body()
    return {
        "description": body["description"],
        "profiles": body["profiles"],
        "config": dict(sorted(without_volatile(configuration.config).items())),
        "devices": {
            name: dict(sorted(device.items(), key=lambda item: (item[0] != "type", item[0])))
            for name, device in sorted(body["devices"].items())
        },
        "ephemeral": body["ephemeral"],
        "architecture": body["architecture"],
    }


def _load(text: str, known: Sequence[str]) -> Mapping[str, Any]:
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TextNotUnderstood(
            error.problem or "it is no YAML", line=mark.line + 1 if mark else 0
        ) from error
    except yaml.YAMLError as error:
        raise TextNotUnderstood("it holds characters that YAML does not allow") from error
    except RecursionError as error:
        raise TextNotUnderstood("it is nested too deeply") from error
    fields = {} if loaded in (None, "") else loaded
    if not isinstance(fields, Mapping):
        raise TextNotUnderstood("it is not made of fields such as config and devices")
    unknown = sorted(str(name) for name in fields if name not in known)
    if unknown:
        raise TextNotUnderstood(f"{', '.join(unknown)} is no field; known are {', '.join(known)}")
    return fields


def _dump(fields: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        fields,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=not _holds_unseen(fields),
        width=_WIDTH,
    )
    return text


def _holds_unseen(value: object) -> bool:
    """Say whether a text somewhere holds what would do harm on a screen: then all is escaped."""
    if isinstance(value, Mapping):
        return any(map(_holds_unseen, value)) or any(map(_holds_unseen, value.values()))
    if isinstance(value, list):
        return any(map(_holds_unseen, value))
    if not isinstance(value, str) or value.isascii():
        return False
    return any(unicodedata.category(character) in _UNSEEN for character in value)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text.strip("\n") or text.endswith("\n") else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def ignore_aliases(self, _data: object) -> bool:
        return True


_Dumper.add_representer(str, _Dumper.represent_text)


class _Loader(yaml.BaseLoader):
    """Reads every value as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(getattr(key, "value", ""))
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{name} stands there twice", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _text(value: object, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TextNotUnderstood(f"{where} must be text")
    return value


def _texts(value: object, where: str) -> dict[str, str]:
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise TextNotUnderstood(f"{where} must hold lines such as key: value")
    return {str(key): _text(item, f"{where}.{key}") for key, item in value.items()}


def _devices(value: object) -> dict[str, dict[str, str]]:
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise TextNotUnderstood("devices must hold devices by name")
    return {str(name): _texts(item, f"devices.{name}") for name, item in value.items()}


def _names(value: object) -> tuple[str, ...]:
    if value in (None, ""):
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TextNotUnderstood("profiles must be a list of names")
    return tuple(value)


def _flag(value: object) -> bool:
    word = _text(value, "ephemeral").lower()
    if word not in ("", "true", "false"):
        raise TextNotUnderstood("ephemeral must be true or false")
    return word == "true"
