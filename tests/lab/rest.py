"""Plain requests to a daemon over its unix socket, with nothing but the standard library.

The lab must not depend on the client under test, so it has this small one of its own.
"""

import http.client
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from tests.lab.errors import RequestError

_TIMEOUT = 120.0


class UnixConnection(http.client.HTTPConnection):
    """An HTTP connection over a unix socket."""

    def __init__(self, path: Path, timeout: float = _TIMEOUT) -> None:
        super().__init__("lab", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(self.timeout)
        try:
            sock.connect(str(self._path))
        except OSError:
            sock.close()
            raise
        self.sock = sock


class Rest:
    """Requests to one daemon; keeps its connection open. One thread at a time may use it."""

    def __init__(self, path: Path, timeout: float = _TIMEOUT) -> None:
        self._connection = UnixConnection(path, timeout)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Rest":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Sends one request and waits for its operation, when it starts one.

        Args:
            method: The HTTP method.
            path: The path with its leading ``/1.0``, quoted already.
            body: Bytes are sent as they are, anything else but None as JSON.
            query: Parameters of the query.
            headers: Further headers.

        Returns:
            ``metadata`` of the answer, or of the finished operation.

        Raises:
            RequestError: The daemon refused, or its operation failed.
            OSError: The daemon cannot be reached.
            http.client.HTTPException: The connection broke within the answer.
        """
        answer = self._send(method, path, body, query, headers)
        if answer["type"] != "async":
            return answer["metadata"]
        operation = self._send("GET", f"{answer['operation']}/wait", None, None, None)["metadata"]
        if operation["status_code"] != 200:
            raise RequestError(operation["status_code"], operation["err"] or operation["status"])
        return operation["metadata"]

    def _send(
        self,
        method: str,
        path: str,
        body: object,
        query: dict[str, str] | None,
        headers: dict[str, str] | None,
    ) -> dict[str, Any]:
        target = f"{path}?{urlencode(query)}" if query else path
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            self._connection.request(method, target, data, headers or {})
            response = self._connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            # A kept one may be closed by the server just when it is used again.
            self._connection.close()
        if answer["type"] == "error":
            raise RequestError(answer["error_code"], answer["error"])
        return answer


def segment(name: str) -> str:
    """`name` as one segment of a path."""
    return quote(name, safe="")
