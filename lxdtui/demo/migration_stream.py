"""A container on its way between two demo servers: trees of files as frames of bounded size.

Real servers send rsync or ZFS streams, which only they understand. The outer form is kept: binary
frames of at most 32 KiB, and a text frame behind each tree.

A tree is a sequence of records. Each is a JSON object behind its length in four bytes; the first
one describes the tree, the others its entries, parents before children. The content of a file
stands behind its record.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxdtui.demo.filesystem import NODE_LIMIT, SIZE_LIMIT, FileSystem, Node, NodeType

FRAME_LIMIT = 32 * 1024
"""Bytes of one frame that is sent."""
RECORD_LIMIT = 1024 * 1024
"""Bytes of one record."""
_LENGTH_BYTES = 4
_DEEPEST = 200
"""Levels of directories; everything that walks through a tree goes down by recursion."""
_LONGEST_NAME = 255
_LONGEST_TARGET = 4096
_LARGEST_ID = 2**32 - 1
_LARGEST_MODE = 0o7777
_LATEST = 253_402_300_799.0
"""The last second of the year 9999."""
_NO_SPACE = "no space left on device"


class StreamError(Exception):
    """What arrives cannot be taken, or what is to be sent cannot be expressed."""


class Quota:
    """What one migration may bring altogether; equal contents count once, and are kept once.

    Args:
        size: Bytes.
        nodes: Files, directories and links.
    """

    def __init__(self, *, size: int = 2 * SIZE_LIMIT, nodes: int = 4 * NODE_LIMIT) -> None:
        self._size = size
        self._nodes = nodes
        self._contents: dict[bytes, bytes] = {}

    def keep(self, content: bytes) -> bytes:
        """Count a content.

        Returns:
            The content, or the equal one that is there already.

        Raises:
            StreamError: It is too much.
        """
        known = self._contents.get(content)
        if known is None:
            self.charge(len(content))
            known = self._contents[content] = content
        return known

    def charge(self, size: int) -> None:
        """Count bytes.

        Raises:
            StreamError: It is too much.
        """
        self._size -= size
        if self._size < 0:
            raise StreamError(_NO_SPACE)

    def add_node(self) -> None:
        """Count an entry.

        Raises:
            StreamError: It is too much.
        """
        self._nodes -= 1
        if self._nodes < 0:
            raise StreamError(_NO_SPACE)


def frames_of(head: Mapping[str, Any], files: FileSystem | None) -> Iterator[bytes]:
    """Make the frames of a tree.

    Args:
        head: Describes the tree; JSON values.
        files: The files, which nobody may change meanwhile; None for those of the template.

    Raises:
        StreamError: The tree cannot be expressed.
    """
    frame = bytearray()
    for piece in _pieces(head, files):
        for start in range(0, len(piece), FRAME_LIMIT):
            frame += piece[start : start + FRAME_LIMIT]
            if len(frame) >= FRAME_LIMIT:
                yield bytes(frame[:FRAME_LIMIT])
                del frame[:FRAME_LIMIT]
    if frame:
        yield bytes(frame)


def _pieces(head: Mapping[str, Any], files: FileSystem | None) -> Iterator[bytes]:
    yield _packed(head)
    waiting = [] if files is None else [(0, "", files.root)]
    while waiting:
        depth, name, node = waiting.pop()
        if depth > _DEEPEST or len(_encoded(name)) > _LONGEST_NAME:
            raise StreamError("file name too long")
        yield _packed(
            {
                "depth": depth,
                "name": name,
                "type": node.type.value,
                "mode": node.mode,
                "uid": node.uid,
                "gid": node.gid,
                "modified": node.modified,
                "target": node.target,
                "size": len(node.data),
            }
        )
        yield bytes(node.data)
        waiting += [(depth + 1, name, child) for name, child in reversed(node.children.items())]


def _packed(record: Mapping[str, Any]) -> bytes:
    content = json.dumps(record, separators=(",", ":")).encode()
    if len(content) > RECORD_LIMIT:
        raise StreamError("argument list too long")
    return len(content).to_bytes(_LENGTH_BYTES) + content


def parse_record(content: bytes) -> dict[str, Any]:
    """Read a JSON object that somebody else has written.

    Raises:
        StreamError: It is none.
    """
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise StreamError("The other side speaks another migration protocol") from None
    if not isinstance(record, dict):
        raise StreamError("Unexpected migration record")
    return record


class TreeReader:
    """Builds a tree of the frames that arrive, which may be anything.

    Args:
        quota: What all trees together may bring.
    """

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._buffer = bytearray()
        self._head: dict[str, Any] | None = None
        self._open: list[Node] = []
        """The directories from the root to that of the last entry."""
        self._root: Node | None = None
        self._file: Node | None = None
        """The file whose content arrives."""
        self._missing = 0
        self._size = 0
        self._nodes = 0

    @property
    def size(self) -> int:
        """Bytes of the files announced so far."""
        return self._size

    def feed(self, frame: bytes) -> None:
        """Take a frame.

        Raises:
            StreamError: It makes no sense, or is too much.
        """
        self._buffer += frame
        while self._take_content() or self._take_record():
            pass

    def finish(self) -> tuple[dict[str, Any], FileSystem | None]:
        """Take note of the end.

        Returns:
            The description of the tree, and its files, or None for those of the template.

        Raises:
            StreamError: It is incomplete.
        """
        if self._head is None or self._buffer or self._file is not None:
            raise StreamError("unexpected EOF")
        return self._head, None if self._root is None else FileSystem(self._root)

    def _take_content(self) -> bool:
        if self._file is None:
            return False
        part = self._buffer[: self._missing]
        del self._buffer[: len(part)]
        self._missing -= len(part)
        if isinstance(self._file.data, bytearray):
            self._file.data += part
        if self._missing:
            return False
        self._file.data = self._quota.keep(bytes(self._file.data))
        self._file = None
        return True

    def _take_record(self) -> bool:
        if self._file is not None or len(self._buffer) < _LENGTH_BYTES:
            return False
        length = int.from_bytes(self._buffer[:_LENGTH_BYTES])
        if length > RECORD_LIMIT:
            raise StreamError("Unexpected migration record")
        end = _LENGTH_BYTES + length
        if len(self._buffer) < end:
            return False
        record = parse_record(bytes(self._buffer[_LENGTH_BYTES:end]))
        del self._buffer[:end]
        if self._head is None:
            self._quota.charge(length)
            self._head = record
        else:
            self._add(record)
        return True

    def _add(self, record: Mapping[str, Any]) -> None:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            raise StreamError(_NO_SPACE)
        self._quota.add_node()
        node, size = _node_from(record)
        self._place(node, record)
        self._size += size
        if self._size > SIZE_LIMIT:
            raise StreamError(_NO_SPACE)
        if size:
            node.data = bytearray()
            self._file, self._missing = node, size

    def _place(self, node: Node, record: Mapping[str, Any]) -> None:
        if self._root is None:
            if node.type is not NodeType.DIRECTORY:
                raise StreamError("Unexpected migration record")
            self._root = node
            self._open = [node]
            return
        depth = integer(record, "depth", least=1, most=min(len(self._open), _DEEPEST))
        name = text(record, "name", longest=_LONGEST_NAME)
        siblings = self._open[depth - 1].children
        if name in {"", ".", ".."} or "/" in name or name in siblings:
            raise StreamError("Unexpected migration record")
        siblings[name] = node
        del self._open[depth:]
        if node.type is NodeType.DIRECTORY:
            self._open.append(node)


def _node_from(record: Mapping[str, Any]) -> tuple[Node, int]:
    """Make an entry of its record; its content follows, in as many bytes as are told."""
    kind = text(record, "type", longest=_LONGEST_NAME)
    if kind not in set(NodeType):
        raise StreamError("Unexpected migration record")
    node = Node(
        type=NodeType(kind),
        mode=integer(record, "mode", most=_LARGEST_MODE),
        uid=integer(record, "uid", most=_LARGEST_ID),
        gid=integer(record, "gid", most=_LARGEST_ID),
        modified=moment(record, "modified"),
    )
    if node.type is NodeType.SYMLINK:
        node.target = text(record, "target", longest=_LONGEST_TARGET)
    largest = SIZE_LIMIT if node.type is NodeType.FILE else 0
    return node, integer(record, "size", most=largest)


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def integer(record: Mapping[str, Any], key: str, *, least: int = 0, most: int) -> int:
    """Read a whole number within bounds.

    Raises:
        StreamError: It is none.
    """
    value = record.get(key)
    if type(value) is not int or not least <= value <= most:
        raise StreamError(f"Unexpected {key} in a migration record")
    return value


def number(record: Mapping[str, Any], key: str, *, most: float) -> float:
    """Read a number from 0 up to a bound.

    Raises:
        StreamError: It is none.
    """
    value: Any = record.get(key)
    if type(value) not in {int, float} or not 0 <= value <= most:
        raise StreamError(f"Unexpected {key} in a migration record")
    return float(value)


def moment(record: Mapping[str, Any], key: str) -> float:
    """Read a time, in seconds since the Unix epoch.

    Raises:
        StreamError: It is none, or lies behind the year 9999.
    """
    return number(record, key, most=_LATEST)


def text(record: Mapping[str, Any], key: str, *, longest: int) -> str:
    """Read a text without NUL.

    Args:
        record: Has it.
        key: Its key.
        longest: Bytes it may have.

    Raises:
        StreamError: It is none, or too long.
    """
    value = record.get(key)
    if not isinstance(value, str) or "\0" in value or len(_encoded(value)) > longest:
        raise StreamError(f"Unexpected {key} in a migration record")
    return value
