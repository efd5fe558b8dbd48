"""The same behaviour of every place: in memory for the interface's tests, here, in instances."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lxdtui.errors import BadRequest, Conflict, NotFound
from lxdtui.model.files import FileKind
from lxdtui.services.files import FileSystem, LocalFileSystem, read_owners
from tests.contract.backend import until
from tests.contract.file_boxes import HOSTILE_NAMES, noise
from tests.services.files.conftest import Box
from tests.ui.files import MemoryFileSystem


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def names(files: FileSystem, path: str) -> list[str]:
    return sorted(entry.name for entry in await files.list(path))


async def test_what_is_written_is_listed_and_read(box: Box) -> None:
    files, path = box.files, box.path
    content = noise(300_000)
    told: list[int] = []
    await files.write(
        f"{path}/file", pieces(content[:1000], content[1000:]), size=300_000, progress=told.append
    )
    assert told[-1] == 300_000
    await files.chmod(f"{path}/file", 0o640)
    await files.make_directory(f"{path}/dir", mode=0o700)
    await files.symlink("dir", f"{path}/to-dir")
    await files.symlink("/nowhere", f"{path}/to-nothing")
    await files.symlink("loop", f"{path}/loop")
    found = {entry.name: entry for entry in await files.list(path)}
    assert found.keys() == {"file", "dir", "to-dir", "to-nothing", "loop"}
    file = found["file"].attributes
    assert (file.kind, file.size, file.mode) == (FileKind.FILE, 300_000, 0o640)
    assert (found["dir"].kind, found["dir"].attributes.mode) == (FileKind.DIRECTORY, 0o700)
    assert (found["to-dir"].target, found["to-dir"].target_kind) == ("dir", FileKind.DIRECTORY)
    assert (found["to-nothing"].target, found["to-nothing"].target_kind) == ("/nowhere", None)
    assert found["loop"].target_kind is None
    assert await files.read_bytes(f"{path}/file") == content
    async with aclosing(files.read(f"{path}/file", offset=299_990)) as tail:
        assert b"".join([piece async for piece in tail]) == content[-10:]
    assert await files.read_link(f"{path}/to-dir") == "dir"
    assert (await files.stat(f"{path}/to-dir")).kind is FileKind.DIRECTORY
    assert (await files.lstat(f"{path}/to-dir")).kind is FileKind.SYMLINK
    assert await files.exists(f"{path}/to-nothing")
    assert not await files.exists(f"{path}/none")


async def test_a_file_is_replaced_whole_or_not_at_all(box: Box) -> None:
    files, path = box.files, box.path
    await files.write(f"{path}/file", b"old", mode=0o600)
    await files.symlink("file", f"{path}/link")

    async def broken() -> AsyncIterator[bytes]:
        yield b"half of "
        raise BadRequest("read the source", "it broke")

    with pytest.raises(BadRequest, match="it broke"):
        await files.write(f"{path}/file", broken())
    with pytest.raises(BadRequest):
        await files.write(f"{path}/file", b"too short", size=100)
    assert await files.read_bytes(f"{path}/file") == b"old"
    assert await names(files, path) == ["file", "link"]
    await files.write(f"{path}/link", b"new")
    assert await files.read_bytes(f"{path}/file") == b"new"
    assert (await files.lstat(f"{path}/file")).mode == 0o600
    assert (await files.lstat(f"{path}/link")).kind is FileKind.SYMLINK
    await files.append(f"{path}/file", pieces(b" and", b" more"))
    await files.append(f"{path}/fresh", b"begun")
    assert await files.read_bytes(f"{path}/file") == b"new and more"
    assert await files.read_bytes(f"{path}/fresh") == b"begun"
    assert (await files.stat(f"{path}/fresh")).mode == 0o600


async def test_attributes_are_changed(box: Box) -> None:
    files, path = box.files, box.path
    await files.write(f"{path}/file", b"x")
    when = datetime(2020, 2, 29, 12, 30, 15, tzinfo=UTC)
    await files.set_modified(f"{path}/file", when)
    await files.chmod(f"{path}/file", 0o750)
    if os.geteuid() == 0:
        await files.chown(f"{path}/file", uid=1234)
        await files.chown(f"{path}/file", gid=4321)
    found = await files.stat(f"{path}/file")
    assert (found.modified, found.mode) == (when, 0o750)
    if os.geteuid() == 0:
        assert (found.uid, found.gid) == (1234, 4321)
    free = await files.free_space(path)
    assert free is not None
    assert 1 << 20 < free < 1 << 60
    assert (await files.home()).startswith("/")


async def test_names_are_kept_byte_for_byte(box: Box) -> None:
    files, path = box.files, box.path
    for number, name in enumerate(HOSTILE_NAMES):
        await files.write(f"{path}/{name}", str(number).encode())
    assert await names(files, path) == sorted(HOSTILE_NAMES)
    for number, name in enumerate(HOSTILE_NAMES):
        assert await files.read_bytes(f"{path}/{name}") == str(number).encode()
        await files.rename(f"{path}/{name}", f"{path}/renamed")
        await files.rename(f"{path}/renamed", f"{path}/{name}")
    await files.make_directory(f"{path}/{HOSTILE_NAMES[2]}-d")
    await files.symlink(HOSTILE_NAMES[11], f"{path}/{HOSTILE_NAMES[3]}-l")
    assert await files.read_link(f"{path}/{HOSTILE_NAMES[3]}-l") == HOSTILE_NAMES[11]


async def test_refusals_are_the_same_everywhere(box: Box) -> None:
    files, path = box.files, box.path
    await files.write(f"{path}/file", b"x")
    await files.make_directory(f"{path}/dir/below/deep", parents=True)
    missing = f"{path}/none"
    for attempt in (files.list, files.stat, files.lstat, files.read_bytes, files.read_link):
        with pytest.raises(NotFound):
            await attempt(missing)
    for remove in (files.remove, files.remove_tree):
        with pytest.raises(NotFound):
            await remove(missing)
    with pytest.raises(NotFound):
        await files.write(f"{missing}/file", b"")
    with pytest.raises(BadRequest):
        await files.list(f"{path}/file")
    with pytest.raises(BadRequest):
        await files.read_bytes(f"{path}/dir")
    with pytest.raises(BadRequest):
        await files.read_bytes(f"{path}/file", limit=0)
    with pytest.raises(BadRequest):
        await files.write(f"{path}/dir", b"")
    with pytest.raises(Conflict):
        await files.make_directory(f"{path}/dir")
    with pytest.raises(Conflict):
        await files.symlink("x", f"{path}/file")
    with pytest.raises(Conflict):
        await files.rename(f"{path}/file", f"{path}/dir")
    with pytest.raises(Conflict):
        await files.remove(f"{path}/dir")
    await files.make_directory(f"{path}/dir", parents=True)


async def test_trees_are_walked_and_removed_without_following_links(box: Box) -> None:
    files, path = box.files, box.path
    await files.make_directory(f"{path}/outside")
    await files.write(f"{path}/outside/kept", b"x")
    await files.make_directory(f"{path}/tree/a/b", parents=True)
    for number in range(150):
        await files.write(f"{path}/tree/a/b/{number}", b"")
    await files.symlink("../outside", f"{path}/tree/link")
    await files.symlink(".", f"{path}/tree/loop")
    async with aclosing(files.walk(f"{path}/tree")) as directories:
        walked = {where: {entry.name for entry in found} async for where, found in directories}
    assert walked.keys() == {f"{path}/tree", f"{path}/tree/a", f"{path}/tree/a/b"}
    assert walked[f"{path}/tree"] == {"a", "link", "loop"}
    told: list[int] = []
    assert await files.remove_tree(f"{path}/tree", progress=told.append) == 155
    assert told[-1] == 155
    assert await files.remove_tree(f"{path}/outside/kept") == 1
    assert await names(files, path) == ["outside"]


async def test_what_is_no_file_is_shown_and_not_read(box: Box) -> None:
    if isinstance(box.files, MemoryFileSystem):
        box.files.file(f"{box.path}/pipe")
        box.files.special = {f"{box.path}/pipe": FileKind.FIFO}
    elif box.kind == "local":
        os.mkfifo(f"{box.path}/pipe")
    elif box.daemon is not None:
        box.shell(f"mkfifo {box.path}/pipe")
    else:
        return  # the demo has files, folders and links alone
    special = ["pipe"]
    if box.is_real:
        await box.files.symlink("/dev/null", f"{box.path}/null")
        special.append("null")
    found = {entry.name: entry for entry in await box.files.list(box.path)}
    assert found["pipe"].kind is FileKind.FIFO
    if box.is_real:
        assert found["null"].target_kind is FileKind.CHARACTER_DEVICE
    begun = time.monotonic()
    for name in special:
        with pytest.raises(BadRequest, match="it is a"):
            await box.files.read_bytes(f"{box.path}/{name}")
        with pytest.raises(BadRequest):
            await box.files.write(f"{box.path}/{name}", b"x")
        with pytest.raises(BadRequest):
            await box.files.append(f"{box.path}/{name}", b"x")
    assert time.monotonic() - begun < 5


async def test_owners_have_names(box: Box) -> None:
    if box.kind == "memory":
        await box.files.make_directory("/etc")
        await box.files.write("/etc/passwd", b"root:x:0:0::/root:/bin/sh\nbroken\n:x:5:\n")
        await box.files.write("/etc/group", b"root:x:0:\nstaff:x:50:\n")
    owners = await read_owners(box.files)
    assert (owners.user(0), owners.uid("root"), owners.uid("77")) == ("root", 0, 77)
    assert (owners.user(987654), owners.group(987654), owners.user(None)) == (
        "987654",
        "987654",
        "",
    )
    assert owners.gid("no such group") is None


async def test_work_ends_before_a_cancelled_call_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = LocalFileSystem()
    unlink = os.unlink

    def slowly(path: str, *, dir_fd: int | None = None) -> None:
        # Else it is done before anybody can look.
        time.sleep(0.001)
        unlink(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", slowly)
    for number in range(3000):
        (tmp_path / f"{number}").touch()

    def left() -> list[Path]:
        return sorted(tmp_path.iterdir())

    async def begun() -> bool:
        return len(left()) < 2900

    removing = asyncio.create_task(files.remove_tree(str(tmp_path)))
    await until(begun)
    removing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await removing
    kept = left()
    assert 0 < len(kept) < 3000
    assert left() == kept
