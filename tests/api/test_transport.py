import inspect
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets.exceptions
from websockets.datastructures import Headers
from websockets.http11 import Response

import lxdtui.api.transport
from lxdtui.api.endpoint import Endpoint
from lxdtui.api.envelope import Accepted, Done
from lxdtui.api.transport import Transport
from lxdtui.errors import (
    ApiError,
    BadRequest,
    ConnectionFailed,
    ConnectionProblem,
    NotFound,
    ServerError,
    Unauthorized,
    UnexpectedResponse,
)
from tests.api.fake import SILENCE, http, transport_to

_SYNC = b'{"type": "sync", "metadata": {"a": 1}}'


def _httpx_classes() -> list[type[Exception]]:
    return [
        found
        for name in httpx.__all__
        if inspect.isclass(found := getattr(httpx, name)) and issubclass(found, Exception)
    ]


def _websockets_classes() -> list[type[Exception]]:
    return [
        found
        for found in vars(websockets.exceptions).values()
        if inspect.isclass(found) and issubclass(found, websockets.exceptions.WebSocketException)
    ]


def _instance(kind: type[Exception]) -> Exception:
    """An exception of a class, made with the arguments that it wants."""
    given: dict[str, Any] = {
        "message": "words",
        "request": httpx.Request("GET", "https://host"),
        "response": Response(404, "Not Found", Headers(), b""),
        "rcvd": None,
        "sent": None,
        "uri": "ws://x",
        "proxy": "http://x",
        "msg": "words",
        "name": "X-Name",
    }
    if kind is websockets.exceptions.PayloadTooBig:
        return kind(9, 8)
    if issubclass(kind, httpx.HTTPStatusError):
        given["response"] = httpx.Response(500)
    try:
        wanted = inspect.signature(kind).parameters.values()
    except ValueError:  # It has no constructor of its own.
        return kind("words")
    arguments = {
        parameter.name: given.get(parameter.name, 7)
        for parameter in wanted
        if parameter.default is parameter.empty
        and parameter.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    }
    return kind(**arguments)


_TIMEOUTS = {"ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutException"}
_STRANGE = {"DecodingError", "TooManyRedirects", "InvalidURL", "CookieConflict"}


@pytest.mark.parametrize("kind", _httpx_classes(), ids=lambda kind: kind.__name__)
async def test_every_exception_of_httpx_becomes_ours(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Transport(Endpoint(socket=Path("/nothing")))
    original = _instance(kind)

    async def fail(*_: object, **__: object) -> None:
        raise original

    monkeypatch.setattr(transport._http, "send", fail)
    with pytest.raises(ApiError) as caught:
        await transport.request("GET", "/1.0", tried="see")
    assert caught.value.__cause__ is original
    assert caught.value.tried == "see"
    assert caught.value.server_text
    if kind.__name__ in _STRANGE:
        assert isinstance(caught.value, UnexpectedResponse)
    else:
        assert isinstance(caught.value, ConnectionFailed)
        is_timeout = caught.value.problem is ConnectionProblem.TIMEOUT
        assert is_timeout is (kind.__name__ in _TIMEOUTS)
    await transport.aclose()


@pytest.mark.parametrize("kind", _websockets_classes(), ids=lambda kind: kind.__name__)
async def test_every_exception_of_websockets_becomes_ours(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Transport(Endpoint(socket=Path("/nothing")))
    original = _instance(kind)

    async def fail(*_: object, **__: object) -> None:
        raise original

    monkeypatch.setattr(lxdtui.api.transport, "unix_connect", fail)
    with pytest.raises(ApiError) as caught:
        await transport.websocket("/1.0/events", tried="follow")
    assert caught.value.__cause__ is original
    await transport.aclose()


def test_the_walks_find_what_they_should() -> None:
    assert len(_httpx_classes()) > 20
    assert len(_websockets_classes()) > 15


@pytest.mark.parametrize(
    ("original", "problem"),
    [
        (FileNotFoundError(2, "No such file"), ConnectionProblem.MISSING),
        (ConnectionRefusedError(111, "refused"), ConnectionProblem.REFUSED),
        (PermissionError(13, "denied"), ConnectionProblem.DENIED),
        (ConnectionResetError(104, "reset"), ConnectionProblem.LOST),
        (OSError(113, "No route to host"), ConnectionProblem.UNREACHABLE),
        (TimeoutError(110, "timed out"), ConnectionProblem.TIMEOUT),
        (ssl.SSLCertVerificationError(1, "bad certificate"), ConnectionProblem.CERTIFICATE),
    ],
)
async def test_what_the_system_says_becomes_the_problem(
    original: OSError, problem: ConnectionProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    transport = Transport(Endpoint(socket=Path("/nothing")))

    async def fail_websocket(*_: object, **__: object) -> None:
        raise original

    async def fail_request(*_: object, **__: object) -> None:
        raise httpx.ConnectError("failed") from original

    monkeypatch.setattr(lxdtui.api.transport, "unix_connect", fail_websocket)
    monkeypatch.setattr(transport._http, "send", fail_request)
    for attempt in (
        transport.websocket("/1.0/events", tried="x"),
        transport.request("GET", "/1.0", tried="x"),
    ):
        with pytest.raises(ConnectionFailed) as caught:
            await attempt
        assert caught.value.problem is problem
        assert caught.value.hint or problem is ConnectionProblem.TIMEOUT
    await transport.aclose()


async def test_good_answer_comes_with_its_headers(tmp_path: Path) -> None:
    answer = http(_SYNC, headers='ETag: "abc"\r\nLocation: /1.0/x\r\n')
    async with transport_to(tmp_path, answer) as (transport, heads):
        found = await transport.request(
            "PUT", "/1.0/a%2Fb", tried="x", params={"p": "ä&b"}, headers={"If-Match": "e"}
        )
    assert found.result == Done({"a": 1})
    assert (found.etag, found.location) == ('"abc"', "/1.0/x")
    assert heads[0].startswith(b"PUT /1.0/a%2Fb?p=%C3%A4%26b HTTP/1.1\r\n")
    assert b"if-match: e" in heads[0].lower()


async def test_accepted_request_gives_the_operation(tmp_path: Path) -> None:
    body = b'{"type": "async", "metadata": {"id": "x"}}'
    async with transport_to(tmp_path, http(body, status="202 Accepted")) as (transport, _):
        found = await transport.request("POST", "/1.0", tried="x", json={"k": "v"})
    assert found.result == Accepted({"id": "x"})
    assert (found.etag, found.location) == ("", "")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http(b"<html>hello</html>"), UnexpectedResponse),
        (http(b""), UnexpectedResponse),
        (http(b"null"), UnexpectedResponse),
        (http(b'{"type": "other"}'), UnexpectedResponse),
        (http(b"moved", status="302 Found", headers="Location: /2\r\n"), UnexpectedResponse),
        (http(b"zzz", headers="Content-Encoding: gzip\r\n"), UnexpectedResponse),
        (http(b"Bad Request", status="400 Bad Request"), BadRequest),
        (http(b"<html>", status="403 Forbidden"), Unauthorized),
        (http(b"nothing", status="404 Not Found"), NotFound),
        (http(b"", status="502 Bad Gateway"), ServerError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + _SYNC, ConnectionFailed),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ConnectionFailed),
        (b"HTTP/1.1 200 OK\r\nContent-", ConnectionFailed),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ConnectionFailed),
        (b"\x00\xff" * 50, ConnectionFailed),
    ],
)
async def test_bad_answers(tmp_path: Path, answer: bytes, kind: type[ApiError]) -> None:
    async with transport_to(tmp_path, answer) as (transport, _):
        with pytest.raises(kind) as caught:
            await transport.request("GET", "/1.0", tried="see")
    if isinstance(caught.value, ConnectionFailed):
        assert caught.value.problem is ConnectionProblem.LOST


