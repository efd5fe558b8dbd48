"""A configuration as text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api.config_text import configuration_from_text, configuration_to_text
from lxdtui.errors import TextNotUnderstood
from lxdtui.model.configuration import Configuration

BASE = Configuration(
    architecture="x86_64",
    config={
        "limits.cpu": "2",
        "boot.autostart": "true",
        "cloud-init.user-data": "#cloud-config\npackages:\n  - vim\n",
        "volatile.idmap.base": "0",
    },
    devices={"root": {"path": "/", "pool": "default", "type": "disk"}},
    description="Writes here",
    profiles=("default", "web"),
)

words = st.text(max_size=30)
names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


def test_the_text_is_made_to_be_read() -> None:
    text = configuration_to_text(BASE)
    assert text.splitlines()[0] == "description: Writes here"
    assert "volatile" not in text
    assert "  cloud-init.user-data: |\n    #cloud-config\n    packages:\n" in text
    assert "  root:\n    type: disk\n    path: /\n" in text
    assert "boot.autostart: 'true'" in text
    assert configuration_from_text(text, BASE) == BASE


@given(
    config=st.dictionaries(names.map(lambda name: "user." + name), words, max_size=5),
    devices=st.dictionaries(names, st.dictionaries(names, words, max_size=3), max_size=3),
    description=words,
    ephemeral=st.booleans(),
    profiles=st.lists(names, max_size=3),
)
def test_what_was_written_is_read_again(
    config: dict[str, str],
    devices: dict[str, dict[str, str]],
    description: str,
    ephemeral: bool,
    profiles: list[str],
) -> None:
    one = Configuration(
        architecture="x86_64",
        config=config,
        devices=devices,
        description=description,
        ephemeral=ephemeral,
        profiles=tuple(profiles),
    )
    assert configuration_from_text(configuration_to_text(one), one) == one


def test_what_would_do_harm_on_a_screen_is_escaped() -> None:
    bad = "\x1b]52;c;aGk=\x07 \N{RIGHT-TO-LEFT OVERRIDE}evil\x9b31m\nline \ud7ff\ue000"
    one = Configuration(
        config={"user.\x1b[2J": bad},
        devices={"\N{ZERO WIDTH SPACE}": {"path": bad}},
        description=bad,
        profiles=(bad,),
    )
    text = configuration_to_text(one)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert configuration_from_text(text, one) == one
    plain = configuration_to_text(Configuration(description="Zürich ☂"))
    assert "Zürich ☂" in plain


def test_values_stay_what_was_written() -> None:
    read = configuration_from_text(
        "config:\n  a: true\n  b: 010\n  c: 1e3\n  d: null\n  e: 2026-01-01\n"
        "ephemeral: True\nprofiles: [default]\n",
        BASE,
    )
    assert read.config == {
        "a": "true",
        "b": "010",
        "c": "1e3",
        "d": "null",
        "e": "2026-01-01",
        "volatile.idmap.base": "0",
    }
    assert read.ephemeral
    assert read.devices == {}
    assert read.description == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("config: {", 1, "expected"),
        ("config:\n  a: 1\n  a: 2\n", 3, "a stands there twice"),
        ("config:\n\ta: 1\n", 2, "cannot start any token"),
        ("confg:\n  a: 1\n", 0, "confg is no field; known are architecture"),
        ("config:\n  a: [1]\n", 0, "config.a must be text"),
        ("- a\n", 0, "not made of fields"),
        ("just words", 0, "not made of fields"),
        ("config: words\n", 0, "config must hold lines"),
        ("devices:\n  root: disk\n", 0, "devices.root must hold lines"),
        ("devices: [a]\n", 0, "devices by name"),
        ("profiles: default\n", 0, "profiles must be a list"),
        ("ephemeral: perhaps\n", 0, "ephemeral must be true or false"),
        ("description: \x07\n", 0, "characters that YAML does not allow"),
        ("config: " + "[" * 5000, 0, "nested too deeply"),
        ("config: &a {b: *a}\n", 1, "recursive node"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int, words: str) -> None:
    with pytest.raises(TextNotUnderstood) as caught:
        configuration_from_text(text, BASE)
    assert caught.value.line == line
    assert words in caught.value.message


def test_tags_make_no_objects() -> None:
    read = configuration_from_text("description: !!python/name:os.system ''\n", BASE)
    assert read.description == ""
