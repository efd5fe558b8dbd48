"""A process inside an instance."""

from dataclasses import dataclass

__all__ = ["OUR_MARK", "Process"]

OUR_MARK = "lxdtui-processes"
"""Name that our own commands go by inside an instance, so that histories leave them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process, as it is seen from inside the instance."""

    pid: int
    """Its number inside the instance."""
    parent: int
    """Number of the process that started it; 0 where nobody tells."""
    user: str
    """Name or number of its user; empty where nobody tells."""
    state: str
    """One letter: ``R`` runs, ``S`` sleeps, ``D`` waits for a disk, ``Z`` is a zombie."""
    cpu_percent: float | None
    """Use of one CPU since the reading before, or ``None`` at the first one."""
    memory_bytes: int
    """Memory that is resident; 0 for kernel threads."""
    cpu_seconds: float
    """CPU time since it was started."""
    threads: int
    """Number of its threads; 0 where nobody tells."""
    started: int
    """Ticks of the kernel's clock at its start; with the number it is its
    identity. 0 where nobody tells."""
    command: str
    """Program and arguments, as they come from outside."""
