"""What the pages of the detail screen read, without a server behind it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from lxdtui.errors import LxdTuiError
from lxdtui.model.process import Process
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.services.logs import CONSOLE, LogText
from lxdtui.services.processes import ProcessReading

_PROCESSES = (
    (1, 0, "root", "S", 0.1, 12, 41.0, "/sbin/init"),
    (38, 1, "root", "S", 0.0, 18, 96.0, "/lib/systemd/systemd-journald"),
    (77, 1, "root", "S", 0.0, 9, 12.0, "/usr/sbin/cron -f"),
    (166, 1, "root", "S", 0.0, 11, 4.0, "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100"),
    (254, 1, "postgres", "S", 2.4, 330, 18727.0, "postgres: 16/main: checkpointer"),
    (255, 1, "postgres", "R", 61.0, 2210, 240120.0, "postgres: 16/main: app app 10.20.4.21(51822)"),
    (332, 254, "postgres", "D", 12.0, 815, 9312.0, "postgres: 16/main: autovacuum worker orders"),
    (354, 254, "postgres", "Z", 0.0, 0, 0.0, "[psql] [bold]<defunct>[/bold]"),
)


@dataclass(slots=True)
class FakeProcesses:
    """Processes as the test wants them."""

    error: LxdTuiError | None = None
    gate: asyncio.Event | None = None
    """What a reading waits for."""
    at: float = 10_000.0
    reads: list[InstanceRef] = field(default_factory=list)
    sent: list[tuple[InstanceRef, int, str]] = field(default_factory=list)

    async def read(self, ref: InstanceRef, before: ProcessReading | None = None) -> ProcessReading:
        del before
        self.reads.append(ref)
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        processes = tuple(
            Process(
                pid=pid,
                parent=parent,
                user=user,
                state=state,
                cpu_percent=cpu,
                memory_bytes=mebibytes << 20,
                cpu_seconds=seconds,
                threads=1,
                started=pid * 100,
                command=command,
            )
            for pid, parent, user, state, cpu, mebibytes, seconds, command in _PROCESSES
        )
        return ProcessReading(processes=processes, at=self.at)

    async def send_signal(self, ref: InstanceRef, process: Process, signal: str) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append((ref, process.pid, signal))


@dataclass(slots=True)
class FakeOperations:
    """Takes what is to be cancelled."""

    error: LxdTuiError | None = None
    cancelled: list[OperationRef] = field(default_factory=list)

    async def cancel(self, ref: OperationRef) -> None:
        self.cancelled.append(ref)
        if self.error is not None:
            raise self.error


_CONSOLE = """systemd 252 running in system mode
Detected virtualization lxc.
[  OK  ] Reached target Local File Systems.
[  OK  ] Started \x1b[31mNetwork\x1b[0m Service.
db-primary login: """
_LOG = "".join(
    f"lxc db-primary 20261124{number % 24:02}0000.000 WARN     cgfsng - cgroups/cgfsng.c:"
    f"fchowmodat:{1600 + number} - No such file or directory - Failed to chown {number}\n"
    for number in range(60)
)


@dataclass(slots=True)
class FakeLogs:
    """Logs as the test wants them."""

    texts: dict[str, str] = field(
        default_factory=lambda: {CONSOLE: _CONSOLE, "lxc.conf": "", "lxc.log": _LOG}
    )
    error: LxdTuiError | None = None
    gate: asyncio.Event | None = None
    """What a listing waits for."""
    saved: list[tuple[str, Path]] = field(default_factory=list)

    async def names(self, ref: InstanceRef) -> tuple[str, ...]:
        assert ref.name
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return tuple(self.texts)

    async def read(self, ref: InstanceRef, name: str, before: LogText | None = None) -> LogText:
        assert ref.name
        if self.error is not None:
            raise self.error
        raw = self.texts[name].encode()
        if before is not None and before.raw == raw:
            return before
        return LogText.of(raw, is_cut=False)

    async def save(
        self, ref: InstanceRef, name: str, path: Path, *, read: LogText | None = None
    ) -> int:
        assert ref.name
        assert read is not None
        if self.error is not None:
            raise self.error
        self.saved.append((name, path))
        return len(read.raw)
