"""The one key that a shell does not get, as the user writes it and as Textual names it."""

import re
from dataclasses import replace

from lxdtui.ui.actions.action import Action

__all__ = ["DEFAULT_LEADER", "leader_key", "leader_name", "spelled"]

DEFAULT_LEADER = "ctrl+right_square_bracket"

_WRITTEN = "Ctrl-]"
"""How the table of actions writes it."""
_SIGNS = {
    "]": "right_square_bracket",
    "\\": "backslash",
    "^": "circumflex_accent",
    "_": "underscore",
}
_NAMES = {name: sign for sign, name in _SIGNS.items()}
_TAKEN = frozenset(("ctrl+i", "ctrl+m", "ctrl+c"))
_FORM = re.compile(r"(?:(ctrl|alt)[+-])?(f[1-9][0-9]?|[a-z\]\\^_])", re.IGNORECASE)


def leader_key(words: str) -> str:
    """Return Textual's name of a key: ``ctrl+]``, ``Ctrl-A``, ``alt+x``, ``f12``.

    Raises:
        ValueError: It is no such key, or one that every program needs.
    """
    match = _FORM.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words!r} is not like ctrl+], ctrl+a, alt+x or f12")
    modifier, key = (match[1] or "").lower(), match[2].lower()
    if not modifier and len(key) == 1:
        raise ValueError(f"{words!r} could not be typed any more; put ctrl+ or alt+ before it")
    name = f"{modifier}+{_SIGNS.get(key, key)}" if modifier else key
    if name in _TAKEN:
        raise ValueError(f"{words!r} is Tab, Enter or the interrupt, which every shell needs")
    return name


def leader_name(key: str) -> str:
    """Return a key as people write it: ``Ctrl-]``."""
    modifier, _, rest = key.rpartition("+")
    sign = _NAMES.get(rest, rest.upper())
    return f"{modifier.capitalize()}-{sign}" if modifier else sign


def spelled(action: Action, name: str) -> Action:
    """Return an action whose keys and words name the leader that is used."""
    if name == _WRITTEN:
        return action
    return replace(
        action,
        keys=tuple(key.replace(_WRITTEN, name) for key in action.keys),
        tells=action.tells.replace(_WRITTEN, name),
    )
