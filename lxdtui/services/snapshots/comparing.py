"""Comparing the files of snapshots with one another, and with those of now."""

import re
from collections.abc import Callable, Mapping

from lxdtui.api.connection import Connection
from lxdtui.errors import ConnectionFailed, LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.services.snapshots.compare import TreeComparison
from lxdtui.services.snapshots.differences import Comparison

__all__ = ["CompareService", "mounts_in"]

_VIRTUAL = frozenset(("/proc", "/sys", "/dev", "/run"))
"""What a running container has mounted in any case."""
_MOUNTS = "/proc/1/mounts"
_MOUNTS_LIMIT = 1 << 20
_ESCAPED = re.compile(r"\\([0-7]{3})")


class CompareService:
    """Compares the files of two instances of one server.

    Args:
        connections: The links to the servers.
    """

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections

    async def compare(
        self,
        old: InstanceRef,
        new: InstanceRef,
        *,
        is_running: bool,
        report: Callable[[int, int], None] | None = None,
    ) -> Comparison:
        """Compare all files of two instances.

        Args:
            old: The side before: a look into a snapshot.
            new: The side after: another look, or the container itself.
            is_running: Whether the side after runs: what it has mounted is left out.
            report: Told how many entries were looked at, and how many differences
                were found.

        Raises:
            LxdTuiError: One of them cannot be read.
        """
        leave_out = await self._mounted(new) if is_running else frozenset()
        old_files = self._connections[old.remote].files.of(old)
        new_files = self._connections[new.remote].files.of(new)
        comparison = TreeComparison(old_files, new_files, leave_out=leave_out, report=report)
        try:
            return await comparison.run()
        finally:
            # While a session is open, though idle, LXD does not stop the container.
            await self._connections[new.remote].files.release(new)

    async def _mounted(self, ref: InstanceRef) -> frozenset[str]:
        """Return where something is mounted in a running container."""
        files = self._connections[ref.remote].files.of(ref)
        try:
            text = await files.read_bytes(_MOUNTS, limit=_MOUNTS_LIMIT)
        except ConnectionFailed:
            raise
        except LxdTuiError:
            # Not every server shows the container's own /proc.
            return _VIRTUAL
        return _VIRTUAL | mounts_in(text.decode("utf-8", "surrogateescape"))


def mounts_in(text: str) -> frozenset[str]:
    """Read where something is mounted (``/proc/PID/mounts``), the root left out."""
    lines = (line.split(" ") for line in text.splitlines())
    paths = {_unescaped(fields[1]) for fields in lines if len(fields) > 2}
    return frozenset(path for path in paths if path.startswith("/") and path != "/")


def _unescaped(path: str) -> str:
    """Undo the octal escapes of blanks and backslashes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), path)
