"""Random input for the terminal, made from a seed, and what must hold after each of it.

Run as `python -m tests.terminal.fuzz [--inputs N] [--seed S]`; a million inputs
take some minutes. The tests run a small part of it.
"""

import argparse
import random
import time
import unicodedata

from lxdtui.terminal import Emulator
from lxdtui.terminal.reports import MAX_REPLY

SLOWEST = 2.0
"""Seconds that one input may take; all are short, and the screens small."""

FORBIDDEN = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
INTRODUCERS = [
    "\x1b[",
    "\x1b[?",
    "\x1b[>",
    "\x1b]",
    "\x1bP",
    "\x1b",
    "\x1b(",
    "\x1b*",
    "\x1b#",
    "\x9b",
    "\x1b_",
    "\x1bP$q",
    "\x1bP+q",
    "\x1b]4;",
    "\x1b]10;",
    "\x1b]8;;https://",
    "\x1b]52;c;",
]
INTERMEDIATES = ["", "", "", "", "$", "'", '"', "*", " ", "!", "\n", "?"]
FINALS = [chr(code) for code in range(0x40, 0x7F)]
NUMBERS = ["", "0", "1", "2", "3", "4", "7", "9", "25", "1049", "65", "99999", "99999999999"]
MODES = [
    "4",
    "20",
    "?1",
    "?5",
    "?6",
    "?7",
    "?25",
    "?40",
    "?41",
    "?45",
    "?47",
    "?69",
    "?69",
    "?69",
    "?1045",
    "?1047",
    "?1048",
    "?1049",
    "?2026",
    "?2027",
    "?2027",
    "?2048",
]
TEXTS = [
    "text",
    "中文字",
    "e\u0301\u0302",
    "\u0301",
    "👩\u200d👩\u200d👧",
    "❤\ufe0f",
    "\u200d👧",
    "🇩🇪🇫",
    "🇷",
    "❤",
    "\ufe0f",
    "👍🏽",
    "🏽",
    "\u202e",
    "\U00100000",
    "ﷺ",
    "นี้",
    "a b 中 e\u0301 c",
]
CONTROLS = [chr(code) for code in range(0x20)] + ["\x7f", "\r\n", "\x1b\\", "\x85", "\x9c"]


def sequence(source: random.Random) -> str:
    """Return a control sequence, mostly one that means something."""
    numbers = ";".join(source.choice(NUMBERS) for _ in range(source.randint(0, 6)))
    if source.random() < 0.1:
        numbers = numbers.replace(";", ":")
    return (
        source.choice(INTRODUCERS)
        + numbers
        + source.choice(INTERMEDIATES)
        + source.choice(FINALS)
        + source.choice(["", "", "\x1b\\", "\x07"])
    )


def margins(source: random.Random) -> str:
    """Return sequences that set margins, switch a mode or touch a rectangle."""
    first, second, third, fourth = (source.randint(0, 14) for _ in range(4))
    return source.choice(
        [
            f"\x1b[?69h\x1b[{first};{second}s",
            f"\x1b[{first};{second}r",
            f"\x1b[{source.choice(MODES)}{source.choice('hl')}",
            f"\x1b[{first};{second}H",
            f"\x1b[{first};{second};{third};{fourth};{source.choice('0147')}${source.choice('rtz{')}",
            f"\x1b[{source.choice(['37', '230', '7'])};{first};{second};{third};{fourth}$x",
            f"\x1b[{first};{second};{third};{fourth};1;{second};{first};1$v",
            f"\x1b[{first}{source.choice(['@', 'P', 'L', 'M', 'S', 'T', 'X', 'b', 'D', 'C'])}",
            f"\x1b[{first}{source.choice(chr(39) + ' ')}{source.choice('}~@A')}",
            f'\x1b[{source.choice("012")}"q',
            f"\x1b{source.choice('69VWNOZMDE78')}",
        ]
    )


def piece(source: random.Random) -> bytes:
    """Return one input."""
    kind = source.random()
    if kind < 0.1:
        return source.randbytes(source.randint(1, 12))
    if kind < 0.3:
        return source.choice(TEXTS).encode()
    if kind < 0.4:
        return source.choice(CONTROLS).encode()
    if kind < 0.7:
        return margins(source).encode()
    return sequence(source).encode()


def assert_sound(emulator: Emulator) -> None:
    """Check what must hold whatever was fed."""
    assert emulator.faults == 0
    assert 0 <= emulator.cursor.x < emulator.columns
    assert 0 <= emulator.cursor.y < emulator.rows
    rows = emulator.visible()
    assert len(rows) == emulator.rows
    for row in [*rows, *emulator.history[-3:]]:
        runs = row.runs()
        assert sum(run.width for run in runs) <= emulator.columns
        for text in (row.text, *(run.text for run in runs)):
            assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text)
            assert FORBIDDEN.isdisjoint(text)


def run(inputs: int, seed: int) -> None:
    """Feed inputs to one terminal after another.

    Args:
        inputs: How many.
        seed: What all of it is made from; it stands in the message of a failure.
    """
    source = random.Random(seed)
    emulator = Emulator(20, 6, scrollback=50, allow_clipboard=True)
    for number in range(inputs):
        data = piece(source)
        started = time.process_time()
        update = emulator.feed(data)
        taken = time.process_time() - started
        context = (seed, number, data)
        assert emulator.faults == 0, context
        assert len(update.replies) <= MAX_REPLY, context
        assert taken < SLOWEST, context
        if number % 10 == 0:
            assert_sound(emulator)
        if number % 100 == 0:
            emulator.resize(source.randint(2, 40), source.randint(1, 12))
            list(emulator.search(source.choice(TEXTS), ignore_case=number % 200 == 0))
            assert_sound(emulator)
        if number % 5_000 == 0:
            emulator = Emulator(20, 6, scrollback=50, allow_clipboard=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.monotonic()
    run(arguments.inputs, arguments.seed)
    taken = time.monotonic() - started
    print(f"{arguments.inputs} inputs of seed {arguments.seed} in {taken:.0f} s: no exception")


if __name__ == "__main__":
    main()
