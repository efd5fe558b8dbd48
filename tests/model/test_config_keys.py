"""What is known of configuration keys, and what it says of values."""

import json
from pathlib import Path

import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.config_keys import KeyKind, server_keys, value_problem
from lxdtui.model.config_table import key_book
from lxdtui.model.server import ServerKind

LXD = key_book(ServerKind.LXD, "container")
INCUS = key_book(ServerKind.INCUS, "container")


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("boot.autostart", "true", "maybe"),
        ("boot.stop.priority", "-1", "soon"),
        ("limits.processes", "500", "-1"),
        ("limits.cpu", "0-3,5", "all"),
        ("limits.cpu.priority", "10", "11"),
        ("limits.cpu.allowance", "25ms/100ms", "half"),
        ("limits.memory", "4GiB", "much"),
        ("limits.memory", "50%", "50 %"),
        ("limits.memory.enforce", "soft", "weak"),
        ("snapshots.expiry", "1d 6H", "1 day"),
        ("snapshots.schedule", "@daily, @hourly", "daily"),
        ("snapshots.schedule", "0 2 * * *", "0 2 * *"),
        ("security.idmap.size", "65536", "x"),
    ],
)
def test_a_value_that_will_be_refused_is_told_in_words(key: str, good: str, bad: str) -> None:
    assert LXD.problem(key, good) is None
    problem = LXD.problem(key, bad)
    assert problem is not None
    assert problem.startswith("must be")
    assert LXD.problem(key, "") is None, "an empty value unsets it"


def test_a_key_that_is_not_known_is_left_to_the_server() -> None:
    assert LXD.find("limits.nonsense") is None
    assert LXD.problem("limits.nonsense", "x") is None


def test_keys_with_a_free_end_are_known_by_their_beginning() -> None:
    found = LXD.find("environment.PATH")
    assert found is not None
    assert found.is_live
    assert LXD.find("environment.") is None
    cloud = LXD.find("user.user-data")
    assert cloud is not None
    assert cloud.kind is KeyKind.LINES


def test_the_two_families_differ() -> None:
    assert LXD.find("security.devlxd")
    assert not INCUS.find("security.devlxd")
    assert INCUS.find("security.guestapi")
    assert INCUS.problem("cluster.evacuate", "force-stop") is None
    assert "live-migrate" in (LXD.problem("cluster.evacuate", "force-stop") or "")
    assert not LXD.find("security.secureboot")
    assert key_book(ServerKind.LXD, "virtual-machine").find("security.secureboot")


def test_completions_begin_with_the_text_first() -> None:
    names = [key.name for key in LXD.completions("limits.mem")]
    assert names[0] == "limits.memory"
    assert all("limits.mem" in name for name in names)
    told = [key.name for key in LXD.completions("seccomp")]
    assert told == ["raw.seccomp"]


def test_every_key_is_told_in_one_sentence_without_a_full_stop() -> None:
    for book in (LXD, INCUS, key_book(ServerKind.INCUS, "virtual-machine")):
        for key in book.keys:
            assert key.tells
            assert not key.tells.endswith(".")
            if key.default and not key.is_pattern:
                assert value_problem(key, key.default) is None, key.name


def test_the_server_s_own_word_goes_first() -> None:
    body = {
        "configs": {
            "instance": {
                "boot": {
                    "keys": [
                        {
                            "boot.autostart": {
                                "type": "bool",
                                "liveupdate": "yes",
                                "defaultdesc": "`true`",
                                "shortdesc": "Whether to start",
                            }
                        },
                        {
                            "boot.new": {
                                "type": "integer",
                                "liveupdate": "no",
                                "condition": "container",
                                "shortdesc": "Something `new`",
                            }
                        },
                        {"raw.qemu": {"type": "blob", "condition": "virtual machine"}},
                        {"volatile.uuid": {"type": "string"}},
                    ]
                }
            }
        }
    }
    book = LXD.with_server(server_keys(body), "container")
    autostart = book.find("boot.autostart")
    assert autostart is not None
    assert (autostart.is_live, autostart.default) == (True, "true")
    assert autostart.tells.startswith("starts it with the server")
    new = book.find("boot.new")
    assert new is not None
    assert (new.kind, new.is_live, new.tells) == (KeyKind.INTEGER, False, "Something new")
    assert book.find("raw.qemu") is None
    assert book.find("volatile.uuid") is None
    assert book.find("security.privileged") is None, "the server would have told"
    assert LXD.with_server({}, "container") is LXD


def test_the_documentation_of_a_real_server_is_understood() -> None:
    sample = Path(__file__).parents[1] / "recorded/incus-6.0.4/metadata-configuration.json"
    told = server_keys(json.loads(sample.read_text()))
    assert len(told) > 80
    book = INCUS.with_server(told, "container")
    for key in INCUS.keys:
        known = book.find(key.name)
        if known is not None and key.is_live is not None:
            assert known.is_live == key.is_live, f"{key.name} is live or not"


@pytest.mark.parametrize("body", [None, [], {"configs": []}, {"configs": {"instance": []}}])
def test_documentation_of_another_shape_is_told(body: object) -> None:
    with pytest.raises(UnexpectedResponse):
        server_keys(body)
