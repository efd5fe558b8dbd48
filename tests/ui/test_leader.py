"""The key that a shell does not get."""

import pytest

from lxdtui.ui.actions import action_by_id
from lxdtui.ui.actions.leader import DEFAULT_LEADER, leader_key, leader_name, spelled


@pytest.mark.parametrize(
    ("words", "key", "name"),
    [
        ("ctrl+]", DEFAULT_LEADER, "Ctrl-]"),
        ("Ctrl-A", "ctrl+a", "Ctrl-A"),
        ("ctrl+\\", "ctrl+backslash", "Ctrl-\\"),
        ("alt+x", "alt+x", "Alt-X"),
        ("F12", "f12", "F12"),
    ],
)
def test_keys_as_people_write_them(words: str, key: str, name: str) -> None:
    assert leader_key(words) == key
    assert leader_name(key) == name


@pytest.mark.parametrize("words", ["", "a", "]", "ctrl+[", "ctrl+c", "ctrl+m", "hyper+x", "f"])
def test_keys_that_cannot_be_used(words: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        leader_key(words)


def test_actions_name_the_key_that_is_used() -> None:
    assert spelled(action_by_id("shell.zoom"), "F12").keys == ("F12 z",)
    assert "F12" in spelled(action_by_id("shell.literal"), "F12").tells
