"""An SFTP server (version 3, draft-ietf-secsh-filexfer-02) over an in-memory file system.

It answers as LXD's does: the words of the errno in general failures, REMOVE
and RMDIR alike, a mode for MKDIR ignored, set-id bits left out, links made in OpenSSH's order.
"""

import posixpath
import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxdtui.demo.filesystem import (
    NODE_LIMIT,
    SIZE_LIMIT,
    FileSystem,
    FileSystemError,
    MissingError,
    Node,
    NodeType,
    normalize,
)

LONGEST_PACKET = 256 * 1024
"""Bytes of a packet above which the connection is ended."""

_POSIX_RENAME = "posix-rename@openssh.com"
_STATVFS = "statvfs@openssh.com"
_BLOCK = 4096
_PIECE = 32 * 1024
_NAMES_AT_ONCE = 128
_OPEN_LIMIT = 1024
_OK, _EOF, _MISSING, _FAILURE, _UNSUPPORTED = 0, 1, 2, 4, 8
_TYPE_BITS = {
    NodeType.FILE: stat.S_IFREG,
    NodeType.DIRECTORY: stat.S_IFDIR,
    NodeType.SYMLINK: stat.S_IFLNK,
}


class BadPacketError(Exception):
    """What a client sent is not SFTP."""


@dataclass(slots=True, eq=False)
class _Open:
    """A file or directory that a client has open."""

    path: str
    node: Node
    names: list[str]
    """Names of a directory that were not told yet."""


