"""An in-memory file system: a container's root as the files API and the shell see it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

SIZE_LIMIT = 256 * 1024 * 1024
"""Bytes one container may hold."""

NODE_LIMIT = 50_000
"""Files, directories and links one container may hold."""

_LINK_DEPTH = 20


class NodeType(StrEnum):
    """Kind of a file system entry, in the words of the ``X-LXD-type`` header."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"


class FileSystemError(Exception):
    """Something a file system refuses; the message is the errno text in lower case."""


class MissingError(FileSystemError):
    """No such file or directory."""

    def __init__(self) -> None:
        super().__init__("no such file or directory")


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """One entry. ``data`` belongs to files, ``children`` to directories, ``target`` to links."""

    type: NodeType
    mode: int
    uid: int = 0
    gid: int = 0
    modified: float = 0.0
    data: bytes | bytearray = b""
    target: str = ""
    children: dict[str, "Node"] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Size as ``ls -l`` shows it."""
        if self.type is NodeType.DIRECTORY:
            return 4096
        return (
            len(self.target.encode("utf-8", "surrogateescape"))
            if self.type is NodeType.SYMLINK
            else len(self.data)
        )

    def copy(self) -> "Node":
        """A deep copy; unchanged file contents stay shared."""
        return Node(
            type=self.type,
            mode=self.mode,
            uid=self.uid,
            gid=self.gid,
            modified=self.modified,
            data=bytes(self.data),
            target=self.target,
            children={name: child.copy() for name, child in self.children.items()},
        )

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it."""
        yield self
        for child in self.children.values():
            yield from child.walk()


def normalize(path: str, base: str = "/") -> str:
    """Make a path absolute and free of ``.`` and ``..``, without following links."""
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{base}/{path}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/" + "/".join(parts)


