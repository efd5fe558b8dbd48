"""Reading of one large file over SFTP in a thread: many requests under way, in order."""

import struct
import time
from collections import deque
from collections.abc import Callable

from lxdtui.api.sftp.packets import (
    LONGEST_PACKET,
    PIECE,
    OpenFlag,
    Packet,
    StatusCode,
    Type,
    frame,
    text,
    u32,
    u64,
)
from lxdtui.api.sftp.replies import status_of, wrong_answer
from lxdtui.api.sftp.straight import StraightLink

__all__ = ["LargeReading"]

_UNDER_WAY = 64
"""READs under way."""
_BUFFER = LONGEST_PACKET + (1 << 18)
_REST = 0.05
"""Seconds between two looks whether a pause is over."""
_DATA_HEAD = struct.Struct(">IBII")


class LargeReading:
    """What one thread does.

    Args:
        link: An SFTP connection for it alone.
        tried: What is tried, in words.
        write: Called with each piece in order; the piece is not to be kept.
        offset: First byte.
        size: Where the part ends.
        may_go: While it says no, nothing is asked for.
    """

    def __init__(
        self,
        link: StraightLink,
        tried: str,
        write: Callable[[memoryview], None],
        *,
        offset: int,
        size: int,
        may_go: Callable[[], bool],
    ) -> None:
        self._link = link
        self._tried = tried
        self._write = write
        self._offset = offset
        self._size = size
        self._may_go = may_go
        self._number = 0
        self._asked: deque[tuple[int, int]] = deque()
        """Number and length of each request that is not answered, in order."""
        self._early: dict[int, bytes] = {}
        """Pieces whose turn has not come, as replies may come in any order."""
        self._is_over = False
        self.reached = offset
        """How many bytes were written."""

    def run(self, path: str, told: Callable[[int], None]) -> None:
        """Read it, to the end of the part or of the file.

        Args:
            path: The file of the instance.
            told: Told how many bytes were written.

        Raises:
            OSError: The link broke.
            ApiError: The server refused.
        """
        link = self._link
        handle = text(link.open_file(path, OpenFlag.READ))
        buffer = bytearray(_BUFFER)
        view = memoryview(buffer)
        filled = 0
        while self.reached < self._size and not self._is_over:
            link.refuse_if_stopped()
            # Many requests go out together: each sending costs as much as it moves.
            if len(self._asked) <= _UNDER_WAY // 2 and self._offset < self._size and self._may_go():
                link.send(self._requests(handle))
            if not self._asked:
                time.sleep(_REST)
                continue
            received = link.wire.recv_into(view[filled:])
            if not received:
                raise link.ended()
            filled += received
            taken = self._take_all(view[:filled])
            view[: filled - taken] = view[taken:filled]
            filled -= taken
            told(self.reached)

    def _requests(self, handle: bytes) -> bytes:
        packets: list[bytes] = []
        while len(self._asked) < _UNDER_WAY and self._offset < self._size:
            count = min(PIECE, self._size - self._offset)
            self._number += 1
            packets.append(frame(Type.READ, self._number, handle, u64(self._offset), u32(count)))
            self._asked.append((self._number, count))
            self._offset += count
        return b"".join(packets)

    def _take_all(self, received: memoryview) -> int:
        """Take the packets that are whole; return how many bytes they had."""
        at = 0
        end = len(received)
        while end - at >= _DATA_HEAD.size and not self._is_over:
            length, kind, number, count = _DATA_HEAD.unpack_from(received, at)
            if length > LONGEST_PACKET or length < _DATA_HEAD.size - 4:
                raise wrong_answer(self._tried, f"a packet of {length} bytes")
            if end - at < 4 + length:
                break
            body = received[at + 9 : at + 4 + length]
            if kind == Type.DATA and count == len(body) - 4:
                self._take(number, body[4:])
            else:
                self._take_other(Packet(kind, number, bytes(body)))
            at += 4 + length
        return at

    def _take(self, number: int, data: memoryview) -> None:
        if not self._asked or number != self._asked[0][0]:
            if all(number != asked for asked, _ in self._asked):
                raise wrong_answer(self._tried, f"an answer to the request {number}")
            self._early[number] = bytes(data)
            return
        self._put(data)
        while self._asked and not self._is_over:
            early = self._early.pop(self._asked[0][0], None)
            if early is None:
                return
            self._put(memoryview(early))

    def _put(self, data: memoryview) -> None:
        """Write the piece whose turn it is."""
        _, count = self._asked.popleft()
        if not 0 < len(data) <= count:
            raise wrong_answer(self._tried, f"{len(data)} bytes where {count} were asked for")
        self._write(data)
        self.reached += len(data)
        # Behind a piece that is too short there is a hole: the file became shorter.
        self._is_over = len(data) < count

    def _take_other(self, packet: Packet) -> None:
        if packet.type != Type.STATUS or status_of(packet, self._tried) is not StatusCode.EOF:
            raise wrong_answer(self._tried, f"packet {packet.type} to a request for data")
        # What comes before it is not waited for: whoever goes on reads it again.
        self._is_over = True
