"""Large files in a thread, with servers that are wrong, refuse, or answer in another order."""

import asyncio
import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from lxdtui.api.sftp.large_reading import LargeReading
from lxdtui.api.sftp.large_writing import LargeWriting
from lxdtui.api.sftp.packets import LONGEST_PACKET, PIECE, Type, frame, text, u32
from lxdtui.api.sftp.straight import ShortFileError, StraightLink
from lxdtui.errors import (
    ConnectionFailed,
    LxdTuiError,
    NotFound,
    ServerError,
    UnexpectedResponse,
)
from tests.api.fake_sftp import SWITCHING, VERSION, Answer, status, straight

HANDLE = b"\0handle\xff"
CONTENT = os.urandom(PIECE) * 70 + b"the end"


def serving(content: bytes) -> Answer:
    """Answers as a server whose only file has this content."""

    def answer(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.OPEN:
            return frame(Type.HANDLE, number, text(HANDLE))
        if kind == Type.READ:
            offset, count = struct.unpack_from(">QI", body, 4 + len(HANDLE))
            data = content[offset : offset + count]
            return frame(Type.DATA, number, text(data)) if data else status(number, 1)
        return status(number, 0)

    return answer


async def read(link: StraightLink, *, offset: int = 0, size: int = len(CONTENT)) -> bytes:
    pieces: list[bytes] = []
    reading = LargeReading(
        link,
        "read /large in c1",
        lambda piece: pieces.append(bytes(piece)),
        offset=offset,
        size=size,
        may_go=lambda: True,
    )

    def run() -> None:
        link.open()
        reading.run("/large", lambda _: None)

    await asyncio.to_thread(run)
    assert reading.reached == offset + sum(map(len, pieces))
    return b"".join(pieces)


@pytest.mark.parametrize("offset", [0, 1, PIECE, len(CONTENT) - 1])
async def test_reading_from_anywhere(offset: int) -> None:
    async with straight(serving(CONTENT)) as (link, _):
        assert await read(link, offset=offset) == CONTENT[offset:]


@pytest.mark.parametrize("there", [0, 1, PIECE, 3 * PIECE + 5, 64 * PIECE])
async def test_a_file_that_became_shorter_is_read_to_its_end(there: int) -> None:
    async with straight(serving(CONTENT[:there])) as (link, _):
        assert await read(link) == CONTENT[:there]


async def test_a_hole_is_never_written_over() -> None:
    """A piece in the middle is too short, and more comes behind it."""
    answer = serving(CONTENT)

    def short(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.READ and struct.unpack_from(">Q", body, 4 + len(HANDLE))[0] == 5 * PIECE:
            return frame(Type.DATA, number, text(CONTENT[5 * PIECE : 5 * PIECE + 100]))
        return answer(kind, number, body)

    async with straight(short) as (link, _):
        assert await read(link) == CONTENT[: 5 * PIECE + 100]


async def test_replies_in_another_order_are_written_in_the_right_one() -> None:
    answer = serving(CONTENT)
    held: list[bytes] = []

    def shuffled(kind: int, number: int, body: bytes) -> bytes:
        reply = answer(kind, number, body)
        if kind != Type.READ:
            return reply
        held.append(reply)
        # Backwards by threes; what remains at the end comes at once.
        if len(held) < 3 and number < len(CONTENT) // PIECE - 2:
            return b""
        replies, held[:] = b"".join(reversed(held)), []
        return replies

    async with straight(shuffled) as (link, _):
        assert await read(link) == CONTENT


WRONG: dict[str, Callable[[int], bytes]] = {
    "another request's number": lambda number: frame(Type.DATA, number + 500, text(b"x" * PIECE)),
    "more than was asked for": lambda number: frame(Type.DATA, number, text(b"x" * (PIECE + 1))),
    "nothing": lambda number: frame(Type.DATA, number, text(b"")),
    "a length that is not that of the packet": lambda number: frame(
        Type.DATA, number, u32(5), b"1234567"
    ),
    "all is well": lambda number: status(number, 0),
    "another kind": lambda number: frame(Type.HANDLE, number, text(b"handle")),
    "a packet of gigabytes": lambda _: b"\xff" * 40,
    "a packet just too long": lambda _: u32(LONGEST_PACKET + 1) + bytes(100),
    "a packet of nothing": lambda _: bytes(40),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_wrong_answers_to_reads(wrong: str) -> None:
    answer = serving(CONTENT)

    def reply(kind: int, number: int, body: bytes) -> bytes:
        return WRONG[wrong](number) if kind == Type.READ else answer(kind, number, body)

    async with straight(reply) as (link, _):
        with pytest.raises(UnexpectedResponse):
            await read(link)


async def test_the_end_of_the_link_and_refusals_are_told() -> None:
    answer = serving(CONTENT)

    def failing(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.READ and number == 10:
            return status(number, 4, "input/output error")
        return answer(kind, number, body)

    async with straight(failing) as (link, _):
        with pytest.raises(ServerError, match="input/output error"):
            await read(link)

    def missing(kind: int, number: int, body: bytes) -> bytes:
        return status(number, 2, "no such file")

    async with straight(missing) as (link, _):
        with pytest.raises(NotFound):
            await read(link)

    async with straight(serving(CONTENT)) as (link, server):

        def cutting(kind: int, number: int, body: bytes) -> bytes:
            if number == 7:
                server.cut()
            return answer(kind, number, body)

        server._answer = cutting
        with pytest.raises((ConnectionFailed, OSError)):
            await read(link)


@pytest.mark.parametrize(
    ("upgrade", "greeting", "error"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", VERSION, NotFound),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 19\r\n\r\n{'type':'error' and",
            VERSION,
            LxdTuiError,
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", VERSION, UnexpectedResponse),
        (b"HTTP/1.1 101 Yes\r\nUpgrade: chess\r\n\r\n", VERSION, UnexpectedResponse),
        (b"SSH-2.0-what\r\n\r\n", VERSION, UnexpectedResponse),
        (SWITCHING, frame(Type.VERSION, 4), UnexpectedResponse),
        (SWITCHING, b"\xff" * 20, UnexpectedResponse),
        (SWITCHING, status(3, 4, "no"), UnexpectedResponse),
    ],
)
async def test_wrong_beginnings(upgrade: bytes, greeting: bytes, error: type[Exception]) -> None:
    async with straight(serving(b""), upgrade=upgrade, greeting=greeting) as (link, _):
        with pytest.raises(error):
            await read(link)


async def write(link: StraightLink, path: Path, *, offset: int, size: int) -> LargeWriting:
    with path.open("rb") as file:
        writing = LargeWriting(
            link,
            "write /large in c1",
            file.fileno(),
            offset=offset,
            size=size,
            may_go=lambda: True,
        )

        def run() -> None:
            link.open()
            writing.run("/large", lambda _: None)

        await asyncio.to_thread(run)
    return writing


def keeping(into: bytearray) -> Answer:
    """Answers as a server that writes."""

    def answer(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.OPEN:
            return frame(Type.HANDLE, number, text(HANDLE))
        if kind == Type.WRITE:
            at = 4 + len(HANDLE)
            offset, count = struct.unpack_from(">QI", body, at)
            data = body[at + 12 :]
            assert count == len(data)
            assert len(body) + 9 <= LONGEST_PACKET
            into[offset : offset + count] = data
        return status(number, 0)

    return answer


@pytest.mark.parametrize("offset", [0, 100, len(CONTENT) - 1])
async def test_writing_from_anywhere(tmp_path: Path, offset: int) -> None:
    path = tmp_path / "large"
    path.write_bytes(CONTENT)
    there = bytearray(CONTENT[:offset])
    async with straight(keeping(there)) as (link, server):
        writing = await write(link, path, offset=offset, size=len(CONTENT))
        assert server.kinds[-1] == Type.CLOSE
    assert writing.reached == len(CONTENT)
    assert there == CONTENT


async def test_a_source_that_is_shorter_than_it_was(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(CONTENT)
    async with straight(keeping(bytearray())) as (link, _):
        with pytest.raises(ShortFileError) as caught:
            await write(link, path, offset=0, size=len(CONTENT) + 1)
    assert caught.value.size == len(CONTENT)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (lambda number: status(number, 4, "no space left on device"), ServerError),
        (lambda number: status(number, 1), UnexpectedResponse),
        (lambda number: status(number + 100, 0), UnexpectedResponse),
        (lambda number: frame(Type.DATA, number, text(b"x")), UnexpectedResponse),
    ],
)
async def test_writes_that_are_not_done(
    tmp_path: Path, reply: Callable[[int], bytes], error: type[LxdTuiError]
) -> None:
    path = tmp_path / "large"
    path.write_bytes(CONTENT)
    answer = keeping(bytearray())

    def refusing(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.WRITE and number == 2:
            return reply(number)
        return answer(kind, number, body)

    async with straight(refusing) as (link, _):
        with pytest.raises(error):
            await write(link, path, offset=0, size=len(CONTENT))


async def test_what_the_disk_refuses_at_the_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(CONTENT)
    answer = keeping(bytearray())

    def refusing(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.CLOSE:
            return status(number, 4, "disk quota exceeded")
        return answer(kind, number, body)

    async with straight(refusing) as (link, _):
        with pytest.raises(ServerError, match="quota"):
            await write(link, path, offset=0, size=len(CONTENT))


async def test_it_ends_soon_when_it_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(CONTENT)
    opened = asyncio.Event()

    def silent(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.OPEN:
            return frame(Type.HANDLE, number, text(HANDLE))
        opened.set()
        return b""

    async with straight(silent) as (link, _):
        task = asyncio.create_task(write(link, path, offset=0, size=len(CONTENT)))
        await opened.wait()
        link.stop()
        async with asyncio.timeout(5):
            with pytest.raises((ConnectionFailed, OSError)):
                await task
