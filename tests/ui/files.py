"""File systems without a disk or a server, for the interface: fed by hand, slow or failing at will.

They hold the files of the demo server, and behave as the real ones do: the
tests of services/files run on them, too.
"""

import asyncio
import posixpath
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lxdtui.demo.filesystem import FileSystem as Tree
from lxdtui.demo.filesystem import FileSystemError, MissingError, Node, NodeType
from lxdtui.errors import BadRequest, Conflict, LxdTuiError, NotFound, ServerError
from lxdtui.model.files import FileAttributes, FileEntry, FileKind, join_path
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.files import Bookmarks
from lxdtui.services.files.filesystem import READ_LIMIT, Content, Entries, Progress

__all__ = ["FakeFiles", "MemoryFileSystem", "furnish"]

_PIECE = 64 << 10


@dataclass(slots=True, kw_only=True, eq=False)
class MemoryFileSystem:
    """Files in memory; see :class:`lxdtui.services.files.FileSystem`."""

    place: Place = LOCAL
    tree: Tree = field(default_factory=Tree)
    now: float | None = None
    """The time of changes; the real one where nothing is said."""
    special: dict[str, FileKind] = field(default_factory=dict)
    """Paths of files that are shown as devices, pipes or sockets."""
    errors: dict[str, LxdTuiError] = field(default_factory=dict)
    """What the next call of a name fails with: ``list``, ``write``, …"""
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """What calls of a name wait for."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Names and paths of all calls."""
    free: int | None = 3_800_000_000
    home_path: str = "/root"

    # What a test feeds

    def file(
        self,
        path: str,
        content: bytes = b"",
        *,
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
        modified: datetime | None = None,
    ) -> None:
        """Put a file somewhere, with the directories above it."""
        self.directory(posixpath.dirname(path))
        node = self.tree.write(path, content, now=self._time())
        node.mode, node.uid, node.gid = mode, uid, gid
        self._date(node, modified)

    def directory(self, path: str, *, modified: datetime | None = None, mode: int = 0o755) -> None:
        """Put a directory somewhere, with those above it."""
        for at, character in enumerate(path):
            if character == "/" and at:
                self._ensure(path[:at])
        node = self._ensure(path)
        node.mode = mode
        self._date(node, modified)

    def link(self, target: str, path: str, *, modified: datetime | None = None) -> None:
        """Put a link somewhere."""
        self._date(self.tree.make_link(path, target, now=self._time()), modified)

    # The protocol

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        yield

    async def list(self, path: str) -> Entries:
        return self._entries(path, await self._found("list", path))

    async def stat(self, path: str) -> FileAttributes:
        return self._attributes(path, await self._found("stat", path))

    async def lstat(self, path: str) -> FileAttributes:
        return self._attributes(path, await self._found("lstat", path, follow=False))

    async def exists(self, path: str) -> bool:
        try:
            await self.lstat(path)
        except NotFound:
            return False
        return True

    async def read_link(self, path: str) -> str:
        node = await self._found("read_link", path, follow=False)
        if node.type is not NodeType.SYMLINK:
            raise BadRequest(self._tried("read the link", path), "invalid argument")
        return node.target

    async def walk(self, path: str) -> AsyncGenerator[tuple[str, Entries], None]:
        pending = [path]
        while pending:
            directory = pending.pop()
            try:
                entries = await self.list(directory)
            except NotFound:
                if directory == path:
                    raise
                continue
            yield directory, entries
            pending += [
                join_path(directory, entry.name)
                for entry in reversed(entries)
                if entry.kind is FileKind.DIRECTORY
            ]

    async def home(self) -> str:
        await self._begin("home", "")
        return self.home_path

    async def free_space(self, path: str) -> int | None:
        await self._begin("free_space", path)
        return self.free

    async def read(self, path: str, *, offset: int = 0) -> AsyncGenerator[bytes, None]:
        node = await self._found("read", path)
        kind = self._attributes(path, node).kind
        if kind is not FileKind.FILE:
            raise BadRequest(self._tried("read", path), f"it is a {kind}")
        for start in range(offset, len(node.data), _PIECE):
            yield bytes(node.data[start : start + _PIECE])
            await asyncio.sleep(0)

    async def read_bytes(self, path: str, *, limit: int = READ_LIMIT) -> bytes:
        content = b"".join([piece async for piece in self.read(path)])
        if len(content) > limit:
            raise BadRequest(self._tried("read", path), f"it is larger than {limit} bytes")
        return content

    async def write(
        self,
        path: str,
        content: Content,
        *,
        size: int | None = None,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        await self._begin("write", path)
        with self._words("write", path):
            if await self.exists(path) and not self._is_file(path, self.tree.get(path)):
                raise FileSystemError("it is no file")
            self.tree.get(posixpath.dirname(path))
        data = await _gathered(content, progress)
        if size is not None and len(data) != size:
            raise BadRequest(self._tried("write", path), f"there are {len(data)} bytes")
        with self._words("write", path):
            self._set(self.tree.write(path, data, now=self._time()), mode, uid, gid)

    async def overwrite(self, path: str, content: bytes) -> None:
        await self._begin("overwrite", path)
        with self._words("overwrite", path):
            self.tree.write(path, content, now=self._time())

    async def append(
        self, path: str, content: Content, *, progress: Progress | None = None
    ) -> None:
        await self._begin("append", path)
        with self._words("write", path):
            is_new = not await self.exists(path)
            if not is_new and not self._is_file(path, self.tree.get(path, follow=False)):
                raise FileSystemError("it is no file")
            node = self.tree.open_for_writing(path, now=self._time(), append=True)
            node.mode = 0o600 if is_new else node.mode
            self.tree.append(node, await _gathered(content, progress), now=self._time())

    async def make_directory(
        self,
        path: str,
        *,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        parents: bool = False,
    ) -> None:
        await self._begin("make_directory", path)
        if parents:
            self.directory(path)
            return
        with self._words("make", path):
            self._set(self.tree.make_directory(path, now=self._time()), mode, uid, gid)

    async def symlink(self, target: str, path: str) -> None:
        await self._begin("symlink", path)
        with self._words("link", path):
            self.tree.make_link(path, target, now=self._time())

    async def rename(self, old: str, new: str, *, replace: bool = False) -> None:
        await self._begin("rename", old)
        if not replace and await self.exists(new):
            raise Conflict(self._tried("rename", old), f"{new} exists")
        with self._words("rename", old):
            self.tree.move(old, new, now=self._time())

    async def chmod(self, path: str, mode: int) -> None:
        (await self._found("chmod", path)).mode = mode

    async def chown(self, path: str, *, uid: int | None = None, gid: int | None = None) -> None:
        self._set(await self._found("chown", path), None, uid, gid)

    async def set_modified(self, path: str, modified: datetime) -> None:
        (await self._found("set_modified", path)).modified = float(int(modified.timestamp()))

    async def remove(self, path: str) -> None:
        await self._begin("remove", path)
        with self._words("remove", path):
            self.tree.remove(path, now=self._time())

    async def remove_tree(self, path: str, *, progress: Progress | None = None) -> int:
        node = await self._found("remove_tree", path, follow=False)
        count = sum(1 for _ in node.walk())
        self.tree.remove(path, now=self._time(), recursive=True)
        if progress is not None:
            progress(count)
        return count

    # What they are made of

    async def _begin(self, name: str, path: str) -> None:
        self.calls.append((name, path))
        await asyncio.sleep(0)
        if name in self.gates:
            await self.gates[name].wait()
        if name in self.errors:
            raise self.errors.pop(name)

    async def _found(self, name: str, path: str, *, follow: bool = True) -> Node:
        await self._begin(name, path)
        with self._words(name, path):
            return self.tree.get(path, follow=follow)

    @contextmanager
    def _words(self, verb: str, path: str) -> Iterator[None]:
        tried = self._tried(verb, path)
        try:
            yield
        except MissingError as error:
            raise NotFound(tried, str(error)) from error
        except FileSystemError as error:
            words = str(error)
            if words in ("file exists", "directory not empty"):
                raise Conflict(tried, words) from error
            if "space" in words:
                raise ServerError(tried, words) from error
            raise BadRequest(tried, words) from error

    def _entries(self, path: str, node: Node) -> Entries:
        if node.type is not NodeType.DIRECTORY:
            raise BadRequest(self._tried("list", path), "not a directory")
        entries = []
        for name, child in node.children.items():
            where = join_path(path, name)
            target, kind = None, None
            if child.type is NodeType.SYMLINK:
                target = child.target
                try:
                    kind = self._attributes(where, self.tree.get(where)).kind
                except FileSystemError:
                    kind = None
            attributes = self._attributes(where, child)
            entries.append(
                FileEntry(name=name, attributes=attributes, target=target, target_kind=kind)
            )
        return entries

    def _attributes(self, path: str, node: Node) -> FileAttributes:
        return FileAttributes(
            kind=self.special.get(path, FileKind(node.type.value)),
            size=node.size,
            mode=node.mode,
            uid=node.uid,
            gid=node.gid,
            modified=datetime.fromtimestamp(node.modified, UTC),
        )

    def _is_file(self, path: str, node: Node) -> bool:
        return self._attributes(path, node).kind is FileKind.FILE

    def _ensure(self, path: str) -> Node:
        try:
            return self.tree.get(path or "/")
        except MissingError:
            return self.tree.make_directory(path, now=self._time())

    def _set(self, node: Node, mode: int | None, uid: int | None, gid: int | None) -> None:
        node.mode = node.mode if mode is None else mode
        node.uid = node.uid if uid is None else uid
        node.gid = node.gid if gid is None else gid

    def _date(self, node: Node, modified: datetime | None) -> None:
        if modified is not None:
            node.modified = modified.timestamp()

    def _time(self) -> float:
        return time.time() if self.now is None else self.now

    def _tried(self, verb: str, path: str) -> str:
        return f"{verb} {path} in {self.place.words}"


class FakeFiles:
    """Gives the same files for the same place, empty where the test put nothing in."""

    def __init__(self) -> None:
        self.bookmarks = Bookmarks(None)
        self.places: dict[Place, MemoryFileSystem] = {}

    def container(self, ref: InstanceRef) -> MemoryFileSystem:
        return self.at(Place(ref=ref))

    def local(self) -> MemoryFileSystem:
        return self.at(LOCAL)

    def at(self, place: Place) -> MemoryFileSystem:
        return self.places.setdefault(place, MemoryFileSystem(place=place))


async def _gathered(content: Content, progress: Progress | None) -> bytes:
    data = bytearray()
    if isinstance(content, bytes):
        data += content
    else:
        async for piece in content:
            data += piece
            if progress is not None:
                progress(len(data))
    if progress is not None:
        progress(len(data))
    return bytes(data)


def furnish(files: FakeFiles, ref: InstanceRef, now: datetime) -> None:
    """Put a site on this computer, and a web server's configuration into an instance."""
    local, inside = files.local(), files.container(ref)
    local.home_path, local.free = "/home/mara", 312 * 1024**3
    site = "/home/mara/site"
    for name, days in (("certs", 2.0), ("sites", 6.0)):
        local.directory(f"{site}/{name}", modified=now - timedelta(days=days))
    for name, length, days, mode in (
        ("backup.tar.zst", 1_468_006, 0.13, 0o644),
        ("deploy.sh", 2_150, 6, 0o755),
        ("index.html", 11_264, 0.0285, 0o644),
        ("nginx.conf", 3_277, 0.0056, 0o644),
        ("notes.md", 940, 21, 0o644),
        ("robots.txt", 68, 365, 0o644),
        ("style.css", 49_152, 0.0285, 0o640),
        (".htaccess", 12, 30, 0o600),
    ):
        modified = now - timedelta(days=days)
        local.file(f"{site}/{name}", bytes(length), mode=mode, uid=1000, modified=modified)
    local.file("/etc/passwd", b"root:x:0:0::/root:/bin/sh\nmara:x:1000:1000::/home/mara:/bin/sh\n")
    local.file("/etc/group", b"root:x:0:\nmara:x:1000:\n")
    inside.file("/etc/passwd", b"root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n")
    inside.file("/etc/group", b"root:x:0:\nadm:x:4:\nwww-data:x:33:\n")
    inside.directory("/root")
    nginx = "/etc/nginx"
    for name in ("conf.d", "modules-enabled", "sites-available", "sites-enabled", "snippets"):
        inside.directory(f"{nginx}/{name}", modified=now - timedelta(days=12))
    for name, length in (
        ("fastcgi.conf", 1_126),
        ("koi-utf", 2_837),
        ("mime.types", 5_349),
        ("nginx.conf", 2_969),
        ("proxy_params", 180),
    ):
        inside.file(f"{nginx}/{name}", bytes(length), modified=now - timedelta(days=88))
    inside.file(f"{nginx}/secret.key", b"x", mode=0o4640, uid=33, gid=4, modified=now)
    inside.directory("/usr/lib/nginx/modules")
    inside.link("/usr/lib/nginx/modules", f"{nginx}/modules", modified=now)
    inside.link("/nowhere", f"{nginx}/broken", modified=now)
