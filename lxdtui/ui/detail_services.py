"""What the pages of the detail screen are handed: the shapes of their services."""

from typing import Protocol

from lxdtui.model.process import Process
from lxdtui.model.refs import InstanceRef, OperationRef
from lxdtui.services.processes import ProcessReading

__all__ = ["OperationActions", "ProcessActions"]


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
