"""Writing of one large file over SFTP in a thread: long packets, some of them under way."""

import time
from collections.abc import Callable

from lxdtui.api.sftp.packets import OpenFlag, Packet, StatusCode, Type, frame, text, u32, u64
from lxdtui.api.sftp.replies import status_of, wrong_answer
from lxdtui.api.sftp.straight import StraightLink

__all__ = ["LargeWriting"]

_PIECE = 248 * 1024
"""Bytes of one WRITE: the servers take packets of 256 KiB, the names of things included."""
_UNDER_WAY = 8
"""WRITEs under way. More do not help, and let the server's workers wait for each other."""
_REST = 0.05
"""Seconds between two looks whether a pause is over."""


class LargeWriting:
    """What one thread does.

    Args:
        link: An SFTP connection for it alone.
        tried: What is tried, in words.
        descriptor: The file of this computer.
        offset: First byte.
        size: Where the part ends.
        may_go: While it says no, nothing is sent.
    """

    def __init__(
        self,
        link: StraightLink,
        tried: str,
        descriptor: int,
        *,
        offset: int,
        size: int,
        may_go: Callable[[], bool],
    ) -> None:
        self._link = link
        self._tried = tried
        self._descriptor = descriptor
        self._offset = offset
        self._size = size
        self._may_go = may_go
        self._under_way: dict[int, int] = {}
        self.reached = offset
        """How many bytes the server has."""

    def run(self, path: str, told: Callable[[int], None]) -> None:
        """Write it.

        Args:
            path: The file of the instance, which exists.
            told: Told how many bytes the server has.

        Raises:
            OSError: The link broke.
            ApiError: The server refused.
            ShortFileError: The file of this computer is shorter.
        """
        link = self._link
        handle = link.open_file(path, OpenFlag.WRITE)
        number = 0
        while self.reached < self._size:
            link.refuse_if_stopped()
            is_let = self._may_go()
            while is_let and self._offset < self._size and len(self._under_way) < _UNDER_WAY:
                number += 1
                self._send(number, handle)
            if not self._under_way:
                time.sleep(_REST)
                continue
            self._take(link.receive())
            told(self.reached)
        link.close_file(handle)

    def _send(self, number: int, handle: bytes) -> None:
        count = min(_PIECE, self._size - self._offset)
        head = frame(Type.WRITE, number, text(handle), u64(self._offset), u32(count), follows=count)
        self._link.send_part(head, self._descriptor, self._offset, count)
        self._under_way[number] = count
        self._offset += count

    def _take(self, packet: Packet) -> None:
        count = self._under_way.pop(packet.id, None)
        if count is None or packet.type != Type.STATUS:
            raise wrong_answer(self._tried, f"packet {packet.type} to the request {packet.id}")
        if status_of(packet, self._tried) is not StatusCode.OK:
            raise wrong_answer(self._tried, "the end of the file where it was written")
        self.reached += count
