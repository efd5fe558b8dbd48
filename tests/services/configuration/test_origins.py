"""Who set a value."""

from lxdtui.model.config_table import key_book
from lxdtui.model.configuration import Configuration, expand
from lxdtui.model.profile import Profile
from lxdtui.model.server import ServerKind
from lxdtui.services.configuration import OriginKind, config_entries, device_entries

PROFILES = {
    "default": Profile(
        name="default",
        config={"limits.cpu": "1", "user.a": "default"},
        devices={"eth0": {"type": "nic", "network": "lxdbr0"}, "root": {"type": "disk"}},
    ),
    "web": Profile(
        name="web", config={"user.a": "web"}, devices={"root": {"type": "disk", "x": "1"}}
    ),
}
MINE = Configuration(
    config={"limits.cpu": "4"},
    devices={"eth0": {"type": "none"}},
    profiles=("default", "web", "gone"),
)


def test_the_instance_goes_over_the_last_profile_and_that_over_the_first() -> None:
    expanded = expand(MINE, PROFILES)
    assert expanded.config == {"limits.cpu": "4", "user.a": "web"}
    entries = {entry.key: entry for entry in config_entries(MINE, expanded.config, PROFILES)}
    cpu, a = entries["limits.cpu"], entries["user.a"]
    assert (cpu.value, cpu.origin.words) == ("4", "local")
    assert [(origin.words, value) for origin, value in cpu.below] == [("default", "1")]
    assert (a.value, a.origin.words) == ("web", "web")
    assert [origin.words for origin, _ in a.below] == ["default"]


def test_devices_are_taken_whole_and_may_be_masked() -> None:
    expanded = expand(MINE, PROFILES)
    assert expanded.devices == {"eth0": {"type": "none"}, "root": {"type": "disk", "x": "1"}}
    eth0, root = device_entries(MINE, expanded.devices, PROFILES)
    assert eth0.is_masked
    assert (eth0.origin.words, eth0.below[0][1]["network"]) == ("local", "lxdbr0")
    assert (root.origin.words, root.type) == ("web", "disk")


def test_a_profile_that_cannot_be_read_is_still_a_profile() -> None:
    [entry] = config_entries(Configuration(profiles=("x",)), {"user.a": "1"}, {})
    assert entry.origin.words == "a profile"
    [device] = device_entries(Configuration(profiles=("x",)), {"root": {"type": "disk"}}, {})
    assert device.origin.words == "a profile"


def test_known_keys_that_nobody_set_have_their_default() -> None:
    book = key_book(ServerKind.LXD, "container")
    entries = config_entries(MINE, expand(MINE, PROFILES).config, PROFILES, defaults=book)
    [nesting] = [entry for entry in entries if entry.key == "security.nesting"]
    assert (nesting.value, nesting.origin.kind) == ("false", OriginKind.DEFAULT)
    assert [entry.key for entry in entries] == sorted(entry.key for entry in entries)
    assert not any(entry.key.endswith("*") for entry in entries)
