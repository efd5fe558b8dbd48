"""Attaching to the console of an instance over websockets.

What is attached to is ``/dev/console`` inside: no shell is there unless the
instance runs one. Only one client is attached at a time.
"""

from typing import Any

from lxdtui.api.exec import ExecSession, socket_paths
from lxdtui.api.instances import InstanceCalls
from lxdtui.api.operations import OperationCalls
from lxdtui.api.transport import Transport
from lxdtui.model.refs import InstanceRef

__all__ = ["ConsoleCalls"]


class ConsoleCalls:
    """The consoles of the instances of one server."""

    def __init__(
        self, transport: Transport, instances: InstanceCalls, operations: OperationCalls
    ) -> None:
        self._transport = transport
        self._instances = instances
        self._operations = operations

    async def open(
        self, ref: InstanceRef, *, columns: int, rows: int, force: bool = False
    ) -> ExecSession:
        """Attach (``POST …/console``). Its output ends when the instance stops.

        Args:
            ref: The instance.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.
            force: Cut off who is attached already; needs the extension ``console_force``.

        Raises:
            BadRequest: The instance is not running.
            ServerError: Somebody else is attached (Incus; LXD says so in the output).
            NotFound: The instance does not exist.
        """
        body: dict[str, Any] = {"type": "console", "width": columns, "height": rows}
        if force:
            body["force"] = True
        answer = await self._instances.console(ref, body)
        tried = f"attach to the console of {ref.name}"
        handle = self._operations.handle(answer, tried=tried, project=ref.project)
        paths = socket_paths(answer.result, ("0", "control"), tried)
        # In this order: a server that has the data socket alone goes down with the console.
        control = await self._transport.websocket(paths["control"], tried=tried)
        try:
            data = await self._transport.websocket(paths["0"], tried=tried)
        except BaseException:
            await control.close()
            raise
        return ExecSession(handle, data, control)
