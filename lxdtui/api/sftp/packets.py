"""Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02). Pure: no input or output.

A packet is ``uint32 length, byte type, uint32 id, …``; INIT and VERSION have no
id. A string is ``uint32 length`` and that many bytes. Whatever arrives may have
been written by somebody hostile: every length is compared with what is there
before anything is taken, and nothing larger than :data:`LONGEST_PACKET` is
ever put together.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from lxdtui.model.files import FileAttributes, FileKind, path_text, time_from_epoch

__all__ = [
    "LONGEST_PACKET",
    "PIECE",
    "Attr",
    "Body",
    "Framer",
    "MalformedPacketError",
    "NameItem",
    "OpenFlag",
    "Packet",
    "StatusCode",
    "StatusReply",
    "Type",
    "attributes_body",
    "frame",
    "parse_attributes",
    "parse_free_space",
    "parse_names",
    "parse_status",
    "parse_version",
    "text",
    "u32",
    "u64",
]

LONGEST_PACKET = 256 * 1024
"""Bytes of a packet above which the other side is not believed; OpenSSH's limit too."""
PIECE = 32 * 1024
"""Bytes that one READ or WRITE may move; the servers cut longer reads to this."""

_U32 = struct.Struct(">I")
_U64 = struct.Struct(">Q")
_HEAD = struct.Struct(">IBI")


class MalformedPacketError(ValueError):
    """What arrived is not SFTP."""


class Type(IntEnum):
    """Kinds of packets."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    SETSTAT = 9
    FSETSTAT = 10
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    RMDIR = 15
    REALPATH = 16
    STAT = 17
    RENAME = 18
    READLINK = 19
    SYMLINK = 20
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class StatusCode(IntEnum):
    """Results of requests."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    NO_CONNECTION = 6
    CONNECTION_LOST = 7
    OP_UNSUPPORTED = 8


class OpenFlag(IntFlag):
    """How a file is opened."""

    READ = 0x01
    WRITE = 0x02
    APPEND = 0x04
    CREATE = 0x08
    TRUNCATE = 0x10
    EXCLUSIVE = 0x20


class Attr(IntFlag):
    """Which attributes follow."""

    SIZE = 0x00000001
    OWNER = 0x00000002
    PERMISSIONS = 0x00000004
    TIMES = 0x00000008
    EXTENDED = 0x80000000


_USUAL = int(Attr.SIZE | Attr.OWNER | Attr.PERMISSIONS | Attr.TIMES)
"""What the servers tell of every file."""
_USUAL_FIELDS = struct.Struct(">QIIIII")


@dataclass(frozen=True, slots=True)
class Packet:
    """A reply."""

    type: int
    """One of :class:`Type`, or an unknown number."""
    id: int
    """The request that it answers; 0 for VERSION."""
    body: bytes
    """What follows the id."""


@dataclass(frozen=True, slots=True)
class StatusReply:
    """How a request ended."""

    code: int
    """One of :class:`StatusCode`, or an unknown number."""
    message: str
    """The server's words."""


@dataclass(frozen=True, slots=True)
class NameItem:
    """One name of a NAME reply."""

    name: str
    """Byte for byte; may be anything."""
    attributes: FileAttributes
    """What came with it."""


class Framer:
    """Cuts a stream of bytes into packets; the pieces may be of any size."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Take bytes and yield the packets that they complete.

        At most one incomplete packet is kept.

        Raises:
            MalformedPacketError: A length cannot be.
        """
        self._buffer += data
        start = 0
        try:
            while len(self._buffer) - start >= _U32.size:
                (length,) = _U32.unpack_from(self._buffer, start)
                if not 5 <= length <= LONGEST_PACKET:
                    raise MalformedPacketError(f"a packet of {length} bytes")
                end = start + _U32.size + length
                if len(self._buffer) < end:
                    return
                _, kind, number = _HEAD.unpack_from(self._buffer, start)
                body_at = start + _HEAD.size
                if kind == Type.VERSION:
                    body_at, number = start + 5, 0
                packet = Packet(kind, number, bytes(memoryview(self._buffer)[body_at:end]))
                start = end
                yield packet
        finally:
            del self._buffer[:start]


