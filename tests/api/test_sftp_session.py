"""SFTP sessions with servers that are slow, wrong or hostile."""

import asyncio
import contextlib
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lxdtui.api.sftp.link import REQUESTS_UNDER_WAY
from lxdtui.api.sftp.packets import OpenFlag, Packet, StatusCode, Type, frame, text, u32, u64
from lxdtui.api.sftp.session import SftpSession
from lxdtui.api.sftp.transfer import WINDOW, read_handle, write_handle
from lxdtui.errors import (
    BadRequest,
    Conflict,
    ConnectionFailed,
    ConnectionProblem,
    ExtensionMissing,
    LxdTuiError,
    NotFound,
    ServerError,
    SessionClosed,
    Unauthorized,
    UnexpectedResponse,
)
from tests.api.fake_sftp import VERSION, connected, name_list, status
from tests.contract.backend import until
from tests.contract.file_boxes import one_by_one

HANDLE = b"\0handle\xff"


def silent(kind: int, number: int, body: bytes) -> bytes:
    return b""


def fixed(make: Callable[[int], bytes]) -> Callable[[int, int, bytes], bytes]:
    def answer(kind: int, number: int, body: bytes) -> bytes:
        return make(number)

    return answer


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (StatusCode.NO_SUCH_FILE, "", NotFound),
        (StatusCode.PERMISSION_DENIED, "no", Unauthorized),
        (StatusCode.FAILURE, "mkdir /x: file exists", Conflict),
        (StatusCode.FAILURE, "remove /x: directory not empty", Conflict),
        (StatusCode.FAILURE, "open /x: is a directory", BadRequest),
        (StatusCode.FAILURE, "open /file exists: no space left on device", ServerError),
        (StatusCode.FAILURE, "", ServerError),
        (StatusCode.BAD_MESSAGE, "what", ServerError),
        (StatusCode.CONNECTION_LOST, "gone", ConnectionFailed),
        (StatusCode.OP_UNSUPPORTED, "", BadRequest),
        (StatusCode.OK, "", UnexpectedResponse),
        (StatusCode.EOF, "", UnexpectedResponse),
        (4711, "x" * 100_000, ServerError),
    ],
)
async def test_refusals(code: int, words: str, error: type[LxdTuiError]) -> None:
    async with connected(fixed(lambda number: status(number, code, words))) as (session, _):
        with pytest.raises(error) as caught:
            await session.stat("/x")
        assert type(caught.value) is error
        assert "/x in c1" in caught.value.message
        assert len(caught.value.message) < 3000
        assert session.is_open


WRONG_REPLIES: dict[str, Callable[[int], bytes]] = {
    "another kind": lambda number: frame(Type.HANDLE, number, text(b"x")),
    "unknown kind": lambda number: frame(Type.EXTENDED_REPLY, number),
    "nothing in it": lambda number: frame(Type.ATTRS, number),
    "cut off": lambda number: frame(Type.ATTRS, number, u32(1), b"\0"),
    "status cut off": lambda number: frame(Type.STATUS, number, b"\0"),
    "count too large": lambda number: frame(Type.ATTRS, number, u32(0x80000000), u32(2**32 - 1)),
}


@pytest.mark.parametrize("reply", WRONG_REPLIES)
async def test_wrong_replies_are_told_and_survived(reply: str) -> None:
    async with connected(fixed(WRONG_REPLIES[reply])) as (session, _):
        for _ in range(2):
            with pytest.raises(UnexpectedResponse):
                await session.stat("/x")
        assert session.under_way == 0


NO_SFTP: dict[str, bytes] = {
    "unknown request": status(4711, 0),
    "twice": status(0, 2) * 2,
    "version again": VERSION,
    "length of nothing": u32(0),
    "length of four gigabytes": u32(2**32 - 1),
    "handle cut off": frame(Type.HANDLE, 0, u32(5)) + status(7, 0),
    "http": b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
}


