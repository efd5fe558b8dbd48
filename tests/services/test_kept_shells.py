"""Shells that outlive the link, and those of other users, in real instances."""

import asyncio
from typing import Any

import pytest

from lxdtui.api.exec import ExecCalls
from lxdtui.errors import PreflightFailed
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Keeper, KeptSession, ShellOptions
from lxdtui.services import Fleet
from lxdtui.services.kept_shells import kept_sessions
from tests.lab import Daemon
from tests.services.reader import Reader


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
    again = ShellOptions(is_kept=True, kept_name=kept.name, keeper=kept.keeper)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=again)
    reader = Reader(session)
    await reader.sees(b"again 42")

    # Variables are those of one shell, though one server keeps them all.
    assert b"<c d>" in await _kept_with(fleet, ref, ("A_B", "c d"))
    assert b"<>" in await _kept_with(fleet, ref)
    await session.send(b"exit\n")
    await reader.until(lambda: reader.has_ended)
    assert await fleet.sessions.kept(ref) == ()
    assert session.ending is not None
    assert (session.ending.words, session.ending.exit_status) == ("the kept shell ended", 0)

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


async def test_screen_keeps_shells_as_well_and_those_of_all_users_are_listed(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name, "debian")
    adding = "useradd -m -s /bin/bash -G adm,audio ada"
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", adding)
    options = ShellOptions(is_kept=True, keeper=Keeper.SCREEN)
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    # Every key passes, those of screen itself included; nothing is drawn beside the screen.
    await reader.answers(b"o still $((6*7))\x01ech", b"still 42")
    assert b"1049" not in reader.text
    # What a program draws on a screen of its own goes with it.
    await reader.answers(b"echo again | less", b"(END)")
    reader.text = b""
    await session.send(b"q")
    await reader.sees(b"still 42")
    await session.close()
    kept = await _waiting(fleet, ref)
    assert [(one.keeper, one.user, one.program) for one in kept] == [(Keeper.SCREEN, "", "bash")]

    # One of another user has all groups of that one, in tmux, where there is one.
    options = ShellOptions(is_kept=True, user="ada")
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    await reader.answers(b"id -Gn; pwd", b"ada adm audio\r\n/home/ada\r\n")
    assert session.command == ("tmux",)
    await session.close()
    kept = await _waiting(fleet, ref, 2)
    assert [(one.keeper, one.user) for one in kept] == [(Keeper.TMUX, "ada"), (Keeper.SCREEN, "")]

    for one in kept:
        options = ShellOptions(is_kept=True, kept_name=one.name, keeper=one.keeper, user=one.user)
        session = await fleet.sessions.open_shell(ref, columns=90, rows=30, options=options)
        reader = Reader(session)
        await reader.sees(b"ada adm audio" if one.user else b"still 42")
        assert b"1049" not in reader.text
        await session.send(b"clear; stty size\n")
        await reader.sees(b"30 90")
        await session.send(b"exit\n")
        await reader.ends()
        # It is never begun anew without a word.
        session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
        reader = Reader(session)
        await reader.ends()
        assert session.ending is not None
        assert (session.ending.words, session.ending.goes_on) == ("the kept shell ended", False)
    assert await fleet.sessions.kept(ref) == ()
    assert await asyncio.to_thread(daemon.exec, instance_name, "ls", "/tmp") == "tmux-1000\n"


async def _waiting(fleet: Fleet, ref: InstanceRef, count: int = 1) -> tuple[KeptSession, ...]:
    """Return the kept shells once nobody is attached to them."""
    async with asyncio.timeout(20):
        while True:
            kept = await fleet.sessions.kept(ref)
            if len(kept) == count and not any(one.is_attached for one in kept):
                return kept


async def test_a_kept_shell_that_a_restart_took_is_told_and_not_replaced(
    fleet: Fleet, daemon: Daemon, instance_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name, "debian")
    waits: list[str] = []
    session = await fleet.sessions.open_shell(
        ref, columns=80, rows=24, options=ShellOptions(is_kept=True), on_wait=waits.append
    )
    reader = Reader(session)
    await reader.answers(b"echo $((6*7))", b"42")
    gate = asyncio.Event()
    opens = ExecCalls.open

    async def open_later(calls: ExecCalls, *arguments: Any, **options: Any) -> Any:
        await gate.wait()
        return await opens(calls, *arguments, **options)

    monkeypatch.setattr(ExecCalls, "open", open_later)
    await asyncio.to_thread(daemon.kill)
    await reader.until(lambda: bool(waits))
    await asyncio.to_thread(daemon.start)
    await asyncio.to_thread(daemon.set_state, instance_name, "restart", force=True)
    gate.set()
    await reader.until(lambda: reader.has_ended)
    assert session.ending is not None
    assert session.ending.words == f"the kept shell is gone: {instance_name} was restarted"
    assert await fleet.sessions.kept(ref) == ()


async def test_groups_in_a_small_container(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    script = """
    echo web:x:33:33::/tmp:/bin/sh >> /etc/passwd
    echo adm:x:4:root,web >> /etc/group
    """
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", script)
    options = ShellOptions(user="web")
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    await reader.answers(b"id -G; pwd; echo $HOME$USER", b"33 4\r\n/tmp\r\n/tmpweb\r\n")
    assert session.note == ""
    front = await session.foreground()
    assert front is not None
    assert front.is_shell
    await session.close()
    # What it has sets them for the usual first group alone.
    options = ShellOptions(user="web", group="0")
    session = await fleet.sessions.open_shell(ref, columns=80, rows=24, options=options)
    reader = Reader(session)
    await reader.answers(b"id -G; pwd", b"0\r\n/tmp\r\n")
    assert session.note == "without the groups adm"
    await session.close()
    with pytest.raises(PreflightFailed, match="neither tmux nor screen"):
        await fleet.sessions.open_shell(
            ref, columns=80, rows=24, options=ShellOptions(is_kept=True)
        )


def test_what_is_listed_may_be_anything() -> None:
    output = (
        b"tmux\t0\t1\ta\tvi\tx\nscreen\t7\t0\tb\t\n\nzellij\t0\t0\tc\td\ntmux\tx\t0\ta\tb\n\xff"
    )
    assert kept_sessions(output, b"www:x:7:7::/:/bin/sh\n") == (
        KeptSession(name="a", program="vi\tx", is_attached=True),
        KeptSession(name="b", keeper=Keeper.SCREEN, user="www", program="", is_attached=False),
    )
    assert len(kept_sessions(b"tmux\t0\t0\ta\tb\n" * 1000, b"")) == 100