class Body:
    """Reads the fields of a packet one after the other, never beyond its end."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def u32(self) -> int:
        """Read 32 bits."""
        return int(_U32.unpack(self._take(4))[0])

    def u64(self) -> int:
        """Read 64 bits."""
        return int(_U64.unpack(self._take(8))[0])

    def string(self) -> bytes:
        """Read bytes with their length."""
        return self._take(self.u32())

    def fields(self, layout: struct.Struct) -> tuple[int, ...]:
        """Read several numbers at once."""
        return layout.unpack(self._take(layout.size))

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise MalformedPacketError(
                f"{count} bytes announced where {len(self._data) - self._at} follow"
            )
        taken = self._data[self._at : end]
        self._at = end
        return taken


def frame(kind: Type, number: int, *parts: bytes, follows: int = 0) -> bytes:
    """Make a packet of a request.

    Args:
        kind: The request.
        number: Its id.
        parts: Its fields.
        follows: Bytes of it that are sent behind this.
    """
    return _HEAD.pack(5 + sum(map(len, parts)) + follows, kind, number) + b"".join(parts)


def text(data: bytes) -> bytes:
    """Encode a string: its length, then itself."""
    return _U32.pack(len(data)) + data


def u32(number: int) -> bytes:
    """Encode 32 bits."""
    return _U32.pack(number)


def u64(number: int) -> bytes:
    """Encode 64 bits."""
    return _U64.pack(number)


def attributes_body(
    *,
    size: int | None = None,
    uid: int | None = None,
    gid: int | None = None,
    mode: int | None = None,
    accessed: int | None = None,
    modified: int | None = None,
) -> bytes:
    """Encode attributes to be set. Owner and group go together, and so do the times.

    Args:
        size: Bytes.
        uid: Owner.
        gid: Group.
        mode: Permission bits.
        accessed: Seconds since 1970.
        modified: Seconds since 1970.
    """
    flags = Attr(0)
    parts: list[bytes] = []
    if size is not None:
        flags |= Attr.SIZE
        parts.append(_U64.pack(size))
    if uid is not None and gid is not None:
        flags |= Attr.OWNER
        parts.append(struct.pack(">II", uid, gid))
    if mode is not None:
        flags |= Attr.PERMISSIONS
        parts.append(_U32.pack(mode))
    if accessed is not None and modified is not None:
        flags |= Attr.TIMES
        parts.append(struct.pack(">II", accessed, modified))
    return _U32.pack(flags) + b"".join(parts)


def parse_attributes(body: Body) -> FileAttributes:
    """Read attributes.

    Raises:
        MalformedPacketError: They end too early.
    """
    flags = body.u32()
    if flags == _USUAL:
        return _usual_attributes(body)
    size = body.u64() if flags & Attr.SIZE else None
    uid, gid = (body.u32(), body.u32()) if flags & Attr.OWNER else (None, None)
    mode = body.u32() if flags & Attr.PERMISSIONS else None
    accessed, modified = (body.u32(), body.u32()) if flags & Attr.TIMES else (None, None)
    if flags & Attr.EXTENDED:
        for _ in range(body.u32()):
            body.string()
            body.string()
    return FileAttributes(
        kind=FileKind.UNKNOWN if mode is None else FileKind.from_mode(mode & 0xFFFF),
        size=size,
        mode=None if mode is None else mode & 0o7777,
        uid=uid,
        gid=gid,
        modified=None if modified is None else time_from_epoch(modified),
        accessed=None if accessed is None else time_from_epoch(accessed),
    )


def _usual_attributes(body: Body) -> FileAttributes:
    """Read all in one go: long lists are made of these."""
    size, uid, gid, mode, accessed, modified = body.fields(_USUAL_FIELDS)
    return FileAttributes(
        kind=FileKind.from_mode(mode & 0xFFFF),
        size=size,
        mode=mode & 0o7777,
        uid=uid,
        gid=gid,
        modified=time_from_epoch(modified),
        accessed=time_from_epoch(accessed),
    )


def parse_free_space(data: bytes) -> int:
    """Read the reply to ``statvfs@openssh.com``: eleven uint64, as of ``statvfs(3)``.

    Returns:
        Bytes that users without special rights may still write.

    Raises:
        MalformedPacketError: It ends too early.
    """
    body = Body(data)
    _block, fragment, _blocks, _free, available = (body.u64() for _ in range(5))
    return fragment * available


def parse_names(data: bytes) -> list[NameItem]:
    """Read a NAME reply. The long name in it is for people and is passed over.

    Raises:
        MalformedPacketError: It ends too early.
    """
    body = Body(data)
    names: list[NameItem] = []
    for _ in range(body.u32()):
        name = body.string()
        body.string()
        names.append(NameItem(path_text(name), parse_attributes(body)))
    return names


def parse_status(data: bytes) -> StatusReply:
    """Read a STATUS reply; some servers leave the words away.

    Raises:
        MalformedPacketError: It has no code.
    """
    body = Body(data)
    code = body.u32()
    message = b"" if body.is_at_end else body.string()
    return StatusReply(code, message.decode("utf-8", "replace"))


def parse_version(data: bytes) -> tuple[int, Mapping[str, str]]:
    """Read a VERSION reply.

    Returns:
        The version and the extensions with their versions.

    Raises:
        MalformedPacketError: It ends too early.
    """
    body = Body(data)
    version = body.u32()
    extensions: dict[str, str] = {}
    while not body.is_at_end:
        name = body.string().decode("utf-8", "replace")
        extensions[name] = body.string().decode("utf-8", "replace")
    return version, extensions
