"""``connection.files``: lists with attributes, streams, replacing, renaming, whole trees."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from lxdtui.api import Client
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.api.sftp import SftpSession, SftpSessions
from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    ExtensionMissing,
    LxdTuiError,
    NotFound,
    SessionClosed,
)
from lxdtui.model.files import FileKind, join_path
from lxdtui.model.refs import InstanceRef
from lxdtui.services.expressions import Expressions
from lxdtui.services.files import ContainerFileSystem
from lxdtui.services.viewing import FileLines, PagedFile, search, wanted_words
from tests.contract.backend import EVERYWHERE, Backend, until
from tests.contract.file_boxes import HOSTILE_NAMES, box_for, noise, one_by_one
from tests.lab import Daemon

_PIECE = 32 * 1024


class WithoutSftp(SftpSessions):
    """As a server has it that knows no SFTP."""

    async def open(self, ref: InstanceRef) -> SftpSession:
        raise ExtensionMissing(f"open the files of {ref.name}", "sftp")


@pytest.fixture(params=["running", "stopped"])
async def files(backend: Backend, client: Client, request: pytest.FixtureRequest) -> InstanceFiles:
    box = await box_for(backend, client, str(request.param))
    return client.connection.files.of(box.ref)


@pytest.fixture
async def home(files: InstanceFiles) -> AsyncIterator[str]:
    """An empty directory."""
    path = f"/root/{uuid.uuid4()}"
    await files.make_directory(path)
    yield path
    await files.remove_tree(path)


@pytest.fixture
def without_sftp(client: Client, files: InstanceFiles) -> InstanceFiles:
    access = client.connection.files
    return InstanceFiles(files.ref, access.rest, WithoutSftp(client.connection._transport))


async def names(files: InstanceFiles, path: str) -> list[str]:
    return sorted(entry.name for entry in await files.list(path))


async def test_list_has_attributes_and_what_is_behind_links(
    files: InstanceFiles, home: str
) -> None:
    await files.write(f"{home}/file", b"12345", mode=0o640, uid=1000, gid=1001)
    await files.make_directory(f"{home}/dir", mode=0o777)
    await files.symlink("dir", f"{home}/to-dir")
    await files.symlink("file", f"{home}/to-file")
    await files.symlink("loop", f"{home}/loop")
    await files.symlink(HOSTILE_NAMES[11], f"{home}/to-nothing")
    found = {entry.name: entry for entry in await files.list(home, links=True)}
    assert found.keys() == {"file", "dir", "to-dir", "to-file", "to-nothing", "loop"}
    file = found["file"].attributes
    assert (file.kind, file.size, file.mode) == (FileKind.FILE, 5, 0o640)
    assert (file.uid, file.gid) == (1000, 1001)
    assert file.modified is not None
    assert abs(file.modified.timestamp() - time.time()) < 60
    assert (found["dir"].kind, found["dir"].attributes.mode) == (FileKind.DIRECTORY, 0o777)
    assert found["dir"].is_directory
    assert found["to-dir"].is_directory
    assert (found["to-dir"].kind, found["to-dir"].target) == (FileKind.SYMLINK, "dir")
    assert found["to-file"].target_kind is FileKind.FILE
    assert (found["to-nothing"].target, found["to-nothing"].target_kind) == (
        HOSTILE_NAMES[11],
        None,
    )
    assert (found["loop"].target, found["loop"].target_kind) == ("loop", None)
    assert await names(files, f"{home}/to-dir") == []


async def test_two_thousand_entries_are_listed_fast(files: InstanceFiles, home: str) -> None:
    async with files.hold():
        for start in range(0, 2000, 100):
            await asyncio.gather(
                *(files.symlink("x", f"{home}/{n:04}") for n in range(start, start + 100))
            )
        begun = time.monotonic()
        listed = await files.list(home)
        taken = time.monotonic() - begun
    assert sorted(entry.name for entry in listed) == [f"{n:04}" for n in range(2000)]
    assert taken < 3


async def test_refusals(files: InstanceFiles, home: str) -> None:
    await files.write(f"{home}/file", b"x")
    missing = f"{home}/none"
    for attempt in (files.list, files.stat, files.lstat, files.read_bytes, files.read_link):
        with pytest.raises(NotFound):
            await attempt(missing)
        with pytest.raises((NotFound, BadRequest)):
            await attempt(f"{home}/file/below")
    for remove in (files.remove, files.remove_tree):
        with pytest.raises(NotFound):
            await remove(missing)
    assert not await files.exists(missing)
    with pytest.raises(NotFound):
        await files.rename(missing, f"{missing}2")
    with pytest.raises(NotFound):
        await files.chmod(missing, 0o600)
    with pytest.raises(BadRequest):
        await files.list(f"{home}/file")
    with pytest.raises(BadRequest):
        await files.read_bytes(home)
    with pytest.raises(BadRequest):
        await files.write(home, b"")
    with pytest.raises(BadRequest):
        await files.write_atomic(home, b"")
    with pytest.raises(BadRequest):
        await files.read_link(f"{home}/file")
    with pytest.raises(BadRequest):
        await files.write(f"{home}/{'x' * 256}", b"")
    with pytest.raises(BadRequest):
        await files.read_bytes(f"{home}/a\0b")
    with pytest.raises(Conflict):
        await files.remove(home)
    with pytest.raises(Conflict):
        await files.symlink("x", f"{home}/file")
    with pytest.raises(Conflict):
        await files.make_directory(f"{home}/file", parents=True)
    assert await names(files, home) == ["file"]


async def test_circles_of_links_end(files: InstanceFiles, home: str) -> None:
    await files.symlink("b", f"{home}/a")
    await files.symlink("a", f"{home}/b")
    for attempt in (files.stat, files.list, files.read_bytes):
        with pytest.raises(BadRequest, match="too many levels"):
            await attempt(f"{home}/a")
    for write in (files.write, files.write_atomic):
        with pytest.raises(BadRequest, match="too many levels"):
            await write(f"{home}/a", b"")
    assert (await files.lstat(f"{home}/a")).kind is FileKind.SYMLINK
    assert [path async for path, _ in files.walk(home)] == [home]


@pytest.mark.parametrize("size", [0, 1, _PIECE - 1, _PIECE, _PIECE + 1, 2 * _PIECE, 5_000_000])
async def test_contents_of_any_size(files: InstanceFiles, home: str, size: int) -> None:
    data = noise(size)
    told: list[int] = []
    await files.write_atomic(f"{home}/a", data, progress=told.append)
    assert told == sorted(told)
    assert told[-1:] == ([size] if size else [])
    await files.write(f"{home}/b", one_by_one(data[n : n + 9999] for n in range(0, size, 9999)))
    for name in ("a", "b"):
        assert await files.read_bytes(f"{home}/{name}") == data
        told.clear()
        async with aclosing(
            files.read(f"{home}/{name}", offset=size // 3, progress=told.append)
        ) as pieces:
            assert b"".join([piece async for piece in pieces]) == data[size // 3 :]
        assert told[-1:] == ([size - size // 3] if size else [])


async def test_shorter_content_replaces_all_of_a_longer_one(
    files: InstanceFiles, home: str
) -> None:
    for write in (files.write, files.write_atomic):
        await write(f"{home}/a", b"x" * 100_000)
        await write(f"{home}/a", b"short")
        assert await files.read_bytes(f"{home}/a") == b"short"


async def test_files_of_no_size_are_read_to_their_end(
    files: InstanceFiles, backend: Backend
) -> None:
    if backend.demo is not None or "running" not in files.ref.name:
        path, least = "/etc/passwd", 10
    else:
        path, least = "/proc/cpuinfo", 10
    assert len(await files.read_bytes(path)) > least


async def test_replaced_file_keeps_mode_and_owner(files: InstanceFiles, home: str) -> None:
    path = f"{home}/a"
    await files.write_atomic(path, b"new")
    found = await files.stat(path)
    assert (found.mode, found.uid, found.gid) == (0o644, 0, 0)
    await files.chown(path, uid=1000, gid=1001)
    await files.chmod(path, 0o750)
    await files.write_atomic(path, b"newer")
    found = await files.stat(path)
    assert (found.size, found.mode, found.uid, found.gid) == (5, 0o750, 1000, 1001)
    await files.write_atomic(path, b"newest", mode=0o600, gid=5)
    found = await files.stat(path)
    assert (found.size, found.mode, found.uid, found.gid) == (6, 0o600, 1000, 5)
    assert await names(files, home) == ["a"]


async def test_replacing_through_links_keeps_the_links(files: InstanceFiles, home: str) -> None:
    await files.make_directory(f"{home}/dir")
    await files.write(f"{home}/dir/file", b"old")
    await files.symlink("dir/file", f"{home}/first")
    await files.symlink(f"{home}/first", f"{home}/second")
    await files.symlink("dir/made", f"{home}/dangling")
    await files.write_atomic(f"{home}/second", b"new")
    await files.write_atomic(f"{home}/dangling", b"made")
    assert await files.read_bytes(f"{home}/dir/file") == b"new"
    assert await files.read_bytes(f"{home}/dir/made") == b"made"
    assert await files.read_link(f"{home}/first") == "dir/file"
    assert await files.read_link(f"{home}/second") == f"{home}/first"
    assert await names(files, f"{home}/dir") == ["file", "made"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_hostile_names(files: InstanceFiles, home: str, name: str) -> None:
    path = join_path(home, name)
    await files.write_atomic(path, b"1")
    await files.write_atomic(path, b"2")
    assert await names(files, home) == [name]
    await files.rename(path, f"{home}/plain")
    await files.rename(f"{home}/plain", path)
    await files.symlink(name, f"{home}/link")
    assert await files.read_link(f"{home}/link") == name
    assert await files.read_bytes(f"{home}/link") == b"2"
    await files.remove(path)
    await files.make_directory(join_path(path, name), parents=True)
    await files.write(join_path(join_path(path, name), name), b"3")
    assert await files.remove_tree(path) == 3


async def test_rename(files: InstanceFiles, home: str) -> None:
    await files.write(f"{home}/a", b"a")
    await files.write(f"{home}/b", b"b")
    with pytest.raises(Conflict):
        await files.rename(f"{home}/a", f"{home}/b")
    assert await files.read_bytes(f"{home}/b") == b"b"
    await files.rename(f"{home}/a", f"{home}/b", replace=True)
    assert await names(files, home) == ["b"]
    assert await files.read_bytes(f"{home}/b") == b"a"
    await files.make_directory(f"{home}/dir")
    await files.rename(f"{home}/b", f"{home}/dir/c")
    await files.rename(f"{home}/dir", f"{home}/moved")
    assert await names(files, f"{home}/moved") == ["c"]
    with pytest.raises(NotFound):
        await files.rename(f"{home}/moved/c", f"{home}/none/c")


async def test_mode_that_the_server_does_not_set_is_refused(
    files: InstanceFiles, home: str
) -> None:
    await files.write(f"{home}/a", b"old")
    with pytest.raises(BadRequest, match="4755") as caught:
        await files.chmod(f"{home}/a", 0o4755)
    assert "chmod" in caught.value.hint
    with pytest.raises(BadRequest, match="2711"):
        await files.write_atomic(f"{home}/a", b"new", mode=0o2711)
    assert await names(files, home) == ["a"]
    assert await files.read_bytes(f"{home}/a") == b"old"


async def test_owner_or_group_alone(files: InstanceFiles, home: str) -> None:
    await files.write(f"{home}/a", b"", uid=1, gid=2)
    await files.chown(f"{home}/a", uid=3)
    await files.chown(f"{home}/a", gid=4)
    found = await files.stat(f"{home}/a")
    assert (found.uid, found.gid) == (3, 4)


async def test_trees_are_walked_and_removed_but_links_not_followed(
    files: InstanceFiles, home: str
) -> None:
    outside = f"{home}-outside"
    await files.make_directory(outside)
    await files.write(f"{outside}/kept", b"")
    try:
        deep = "/".join("abcdefghij")
        await files.make_directory(f"{home}/top/{deep}", parents=True)
        await files.symlink(outside, f"{home}/top/a/link")
        await files.symlink(f"{outside}/kept", f"{home}/top/a/b/link")
        async with files.hold():
            for number in range(300):
                await files.write(f"{home}/top/a/b/c/{number}", b"")
        walked = [path async for path, _ in files.walk(f"{home}/top")]
        assert walked == [
            f"{home}/top" + "".join(f"/{name}" for name in "abcdefghij"[:depth])
            for depth in range(11)
        ]
        told: list[int] = []
        assert await files.remove_tree(f"{home}/top", progress=told.append) == 313
        assert sorted(told) == list(range(1, 314))
        assert await names(files, home) == []
        assert await names(files, outside) == ["kept"]
    finally:
        await files.remove_tree(outside)


async def test_one_link_serves_many_at_once(
    client: Client, files: InstanceFiles, home: str
) -> None:
    data = noise(3_000_000)

    async def round_trip(number: int) -> bool:
        path = f"{home}/{number}"
        await files.write_atomic(path, data[number:])
        return await files.read_bytes(path) == data[number:]

    async with files.hold():
        done = await asyncio.gather(*(round_trip(n) for n in range(6)), files.list("/"))
        assert done[:6] == [True] * 6
        assert client.connection.files.sftp.open_count == 1
    await client.connection.files.release(files.ref)
    assert client.connection.files.sftp.open_count == 0


async def test_instance_starts_and_stops_at_once_after_its_files_were_used(
    client: Client, backend: Backend, name: str
) -> None:
    container = await client.containers.create(backend.from_image(name), wait=True)
    sessions = client.connection.files.sftp
    steps: list[Callable[[], Coroutine[Any, Any, None]]] = [
        lambda: container.start(wait=True),
        lambda: container.stop(force=True, wait=True),
        lambda: container.delete(wait=True),
    ]
    for step in steps:
        await container.files.list("/")
        assert sessions.open_count == 1
        under_way = asyncio.create_task(step())
        # Less than the session would be kept by itself.
        await until(lambda: _is(sessions.open_count == 0), seconds=0.7)
        await under_way


async def _is(truth: bool) -> bool:
    return truth


async def test_cancelled_work_leaves_nothing_behind(files: InstanceFiles, home: str) -> None:
    await files.write(f"{home}/a", b"old")
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(100_000)
            begun.set()
            await asyncio.sleep(0)

    async with files.hold():
        writing = asyncio.create_task(files.write_atomic(f"{home}/a", endless()))
        await begun.wait()
        assert len(await names(files, home)) == 2
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert await names(files, home) == ["a"]
        assert await files.read_bytes(f"{home}/a") == b"old"
        # A reader that goes away after the first piece.
        await files.write(f"{home}/big", bytes(2_000_000))
        async with aclosing(files.read(f"{home}/big")) as pieces:
            async for _ in pieces:
                break
        assert await files.read_bytes(f"{home}/a") == b"old"


async def test_cut_session_leaves_the_old_file_whole(
    client: Client, files: InstanceFiles, home: str
) -> None:
    await files.write_atomic(f"{home}/a", b"old" * 1000)

    async def cut() -> AsyncIterator[bytes]:
        yield bytes(3_000_000)
        async with client.connection.files.sftp.use(files.ref) as session:
            await session.aclose()
        yield bytes(3_000_000)

    with pytest.raises(SessionClosed) as caught:
        await files.write_atomic(f"{home}/a", cut())
    assert f"{home}/a" in caught.value.message
    # The temporary file was removed over a new link.
    assert await names(files, home) == ["a"]
    assert await files.read_bytes(f"{home}/a") == b"old" * 1000


async def test_death_of_the_server_leaves_the_old_file_whole(
    backend: Backend, client: Client, name: str
) -> None:
    container = await client.containers.create(backend.from_image(name), wait=True)
    files = client.connection.files.of(container.ref)
    await files.write_atomic("/root/a", b"old" * 1000)
    waiting = asyncio.create_task(_read_slowly(files))

    async def dying() -> AsyncIterator[bytes]:
        yield bytes(3_000_000)
        await backend.kill()
        yield bytes(3_000_000)

    with pytest.raises(ConnectionFailed):
        await files.write_atomic("/root/a", dying())
    with pytest.raises(ConnectionFailed):
        await files.list("/root")
    with pytest.raises(ConnectionFailed):
        await waiting
    await backend.start()
    await _until_there(files)
    assert await files.read_bytes("/root/a") == b"old" * 1000


async def _read_slowly(files: InstanceFiles) -> None:
    """Read again and again, until the server dies."""
    while True:
        await files.read_bytes("/root/a")
        await asyncio.sleep(0)


async def _until_there(files: InstanceFiles) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(ApiError):
            await files.list("/root")
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the server did not come back")


async def test_without_sftp(without_sftp: InstanceFiles, files: InstanceFiles, home: str) -> None:
    plain = without_sftp
    await plain.write(f"{home}/file", b"12345", mode=0o640, uid=7, gid=8)
    await plain.write(f"{home}/file", b"67", append=True)
    await plain.write(f"{home}/empty", b"", append=True)
    await plain.make_directory(f"{home}/dir/sub", mode=0o700, parents=True)
    await plain.symlink("file", f"{home}/link")
    await plain.symlink("link", f"{home}/link2")
    found = {entry.name: entry for entry in await plain.list(home, links=True)}
    assert found.keys() == {"file", "empty", "dir", "link", "link2"}
    file = found["file"].attributes
    assert (file.kind, file.size, file.mode, file.uid, file.gid) == (
        FileKind.FILE,
        7,
        0o640,
        7,
        8,
    )
    assert file.modified is not None
    assert found["empty"].attributes.size == 0
    assert found["link2"].target == f"{home}/link"
    assert found["link2"].target_kind is FileKind.FILE
    assert await plain.read_bytes(f"{home}/link2") == b"1234567"
    async with aclosing(plain.read(f"{home}/file", offset=5)) as pieces:
        assert b"".join([piece async for piece in pieces]) == b"67"
    async with aclosing(plain.read(f"{home}/file", offset=7)) as pieces:
        assert b"".join([piece async for piece in pieces]) == b""
    with pytest.raises(Conflict):
        await plain.make_directory(f"{home}/dir")
    with pytest.raises(BadRequest):
        await plain.read_bytes(f"{home}/dir")
    for attempt in (
        plain.rename(f"{home}/file", f"{home}/other"),
        plain.chmod(f"{home}/file", 0o600),
        plain.write(f"{home}/file", b"8", mode=0o600),
        plain.write_atomic(f"{home}/file", b"9"),
    ):
        with pytest.raises(ExtensionMissing):
            await attempt
    assert [path async for path, _ in plain.walk(home)] == [home, f"{home}/dir", f"{home}/dir/sub"]
    assert await plain.remove_tree(f"{home}/dir") == 2
    assert await names(files, home) == ["empty", "file", "link", "link2"]


async def test_a_large_file_is_viewed_without_sftp(
    without_sftp: InstanceFiles, files: InstanceFiles, home: str
) -> None:
    content = b"".join(b"line %07d\n" % number for number in range(1, 100_001))
    await files.write_atomic(f"{home}/log", content)
    await files.symlink("log", f"{home}/link")
    file = PagedFile(ContainerFileSystem(without_sftp), f"{home}/link")
    await file.open()
    assert file.size == len(content)
    lines = FileLines(file)
    (last,) = await lines.before(file.size, 1)
    assert last.content == b"line 0100000"
    (line,) = await lines.at(await lines.start_of_number(77_777), 1)
    assert line.content == b"line 0077777"
    wanted = wanted_words("LINE 0050000", is_regex=False, minds_case=False)
    expressions = Expressions()
    try:
        hit = await search(expressions, file, wanted, 0)
    finally:
        expressions.close()
    assert hit is not None
    assert hit.start == 13 * 49_999


@pytest.mark.parametrize("backend_name", EVERYWHERE)
async def test_same_over_https(client: Client, backend: Backend, files: InstanceFiles) -> None:
    path = f"/root/{uuid.uuid4()}"
    data = noise(5_000_000)
    await files.write_atomic(path, data)
    assert await files.read_bytes(path) == data
    assert (await files.stat(path)).size == len(data)
    await files.remove(path)
    for wrong in ("no-such-instance", "..", "a/b"):
        elsewhere = InstanceRef(files.ref.remote, files.ref.project, wrong)
        with pytest.raises(LxdTuiError) as caught:
            await client.connection.files.of(elsewhere).list("/")
        assert not isinstance(caught.value, ExtensionMissing)


@pytest.mark.parametrize("backend_name", ["lxd", "incus"])
@pytest.mark.parametrize("files", ["stopped"], indirect=True)
async def test_memory_does_not_grow_with_the_file(
    client: Client, real: Daemon, files: InstanceFiles, home: str
) -> None:
    size, piece = 200 << 20, bytes(1 << 20)
    await files.write(f"{home}/warm", piece)
    before = _memory("VmRSS")
    _forget_peak()
    await files.write_atomic(f"{home}/sftp", one_by_one(piece for _ in range(200)))
    rest = client.connection.files.rest
    await rest.write(files.ref, f"{home}/rest", one_by_one(piece for _ in range(200)), size=size)
    for name in ("sftp", "rest"):
        taken = 0
        async with aclosing(files.read(f"{home}/{name}")) as pieces:
            async for part in pieces:
                taken += len(part)
        assert taken == size
        taken = 0
        async with rest.open(files.ref, f"{home}/{name}") as opened:
            assert opened.attributes.size == size
            async for part in opened.pieces:
                taken += len(part)
        assert taken == size
    assert _memory("VmHWM") - before < 32 << 20


def _memory(name: str) -> int:
    """Bytes of this process, as the kernel counts them."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [line] = [line for line in status if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
