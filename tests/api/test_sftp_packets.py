"""Packets of SFTP: bytes to values and back, whatever the bytes are."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api.sftp.packets import (
    LONGEST_PACKET,
    Body,
    Framer,
    MalformedPacketError,
    Packet,
    Type,
    attributes_body,
    frame,
    parse_attributes,
    parse_names,
    parse_status,
    parse_version,
    text,
    u32,
)
from lxdtui.model.files import FileAttributes, FileKind, path_bytes

U32 = st.integers(0, 2**32 - 1)
U64 = st.integers(0, 2**64 - 1)
REPLY = st.sampled_from([Type.STATUS, Type.HANDLE, Type.DATA, Type.NAME, Type.ATTRS, 250])

# As LXD 5.0.2 and Incus 6.0.4 sent it.
VERSION = bytes.fromhex(
    "0000005f020000000300000014686172646c696e6b406f70656e7373682e636f6d000000013100000018706f73"
    "69782d72656e616d65406f70656e7373682e636f6d00000001310000001373746174766673406f70656e737368"
    "2e636f6d0000000132"
)


def packets_of(data: bytes) -> list[Packet]:
    return list(Framer().feed(data))


def test_version_of_real_servers() -> None:
    [packet] = packets_of(VERSION)
    assert (packet.type, packet.id) == (Type.VERSION, 0)
    version, extensions = parse_version(packet.body)
    assert version == 3
    assert extensions == {
        "hardlink@openssh.com": "1",
        "posix-rename@openssh.com": "1",
        "statvfs@openssh.com": "2",
    }


def test_init_is_what_real_servers_were_asked_with() -> None:
    assert frame(Type.INIT, 3).hex() == "000000050100000003"


@given(st.lists(st.tuples(REPLY, U32, st.binary(max_size=300)), max_size=8), st.data())
def test_packets_survive_any_cuts(
    packets: list[tuple[int, int, bytes]], data: st.DataObject
) -> None:
    stream = b"".join(
        struct.pack(">IBI", 5 + len(body), kind, number) + body for kind, number, body in packets
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    framer = Framer()
    received = [
        packet
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for packet in framer.feed(stream[start:end])
    ]
    assert received == [Packet(*packet) for packet in packets]


@given(U64, U32, U32, st.integers(0, 0o7777), U32, U32)
def test_attributes_survive_a_round_trip(
    size: int, uid: int, gid: int, mode: int, accessed: int, modified: int
) -> None:
    data = attributes_body(
        size=size, uid=uid, gid=gid, mode=mode | 0o100000, accessed=accessed, modified=modified
    )
    body = Body(data)
    assert parse_attributes(body) == FileAttributes(
        kind=FileKind.FILE,
        size=size,
        mode=mode,
        uid=uid,
        gid=gid,
        accessed=datetime.fromtimestamp(accessed, UTC),
        modified=datetime.fromtimestamp(modified, UTC),
    )
    assert body.is_at_end


def test_attributes_that_are_not_told_are_unknown() -> None:
    assert parse_attributes(Body(u32(0))) == FileAttributes()


def test_extended_attributes_are_passed_over() -> None:
    body = Body(u32(0x80000000) + u32(2) + text(b"a") * 4 + b"rest")
    assert parse_attributes(body) == FileAttributes()
    assert not body.is_at_end


@given(st.lists(st.binary(max_size=255), max_size=20), st.binary(max_size=80))
def test_names_keep_their_bytes(names: list[bytes], long_name: bytes) -> None:
    data = u32(len(names)) + b"".join(text(name) + text(long_name) + u32(0) for name in names)
    assert [path_bytes(item.name) for item in parse_names(data)] == names


@pytest.mark.parametrize("mode", [0, 0o010644, 0o070644, 0xFFFFFFFF])
def test_strange_types_are_unknown_or_known(mode: int) -> None:
    found = parse_attributes(Body(attributes_body(mode=mode)))
    assert found.kind is (FileKind.FIFO if mode == 0o010644 else FileKind.UNKNOWN)


@given(st.binary(max_size=2000))
def test_anything_is_parsed_or_refused(data: bytes) -> None:
    for parse in (parse_names, parse_status, parse_version, lambda d: parse_attributes(Body(d))):
        try:
            parse(data)
        except MalformedPacketError:
            continue


@given(st.binary(max_size=2000), st.integers(1, 64))
def test_any_stream_is_cut_or_refused(data: bytes, step: int) -> None:
    framer = Framer()
    total = 0
    try:
        for start in range(0, len(data), step):
            for packet in framer.feed(data[start : start + step]):
                total += len(packet.body)
    except MalformedPacketError:
        pass
    assert total <= len(data)


@pytest.mark.parametrize("length", [0, 1, 4, LONGEST_PACKET + 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_impossible_lengths_are_refused_before_anything_comes(length: int) -> None:
    with pytest.raises(MalformedPacketError):
        packets_of(struct.pack(">I", length))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        u32(1),
        u32(0xFFFFFFFF),
        u32(1) + u32(0xFFFFFFFF) + b"x",
        u32(2) + text(b"a") + text(b"") + u32(0),
        u32(1) + text(b"a") + text(b"") + u32(0x80000000) + u32(0xFFFFFFFF),
    ],
)
def test_lists_that_promise_more_than_they_hold(data: bytes) -> None:
    with pytest.raises(MalformedPacketError):
        parse_names(data)


def test_status_without_words() -> None:
    assert parse_status(u32(4)).message == ""
    assert parse_status(u32(4) + text(b"a\xffb") + text(b"en")).message == "a�b"
    with pytest.raises(MalformedPacketError):
        parse_status(b"\0\0")
