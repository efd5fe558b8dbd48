"""Finds and ends the processes of one lab, and nothing else.

Every process of a lab carries the lab's root in its environment (`MARK`), which children inherit;
the processes inside a container do not, but descend from one that does. Recorded process ids
alone would not do: a number can belong to somebody else by the time it is used.
"""

import contextlib
import itertools
import os
import signal
import time
from pathlib import Path

MARK = "LXDTUI_LAB_ROOT"

_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")
_DEADLINE = 15.0


def start_time(pid: int) -> str:
    """When `pid` started, in clock ticks since boot; empty when there is no such process."""
    fields = _stat(pid)
    return fields[19] if fields and fields[0] != "Z" else ""


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the third (the state) on, see proc(5)."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name before it may hold anything, blanks and brackets too.
    return text.rpartition(")")[2].split()


def of_lab(root: Path) -> list[int]:
    """The processes of the lab at `root` with all their descendants, this process left out."""
    parents = {pid: int(fields[1]) for pid in _pids() if (fields := _stat(pid))}
    mark = f"{MARK}={root}".encode()
    found = {pid for pid in parents if mark in _environment(pid)}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(pid for pid in found - {os.getpid()} if _stat(pid)[:1] not in ([], ["Z"]))


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def kill_all_of_lab(root: Path) -> None:
    """Kills the processes of the lab at `root` and removes the cgroups that they leave empty."""
    cgroups: set[Path] = set()
    deadline = time.monotonic() + _DEADLINE
    while pids := of_lab(root):
        # All of them before the first kill: the end of one can be the end of another, and what is
        # dead is in no cgroup any more.
        for pid in pids:
            cgroups |= _container_cgroups(pid)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            raise TimeoutError(f"processes {pids} of {root} do not end")
        time.sleep(0.02)
    for cgroup in cgroups:
        _remove_cgroup(cgroup)


def _container_cgroups(pid: int) -> set[Path]:
    """The cgroups of the container that `pid` belongs to, in every hierarchy, see cgroups(7)."""
    found: set[Path] = set()
    try:
        lines = (_PROC / str(pid) / "cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        _, controllers, path = line.split(":", 2)
        parts = path.strip("/").split("/")
        of_container = (part.startswith(("lxc.payload.", "lxc.monitor.")) for part in parts)
        depth = next(itertools.compress(itertools.count(1), of_container), 0)
        if not depth:
            continue
        # Version 2 has no controllers here; it is mounted by itself, or beside version 1.
        tops = [controllers.removeprefix("name=")] if controllers else ["", "unified"]
        found |= {_CGROUPS.joinpath(top, *parts[:depth]) for top in tops}
    return found


def _remove_cgroup(top: Path) -> None:
    # A process that was killed can stay in its cgroup for a moment. Longer than that, the cgroup
    # holds somebody else's processes, and is not ours to remove.
    deadline = time.monotonic() + 0.5
    while top.is_dir() and time.monotonic() < deadline:
        for folder, _, _ in os.walk(top, topdown=False):
            with contextlib.suppress(OSError):
                Path(folder).rmdir()
        time.sleep(0.01)
