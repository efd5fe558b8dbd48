"""One large file of this computer as the body of a request, past the event loop.

A thread hands it to the system in large pieces (``sendfile`` over a unix
socket), which moves it at the pace of the server with next to no work here.
"""

import contextlib
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse

import httpx

from lxdtui.api.endpoint import Endpoint

__all__ = ["FileSending", "ShortFileError"]

_PIECE = 4 << 20
_TLS_PIECE = 1 << 20
_CONNECT_TIMEOUT = 5.0
_SILENCE = 60.0
"""Seconds without any progress after which the link is given up."""
_REST = 0.05
"""Seconds between two looks whether a pause is over."""
_LONGEST_ANSWER = 1 << 20


class ShortFileError(Exception):
    """The file has fewer bytes than was said.

    Args:
        size: How many it has.
    """

    def __init__(self, size: int) -> None:
        super().__init__(f"the file ends after {size} bytes")
        self.size = size


class FileSending:
    """Sends one part of a file. :meth:`run` is for a thread, the rest for others.

    Args:
        endpoint: The server.
        ssl_context: The TLS settings, or ``None`` for a unix socket.
        target: Path with its query, percent-encoded.
        headers: Headers besides those about the length.
        descriptor: The file; it stays open.
        offset: First byte.
        size: Where the part ends.
        told: Called from the thread with the offset that is reached.
        may_go: Asked from the thread before each piece; while it says no, nothing is sent.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        ssl_context: ssl.SSLContext | None,
        *,
        target: str,
        headers: Mapping[str, str],
        descriptor: int,
        offset: int,
        size: int,
        told: Callable[[int], None],
        may_go: Callable[[], bool],
    ) -> None:
        self._endpoint = endpoint
        self._ssl = ssl_context
        self._descriptor = descriptor
        self._offset = offset
        self._size = size
        self._told = told
        self._may_go = may_go
        self._socket: socket.socket | None = None
        self._is_over = threading.Event()
        lines = {
            "Host": "lxd",
            "User-Agent": "lxdtui",
            "Connection": "close",
            **headers,
            "Content-Length": str(size - offset),
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._head = f"POST {target} HTTP/1.1\r\n{text}\r\n".encode("ascii")

    def run(self) -> tuple[int, bytes]:
        """Send it.

        Returns:
            HTTP status and body of the answer.

        Raises:
            OSError: The link or the file failed.
            ShortFileError: There is less in the file than was said.
        """
        self._socket = self._connect()
        try:
            self._socket.sendall(self._head)
            try:
                self._send_all(self._socket)
            except (BrokenPipeError, ConnectionResetError):
                # A server that refuses says why before it hangs up.
                with contextlib.suppress(OSError, HTTPException):
                    return self._answer(self._socket)
                raise
            return self._answer(self._socket)
        except HTTPException as error:
            raise ConnectionResetError(f"the answer is no HTTP: {error!r}") from error
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Break it off; :meth:`run` then ends soon with an error."""
        self._is_over.set()
        link = self._socket
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> socket.socket:
        if self._endpoint.socket is not None:
            plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            plain.settimeout(_CONNECT_TIMEOUT)
            try:
                plain.connect(str(self._endpoint.socket))
            except OSError:
                plain.close()
                raise
            plain.settimeout(_SILENCE)
            return plain
        address = httpx.URL(self._endpoint.url)
        plain = socket.create_connection(
            (address.host, address.port or 443), timeout=_CONNECT_TIMEOUT
        )
        try:
            context = self._ssl or ssl.create_default_context()
            link = context.wrap_socket(plain, server_hostname=address.host)
        except OSError:
            plain.close()
            raise
        link.settimeout(_SILENCE)
        return link

    def _send_all(self, link: socket.socket) -> None:
        while self._offset < self._size:
            while not self._may_go():
                if self._is_over.is_set():
                    raise ConnectionAbortedError
                time.sleep(_REST)
            if self._is_over.is_set():
                raise ConnectionAbortedError
            sent = self._send_piece(link, self._size - self._offset)
            if not sent:
                raise ShortFileError(self._offset)
            self._offset += sent
            self._told(self._offset)

    def _send_piece(self, link: socket.socket, left: int) -> int:
        if isinstance(link, ssl.SSLSocket):
            data = os.pread(self._descriptor, min(left, _TLS_PIECE), self._offset)
            link.sendall(data)
            return len(data)
        while True:
            try:
                return os.sendfile(link.fileno(), self._descriptor, self._offset, min(left, _PIECE))
            except BlockingIOError:
                # A socket with a timeout does not block by itself.
                _wait_for_room(link)

    def _answer(self, link: socket.socket) -> tuple[int, bytes]:
        with contextlib.closing(HTTPResponse(link, method="POST")) as answer:
            answer.begin()
            return answer.status, answer.read(_LONGEST_ANSWER)


def _wait_for_room(link: socket.socket) -> None:
    poll = select.poll()
    poll.register(link, select.POLLOUT)
    if not poll.poll(_SILENCE * 1000):
        raise TimeoutError
