"""Running commands in an instance over the exec websockets.

The facts that shape this module, the same on LXD and Incus: the command starts
when all its sockets are connected, within five seconds; input is binary frames,
and a text frame is the end of it; an empty text frame from the server is the
end of a stream; an interactive command ends only when the client closes the
data socket after that; closing the control socket kills the command.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from lxdtui.api.envelope import Accepted
from lxdtui.api.instances import InstanceCalls
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Transport
from lxdtui.errors import OperationFailed, SessionClosed, UnexpectedResponse
from lxdtui.model.fields import Fields
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["CommandOptions", "ExecCalls", "ExecSession", "StartedCommand", "socket_paths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOptions:
    """How a command runs. Not given means what the server does by itself."""

    environment: Mapping[str, str] | None = None
    """Variables besides PATH, LANG, and HOME and USER of root."""
    user: int | None = None
    """Numeric user id."""
    group: int | None = None
    """Numeric group id; the server takes 0 where only a user is given."""
    cwd: str | None = None
    """Directory; the server silently takes ``/`` where it does not exist."""

    def body(self) -> dict[str, Any]:
        """Return these options as fields of the request."""
        body: dict[str, Any] = {"environment": dict(self.environment or {})}
        if self.user is not None:
            body["user"] = self.user
            body["group"] = self.group if self.group is not None else self.user
        elif self.group is not None:
            body["group"] = self.group
        if self.cwd is not None:
            body["cwd"] = self.cwd
        return body


@dataclass(frozen=True, slots=True)
class StartedCommand:
    """A command that waits for its websockets to be connected."""

    handle: OperationHandle
    paths: Mapping[str, str]
    """Path of the websocket by name: ``0``, ``1``, ``2``, ``control``."""


class ExecSession:
    """An interactive command: bytes both ways, a size, and an exit status.

    Use as a context manager or call :meth:`aclose`; leaving it kills a command
    that still runs.
    """

    def __init__(
        self, handle: OperationHandle, data: ClientConnection, control: ClientConnection
    ) -> None:
        self._handle = handle
        self._data = data
        self._control = control
        self._ended = False
        self._closing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def receive(self) -> bytes:
        """Return the next output, or ``b""`` at its end.

        Raises:
            SessionClosed: The link broke before the command ended.
        """
        while not self._ended:
            try:
                frame = await self._data.recv()
            except ConnectionClosed as error:
                self._ended = True
                if self._closing:
                    break
                raise SessionClosed(f"The link to the server broke: {error}") from error
            if isinstance(frame, str):
                self._ended = True
            elif frame:
                return frame
        return b""

    async def send(self, data: bytes) -> None:
        """Send input. After the end it goes nowhere, as with a closed terminal.

        Raises:
            SessionClosed: The link broke.
        """
        if self._ended:
            return
        try:
            await self._data.send(bytes(data))
        except ConnectionClosed as error:
            raise SessionClosed(f"The link to the server broke: {error}") from error

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the command the size of the terminal, in cells.

        Raises:
            SessionClosed: The link broke.
        """
        # The servers ignore numbers here without a word: they must be strings.
        await self._command(
            {"command": "window-resize", "args": {"width": str(columns), "height": str(rows)}}
        )

    async def signal(self, number: int) -> None:
        """Send a signal to the command's own process.

        Raises:
            SessionClosed: The link broke.
        """
        await self._command({"command": "signal", "signal": number})

    async def exit_status(self) -> int | None:
        """Wait for the end of the command, after its output ended.

        Returns:
            The exit status (128 + N for a death by signal N), or ``None``
            where the server does not tell.

        Raises:
            OperationError: The command could not be started, or the outcome
                is unknown.
        """
        # The operation is forgotten five seconds after its end, so the wait is
        # under way before the data socket is closed.
        waiting = asyncio.ensure_future(self._handle.wait())
        try:
            await asyncio.sleep(0)
            await self._data.close()
            operation = await waiting
        finally:
            waiting.cancel()
        await self._control.close()
        return _return_code(operation.metadata if operation else {})

    async def aclose(self) -> None:
        """End the session; a command that still runs is killed."""
        self._closing = True
        # In this order: closing the data socket alone leaves an orphan behind.
        await self._control.close()
        await self._data.close()

    async def _command(self, command: Mapping[str, Any]) -> None:
        if self._ended:
            return
        try:
            await self._control.send(json.dumps(command))
        except ConnectionClosed as error:
            if not self._closing:
                raise SessionClosed(f"The link to the server broke: {error}") from error


