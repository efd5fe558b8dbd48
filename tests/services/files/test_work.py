"""What is done to many files: found, renamed, changed, counted; and bookmarks."""

import os
import tracemalloc
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from lxdtui.errors import Conflict, ConnectionFailed, ConnectionProblem, LocalFileError, NotFound
from lxdtui.model.files import FileEntry, FileKind
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.files import (
    AttributeChange,
    Bookmarks,
    Entries,
    Find,
    Found,
    Query,
    Reach,
    change_attributes,
    count_below,
    plan_renames,
    rename_all,
    why_not_rename,
)
from tests.contract.file_boxes import HOSTILE_NAMES
from tests.services.files.conftest import Box
from tests.ui.files import MemoryFileSystem


async def entry_of(box: Box, path: str) -> tuple[str, FileEntry]:
    name = path.rpartition("/")[2]
    return path, FileEntry(name=name, attributes=await box.files.lstat(path))


async def planted(box: Box) -> str:
    """A tree with a link in a circle, and a text that lies across two pieces."""
    files, path = box.files, f"{box.path}/tree"
    await files.make_directory(f"{path}/sub/deep", parents=True)
    await files.write(f"{path}/one.conf", b"first\nsecond Needle here\n")
    await files.write(f"{path}/sub/two.CONF", b"x" * 70_000 + b"\nneedle")
    await files.write(f"{path}/sub/deep/three.txt", b"y" * (64 << 10) + b"\n" + b"no\n" * 3)
    await files.write(f"{path}/sub/deep/{HOSTILE_NAMES[11]}", b"a" * 65_533 + b"needle\n")
    await files.symlink("..", f"{path}/sub/loop")
    return path


async def found(box: Box, path: str, query: Query) -> list[Found]:
    async with aclosing(Find(box.files, path, query).run()) as hits:
        return [hit async for hit in hits]


async def test_find_by_name_and_by_content(box: Box) -> None:
    path = await planted(box)
    hits = await found(box, path, Query(name="*.conf"))
    assert [hit.path for hit in hits] == [f"{path}/one.conf", f"{path}/sub/two.CONF"]
    assert [hit.entry.name for hit in await found(box, path, Query(name="TWO"))] == []
    assert [hit.entry.name for hit in await found(box, path, Query(name="oop"))] == ["loop"]
    hits = await found(box, path, Query(content="needle"))
    assert [(hit.entry.name, hit.line) for hit in hits] == [
        ("one.conf", 2),
        ("two.CONF", 2),
        (HOSTILE_NAMES[11], 1),
    ]
    assert hits[0].text == "second Needle here"
    assert len(hits[2].text) <= 400
    hits = await found(box, path, Query(name=".conf", content="Needle"))
    assert [hit.entry.name for hit in hits] == ["one.conf"]
    find = Find(box.files, path, Query(name="nothing"))
    async with aclosing(find.run()) as none:
        assert [hit async for hit in none] == []
    assert (find.folders, find.entries, find.unread) == (3, 7, 0)
    with pytest.raises(NotFound):
        await found(box, f"{path}/none", Query())


async def test_many_are_renamed_in_circles_or_not_at_all(box: Box) -> None:
    files, path = box.files, box.path
    old = ["a", "b", "c", "d"]
    for name in old:
        await files.write(f"{path}/{name}", name.encode())
    await rename_all(files, path, plan_renames(old, ["b", "a", "d", HOSTILE_NAMES[2]]))
    assert await files.read_bytes(f"{path}/a") == b"b"
    assert await files.read_bytes(f"{path}/b") == b"a"
    assert await files.read_bytes(f"{path}/d") == b"c"
    assert await files.read_bytes(f"{path}/{HOSTILE_NAMES[2]}") == b"d"
    await files.make_directory(f"{path}/in-the-way")
    with pytest.raises(Conflict) as failure:
        await rename_all(files, path, [("a", "x"), ("b", "in-the-way")])
    assert "old names again" in failure.value.hint
    assert await files.read_bytes(f"{path}/a") == b"b"


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (["x", "y"], ""),
        (["b", "a"], ""),
        (["x"], "there are 1 names for 2 entries"),
        (["x", "x"], "line 2 has the name of another line"),
        (["x", "c"], "line 2 has a name that exists already"),
        (["x", "a/b"], "line 2 is no name"),
        ([".", "x"], "line 1 is no name"),
        (["ä" * 128, "x"], "line 1 takes more than 255 bytes"),
    ],
)
def test_why_not_rename(new: Sequence[str], words: str) -> None:
    assert why_not_rename(["a", "b"], new, {"a", "b", "c"}) == words


