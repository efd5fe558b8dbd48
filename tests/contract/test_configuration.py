"""Configuration, devices and profiles as the interface changes them, on every backend."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import LxdTuiError, NotFound, StaleEtag
from lxdtui.model.configuration import Configuration, expand, without_volatile
from lxdtui.model.profile import Profile
from lxdtui.model.refs import InstanceRef
from lxdtui.services.configuration import (
    ConfigurationService,
    Conflict,
    ProfileConflict,
    ProfileVersion,
    Saved,
    Version,
    config_entries,
    device_entries,
    differences,
)
from lxdtui.services.remote import Remote
from lxdtui.services.sync import RemoteSync
from lxdtui.store import Store
from tests.contract.backend import Backend, first_of, tells


@pytest.fixture
def service(client: Client) -> ConfigurationService:
    connection = client.connection
    remote = Remote(name=connection.remote, endpoint=connection.endpoint)
    sync = RemoteSync(remote, connection, Store(), on_snapshots=lambda _: None)
    return ConfigurationService({remote.name: connection}, {remote.name: sync})


async def saved(service: ConfigurationService, base: Version, wanted: Configuration) -> Version:
    outcome = await service.save(base, wanted)
    assert isinstance(outcome, Saved)
    return outcome.version


async def refusal(service: ConfigurationService, base: Version, wanted: Configuration) -> str:
    """The server's words, after which everything is as it was before."""
    with pytest.raises(LxdTuiError) as caught:
        await service.save(base, wanted)
    now = await service.read(base.instance.ref)
    assert not differences(base.configuration, now.configuration)
    return str(caught.value)


async def test_a_key_is_set_and_unset(service: ConfigurationService, stopped: Container) -> None:
    base = await service.read(stopped.ref)
    wanted = base.configuration.with_key("user.note", "über\nzwei Zeilen")
    wanted = replace(wanted.with_key("limits.memory", "64MiB"), description="new")
    now = await saved(service, base, wanted)
    assert now.instance.config["user.note"] == "über\nzwei Zeilen"
    assert now.instance.expanded_config["limits.memory"] == "64MiB"
    assert now.instance.description == "new"
    now = await saved(service, now, now.configuration.with_key("user.note", None))
    assert "user.note" not in now.instance.config
    assert now.instance.config["limits.memory"] == "64MiB"


async def test_the_whole_is_changed_as_text(
    service: ConfigurationService, stopped: Container
) -> None:
    base = await service.read(stopped.ref)
    text = service.to_text(base.configuration)
    assert service.from_text(text, base.configuration) == base.configuration
    text = text.replace("config:", "config:\n  boot.autostart: false").replace(
        "devices: {}", "devices:\n  off:\n    type: none"
    )
    now = await saved(service, base, service.from_text(text, base.configuration))
    assert now.instance.config["boot.autostart"] == "false"
    assert now.instance.devices == {"off": {"type": "none"}}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("limits.nonsense", "1", "Unknown configuration key: limits.nonsense"),
        ("volatile.mine", "1", "Unknown configuration key: volatile.mine"),
        ("security.secureboot", "true", "Unknown configuration key: security.secureboot"),
        ("limits.memory", "much", "Invalid value: much"),
        ("limits.cpu", "some", "Invalid CPU limit syntax"),
        ("limits.cpu.allowance", "half", "Invalid allowance: half"),
        ("limits.cpu.priority", "50", "Must be between 0 and 10"),
        ("limits.memory.enforce", "x", r'Invalid value "x" \(not one of \[soft hard\]\)'),
        ("limits.processes", "x", 'Invalid value for an integer "x"'),
        ("boot.autostart", "maybe", 'Invalid value for a boolean "maybe"'),
        ("snapshots.expiry", "soon", "Invalid expiry expression"),
        ("snapshots.schedule", "soon", "Schedule must be of the form"),
        ("raw.lxc", "foo", "Invalid raw.lxc line: foo"),
    ],
)
async def test_a_bad_key_or_value_is_refused_in_words(
    service: ConfigurationService,
    client: Client,
    backend: Backend,
    name: str,
    key: str,
    value: str,
    words: str,
) -> None:
    made = await client.containers.create(backend.empty(name), wait=True)
    base = await service.read(made.ref)
    said = await refusal(service, base, base.configuration.with_key(key, value))
    assert re.search(words, said), said
    book = await service.keys(base.instance)
    assert book.find(key) is None or book.problem(key, value) is not None


