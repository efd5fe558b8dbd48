"""The line discipline of the demo's terminals: echo, line editing of the kernel, signals, size."""

import asyncio
from collections.abc import Awaitable, Callable

INPUT_LIMIT = 64 * 1024
"""Bytes of unread input after which the sender has to wait."""

_INTERRUPT, _END, _ERASE, _KILL_LINE, _BACKSPACE = 0x03, 0x04, 0x7F, 0x15, 0x08


class Terminal:
    """One terminal: what is typed comes in with ``feed``, what programs write goes to ``send``.

    In the raw mode bytes pass as they are. Otherwise lines are collected, echoed and handed over
    when they are complete, Ctrl-C interrupts and Ctrl-D ends the input, as the kernel does it.

    Args:
        send: Takes output, waits while the other side is slow.
        columns: Width.
        rows: Height.
    """

    def __init__(
        self, send: Callable[[bytes], Awaitable[None]], *, columns: int, rows: int
    ) -> None:
        self._send = send
        self._line = bytearray()
        self._input = bytearray()
        self._ended = False
        self._is_raw = False
        self._changed = asyncio.Condition()
        self.columns = columns
        self.rows = rows
        self.resized = asyncio.Event()
        """Set at each change of size; whoever waits clears it."""
        self.on_interrupt: Callable[[], None] | None = None
        """What Ctrl-C does in the line mode."""

    def set_raw(self, is_raw: bool) -> None:
        """Switch between raw and line mode; what was typed ahead is kept, and not echoed again."""
        if is_raw == self._is_raw:
            return
        self._is_raw = is_raw
        if is_raw:
            self._input += self._line
            self._line.clear()
            self._ended = False
        else:
            typed_ahead = bytes(self._input)
            self._input.clear()
            self._take_lines(typed_ahead)

    def resize(self, columns: int, rows: int) -> None:
        """Take another size."""
        self.columns, self.rows = columns, rows
        self.resized.set()

    async def feed(self, data: bytes) -> None:
        """Take what was typed; waits while too much is unread."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._input) < INPUT_LIMIT)
        echo = b""
        if self._is_raw:
            self._input += data
        else:
            echo = self._take_lines(data)
        if echo:
            await self._send(echo)
        async with self._changed:
            self._changed.notify_all()

    def _take_lines(self, data: bytes) -> bytes:
        """Apply the line discipline; returns what to echo."""
        echo = bytearray()
        for byte in data:
            if byte == _INTERRUPT:
                self._line.clear()
                echo += b"^C"
                if self.on_interrupt is not None:
                    self.on_interrupt()
            elif byte == _END:
                self._input += self._line
                self._ended = not self._line
                self._line.clear()
            elif byte in {_ERASE, _BACKSPACE}:
                echo += self._erase_character()
            elif byte == _KILL_LINE:
                while self._line:
                    echo += self._erase_character()
            elif byte in b"\r\n":
                self._input += self._line + b"\n"
                self._line.clear()
                echo += b"\r\n"
            elif len(self._line) < INPUT_LIMIT:
                self._line.append(byte)
                echo += (
                    bytes([0x5E, byte + 0x40]) if byte < 0x20 and byte != 0x09 else bytes([byte])
                )
        return bytes(echo)

    def _erase_character(self) -> bytes:
        if not self._line:
            return b""
        while self._line and 0x80 <= self._line[-1] < 0xC0:
            self._line.pop()
        self._line.pop()
        return b"\b \b"

    async def read(self) -> bytes:
        """Typed bytes: complete lines, or anything in the raw mode; empty at Ctrl-D."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._input or self._ended)
            data = bytes(self._input)
            self._input.clear()
            if not data:
                self._ended = False
            self._changed.notify_all()
        return data

    def push_back(self, data: bytes) -> None:
        """Return typed bytes that the reader does not want, in front of what is waiting."""
        self._input[:0] = data

    async def write(self, data: bytes) -> None:
        """Write text; newlines become carriage return and newline."""
        await self.write_raw(data.replace(b"\n", b"\r\n"))

    async def write_raw(self, data: bytes) -> None:
        """Write bytes as they are, and let others run."""
        await self._send(data)
        await asyncio.sleep(0)
