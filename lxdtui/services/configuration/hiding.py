"""Secrets of a configuration that is edited as text: words stand in for them until asked for.

What was hidden is put back byte for byte when the text is read, wherever its
stand-in was moved to. Pure.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxdtui.api.config_text import value_to_text
from lxdtui.errors import TextNotUnderstood
from lxdtui.model.configuration import Configuration

__all__ = ["HiddenValues"]

_STAND_IN = re.compile(r"<hidden (\d{1,9})>")
_LINE = re.compile(r"^( *)(\S.*?): +<hidden (\d{1,9})> *$")


class HiddenValues:
    """Hides values and brings them back.

    A value that only looks like a stand-in is hidden too, and never shown in the
    text, so that none is taken for another.

    Args:
        is_secret: Says by the name of a key whether its value is one.
    """

    def __init__(self, is_secret: Callable[[str], bool]) -> None:
        self._is_secret = is_secret
        self._values: list[str] = []

    def cover(self, configuration: Configuration) -> Configuration:
        """Return a configuration with stand-ins; the same value always has the same."""
        return replace(
            configuration,
            config=self._cover(configuration.config),
            devices={name: self._cover(one) for name, one in configuration.devices.items()},
        )

    def uncover(self, configuration: Configuration) -> Configuration:
        """Put the values back.

        Raises:
            TextNotUnderstood: A stand-in was changed, so that nobody knows what is meant.
        """
        return replace(
            configuration,
            config=self._uncover(configuration.config),
            devices={name: self._uncover(one) for name, one in configuration.devices.items()},
        )

    def count_in(self, text: str) -> int:
        """Return how many stand-ins a text has."""
        return sum(0 < int(number) <= len(self._values) for number in _STAND_IN.findall(text))

    def reveal(self, text: str) -> str:
        """Write the values into a text in place of their stand-ins; the rest stays as it is."""
        lines = []
        for line in text.split("\n"):
            match = _LINE.match(line)
            number = int(match[3]) if match else 0
            value = self._values[number - 1] if 0 < number <= len(self._values) else ""
            if match is None or not value or _STAND_IN.search(value):
                lines.append(line)
                continue
            first, *rest = value_to_text(value).split("\n")
            lines.append(f"{match[1]}{match[2]}: {first}")
            lines += [f"{match[1]}{one}" if one else "" for one in rest]
        return "\n".join(lines)

    def _cover(self, values: Mapping[str, str]) -> dict[str, str]:
        return {
            key: self._stand_in(value)
            if value and (self._is_secret(key) or _STAND_IN.search(value))
            else value
            for key, value in values.items()
        }

    def _stand_in(self, value: str) -> str:
        if value not in self._values:
            self._values.append(value)
        return f"<hidden {self._values.index(value) + 1}>"

    def _uncover(self, values: Mapping[str, str]) -> dict[str, str]:
        return {key: self._value(key, value) for key, value in values.items()}

    def _value(self, key: str, value: str) -> str:
        match = _STAND_IN.search(value)
        if match is None:
            return value
        number = int(match[1])
        if match[0] != value or not 0 < number <= len(self._values):
            raise TextNotUnderstood(
                f"{key} has {match[0]} in it, which stands for a hidden value only alone and"
                " unchanged; show the hidden values to change them"
            )
        return self._values[number - 1]
