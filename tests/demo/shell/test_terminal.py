"""The line discipline."""

import asyncio

import pytest

from lxdtui.demo.shell.terminal import INPUT_LIMIT, Terminal


class Output:
    def __init__(self) -> None:
        self.data = b""

    async def send(self, data: bytes) -> None:
        self.data += data


@pytest.fixture
def output() -> Output:
    return Output()


@pytest.fixture
def terminal(output: Output) -> Terminal:
    return Terminal(output.send, columns=80, rows=24)


async def test_lines_are_echoed_and_handed_over_whole(terminal: Terminal, output: Output) -> None:
    reading = asyncio.create_task(terminal.read())
    await terminal.feed(b"ab")
    assert not reading.done()
    await terminal.feed(b"\x7fc\r")
    assert await reading == b"ac\n"
    assert output.data == b"ab\b \bc\r\n"


async def test_erasing_takes_whole_characters(terminal: Terminal) -> None:
    await terminal.feed("aé\x7f\x7f\x7fb\r".encode())
    assert await terminal.read() == b"b\n"


async def test_end_of_input(terminal: Terminal) -> None:
    await terminal.feed(b"line\rrest\x04\x04")
    assert await terminal.read() == b"line\nrest"
    assert await terminal.read() == b""
    await terminal.feed(b"more\r")
    assert await terminal.read() == b"more\n"


async def test_interrupt_drops_the_line(terminal: Terminal, output: Output) -> None:
    interrupts: list[int] = []
    terminal.on_interrupt = lambda: interrupts.append(1)
    await terminal.feed(b"abc\x03d\r")
    assert interrupts == [1]
    assert await terminal.read() == b"d\n"
    assert output.data == b"abc^Cd\r\n"


async def test_raw_bytes_pass_untouched(terminal: Terminal, output: Output) -> None:
    terminal.set_raw(True)
    await terminal.feed(b"\x03\x04\r\x7f")
    assert await terminal.read() == b"\x03\x04\r\x7f"
    assert output.data == b""


async def test_what_was_typed_ahead_changes_its_meaning_with_the_mode(terminal: Terminal) -> None:
    terminal.set_raw(True)
    await terminal.feed(b"line\rpart")
    terminal.set_raw(False)
    assert await terminal.read() == b"line\n"
    terminal.set_raw(True)
    assert await terminal.read() == b"part"


async def test_too_much_input_makes_the_sender_wait(terminal: Terminal) -> None:
    terminal.set_raw(True)
    await terminal.feed(b"x" * INPUT_LIMIT)
    sending = asyncio.create_task(terminal.feed(b"y"))
    await asyncio.sleep(0)
    assert not sending.done()
    assert len(await terminal.read()) == INPUT_LIMIT
    await sending
    assert await terminal.read() == b"y"


async def test_newlines_are_completed_on_output(terminal: Terminal, output: Output) -> None:
    await terminal.write(b"a\nb\n")
    await terminal.write_raw(b"c\n")
    assert output.data == b"a\r\nb\r\nc\n"