@pytest.mark.parametrize("headers", [b"", b"Content-Length: 99999\r\n"], ids=["open", "announced"])
async def test_an_answer_without_end_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, headers: bytes
) -> None:
    monkeypatch.setattr(lxdtui.api.transport, "LARGEST_ANSWER", 1000)
    endless = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + b" " * 1001
    async with transport_to(tmp_path, endless, endless, http(_SYNC)) as (transport, _):
        with pytest.raises(UnexpectedResponse, match="more than 1000 bytes"):
            await transport.request("GET", "/1.0", tried="see")
        with pytest.raises(UnexpectedResponse, match="more than 500 bytes"):
            await transport.fetch("/1.0/x", tried="read", limit=500)
        # The link it came over is not used again.
        assert (await transport.request("GET", "/1.0", tried="see")).result == Done({"a": 1})


async def test_silence_is_given_up(tmp_path: Path) -> None:
    async with transport_to(tmp_path, SILENCE) as (transport, _):
        with pytest.raises(ConnectionFailed) as caught:
            await transport.request("GET", "/1.0", tried="see", answer_timeout=0.05)
    assert caught.value.problem is ConnectionProblem.TIMEOUT


async def test_etag_that_cannot_be_sent_back(tmp_path: Path) -> None:
    async with transport_to(tmp_path) as (transport, heads):
        with pytest.raises(UnexpectedResponse):
            await transport.request("PUT", "/1.0", tried="x", headers={"If-Match": "ä€"})
    assert heads == []


async def test_fetched_body_is_no_envelope(tmp_path: Path) -> None:
    error = http(b'{"type": "error", "error_code": 404, "error": "gone"}', status="404 Not Found")
    file = http(b"\x00\x01", headers="X-LXD-type: file\r\n")
    async with transport_to(tmp_path, file, error) as (transport, _):
        content, headers = await transport.fetch("/1.0/x", tried="read")
        assert content == b"\x00\x01"
        assert headers["x-lxd-type"] == "file"
        with pytest.raises(NotFound, match="gone"):
            await transport.fetch("/1.0/x", tried="read")


_FORBIDDEN = b'{"type": "error", "error_code": 403, "error": "not authorized"}'


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (http(_FORBIDDEN, status="403 Forbidden"), Unauthorized),
        (http(b"gone", status="404 Not Found"), NotFound),
        (http(b"Bad Request\n", status="400 Bad Request"), BadRequest),
        (http(b"", status="500 Internal Server Error"), ServerError),
        (http(_SYNC), UnexpectedResponse),
        (http(b"", status="302 Found", headers="Location: ws://other/x\r\n"), UnexpectedResponse),
        (http(b"", status="302 Found", headers="Location: //[\r\n"), UnexpectedResponse),
        (b"SSH-2.0-OpenSSH_9.2\r\n", UnexpectedResponse),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", UnexpectedResponse),
        (b"HTTP/1.1 101", ConnectionFailed),
        (b"\n", ApiError),
    ],
)
async def test_refused_websockets(tmp_path: Path, answer: bytes, kind: type[ApiError]) -> None:
    async with transport_to(tmp_path, answer) as (transport, _):
        with pytest.raises(kind):
            await transport.websocket("/1.0/events", tried="follow")


async def test_websocket_that_is_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lxdtui.api.transport, "CONNECT_TIMEOUT", 0.05)
    async with transport_to(tmp_path, SILENCE) as (transport, _):
        with pytest.raises(ConnectionFailed) as caught:
            await transport.websocket("/1.0/events", tried="follow")
    assert caught.value.problem is ConnectionProblem.TIMEOUT
