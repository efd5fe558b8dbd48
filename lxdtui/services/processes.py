"""The processes of an instance, read from inside it, and signals to them.

``/proc`` is read by a few lines for any ``sh``, so that procps, busybox and no
``ps`` at all make no difference, and CPU use is that of now: the difference of
two readings. What cannot be read so is asked of whatever ``ps`` there is.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxdtui.api.connection import Connection
from lxdtui.errors import NotFound, OperationFailed
from lxdtui.model.process import OUR_MARK, Process
from lxdtui.model.refs import InstanceRef
from lxdtui.services.process_output import SEPARATOR, Stat, parse_ps, parse_stats
from lxdtui.services.process_signals import send_signal

__all__ = ["ProcessReading", "ProcessService"]

_TICKS = 100
"""Ticks a second of the times in ``/proc`` (``USER_HZ``, the same on all that LXD runs on)."""
_LARGEST = 4 << 20
"""Bytes of output that are looked at; a hostile instance may send for ever."""
_MOST_TIMES = 16
_PS = ("ps", "aux")
_AT_ONCE = 2000
"""Processes that are named in one command; a command line has room for some thousand."""

# One cat and one grep for all processes; two forks, however many there are.
_READ = """
echo $$
cat /proc/[0-9]*/stat 2>/dev/null
printf '\\001\\n'
grep -H -E '^(Uid|VmRSS):' /proc/[0-9]*/status 2>/dev/null
printf '\\001\\n'
head -c 65536 /etc/passwd 2>/dev/null
exit 0
"""
_READ_COMMANDS = """
for pid in "$@"; do
  printf '\\001%s\\n' "$pid"
  head -c 1024 "/proc/$pid/cmdline" 2>/dev/null
done
exit 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReading:
    """All processes at one moment."""

    processes: tuple[Process, ...]
    """By number."""
    at: float
    """When, in monotonic seconds."""
    commands: Mapping[tuple[int, int, str], str] = field(default_factory=dict, repr=False)
    """Command lines by number, start and name, so that they are read but once."""


class ProcessService:
    """Reads the processes of instances and sends signals to them."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = connections
        self._clock = clock

    async def read(self, ref: InstanceRef, before: ProcessReading | None = None) -> ProcessReading:
        """Read all processes.

        Args:
            ref: A running instance.
            before: The reading before; CPU use is told since then.

        Raises:
            BadRequest: It is not running, or frozen.
            OperationFailed: It has neither ``sh`` nor ``ps``.
            LxdTuiError: The link broke.
        """
        try:
            output = await self._output(ref, ["sh", "-c", _READ, OUR_MARK])
        except (OperationFailed, NotFound):
            output = ""
        at = self._clock()
        own, stats, owners, memory, users = parse_stats(output)
        if not stats:
            return await self._read_ps(ref, at)
        stats = [stat for stat in stats if own not in (stat.pid, stat.parent)]
        commands = await self._commands(ref, stats, before)
        earlier = {(one.pid, one.started): one for one in before.processes} if before else {}
        seconds = at - before.at if before else 0.0
        processes = []
        for stat in stats:
            cpu_seconds = stat.ticks / _TICKS
            known = earlier.get((stat.pid, stat.started))
            # One that was not there before has used all of its time since then.
            used = cpu_seconds - (known.cpu_seconds if known else 0.0)
            owner = owners.get(stat.pid, "")
            processes.append(
                Process(
                    pid=stat.pid,
                    parent=stat.parent,
                    user=users.get(owner, owner),
                    state=stat.state,
                    cpu_percent=max(used / seconds * 100, 0.0) if seconds > 0 else None,
                    memory_bytes=memory.get(stat.pid, 0),
                    cpu_seconds=cpu_seconds,
                    threads=stat.threads,
                    started=stat.started,
                    command=commands[stat.pid, stat.started, stat.name] or f"[{stat.name}]",
                )
            )
        return ProcessReading(processes=tuple(processes), at=at, commands=commands)

    async def send_signal(self, ref: InstanceRef, process: Process, signal: str) -> None:
        """Send a signal to a process, unless its number belongs to another one by now.

        Args:
            ref: A running instance.
            process: The process, as it was read.
            signal: ``TERM``, ``KILL``, ``HUP``, …

        Raises:
            OperationFailed: It is gone, or the instance could not.
            ApiError: The server refused.
        """
        await send_signal(self._connections[ref.remote], ref, process, signal)

    async def _read_ps(self, ref: InstanceRef, at: float) -> ProcessReading:
        processes = parse_ps(await self._output(ref, list(_PS)))
        own = max((one.pid for one in processes if one.command == " ".join(_PS)), default=-1)
        processes = tuple(one for one in processes if one.pid != own)
        if not processes:
            reason = "It has no /proc that a shell can read, and its ps says nothing."
            raise OperationFailed(f"read the processes of {ref.name}", reason)
        return ProcessReading(processes=await self._with_starts(ref, processes), at=at)

    async def _with_starts(
        self, ref: InstanceRef, processes: tuple[Process, ...]
    ) -> tuple[Process, ...]:
        """Add what makes a process known for sure, where the kernel's files can be read."""
        paths = [f"/proc/{process.pid}/stat" for process in processes[:_AT_ONCE]]
        try:
            output = await self._output(ref, ["cat", *paths])
        except (OperationFailed, NotFound):
            return processes
        known = {stat.pid: stat for stat in parse_stats(f"\n{output}{SEPARATOR}")[1]}
        return tuple(
            replace(
                process,
                parent=known[process.pid].parent,
                started=known[process.pid].started,
                threads=known[process.pid].threads,
                cpu_seconds=known[process.pid].ticks / _TICKS,
            )
            if process.pid in known
            else process
            for process in processes
        )

    async def _commands(
        self, ref: InstanceRef, stats: Sequence[Stat], before: ProcessReading | None
    ) -> dict[tuple[int, int, str], str]:
        """Return the command lines; only what was not known before is read."""
        known = before.commands if before else {}
        keys = [(stat.pid, stat.started, stat.name) for stat in stats]
        commands = {key: known[key] for key in keys if key in known}
        missing = [key for key in keys if key not in known]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            pids = [str(key[0]) for key in some]
            output = await self._output(ref, ["sh", "-c", _READ_COMMANDS, OUR_MARK, *pids])
            by_pid: dict[str, str] = {}
            for part in output.split("\x01")[1:]:
                pid, _, line = part.partition("\n")
                by_pid.setdefault(pid, line.rstrip("\0").replace("\0", " ").strip())
            commands |= {key: by_pid.get(str(key[0]), "") for key in some}
        return commands

    async def _output(self, ref: InstanceRef, command: Sequence[str]) -> str:
        kept = bytearray()

        def keep(data: bytes) -> None:
            kept.extend(data[: max(_LARGEST - len(kept), 0)])

        run = self._connections[ref.remote].exec.run
        # What goes on for ever is killed, long after all that is looked at.
        await run(
            ref, command, on_stdout=keep, on_stderr=lambda _: None, limit=_MOST_TIMES * _LARGEST
        )
        return kept.decode("utf-8", "replace")
