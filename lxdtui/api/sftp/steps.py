"""Many small works over one blocking SFTP connection, their steps side by side.

A small work, such as to write one file, is a generator: it yields the requests
of its next step and is sent their replies. While one waits, others go on, and
what all of them have to say goes out together.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from lxdtui.api.sftp.packets import Packet, Type, frame
from lxdtui.api.sftp.replies import wrong_answer
from lxdtui.api.sftp.straight import StraightLink
from lxdtui.errors import ConnectionFailed, LxdTuiError, UnexpectedResponse

__all__ = ["Request", "SideBySide", "Steps"]

Request = tuple[Type, bytes]
"""Kind and encoded fields of a request."""

Steps = Generator[list[Request], list[Packet], None]
"""A small work."""

_AT_ONCE = 16
"""Works side by side; each has few requests under way, so that the servers stand it."""
_REST = 0.05
"""Seconds between two looks whether a pause is over."""


@dataclass(slots=True, eq=False)
class _Work:
    number: int
    steps: Steps
    replies: dict[int, Packet | None] = field(default_factory=dict)
    """By request, in order; ``None`` where it is not answered."""
    missing: int = 0


class SideBySide:
    """Does small works. For a thread.

    Args:
        link: An open connection for it alone.
        tried: What is tried, in words.
        may_go: While it says no, no further work is begun.
        done: Told the number of each work that came to its end without a failure.
    """

    def __init__(
        self,
        link: StraightLink,
        tried: str,
        *,
        may_go: Callable[[], bool],
        done: Callable[[int], None],
    ) -> None:
        self._link = link
        self._tried = tried
        self._may_go = may_go
        self._done = done
        self._next_id = 0
        self._works = 0
        self._waiting: dict[int, _Work] = {}
        self._outgoing: list[bytes] = []
        self._is_ending = threading.Event()

    def end(self) -> None:
        """Begin nothing more, and end with what is under way; from any thread."""
        self._is_ending.set()

    def run(self, works: Iterator[Steps]) -> None:
        """Do all of them; what fails with an answer of the server ends by itself.

        Args:
            works: Begun in order, numbered from 0.

        Raises:
            OSError: The link broke.
            ConnectionFailed: Likewise.
            UnexpectedResponse: What came is no SFTP.
        """
        begun = 0
        is_empty = False
        while True:
            self._link.refuse_if_stopped()
            is_empty = is_empty or self._is_ending.is_set()
            while not is_empty and self._works < _AT_ONCE and self._may_go():
                steps = next(works, None)
                if steps is None:
                    is_empty = True
                    break
                self._works += 1
                self._go_on(_Work(begun, steps), None)
                begun += 1
            if self._outgoing:
                self._link.send(b"".join(self._outgoing))
                self._outgoing.clear()
            if self._waiting:
                for packet in self._link.receive_all():
                    self._take(packet)
            elif is_empty:
                return
            elif not self._works:
                time.sleep(_REST)

    def _take(self, packet: Packet) -> None:
        work = self._waiting.pop(packet.id, None)
        if work is None:
            raise wrong_answer(self._tried, f"an answer to the request {packet.id}")
        work.replies[packet.id] = packet
        work.missing -= 1
        if not work.missing:
            replies = [reply for reply in work.replies.values() if reply is not None]
            self._go_on(work, replies)

    def _go_on(self, work: _Work, replies: list[Packet] | None) -> None:
        """Let a work make its next step."""
        try:
            requests = next(work.steps) if replies is None else work.steps.send(replies)
        except StopIteration:
            self._works -= 1
            self._done(work.number)
            return
        except (ConnectionFailed, UnexpectedResponse):
            raise
        except LxdTuiError:
            # Whoever wants to know why tries it alone.
            self._works -= 1
            return
        work.replies = {}
        work.missing = len(requests)
        for kind, fields in requests:
            self._next_id += 1
            work.replies[self._next_id] = None
            self._waiting[self._next_id] = work
            self._outgoing.append(frame(kind, self._next_id, fields))
