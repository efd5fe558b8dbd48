"""HTTP and websockets over a unix socket or HTTPS.

This is the one place through which every request of lxdtui passes, and where
the exceptions of httpx, websockets, ssl and the operating system become ours.
"""

import errno
import grp
import ssl
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect, unix_connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.envelope import Accepted, Done, decode, decode_json, error_for
from lxdtui.api.retry import AskAgain
from lxdtui.api.streams import Streams, whole
from lxdtui.errors import ApiError, ConnectionFailed, ConnectionProblem, UnexpectedResponse

__all__ = ["CONNECT_TIMEOUT", "Answer", "Transport"]

CONNECT_TIMEOUT = 5.0
"""Seconds that making a connection may take."""
ANSWER_TIMEOUT = 30.0
"""Seconds of silence after which an ordinary request is given up."""
LARGEST_ANSWER = 256 << 20
"""Bytes of an answer that are kept; 10,000 instances need some 100 MB."""

_LARGEST_FRAME = 16 << 20

_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30)
_HOST = "lxd"
_PROBLEMS = {
    errno.ENOENT: ConnectionProblem.MISSING,
    errno.ENOTDIR: ConnectionProblem.MISSING,
    errno.ENOTSOCK: ConnectionProblem.MISSING,
    errno.ECONNREFUSED: ConnectionProblem.REFUSED,
    errno.EACCES: ConnectionProblem.DENIED,
    errno.EPERM: ConnectionProblem.DENIED,
    errno.ETIMEDOUT: ConnectionProblem.TIMEOUT,
    errno.ECONNRESET: ConnectionProblem.LOST,
    errno.EPIPE: ConnectionProblem.LOST,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer of the server."""

    result: Done | Accepted
    etag: str
    """The ``ETag`` header, or an empty string."""
    location: str
    """The ``Location`` header, or an empty string."""
    date: str = ""
    """The ``Date`` header, or an empty string."""


class Transport:
    """Requests and websockets of one server.

    Args:
        endpoint: Where the server is.

    Raises:
        ConfigError: The endpoint's certificates cannot be used.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._ssl = endpoint.ssl_context()
        uds = str(endpoint.socket) if endpoint.socket else None
        self._http = httpx.AsyncClient(
            base_url=endpoint.url or f"http://{_HOST}",
            transport=AskAgain(
                httpx.AsyncHTTPTransport(
                    uds=uds,
                    # Without TLS nothing is verified, and reading the system's
                    # authorities takes time.
                    verify=self._ssl or False,
                    limits=_LIMITS,
                    trust_env=False,
                )
            ),
            timeout=httpx.Timeout(ANSWER_TIMEOUT, connect=CONNECT_TIMEOUT),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "User-Agent": "lxdtui"},
        )
        self.streams = Streams(endpoint, self._http, self._ssl, self._translated)
        """Bodies of any size, and connections of other protocols."""

    async def aclose(self) -> None:
        """Close all idle connections. Open websockets belong to their users."""
        await self._http.aclose()

    async def request(
        self,
        method: str,
        path: str,
        *,
        tried: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        answer_timeout: float | None = ANSWER_TIMEOUT,
    ) -> Answer:
        """Send one request and judge the answer.

        Args:
            method: HTTP method.
            path: Path from ``/1.0`` on, already percent-encoded.
            tried: What is tried, on what, in words: ``start web1``.
            params: Query parameters.
            json: Body to be sent as JSON.
            content: Body to be sent as it is.
            headers: Further headers.
            answer_timeout: Seconds of silence allowed; ``None`` for any.

        Raises:
            ConnectionFailed: No complete answer came.
            ApiError: The server refused.
            UnexpectedResponse: The answer is not of the protocol.
        """
        response, received = await self._send(
            method,
            path,
            tried=tried,
            params=params,
            json=json,
            content=content,
            headers=headers,
            answer_timeout=answer_timeout,
            limit=LARGEST_ANSWER,
        )
        body = decode_json(response.status_code, received, tried=tried)
        return Answer(
            decode(response.status_code, body, tried=tried),
            response.headers.get("ETag", ""),
            response.headers.get("Location", ""),
            response.headers.get("Date", ""),
        )

    async def fetch(
        self,
        path: str,
        *,
        tried: str,
        params: Mapping[str, str] | None = None,
        limit: int = LARGEST_ANSWER,
    ) -> tuple[bytes, Mapping[str, str]]:
        """Get a body that is no envelope, such as a small file or a log.

        Args:
            path: Path from ``/1.0`` on.
            tried: What is tried, in words.
            params: Query parameters.
            limit: Bytes that are accepted.

        Returns:
            The body and the headers, whose names are lower-case.

        Raises:
            ConnectionFailed: No complete answer came.
            ApiError: The server refused.
            UnexpectedResponse: There is more than the limit.
        """
        response, received = await self._send("GET", path, tried=tried, params=params, limit=limit)
        if response.status_code >= 400:
            body = decode_json(response.status_code, received, tried=tried)
            decode(response.status_code, body, tried=tried)
        return received, {name.lower(): value for name, value in response.headers.items()}

    async def websocket(
        self,
        path: str,
        *,
        tried: str,
        ping_interval: float | None = None,
        max_size: int | None = None,
        max_queue: int = 16,
    ) -> ClientConnection:
        """Open a websocket.

        Args:
            path: Path with its query, from ``/1.0`` on.
            tried: What is tried, in words.
            ping_interval: Seconds between pings of ours. Exec and console
                sockets need ``None``: the servers do not answer pings on all
                of them, and send their own every ten seconds.
            max_size: Bytes that one message may have; the link ends at a larger one.
            max_queue: Messages that may wait to be taken before no more are read
                from the connection, besides those that came together.

        Returns:
            The open connection; its user closes it.

        Raises:
            ConnectionFailed: The connection could not be made.
            ApiError: The server refused the upgrade.
        """
        with self._translated(tried):
            try:
                return await self._open_websocket(
                    path,
                    ping_interval=ping_interval,
                    max_size=max_size,
                    max_queue=max_queue,
                )
            except OSError:
                raise  # Some of these, of TLS, are ValueErrors too.
            except ValueError as error:
                # The library says so where a redirect leads to nowhere or to elsewhere.
                raise UnexpectedResponse(
                    tried, f"{self.endpoint.place} does not open a websocket: {error}"
                ) from error

    async def _open_websocket(
        self, path: str, *, ping_interval: float | None, max_size: int | None, max_queue: int
    ) -> ClientConnection:
        if self.endpoint.socket is not None:
            return await unix_connect(
                str(self.endpoint.socket),
                uri=f"ws://{_HOST}{path}",
                open_timeout=CONNECT_TIMEOUT,
                ping_interval=ping_interval,
                close_timeout=1,
                max_size=max_size,
                max_queue=max_queue,
                compression=None,
            )
        return await connect(
            self.endpoint.url.replace("https://", "wss://", 1) + path,
            ssl=self._ssl,
            open_timeout=CONNECT_TIMEOUT,
            ping_interval=ping_interval,
            close_timeout=1,
            max_size=max_size,
            max_queue=max_queue,
            compression=None,
            proxy=None,
        )

    async def _send(
        self,
        method: str,
        path: str,
        *,
        tried: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        answer_timeout: float | None = ANSWER_TIMEOUT,
        limit: int,
    ) -> tuple[httpx.Response, bytes]:
        options: dict[str, Any] = {"json": json} if json is not None else {"content": content}
        with self._translated(tried):
            request = self._http.build_request(
                method,
                path,
                params=dict(params) if params else None,
                headers=dict(headers) if headers else None,
                timeout=httpx.Timeout(ANSWER_TIMEOUT, connect=CONNECT_TIMEOUT, read=answer_timeout),
                **options,
            )
            response = await self._http.send(request, stream=True)
            try:
                # A body without an end must not take all memory.
                return response, await whole(response.aiter_bytes(), limit, tried=tried)
            finally:
                await response.aclose()

    @contextmanager
    def _translated(self, tried: str) -> Iterator[None]:
        try:
            yield
        except _HTTPX_FAILURES as error:
            raise self._failure(error, tried) from error
        except UnicodeError as error:
            # A header that the server gave us cannot be sent back to it.
            raise UnexpectedResponse(
                tried, f"what the server told cannot be sent: {error}"
            ) from error
        except InvalidStatus as error:
            raise _refusal(error, tried) from error
        except (WebSocketException, OSError) as error:
            raise self._failure(error, tried) from error

    def _failure(self, error: Exception, tried: str) -> ApiError:
        """Make our exception of a foreign one; every foreign one has its class."""
        cause = _deepest_os_error(error)
        place = self.endpoint.place
        if isinstance(cause, ssl.SSLError) or isinstance(error, ssl.SSLError):
            words = f"no secure link to {place}: {cause or error}"
            hint = _HINTS[ConnectionProblem.CERTIFICATE]
            if isinstance(cause or error, ssl.SSLCertVerificationError):
                words, hint = _mistrust(self.endpoint, cause or error)
            return ConnectionFailed(tried, ConnectionProblem.CERTIFICATE, words, hint=hint)
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            return ConnectionFailed(
                tried, ConnectionProblem.TIMEOUT, f"{place} did not answer in time"
            )
        if isinstance(error, _STRANGE_ANSWERS):
            return UnexpectedResponse(tried, f"{place} answered with something else: {error}")
        if isinstance(error, InvalidHandshake) and not isinstance(error.__cause__, EOFError):
            return UnexpectedResponse(tried, f"{place} does not open a websocket: {error}")
        if cause is not None and cause.errno is not None:
            # An unknown number is about the way there, or about a link that was there.
            is_made = isinstance(error, httpx.HTTPError) and not isinstance(
                error, httpx.ConnectError
            )
            unknown = ConnectionProblem.LOST if is_made else ConnectionProblem.UNREACHABLE
            problem = _PROBLEMS.get(cause.errno, unknown)
            words = cause.strerror or str(cause)
            group = _group_of(self.endpoint) if problem is ConnectionProblem.DENIED else ""
            return ConnectionFailed(
                tried, problem, f"{place}: {words}", hint=_HINTS[problem], group=group
            )
        problem = ConnectionProblem.LOST
        if isinstance(error, httpx.ConnectError):
            problem = ConnectionProblem.UNREACHABLE
        words = str(error) or type(error).__name__
        return ConnectionFailed(tried, problem, f"{place}: {words}", hint=_HINTS[problem])


