"""Consoles that come back, and shells with options, in real instances."""

import asyncio
from pathlib import Path

import pytest

from lxdtui.errors import PreflightFailed, ServerError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.model.session import ShellOptions
from lxdtui.services import Fleet
from lxdtui.services.shell_memory import ShellMemory
from lxdtui.services.shell_start import plan_start
from tests.lab import Daemon, Lab
from tests.services.reader import Reader

PASSWD = b"root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:w:/srv/web:/bin/ash\n"
GETTY = "::respawn:/bin/sh -c 'exec sh -i </dev/console >/dev/console 2>&1'\n"


async def test_a_console_comes_back_after_a_restart(
    fleet: Fleet, lab: Lab, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    await asyncio.to_thread(
        daemon.exec, instance_name, "sh", "-c", 'printf "%s" "$1" > /etc/inittab', "sh", GETTY
    )
    await asyncio.to_thread(daemon.set_state, instance_name, "stop", force=True)
    waits: list[str] = []
    session = await fleet.sessions.open_console(ref, columns=90, rows=20, on_wait=waits.append)
    reader = Reader(session)
    # It is attached to before there is anything to attach to.
    await reader.until(lambda: any("is stopped" in one for one in waits))
    await asyncio.to_thread(daemon.set_state, instance_name, "start")
    await reader.until(lambda: waits[-1] == "")
    await reader.answers(b"echo $((6*7))", b"42")
    await _is_refused(fleet, ref)

    await asyncio.to_thread(daemon.set_state, instance_name, "restart", force=True)
    await reader.until(lambda: waits.count("") >= 2)
    await reader.answers(b"echo $((6*8))", b"48")
    # Leaving it leaves what runs there; who is cut off does not fight for it.
    if fleet.store.state.servers[ref.remote].kind is ServerKind.INCUS:
        other = await fleet.sessions.open_console(ref, columns=80, rows=24, takes_over=True)
        await reader.until(lambda: reader.has_ended)
        assert session.ending is not None
        assert "somebody else took it over" in session.ending.words
        await other.close()
    await session.close()
    await reader.until(lambda: reader.has_ended)
    # LXD 5.0.2 sometimes goes down when a console is left; what runs does not.
    await asyncio.to_thread(lab.revive)
    assert daemon.status(instance_name) == "Running"


async def _is_refused(fleet: Fleet, ref: InstanceRef) -> None:
    """Only one is attached; the other one is told so, and may take over where that is possible."""
    kind = fleet.store.state.servers[ref.remote].kind
    if kind is ServerKind.INCUS:
        with pytest.raises(ServerError, match="somebody else is attached") as refusal:
            await fleet.sessions.open_console(ref, columns=80, rows=24)
        assert refusal.value.hint == "f takes it over"
        return
    second = await fleet.sessions.open_console(ref, columns=80, rows=24)
    reader = Reader(second)
    await reader.until(lambda: reader.has_ended)
    assert second.ending is not None
    assert "in use elsewhere" in second.ending.words
    await second.close()


async def test_what_has_the_keys(fleet: Fleet, daemon: Daemon, instance_name: str) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    reader = Reader(session)
    await reader.answers(b"cd /etc; echo $((6*7))", b"42")
    front = await session.foreground()
    assert front is not None
    assert (front.is_shell, front.directory) == (True, "/etc")
    await session.send(b"cd /tmp; echo $((6*8)); sleep 54322\n")
    await reader.sees(b"48")
    async with asyncio.timeout(20):
        while (front := await session.foreground()) is None or front.is_shell:
            continue
    assert (front.program, front.directory) == ("sleep", "/tmp")
    await session.close()
    assert await session.foreground() is None


async def test_options_reach_the_shell_and_refusals_are_words(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    script = 'id -u; id -g; pwd; echo "$A_B"; read x'
    options = ShellOptions(
        user="nobody",
        group="0",
        directory="/tmp",
        environment=(("A_B", "c d"),),
        command=f"sh -c '{script}'",
    )
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    await reader.sees(b"65534\r\n0\r\n/tmp\r\nc d\r\n")
    await session.close()
    for refused, words in (
        (ShellOptions(user="nemo"), "there is no user nemo"),
        (ShellOptions(group="nemo"), "there is no group nemo"),
        (ShellOptions(directory="/no/such"), "/no/such: .*(No such|can't cd|nonexistent)"),
    ):
        with pytest.raises(PreflightFailed, match=words):
            await fleet.sessions.open_shell(ref, columns=80, rows=24, options=refused)
    missing = ShellOptions(command="no-such-program -x")
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=missing)
    reader = Reader(session)
    await reader.until(lambda: reader.has_ended)
    assert session.ending is not None
    assert session.ending.words.startswith("no-such-program could not run: ")
    assert "root" in await fleet.sessions.user_names(ref)


def test_what_options_mean() -> None:
    plan = plan_start("web", PASSWD, b"", ShellOptions(user="web"))
    assert plan.commands[0] == ("/bin/ash", "-l")
    assert (plan.options.user, plan.options.group, plan.options.cwd) == (33, 34, "/srv/web")
    plan = plan_start("web", PASSWD, b"", ShellOptions(user="1234", is_login=False))
    assert plan.commands == (("/bin/bash",), ("/bin/sh",))
    assert plan.options.user == 1234
    with pytest.raises(PreflightFailed, match="cannot be split"):
        plan_start("web", PASSWD, b"", ShellOptions(command="echo 'x"))


def test_what_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state" / "shells.json"
    ref, other = InstanceRef("a", "default", "web"), InstanceRef("a", "default", "db")
    memory = ShellMemory(path)
    options = ShellOptions(
        user="web", command="htop -d 5", size=(80, 24), environment=(("TOKEN", "secret"),)
    )
    memory.remember(ref, options)
    assert "secret" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    recalled, commands = ShellMemory(path).recall(ref)
    assert (recalled.user, recalled.command, commands) == ("web", "htop -d 5", ("htop -d 5",))
    memory.remember(ref, options, with_environment=True)
    assert memory.recall(ref)[0] == options
    assert memory.recall(other) == (ShellOptions(), ("htop -d 5",))
    for broken in (
        "",
        "[]",
        '{"instances": {"a/default/web": 3}, "commands": [1]}',
        '{"instances": {"a/default/web": {"size": [80, "x"]}}}',
        "\x00",
    ):
        path.write_text(broken)
        assert memory.recall(ref) == (ShellOptions(), ())
