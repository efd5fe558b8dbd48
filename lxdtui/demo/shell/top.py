"""``top``: a small full-screen program, so that the demo has one."""

import asyncio

from lxdtui.demo.shell.process import Process
from lxdtui.demo.shell.system_programs import Task, tasks, uptime_words
from lxdtui.demo.shell.terminal import Terminal

REFRESH_SECONDS = 2.0
_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_QUIT_KEYS = frozenset(b"q\x03\x1b")


async def top(process: Process) -> int:
    """``top``: processes on the alternate screen; q leaves."""
    terminal = process.terminal
    if terminal is None or process.stdout is not terminal:
        await process.complain("failed tty get")
        return 1
    terminal.set_raw(True)
    await terminal.write_raw(_ENTER.encode())
    try:
        while not await _shows_until_key(process, terminal):
            pass
    finally:
        terminal.set_raw(False)
        await terminal.write_raw(_LEAVE.encode())
    return 0


async def _shows_until_key(process: Process, terminal: Terminal) -> bool:
    """Paint once and wait for a key, a new size or the next turn.

    Returns:
        Whether the program is to end.
    """
    terminal.resized.clear()
    await terminal.write_raw(_screen(process, terminal).encode())
    key = asyncio.create_task(terminal.read())
    size = asyncio.create_task(terminal.resized.wait())
    try:
        await asyncio.wait(
            (key, size), timeout=REFRESH_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        return key.done() and bool(_QUIT_KEYS & set(key.result()))
    finally:
        for task in (key, size):
            task.cancel()
        await asyncio.gather(key, size, return_exceptions=True)


def _screen(process: Process, terminal: Terminal) -> str:
    machine = process.machine
    total, used = machine.memory_total / 2**20, machine.memory_used / 2**20
    busy = min(100.0, machine.load / max(1, machine.cpus) * 100)
    found = sorted(tasks(machine), key=lambda task: -task.cpu)
    lines = [
        f"top - {uptime_words(machine)}",
        f"Tasks: {len(found)} total,   1 running, {len(found) - 1} sleeping",
        f"%Cpu(s): {busy:5.1f} us, {100 - busy:5.1f} id",
        f"MiB Mem : {total:9.1f} total, {total - used:9.1f} free, {used:9.1f} used",
        "",
    ]
    header = "  PID USER      %CPU    RES     TIME+ COMMAND"
    lines = [line[: terminal.columns] for line in lines]
    lines.append(f"\x1b[7m{header[: terminal.columns].ljust(terminal.columns)}\x1b[0m")
    lines += [_line(task)[: terminal.columns] for task in found]
    body = "\x1b[K\r\n".join(lines[: terminal.rows])
    return f"\x1b[H{body}\x1b[J"


def _line(task: Task) -> str:
    minutes, seconds = divmod(task.seconds, 60)
    time = f"{int(minutes)}:{seconds:05.2f}"
    figures = f"{task.cpu:5.1f} {task.memory >> 20:5}m {time:>9}"
    return f"{task.pid:5} {task.user:<8} {figures} {task.command}"
