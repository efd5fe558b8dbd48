"""Many small files side by side, with servers that refuse some, or answer wrongly."""

import asyncio
import struct
from collections.abc import Iterator

import pytest

from lxdtui.api.beside import Dress
from lxdtui.api.sftp.packets import Type, frame, text
from lxdtui.api.sftp.small import SmallFile, getting, putting
from lxdtui.api.sftp.steps import SideBySide, Steps
from lxdtui.api.sftp.straight import StraightLink
from lxdtui.errors import ConnectionFailed, UnexpectedResponse
from tests.api.fake_sftp import Answer, status, straight

FILES = [
    SmallFile(
        source=f"/from/{number}",
        size=number * 1000,
        temporary=f"/to/.{number}.part",
        path=f"/to/{number}",
        dress=Dress(mode=0o644 if number % 2 else 0o600),
    )
    for number in range(40)
]


def content(path: str) -> bytes:
    number = int(path.rsplit("/", 1)[1])
    return bytes([number]) * (number * 1000)


class Server:
    """Keeps files by their first names, and lets them be renamed."""

    def __init__(self) -> None:
        self.files: dict[bytes, bytearray] = {}
        self.opened: list[bytes] = []
        self.most_open = 0

    def answer(self, kind: int, number: int, body: bytes) -> bytes:
        name = _string(body, 0)
        after = body[4 + len(name) :]
        match kind:
            case Type.OPEN:
                self.files.setdefault(name, bytearray())
                self.opened.append(name)
                self.most_open = max(self.most_open, len(self.opened))
                return frame(Type.HANDLE, number, text(name))
            case Type.WRITE:
                self.files[name] += _string(after, 8)
            case Type.READ:
                offset, count = struct.unpack(">QI", after)
                data = self.files[name][offset : offset + count]
                if not data:
                    return status(number, 1)
                return frame(Type.DATA, number, text(bytes(data)))
            case Type.CLOSE:
                self.opened.remove(name)
            case Type.RENAME:
                self.files[_string(after, 0)] = self.files.pop(name)
        return status(number, 0)


def _string(data: bytes, at: int) -> bytes:
    (count,) = struct.unpack_from(">I", data, at)
    return data[at + 4 : at + 4 + count]


async def run(link: StraightLink, works: list[Steps]) -> list[int]:
    done: list[int] = []
    side_by_side = SideBySide(link, "copy files", may_go=lambda: True, done=done.append)

    def in_thread() -> None:
        link.open()
        side_by_side.run(iter(works))

    await asyncio.to_thread(in_thread)
    return done


def all_putting(link: StraightLink) -> list[Steps]:
    return [putting(link, file, lambda path, _: content(path)) for file in FILES]


async def test_files_go_and_come_side_by_side() -> None:
    server = Server()
    async with straight(server.answer) as (link, _):
        done = await run(link, all_putting(link))
    assert sorted(done) == list(range(len(FILES)))
    assert server.files == {file.path.encode(): content(file.path) for file in FILES}
    assert 1 < server.most_open <= 16
    assert server.opened == []
    written: dict[str, bytes] = {}
    server.files = {file.source.encode(): bytearray(content(file.path)) for file in FILES}
    async with straight(server.answer) as (link, _):
        works = [
            getting(file, lambda path, data, _: written.update({path: data})) for file in FILES
        ]
        assert len(await run(link, works)) == len(FILES)
    assert written == {file.path: content(file.path) for file in FILES}


@pytest.mark.parametrize("kind", [Type.OPEN, Type.WRITE, Type.FSETSTAT, Type.CLOSE, Type.RENAME])
async def test_what_is_refused_keeps_nothing_else_back(kind: Type) -> None:
    server = Server()

    def refusing(asked: int, number: int, body: bytes) -> bytes:
        if asked == kind and _string(body, 0) == b"/to/.7.part":
            return status(number, 4, "no space left on device")
        return server.answer(asked, number, body)

    async with straight(refusing) as (link, _):
        done = await run(link, all_putting(link))
    assert sorted(done) == [number for number in range(len(FILES)) if number != 7]
    assert b"/to/7" not in server.files


@pytest.mark.parametrize("there", [6999, 7001])
async def test_another_size_than_was_said_is_left_out(there: int) -> None:
    server = Server()
    server.files = {file.source.encode(): bytearray(content(file.path)) for file in FILES}
    server.files[b"/from/7"] = bytearray(there)
    written: list[str] = []
    async with straight(server.answer) as (link, _):
        works = [getting(file, lambda path, *_: written.append(path)) for file in FILES]
        done = await run(link, works)
    assert 7 not in done
    assert "/to/7" not in written
    assert len(written) == len(done) == len(FILES) - 1


def answering_once(reply: bytes) -> Answer:
    """A server that says something wrong to the 30th request."""
    server = Server()

    def answer(kind: int, number: int, body: bytes) -> bytes:
        return reply if number == 30 else server.answer(kind, number, body)

    return answer


@pytest.mark.parametrize(
    "reply",
    [status(4711, 0), status(1, 0), frame(Type.DATA, 30, text(b"x")), b"\xff" * 30, status(30, 1)],
)
async def test_wrong_answers_end_it(reply: bytes) -> None:
    async with straight(answering_once(reply)) as (link, _):
        with pytest.raises(UnexpectedResponse):
            await run(link, all_putting(link))


async def test_the_end_of_the_link_ends_it() -> None:
    server = Server()
    async with straight(server.answer) as (link, fake):

        def cutting(kind: int, number: int, body: bytes) -> bytes:
            if number == 50:
                fake.cut()
            return server.answer(kind, number, body)

        fake._answer = cutting
        with pytest.raises((ConnectionFailed, OSError)):
            await run(link, all_putting(link))


async def test_nothing_more_is_begun_when_it_ends() -> None:
    server = Server()
    done: list[int] = []
    async with straight(server.answer) as (link, _):
        side_by_side = SideBySide(link, "copy files", may_go=lambda: True, done=done.append)

        def in_thread() -> None:
            link.open()
            works = iter(all_putting(link))
            side_by_side.run(_ending(works, side_by_side))

        await asyncio.to_thread(in_thread)
    assert done
    assert len(done) == len(server.files) < len(FILES)
    assert server.opened == []


def _ending(works: Iterator[Steps], side_by_side: SideBySide) -> Iterator[Steps]:
    for number, work in enumerate(works):
        if number == 20:
            side_by_side.end()
        yield work
