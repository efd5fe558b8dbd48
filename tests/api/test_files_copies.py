"""Whole directories of a container that is hostile: nothing leaves the directory here."""

import os
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lxdtui.api import directories
from lxdtui.api.file_copies import Copied, pull_tree, push_tree
from lxdtui.api.files import FileCalls
from lxdtui.api.instance_files import InstanceFiles
from lxdtui.api.local_files import list_local, read_local, write_local
from lxdtui.api.sftp import SftpSession, SftpSessions
from lxdtui.api.sftp.packets import Body, Type, frame, text, u32
from lxdtui.errors import LocalFileError, NotFound, UnexpectedResponse
from lxdtui.model.files import FileKind
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import Server
from tests.api.fake import transport_to
from tests.api.fake_sftp import connected, status
from tests.contract.file_boxes import one_by_one

REF = InstanceRef("local", "default", "c1")
Listing = list[tuple[bytes, int]]
FILE, DIRECTORY, LINK, FIFO = 0o100644, 0o040755, 0o120777, 0o010644


class Tree:
    """Answers as a server with prepared listings, in which each file holds the same."""

    def __init__(self, listings: Mapping[bytes, Listing], *, target: bytes = b"/etc") -> None:
        self._listings = {path: list(entries) for path, entries in listings.items()}
        self._target = target
        self._told: set[bytes] = set()

    def answer(self, kind: int, number: int, body: bytes) -> bytes:
        path = Body(body).string()
        match kind:
            case Type.OPENDIR | Type.OPEN:
                known = kind == Type.OPEN or path in self._listings
                self._told.discard(path)
                return frame(Type.HANDLE, number, text(path)) if known else status(number, 2)
            case Type.READDIR if path not in self._told:
                self._told.add(path)
                entries = self._listings[path]
                items = [text(name) + text(b"") + u32(4) + u32(mode) for name, mode in entries]
                return frame(Type.NAME, number, u32(len(entries)), *items)
            case Type.READ if path not in self._told:
                self._told.add(path)
                return frame(Type.DATA, number, text(b"hostile"))
            case Type.READDIR | Type.READ:
                return status(number, 1)
            case Type.READLINK:
                item = text(self._target) + text(b"") + u32(0)
                return frame(Type.NAME, number, u32(1), item)
        return status(number, 0)


class OneSession(SftpSessions):
    """Gives the same session for everything."""

    session: SftpSession

    @asynccontextmanager
    async def use(self, ref: InstanceRef) -> AsyncIterator[SftpSession]:
        assert ref == REF
        yield self.session


@asynccontextmanager
async def files_of(tree: Tree, folder: Path) -> AsyncIterator[InstanceFiles]:
    async with transport_to(folder) as (transport, _), connected(tree.answer) as (session, _):
        sessions = OneSession(transport)
        sessions.session = session

        def unknown() -> Server:
            raise NotFound("ask", "nobody")

        yield InstanceFiles(REF, FileCalls(transport, unknown), sessions)


@pytest.mark.parametrize(
    "name", [b"../out", b"/etc/out", b"a/b", b"", b"a\0b", b"sub/../../out", b"/"]
)
async def test_names_that_lead_elsewhere(tmp_path: Path, name: bytes) -> None:
    tree = Tree({b"/top": [(b"fine", FILE), (name, FILE)]})
    async with files_of(tree, tmp_path) as files:
        with pytest.raises(UnexpectedResponse):
            await pull_tree(files, "/top", tmp_path / "in" / "deep")
        with pytest.raises(UnexpectedResponse):
            await files.list("/top")
        with pytest.raises(UnexpectedResponse):
            await files.remove_tree("/top")
    assert not list(tmp_path.rglob("out"))


async def test_lists_without_end_are_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "ENTRY_LIMIT", 5)
    listings = {b"/top": [(b"%d" % number, FILE) for number in range(5)]}
    async with files_of(Tree(listings), tmp_path) as files:
        assert len(await files.list("/top")) == 5
    listings[b"/top"].append((b"more", FILE))
    async with files_of(Tree(listings), tmp_path) as files:
        with pytest.raises(UnexpectedResponse, match="more than 5"):
            await files.list("/top")


async def test_dots_are_passed_over(tmp_path: Path) -> None:
    tree = Tree({b"/top": [(b".", DIRECTORY), (b"..", DIRECTORY), (b"a", FILE)]})
    async with files_of(tree, tmp_path) as files:
        assert await pull_tree(files, "/top", tmp_path / "in") == Copied(
            files=1, directories=1, bytes=7
        )
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["a"]