DISK = {"type": "disk", "source": "/", "path": "/mnt/all"}
NIC = {"type": "nic", "nictype": "p2p", "name": "eth7"}
PROXY = {"type": "proxy", "listen": "tcp:127.0.0.1:1", "connect": "tcp:127.0.0.1:80"}
CHAR = {"type": "unix-char", "source": "/dev/null", "path": "/dev/nothing"}


async def test_devices_are_added_changed_and_removed(
    service: ConfigurationService, stopped: Container
) -> None:
    base = await service.read(stopped.ref)
    wanted = base.configuration
    for name, device in (("all", DISK), ("n", NIC), ("p", PROXY), ("c", CHAR)):
        wanted = wanted.with_device(name, device)
    now = await saved(service, base, wanted)
    assert now.instance.devices == {"all": DISK, "n": NIC, "p": PROXY, "c": CHAR}
    changed = now.configuration.with_device("all", {**DISK, "readonly": "true"})
    now = await saved(service, now, changed.with_device("p", None))
    assert now.instance.devices["all"]["readonly"] == "true"
    assert "p" not in now.instance.expanded_devices


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ({}, "Missing device type in config"),
        ({"type": "toaster"}, "Unsupported device type"),
        ({"type": "disk", "path": "/mnt"}, 'missing the required "source" or "path" property'),
        (
            {"type": "disk", "source": "/no/such", "path": "/mnt"},
            'Missing source path "/no/such" for disk "dev"',
        ),
        (
            {"type": "disk", "source": "v", "pool": "nopool", "path": "/mnt"},
            'Failed to get storage pool "nopool": Storage pool not found',
        ),
        (
            {"type": "disk", "source": "v", "pool": "default", "path": "/mnt"},
            "Failed loading custom volume: Storage volume not found",
        ),
        ({**DISK, "bogus": "1"}, 'Invalid device option "bogus"'),
        (
            {**DISK, "readonly": "perhaps"},
            'Invalid value for device option "readonly": Invalid value for a boolean "perhaps"',
        ),
        ({"type": "nic"}, "Unsupported device type"),
        (
            {"type": "nic", "network": "nonet"},
            'Failed to load network "nonet" for project "default": Network not found',
        ),
        ({**NIC, "hwaddr": "x"}, "Invalid MAC address"),
        ({**PROXY, "listen": "x"}, 'Unknown protocol type "x"'),
        ({"type": "unix-char"}, 'missing the required "source" or "path" property'),
    ],
)
async def test_a_bad_device_is_refused_in_words(
    service: ConfigurationService,
    client: Client,
    backend: Backend,
    name: str,
    device: dict[str, str],
    words: str,
) -> None:
    made = await client.containers.create(backend.empty(name), wait=True)
    base = await service.read(made.ref)
    assert words in await refusal(service, base, base.configuration.with_device("dev", device))


async def test_the_root_disk_cannot_be_masked(
    service: ConfigurationService, stopped: Container
) -> None:
    base = await service.read(stopped.ref)
    wanted = base.configuration.with_device("root", {"type": "none"})
    assert "No root device could be found" in await refusal(service, base, wanted)


@pytest.fixture
async def profiles(client: Client, name: str, backend: Backend) -> tuple[str, str]:
    """Two profiles that contradict each other; they go with the test."""
    made = (f"{name}-one", f"{name}-two")
    for number, profile in enumerate(made):
        body = {
            "name": profile,
            "config": {"user.who": profile, f"user.only{number}": "1", "limits.processes": "77"},
            "devices": {"shared": {"type": "none"} if number else NIC},
        }
        if backend.daemon is not None:
            backend.daemon.request("POST", "/1.0/profiles", body)
        else:
            await client.connection._transport.request(
                "POST", "/1.0/profiles", tried="make a profile", json=body
            )
    return made


