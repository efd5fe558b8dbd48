"""Bytes between a channel and an emulator, whoever looks at them.

The pump reads no faster than it parses, and rests for a moment whenever it has
caught up, so that what comes piece by piece is taken at once; a program whose
output waits is slowed by the server, as by every terminal. It parses in slices
that are short enough for keys and frames to come between them, and sends what
is typed at once, also in the middle of a flood of output. It knows nothing of
widgets: it goes on while the screen shows something else.
"""

import asyncio
import time
from collections.abc import Callable

from lxdtui.errors import LxdTuiError
from lxdtui.terminal import Channel, Emulator, Update

__all__ = ["TerminalPump"]

SLICE_SECONDS = 0.003
"""Time of one slice of parsing; below 1 ms the overhead shows."""

_TURNS = 8
"""Turns of the event loop after a slice while more waits to be parsed. A key and
the frame that answers it need a dozen of them, each of which would otherwise
take as long as a slice."""

REST_SECONDS = 0.004
"""How long nothing is read once all is parsed. What comes meanwhile is taken at
once after it: a program that writes three bytes at a time, as `yes` does, would
cost a turn of the event loop for each of them."""

_MIN_SLICE = 2 * 1024
_MAX_SLICE = 64 * 1024
_MAX_WAITING = 128 * 1024
_MAX_TYPED = 1024 * 1024
_MAX_REPLIES = 64 * 1024
_SEND_PIECE = 32 * 1024
_END_OF_SYNCHRONIZED = b"\x1b[?2026l"


class TerminalPump:
    """Moves bytes between one channel and one emulator until the program ends.

    Args:
        emulator: The emulator that the output is fed to.
        on_update: Called after each slice that was fed.
        on_received: Called with each piece of output, as soon as it is there.
        parsing: Held during a slice and the turns after it; shared by the pumps
            that take turns.
    """

    def __init__(
        self,
        emulator: Emulator,
        *,
        on_update: Callable[[Update], None],
        on_received: Callable[[bytes], None] | None = None,
        parsing: asyncio.Lock | None = None,
    ) -> None:
        self.error: LxdTuiError | None = None
        """Why the channel broke, if it did."""
        self._emulator = emulator
        self._on_update = on_update
        self._on_received = on_received
        self._parsing = parsing or asyncio.Lock()
        self._waiting = bytearray()
        self._has_ended = False
        self._arrived = asyncio.Event()
        self._has_room = asyncio.Event()
        self._is_rested = asyncio.Event()
        self._is_rested.set()
        self._typed = bytearray()
        self._size: tuple[int, int] | None = None
        self._to_send = asyncio.Event()
        self._slice = float(_MAX_SLICE)

    async def run(self, channel: Channel) -> None:
        """Pump until the channel ends or breaks; then everything read is fed.

        Args:
            channel: The channel; it is not closed here.
        """
        async with asyncio.TaskGroup() as tasks:
            sender = tasks.create_task(self._send_all(channel))
            tasks.create_task(self._receive_all(channel))
            await self._feed_all()
            sender.cancel()

    def send(self, data: bytes) -> bool:
        """Queue what is typed; it goes out at the next turn of the event loop.

        Returns:
            False if so much is waiting that this was refused as a whole.
        """
        if len(self._typed) + len(data) > _MAX_TYPED:
            return False
        self._typed += data
        self._to_send.set()
        # Whoever types waits for an answer.
        self._is_rested.set()
        return True

    def resize(self, columns: int, rows: int) -> None:
        """Tell the channel a new size; only the last one of a burst goes out."""
        self._size = (columns, rows)
        self._to_send.set()

    async def _receive_all(self, channel: Channel) -> None:
        try:
            while data := await channel.receive():
                if self._on_received is not None:
                    self._on_received(data)
                self._waiting += data
                await self._is_rested.wait()
                self._arrived.set()
                while len(self._waiting) >= _MAX_WAITING:
                    self._has_room.clear()
                    await self._has_room.wait()
        except LxdTuiError as error:
            self.error = error
        finally:
            self._has_ended = True
            self._arrived.set()

    async def _feed_all(self) -> None:
        while True:
            if not self._waiting:
                if self._has_ended:
                    return
                self._arrived.clear()
                await self._arrived.wait()
                continue
            async with self._parsing:
                update = self._feed_slice()
                for _ in range(_TURNS if self._waiting else 1):
                    await asyncio.sleep(0)
            if not self._waiting and not update.replies:
                self._rest()

    def _feed_slice(self) -> Update:
        data = self._take()
        self._has_room.set()
        began = time.perf_counter()
        update = self._emulator.feed(data)
        self._learn_speed(len(data), time.perf_counter() - began)
        # Replies to a program that asks without reading the answers are dropped.
        if update.replies and len(self._typed) < _MAX_REPLIES:
            self.send(update.replies)
        self._on_update(update)
        return update

    def _rest(self) -> None:
        """Let output gather for a while; where none comes this costs nothing more."""
        self._is_rested.clear()
        asyncio.get_running_loop().call_later(REST_SECONDS, self._is_rested.set)

    def _take(self) -> bytes:
        """Take the next slice.

        A slice ends with the last finished frame of a program that marks its
        frames (mode 2026), so that there is a moment at which it can be shown.
        """
        waiting = self._waiting
        size = min(int(self._slice), len(waiting))
        mark = waiting.rfind(_END_OF_SYNCHRONIZED, 0, size)
        if mark >= 0:
            size = mark + len(_END_OF_SYNCHRONIZED)
        data = bytes(waiting[:size])
        del waiting[:size]
        return data

    def _learn_speed(self, size: int, seconds: float) -> None:
        if size < _MIN_SLICE:
            return
        wanted = size / max(seconds, 1e-6) * SLICE_SECONDS
        self._slice += (wanted - self._slice) * 0.3
        self._slice = min(max(self._slice, _MIN_SLICE), _MAX_SLICE)

    async def _send_all(self, channel: Channel) -> None:
        try:
            while True:
                if self._size is not None:
                    size, self._size = self._size, None
                    await channel.resize(*size)
                elif self._typed:
                    data = bytes(self._typed[:_SEND_PIECE])
                    del self._typed[:_SEND_PIECE]
                    await channel.send(data)
                else:
                    self._to_send.clear()
                    await self._to_send.wait()
        except LxdTuiError as error:
            # The receiving side ends as well, and says more about why.
            self.error = self.error or error
