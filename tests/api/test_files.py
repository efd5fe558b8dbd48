"""The files API and the upgrade to SFTP with servers that answer oddly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api.file_headers import attributes_from, headers_for
from lxdtui.api.file_refusals import file_error
from lxdtui.api.files import FileCalls
from lxdtui.api.flavor import Flavor
from lxdtui.api.sftp import SftpSessions
from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    ConnectionProblem,
    ExtensionMissing,
    LxdTuiError,
    NotFound,
    ServerError,
    Unauthorized,
    UnexpectedResponse,
)
from lxdtui.model.files import FileAttributes, FileKind
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import Server, ServerKind
from tests.api.fake import http, transport_to

REF = InstanceRef("local", "staging", "c1")
LXD = Flavor.of(ServerKind.LXD)
INCUS = Flavor.of(ServerKind.INCUS)
FILE = "Content-Type: application/octet-stream\r\nX-LXD-type: file\r\n"


@asynccontextmanager
async def calls_to(
    folder: Path, *answers: bytes, extensions: tuple[str, ...] = ("instance_file_head",)
) -> AsyncIterator[tuple[FileCalls, list[bytes]]]:
    server = Server(
        kind=ServerKind.LXD, version="5.0.2", is_trusted=True, extensions=frozenset(extensions)
    )
    async with transport_to(folder, *answers) as (transport, heads):
        yield FileCalls(transport, lambda: server), heads


def test_headers_are_those_of_the_server() -> None:
    assert headers_for(LXD, FileKind.DIRECTORY, mode="0755", uid=0, gid=5) == {
        "X-LXD-type": "directory",
        "X-LXD-mode": "0755",
        "X-LXD-uid": "0",
        "X-LXD-gid": "5",
    }
    assert headers_for(INCUS, FileKind.SYMLINK) == {"X-Incus-type": "symlink"}


def test_attributes_of_real_answers() -> None:
    told = {"gid": "1001", "mode": "0640", "modified": "2026-11-23 08:38:50 +0000 UTC"}
    told |= {"type": "file", "uid": "1000"}
    for flavor, prefix in ((LXD, "x-lxd-"), (INCUS, "x-incus-")):
        headers = {prefix + name: value for name, value in told.items()}
        expected = FileAttributes(
            kind=FileKind.FILE,
            mode=0o640,
            uid=1000,
            gid=1001,
            modified=datetime(2026, 11, 23, 8, 38, 50, tzinfo=UTC),
        )
        assert attributes_from(headers, flavor, tried="look") == expected
        headers |= {"content-length": "6", "content-type": "application/octet-stream"}
        assert attributes_from(headers, flavor, tried="look").size == 6
        headers |= {"content-length": "1", "content-range": "bytes 0-0/6"}
        assert attributes_from(headers, flavor, tried="look").size == 6


@pytest.mark.parametrize(
    "told",
    [
        {"mode": "rwx", "uid": "-1", "gid": "1e3", "modified": "yesterday"},
        {"mode": "9", "uid": "٣", "gid": "", "modified": "2026-13-40 08:38:50 +0000 UTC"},
        {"mode": "7" * 30, "uid": "9" * 40, "gid": " 1", "modified": "2026-11-23 08:38:50 +9999"},
    ],
)
def test_what_cannot_be_read_is_unknown(told: dict[str, str]) -> None:
    headers = {f"x-lxd-{name}": value for name, value in {**told, "type": "file"}.items()}
    assert attributes_from(headers, LXD, tried="look") == FileAttributes(kind=FileKind.FILE)


@pytest.mark.parametrize("kind", ["", "File", "hardlink", "x" * 5000])
def test_kind_must_be_told(kind: str) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        attributes_from({"x-lxd-type": kind}, LXD, tried="look")
    assert len(caught.value.message) < 300


@given(st.dictionaries(st.sampled_from(["x-lxd-mode", "x-lxd-uid", "x-lxd-modified"]), st.text()))
def test_any_headers(headers: dict[str, str]) -> None:
    attributes_from({**headers, "x-lxd-type": "file"}, LXD, tried="look")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('sftp: "remove /d: directory not empty" (SSH_FX_FAILURE)', Conflict),
        ('sftp: "symlink a /b: file exists" (SSH_FX_FAILURE)', Conflict),
        ('sftp: "open /etc: is a directory" (SSH_FX_FAILURE)', BadRequest),
        ('sftp: "open /a/b: not a directory" (SSH_FX_FAILURE)', BadRequest),
        ('sftp: "write /a: no space left on device" (SSH_FX_FAILURE)', ServerError),
        ('sftp: "open /a: read-only file system" (SSH_FX_FAILURE)', Unauthorized),
        ('sftp: "write /file exists: no space left on device" (SSH_FX_FAILURE)', ServerError),
        ("", ServerError),
    ],
)
def test_words_of_refusals(words: str, kind: type[ApiError]) -> None:
    error = file_error(words, tried="try")
    assert type(error) is kind
    assert error.server_text == words


async def test_path_goes_byte_for_byte(tmp_path: Path) -> None:
    async with calls_to(tmp_path, http(b"x", headers=FILE)) as (calls, heads):
        assert await calls.read(REF, "/a b/%\n?#&\udcff", limit=10) == b"x"
    assert heads[0].startswith(
        b"GET /1.0/instances/c1/files?path=/a%20b/%25%0A%3F%23%26%FF&project=staging HTTP/1.1\r\n"
    )
    assert b"accept-encoding: identity" in heads[0].lower()


async def test_size_of_a_file_where_head_does_not_tell_it(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-LXD-type: file\r\n\r\n"
    ranged = http(
        b"x", status="206 Partial Content", headers=f"{FILE}Content-Range: bytes 0-0/7\r\n"
    )
    async with calls_to(tmp_path, head, ranged) as (calls, heads):
        assert (await calls.stat(REF, "/a")).size == 7
    assert heads[0].startswith(b"HEAD ")
    assert b"range: bytes=0-0" in heads[1].lower()


async def test_size_of_a_file_without_head_and_of_an_empty_one(tmp_path: Path) -> None:
    # LXD announces more than it sends then.
    nothing = b"HTTP/1.1 416 No\r\nContent-Length: 99\r\nX-LXD-type: file\r\n\r\ninvalid range"
    async with calls_to(tmp_path, nothing, http(b"", headers=FILE), extensions=()) as (
        calls,
        heads,
    ):
        assert (await calls.stat(REF, "/a")).size == 0
    assert heads[0].startswith(b"GET ")


@pytest.mark.parametrize("told", ["Content-Range: bytes 0-7/8\r\n", "", "Content-Range: x\r\n"])
async def test_another_part_of_a_file_than_was_asked_for_is_no_page(
    tmp_path: Path, told: str
) -> None:
    wrong = http(b"01234567", status="206 Partial Content", headers=FILE + told)
    async with calls_to(tmp_path, wrong) as (calls, _):
        with pytest.raises(UnexpectedResponse, match="asked for byte 4, it sends"):
            async with calls.open(REF, "/a", offset=4):
                pass


async def test_a_server_that_sends_the_whole_file_is_read_from_an_offset(tmp_path: Path) -> None:
    async with (
        calls_to(tmp_path, http(b"01234567", headers=FILE)) as (calls, _),
        calls.open(REF, "/a", offset=4) as opened,
    ):
        assert b"".join([piece async for piece in opened.pieces]) == b"4567"


WRONG_FILES: dict[str, tuple[bytes, type[LxdTuiError]]] = {
    "no kind": (http(b"x"), UnexpectedResponse),
    "directory": (http(b"{}", headers="X-LXD-type: directory\r\n"), BadRequest),
    "more than the limit": (http(bytes(11), headers=FILE), BadRequest),
    "more than the limit, not announced": (
        f"HTTP/1.1 200 OK\r\n{FILE}\r\n".encode() + bytes(100_000),
        UnexpectedResponse,
    ),
    "endless pieces": (
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{FILE}\r\n".encode()
        + b"10\r\n0123456789abcdef\r\n" * 1000,
        UnexpectedResponse,
    ),
    "less than announced": (
        f"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n{FILE}\r\nshort".encode(),
        ConnectionFailed,
    ),
    "no http": (b"SSH-2.0-OpenSSH_9.2\r\n", ConnectionFailed),
    "half of an answer": (b"HTTP/1.1 20", ConnectionFailed),
    "refusal that is no json": (http(b"<html>", status="500 No"), ServerError),
    "missing": (
        http(b'{"type": "error", "error": "Not Found", "error_code": 404}', status="404 No"),
        NotFound,
    ),
}


@pytest.mark.parametrize("wrong", WRONG_FILES)
async def test_wrong_answers_to_read(tmp_path: Path, wrong: str) -> None:
    answer, error = WRONG_FILES[wrong]
    async with calls_to(tmp_path, answer) as (calls, _):
        with pytest.raises(error) as caught:
            await calls.read(REF, "/a", limit=10)
    assert "/a in c1" in caught.value.message


async def test_links_in_circles_end(tmp_path: Path) -> None:
    link = http(b"/a", headers="X-LXD-type: symlink\r\n")
    async with calls_to(tmp_path, *[link] * 50) as (calls, heads):
        with pytest.raises(BadRequest, match="too many levels"):
            await calls.read(REF, "/a", limit=10)
    assert len(heads) == 40


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"type": "sync", "metadata": {"a": 1}}',
        b'{"type": "sync", "metadata": [1]}',
        b'{"type": "async", "metadata": {}}',
        b"[" * 100_000,
    ],
)
async def test_wrong_lists_of_names(tmp_path: Path, body: bytes) -> None:
    async with calls_to(tmp_path, http(body, headers="X-LXD-type: directory\r\n")) as (calls, _):
        with pytest.raises(UnexpectedResponse):
            await calls.names(REF, "/a")


async def test_list_of_no_names(tmp_path: Path) -> None:
    answer = http(b'{"type": "sync", "metadata": null}', headers="X-LXD-type: directory\r\n")
    async with calls_to(tmp_path, answer) as (calls, _):
        assert await calls.names(REF, "/a") == []


UPGRADES: dict[str, tuple[bytes, type[LxdTuiError]]] = {
    "half of an answer": (b"HTTP/1.1 101 Swi", ConnectionFailed),
    "headers without end": (b"HTTP/1.1 101 Yes\r\n" + b"X: y\r\n" * 100_000, UnexpectedResponse),
    "no http": (b"\0\0\0\5\2\0\0\0\3\r\n\r\n", UnexpectedResponse),
    "other version": (b"HTTP/2 101 Yes\r\n\r\n", UnexpectedResponse),
    "other protocol": (b"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n", UnexpectedResponse),
    "no upgrade": (http(b'{"type": "sync"}'), UnexpectedResponse),
    "no upgrade without a body": (http(b"", status="204 No Content"), UnexpectedResponse),
    "long refusal": (b"HTTP/1.1 500 No\r\nContent-Length: 99999999999\r\n\r\n", UnexpectedResponse),
    "odd length": (b"HTTP/1.1 500 No\r\nContent-Length: \xb2\r\n\r\n", ServerError),
    "cut refusal": (b"HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\nhal", ConnectionFailed),
    "no such path": (
        http(b'{"type": "error", "error": "not found", "error_code": 404}', status="404 No"),
        ExtensionMissing,
    ),
    "not implemented": (
        http(b'{"type": "error", "error": "not implemented", "error_code": 501}', status="501 No"),
        ExtensionMissing,
    ),
    "no such instance": (
        http(b'{"type": "error", "error": "Instance not found", "error_code": 404}', status="404 "),
        NotFound,
    ),
    "forbidden": (http(b"Forbidden", status="403 Forbidden"), Unauthorized),
    "ends after the upgrade": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: sftp\r\n\r\n",
        ConnectionFailed,
    ),
    "no sftp after the upgrade": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: SFTP\r\n\r\nSSH-2.0-OpenSSH_9.2\r\n",
        UnexpectedResponse,
    ),
}


@pytest.mark.parametrize("answer", UPGRADES)
async def test_wrong_answers_to_the_upgrade(tmp_path: Path, answer: str) -> None:
    data, error = UPGRADES[answer]
    async with transport_to(tmp_path, data) as (transport, heads):
        sessions = SftpSessions(transport)
        with pytest.raises(error) as caught:
            async with sessions.use(REF):
                pass
        assert "c1" in caught.value.message
        assert sessions.open_count == 0
        if error is ExtensionMissing:
            # It is not asked again.
            with pytest.raises(ExtensionMissing):
                await sessions.open(REF)
        await sessions.aclose()
    assert len(heads) == 1
    assert heads[0].startswith(b"GET /1.0/instances/c1/sftp?project=staging HTTP/1.1\r\n")
    assert b"\r\nConnection: Upgrade\r\nUpgrade: sftp\r\n" in heads[0]


async def test_missing_socket(tmp_path: Path) -> None:
    async with transport_to(tmp_path) as (transport, _):
        (tmp_path / "unix.socket").unlink()
        with pytest.raises(ConnectionFailed) as caught:
            await SftpSessions(transport).open(REF)
    assert caught.value.problem is ConnectionProblem.MISSING


async def test_cancelled_upgrade_leaves_no_connection(tmp_path: Path) -> None:
    ended = asyncio.Event()
    asked = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        try:
            assert await reader.read() == b""
        finally:
            ended.set()
            writer.close()

    async with transport_to(tmp_path) as (transport, _):
        (tmp_path / "unix.socket").unlink()
        server = await asyncio.start_unix_server(serve, tmp_path / "unix.socket")
        opening = asyncio.create_task(SftpSessions(transport).open(REF))
        await asked.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        async with asyncio.timeout(5):
            await ended.wait()
        server.close()
        await server.wait_closed()
