"""What the host's terminal sends, into keys."""

import os
import select
import threading
import time
from queue import Empty, Queue

import pytest
from textual import events
from textual.message import Message

from lxdtui.terminal import Modes, encode_key
from lxdtui.ui.host import output as host_output
from lxdtui.ui.host.driver import KeyParser, ShellDriver
from lxdtui.ui.host.output import HostOutput

LEGACY = [
    ("\x1bb", "alt+b", b"\x1bb"),
    ("\x1bf", "alt+f", b"\x1bf"),
    ("\x1b.", "alt+full_stop", b"\x1b."),
    ("\x1b1", "alt+1", b"\x1b1"),
    ("\x1b\r", "alt+enter", b"\x1b\r"),
    ("\x1b\t", "alt+tab", b"\x1b\t"),
    ("\x1b\x7f", "alt+backspace", b"\x1b\x7f"),
    ("\x1b\x01", "alt+ctrl+a", b"\x1b\x01"),
    ("\x1bB", "alt+shift+b", b"\x1bB"),
    ("\x1b[A", "up", b"\x1b[A"),
    ("\x1b[1;5D", "ctrl+left", b"\x1b[1;5D"),
    ("\x1bOP", "f1", b"\x1bOP"),
    ("\x1b[15;2~", "shift+f5", b"\x1b[15;2~"),
    ("\x1d", "ctrl+right_square_bracket", b"\x1d"),
    ("\x1b[93;5u", "ctrl+right_square_bracket", b"\x1d"),
    ("\x1b[46;3u", "alt+full_stop", b"\x1b."),
    ("ä", "ä", "ä".encode()),
]


@pytest.mark.parametrize(("sent", "key", "expected"), LEGACY)
def test_keys_of_the_host_come_out_of_the_terminal_as_they_went_in(
    sent: str, key: str, expected: bytes
) -> None:
    [event] = [one for one in KeyParser().feed(sent) if isinstance(one, events.Key)]
    assert event.key == key
    assert encode_key(event.key, character=event.character, modes=Modes()) == expected
    assert event.is_printable is (key == "ä")


def test_keys_with_alt_come_out_whatever_letter_they_have() -> None:
    for code in (*range(0x20, 0x7F), *map(ord, "äßé€日")):
        sent = f"\x1b{chr(code)}"
        if chr(code) in "[O]NP^_X":
            # Something else begins with these.
            continue
        [event] = [one for one in KeyParser().feed(sent) if isinstance(one, events.Key)]
        assert not event.is_printable
        encoded = encode_key(event.key, character=event.character, modes=Modes())
        assert encoded == sent.encode(), event.key


PASTED = "one\x1b[31m\x1btwo\nrm -rf\n\x1b]0;x\x07 \x1b[A end"


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_pasted_text_is_one_message_whatever_is_in_it_and_wherever_it_is_cut(cut: int) -> None:
    sent = f"a\x1b[200~{PASTED}\x1b[201~b"
    parser = KeyParser()
    # The mark of the beginning is sent in one piece by every host.
    pieces = [sent[: cut + 7], sent[cut + 7 : -3], sent[-3:]]
    messages = [message for piece in pieces for message in parser.feed(piece)]
    first, paste, last = messages
    assert isinstance(first, events.Key)
    assert isinstance(paste, events.Paste)
    assert isinstance(last, events.Key)
    assert (first.key, paste.text, last.key) == ("a", PASTED, "b")


class PipeDriver(ShellDriver):
    """The driver on a pipe, without an app and without a terminal."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        self.exit_event = threading.Event()
        self.arrived: Queue[tuple[str, float]] = Queue()

    def leave(self) -> None:
        self.arrived.put(("gone", time.monotonic()))

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key):
            self.arrived.put((message.key, time.monotonic()))


def test_a_lone_escape_does_not_wait_and_bad_bytes_do_not_end_the_keyboard() -> None:
    reader, writer = os.pipe()
    driver = PipeDriver(reader)
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    try:
        waits = []
        for _ in range(5):
            began = time.monotonic()
            os.write(writer, b"\x1b")
            key, at = driver.arrived.get(timeout=5)
            assert key == "escape"
            waits.append(at - began)
        assert min(waits) < 0.09
        os.write(writer, b"\xff\xfe")
        os.write(writer, b"x")
        keys = [driver.arrived.get(timeout=5)[0] for _ in range(3)]
        assert keys[-1] == "x"
        with pytest.raises(Empty):
            driver.arrived.get_nowait()
    finally:
        driver.exit_event.set()
        os.close(writer)
        thread.join(timeout=5)
        os.close(reader)
    assert not thread.is_alive()


def test_a_keyboard_that_is_gone_ends_the_app() -> None:
    reader, writer = os.pipe()
    driver = PipeDriver(reader)
    thread = threading.Thread(target=driver.run_input_thread)
    thread.start()
    os.close(writer)
    assert driver.arrived.get(timeout=5)[0] == "gone"
    thread.join(timeout=5)
    os.close(reader)
    assert not thread.is_alive()


def test_what_is_drawn_after_the_terminal_went_goes_nowhere() -> None:
    reader, writer = os.pipe()
    told: list[str] = []
    output = HostOutput(writer, "latin-1", on_gone=lambda: told.append("gone"))
    output.write("n\xe4her \u203a \u25cf")
    assert os.read(reader, 100) == b"n\xe4her ? ?"
    assert told == []
    os.close(reader)
    for _ in range(3):
        output.write("more")
    os.close(writer)
    assert told == ["gone"]


def test_a_terminal_that_takes_little_at_a_time_gets_all_of_it() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    text = "0123456789" * 50_000
    output = HostOutput(writer, "utf-8", on_gone=lambda: None)
    thread = threading.Thread(target=output.write, args=(text,))
    thread.start()
    got = bytearray()
    while len(got) < len(text):
        got += os.read(reader, 1000)
    thread.join(timeout=5)
    assert got == text.encode()
    os.close(reader)
    os.close(writer)


def test_a_terminal_that_takes_nothing_is_given_up_when_the_program_leaves_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(host_output, "PATIENCE_SECONDS", 0.01)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    told: list[str] = []
    output = HostOutput(writer, "utf-8", on_gone=lambda: told.append("gone"))
    thread = threading.Thread(target=output.write, args=("0123456789" * 50_000,))
    thread.start()
    assert len(os.read(reader, 5_000)) == 5_000
    assert thread.is_alive()
    output.is_leaving = True
    thread.join(timeout=20)
    assert not thread.is_alive()
    # What is written now would fit, but nobody knows in the middle of what.
    while select.select([reader], [], [], 0)[0]:
        os.read(reader, 1 << 16)
    output.write("more")
    assert not select.select([reader], [], [], 0)[0]
    assert told == []
    os.close(reader)
    os.close(writer)
