"""What the pages of the detail screen are handed: the shapes of their services."""

from pathlib import Path
from typing import Protocol

from lxdtui.model.process import Process
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.services.logs import LogText
from lxdtui.services.processes import ProcessReading

__all__ = ["LogActions", "OperationActions", "ProcessActions"]


class ProcessActions(Protocol):
    """Processes inside instances; errors are :class:`~lxdtui.errors.LxdTuiError`."""

    async def read(self, ref: InstanceRef, before: ProcessReading | None = None) -> ProcessReading:
        """Read all processes; CPU use is told since the reading before."""

    async def send_signal(self, ref: InstanceRef, process: Process, signal: str) -> None:
        """Send a signal to a process."""


class OperationActions(Protocol):
    """Background tasks of servers; errors are :class:`~lxdtui.errors.LxdTuiError`."""

    async def cancel(self, ref: OperationRef) -> None:
        """Ask the server to cancel an operation."""


class LogActions(Protocol):
    """Logs of instances; errors are :class:`~lxdtui.errors.LxdTuiError`."""

    async def names(self, ref: InstanceRef) -> tuple[str, ...]:
        """List the console log and the log files."""

    async def read(self, ref: InstanceRef, name: str, before: LogText | None = None) -> LogText:
        """Read the end of a log."""

    async def save(
        self, ref: InstanceRef, name: str, path: Path, *, read: LogText | None = None
    ) -> int:
        """Save a whole log to a new file; returns its bytes."""
