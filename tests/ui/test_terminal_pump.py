"""Bytes between a channel and an emulator: in which portions, and in which order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from lxdtui.terminal import Emulator, Update
from lxdtui.ui.state import terminal_pump
from lxdtui.ui.state.terminal_pump import TerminalPump
from tests.ui.shells import DEADLINE, FakeChannel, FloodChannel

FOR_EVER = 3600.0


class Pumped:
    """A pump at work, and how often it has told of output."""

    def __init__(self, channel: FakeChannel, parsing: asyncio.Lock | None = None) -> None:
        self.channel = channel
        self.emulator = Emulator(80, 24)
        self.updates: list[Update] = []
        self.pump = TerminalPump(self.emulator, on_update=self.updates.append, parsing=parsing)
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


class Turns:
    """Counts the turns of the event loop, as whatever else is to be done sees them."""

    def __init__(self) -> None:
        self.count = 0

    async def run(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)


async def test_between_two_slices_of_a_flood_others_have_turns() -> None:
    """A key takes some turns, and so does the frame that answers it."""
    turns = Turns()
    counting = asyncio.create_task(turns.run())
    slices: list[tuple[int, str]] = []
    parsing = asyncio.Lock()
    floods = {name: FloodChannel(2_000_000) for name in ("left", "right")}

    def pump_of(name: str) -> TerminalPump:
        def note(_update: Update) -> None:
            slices.append((turns.count, name))

        return TerminalPump(Emulator(80, 24), on_update=note, parsing=parsing)

    async with asyncio.TaskGroup() as tasks:
        for name, flood in floods.items():
            tasks.create_task(pump_of(name).run(flood))
            flood.end()
    counting.cancel()
    assert all(flood.received >= 2_000_000 for flood in floods.values())
    # The last slice of a pump leaves nothing behind that would have to wait.
    ends = {max(turn for turn, name in slices if name == one) for one in floods}
    gaps = [
        later - earlier
        for (earlier, _), (later, _) in pairwise(slices)
        if earlier not in ends and later not in ends
    ]
    assert len(gaps) > 40
    assert min(gaps) >= 8
    both = [name for turn, name in slices if turn <= min(ends)]
    assert abs(both.count("left") - both.count("right")) <= 2
