"""The commands that do the same: quoted, and taken by the real clients."""

import asyncio
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.ui.actions.equivalents import (
    Equivalent,
    cancel_command,
    command_line,
    equivalents_of,
    signal_command,
)
from lxdtui.ui.actions.part_equivalents import (
    device_equivalents,
    key_equivalents,
    snapshot_equivalents,
)
from lxdtui.ui.dialogs.file_choice import FileChoice
from tests.lab import Daemon
from tests.ui.fake import production
from tests.ui.pilots import app_for, screen_text, settle, until


def server_of(kind: str) -> Server:
    return Server(kind=ServerKind(kind), version="1", is_trusted=True, extensions=frozenset())


def commands(kind: str, ref: InstanceRef, condition: Condition) -> dict[str, str]:
    made = equivalents_of(ref, server_of(kind), condition=condition, snapshots=["a", "b"])
    return {one.words: one.command for one in made}


def test_both_clients_get_their_own_words() -> None:
    ref = InstanceRef("far", "a b", "web1")
    lxd = commands("lxd", ref, Condition.RUNNING)
    assert lxd["stop"] == "lxc stop --project 'a b' far:web1"
    assert lxd["snapshot"] == "lxc snapshot --project 'a b' far:web1 NAME"
    assert lxd["shell"] == "lxc exec --project 'a b' far:web1 -- sh -l"
    assert lxd["delete"].startswith("lxc delete --force")
    incus = commands("incus", InstanceRef("local", "default", "web1"), Condition.FROZEN)
    assert incus["resume"] == "incus resume web1"
    assert incus["restore"] == "incus snapshot restore web1 b"
    assert incus["get a file"] == "incus file pull web1/etc/hosts ."
    assert "stop" not in incus
    ref = InstanceRef("far", "a b", "web1")
    assert signal_command("lxc", ref, 7, "TERM") == (
        "lxc exec --project 'a b' far:web1 -- kill -TERM 7"
    )
    assert cancel_command("incus", OperationRef("far", "1-2")) == "incus operation delete far:1-2"
    assert cancel_command("lxc", OperationRef("local", "1-2")) == "lxc operation delete 1-2"


@given(st.text(), st.text())
def test_no_name_gets_out_of_its_quotes(name: str, project: str) -> None:
    line = command_line("lxc", ("stop",), (InstanceRef("local", project, name),))
    assert line.isprintable() or not (name + project).isprintable()
    words = shlex.split(line)
    assert words[:2] == ["lxc", "stop"]
    assert len(words) == (3 if project == "default" else 5)


async def test_the_real_clients_take_every_word(daemon: Daemon, instance_name: str) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    # LXD fails to show the log of a silent console.
    daemon.exec(instance_name, "sh", "-c", "echo words > /dev/console")
    ref = InstanceRef("local", "default", instance_name)
    made = commands(daemon.kind, ref, Condition.RUNNING)
    made |= {
        "snapshot": made["snapshot"].replace("NAME", "b"),
        "get a file": made["get a file"].replace("/etc/hosts .", "/etc/passwd -"),
    }
    order = ("show", "configuration", "devices", "console log", "log", "snapshot", "restore")
    start = "sleep 4242 >/dev/null 2>&1 & echo $!"
    pid = int(daemon.exec(instance_name, "sh", "-c", start))
    client = shlex.split(made["show"])[0]
    await asyncio.to_thread(
        daemon.client, *shlex.split(signal_command(client, ref, pid, "KILL"))[1:]
    )
    path = ("cat", f"/proc/{pid}/cmdline")
    assert "4242" not in daemon.exec(instance_name, *path, check=False)
    for words in (*order, "get a file", "freeze"):
        await asyncio.to_thread(daemon.client, *shlex.split(made[words])[1:])
    assert daemon.status(instance_name) == "Frozen"
    resume = commands(daemon.kind, ref, Condition.FROZEN)["resume"]
    await asyncio.to_thread(daemon.client, *shlex.split(resume)[1:])
    assert daemon.status(instance_name) == "Running"
    for words in ("force stop", "delete"):
        await asyncio.to_thread(daemon.client, *shlex.split(made[words])[1:])
    assert instance_name not in daemon.instances()


@pytest.mark.parametrize("keys", [("y",), ("enter", "y")], ids=["list", "detail"])
async def test_a_command_is_chosen_by_words_and_copied(keys: tuple[str, ...]) -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(app.screen, FileChoice))
        await until(pilot, lambda: "lxc restart prod-eu:api-01" in screen_text(app))
        await pilot.press(*"force", "enter")
        await until(pilot, lambda: not isinstance(app.screen, FileChoice))
        await until(pilot, lambda: app.clipboard == "lxc stop --force prod-eu:api-01")


async def test_the_real_clients_take_every_word_for_snapshots_keys_and_devices(
    daemon: Daemon, instance_name: str
) -> None:
    await asyncio.to_thread(daemon.launch, instance_name)
    ref = InstanceRef("local", "default", instance_name)
    client = "incus" if daemon.kind == "incus" else "lxc"

    async def run(found: tuple[Equivalent, ...], words: str, *filled: str) -> None:
        command = {one.words: one.command for one in found}[words]
        for blank in ("NEW-NAME", "NAME", "OPTION=VALUE", "VALUE"):
            if blank in command and filled:
                command = command.replace(blank, filled[0])
                break
        for line in command.split(" && "):
            await asyncio.to_thread(daemon.client, *shlex.split(line)[1:])

    for name in ("one", "two", "three"):
        await run(snapshot_equivalents(client, ref, ()), "take", name)
    found = snapshot_equivalents(client, ref, ("one",))
    await run(found, "restore")
    await run(found, "show")
    await run(found, "new container", f"{instance_name}-b")
    await run(found, "publish", f"{instance_name}-image")
    await asyncio.to_thread(daemon.client, "image", "delete", f"{instance_name}-image")
    await run(found, "rename", "other")
    for words in ("schedule", "names", "kept for"):
        await run(found, words)
    await run(snapshot_equivalents(client, ref, ("two", "three")), "delete")
    body = daemon.request(
        "GET", f"/1.0/instances/{instance_name}/snapshots", query={"recursion": "1"}
    )
    assert [one["name"].rpartition("/")[2] for one in body] == ["other"]
    key = key_equivalents(client, ref, "user.note", is_local=True)
    await run(key, "set", "words")
    await run(key, "get")
    await run(key, "unset")
    await run(device_equivalents(client, ref, "root", is_local=False), "override", "size=64MiB")
    local = device_equivalents(client, ref, "root", is_local=True)
    await run(local, "change", "boot.priority=1")
    await run(local, "remove")
    config = daemon.request("GET", f"/1.0/instances/{instance_name}")
    assert config["config"]["snapshots.expiry"] == "7d"
    assert "user.note" not in config["config"]
    assert config["devices"] == {}


async def test_the_snapshots_screen_and_the_pages_offer_their_commands() -> None:
    fleet = production()
    app = app_for(fleet)
    async with app.run_test(size=(110, 36)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"db-prim", "enter", "n")
        await until(pilot, lambda: "› Snapshots" in screen_text(app))
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, FileChoice))
        assert "lxc restore prod-eu:db-primary " in screen_text(app)
        await pilot.press("escape", "escape", "e")
        await until(pilot, lambda: "Server's" in screen_text(app))
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, FileChoice))
        assert "lxc config set prod-eu:db-primary " in screen_text(app)
        await pilot.press("escape", "4", "y")
        await until(pilot, lambda: "lxc config device " in screen_text(app))