async def test_profiles_are_ordered_and_what_is_in_force_is_computed_as_by_the_server(
    service: ConfigurationService, stopped: Container, profiles: tuple[str, str]
) -> None:
    one, two = profiles
    version = await service.read(stopped.ref)
    assert {"default", one, two} <= set(version.profiles)
    try:
        for names in (("default", one, two), (two, one, "default"), (one, "default")):
            local = version.configuration.with_key("limits.processes", "5")
            version = await saved(service, version, local.with_profiles(names))
            instance = version.instance
            assert instance.profiles == names
            expanded = expand(version.configuration, version.profiles)
            assert without_volatile(expanded.config) == without_volatile(instance.expanded_config)
            assert expanded.devices == instance.expanded_devices
            entries = {
                entry.key: entry
                for entry in config_entries(
                    version.configuration, instance.expanded_config, version.profiles
                )
            }
            last = [name for name in names if name in profiles][-1]
            assert entries["user.who"].origin.words == last
            assert entries["user.who"].value == instance.expanded_config["user.who"] == last
            assert entries["limits.processes"].origin.words == "local"
            devices = device_entries(
                version.configuration, instance.expanded_devices, version.profiles
            )
            assert {device.name: device.origin.words for device in devices}["shared"] == last
            for device in devices:
                assert device.device == instance.expanded_devices[device.name]
        with pytest.raises(NotFound, match="Profile not found"):
            await service.save(version, version.configuration.with_profiles(("default", "no")))
    finally:
        await saved(service, version, version.configuration.with_profiles(("default",)))
        for profile in profiles:
            await _delete_profile(service, stopped.ref, profile)


async def test_a_changed_profile_is_told_for_each_instance_that_has_it(
    service: ConfigurationService, client: Client, stopped: Container, profiles: tuple[str, str]
) -> None:
    version = await service.read(stopped.ref)
    await saved(service, version, version.configuration.with_profiles(("default", profiles[0])))
    try:
        async with client.connection.events() as stream:
            await client.connection._transport.request(
                "PATCH",
                f"/1.0/profiles/{profiles[0]}",
                tried="change a profile",
                json={"config": {"user.who": "somebody else"}},
            )
            await first_of(stream, tells("updated", stopped.name))
        now = await service.read(stopped.ref)
        assert now.instance.expanded_config["user.who"] == "somebody else"
    finally:
        now = await service.read(stopped.ref)
        await saved(service, now, now.configuration.with_profiles(("default",)))
        for profile in profiles:
            await _delete_profile(service, stopped.ref, profile)


async def _delete_profile(service: ConfigurationService, ref: InstanceRef, name: str) -> None:
    await service._connections[ref.remote]._transport.request(
        "DELETE", f"/1.0/profiles/{name}", tried="delete a profile", params={"project": ref.project}
    )


async def test_a_conflict_keeps_both_and_is_merged_by_key(
    service: ConfigurationService, client: Client, stopped: Container, name: str
) -> None:
    base = await service.read(stopped.ref)
    other = await client.containers.get(name)
    other.config["user.other"] = "theirs"
    other.config["user.both"] = "theirs"
    other.description = "theirs"
    await other.save(wait=True)
    mine = base.configuration.with_key("user.mine", "mine").with_key("user.both", "mine")
    outcome = await service.save(base, mine)
    assert isinstance(outcome, Conflict)
    assert outcome.merge.conflicts == (("config", "user.both"),)
    assert outcome.version.instance.config["user.other"] == "theirs"
    assert "user.mine" not in outcome.version.instance.config, "nothing was sent"
    now = await saved(service, outcome.version, outcome.merge.with_mine)
    config = without_volatile(now.instance.config)
    assert (config["user.both"], config["user.mine"], config["user.other"]) == (
        "mine",
        "mine",
        "theirs",
    )
    assert now.instance.description == "theirs"


