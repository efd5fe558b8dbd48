"""Configuration in words: differences, commands, what a value hides."""

import pytest

from lxdtui.model.config_table import key_book
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.services.configuration import ConfigEntry, Difference, Origin, OriginKind
from lxdtui.ui.format.configuration import (
    below_words,
    command_for,
    difference_lines,
    facts_of,
    one_line,
)

CPU = Difference(("config", "limits.cpu"), "2", "4")
GONE = Difference(("config", "user.a"), "1", None)
PASSWORD = Difference(("config", "environment.DB_PASSWORD"), "a", "b")


@pytest.mark.parametrize(
    ("found", "command"),
    [
        ([CPU], "incus config set 'my web' limits.cpu=4"),
        (
            [CPU, Difference(("config", "user.b"), None, "a b")],
            "incus config set 'my web' limits.cpu=4 'user.b=a b'",
        ),
        ([GONE], "incus config unset 'my web' user.a"),
        ([CPU, GONE], "incus config edit 'my web'"),
        ([PASSWORD], "incus config edit 'my web'"),
        ([Difference(("config", "user.c"), None, "a\nb")], "incus config edit 'my web'"),
        ([Difference(("config", "user.\x1b"), None, "a")], "incus config edit 'my web'"),
        (
            [Difference(("profiles",), "default", "default, web")],
            "incus profile assign 'my web' default,web",
        ),
        ([Difference(("devices", "eth0", "name"), None, "a")], "incus config edit 'my web'"),
    ],
)
def test_the_command_does_what_the_change_does(found: list[Difference], command: str) -> None:
    ref = InstanceRef("local", "default", "my web")
    assert command_for(ref, found, ServerKind.INCUS) == command


def test_the_command_names_server_and_project() -> None:
    ref = InstanceRef("prod", "staging", "web")
    words = "lxc --project staging config set prod:web limits.cpu=4"
    assert command_for(ref, [CPU], ServerKind.LXD) == words


def test_a_difference_is_one_line_a_value() -> None:
    lines = difference_lines([CPU, GONE, PASSWORD], reveals=False, arrow=">")
    assert [(line.sign, " ".join(line.words.split())) for line in lines] == [
        ("~", "limits.cpu 2 > 4"),
        ("-", "user.a 1"),
        ("~", "environment.DB_PASSWORD hidden > hidden"),
    ]
    [shown] = difference_lines([PASSWORD], reveals=True, arrow=">")
    assert shown.words.endswith("a > b")
    [empty] = difference_lines([Difference(("description",), "", "x")], reveals=True, arrow=">")
    assert empty.words == 'description  "" > x'


def test_texts_of_several_lines_are_compared_line_by_line() -> None:
    change = Difference(("config", "raw.lxc"), "a = 1\nb = 2\n", "a = 1\nb = 3\n")
    lines = difference_lines([change], reveals=False, arrow=">")
    assert lines[0].words == "raw.lxc  a = 1  (2 lines) > a = 1  (2 lines)"
    assert [line.words.strip() for line in lines[1:]] == ["a = 1", "- b = 2", "+ b = 3"]


def test_a_value_is_one_safe_line() -> None:
    assert one_line("user.a", "\x1b[2J", reveals=False) == "␛[2J"
    assert one_line("user.a", "a\nb\n", reveals=False) == "a  (2 lines)"
    assert one_line("user.password", "x", reveals=False) == "hidden"
    assert one_line("user.password", "", reveals=False) == ""


def test_what_is_known_of_a_key_and_what_it_hides() -> None:
    book = key_book(ServerKind.LXD, "container")
    assert facts_of(book.find("limits.cpu.priority")) == (
        ("In effect", "at once"),
        ("Default", "10"),
        ("Value", "a whole number, 0 to 10"),
    )
    assert facts_of(book.find("limits.memory.enforce"))[2] == ("Value", "hard, soft")
    assert "the server decides" in facts_of(None)[0][1]
    local, web = Origin(OriginKind.LOCAL), Origin(OriginKind.PROFILE, "web")
    entry = ConfigEntry(key="limits.cpu", value="4", origin=local, below=((web, "2"),))
    assert below_words(entry, reveals=False) == "hides 2 of web"