@pytest.mark.parametrize("reply", NO_SFTP)
async def test_what_is_no_sftp_ends_the_session(reply: str) -> None:
    async with connected(lambda *_: NO_SFTP[reply]) as (session, _):
        with pytest.raises((UnexpectedResponse, NotFound)):
            await session.stat("/x")
        with pytest.raises(UnexpectedResponse):
            await session.stat("/y")
        assert not session.is_open


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (status(0, 4), UnexpectedResponse),
        (frame(Type.VERSION, 2), UnexpectedResponse),
        (frame(Type.VERSION, 3, text(b"odd")), UnexpectedResponse),
        (b"\0\0\0\0", UnexpectedResponse),
        (b"\xff" * 8, UnexpectedResponse),
    ],
)
async def test_wrong_greetings(greeting: bytes, error: type[LxdTuiError]) -> None:
    with pytest.raises(error):
        async with connected(silent, greeting=greeting):
            pass


async def test_extensions_are_asked_for_only_where_they_are() -> None:
    async with connected(fixed(lambda number: status(number, 0))) as (session, server):
        with pytest.raises(ExtensionMissing):
            await session.replace("/a", "/b")
        await session.flush(HANDLE, tried="write")
        assert server.requests == []
    names = b"".join(
        text(name) + text(b"1") for name in (b"posix-rename@openssh.com", b"fsync@openssh.com")
    )
    greeting = frame(Type.VERSION, 3, names)
    async with connected(fixed(lambda number: status(number, 0)), greeting=greeting) as (
        session,
        server,
    ):
        await session.replace("/a", "/b")
        await session.flush(HANDLE, tried="write")
        assert server.kinds == [Type.EXTENDED, Type.EXTENDED]


async def test_requests_are_written_as_openssh_has_them() -> None:
    async with connected(fixed(lambda number: status(number, 0))) as (session, server):
        await session.make_link("target", "/link")
        await session.set_attributes("/a\udcff", mode=0o640, owner=(1, 2))
        await session.set_attributes("/a", size=5, times=(6, 7))
        await session.remove_directory("/d")
        await session.rename("/a", "/b")
    assert [(kind, body) for kind, _, body in server.requests] == [
        (Type.SYMLINK, text(b"target") + text(b"/link")),
        (Type.SETSTAT, text(b"/a\xff") + u32(6) + u32(1) + u32(2) + u32(0o640)),
        (Type.SETSTAT, text(b"/a") + u32(9) + u64(5) + u32(6) + u32(7)),
        (Type.RMDIR, text(b"/d")),
        (Type.RENAME, text(b"/a") + text(b"/b")),
    ]


async def test_replies_in_any_order_reach_who_asked() -> None:
    kept: list[int] = []

    def answer(kind: int, number: int, body: bytes) -> bytes:
        kept.append(number)
        if len(kept) < 10:
            return b""
        return b"".join(frame(Type.ATTRS, number, u32(1), u64(number)) for number in reversed(kept))

    async with connected(answer) as (session, server):
        found = await asyncio.gather(*(session.stat(f"/{n}") for n in range(10)))
    asked = {body[5:]: number for _, number, body in server.requests}
    assert [attributes.size for attributes in found] == [asked[str(n).encode()] for n in range(10)]


async def test_no_more_requests_are_under_way_than_allowed() -> None:
    async with connected(silent) as (session, server):
        asking = [asyncio.create_task(session.stat(f"/{n}")) for n in range(300)]
        await until(lambda: _is(len(server.requests) >= REQUESTS_UNDER_WAY))
        assert session.under_way == len(server.requests) == REQUESTS_UNDER_WAY
        # Those that nobody waits for any more keep their places until they are answered.
        for task in asking[:REQUESTS_UNDER_WAY]:
            task.cancel()
        await asyncio.wait(asking[:REQUESTS_UNDER_WAY])
        assert len(server.requests) == REQUESTS_UNDER_WAY
        for _, number, _ in server.requests[:10]:
            server.send(status(number, 2))
        await until(lambda: _is(len(server.requests) == REQUESTS_UNDER_WAY + 10))
        server.cut()
        ended = await asyncio.gather(*asking[REQUESTS_UNDER_WAY:], return_exceptions=True)
    assert {type(error) for error in ended} == {ConnectionFailed}


async def _is(truth: bool) -> bool:
    return truth


