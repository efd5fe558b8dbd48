"""Programs about the container itself, its terminal and its time."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from lxdtui.demo.filesystem import normalize
from lxdtui.demo.shell.process import Machine, Process, Program, UsageError, seeded

_KERNEL = "6.1.0-28-amd64"
_LONGEST_SLEEP = 86400.0
_SERVICES = (
    "/sbin/init",
    "/lib/systemd/systemd-journald",
    "/lib/systemd/systemd-networkd",
    "/usr/sbin/cron -f",
    "/usr/sbin/sshd -D",
    "/usr/bin/dbus-daemon --system",
    "/usr/local/bin/app --config /etc/app.toml",
    "/usr/local/bin/app-worker 1",
    "/usr/local/bin/app-worker 2",
    "/usr/sbin/nginx: worker process",
)
_SIGNALS = {
    "1": "HUP",
    "2": "INT",
    "3": "QUIT",
    "6": "ABRT",
    "9": "KILL",
    "10": "USR1",
    "12": "USR2",
    "15": "TERM",
    "18": "CONT",
    "19": "STOP",
}
_ENDING_SIGNALS = frozenset(("INT", "QUIT", "ABRT", "KILL", "TERM"))
"""What ends a service; the others make it read its settings again, or change nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A process as ``ps`` and ``top`` show it."""

    pid: int
    user: str
    cpu: float
    """Percent of one processor."""
    memory: int
    """Bytes."""
    seconds: float
    """Processor time."""
    command: str


def tasks(machine: Machine) -> list[Task]:
    """Invented processes that share the container's real figures."""
    rng = seeded(machine, "tasks")
    weights = [rng.uniform(0.01, 0.06) for _ in _SERVICES]
    weights[6] = 1.0
    weights[7] = weights[8] = 0.35
    total = sum(weights)
    found = []
    pid = 1
    for command, weight in zip(_SERVICES, weights, strict=True):
        share = weight / total
        cpu = machine.load * 100 * share
        found.append(
            Task(
                pid=pid,
                user="www-data" if "app" in command or "nginx" in command else "root",
                cpu=cpu,
                memory=int(machine.memory_used * share),
                seconds=machine.uptime * cpu / 100,
                command=command,
            )
        )
        pid += rng.randint(20, 90)
    ended = machine.ended()
    return [task for task in found if task.pid not in ended]


async def ps(process: Process) -> int:
    """``ps``: everything, whatever the options."""
    lines = ["  PID USER     %CPU   RSS COMMAND\n"]
    rows = [
        (task.pid, task.user, task.cpu, task.memory, task.command)
        for task in tasks(process.machine)
    ]
    rows += [
        (pid, user, 0.0, 3 << 20, words)
        for pid, (user, words) in process.machine.commands().items()
    ]
    for pid, user, cpu, memory, command in rows:
        lines.append(f"{pid:5} {user:<8} {cpu:4.1f} {memory >> 20:4}M {command}\n")
    await process.print("".join(lines))
    return 0


async def kill(process: Process) -> int:
    """``kill [-s SIGNAL | -SIGNAL] PID...``: ends invented processes, but not the first one.

    As in a real container, the first process gets no signal that it does not ask for.
    """
    operands = process.operands
    signal = "TERM"
    if operands[:1] == ["-s"]:
        signal, operands = "".join(operands[1:2]), operands[2:]
    elif operands and operands[0].startswith("-") and operands[0] != "--":
        signal, operands = operands[0][1:], operands[1:]
    name = _SIGNALS.get(signal, signal.upper().removeprefix("SIG"))
    if name not in _SIGNALS.values():
        raise UsageError(f"{signal}: invalid signal specification")
    if operands[:1] == ["--"]:
        operands = operands[1:]
    if not operands:
        raise UsageError("usage: kill [-s SIGNAL | -SIGNAL] PID...")
    machine = process.machine
    status = 0
    for operand in operands:
        pid = int(operand) if operand.isascii() and operand.isdecimal() else -1
        if pid in machine.commands():
            await process.complain(
                f"({operand}) - This is a command of the demo: end it with Ctrl-C"
            )
            status = 1
        elif not any(task.pid == pid for task in tasks(machine)):
            await process.complain(f"({operand}) - No such process")
            status = 1
        elif pid != 1 and name in _ENDING_SIGNALS:
            machine.end(pid)
    return status


async def free(process: Process) -> int:
    """``free [-m] [-h]``."""
    process.options("mhkg")
    total, used = process.machine.memory_total >> 20, process.machine.memory_used >> 20
    await process.print(
        "               total        used        free\n"
        f"Mem:    {total:11}M{used:11}M{max(0, total - used):11}M\n"
        f"Swap:   {0:11}M{0:11}M{0:11}M\n"
    )
    return 0


async def uptime(process: Process) -> int:
    """``uptime``."""
    await process.print(f" {uptime_words(process.machine)}\n")
    return 0


def uptime_words(machine: Machine) -> str:
    """The line that ``uptime`` and ``top`` show."""
    minutes = int(machine.uptime) // 60
    days, minutes = divmod(minutes, 1440)
    up = f"{days} days, " if days else ""
    load = machine.load
    moment = datetime.fromtimestamp(machine.now(), UTC)
    return (
        f"{moment:%H:%M:%S} up {up}{minutes // 60}:{minutes % 60:02},  1 user,"
        f"  load average: {load:.2f}, {load * 0.94:.2f}, {load * 0.9:.2f}"
    )


