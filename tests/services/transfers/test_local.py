"""Copies on this computer: links, circles, kinds that do not fit, sources that lie, full disks."""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from lxdtui.errors import NotFound, ServerError
from lxdtui.model.files import FileAttributes, FileEntry, FileKind
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import (
    Choice,
    CopyOptions,
    TransferService,
    TransferView,
    local_side,
)
from lxdtui.services.transfers.local_side import LocalSide
from lxdtui.services.transfers.names import untaken
from lxdtui.services.transfers.rooted import Rooted
from lxdtui.services.transfers.sides import Side
from tests.contract.file_boxes import noise
from tests.services.transfers.conftest import done, service_of, until


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.mkdir()
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target"
    path.mkdir()
    return path


async def copied(
    source: Path, target: Path, *, move: bool = False, options: CopyOptions | None = None
) -> TransferView:
    async with service_of({}) as service:
        transfer = service.copy(
            LOCAL, [str(source)], LOCAL, str(target), move=move, options=options
        )
        return await transfer.wait()


def troubles(view: TransferView) -> dict[str, str]:
    return {one.path: one.words for one in view.results if one.is_trouble}


async def test_links_in_the_target_are_never_followed(source: Path, target: Path) -> None:
    outside = target.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("precious")
    top = source / "top"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "file").write_text("new")
    (top / "file").write_text("new")
    (target / "top").mkdir()
    (target / "top" / "sub").symlink_to(outside)
    (target / "top" / "file").symlink_to(outside / "file")
    view = await copied(top, target, options=CopyOptions(existing=Choice.ALL))
    assert (outside / "file").read_text() == "precious"
    assert "symlink of this name is there, and is not followed" in troubles(view)["top/sub"]
    assert "could not be made" in troubles(view)["top/sub/file"]
    # The link itself is replaced, not what it leads to.
    assert not (target / "top" / "file").is_symlink()
    assert (target / "top" / "file").read_text() == "new"


async def test_links_are_followed_when_asked_and_never_in_circles(
    source: Path, target: Path
) -> None:
    top = source / "top"
    top.mkdir()
    (top / "real").write_text("content")
    (top / "link").symlink_to("real")
    (top / "nowhere").symlink_to("none")
    (top / "loop").symlink_to(".")
    view = await copied(top, target, options=CopyOptions(follow_links=True))
    assert (target / "top" / "link").read_text() == "content"
    assert not (target / "top" / "link").is_symlink()
    found = troubles(view)
    assert "no such file" in found["top/nowhere"].lower()
    assert any("circles" in words for words in found.values())


async def test_what_does_not_fit_is_refused(source: Path, target: Path) -> None:
    (source / "file").write_text("x")
    (source / "dir").mkdir()
    (source / "dir" / "below").write_text("x")
    (target / "file").mkdir()
    (target / "dir").write_text("x")
    async with service_of({}) as service:
        view = await service.copy(
            LOCAL,
            [str(source / "file"), str(source / "dir"), str(source / "none")],
            LOCAL,
            str(target),
        ).wait()
        inside = await service.copy(LOCAL, [str(source)], LOCAL, str(source / "dir")).wait()
        itself = await service.copy(
            LOCAL, [str(source / "file")], LOCAL, str(source), move=True
        ).wait()
        nowhere = await service.copy(
            LOCAL, [str(source / "file")], LOCAL, str(target / "none")
        ).wait()
        with pytest.raises(ValueError, match="one folder"):
            service.copy(LOCAL, ["/a/b", "/c/d"], LOCAL, str(target))
    found = troubles(view)
    assert "a directory of this name is there" in found["file"]
    assert "a file of this name is there" in found["dir"]
    assert "No such file" in found["none"]
    assert (target / "dir").read_text() == "x"
    assert troubles(inside)["source"].endswith("the target is inside of it")
    assert troubles(itself)["file"].endswith("it is there already")
    assert (source / "file").read_text() == "x"
    assert "No such file" in troubles(nowhere)["file"]