async def test_loss_of_the_link_is_told_to_everybody() -> None:
    async with connected(silent) as (session, server):
        asking = [asyncio.create_task(session.stat(f"/{n}")) for n in range(3)]
        await until(lambda: _is(len(server.requests) == 3))
        server.cut()
        for number, task in enumerate(asking):
            with pytest.raises(ConnectionFailed, match=f"/{number} in c1") as caught:
                await task
            assert caught.value.problem is ConnectionProblem.LOST
        with pytest.raises(ConnectionFailed):
            await session.stat("/later")


async def test_closing_is_told_to_everybody() -> None:
    async with connected(silent) as (session, server):
        asking = asyncio.create_task(session.stat("/a"))
        await until(lambda: _is(len(server.requests) == 1))
        await session.aclose()
        with pytest.raises(SessionClosed, match="/a in c1"):
            await asking
        with pytest.raises(SessionClosed):
            await session.stat("/later")
        await session.aclose()


async def test_silence_ends_the_session() -> None:
    begun = time.monotonic()
    async with connected(silent, silence=0.2) as (session, _):
        with pytest.raises(ConnectionFailed) as caught:
            await session.stat("/a")
        assert caught.value.problem is ConnectionProblem.TIMEOUT
    assert 0.2 <= time.monotonic() - begun < 5


async def test_idle_session_may_be_silent() -> None:
    async with connected(fixed(lambda number: status(number, 2)), silence=0.05) as (session, _):
        await asyncio.wait([asyncio.create_task(asyncio.sleep(0.2))])
        with pytest.raises(NotFound):
            await session.stat("/a")


