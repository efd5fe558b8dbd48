"""Processes of real containers, of busybox and of procps, and what hostile ones print."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api import Endpoint
from lxdtui.api.connection import Connection
from lxdtui.errors import BadRequest, OperationFailed
from lxdtui.model.refs import InstanceRef
from lxdtui.services.process_output import parse_ps, parse_stats
from lxdtui.services.processes import ProcessReading, ProcessService
from tests.lab import Daemon


def by_command(reading: ProcessReading, words: str) -> list[int]:
    return [one.pid for one in reading.processes if words in one.command]


@pytest.mark.parametrize("image", ["busybox", "debian"])
async def test_processes_are_read_and_get_signals(
    daemon: Daemon, instance_name: str, image: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name, image)
    loop = "while :; do :; done"
    start = f"sh -c '{loop}' busy-one >/dev/null 2>&1 & sleep 4242 >/dev/null 2>&1 &"
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", start)
    endpoint = Endpoint(socket=daemon.socket)
    async with Connection(endpoint, remote=daemon.name) as connection:
        service = ProcessService({daemon.name: connection})
        first = await service.read(ref)
        assert first.processes[0].pid == 1
        assert {one.user for one in first.processes} >= {"root"}
        assert all(one.cpu_percent is None for one in first.processes)
        assert not by_command(first, "lxdtui")
        assert not by_command(first, "grep")
        second = await service.read(ref, first)
        async with asyncio.timeout(20):
            while second.at - first.at < 0.3:
                second = await service.read(ref, first)
        (busy,) = (one for one in second.processes if "busy-one" in one.command)
        (sleeping,) = (one for one in second.processes if "sleep 4242" in one.command)
        assert busy.cpu_percent is not None
        assert sleeping.cpu_percent is not None
        assert busy.cpu_percent > 5 > sleeping.cpu_percent
        assert busy.memory_bytes > 10_000
        assert busy.cpu_seconds > 0
        # The number of one that is gone may belong to another by now.
        with pytest.raises(OperationFailed, match="ended meanwhile"):
            await service.send_signal(ref, replace(sleeping, started=1), "TERM")
        await service.send_signal(ref, sleeping, "TERM")
        await service.send_signal(ref, busy, "KILL")
        async with asyncio.timeout(20):
            while by_command(second, "busy-one") or by_command(second, "sleep 4242"):
                second = await service.read(ref, second)
        with pytest.raises(OperationFailed, match="ended meanwhile"):
            await service.send_signal(ref, busy, "TERM")
        await asyncio.to_thread(daemon.set_state, instance_name, "freeze")
        with pytest.raises(BadRequest):
            await service.read(ref, second)
        await asyncio.to_thread(daemon.set_state, instance_name, "unfreeze")


async def test_a_signal_meets_the_same_process_where_there_is_no_shell(
    daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    start = "sleep 4242 >/dev/null 2>&1 & rm /bin/sh"
    await asyncio.to_thread(daemon.exec, instance_name, "sh", "-c", start)
    endpoint = Endpoint(socket=daemon.socket)
    async with Connection(endpoint, remote=daemon.name) as connection:
        service = ProcessService({daemon.name: connection})
        reading = await service.read(ref)
        (sleeping,) = (one for one in reading.processes if "sleep 4242" in one.command)
        assert not by_command(reading, "ps aux")
        assert sleeping.started > 0
        assert sleeping.parent > 0
        # A signal to another process of the same number, and to one that nobody knows more of.
        for another in (
            replace(sleeping, started=sleeping.started - 1),
            replace(sleeping, started=0, command="sleep 1"),
            replace(sleeping, started=0, cpu_seconds=100.0),
        ):
            with pytest.raises(OperationFailed, match="ended meanwhile"):
                await service.send_signal(ref, another, "KILL")
        with pytest.raises(OperationFailed, match=r"(?i)signal"):
            await service.send_signal(ref, sleeping, "NONE")
        assert by_command(await service.read(ref), "sleep 4242")
        await service.send_signal(ref, sleeping, "KILL")
        async with asyncio.timeout(20):
            while by_command(reading, "sleep 4242"):
                reading = await service.read(ref, reading)
        with pytest.raises(OperationFailed, match="ended meanwhile"):
            await service.send_signal(ref, sleeping, "KILL")
        await asyncio.to_thread(
            daemon.exec, instance_name, "rm", "/usr/bin/find", "/bin/find", check=False
        )
        with pytest.raises(OperationFailed, match="Neither a shell nor find"):
            await service.send_signal(ref, reading.processes[0], "HUP")


def test_a_name_may_hold_brackets_and_line_ends() -> None:
    zeros = " ".join(["0"] * 7)
    tail = "20 0 3 0 777 1000 20 0 0"
    output = (
        f"9\n1 (a) S 1 (b\n) S 0 1 1 {zeros} 5 7 0 0 {tail}\n"
        f"9 (sh) R 1 9 9 {zeros} 1 1 0 0 {tail}\n\x01\n"
        "/proc/1/status:Uid:\t33\t33\t33\t33\n/proc/1/status:VmRSS:\t  2048 kB\n\x01\n"
        "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/:\n"
    )
    own, stats, owners, memory, users = parse_stats(output)
    assert own == 9
    assert [(stat.pid, stat.name, stat.state) for stat in stats] == [
        (1, "a) S 1 (b\n", "S"),
        (9, "sh", "R"),
    ]
    assert (stats[0].ticks, stats[0].threads, stats[0].started) == (12, 3, 777)
    assert memory == {1: 2048 * 1024}
    assert users[owners[1]] == "www-data"


@pytest.mark.parametrize(
    "output",
    [
        "USER PID %CPU RSS STAT TIME COMMAND\nwww 12 1.5 2048 Ss 1-01:02:03 nginx: master x\n",
        "  PID USER     %CPU   RSS COMMAND\n   12 www  1.5  2M nginx: master x\n",
        "PID   USER     TIME  COMMAND\n   12 www   0:00 nginx: master x\n",
        "PID USER VSZ STAT COMMAND\n12 www 2m S nginx: master x\n",
    ],
)
def test_every_ps_is_understood(output: str) -> None:
    (one,) = parse_ps(output)
    assert (one.pid, one.user, one.command) == (12, "www", "nginx: master x")
    assert one.memory_bytes in (0, 2 << 20)
    assert one.cpu_seconds in (0, 90123)
    assert one.cpu_percent in (None, 1.5)


@given(st.text())
def test_nothing_that_is_printed_breaks_the_reading(text: str) -> None:
    assert parse_stats(text)
    assert parse_ps(text) == () or "PID" in text
    assert isinstance(parse_ps(f"PID USER COMMAND\n{text}"), tuple)
