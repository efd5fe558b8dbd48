"""What ``/proc`` and ``ps`` of an instance print, read; anything may stand in it. Pure."""

import re
from dataclasses import dataclass

from lxdtui.model.process import Process

__all__ = ["SEPARATOR", "Stat", "parse_ps", "parse_stats"]

SEPARATOR = "\x01\n"
"""What stands between the parts of what is read of ``/proc``."""
_COMMAND_BYTES = 1024

# proc_pid_stat(5): the name in brackets may hold anything, 15 bytes of it.
_STAT = re.compile(r"^(\d+) \((.{0,64}?)\) ([A-Za-z]) (\d+(?: -?\d+){18,})$", re.M | re.S)
_STATUS = re.compile(r"^/proc/(\d+)/status:(Uid|VmRSS):\s+(\d+)", re.M)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKmMgG]?)")
_TIME = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Stat:
    """A process as ``/proc/PID/stat`` tells it."""

    pid: int
    name: str
    state: str
    parent: int
    ticks: int
    threads: int
    started: int


def parse_stats(
    output: str,
) -> tuple[int, list[Stat], dict[int, str], dict[int, int], dict[str, str]]:
    """Read what the script printed; anything may stand in it.

    Returns:
        Number of the script itself; the processes; user ids and bytes of
        resident memory by process; names of users by id.
    """
    first, _, rest = output.partition("\n")
    stat_part, _, rest = rest.partition(SEPARATOR)
    status_part, _, passwd = rest.partition(SEPARATOR)
    stats: dict[int, Stat] = {}
    for match in _STAT.finditer(stat_part):
        numbers = match[4].split(" ")
        stat = Stat(
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
