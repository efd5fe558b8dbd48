"""``container.files`` with the names of the seed page, on running and stopped containers."""

import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lxdtui.api import Client
from lxdtui.api.container_files import ContainerFiles
from lxdtui.api.contents import Content
from lxdtui.errors import BadRequest, Conflict, NotFound
from lxdtui.model.files import FileKind
from tests.contract.backend import EVERYWHERE, STAGING, Backend
from tests.contract.file_boxes import HOSTILE_NAMES, box_for, noise, one_by_one

everywhere = pytest.mark.parametrize("backend_name", EVERYWHERE)


@pytest.fixture(params=["running", "stopped"])
async def files(backend: Backend, client: Client, request: pytest.FixtureRequest) -> ContainerFiles:
    return (await box_for(backend, client, str(request.param))).files


@pytest.fixture
async def home(files: ContainerFiles) -> AsyncIterator[str]:
    """An empty directory."""
    path = f"/root/{uuid.uuid4()}"
    await files.mk_dir(path)
    yield path
    await files.remove_tree(path)


CONTENTS: dict[str, tuple[Callable[[], Content], bytes]] = {
    "text": (lambda: "#!/bin/sh\necho größer\n", "#!/bin/sh\necho größer\n".encode()),
    "bytes": (lambda: b"\0\xff\r\n", b"\0\xff\r\n"),
    "buffer": (lambda: bytearray(b"abc"), b"abc"),
    "view": (lambda: memoryview(b"abc"), b"abc"),
    "nothing": (lambda: b"", b""),
    "pieces": (lambda: [b"a", b"", b"bc"], b"abc"),
    "no pieces": (lambda: iter(()), b""),
    "asynchronous pieces": (lambda: one_by_one([b"a" * 300_000, b"b"]), b"a" * 300_000 + b"b"),
}


@everywhere
@pytest.mark.parametrize("content", CONTENTS)
async def test_what_is_put_is_got(files: ContainerFiles, home: str, content: str) -> None:
    make, expected = CONTENTS[content]
    await files.put(f"{home}/my-script", make())
    assert await files.get(f"{home}/my-script") == expected
    await files.put(f"{home}/my-script", b"shorter")
    assert await files.get(f"{home}/my-script") == b"shorter"


async def test_seed_page(files: ContainerFiles, tmp_path: Path) -> None:
    (tmp_path / "my-script").write_text("echo hi\n")
    with (tmp_path / "my-script").open() as script:
        filedata = script.read()
    await files.put("/tmp/my-script", filedata)
    newfiledata = await files.get("/tmp/my-script")
    (tmp_path / "my-script2").write_bytes(newfiledata)
    assert (tmp_path / "my-script2").read_text() == "echo hi\n"
    assert await files.delete_available()
    await files.delete("/tmp/my-script")
    with pytest.raises(NotFound):
        await files.get("/tmp/my-script")


async def test_new_files_are_those_of_root(files: ContainerFiles, home: str) -> None:
    await files.put(f"{home}/a", b"")
    found = await files.stat(f"{home}/a")
    assert (found.kind, found.size) == (FileKind.FILE, 0)
    assert (found.mode, found.uid, found.gid) == (0o644, 0, 0)


@pytest.mark.parametrize("mode", [0o755, "755", "0755", "0o755"])
async def test_mode_and_owner_are_chosen_kept_and_changed(
    files: ContainerFiles, home: str, mode: int | str
) -> None:
    path = f"{home}/a"
    await files.put(path, b"1", mode=mode, uid=1000, gid=1001)
    found = await files.stat(path)
    assert (found.mode, found.uid, found.gid) == (0o755, 1000, 1001)
    await files.put(path, b"22")
    found = await files.stat(path)
    assert (found.size, found.mode, found.uid, found.gid) == (2, 0o755, 1000, 1001)
    await files.put(path, b"333", mode=0o600, gid=7)
    found = await files.stat(path)
    assert (found.size, found.mode, found.uid, found.gid) == (3, 0o600, 1000, 7)


@pytest.mark.parametrize("mode", ["rwx", "99", 0o10000, -1])
async def test_what_is_no_mode_is_refused(
    files: ContainerFiles, home: str, mode: int | str
) -> None:
    with pytest.raises(BadRequest):
        await files.put(f"{home}/a", b"", mode=mode)
    with pytest.raises(BadRequest):
        await files.mk_dir(f"{home}/b", mode=mode)
    assert await files.list(home) == []


@everywhere
async def test_refusals(files: ContainerFiles, home: str) -> None:
    await files.put(f"{home}/file", b"x")
    for missing in (f"{home}/none", "/none/none"):
        with pytest.raises(NotFound):
            await files.get(missing)
        with pytest.raises(NotFound):
            await files.delete(missing)
    with pytest.raises(NotFound):
        await files.put(f"{home}/none/file", b"x" * 1_000_000)
    with pytest.raises(NotFound):
        await files.mk_dir(f"{home}/none/dir")
    with pytest.raises(BadRequest):
        await files.get(home)
    with pytest.raises(BadRequest):
        await files.put(home, b"x")
    with pytest.raises(BadRequest):
        await files.put(f"{home}/file/below", b"x")
    with pytest.raises(Conflict):
        await files.delete(home)
    with pytest.raises(Conflict):
        await files.mk_dir(home)
    with pytest.raises(Conflict):
        await files.mk_dir(f"{home}/file")
    with pytest.raises(BadRequest, match="more than"):
        await files.put(f"{home}/sized", b"abc", size=2)
    with pytest.raises(BadRequest, match="3 bytes, not 4"):
        await files.put(f"{home}/sized", [b"abc"], size=4)
    with pytest.raises(BadRequest, match="larger than"):
        await files.get(f"{home}/file", limit=0)
    assert await files.get(f"{home}/file") == b"x"