async def uname(process: Process) -> int:
    """``uname [-a] [-r] [-n] [-m]``."""
    letters, _ = process.options("arnmso")
    fields = {
        "s": "Linux",
        "n": process.machine.hostname,
        "r": _KERNEL,
        "m": "x86_64",
        "o": "GNU/Linux",
    }
    wanted = "snrmo" if "a" in letters else "".join(key for key in fields if key in letters) or "s"
    await process.print(" ".join(fields[key] for key in wanted) + "\n")
    return 0


async def hostname(process: Process) -> int:
    """``hostname``."""
    await process.print(f"{process.machine.hostname}\n")
    return 0


async def whoami(process: Process) -> int:
    """``whoami``."""
    await process.print(f"{process.user_name}\n")
    return 0


async def identity(process: Process) -> int:
    """``id [-u] [-g] [-n]``."""
    letters, _ = process.options("ugn")
    if "u" in letters:
        text = process.user_name if "n" in letters else str(process.uid)
    elif "g" in letters:
        text = str(process.gid)
    else:
        group = "root" if process.gid == 0 else str(process.gid)
        text = f"uid={process.uid}({process.user_name}) gid={process.gid}({group})"
        text += f" groups={process.gid}({group})"
    await process.print(f"{text}\n")
    return 0


async def date(process: Process) -> int:
    """``date [+format]``."""
    moment = datetime.fromtimestamp(process.machine.now(), UTC)
    formats = [word[1:] for word in process.operands if word.startswith("+")]
    pattern = formats[0] if formats else "%a %b %e %H:%M:%S UTC %Y"
    if "%s" in pattern:
        pattern = pattern.replace("%s", str(int(process.machine.now())))
    await process.print(moment.strftime(pattern) + "\n")
    return 0


async def pwd(process: Process) -> int:
    """``pwd``."""
    await process.print(normalize(process.directory) + "\n")
    return 0


async def env(process: Process) -> int:
    """``env``: the environment."""
    await process.print("".join(f"{k}={v}\n" for k, v in sorted(process.environment.items())))
    return 0


async def printenv(process: Process) -> int:
    """``printenv [name]``."""
    if not process.operands:
        return await env(process)
    value = process.environment.get(process.operands[0])
    if value is None:
        return 1
    await process.print(f"{value}\n")
    return 0


async def clear(process: Process) -> int:
    """``clear`` and ``reset``."""
    await process.print("\x1b[H\x1b[2J\x1b[3J")
    return 0


async def sleep(process: Process) -> int:
    """``sleep seconds``: in real time, whatever the pace of the demo."""
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    seconds = 0.0
    for word in process.operands:
        number, factor = (word[:-1], units[word[-1]]) if word[-1:] in units else (word, 1.0)
        try:
            seconds += float(number) * factor
        except ValueError:
            raise UsageError(f"invalid time interval '{word}'") from None
    if not process.operands:
        raise UsageError("missing operand")
    if not seconds >= 0:
        raise UsageError("invalid time interval")
    await asyncio.sleep(min(seconds, _LONGEST_SLEEP))
    return 0


async def true(_process: Process) -> int:
    """``true``."""
    return 0


async def false(_process: Process) -> int:
    """``false``."""
    return 1


async def stty(process: Process) -> int:
    """``stty size``, and nothing else of substance."""
    terminal = process.terminal
    if terminal is None:
        await process.complain("standard input: Inappropriate ioctl for device")
        return 1
    if process.operands[:1] == ["size"]:
        await process.print(f"{terminal.rows} {terminal.columns}\n")
    elif not process.operands or process.operands[0] == "-a":
        await process.print(
            f"speed 38400 baud; rows {terminal.rows}; columns {terminal.columns};\n"
        )
    return 0


async def tty(process: Process) -> int:
    """``tty``."""
    if process.terminal is None:
        await process.print("not a tty\n")
        return 1
    await process.print("/dev/pts/1\n")
    return 0


async def tput(process: Process) -> int:
    """``tput cols|lines|clear``."""
    columns, rows = (
        (80, 24) if process.terminal is None else (process.terminal.columns, process.terminal.rows)
    )
    answers = {"cols": f"{columns}\n", "lines": f"{rows}\n", "clear": "\x1b[H\x1b[2J"}
    await process.print(answers.get(" ".join(process.operands[:1]), ""))
    return 0


async def nproc(process: Process) -> int:
    """``nproc``."""
    await process.print(f"{process.machine.cpus}\n")
    return 0


SYSTEM_PROGRAMS: dict[str, Program] = {
    "ps": ps,
    "kill": kill,
    "free": free,
    "uptime": uptime,
    "uname": uname,
    "hostname": hostname,
    "whoami": whoami,
    "id": identity,
    "date": date,
    "pwd": pwd,
    "env": env,
    "printenv": printenv,
    "clear": clear,
    "reset": clear,
    "sleep": sleep,
    "true": true,
    "sync": true,
    "false": false,
    "stty": stty,
    "tty": tty,
    "tput": tput,
    "nproc": nproc,
}