class FileSystem:
    """A tree of nodes with the operations that clients and shell commands need.

    Args:
        root: Root directory; an empty one by default.
    """

    def __init__(self, root: Node | None = None) -> None:
        self.root = root or Node(type=NodeType.DIRECTORY, mode=0o755)
        self._used = sum(len(node.data) for node in self.root.walk())
        self._nodes = sum(1 for _ in self.root.walk())

    def copy(self) -> "FileSystem":
        """An independent copy."""
        return FileSystem(self.root.copy())

    @property
    def used(self) -> int:
        """Bytes of all file contents."""
        return self._used

    def get(self, path: str, *, follow: bool = True) -> Node:
        """Look up a node; links inside the path are always followed.

        Args:
            path: Absolute path.
            follow: Whether a link at the end is followed too.

        Raises:
            MissingError: There is nothing.
            FileSystemError: A part of the path is no directory, or links go in circles.
        """
        return self._resolve(path, follow=follow, depth=0)[1]

    def real_path(self, path: str) -> str:
        """The path with all links resolved.

        Raises:
            FileSystemError: As ``get``.
        """
        return self._resolve(path, follow=True, depth=0)[0]

    def is_directory(self, path: str) -> bool:
        """Whether the path leads to a directory."""
        try:
            return self.get(path).type is NodeType.DIRECTORY
        except FileSystemError:
            return False

    def read(self, path: str) -> bytes:
        """Content of a file.

        Raises:
            FileSystemError: Missing, or a directory.
        """
        node = self.get(path)
        if node.type is NodeType.DIRECTORY:
            raise FileSystemError("is a directory")
        return bytes(node.data)

    def open_for_writing(
        self, path: str, *, now: float, append: bool, mode: int = 0o644, uid: int = 0, gid: int = 0
    ) -> Node:
        """Create or truncate a file; an existing one keeps its mode and owner.

        Args:
            path: Absolute path; a link at the end is written through.
            now: Modification time.
            append: Keep what is there.
            mode: Permission bits of a new file.
            uid: Owner of a new file.
            gid: Group of a new file.

        Raises:
            FileSystemError: A directory, a missing parent, no space.
        """
        try:
            path, node = self._resolve(path, follow=True, depth=0)
        except MissingError:
            parent, name = self._parent_of(path)
            node = Node(type=NodeType.FILE, mode=mode, uid=uid, gid=gid, modified=now)
            self._insert(parent, name, node, now)
        if node.type is NodeType.DIRECTORY:
            raise FileSystemError("is a directory")
        node.modified = now
        if not append:
            self._used -= len(node.data)
            node.data = b""
        return node

    def append(self, node: Node, data: bytes, *, now: float) -> None:
        """Add bytes to a file that ``open_for_writing`` gave.

        Raises:
            FileSystemError: No space left.
        """
        if self._used + len(data) > SIZE_LIMIT:
            raise FileSystemError("no space left on device")
        if not isinstance(node.data, bytearray):
            node.data = bytearray(node.data)
        node.data += data
        node.modified = now
        self._used += len(data)

    def write_at(self, node: Node, offset: int, data: bytes, *, now: float) -> None:
        """Write bytes somewhere in a file; a gap before them is filled with zeros.

        Raises:
            FileSystemError: A directory, no space left.
        """
        end = offset + len(data)
        if end > len(node.data):
            self.truncate(node, end, now=now)
        if not isinstance(node.data, bytearray):
            node.data = bytearray(node.data)
        node.data[offset:end] = data
        node.modified = now

    def truncate(self, node: Node, size: int, *, now: float) -> None:
        """Cut a file to a size, or fill it up with zeros.

        Raises:
            FileSystemError: A directory, no space left.
        """
        if node.type is not NodeType.FILE:
            raise FileSystemError("is a directory")
        growth = size - len(node.data)
        if self._used + growth > SIZE_LIMIT:
            raise FileSystemError("no space left on device")
        if not isinstance(node.data, bytearray):
            node.data = bytearray(node.data)
        if growth > 0:
            node.data += bytes(growth)
        else:
            del node.data[size:]
        node.modified = now
        self._used += growth

    def write(self, path: str, data: bytes, *, now: float, mode: int = 0o644) -> Node:
        """Replace the content of a file.

        Raises:
            FileSystemError: As ``open_for_writing`` and ``append``.
        """
        node = self.open_for_writing(path, now=now, append=False, mode=mode)
        self.append(node, data, now=now)
        node.data = bytes(node.data)
        return node

    def make_directory(
        self, path: str, *, now: float, mode: int = 0o755, uid: int = 0, gid: int = 0
    ) -> Node:
        """Create a directory.

        Raises:
            FileSystemError: Something is there, or the parent is missing.
        """
        parent, name = self._parent_of(path)
        if not name or name in parent.children:
            raise FileSystemError("file exists")
        node = Node(type=NodeType.DIRECTORY, mode=mode, uid=uid, gid=gid, modified=now)
        self._insert(parent, name, node, now)
        return node

    def make_link(self, path: str, target: str, *, now: float, uid: int = 0, gid: int = 0) -> Node:
        """Create a symbolic link.

        Raises:
            FileSystemError: Something is there, or the parent is missing.
        """
        parent, name = self._parent_of(path)
        if not name or name in parent.children:
            raise FileSystemError("file exists")
        node = Node(
            type=NodeType.SYMLINK, mode=0o777, uid=uid, gid=gid, modified=now, target=target
        )
        self._insert(parent, name, node, now)
        return node

    def remove(self, path: str, *, now: float, recursive: bool = False) -> None:
        """Remove a file, a link itself, or a directory.

        Args:
            path: Absolute path.
            now: Modification time of the parent.
            recursive: Remove a directory that is not empty as well.

        Raises:
            FileSystemError: Missing, or a directory that is not empty.
        """
        parent, name = self._parent_of(path)
        node = parent.children.get(name)
        if node is None:
            raise MissingError
        if node.children and not recursive:
            raise FileSystemError("directory not empty")
        del parent.children[name]
        parent.modified = now
        self._used -= sum(len(item.data) for item in node.walk())
        self._nodes -= sum(1 for _ in node.walk())

    def move(self, source: str, destination: str, *, now: float) -> None:
        """Rename an entry, replacing a file that is in the way.

        Raises:
            FileSystemError: Missing, a directory is in the way, or a move into itself.
        """
        old_parent, old_name = self._parent_of(source)
        new_parent, new_name = self._parent_of(destination)
        node = old_parent.children.get(old_name)
        if node is None:
            raise MissingError
        if any(item is new_parent for item in node.walk()):
            raise FileSystemError("invalid argument")
        in_the_way = new_parent.children.get(new_name)
        if in_the_way is node:
            return
        if in_the_way is not None:
            if in_the_way.type is NodeType.DIRECTORY:
                raise FileSystemError("file exists")
            self._used -= len(in_the_way.data)
            self._nodes -= 1
        del old_parent.children[old_name]
        new_parent.children[new_name] = node
        old_parent.modified = new_parent.modified = now

    def _insert(self, parent: Node, name: str, node: Node, now: float) -> None:
        if self._nodes >= NODE_LIMIT:
            raise FileSystemError("no space left on device")
        parent.children[name] = node
        parent.modified = now
        self._nodes += 1

    def _parent_of(self, path: str) -> tuple[Node, str]:
        directory, _, name = normalize(path).rpartition("/")
        parent = self.get(directory or "/")
        if parent.type is not NodeType.DIRECTORY:
            raise FileSystemError("not a directory")
        return parent, name

    def _resolve(self, path: str, *, follow: bool, depth: int) -> tuple[str, Node]:
        if depth > _LINK_DEPTH:
            raise FileSystemError("too many levels of symbolic links")
        current, node = "/", self.root
        parts = [part for part in path.split("/") if part not in {"", "."}]
        for index, part in enumerate(parts):
            if node.type is not NodeType.DIRECTORY:
                raise FileSystemError("not a directory")
            if part == "..":
                current = normalize(f"{current}/..")
                node = self._resolve(current, follow=True, depth=depth + 1)[1]
                continue
            child = node.children.get(part)
            if child is None:
                raise MissingError
            current_child = normalize(part, current)
            if child.type is NodeType.SYMLINK and (follow or index < len(parts) - 1):
                current, node = self._resolve(
                    child.target if child.target.startswith("/") else f"{current}/{child.target}",
                    follow=True,
                    depth=depth + 1,
                )
            else:
                current, node = current_child, child
        return current, node