@pytest.mark.parametrize("second", [FILE, DIRECTORY, LINK])
async def test_link_and_another_thing_of_one_name(tmp_path: Path, second: int) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    tree = Tree(
        {b"/top": [(b"a", LINK), (b"a", second)], b"/top/a": [(b"planted", FILE)]},
        target=os.fsencode(outside),
    )
    async with files_of(tree, tmp_path) as files:
        with pytest.raises(UnexpectedResponse, match="twice"):
            await pull_tree(files, "/top", tmp_path / "in")
    assert list(outside.iterdir()) == []


async def test_links_here_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("mine")
    target = tmp_path / "in"
    target.mkdir()
    (target / "dir").symlink_to(outside)
    (target / "file").symlink_to(outside / "file")
    for tree in (
        Tree({b"/top": [(b"dir", DIRECTORY)], b"/top/dir": [(b"planted", FILE)]}),
        Tree({b"/top": [(b"file", FILE)]}),
    ):
        async with files_of(tree, tmp_path) as files:
            with pytest.raises(LocalFileError):
                await pull_tree(files, "/top", target)
    assert [path.name for path in outside.iterdir()] == ["file"]
    assert (outside / "file").read_text() == "mine"


async def test_directory_here_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    async with files_of(Tree({b"/top": [(b"a", FILE)]}), tmp_path) as files:
        await pull_tree(files, "/top", tmp_path / "link")
    assert (tmp_path / "real" / "a").read_bytes() == b"hostile"


async def test_set_id_bits_devices_and_pipes_stay_there(tmp_path: Path) -> None:
    entries = [(b"su", 0o106755), (b"d", 0o043777), (b"pipe", FIFO), (b"disk", 0o060600)]
    tree = Tree({b"/top": entries, b"/top/d": []})
    tree._listings[b"/top/d"] = [(b"x", FILE)]
    async with files_of(tree, tmp_path) as files:
        copied = await pull_tree(files, "/top", tmp_path / "in")
    assert (copied.files, copied.directories, copied.skipped) == (2, 2, 2)
    assert stat.S_IMODE((tmp_path / "in" / "su").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "in" / "d").stat().st_mode) == 0o777
    assert not (tmp_path / "in" / "pipe").exists()


async def test_bytes_of_names_and_targets_are_kept(tmp_path: Path) -> None:
    tree = Tree({b"/top": [(b"a\xff\n", FILE), (b"l\xfe", LINK)]}, target=b"to\xfd")
    async with files_of(tree, tmp_path) as files:
        await pull_tree(files, "/top", tmp_path / "in")
    here = tmp_path / "in"
    assert sorted(os.fsencode(path.name) for path in here.iterdir()) == [b"a\xff\n", b"l\xfe"]
    assert os.fsencode((here / os.fsdecode(b"l\xfe")).readlink()) == b"to\xfd"
    found = {entry.name: entry for entry in await list_local(here)}
    assert found["l\udcfe"].target == "to\udcfd"
    assert found["a\udcff\n"].kind is FileKind.FILE


async def test_progress_ends_with_what_was_copied(tmp_path: Path) -> None:
    told: list[int] = []
    tree = Tree({b"/top": [(b"a", FILE), (b"b", FILE), (b"l", LINK)]})
    async with files_of(tree, tmp_path) as files:
        copied = await pull_tree(
            files, "/top", tmp_path / "in", progress=lambda copied: told.append(copied.bytes)
        )
    assert told == sorted(told)
    assert told[-1] == copied.bytes == 14


async def test_failures_here_are_told(tmp_path: Path) -> None:
    tree = Tree({b"/top": [(b"a", FILE)]})
    (tmp_path / "file").write_text("")
    async with files_of(tree, tmp_path) as files:
        with pytest.raises(LocalFileError, match=r"file.*(Not a directory|File exists)"):
            await pull_tree(files, "/top", tmp_path / "file")
        with pytest.raises(LocalFileError, match="No such file"):
            await push_tree(files, tmp_path / "none", "/top")
    with pytest.raises(LocalFileError):
        async for _ in read_local(tmp_path / "none"):
            pass


async def test_half_written_file_is_removed(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise NotFound("read", "gone")

    with pytest.raises(NotFound):
        await write_local(tmp_path / "a", breaking(), mode=0o644)
    assert list(tmp_path.iterdir()) == []
    await write_local(tmp_path / "a", one_by_one([b"1", b"2"]), mode=0o4755)
    assert (tmp_path / "a").read_bytes() == b"12"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755
