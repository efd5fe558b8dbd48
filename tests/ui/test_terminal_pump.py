"""Bytes between a channel and an emulator: in which portions, and in which order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lxdtui.terminal import Emulator, Update
from lxdtui.ui import terminal_pump
from lxdtui.ui.terminal_pump import TerminalPump
from tests.ui.shells import DEADLINE, FakeChannel

FOR_EVER = 3600.0


class Pumped:
    """A pump at work, and how often it has told of output."""

    def __init__(self, channel: FakeChannel) -> None:
        self.channel = channel
        self.emulator = Emulator(80, 24)
        self.updates: list[Update] = []
        self.pump = TerminalPump(self.emulator, on_update=self.updates.append)
        self.task = asyncio.create_task(self.pump.run(channel))

    @property
    def first_line(self) -> str:
        return self.emulator.row(0).text

    async def turns(self, count: int = 5) -> None:
        """Let the event loop go around."""
        for _ in range(count):
            await asyncio.sleep(0)

    async def until_the_end(self) -> None:
        """Let the program end, and all that it wrote be taken."""
        self.channel.end()
        async with asyncio.timeout(DEADLINE):
            await self.task


@asynccontextmanager
async def pumped(channel: FakeChannel) -> AsyncIterator[Pumped]:
    one = Pumped(channel)
    try:
        yield one
    finally:
        one.task.cancel()
        await asyncio.gather(one.task, return_exceptions=True)


async def test_the_first_output_is_shown_at_once_and_the_rest_gathers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_pump, "REST_SECONDS", FOR_EVER)
    async with pumped(FakeChannel()) as one:
        one.channel.write(b"a")
        await one.turns()
        assert one.first_line == "a"
        for _ in range(60):
            one.channel.write(b"y")
            await one.turns()
        assert one.first_line == "a"
        assert len(one.updates) == 1
        # A key is typed: whoever types sees what there is.
        one.pump.send(b"k")
        await one.turns()
        assert one.first_line == "a" + "y" * 60
        assert len(one.updates) == 2
        assert one.channel.sent == b"k"


async def test_no_more_than_one_piece_is_taken_from_the_channel_during_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_pump, "REST_SECONDS", FOR_EVER)
    async with pumped(FakeChannel()) as one:
        one.channel.write(b"a")
        await one.turns()
        for _ in range(20):
            one.channel.write(b"yyy")
        await one.turns()
        assert one.channel.received == 1 + 3


async def test_a_program_that_asks_the_terminal_is_answered_without_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal_pump, "REST_SECONDS", FOR_EVER)
    async with pumped(FakeChannel()) as one:
        for number in range(1, 4):
            one.channel.write(b"\x1b[6n")
            await one.turns()
            assert one.channel.sent == b"\x1b[1;1R" * number


async def test_a_rest_ends_by_itself_and_nothing_is_lost_or_out_of_order() -> None:
    async with pumped(FakeChannel()) as one:
        for letter in "abcdefghijklmnopqrstuvwxyz":
            one.channel.write(letter.encode())
            await one.turns()
        one.channel.write(b" and the end")
        await one.until_the_end()
        assert one.first_line == "abcdefghijklmnopqrstuvwxyz and the end"