async def test_one_folder_by_two_paths_is_known_as_one(source: Path, target: Path) -> None:
    (source / "file").write_text("precious")
    (source / "sub").mkdir()
    link, inner = target / "link", target / "inner"
    link.symlink_to(source)
    inner.symlink_to(source / "sub")
    follows = CopyOptions(existing=Choice.ALL, follow_links=True)
    for options in (follows, CopyOptions(existing=Choice.ALL)):
        moved = await copied(source / "file", link, move=True, options=options)
        assert troubles(moved)["file"].endswith("it is there already")
    assert (await copied(source / "file", link)).state == "done"
    into = await copied(source, inner, options=follows)
    assert list(troubles(into)) == ["source/sub"]
    assert troubles(into)["source/sub"].endswith("it is the target itself")
    found = sorted(str(path.relative_to(source)) for path in source.rglob("*"))
    copies = ["sub/source", "sub/source/file", "sub/source/file (2)"]
    assert found == ["file", "file (2)", "sub", *copies]
    assert (source / "file").read_text() == "precious"


async def test_a_mistake_of_ours_ends_a_transfer_in_words(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(*_: object) -> FileAttributes:
        raise RuntimeError("a mistake")

    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: told.append(context["exception"])
    )
    monkeypatch.setattr(LocalSide, "lstat", wrong)
    view = await copied(source, target)
    assert (view.state, view.words) == ("failed", "it ended by a mistake of this program")
    assert [str(one) for one in told] == ["a mistake"]


async def test_what_is_never_copied_is_not_tried_again(source: Path, target: Path) -> None:
    (source / "file").write_text("x")
    os.mkfifo(source / "pipe")
    async with service_of({}) as service:
        transfer = service.copy(LOCAL, [str(source)], LOCAL, str(target))
        view = await transfer.wait()
        assert (view.state, view.copied, view.failed) == ("failed", 2, 1)
        # All the rest would be asked about again.
        service.retry(transfer.number)
        assert transfer.view.state == "failed"


async def test_a_move_across_file_systems_or_within_one(source: Path, target: Path) -> None:
    top = source / "top"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "file").write_text("moved")
    (target / "top").mkdir()
    view = await copied(top, target, move=True)
    assert view.state == "done"
    assert (target / "top" / "sub" / "file").read_text() == "moved"
    assert not top.exists()


class Liar(LocalSide):
    """Files that have more, or less, than is said of them."""

    more = 0

    async def descriptor(self, path: str) -> int | None:  # noqa: ARG002 - of the shape
        return None

    async def lstat(self, path: str) -> FileAttributes:
        if "/.copy." in path:
            raise NotFound(f"look at {path}", "no such file")
        return FileAttributes(kind=FileKind.FILE, size=2_000_000, mode=0o644)

    stat = lstat

    async def read(
        self,
        path: str,  # noqa: ARG002 - the same for all
        *,
        offset: int = 0,
    ) -> AsyncGenerator[bytes, None]:
        yield bytes(2_000_000 + self.more - offset)


class Wanderer(LocalSide):
    """A folder whose entries want to be elsewhere."""

    async def scan(self, path: str) -> list[FileEntry]:  # noqa: ARG002 - of the shape
        found = FileAttributes(kind=FileKind.FILE, size=1)
        return [FileEntry(name=name, attributes=found) for name in ("../evil", "/tmp/evil", "..")]

    async def read_small(self, path: str, size: int) -> bytes:  # noqa: ARG002 - of the shape
        return b"x"


async def from_side(side: LocalSide, path: Path, target: Path) -> TransferView:
    class Lying(TransferService):
        def _side(self, place: Place, root: str, *, follows: bool) -> Side:
            is_lying = root == str(path.parent)
            return side if is_lying else super()._side(place, root, follows=follows)

    service = Lying({}, pauses=())
    view = await service.copy(LOCAL, [str(path)], LOCAL, str(target)).wait()
    await service.aclose()
    return view