@pytest.mark.parametrize("when", ["before the answer", "with the answer"])
async def test_file_that_nobody_waits_for_is_closed(
    when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.CLOSE:
            return status(number, 0)
        return b""

    async with connected(answer) as (session, server):
        opening = asyncio.create_task(session.open("/a", OpenFlag.READ))
        await until(lambda: _is(len(server.requests) == 1))
        reply = frame(Type.HANDLE, server.requests[0][1], text(HANDLE))
        if when == "before the answer":
            opening.cancel()
            server.send(reply)
        else:
            take = session._link._take

            def take_and_cancel(packet: Packet) -> None:
                take(packet)
                # The answer is there, and who asked did not run yet.
                opening.cancel()

            monkeypatch.setattr(session._link, "_take", take_and_cancel)
            server.send(reply)
        await asyncio.wait([opening])
        await until(lambda: _is(server.kinds == [Type.OPEN, Type.CLOSE]))
        assert server.requests[1][2] == text(HANDLE)
        await until(lambda: _is(session.under_way == 0))
        assert opening.cancelled()


class Disk:
    """One open file in the memory of a fake server, which gives odd pieces of it."""

    def __init__(self, data: bytes = b"", *, most: int = 1 << 20) -> None:
        self.data = bytearray(data)
        self.most = most
        self.asked_at_once = 0

    def answer(self, kind: int, number: int, body: bytes) -> bytes:
        at = 4 + len(HANDLE)
        (offset,) = struct.unpack_from(">Q", body, at)
        (count,) = struct.unpack_from(">I", body, at + 8)
        if kind == Type.WRITE:
            data = body[at + 12 :]
            assert len(data) == count
            self.data[offset : offset + count] = data
            return status(number, 0)
        piece = bytes(self.data[offset : offset + min(count, self.most)])
        return frame(Type.DATA, number, text(piece)) if piece else status(number, 1)


async def read_all(session: SftpSession, offset: int = 0) -> bytes:
    async with aclosing(read_handle(session, HANDLE, tried="read", offset=offset)) as pieces:
        return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("most", [1 << 20, 32768, 32767, 20_000, 4096, 1000])
@pytest.mark.parametrize("size", [0, 1, 32768, 32769, 200_001])
async def test_pieces_of_any_size_are_put_together(size: int, most: int) -> None:
    data = bytes(index * 7 % 251 for index in range(size))
    async with connected(Disk(data, most=most).answer) as (session, _):
        assert await read_all(session) == data
        assert await read_all(session, size // 2) == data[size // 2 :]
        await until(lambda: _is(session.under_way == 0))


async def test_small_file_costs_few_requests() -> None:
    async with connected(Disk(b"small").answer) as (session, server):
        assert await read_all(session) == b"small"
        await until(lambda: _is(session.under_way == 0))
        assert len(server.requests) == 3


async def test_transfer_has_a_window() -> None:
    async with connected(silent) as (session, server):
        reading = asyncio.create_task(read_all(session))
        writing = asyncio.create_task(
            write_handle(session, HANDLE, one_by_one([bytes(10_000_000)]), tried="write")
        )
        await until(lambda: _is(len(server.requests) >= WINDOW))
        assert server.kinds.count(Type.WRITE) == WINDOW
        assert server.kinds.count(Type.READ) <= WINDOW
        for task in (reading, writing):
            task.cancel()
        await asyncio.wait([reading, writing])


@pytest.mark.parametrize(
    "reply",
    [
        lambda number: frame(Type.DATA, number, text(bytes(32769))),
        lambda number: frame(Type.DATA, number, text(b"")),
        lambda number: frame(Type.DATA, number, u32(5), b"four"),
        lambda number: status(number, 0),
    ],
)
async def test_wrong_data(reply: Callable[[int], bytes]) -> None:
    async with connected(fixed(reply)) as (session, _):
        with pytest.raises(UnexpectedResponse):
            await read_all(session)


async def test_write_ends_at_the_first_refusal() -> None:
    full = fixed(lambda number: status(number, 4, "write /a: no space left on device"))
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(32768)

    async with connected(full) as (session, _):
        with pytest.raises(ServerError, match="no space left"):
            await write_handle(session, HANDLE, endless(), tried="write")
    assert taken <= 2 * WINDOW


async def test_endless_list_is_only_as_long_as_it_is_read() -> None:
    def answer(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.OPENDIR:
            return frame(Type.HANDLE, number, text(HANDLE))
        if kind == Type.CLOSE:
            return status(number, 0)
        return name_list(number, b"a", b"b")

    async with connected(answer) as (session, server):
        async with aclosing(session.scan("/")) as batches:
            async for _ in batches:
                break
        assert server.kinds == [Type.OPENDIR, Type.READDIR, Type.CLOSE]


async def test_empty_part_of_a_list_would_be_endless() -> None:
    def answer(kind: int, number: int, body: bytes) -> bytes:
        if kind == Type.OPENDIR:
            return frame(Type.HANDLE, number, text(HANDLE))
        return status(number, 0) if kind == Type.CLOSE else name_list(number)

    async with connected(answer) as (session, _):
        with pytest.raises(UnexpectedResponse):
            async for _ in session.scan("/"):
                pass


async def test_long_handle() -> None:
    reply = fixed(lambda number: frame(Type.HANDLE, number, text(bytes(257))))
    async with connected(reply) as (session, _):
        with pytest.raises(UnexpectedResponse, match="257"):
            await session.open("/a", OpenFlag.READ)


@pytest.mark.parametrize("count", [0, 2])
async def test_other_than_one_name_for_a_link(count: int) -> None:
    async with connected(fixed(lambda number: name_list(number, *[b"a"] * count))) as (session, _):
        with pytest.raises(UnexpectedResponse):
            await session.read_link("/a")
        with pytest.raises(UnexpectedResponse):
            await session.real_path("/a")


CALLS: list[Callable[[SftpSession], Awaitable[object]]] = [
    lambda session: session.stat("/a"),
    lambda session: session.read_link("/a"),
    lambda session: session.open("/a", OpenFlag.READ),
    lambda session: session.remove("/a"),
    lambda session: anext(session.scan("/a")),
    read_all,
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 255), st.binary(max_size=200), st.booleans(), st.sampled_from(range(len(CALLS)))
)
async def test_any_reply_gives_a_value_or_one_of_our_errors(
    kind: int, body: bytes, is_framed: bool, call: int
) -> None:
    def answer(asked: int, number: int, fields: bytes) -> bytes:
        if not is_framed:
            return bytes([kind]) + body
        return struct.pack(">IBI", 5 + len(body), kind, number) + body

    async with connected(answer, silence=0.2) as (session, _):
        with contextlib.suppress(LxdTuiError):
            await CALLS[call](session)