class ExecCalls:
    """Running commands in the instances of one server."""

    def __init__(
        self,
        transport: Transport,
        instances: InstanceCalls,
        operations: OperationCalls,
    ) -> None:
        self._transport = transport
        self._instances = instances
        self._operations = operations

    async def start(
        self,
        ref: InstanceRef,
        command: Sequence[str],
        *,
        interactive: bool,
        options: CommandOptions | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> StartedCommand:
        """Ask for a command; it begins when its websockets are connected.

        Args:
            ref: The instance.
            command: The program and its arguments.
            interactive: Whether it gets a terminal.
            options: User, directory and environment.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.

        Raises:
            BadRequest: The instance is not running, or frozen.
            NotFound: It does not exist.
        """
        body: dict[str, Any] = {
            "command": list(command),
            "wait-for-websocket": True,
            "interactive": interactive,
            **(options or CommandOptions()).body(),
        }
        if interactive:
            body |= {"width": columns, "height": rows}
        answer = await self._instances.exec(ref, body)
        tried = f"run {command[0] if command else 'a command'} in {ref.name}"
        handle = self._operations.handle(answer, tried=tried, project=ref.project)
        names = ("0", "control") if interactive else ("0", "1", "2", "control")
        return StartedCommand(handle, socket_paths(answer.result, names, tried))

    async def open(
        self,
        ref: InstanceRef,
        command: Sequence[str],
        *,
        options: CommandOptions | None = None,
        columns: int = 80,
        rows: int = 24,
    ) -> ExecSession:
        """Run an interactive command. Arguments and errors as for :meth:`start`."""
        started = await self.start(
            ref, command, interactive=True, options=options, columns=columns, rows=rows
        )
        tried = f"open a terminal in {ref.name}"
        control = await self._transport.websocket(started.paths["control"], tried=tried)
        try:
            data = await self._transport.websocket(started.paths["0"], tried=tried, max_queue=1)
        except BaseException:
            await control.close()
            raise
        return ExecSession(started.handle, data, control)

    async def run(
        self,
        ref: InstanceRef,
        command: Sequence[str],
        *,
        stdin: bytes = b"",
        options: CommandOptions | None = None,
        on_stdout: Callable[[bytes], None] | None = None,
        on_stderr: Callable[[bytes], None] | None = None,
        limit: int | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Run a command to its end. Cancelling this kills the command.

        Args:
            ref: The instance.
            command: The program and its arguments.
            stdin: Its whole input.
            options: User, directory and environment.
            on_stdout: Called with each piece of output, which is then not kept.
            on_stderr: Called with each piece of error output, likewise.
            limit: Bytes of each of the two that are taken; a command that prints
                more is killed.

        Returns:
            Exit status, output and error output.

        Raises:
            OperationFailed: The command could not be started, or printed too much.
            SessionClosed: The link broke.
            ApiError: As for :meth:`start`.
        """
        started = await self.start(ref, command, interactive=False, options=options)
        tried = f"run {command[0] if command else 'a command'} in {ref.name}"
        sockets: dict[str, ClientConnection] = {}
        try:
            for name in ("control", "1", "2", "0"):
                sockets[name] = await self._transport.websocket(started.paths[name], tried=tried)
            waiting = asyncio.ensure_future(started.handle.wait())
            try:
                output = bytearray()
                errors = bytearray()
                _, stdout_whole, stderr_whole = await asyncio.gather(
                    _write_all(sockets["0"], stdin),
                    _read_all(sockets["1"], _bounded(on_stdout or output.extend, limit, tried)),
                    _read_all(sockets["2"], _bounded(on_stderr or errors.extend, limit, tried)),
                )
                operation = await waiting
            finally:
                waiting.cancel()
        finally:
            for name in ("control", "0", "1", "2"):
                if name in sockets:
                    await sockets[name].close()
        if not (stdout_whole and stderr_whole):
            raise SessionClosed(f"Cannot {tried}: the link to the server broke")
        code = _return_code(operation.metadata if operation else {})
        if code is None:
            raise UnexpectedResponse(tried, "the server does not tell the exit status")
        return code, bytes(output), bytes(errors)


def socket_paths(result: object, names: Sequence[str], tried: str) -> Mapping[str, str]:
    """Return the paths of the websockets of an accepted operation, by their names.

    Raises:
        UnexpectedResponse: There are none in the answer.
    """
    if not isinstance(result, Accepted):
        raise UnexpectedResponse(tried, "no operation in the answer")
    fields = Fields(result.operation, "an exec operation")
    secrets = Fields(
        Fields(fields.mapping("metadata"), "an exec operation").mapping("fds"), "exec sockets"
    )
    base = f"/1.0/operations/{quote_segment(fields.text('id'))}/websocket?secret="
    return {name: base + quote_segment(secrets.text(name)) for name in names}


def _return_code(metadata: Mapping[str, Any]) -> int | None:
    value = metadata.get("return")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _bounded(
    take: Callable[[bytes], None], limit: int | None, tried: str
) -> Callable[[bytes], None]:
    """Let so many bytes through; more of them are a failure."""
    if limit is None:
        return take
    left = limit

    def take_some(data: bytes) -> None:
        nonlocal left
        left -= len(data)
        if left < 0:
            raise OperationFailed(tried, f"it printed more than {limit:,} bytes")
        take(data)

    return take_some


async def _write_all(socket: ClientConnection, data: bytes) -> None:
    try:
        for start in range(0, len(data), 1 << 16):
            await socket.send(data[start : start + (1 << 16)])
        await socket.send("")
    except ConnectionClosed:
        # The command ended without reading all of its input, as commands may.
        return


async def _read_all(socket: ClientConnection, take: Callable[[bytes], None]) -> bool:
    """Hand over everything; say whether the stream ended as it should."""
    try:
        while True:
            frame = await socket.recv()
            if isinstance(frame, str):
                return True
            take(frame)
    except ConnectionClosed:
        return False
