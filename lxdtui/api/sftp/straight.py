"""SFTP over a blocking connection of its own, for a thread that copies one large file.

The event loop costs several times what it takes to move 32 KiB. So large files
go past it: one connection, one thread, one file. What it says and understands
is the same as in :mod:`~lxdtui.api.sftp.link`.
"""

import contextlib
import os
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse

from lxdtui.api.envelope import decode, decode_json, error_for
from lxdtui.api.plain_socket import wait_for_room
from lxdtui.api.sftp.packets import (
    Body,
    Framer,
    MalformedPacketError,
    OpenFlag,
    Packet,
    Type,
    attributes_body,
    frame,
    parse_version,
    text,
    u32,
)
from lxdtui.api.sftp.replies import parsed, status_of, wrong_answer
from lxdtui.errors import ConnectionFailed, ConnectionProblem, UnexpectedResponse
from lxdtui.model.files import path_bytes

__all__ = ["ShortFileError", "StraightLink"]

_VERSION = 3
_SWITCHING = 101
_PROTOCOL = "sftp"
_LONGEST_HANDLE = 256
_LONGEST_REFUSAL = 1 << 16
_RECEIVED = 1 << 16


class ShortFileError(Exception):
    """A file of this computer has fewer bytes than was said.

    Args:
        size: How many it has.
    """

    def __init__(self, size: int) -> None:
        super().__init__(f"the file ends after {size} bytes")
        self.size = size


class StraightLink:
    """One SFTP connection that blocks. All but :meth:`stop` is for one thread.

    Every method raises ``OSError`` where the link breaks.

    Args:
        connect: Makes a connection to the server.
        path: Where the server offers SFTP: a path with its query, percent-encoded.
        tried: What is tried, in words.
    """

    def __init__(self, connect: Callable[[], socket.socket], path: str, *, tried: str) -> None:
        self._connect = connect
        self._path = path
        self._tried = tried
        self._socket: socket.socket | None = None
        self._framer = Framer()
        self._packets: deque[Packet] = deque()
        self._is_over = threading.Event()
        self.extensions: Mapping[str, str] = {}
        """Extensions that the server offers, with their versions."""

    @property
    def wire(self) -> socket.socket:
        """The connection."""
        if self._socket is None:
            raise ConnectionAbortedError
        return self._socket

    def open(self) -> None:
        """Connect and agree on the protocol.

        Raises:
            ApiError: The server refused.
            UnexpectedResponse: It does not speak SFTP 3.
        """
        self._socket = self._connect()
        self.refuse_if_stopped()
        self._upgrade(self._socket)
        self.send(frame(Type.INIT, _VERSION))
        packet = self.receive()
        try:
            version, self.extensions = parse_version(packet.body)
        except MalformedPacketError as error:
            raise wrong_answer(self._tried, str(error)) from error
        if packet.type != Type.VERSION or version != _VERSION:
            raise wrong_answer(self._tried, f"packet {packet.type} instead of a version")

    def open_file(self, path: str, flags: OpenFlag) -> bytes:
        """Open a file; return its handle.

        Raises:
            ApiError: The server refused.
        """
        fields = text(path_bytes(path)) + u32(flags) + attributes_body()
        self.send(frame(Type.OPEN, 0, fields))
        answer = self.receive()
        handle = parsed(answer, Type.HANDLE, lambda body: Body(body).string(), self._tried)
        if len(handle) > _LONGEST_HANDLE:
            raise wrong_answer(self._tried, f"a handle of {len(handle)} bytes")
        return handle

    def close_file(self, handle: bytes) -> None:
        """Close a file; what the disk refused may be told only now.

        Raises:
            ApiError: The server refused.
        """
        self.send(frame(Type.CLOSE, 0, text(handle)))
        answer = self.receive()
        if answer.type != Type.STATUS:
            raise wrong_answer(self._tried, f"packet {answer.type}")
        status_of(answer, self._tried)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.wire.sendall(data)

    def send_part(self, head: bytes, descriptor: int, offset: int, count: int) -> None:
        """Send bytes and a part of a file of this computer behind them.

        Over a unix socket the system hands it over by itself (``sendfile``).

        Args:
            head: The bytes.
            descriptor: The file.
            offset: Where the part begins.
            count: How many bytes it has.

        Raises:
            ShortFileError: The file is shorter.
        """
        link = self.wire
        if isinstance(link, ssl.SSLSocket):
            data = os.pread(descriptor, count, offset)
            if len(data) < count:
                raise ShortFileError(offset + len(data))
            link.sendall(head + data)
            return
        link.sendall(head)
        end = offset + count
        while offset < end:
            try:
                sent = os.sendfile(link.fileno(), descriptor, offset, end - offset)
            except BlockingIOError:
                # A socket with a timeout does not block by itself.
                wait_for_room(link)
                continue
            if not sent:
                raise ShortFileError(offset)
            offset += sent

    def receive(self) -> Packet:
        """Wait for one packet.

        Raises:
            UnexpectedResponse: It is no SFTP.
        """
        while not self._packets:
            data = self.wire.recv(_RECEIVED)
            if not data:
                raise self.ended()
            try:
                self._packets.extend(self._framer.feed(data))
            except MalformedPacketError as error:
                raise wrong_answer(self._tried, str(error)) from error
        return self._packets.popleft()

    def receive_all(self) -> list[Packet]:
        """Wait for packets; return those that are there.

        Raises:
            UnexpectedResponse: It is no SFTP.
        """
        packets = [self.receive(), *self._packets]
        self._packets.clear()
        return packets

    def ended(self) -> ConnectionFailed:
        """Return the error for a link that ended."""
        return ConnectionFailed(self._tried, ConnectionProblem.LOST, "the connection ended")

    def refuse_if_stopped(self) -> None:
        """Go on only if nobody has stopped it.

        Raises:
            ConnectionAbortedError: Somebody has.
        """
        if self._is_over.is_set():
            raise ConnectionAbortedError

    def stop(self) -> None:
        """Break it off, from any thread; what waits then ends soon with an error."""
        self._is_over.set()
        link = self._socket
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()

    def _upgrade(self, link: socket.socket) -> None:
        link.sendall(
            f"GET {self._path} HTTP/1.1\r\nHost: lxd\r\nUser-Agent: lxdtui\r\n"
            f"Connection: Upgrade\r\nUpgrade: {_PROTOCOL}\r\n\r\n".encode("ascii")
        )
        tried = self._tried
        try:
            # It reads ahead, but the server says nothing more before it is greeted.
            with contextlib.closing(HTTPResponse(link, method="GET")) as answer:
                answer.begin()
                if answer.status == _SWITCHING:
                    if (answer.getheader("upgrade") or "").lower() != _PROTOCOL:
                        raise UnexpectedResponse(tried, "the server goes on in another protocol")
                    return
                content = answer.read(_LONGEST_REFUSAL)
        except HTTPException as error:
            raise UnexpectedResponse(tried, f"the answer is no HTTP: {error!r}") from error
        if content:
            decode(answer.status, decode_json(answer.status, content, tried=tried), tried=tried)
        if answer.status < 400:
            words = f"the server did not upgrade: {answer.status}"
            raise UnexpectedResponse(tried, words, status=answer.status)
        raise error_for(answer.status, "", tried=tried)
