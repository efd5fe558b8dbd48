"""The files of all instances of one server."""

from collections.abc import Callable

from lxdtui.api.files import FileCalls
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.api.sftp.large import LargeFiles
from lxdtui.api.sftp.sessions import SftpSessions
from lxdtui.api.sftp.small import SmallFiles
from lxdtui.api.special_bits import Run
from lxdtui.api.transport import Transport
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import Server

__all__ = ["FileAccess"]


class FileAccess:
    """``connection.files``.

    Args:
        transport: The server.
        server: Gives what the server told about itself.
        run: Runs a command in an instance.
    """

    def __init__(self, transport: Transport, server: Callable[[], Server], run: Run) -> None:
        self.rest = FileCalls(transport, server)
        """The files API, request by request."""
        self.sftp = SftpSessions(transport)
        """The SFTP sessions, one per instance."""
        self.large = LargeFiles(transport)
        """Copies of single large files."""
        self.small = SmallFiles(transport)
        """Copies of many small files."""
        self._run = run

    def of(self, ref: InstanceRef) -> InstanceFiles:
        """Give the files of one instance. Nothing is sent."""
        return InstanceFiles(ref, self.rest, self.sftp, run=self._run)

    async def release(self, ref: InstanceRef) -> None:
        """Close the SFTP session of an instance now, if nobody is using it.

        An instance is not started, and on LXD not stopped, while one is open.
        """
        await self.sftp.release(ref)

    async def aclose(self) -> None:
        """Close all SFTP sessions."""
        await self.sftp.aclose()