async def test_failure_of_what_is_put_is_told_as_it_is(files: ContainerFiles, home: str) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 100_000
        raise OSError("the disk here is broken")

    for attempt in (files.put, files.write, files.write_atomic):
        with pytest.raises(OSError, match="the disk here"):
            await attempt(f"{home}/a", broken())
    assert await files.exists(home)


async def test_append(files: ContainerFiles, home: str) -> None:
    await files.put(f"{home}/log", b"1\n", append=True)
    await files.put(f"{home}/log", "2\n", append=True)
    await files.write(f"{home}/log", [b"3\n"], append=True)
    assert await files.get(f"{home}/log") == b"1\n2\n3\n"


async def test_directories(files: ContainerFiles, home: str) -> None:
    await files.mk_dir(f"{home}/a")
    await files.mk_dir(f"{home}/b", mode="0700", uid=5, gid=6)
    made = {entry.name: entry.attributes for entry in await files.list(home)}
    assert made.keys() == {"a", "b"}
    assert {found.kind for found in made.values()} == {FileKind.DIRECTORY}
    assert (made["a"].mode, made["a"].uid, made["a"].gid) == (0o755, 0, 0)
    assert (made["b"].mode, made["b"].uid, made["b"].gid) == (0o700, 5, 6)
    await files.delete(f"{home}/a")
    assert [entry.name for entry in await files.list(home)] == ["b"]


async def test_links_are_followed_by_get_and_not_by_delete(
    files: ContainerFiles, home: str
) -> None:
    await files.put(f"{home}/file", b"content")
    await files.symlink("file", f"{home}/first")
    await files.symlink(f"{home}/first", f"{home}/second")
    assert await files.get(f"{home}/second") == b"content"
    await files.put(f"{home}/second", b"changed")
    assert await files.get(f"{home}/file") == b"changed"
    await files.delete(f"{home}/second")
    assert await files.get(f"{home}/first") == b"changed"
    await files.symlink("loop", f"{home}/loop")
    with pytest.raises(BadRequest, match="too many levels"):
        await files.get(f"{home}/loop")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_hostile_names(files: ContainerFiles, home: str, name: str) -> None:
    path = f"{home}/{name}"
    await files.put(path, b"1")
    assert [entry.name for entry in await files.list(home)] == [name]
    assert await files.get(path) == b"1"
    await files.delete(path)
    await files.mk_dir(path)
    await files.put(f"{path}/{name}", b"2")
    assert await files.get(f"{path}/{name}") == b"2"


@everywhere
async def test_five_megabytes(files: ContainerFiles, home: str) -> None:
    data = noise(5_000_000)
    told: list[int] = []
    await files.put(f"{home}/a", data, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == len(data)
    assert await files.get(f"{home}/a") == data
    assert await files.read_bytes(f"{home}/a") == data


@everywhere
async def test_directories_both_ways(files: ContainerFiles, home: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "sub" / "deep").mkdir(parents=True)
    (source / "empty").mkdir(mode=0o700)
    (source / "sub" / "script").write_bytes(b"#!/bin/sh\n")
    (source / "sub" / "script").chmod(0o750)
    (source / "sub" / "deep" / "big").write_bytes(noise(2_500_000))
    (source / "link").symlink_to("sub/script")
    (source / "dangling").symlink_to("/no/such")
    for name in HOSTILE_NAMES:
        (source / name).write_text(f"{name!r}")
    put = await files.recursive_put(source, f"{home}/new/tree", uid=3)
    assert (put.files, put.directories, put.links) == (len(HOSTILE_NAMES) + 2, 4, 2)
    found = await files.stat(f"{home}/new/tree/sub/script")
    assert (found.mode, found.uid, found.gid) == (0o750, 3, 0)
    got = await files.recursive_get(f"{home}/new/tree", target)
    assert (got.files, got.directories, got.links) == (put.files, put.directories, put.links)
    assert got.bytes == put.bytes > 2_500_000
    assert _picture(target) == _picture(source)
    # Once more over what is there.
    again = await files.recursive_put(source, f"{home}/new/tree")
    assert again == put
    assert await files.recursive_get(f"{home}/new/tree", target) == got
    assert _picture(target) == _picture(source)


def _picture(top: Path) -> dict[str, tuple[int, bytes | str]]:
    picture: dict[str, tuple[int, bytes | str]] = {}
    for path in sorted(top.rglob("*")):
        name = str(path.relative_to(top))
        if path.is_symlink():
            picture[name] = (0, str(path.readlink()))
        else:
            content = path.read_bytes() if path.is_file() else "directory"
            picture[name] = (path.lstat().st_mode, content)
    return picture


async def test_files_of_another_project(backend: Backend, name: str) -> None:
    async with backend.client(project=STAGING) as client:
        container = await client.containers.create(backend.from_image(name))
        # The container is still being made: the first call waits for that.
        await container.files.put("/root/a", b"staging")
        assert await container.files.get("/root/a") == b"staging"
        assert await container.files.read_bytes("/root/a") == b"staging"
        await container.delete(wait=True)
        with pytest.raises(NotFound):
            await container.files.get("/root/a")
        with pytest.raises(NotFound):
            await container.files.list("/root")