@pytest.mark.parametrize(
    ("more", "words"),
    [(1, "more comes than the 2000000 bytes"), (-1, "only 1999999 of 2000000 bytes came")],
)
async def test_more_or_less_than_was_said_is_told(
    source: Path, target: Path, more: int, words: str
) -> None:
    (target / "file").write_text("old")
    liar = Liar(str(source))
    liar.more = more
    view = await from_side(liar, source / "other", target)
    assert words in troubles(view)["other"]
    assert [path.name for path in target.iterdir()] == ["file"]


async def test_names_that_lead_elsewhere_are_refused(source: Path, target: Path) -> None:
    (source / "top").mkdir()
    view = await from_side(Wanderer(str(source)), source / "top", target)
    assert view.failed == 3
    assert sorted(path.name for path in target.parent.rglob("*")) == [
        "source",
        "target",
        "top",
        "top",
    ]
    assert not Path("/tmp/evil").exists()


async def test_a_full_disk_leaves_the_old_file_whole(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "large").write_bytes(noise(3_000_000))
    (source / "small").write_bytes(b"new")
    (target / "large").write_bytes(b"old")
    (target / "small").write_bytes(b"old")

    def full(descriptor: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(local_side, "_write_all", full)
    async with service_of({}) as service:
        transfer = service.copy(
            LOCAL,
            [str(source / "large"), str(source / "small")],
            LOCAL,
            str(target),
            options=CopyOptions(existing=Choice.ALL),
        )
        view = await transfer.wait()
        assert set(troubles(view)) == {"large", "small"}
        assert all("No space left on device" in words for words in troubles(view).values())
        assert sorted(path.name for path in target.iterdir()) == ["large", "small"]
        assert (target / "large").read_bytes() == (target / "small").read_bytes() == b"old"
        monkeypatch.undo()
        service.retry(transfer.number)
        view = await done(transfer)
        assert (view.copied, view.failed, view.files_total) == (2, 0, 2)
    assert (target / "large").read_bytes() == noise(3_000_000)


class Slow(LocalSide):
    """A source that gives a piece when it is let."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.let = asyncio.Semaphore(0)
        self.waits = asyncio.Event()

    async def descriptor(self, path: str) -> int | None:  # noqa: ARG002 - of the shape
        return None

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        async for piece in super().read(path, offset=offset):
            self.waits.set()
            await self.let.acquire()
            yield piece


async def test_pause_and_cancel(tmp_path: Path, target: Path) -> None:
    sides: dict[str, Slow] = {}
    for number in range(3):
        folder = tmp_path / f"slow{number}"
        folder.mkdir()
        (folder / f"large{number}").write_bytes(noise(4 << 20))
        sides[str(folder)] = Slow(str(folder))

    class Service(TransferService):
        def _side(self, place: Place, root: str, *, follows: bool) -> Side:
            return sides.get(root) or super()._side(place, root, follows=follows)

    service = Service({}, pauses=())
    first, second, third = (
        service.copy(LOCAL, [f"{folder}/large{number}"], LOCAL, str(target))
        for number, folder in enumerate(sides)
    )
    slow = sides[str(tmp_path / "slow0")]
    await slow.waits.wait()
    # Two at a time; the third waits, and can be withdrawn.
    await until(lambda: second.view.state != "waiting")
    assert third.view.state == "waiting"
    service.cancel(third.number)
    assert (await third.wait()).state == "cancelled"
    for _ in range(2):
        slow.let.release()
    await until(lambda: first.view.bytes_done >= 1 << 20)
    service.pause(first.number)
    assert first.view.state == "paused"
    reached = first.view.bytes_done
    for _ in range(4):
        slow.let.release()
    for _ in range(100):
        await asyncio.sleep(0)
    assert first.view.bytes_done <= reached + (1 << 20)
    assert first.view.seconds_left is None
    service.resume(first.number)
    assert (await done(first)).bytes_done == 4 << 20
    service.cancel(second.number)
    assert (await second.wait()).state == "cancelled"
    await service.aclose()
    assert [path.name for path in target.iterdir()] == ["large0"]


def test_names_beside_others() -> None:
    assert untaken("notes.txt", {"notes.txt"}) == "notes (2).txt"
    assert untaken("notes.txt", {"notes (2).txt"}) == "notes (3).txt"
    assert untaken(".bashrc", set()) == ".bashrc (2)"
    assert len(untaken("x" * 255, set()).encode()) == 255


def test_only_what_is_below_the_root_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "link").symlink_to(tmp_path)
    rooted = Rooted(str(tmp_path / "a"), follows=False)
    for path in (str(tmp_path), f"{tmp_path}/a/../c", f"{tmp_path}/ab", "/"):
        with pytest.raises(ValueError, match=r"chosen|no name"), rooted.directory(path):
            pass
    with pytest.raises(OSError, match="directory"), rooted.directory(f"{tmp_path}/a/link"):
        pass
    with pytest.raises(ValueError, match="no name"), rooted.parent(f"{tmp_path}/a/.."):
        pass
    with rooted.directory(f"{tmp_path}/a/b") as descriptor:
        assert os.fstat(descriptor).st_ino == (tmp_path / "a" / "b").stat().st_ino
    rooted.close()


class Moody(LocalSide):
    """Another place, a folder of which cannot be listed at first, and where a file grows."""

    def __init__(self, root: Path) -> None:
        super().__init__(str(root))
        self.place = Place(ref=InstanceRef("elsewhere", "default", "c1"))
        self.is_broken = True
        self.log = root / "kept" / "log"

    async def scan(self, path: str) -> list[FileEntry]:
        if self.is_broken and path.endswith("/top"):
            raise ServerError(f"list {path}", "it is broken")
        return await super().scan(path)

    async def read_small(self, path: str, size: int) -> bytes:
        found = await super().read_small(path, size)
        if path == str(self.log):
            self.log.write_bytes(found + b"more\n")
        return found


async def test_moves_look_again_at_what_failed_and_at_what_changed(
    source: Path, target: Path
) -> None:
    side = Moody(source)

    class Service(TransferService):
        def _side(self, place: Place, root: str, *, follows: bool) -> Side:
            return side if root == str(source) else super()._side(place, root, follows=follows)

    (source / "top").mkdir()
    (source / "top" / "file").write_text("x")
    (source / "kept").mkdir()
    (source / "kept" / "log").write_text("one\n")
    paths = [str(source / name) for name in ("top", "late", "kept")]
    service = Service({}, pauses=())
    transfer = service.copy(
        side.place, paths, LOCAL, str(target), move=True, options=CopyOptions(existing=Choice.ALL)
    )
    view = await transfer.wait()
    assert set(troubles(view)) == {"top", "late", "kept/log"}
    assert "it was changed while it was copied: both are kept" in troubles(view)["kept/log"]
    assert (source / "kept" / "log").read_text() == "one\nmore\n"
    (source / "late").write_text("y")
    side.is_broken = False
    side.log = source / "other"
    service.retry(transfer.number)
    await done(transfer)
    await service.aclose()
    assert (target / "top" / "file").read_text() == "x"
    assert (target / "late").read_text() == "y"
    assert (target / "kept" / "log").read_text() == "one\nmore\n"
    assert list(source.iterdir()) == []


async def test_signs_of_killed_copies_are_removed_a_day_later_and_nothing_else(
    tmp_path: Path,
) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "file").write_text("x")
    target = tmp_path / "to"
    target.mkdir()
    names = [f".copy.{digit * 12}.part" for digit in "0123"] + [".copy.zzzzzzzzzzzz.part"]
    for name in names:
        (target / name).write_text(f"lxdtui copies something here: {name}\n")
        os.utime(target / name, (0, 0))
    long_ago, just_now, changed, linked, other = names
    (target / just_now).touch()
    (target / changed).write_text(f"lxdtui copies something here: {just_now}\n")
    os.utime(target / changed, (0, 0))
    (target / linked).rename(target / "elsewhere")
    (target / linked).symlink_to("elsewhere")
    service = TransferService({}, pauses=())
    view = await service.copy(LOCAL, [str(tmp_path / "from" / "file")], LOCAL, str(target)).wait()
    await service.aclose()
    assert view.state == "done"
    left = {path.name for path in target.iterdir()}
    assert left == {just_now, changed, linked, other, "elsewhere", "file"}
    assert long_ago not in left