_HTTPX_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict)
_STRANGE_ANSWERS = (
    httpx.DecodingError,
    httpx.TooManyRedirects,
    httpx.InvalidURL,
    httpx.CookieConflict,
)
_HINTS = {
    ConnectionProblem.MISSING: "No socket is there. Is LXD or Incus installed and running?",
    ConnectionProblem.REFUSED: "Nobody listens there. Is the server running?",
    ConnectionProblem.DENIED: "This user may not open the socket; members of its group may.",
    ConnectionProblem.UNREACHABLE: "Check the address and the network.",
    ConnectionProblem.TIMEOUT: "The server may be busy or the network slow.",
    ConnectionProblem.LOST: "The link broke before the answer was complete.",
    ConnectionProblem.CERTIFICATE: "Check that the server's certificate is the one you trust.",
}


def _group_of(endpoint: Endpoint) -> str:
    """Return the group of a socket, or an empty string where that cannot be seen."""
    if endpoint.socket is None:
        return ""
    try:
        return grp.getgrgid(endpoint.socket.stat().st_gid).gr_name
    except (OSError, KeyError):
        return ""


def _mistrust(endpoint: Endpoint, error: BaseException) -> tuple[str, str]:
    """Say that the certificate of a server is not the expected one, and what can be done."""
    if isinstance(endpoint.verify, Path):
        return (
            f"{endpoint.place} presents another certificate than the one kept in {endpoint.verify}",
            "Somebody may be listening in between, or the server is new: then remove that file.",
        )
    return (
        f"nobody vouches for the certificate of {endpoint.place}: {error}",
        "LXD and Incus make their certificates themselves: pin the server's own.",
    )


def _deepest_os_error(error: BaseException) -> OSError | None:
    """Follow the causes down to what the operating system said."""
    found: OSError | None = None
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        if isinstance(current, OSError):
            found = current
        waiting.extend(
            cause for cause in (current.__cause__, current.__context__) if cause is not None
        )
    return found


def _refusal(error: InvalidStatus, tried: str) -> ApiError:
    status = error.response.status_code
    if status < 400:
        return UnexpectedResponse(tried, "the server does not open a websocket", status=status)
    body = bytes(error.response.body or b"")
    try:
        decode(status, decode_json(status, body, tried=tried), tried=tried)
    except ApiError as refusal:
        return refusal
    return error_for(status, "", tried=tried)