async def test_another_instance_of_the_name_is_left_alone(
    service: ConfigurationService, stopped: Container
) -> None:
    now = await service.read(stopped.ref)
    created = now.instance.created_at
    assert created is not None
    before = replace(now.instance, created_at=created - timedelta(days=1))
    wanted = now.configuration.with_key("user.mine", "mine")
    with pytest.raises(StaleEtag, match="another instance of this name"):
        await service.save(Version(instance=before), wanted)
    assert (await service.read(stopped.ref)).configuration == now.configuration


async def test_what_the_server_changes_is_no_conflict(
    service: ConfigurationService, stopped: Container
) -> None:
    base = await service.read(stopped.ref)
    await stopped.start(wait=True)
    now = await saved(service, base, base.configuration.with_key("user.a", "1"))
    assert now.instance.is_running
    assert now.instance.config["user.a"] == "1"


async def test_several_are_changed_each_by_itself(
    service: ConfigurationService, stopped: Container
) -> None:
    gone = replace(stopped.ref, name="not-there")
    results = await service.change(
        (stopped.ref, gone), lambda configuration: configuration.with_key("user.a", "1")
    )
    assert results[stopped.ref] is None
    assert isinstance(results[gone], NotFound)
    assert (await service.read(stopped.ref)).instance.config["user.a"] == "1"


async def test_profiles_pools_networks_and_keys_are_told(
    service: ConfigurationService, client: Client, backend: Backend, stopped: Container
) -> None:
    profile, etag = await client.connection.profiles.get("default", project="default")
    assert isinstance(profile, Profile)
    assert profile.devices["root"]["path"] == "/"
    assert etag
    assert profile.users >= 1
    with pytest.raises(NotFound):
        await client.connection.profiles.get("no-such", project="default")
    assert "default" in (await service.surroundings(stopped.ref)).pools
    if backend.demo is not None:
        assert (await service.surroundings(stopped.ref)).networks == ("lxdbr0",)
    book = await service.keys((await service.read(stopped.ref)).instance)
    assert book.find("limits.memory")
    assert await service.keys((await service.read(stopped.ref)).instance) is book


async def test_a_profile_itself_is_changed_as_text_and_no_change_of_others_is_lost(
    service: ConfigurationService, stopped: Container, client: Client, profiles: tuple[str, str]
) -> None:
    name, ref = profiles[0], stopped.ref
    try:
        base = await service.read(ref)
        await saved(
            service, base, base.configuration.with_profiles((*base.configuration.profiles, name))
        )
        kept = service.profiles
        read = await kept.read(ref, name)
        assert read.profile.users == 1
        text = kept.to_text(read.configuration.with_key("user.layer", "neu"))
        wanted = kept.from_text(text, read.configuration)
        version = await kept.save(read, replace(wanted, description="changed"))
        assert isinstance(version, ProfileVersion)
        assert version.profile.config["user.layer"] == "neu"
        assert version.profile.description == "changed"
        assert (await service.read(ref)).instance.expanded_config["user.layer"] == "neu"
        # Somebody else has seen none of it.
        outcome = await kept.save(read, read.configuration.with_key("user.mine", "1"))
        assert isinstance(outcome, ProfileConflict)
        assert outcome.merge.is_clean
        merged = await kept.save(outcome.version, outcome.merge.with_mine)
        assert isinstance(merged, ProfileVersion)
        assert merged.profile.config["user.layer"] == "neu"
        assert merged.profile.config["user.mine"] == "1"
        calls = client.connection.profiles
        with pytest.raises(StaleEtag):
            await calls.update(read.profile, project=ref.project, etag=read.etag)
        with pytest.raises(LxdTuiError) as refused:
            await kept.save(merged, merged.configuration.with_key("limits.wishes", "3"))
        assert "limits.wishes" in str(refused.value)
        assert (await kept.read(ref, name)).profile == merged.profile
        with pytest.raises(NotFound):
            await kept.read(ref, f"{name}-none")
    finally:
        now = await service.read(ref)
        await saved(service, now, now.configuration.with_profiles(("default",)))
        for profile in profiles:
            await _delete_profile(service, ref, profile)
