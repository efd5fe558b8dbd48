"""Processes as the eye wants them: sorted, found by words, in cells. Pure."""

from collections.abc import Callable, Sequence

from lxdtui.model.process import Process
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import safe_text

__all__ = [
    "PROCESS_SORTS",
    "cpu_time",
    "matching",
    "memory_words",
    "sorted_processes",
    "state_words",
    "tree_of",
]

_STATES = {
    "R": "running",
    "S": "sleeping",
    "I": "idle",
    "D": "waits for I/O",
    "Z": "zombie",
    "T": "stopped",
    "t": "traced",
    "X": "dead",
}
_KEYS: dict[str, Callable[[Process], tuple[object, ...]]] = {
    "cpu": lambda one: (-(one.cpu_percent or 0.0), -one.cpu_seconds, one.pid),
    "memory": lambda one: (-one.memory_bytes, one.pid),
    "pid": lambda one: (one.pid,),
    "user": lambda one: (one.user, one.pid),
    "time": lambda one: (-one.cpu_seconds, one.pid),
    "command": lambda one: (one.command.casefold(), one.pid),
}
PROCESS_SORTS = tuple(_KEYS)
"""Columns that can be sorted by; large numbers come first."""


def sorted_processes(
    processes: Sequence[Process], by: str, *, reverse: bool = False
) -> list[Process]:
    """Sort by a column of :data:`PROCESS_SORTS`."""
    return sorted(processes, key=_KEYS[by], reverse=reverse)


def tree_of(processes: Sequence[Process]) -> list[tuple[Process, int]]:
    """Put each process below the one that started it.

    Args:
        processes: Some processes; one whose parent is not among them is at the top.

    Returns:
        The processes and how deep each of them is.
    """
    known = {one.pid: one for one in processes}
    by_age = sorted(known.values(), key=lambda one: one.pid, reverse=True)
    children: dict[int, list[Process]] = {}
    for one in by_age:
        children.setdefault(one.parent, []).append(one)
    lines: dict[int, tuple[Process, int]] = {}
    # What comes from outside may go in circles: whoever is left over is at the top, too.
    waiting = [(one, 0) for one in by_age]
    waiting += [(one, 0) for one in by_age if one.parent not in known]
    while waiting:
        process, depth = waiting.pop()
        if process.pid not in lines:
            lines[process.pid] = (process, depth)
            waiting += [(one, depth + 1) for one in children.get(process.pid, ())]
    return list(lines.values())


def matching(processes: Sequence[Process], words: str) -> list[Process]:
    """Keep the processes whose command, user or number has each of some words."""
    wanted = words.casefold().split()
    return [
        one
        for one in processes
        if all(word in f"{one.command} {one.user} {one.pid}".casefold() for word in wanted)
    ]


def state_words(state: str) -> str:
    """Say what the letter of a state means."""
    return _STATES.get(state, safe_text(state))


def cpu_time(seconds: float) -> str:
    """Write CPU time as ``ps`` does: ``0:04``, ``12:07``, ``3:12:07``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def memory_words(process: Process) -> str:
    """Write the resident memory; nothing for a kernel thread."""
    return size(process.memory_bytes) if process.memory_bytes else ""
