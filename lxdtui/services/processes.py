"""The processes of an instance, read from inside it, and signals to them.

``/proc`` is read by a few lines for any ``sh``, so that procps, busybox and no
``ps`` at all make no difference, and CPU use is that of now: the difference of
two readings. What cannot be read so is asked of whatever ``ps`` there is.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxdtui.api.connection import Connection
from lxdtui.errors import NotFound, OperationFailed
from lxdtui.model.process import OUR_MARK, Process
from lxdtui.model.refs import InstanceRef

__all__ = ["ProcessReading", "ProcessService", "parse_ps", "parse_stats"]

_TICKS = 100
"""Ticks a second of the times in ``/proc`` (``USER_HZ``, the same on all that LXD runs on)."""
_LARGEST = 4 << 20
"""Bytes of output that are looked at; a hostile instance may send for ever."""
_MOST_TIMES = 16
_COMMAND_BYTES = 1024
_SEPARATOR = "\x01\n"

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
# A number may belong to another process by now: its start must be the same.
_SIGNAL = """
signal=$1 pid=$2 started=$3
line=$(cat "/proc/$pid/stat" 2>/dev/null) || exit 3
set -f
set -- ${line##*) }
[ "${20}" = "$started" ] || exit 3
kill -s "$signal" "$pid"
"""

# proc_pid_stat(5): the name in brackets may hold anything, 15 bytes of it.
_STAT = re.compile(r"^(\d+) \((.{0,64}?)\) ([A-Za-z]) (\d+(?: -?\d+){18,})$", re.M | re.S)
_STATUS = re.compile(r"^/proc/(\d+)/status:(Uid|VmRSS):\s+(\d+)", re.M)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKmMgG]?)")
_TIME = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReading:
    """All processes at one moment."""

    processes: tuple[Process, ...]
    """By number."""
    at: float
    """When, in monotonic seconds."""
    commands: Mapping[tuple[int, int, str], str] = field(default_factory=dict, repr=False)
    """Command lines by number, start and name, so that they are read but once."""


@dataclass(frozen=True, slots=True)
class _Stat:
    pid: int
    name: str
    state: str
    parent: int
    ticks: int
    threads: int
    started: int


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
        tried = f"send {signal} to process {process.pid} in {ref.name}"
        started = str(process.started or "")
        arguments = (OUR_MARK, signal, str(process.pid), started)
        command = ["sh", "-c", _SIGNAL, *arguments]
        if not started:
            # It was told by ps, because no shell could read /proc.
            command = ["kill", "-s", signal, str(process.pid)]
        code, _, errors = await self._connections[ref.remote].exec.run(ref, command, limit=_LARGEST)
        if code == 3:
            raise OperationFailed(tried, "The process has ended meanwhile.")
        if code:
            raise OperationFailed(tried, errors[:500].decode("utf-8", "replace").strip())

    async def _read_ps(self, ref: InstanceRef, at: float) -> ProcessReading:
        output = await self._output(ref, ["ps", "aux"])
        processes = parse_ps(output)
        if not processes:
            reason = "It has no /proc that a shell can read, and its ps says nothing."
            raise OperationFailed(f"read the processes of {ref.name}", reason)
        return ProcessReading(processes=processes, at=at)

    async def _commands(
        self, ref: InstanceRef, stats: Sequence[_Stat], before: ProcessReading | None
    ) -> dict[tuple[int, int, str], str]:
        """Return the command lines; only what was not known before is read."""
        known = before.commands if before else {}
        keys = [(stat.pid, stat.started, stat.name) for stat in stats]
        commands = {key: known[key] for key in keys if key in known}
        missing = [key for key in keys if key not in known]
        # A command line has room for some thousand numbers.
        for start in range(0, len(missing), 2000):
            some = missing[start : start + 2000]
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


def parse_stats(
    output: str,
) -> tuple[int, list[_Stat], dict[int, str], dict[int, int], dict[str, str]]:
    """Read what the script printed; anything may stand in it.

    Returns:
        Number of the script itself; the processes; user ids and bytes of
        resident memory by process; names of users by id.
    """
    first, _, rest = output.partition("\n")
    stat_part, _, rest = rest.partition(_SEPARATOR)
    status_part, _, passwd = rest.partition(_SEPARATOR)
    stats: dict[int, _Stat] = {}
    for match in _STAT.finditer(stat_part):
        numbers = match[4].split(" ")
        stat = _Stat(
            pid=int(match[1][:18]),
            name=match[2],
            state=match[3],
            parent=int(numbers[0]),
            ticks=int(numbers[10]) + int(numbers[11]),
            threads=int(numbers[16]),
            started=int(numbers[18]),
        )
        stats.setdefault(stat.pid, stat)
    owners: dict[int, str] = {}
    memory: dict[int, int] = {}
    for pid, key, value in _STATUS.findall(status_part):
        if key == "Uid":
            owners.setdefault(int(pid[:18]), value)
        else:
            memory.setdefault(int(pid[:18]), int(value[:15]) * 1024)
    users: dict[str, str] = {}
    for line in passwd.splitlines():
        fields = line.split(":")
        if len(fields) >= 3:
            users.setdefault(fields[2], fields[0])
    own = int(first[:18]) if first.isascii() and first.isdigit() else -1
    return own, sorted(stats.values(), key=lambda one: one.pid), owners, memory, users


def parse_ps(output: str) -> tuple[Process, ...]:
    """Read what some ``ps`` printed, by the titles of its columns.

    Args:
        output: A line of titles and a line a process, as procps and busybox print them.
    """
    lines = output.splitlines()
    titles = lines[0].split() if lines else []
    if "PID" not in titles or titles[-1] not in ("COMMAND", "CMD"):
        return ()
    processes: list[Process] = []
    for line in lines[1:]:
        words = line.split(None, len(titles) - 1)
        row = dict(zip(titles, words, strict=False))
        pid, command = row.get("PID", ""), row.get(titles[-1], "")
        if not (pid.isascii() and pid.isdigit()) or not command:
            continue
        cpu = re.fullmatch(r"\d+(?:\.\d+)?", row.get("%CPU", ""))
        processes.append(
            Process(
                pid=int(pid[:18]),
                parent=0,
                user=row.get("USER", row.get("UID", "")),
                state=row.get("STAT", row.get("S", ""))[:1],
                cpu_percent=float(cpu[0]) if cpu else None,
                memory_bytes=_bytes(row.get("RSS", row.get("VSZ", ""))),
                cpu_seconds=_seconds(row.get("TIME", "")),
                threads=0,
                started=0,
                command=command[:_COMMAND_BYTES],
            )
        )
    return tuple(sorted(processes, key=lambda one: one.pid))


def _bytes(text: str) -> int:
    """Read a size in KiB, or with a letter."""
    match = _SIZE.fullmatch(text[:20])
    if match is None:
        return 0
    factor = {"": 10, "k": 10, "m": 20, "g": 30}[match[2].lower()]
    return int(float(match[1]) * (1 << factor))


def _seconds(text: str) -> float:
    """Read ``[[DAYS-]HOURS:]MINUTES:SECONDS``."""
    match = _TIME.match(text[:20])
    if match is None:
        return 0.0
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
