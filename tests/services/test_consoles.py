"""Consoles that come back, kept shells, and shells with options, in real instances."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from lxdtui.errors import PreflightFailed, ServerError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.model.session import ShellOptions
from lxdtui.services import Fleet, ShellSession
from lxdtui.services.console import ConsoleSession
from lxdtui.services.shell_memory import ShellMemory
from lxdtui.services.shell_start import plan_start
from tests.lab import Daemon

PASSWD = b"root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:w:/srv/web:/bin/ash\n"
GETTY = "::respawn:/bin/sh -c 'exec sh -i </dev/console >/dev/console 2>&1'\n"


class Reader:
    """Reads a session all the time, as a terminal does."""

    def __init__(self, session: ConsoleSession | ShellSession) -> None:
        self.text = b""
        self.has_ended = False
        self._session = session
        self._arrived = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while data := await self._session.receive():
            self.text += data
            self._arrived.set()
            if b"\x1b[6n" in data:
                await self._session.send(b"\x1b[1;1R")
        self.has_ended = True

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not is_so():
                self._arrived.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._arrived.wait(), 0.05)

    async def answers(self, typed: bytes, words: bytes) -> None:
        """Type until there is an answer: a console may lose what comes at once."""
        for _ in range(30):
            await self._session.send(b"\n" + typed + b"\n")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.until(lambda: words in self.text)
                    return
        pytest.fail(f"no {words!r} in {self.text!r} {self._session.ending}")

    async def sees(self, words: bytes) -> None:
        try:
            await self.until(lambda: words in self.text)
        except TimeoutError:
            pytest.fail(f"no {words!r} in {self.text!r} {self._session.ending}")


async def test_a_console_comes_back_after_a_restart(
    fleet: Fleet, daemon: Daemon, instance_name: str
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


async def test_a_kept_shell_outlives_a_killed_server_and_the_program(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name, "debian")
    waits: list[str] = []
    options = ShellOptions(is_kept=True)
    session = await fleet.sessions.open_shell(
        ref, columns=80, rows=24, options=options, on_wait=waits.append
    )
    reader = Reader(session)
    await reader.sees(b"# ")
    await session.send(b"kept=$((6*7)); echo still $kept\n")
    await reader.sees(b"still 42")
    await asyncio.to_thread(daemon.kill)
    await reader.until(lambda: any("link to the server is lost" in one for one in waits))
    await asyncio.to_thread(daemon.start)
    await reader.until(lambda: waits[-1] == "")
    reader.text = b""
    await session.send(b"echo again $kept\n")
    await reader.sees(b"again 42")
    await session.close()

    # As another run of the program finds it.
    (kept,) = await fleet.sessions.kept(ref)
    assert kept.program == "bash"
    again = ShellOptions(is_kept=True, kept_name=kept.name)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=again)
    reader = Reader(session)
    await reader.sees(b"again 42")

    # Variables are those of one shell, though one server keeps them all.
    assert b"<c d>" in await _kept_with(fleet, ref, ("A_B", "c d"))
    assert b"<>" in await _kept_with(fleet, ref)
    await session.send(b"exit\n")
    await reader.until(lambda: reader.has_ended)
    assert await fleet.sessions.kept(ref) == ()

    # Idle in a terminal that was made inside, while something runs in the shell itself.
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24)
    reader = Reader(session)
    await reader.answers(b"tmux new-session -d -c /usr; echo $((6*7))", b"42")
    await session.send(b"sleep 54323\n")
    async with asyncio.timeout(20):
        while (front := await session.foreground()) is None or front.is_shell:
            continue
    assert front.program == "sleep"
    await session.close()


async def _kept_with(fleet: Fleet, ref: InstanceRef, *variables: tuple[str, str]) -> bytes:
    """Return what a kept shell shows of a variable, and end it."""
    options = ShellOptions(is_kept=True, environment=variables)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    await reader.sees(b"# ")
    await session.send(b'echo "<"$A_B">"; exit\n')
    await reader.until(lambda: reader.has_ended)
    return reader.text


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
    options = ShellOptions(user="web", command="htop -d 5", environment=(("TOKEN", "secret"),))
    memory.remember(ref, options)
    assert "secret" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    recalled, commands = ShellMemory(path).recall(ref)
    assert (recalled.user, recalled.command, commands) == ("web", "htop -d 5", ("htop -d 5",))
    memory.remember(ref, options, with_environment=True)
    assert memory.recall(ref)[0] == options
    assert memory.recall(other) == (ShellOptions(), ("htop -d 5",))
    for broken in ("", "[]", '{"instances": {"a/default/web": 3}, "commands": [1]}', "\x00"):
        path.write_text(broken)
        assert memory.recall(ref) == (ShellOptions(), ())
