"""One exec session: its websockets, its streams and the life of its command.

The order of things at the end of a session is LXD's and clients depend on it: an empty text frame
after the last byte of each output, connections that end without a close frame, and an interactive
session that waits for the client to close stream 0.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.machine import InstanceMachine
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import ApiError
from lxdtui.demo.shell.interpreter import NO_INPUT, find_program, missing_program, run_program
from lxdtui.demo.shell.process import Process, ShellExit
from lxdtui.demo.shell.programs import PROGRAMS
from lxdtui.demo.shell.streams import Collected, Discard, Input, Pipe, Writer
from lxdtui.demo.shell.terminal import Terminal
from lxdtui.demo.sockets import bad_request, cut, open_socket
from lxdtui.demo.world import Instance

FRAME_LIMIT = 64 * 1024
START_SECONDS = 0.05
RECORD_LIMIT = 8 * 1024 * 1024
SIGKILL = 9
_LARGEST_SIZE = 1000
_ENDING_SIGNALS = frozenset((1, 2, 3, 4, 6, 8, 9, 11, 13, 14, 15))
_DATA_TYPES = (WSMsgType.BINARY, WSMsgType.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecRequest:
    """What a client wants to run and how."""

    command: list[str]
    environment: dict[str, str]
    has_sockets: bool
    is_interactive: bool
    records_output: bool
    columns: int
    rows: int
    directory: str
    uid: int
    gid: int

    def stream_names(self) -> tuple[str, ...]:
        """Streams that get a secret."""
        return ("0", "control") if self.is_interactive else ("0", "1", "2", "control")

    def required_streams(self) -> frozenset[str]:
        """Streams without which the command does not start."""
        return frozenset(("0", "control") if self.is_interactive else ("0", "1", "2"))


@dataclass(slots=True, eq=False)
class _Attached:
    """A connected websocket of the session."""

    request: web.Request
    socket: web.WebSocketResponse
    closed: asyncio.Event


class ExecSession:
    """Runs one command in one instance.

    Args:
        daemon: The server's state.
        instance: Where the command runs.
        wanted: What to run.
    """

    def __init__(self, daemon: Daemon, instance: Instance, wanted: ExecRequest) -> None:
        self._daemon = daemon
        self._instance = instance
        self._wanted = wanted
        self.secrets = (
            {name: secrets.token_hex(32) for name in wanted.stream_names()}
            if wanted.has_sockets
            else {}
        )
        self._attached: dict[str, _Attached] = {}
        self._connected = asyncio.Event()
        self._complete = asyncio.Event()
        self._input = Pipe()
        self._terminal: Terminal | None = None
        if wanted.has_sockets and wanted.is_interactive:
            self._terminal = Terminal(self._sender("0"), columns=wanted.columns, rows=wanted.rows)
        self._running: asyncio.Task[int] | None = None
        self._signal: int | None = None
        self._is_over = False
        self._input_ended = False

    def kill(self, signal: int) -> None:
        """End the command as by a signal; signals that end nothing are ignored."""
        if signal not in _ENDING_SIGNALS or self._is_over:
            return
        self._signal = signal
        if self._running is not None:
            self._running.cancel()

    async def run(self, operation: Operation) -> None:
        """Do the work of the operation: from the first socket to the exit status."""
        self._instance.sessions.add(self)
        try:
            if self._wanted.has_sockets:
                await self._wait_for_sockets()
            recorded = (Collected(RECORD_LIMIT), Collected(RECORD_LIMIT))
            status = await self._run_command(*self._outputs(recorded))
            self._is_over = True
            await self._finish_sockets()
        finally:
            self._is_over = True
            self._instance.sessions.discard(self)
            for attached in self._attached.values():
                cut(attached.request)
        metadata: dict[str, Any] = dict(operation.metadata or {}) | {"return": status}
        if self._wanted.records_output and not self._wanted.has_sockets:
            metadata["output"] = self._keep_logs(operation, recorded)
        self._daemon.operations.update(operation, metadata)
        if not self._is_killed() and self._find() is None:
            raise OperationFailed(
                "Command not found" if status == 127 else "Command not executable"
            )

    def _find(self) -> Any:
        return find_program(PROGRAMS, self._wanted.command[0])

    async def _wait_for_sockets(self) -> None:
        try:
            async with asyncio.timeout(self._daemon.websocket_timeout):
                await self._connected.wait()
        except TimeoutError:
            raise OperationFailed("Timed out waiting for websockets to connect") from None
        # A real command takes a moment to begin, in which the last socket usually arrives.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._complete.wait()

    def _outputs(self, recorded: tuple[Collected, Collected]) -> tuple[Input, Writer, Writer]:
        wanted = self._wanted
        if self._terminal is not None:
            return self._terminal, self._terminal, self._terminal
        if wanted.has_sockets:
            return self._input, _SocketOutput(self._sender("1")), _SocketOutput(self._sender("2"))
        if wanted.records_output:
            return NO_INPUT, recorded[0], recorded[1]
        return NO_INPUT, Discard(), Discard()

    async def _run_command(self, stdin: Input, stdout: Writer, stderr: Writer) -> int:
        wanted = self._wanted
        process = Process(
            machine=InstanceMachine(self._daemon, self._instance),
            arguments=list(wanted.command),
            environment={"container": "lxc"} | wanted.environment,
            directory=wanted.directory,
            uid=wanted.uid,
            gid=wanted.gid,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            terminal=self._terminal,
        )
        if self._is_killed():
            return self._killed_status()
        if not wanted.command:
            raise OperationFailed("Failed to retrieve PID of executing child process")
        program = self._find()
        if program is None:
            return missing_program(process, wanted.command[0])[0]
        if self._terminal is not None:
            self._terminal.on_interrupt = lambda: self.kill(2)

        async def run() -> int:
            try:
                return await run_program(program, process)
            except ShellExit as leaving:
                return leaving.status

        self._running = asyncio.create_task(run())
        try:
            return await self._running
        except asyncio.CancelledError:
            if not self._is_killed():
                self._running.cancel()
                raise
            return self._killed_status()

    def _is_killed(self) -> bool:
        return self._signal is not None

    def _killed_status(self) -> int:
        return 128 + (self._signal or 0)

    async def _finish_sockets(self) -> None:
        if not self._wanted.has_sockets:
            return
        if not self._wanted.is_interactive:
            for name in ("1", "2"):
                await self._send_end(name)
            return
        await self._send_end("0")
        cut(self._attached["control"].request)
        # LXD keeps the operation running until the client closes this stream, unless a text frame
        # made it stop reading: then it cannot notice, and does not wait.
        if not self._input_ended:
            await self._attached["0"].closed.wait()

    async def _send_end(self, name: str) -> None:
        attached = self._attached[name]
        if attached.closed.is_set():
            return
        try:
            await attached.socket.send_str("")
        except ConnectionError:
            attached.closed.set()

    def _keep_logs(
        self, operation: Operation, recorded: tuple[Collected, Collected]
    ) -> dict[str, str]:
        output = {}
        for number, kind, collected in (("1", "stdout", recorded[0]), ("2", "stderr", recorded[1])):
            name = f"exec_{operation.id}.{kind}"
            self._instance.logs[name] = bytes(collected.data)
            output[number] = f"{self._instance.url}/logs/{name}"
        return output

    def _sender(self, name: str) -> Callable[[bytes], Awaitable[None]]:
        """A function that sends to a stream, waits while it is slow, and survives its end."""

        async def send(data: bytes) -> None:
            await self._instance.thawed.wait()
            attached = self._attached[name]
            for start in range(0, len(data), FRAME_LIMIT):
                if attached.closed.is_set():
                    break
                try:
                    await attached.socket.send_bytes(data[start : start + FRAME_LIMIT])
                except ConnectionError:
                    attached.closed.set()
            await asyncio.sleep(0)

        return send

    async def attach(self, request: web.Request, secret: str) -> web.StreamResponse:
        """Take a websocket that a client opened for one of the streams.

        Args:
            request: The upgrade request.
            secret: Secret of the stream.

        Raises:
            ApiError: 500, the secret is wrong.
        """
        names = [
            name for name, known in self.secrets.items() if secrets.compare_digest(known, secret)
        ]
        if not names:
            raise ApiError(500, "permission denied")
        name = names[0]
        socket = await open_socket(request, answer_pings=False)
        if socket is None:
            return bad_request()
        if name in self._attached or (self._is_over and name != "control"):
            # A secret that was used already: upgraded, and dead.
            cut(request)
            return socket
        attached = _Attached(request, socket, asyncio.Event())
        self._attached[name] = attached
        if self._wanted.required_streams() <= self._attached.keys():
            self._connected.set()
        if len(self._attached) == len(self.secrets):
            self._complete.set()
        try:
            await self._read_stream(name, attached)
        finally:
            attached.closed.set()
            await self._stream_closed(name)
        return socket

    async def _read_stream(self, name: str, attached: _Attached) -> None:
        socket = attached.socket
        async for message in socket:
            if message.type is WSMsgType.PING:
                # LXD answers no ping on stream 2, nor on stream 0 behind the end of input.
                if name != "2" and not (name == "0" and self._input_ended):
                    await socket.pong(message.data)
            elif message.type not in _DATA_TYPES:
                continue
            elif name == "control":
                self._control(message)
            elif name == "0" and not self._input_ended:
                self._input_ended = message.type is WSMsgType.TEXT
                await self._take_input(None if self._input_ended else message.data)
            elif name == "1" and "control" not in self._attached:
                self.kill(SIGKILL)

    async def _take_input(self, data: bytes | None) -> None:
        """Pass input on; None is its end. A terminal has no end: it just hears nothing more."""
        if self._terminal is not None:
            if data is not None:
                await self._instance.thawed.wait()
                await self._terminal.feed(data)
        elif data is None:
            await self._input.end()
        else:
            try:
                await self._input.write(data)
            except BrokenPipeError:
                return

    def _control(self, message: WSMessage) -> None:
        try:
            order = json.loads(message.data)
        except ValueError:
            return
        if not isinstance(order, dict):
            return
        if order.get("command") == "signal" and type(order.get("signal")) is int:
            self.kill(order["signal"])
        arguments = order.get("args")
        if order.get("command") == "window-resize" and isinstance(arguments, dict):
            self._resize(arguments.get("width"), arguments.get("height"))

    def _resize(self, width: Any, height: Any) -> None:
        """Take a new size; anything but decimal strings is ignored without a word."""
        if self._terminal is None or not isinstance(width, str) or not isinstance(height, str):
            return
        if width.isdecimal() and height.isdecimal():
            columns, rows = (min(int(text[:6]), _LARGEST_SIZE) for text in (width, height))
            self._terminal.resize(max(1, columns), max(1, rows))

    async def _stream_closed(self, name: str) -> None:
        if name == "control" or (name == "1" and "control" not in self._attached):
            self.kill(SIGKILL)
        elif name == "0" and self._terminal is None:
            await self._input.end()


class _SocketOutput:
    """An output stream over a websocket.

    Args:
        send: Sends bytes, waits while the client is slow.
    """

    def __init__(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        self._send = send

    async def write(self, data: bytes) -> None:
        """Send the data."""
        await self._send(data)
