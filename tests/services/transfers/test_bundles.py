"""Many small files at a time, on real servers: whole, or handed back to be copied alone."""

import os
import random
from pathlib import Path

import pytest

from lxdtui.api import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import CopyOptions, TransferView
from lxdtui.services.transfers.local_side import LocalSide
from tests.contract.file_boxes import noise
from tests.cut_link import cut_link
from tests.services.transfers.conftest import BOX, Desk, done, service_of, until

FILES = 240
SIZES = (0, 1, 2048, 32 * 1024, 64 * 1024, 70_000)


def make_tree(root: Path) -> None:
    """Some files of each kind, in some folders."""
    for number in range(FILES):
        folder = root / f"folder{number % 5}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"file {number}"
        path.write_bytes(noise(SIZES[number % len(SIZES)]))
        path.chmod((0o644, 0o600, 0o755, 0o400)[number % 4])
        os.utime(path, (1_500_000_000, 1_400_000_000 + number))


def described(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Content, mode and time of each file."""
    return {
        str(path.relative_to(root)): (
            path.read_bytes(),
            path.stat().st_mode & 0o777,
            int(path.stat().st_mtime),
        )
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files that were copied one by one."""
    paths: list[str] = []
    read, put = LocalSide.read_small, LocalSide.put_small

    async def read_small(side: LocalSide, path: str, size: int) -> bytes:
        paths.append(path)
        return await read(side, path, size)

    async def put_small(side: LocalSide, path: str, *rest: object) -> None:
        paths.append(path)
        await put(side, path, *rest)  # type: ignore[arg-type] # handed on as they are

    monkeypatch.setattr(LocalSide, "read_small", read_small)
    monkeypatch.setattr(LocalSide, "put_small", put_small)
    return paths


async def test_there_and_back_with_all_that_belongs_to_them(desk: Desk, alone: list[str]) -> None:
    top = desk.here / "top"
    make_tree(top)
    view = await done(desk.push("top", options=CopyOptions(keep_owner=True)))
    assert (view.copied, view.files_total) == (FILES + 6, FILES + 6)
    assert view.bytes_done == view.bytes_total == sum(path.stat().st_size for path in files(top))
    owned = top / "folder1" / "file 1"
    os.chown(owned, 1234, 2345)
    desk.daemon.exec(BOX, "rm", "-r", f"{desk.there}/top")
    await done(desk.push("top", options=CopyOptions(keep_owner=True)))
    found = await desk.files.lstat(f"{desk.there}/top/folder1/file 1")
    assert (found.uid, found.gid) == (1234, 2345)
    assert (found.mode, found.size) == (owned.stat().st_mode & 0o777, owned.stat().st_size)
    top.rename(desk.here / "before")
    await done(desk.pull("top", options=CopyOptions(keep_owner=True)))
    assert described(top) == described(desk.here / "before")
    assert (top / "folder1" / "file 1").stat().st_uid == 1234
    # All but those that are too large.
    too_large = {path.name for path in files(top) if path.stat().st_size > 64 * 1024}
    assert {Path(path).name for path in alone} == too_large


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def test_what_does_not_succeed_is_tried_alone(
    desk: Desk, alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = desk.here / "top"
    make_tree(top)
    read = LocalSide.read_now

    def grown(side: LocalSide, path: str, size: int) -> bytes:
        if path.endswith("file 2"):
            with Path(path).open("ab") as file:
                file.write(b"more")
        return read(side, path, size)

    monkeypatch.setattr(LocalSide, "read_now", grown)
    view = await done(desk.push("top"))
    assert [one.words for one in view.results if one.path.endswith("/file 2")] == [
        "it grew while it was copied"
    ]
    assert view.bytes_done == view.bytes_total
    assert (await desk.files.lstat(f"{desk.there}/top/folder2/file 2")).size == 2052
    assert any(path.endswith("/file 2") for path in alone)


@pytest.mark.parametrize("is_push", [True, False])
async def test_the_link_cut_at_a_random_moment(desk: Desk, is_push: bool) -> None:
    dice = random.Random(5)
    top = desk.here / "top"
    make_tree(top)
    if not is_push:
        await done(desk.push("top"))
        top.rename(desk.here / "before")
    size = sum(path.stat().st_size for path in files(desk.here))
    for number in range(3):
        async with (
            cut_link(desk.here / "socket", desk.daemon.socket) as link,
            Connection(Endpoint(socket=link.path), remote="cut") as connection,
            service_of({"cut": connection}) as service,
        ):
            place = Place(ref=InstanceRef("cut", "default", BOX))
            count = dice.randrange(10_000, size)
            if is_push:
                link.cut_after(count)
                into = f"{desk.there}/{number}"
                await desk.files.make_directory(into)
                transfer = service.copy(LOCAL, [str(top)], place, into)
            else:
                link.cut_after_back(count)
                into = str(desk.here / f"back{number}")
                Path(into).mkdir()
                paths = [f"{desk.there}/top"]
                transfer = service.copy(place, paths, LOCAL, into)
            view = await transfer.wait()
            assert link.is_cut
            assert view.state == "failed"
            there = await described_of(desk, into, is_push=is_push)
            assert_whole(there, view, desk)
            link.heal()
            service.retry(transfer.number)
            await done(transfer)
            there = await described_of(desk, into, is_push=is_push)
            assert there == described(top if is_push else desk.here / "before")
        (desk.here / "socket").unlink()


def assert_whole(there: dict[str, tuple[bytes, int, int]], view: TransferView, desk: Desk) -> None:
    """Every file that has its own name is whole."""
    source = desk.here / "top"
    wanted = described(source if source.exists() else desk.here / "before")
    named = {path: found for path, found in there.items() if not path.endswith(".part")}
    assert named.items() <= wanted.items()
    assert len(named) >= sum(one.outcome == "copied" for one in view.results) - 6


async def described_of(
    desk: Desk, into: str, *, is_push: bool
) -> dict[str, tuple[bytes, int, int]]:
    if not is_push:
        return described(Path(into) / "top")
    found = {}
    async for directory, entries in desk.files.walk(f"{into}/top"):
        for entry in entries:
            if entry.kind == "file" and entry.attributes.modified is not None:
                path = f"{directory}/{entry.name}"
                found[path.removeprefix(f"{into}/top/")] = (
                    await desk.files.read_bytes(path),
                    entry.attributes.mode or 0,
                    int(entry.attributes.modified.timestamp()),
                )
    return found


async def test_it_ends_when_it_is_cancelled_and_leaves_nothing_half_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = desk.here / "top"
    make_tree(top)
    read = LocalSide.read_now
    names: list[str] = []

    def noted(side: LocalSide, path: str, size: int) -> bytes:
        names.append(path)
        return read(side, path, size)

    monkeypatch.setattr(LocalSide, "read_now", noted)
    transfer = desk.push("top")
    await until(lambda: len(names) >= 20)
    desk.service.cancel(transfer.number)
    view = await transfer.wait()
    assert (view.state, view.words) == ("cancelled", "")
    inside = await desk.inside()
    assert not [path for path in inside if path.endswith(".part")]
    for path, kind in inside.items():
        if kind == "file":
            assert (
                await desk.files.read_bytes(f"{desk.there}/{path}")
                == (desk.here / path).read_bytes()
            )


async def test_a_pause_begins_no_further_file(desk: Desk) -> None:
    top = desk.here / "top"
    make_tree(top)
    transfer = desk.push("top")
    desk.service.pause(transfer.number)
    await until(lambda: transfer.view.state == "paused")
    assert await desk.inside() == {}
    desk.service.resume(transfer.number)
    await done(transfer)