async def test_attributes_reach_as_far_as_they_are_told(box: Box) -> None:
    path = await planted(box)
    tree = [await entry_of(box, path)]
    change = AttributeChange(mode=0o600)
    assert await change_attributes(box.files, tree, change, reach=Reach.FILES) == 4
    change = AttributeChange(mode=0o711, uid=os.geteuid())
    assert await change_attributes(box.files, tree, change, reach=Reach.FOLDERS) == 3
    assert (await box.files.stat(f"{path}/sub/deep")).mode == 0o711
    assert (await box.files.stat(f"{path}/sub/two.CONF")).mode == 0o600
    told: list[int] = []
    change = AttributeChange(gid=os.getegid())
    everything = await change_attributes(
        box.files, tree, change, reach=Reach.ALL, progress=told.append
    )
    assert (everything, told[-1]) == (7, 7)
    assert await change_attributes(box.files, tree, change) == 1


async def test_what_is_below_is_counted(box: Box) -> None:
    path = await planted(box)
    amount = await count_below(box.files, [await entry_of(box, path)])
    assert (amount.files, amount.folders, amount.others) == (4, 3, 1)
    assert amount.entries == 8
    assert amount.bytes > 200_000


async def test_what_cannot_be_read_is_counted_and_passed_over() -> None:
    memory = MemoryFileSystem()
    memory.file("/a/pipe", b"needle")
    memory.special = {"/a/pipe": FileKind.FIFO}
    memory.file("/a/b/file", b"needle")
    memory.errors["read"] = Conflict("read /a/b/file", "busy")
    find = Find(memory, "/a", Query(content="needle"))
    async with aclosing(find.run()) as hits:
        assert [hit async for hit in hits] == []
    assert find.unread == 1


class Growing(MemoryFileSystem):
    """Files that were listed with some bytes, and have no end."""

    LISTED = 8 << 20

    async def list(self, path: str) -> Entries:
        return [
            replace(entry, attributes=replace(entry.attributes, size=self.LISTED))
            for entry in await super().list(path)
        ]

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        assert offset == 0
        while True:
            await self._begin("read", path)
            yield bytes(1 << 20)


async def test_little_is_in_memory_and_a_file_that_grows_has_an_end() -> None:
    files = Growing()
    for number in range(24):
        files.file(f"/a/{number}", b"x")
    find = Find(files, "/a", Query(content="Needle"))
    tracemalloc.start()
    try:
        async with aclosing(find.run()) as hits:
            assert [hit async for hit in hits] == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len([name for name, _ in files.calls if name == "read"]) == 24 * 8
    assert peak < 64 << 20


async def test_a_lost_link_ends_the_search() -> None:
    files = MemoryFileSystem()
    for number in range(3):
        files.file(f"/a/b/file{number}", b"no hay")
    for name in ("read", "list"):
        find = Find(files, "/a", Query(content="needle"))
        files.errors["read"] = ConnectionFailed("read it", ConnectionProblem.LOST, "reset")
        if name == "list":
            find = Find(files, "/a", Query(name="file"))
            files.errors["list"] = files.errors.pop("read")
        with pytest.raises(ConnectionFailed):
            async with aclosing(find.run()) as hits:
                assert [hit async for hit in hits] == []
    # The others of the same folder were waited for.
    assert len([name for name, _ in files.calls if name == "read"]) == 3


async def test_bookmarks_outlive_the_program(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bookmarks.json"
    web = Place(ref=InstanceRef("prod", "default", "web"))
    assert await Bookmarks(path).of(LOCAL) == ()
    first, second = Bookmarks(path), Bookmarks(path)
    await first.add(LOCAL, "/a")
    await second.add(web, f"/{HOSTILE_NAMES[11]}")
    await first.add(LOCAL, "/b")
    await first.add(LOCAL, "/a")
    assert await second.of(LOCAL) == ("/b", "/a")
    assert await first.of(web) == (f"/{HOSTILE_NAMES[11]}",)
    await second.remove(LOCAL, "/b")
    assert await first.of(LOCAL) == ("/a",)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("{broken")
    with pytest.raises(LocalFileError, match="no JSON"):
        await first.add(LOCAL, "/c")
    assert path.read_text() == "{broken"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
async def test_text_in_utf_16_is_found_in_its_lines(codec: str) -> None:
    memory = MemoryFileSystem()
    lines = [f"Zeile {number} ਊ" for number in range(200_000)]
    lines[150_000] = "hier ist die große Nadel"
    text = "\ufeff" + "\r\n".join(lines)
    memory.file("/a/export.txt", text.encode(codec))
    memory.file("/a/no-mark.txt", text[1:].encode(codec))
    find = Find(memory, "/a", Query(content="große nadel"))
    (hit,) = [one async for one in find.run()]
    assert (hit.entry.name, hit.line) == ("export.txt", 150_001)
    assert hit.text.strip() == "hier ist die große Nadel"
