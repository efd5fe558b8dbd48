"""Servers that take containers are sent anything but containers."""

import contextlib
import json
import struct
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from lxdtui.demo import DemoServer
from tests.demo.migrating import (
    CUT,
    FAILED,
    FORMAT,
    LARGEST_FRAME,
    connect,
    give,
    names,
    outcome,
    take,
)
from tests.demo.plain_client import PlainClient


def _record(**fields: Any) -> bytes:
    content = json.dumps(fields).encode()
    return struct.pack(">I", len(content)) + content


_LOAD = _record(cores=0.1, memory=1, disk=1, processes=1, received=0, sent=0)


def _entry(depth: int, name: str, **fields: Any) -> bytes:
    plain = {"type": "directory", "mode": 0o755, "uid": 0, "gid": 0, "modified": 0, "size": 0}
    return _record(depth=depth, name=name, **(plain | {"target": ""} | fields))


_ROOT = _entry(0, "")
_FILE = {"type": "file", "size": 3}


async def _offer(far: PlainClient, *frames: bytes | str, **header: Any) -> tuple[str, str]:
    """Offer anything to a server that takes; tell how that ends."""
    target = await take(far)
    async with AsyncExitStack() as stack:
        ends = await connect(far, target)
        for end in ends.values():
            stack.push_async_callback(end.close)
        plain = {"format": FORMAT, "snapshots": []}
        await ends["control"].send(json.dumps(plain | header).encode())
        for frame in frames:
            await ends["fs"].send(frame)
        return await outcome(far, target)


async def test_what_the_hostile_ones_are_made_of_would_be_taken(
    there: DemoServer, far: PlainClient
) -> None:
    file = _entry(2, "f", **_FILE)
    stream = _LOAD + _ROOT + _entry(1, "a") + file + b"123" + _entry(1, "b", **_FILE) + b"456"
    frames = [stream[at : at + 1] for at in range(len(stream))]
    assert await _offer(far, *frames, "") == ("Success", "")
    assert there.read_file("c1", "/a/f") == b"123"
    assert there.read_file("c1", "/b") == b"456"


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\xff\xff\xff\xff",
        _record()[:-1],
        struct.pack(">I", 200_000) + b"[" * 200_000,
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 3) + b"\xff{}",
        _record(cores="1") + _ROOT,
        _record(cores=-1, memory=1, disk=1, processes=1, received=0, sent=0) + _ROOT,
        _LOAD + _entry(0, "", type="file"),
        _LOAD + _ROOT + _entry(0, "a"),
        _LOAD + _ROOT + _entry(2, "a"),
        _LOAD + _ROOT + _entry(1, ".."),
        _LOAD + _ROOT + _entry(1, "a/b"),
        _LOAD + _ROOT + _entry(1, "a\0"),
        _LOAD + _ROOT + _entry(1, "a" * 256),
        _LOAD + _ROOT + _entry(1, "a") + _entry(1, "a"),
        _LOAD + _ROOT + _entry(1, "a", type="socket"),
        _LOAD + _ROOT + _entry(1, "a", mode=True),
        _LOAD + _ROOT + _entry(1, "a", uid=2**32),
        _LOAD + _ROOT + _entry(1, "a", modified=float("nan")),
        _LOAD + _ROOT + _entry(1, "a", modified=10**400),
        _LOAD + _ROOT + _entry(1, "a", size=1),
        _LOAD + _ROOT + _entry(1, "a", type="file", size=2**40),
        _LOAD + _ROOT + _entry(1, "a", type="file", size=-1),
        _LOAD + _ROOT + _entry(1, "a", **_FILE) + b"12",
        _LOAD + _ROOT + b"".join(_entry(depth, "a") for depth in range(1, 300)),
    ],
)
async def test_stream_may_be_anything(far: PlainClient, stream: bytes) -> None:
    frames = [stream[at : at + LARGEST_FRAME] for at in range(0, len(stream), LARGEST_FRAME)]
    status, error = await _offer(far, *frames, "")
    assert status == "Failure"
    assert error.startswith(FAILED)
    assert "Demo server" not in error
    assert await names(far) == []


@pytest.mark.parametrize(
    "header",
    [
        {"format": "other"},
        {"snapshots": None},
        {"snapshots": [7]},
        {"snapshots": ["a", "a"]},
        {"snapshots": ["../a"]},
        {"snapshots": [f"s{number}" for number in range(1001)]},
    ],
)
async def test_header_may_be_anything(far: PlainClient, header: dict[str, Any]) -> None:
    status, error = await _offer(far, **header)
    assert (status, error.startswith(FAILED)) == ("Failure", True)
    assert await names(far) == []


async def test_too_large_a_frame_ends_it(far: PlainClient) -> None:
    target = await take(far)
    ends = await connect(far, target)
    with contextlib.suppress(ConnectionClosed):
        await ends["control"].send(bytes((1 << 20) + 1))
    assert await outcome(far, target) == ("Failure", FAILED + CUT)
    assert await names(far) == []


@pytest.mark.parametrize("answer", [b"\x00", b"[]", b'{"format": "other"}', "text"])
async def test_giving_to_a_stranger_fails(
    api: PlainClient, filled: str, answer: bytes | str
) -> None:
    source = await give(api)
    ends = await connect(api, source)
    await ends["control"].send(answer)
    status, error = await outcome(api, source)
    assert status == "Failure"
    assert "migration" in error
