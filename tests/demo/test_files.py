"""The files API."""

from typing import Any

import pytest

from lxdtui.demo import DemoServer
from tests.demo.plain_client import PlainClient

FILES = "/1.0/instances/c1/files"


@pytest.fixture(autouse=True)
def container(demo: DemoServer) -> None:
    demo.add_instance("c1", "Stopped")


async def push(api: PlainClient, path: str, content: bytes = b"", **headers: str) -> Any:
    names = {f"X-LXD-{name}": value for name, value in headers.items()}
    answer = await api.http.post(FILES, params={"path": path}, content=content, headers=names)
    return answer.json()


async def test_file_with_mode_and_owner(demo: DemoServer, api: PlainClient) -> None:
    body = await push(api, "/root/ä b&c", b"hello\n", mode="0640", uid="1000", gid="1001")
    assert body["metadata"] == {}
    answer = await api.http.get(FILES, params={"path": "/root/ä b&c"})
    assert answer.content == b"hello\n"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-LXD-type"] == "file"
    assert answer.headers["X-LXD-mode"] == "0640"
    assert (answer.headers["X-LXD-uid"], answer.headers["X-LXD-gid"]) == ("1000", "1001")
    assert answer.headers["X-LXD-modified"].endswith(" +0000 UTC")
    assert demo.read_file("c1", "/root/ä b&c") == b"hello\n"


async def test_existing_file_keeps_its_mode(api: PlainClient) -> None:
    await push(api, "/root/f", b"a", mode="0600")
    await push(api, "/root/f", b"b", mode="0777", write="append")
    answer = await api.http.get(FILES, params={"path": "/root/f"})
    assert (answer.content, answer.headers["X-LXD-mode"]) == (b"ab", "0600")
    await push(api, "/root/f", b"c")
    assert (await api.http.get(FILES, params={"path": "/root/f"})).content == b"c"


async def test_mode_without_leading_zero_is_decimal(api: PlainClient) -> None:
    await push(api, "/root/f", b"", mode="755")
    answer = await api.http.head(FILES, params={"path": "/root/f"})
    assert answer.headers["X-LXD-mode"] == "0363"


async def test_head_tells_everything_but_the_size(api: PlainClient) -> None:
    await push(api, "/root/f", b"12345")
    answer = await api.http.head(FILES, params={"path": "/root/f"})
    assert answer.status_code == 200
    assert answer.headers["X-LXD-type"] == "file"
    assert answer.headers.get("Content-Length", "0") == "0"


@pytest.mark.parametrize(
    ("wanted", "status", "content", "content_range"),
    [
        ("bytes=0-0", 206, b"1", "bytes 0-0/5"),
        ("bytes=2-", 206, b"345", "bytes 2-4/5"),
        ("bytes=-2", 206, b"45", "bytes 3-4/5"),
        ("bytes=9-", 416, b"", "bytes */5"),
    ],
)
async def test_parts_of_a_file(
    api: PlainClient, wanted: str, status: int, content: bytes, content_range: str
) -> None:
    await push(api, "/root/f", b"12345")
    answer = await api.http.get(FILES, params={"path": "/root/f"}, headers={"Range": wanted})
    assert answer.status_code == status
    assert answer.content == content
    assert answer.headers["Content-Range"] == content_range


async def test_directories(api: PlainClient) -> None:
    await push(api, "/root/d", type="directory")
    await push(api, "/root/d/x", b"1")
    answer = await api.http.get(FILES, params={"path": "/root/d"})
    assert answer.headers["X-LXD-type"] == "directory"
    assert answer.headers["X-LXD-mode"] == "0750"
    assert answer.json()["metadata"] == ["x"]
    assert (await push(api, "/root/d", type="directory"))["type"] == "sync"
    refused = await api.body("DELETE", FILES, params={"path": "/root/d"})
    assert refused["error_code"] == 500
    assert refused["error"] == 'sftp: "remove /root/d: directory not empty" (SSH_FX_FAILURE)'
    for path in ("/root/d/x", "/root/d"):
        assert (await api.body("DELETE", FILES, params={"path": path}))["type"] == "sync"
    assert (await api.http.get(FILES, params={"path": "/root/d"})).status_code == 404


async def test_links(api: PlainClient) -> None:
    await push(api, "/root/f", b"content")
    await push(api, "/root/link", b"f", type="symlink")
    answer = await api.http.get(FILES, params={"path": "/root/link"})
    assert (answer.headers["X-LXD-type"], answer.text) == ("symlink", "/root/f")
    await push(api, "/root/link", b"through")
    assert (await api.http.get(FILES, params={"path": "/root/f"})).text == "through"
    await push(api, "/root/etc", b"/etc", type="symlink")
    assert (await api.http.get(FILES, params={"path": "/root/etc/hostname"})).text == "c1\n"
    assert (await push(api, "/root/link", b"x", type="symlink"))["error_code"] == 500


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/nope", 404, "Not Found"),
        ("DELETE", "/nope", 404, "Not Found"),
        ("POST", "/nope/f", 404, "Not Found"),
        ("GET", "", 400, "Missing path argument"),
        ("POST", "/etc", 500, 'sftp: "open /etc: is a directory" (SSH_FX_FAILURE)'),
        (
            "GET",
            "/etc/passwd/x",
            500,
            'sftp: "lstat /etc/passwd/x: not a directory" (SSH_FX_FAILURE)',
        ),
        ("DELETE", "/", 500, 'sftp: "remove /: device or resource busy" (SSH_FX_FAILURE)'),
    ],
)
async def test_refusals(api: PlainClient, method: str, path: str, status: int, error: str) -> None:
    body = await api.body(method, FILES, params={"path": path})
    assert (body["error_code"], body["error"]) == (status, error)


async def test_each_call_has_its_event(api: PlainClient) -> None:
    events = await api.events("type=lifecycle")
    await push(api, "/root/f", b"1")
    await api.http.get(FILES, params={"path": "/root/f"})
    await api.http.delete(FILES, params={"path": "/root/f"})
    for action in ("pushed", "retrieved", "deleted"):
        event = (await events.next())["metadata"]
        assert event["action"] == f"instance-file-{action}"
        assert event["context"] == {"path": "/root/f"}


async def test_space_is_bounded(api: PlainClient) -> None:
    block = b"\0" * (8 * 1024 * 1024)
    for index in range(40):
        body = await push(api, f"/root/{index}", block)
        if body["type"] == "error":
            assert "no space left on device" in body["error"]
            assert index * len(block) >= 200 * 1024 * 1024
            return
    pytest.fail("nothing stopped the uploads")


async def test_snapshot_brings_files_back(demo: DemoServer, api: PlainClient) -> None:
    await push(api, "/root/f", b"before")
    await api.run("POST", "/1.0/instances/c1/snapshots", {"name": "s0"})
    await push(api, "/root/f", b"after")
    operation = await api.run("PUT", "/1.0/instances/c1", {"restore": "s0"})
    assert operation["status"] == "Success"
    assert demo.read_file("c1", "/root/f") == b"before"