class _Fields:
    """Reads the fields of a request."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def u32(self) -> int:
        return int.from_bytes(self._take(4))

    def u64(self) -> int:
        return int.from_bytes(self._take(8))

    def string(self) -> bytes:
        return self._take(self.u32())

    def text(self) -> str:
        return self.string().decode("utf-8", "surrogateescape")

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise BadPacketError
        self._at += count
        return taken


class SftpServerSession:
    """One client.

    Args:
        files: Gives the file system.
        now: Gives the time, seconds since the epoch.
        send: Takes replies.
    """

    def __init__(
        self,
        files: Callable[[], FileSystem],
        now: Callable[[], float],
        send: Callable[[bytes], None],
    ) -> None:
        self._find_files = files
        self._now = now
        self._send = send
        self._buffer = bytearray()
        self._open: dict[bytes, _Open] = {}
        self._opened = 0
        self._handlers: dict[int, Callable[[_Fields], bytes]] = {
            3: self._open_file,
            4: self._close,
            5: self._read,
            6: self._write,
            7: lambda fields: self._attributes(fields, follow=False),
            8: self._handle_attributes,
            9: self._set_attributes,
            10: self._set_handle_attributes,
            11: self._open_directory,
            12: self._read_directory,
            13: self._remove,
            14: self._make_directory,
            15: self._remove,
            16: self._real_path,
            17: lambda fields: self._attributes(fields, follow=True),
            18: self._rename,
            19: self._read_link,
            20: self._make_link,
            200: self._extended,
        }

    @property
    def _files(self) -> FileSystem:
        return self._find_files()

    def feed(self, data: bytes) -> None:
        """Take bytes of the client and answer the requests in them.

        Raises:
            BadPacketError: They are not SFTP.
        """
        self._buffer += data
        for kind, body in self._packets():
            if kind == 1:
                version = struct.pack(">I", 3)
                offers = (_POSIX_RENAME, "1", _STATVFS, "2")
                self._reply(2, version + b"".join(map(_text, offers)))
                continue
            fields = _Fields(body)
            number = struct.pack(">I", fields.u32())
            self._reply_to(kind, number, fields)

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4])
            if not 5 <= length <= LONGEST_PACKET:
                raise BadPacketError
            if len(self._buffer) < 4 + length:
                return
            packet = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield packet[0], packet[1:]

    def _reply_to(self, kind: int, number: bytes, fields: _Fields) -> None:
        handler = self._handlers.get(kind)
        if handler is None:
            raise BadPacketError
        try:
            reply = handler(fields)
        except MissingError as error:
            reply = _status(_MISSING, str(error))
        except FileSystemError as error:
            reply = _status(_FAILURE, str(error))
        self._reply(reply[0], number + reply[1:])

    def _reply(self, kind: int, body: bytes) -> None:
        self._send(struct.pack(">IB", 1 + len(body), kind) + body)

    # Handles.

    def _remember(self, path: str, node: Node, names: list[str]) -> bytes:
        if len(self._open) >= _OPEN_LIMIT:
            raise FileSystemError("too many open files")
        self._opened += 1
        handle = str(self._opened).encode()
        self._open[handle] = _Open(path, node, names)
        return b"\x66" + _text(handle)

    def _opened_by(self, fields: _Fields) -> _Open:
        try:
            return self._open[fields.string()]
        except KeyError:
            raise FileSystemError("bad file descriptor") from None

    def _close(self, fields: _Fields) -> bytes:
        if self._open.pop(fields.string(), None) is None:
            raise FileSystemError("bad file descriptor")
        return _status(_OK)

    def _open_file(self, fields: _Fields) -> bytes:
        path, flags = _path(fields), fields.u32()
        writes, creates, cuts, is_new = (flags & bit for bit in (0x02, 0x08, 0x10, 0x20))
        with _about("open", path):
            if creates and is_new and self._exists(path):
                raise FileSystemError("file exists")
            if writes and (creates or cuts):
                node = self._files.open_for_writing(path, now=self._now(), append=not cuts)
            else:
                node = self._files.get(path)
            if writes and node.type is NodeType.DIRECTORY:
                raise FileSystemError("is a directory")
        return self._remember(path, node, [])

    def _open_directory(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("open", path):
            node = self._files.get(path)
        if node.type is not NodeType.DIRECTORY:
            raise FileSystemError(f"readdirent {path}: not a directory")
        return self._remember(path, node, list(node.children))

    def _read_directory(self, fields: _Fields) -> bytes:
        opened = self._opened_by(fields)
        names, opened.names = opened.names[:_NAMES_AT_ONCE], opened.names[_NAMES_AT_ONCE:]
        items = [(name, opened.node.children.get(name)) for name in names]
        found = [(name, node) for name, node in items if node is not None]
        if not found:
            return _status(_EOF, "EOF")
        return (
            b"\x68"
            + struct.pack(">I", len(found))
            + b"".join(
                _text(name) + _text(_long_name(name, node)) + _attributes_of(node)
                for name, node in found
            )
        )

    def _read(self, fields: _Fields) -> bytes:
        opened, offset, count = self._opened_by(fields), fields.u64(), fields.u32()
        if opened.node.type is NodeType.DIRECTORY:
            raise FileSystemError(f"read {opened.path}: is a directory")
        data = bytes(opened.node.data[offset : offset + min(count, _PIECE)])
        return b"\x67" + _text(data) if data else _status(_EOF, "EOF")

    def _write(self, fields: _Fields) -> bytes:
        opened, offset, data = self._opened_by(fields), fields.u64(), fields.string()
        with _about("write", opened.path):
            self._files.write_at(opened.node, offset, data, now=self._now())
        return _status(_OK)

    # Attributes.

    def _attributes(self, fields: _Fields, *, follow: bool) -> bytes:
        path = _path(fields)
        with _about("stat" if follow else "lstat", path):
            return b"\x69" + _attributes_of(self._files.get(path, follow=follow))

    def _handle_attributes(self, fields: _Fields) -> bytes:
        return b"\x69" + _attributes_of(self._opened_by(fields).node)

    def _set_attributes(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("chmod", path):
            self._change(self._files.get(path), fields)
        return _status(_OK)

    def _set_handle_attributes(self, fields: _Fields) -> bytes:
        self._change(self._opened_by(fields).node, fields)
        return _status(_OK)

    def _change(self, node: Node, fields: _Fields) -> None:
        flags = fields.u32()
        if flags & 1:
            self._files.truncate(node, fields.u64(), now=self._now())
        if flags & 2:
            node.uid, node.gid = fields.u32(), fields.u32()
            node.mode &= ~0o6000
        if flags & 4:
            node.mode = fields.u32() & 0o777
        if flags & 8:
            fields.u32()
            node.modified = float(fields.u32())

    # Names.

    def _exists(self, path: str) -> bool:
        try:
            self._files.get(path, follow=False)
        except MissingError:
            return False
        return True

    def _remove(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("remove", path):
            if normalize(path) == "/":
                raise FileSystemError("device or resource busy")
            self._files.remove(path, now=self._now())
        return _status(_OK)

    def _make_directory(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("mkdir", path):
            self._files.make_directory(path, now=self._now())
        return _status(_OK)

    def _real_path(self, fields: _Fields) -> bytes:
        path = normalize(_path(fields))
        return b"\x68" + struct.pack(">I", 1) + _text(path) + _text(path) + struct.pack(">I", 0)

    def _rename(self, fields: _Fields) -> bytes:
        old, new = _path(fields), _path(fields)
        with _about("rename", f"{old} {new}"):
            self._files.move(old, new, now=self._now())
        return _status(_OK)

    def _read_link(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("readlink", path):
            node = self._files.get(path, follow=False)
            if node.type is not NodeType.SYMLINK:
                raise FileSystemError("invalid argument")
        target = _text(node.target)
        return b"\x68" + struct.pack(">I", 1) + target + target + struct.pack(">I", 0)

    def _make_link(self, fields: _Fields) -> bytes:
        target, path = fields.text(), _path(fields)
        with _about("symlink", f"{target} {path}"):
            self._files.make_link(path, target, now=self._now())
        return _status(_OK)

    def _extended(self, fields: _Fields) -> bytes:
        name = fields.text()
        if name == _POSIX_RENAME:
            return self._rename(fields)
        if name == _STATVFS:
            return self._measure(fields)
        return _status(_UNSUPPORTED, "SSH_FX_OP_UNSUPPORTED")

    def _measure(self, fields: _Fields) -> bytes:
        path = _path(fields)
        with _about("statvfs", path):
            self._files.get(path)
        free = (SIZE_LIMIT - self._files.used) // _BLOCK
        blocks = SIZE_LIMIT // _BLOCK
        return b"\xc9" + struct.pack(
            ">11Q", _BLOCK, _BLOCK, blocks, free, free, NODE_LIMIT, 0, 0, 0, 0, 255
        )


class _about:  # noqa: N801 - used like a function
    """Puts what was tried before the words of a failure."""

    def __init__(self, verb: str, path: str) -> None:
        self._words = f"{verb} {path}"

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, FileSystemError):
            error.args = (f"{self._words}: {error}",)


def _path(fields: _Fields) -> str:
    path = fields.text()
    if "\0" in path:
        raise FileSystemError("invalid argument")
    for name in path.split("/"):
        if len(name.encode("utf-8", "surrogateescape")) > 255:
            raise FileSystemError("file name too long")
    return posixpath.join("/", path)


def _text(data: str | bytes) -> bytes:
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    return struct.pack(">I", len(data)) + data


def _status(code: int, words: str = "") -> bytes:
    message = words.encode("utf-8", "replace")
    return b"\x65" + struct.pack(">I", code) + _text(message) + _text(b"")


def _attributes_of(node: Node) -> bytes:
    modified = max(0, min(int(node.modified), 2**32 - 1))
    return struct.pack(
        ">IQIIIII",
        0x0F,
        node.size,
        node.uid,
        node.gid,
        _TYPE_BITS[node.type] | node.mode,
        modified,
        modified,
    )


def _long_name(name: str, node: Node) -> str:
    mode = stat.filemode(_TYPE_BITS[node.type] | node.mode)
    return f"{mode} 1 {node.uid} {node.gid} {node.size} {name}"
