"""Differences of two versions, and three versions merged."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.configuration import Configuration
from lxdtui.services.configuration import Difference, differences, merge

BASE = Configuration(
    architecture="x86_64",
    config={"limits.cpu": "2", "user.a": "1", "volatile.x": "1"},
    devices={"eth0": {"type": "nic", "network": "a"}, "root": {"type": "disk"}},
    profiles=("default",),
)

keys = st.sampled_from(("user.a", "user.b", "user.c", "limits.cpu"))
configurations = st.builds(
    Configuration,
    config=st.dictionaries(keys, st.sampled_from(("1", "2", "3"))),
    devices=st.dictionaries(
        st.sampled_from(("eth0", "root")),
        st.dictionaries(st.sampled_from(("type", "size")), st.sampled_from(("x", "y"))),
    ),
    description=st.sampled_from(("", "one", "two")),
    profiles=st.sampled_from(((), ("a",), ("a", "b"))),
)


def test_differences_name_key_and_option() -> None:
    after = replace(
        BASE.with_key("limits.cpu", "4")
        .with_key("user.a", None)
        .with_device("eth0", {"type": "nic", "network": "b"})
        .with_device("data", {"type": "disk"})
        .with_profiles(("default", "web")),
        description="new",
        ephemeral=True,
    )
    found = differences(BASE, after)
    assert [one.words for one in found] == [
        "description",
        "profiles",
        "ephemeral",
        "limits.cpu",
        "user.a",
        "data.type",
        "eth0.network",
    ]
    assert found[1] == Difference(("profiles",), "default", "default, web")
    assert found[4] == Difference(("config", "user.a"), "1", None)
    assert found[5] == Difference(("devices", "data", "type"), None, "disk")


def test_changes_of_different_keys_are_merged() -> None:
    mine = BASE.with_key("limits.cpu", "4").with_device("eth0", None)
    theirs = BASE.with_key("user.a", "2").with_key("volatile.x", "9").with_profiles(("web",))
    found = merge(BASE, mine, theirs)
    assert found.is_clean
    assert found.with_mine == found.with_theirs
    assert found.with_mine.config == {"limits.cpu": "4", "user.a": "2", "volatile.x": "9"}
    assert found.with_mine.devices == {"root": {"type": "disk"}}
    assert found.with_mine.profiles == ("web",)


def test_changes_of_the_same_key_are_a_conflict_and_both_are_kept() -> None:
    mine = BASE.with_key("user.a", "mine").with_key("user.b", "b")
    theirs = BASE.with_key("user.a", "theirs").with_device("eth0", {"type": "none"})
    found = merge(BASE, mine, theirs)
    assert found.conflicts == (("config", "user.a"),)
    assert found.with_mine.config["user.a"] == "mine"
    assert found.with_theirs.config["user.a"] == "theirs"
    for both in (found.with_mine, found.with_theirs):
        assert both.config["user.b"] == "b"
        assert both.devices["eth0"] == {"type": "none"}


def test_the_same_change_of_both_is_no_conflict() -> None:
    both = BASE.with_key("user.a", None)
    assert merge(BASE, both, both).is_clean
    gone = merge(BASE, BASE.with_key("user.a", "2"), both)
    assert gone.conflicts == (("config", "user.a"),)
    assert "user.a" not in gone.with_theirs.config


@given(base=configurations, mine=configurations, theirs=configurations)
def test_nothing_of_either_is_lost(
    base: Configuration, mine: Configuration, theirs: Configuration
) -> None:
    found = merge(base, mine, theirs)
    clashing = set(found.conflicts)

    def touches(difference: Difference) -> bool:
        return difference.path[:2] in clashing or difference.path[:1] in clashing

    for one in differences(base, mine):
        if not touches(one):
            assert all(left.path != one.path for left in differences(mine, found.with_mine))
    for one in differences(base, theirs):
        if not touches(one):
            assert all(left.path != one.path for left in differences(theirs, found.with_theirs))
    assert merge(base, mine, base).with_mine == mine
    assert merge(base, base, theirs).with_mine == theirs
