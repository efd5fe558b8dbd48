"""Tests made from the table of supported control functions, `supported.txt`.

Each function is fed in all the ways in which it may come: as it is, byte by
byte, with the C1 control in place of its two characters, with zeros before its
parameters, with characters inside that mean nothing there, begun and given up.
The table is complete: what the core knows and what it lists are the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyte
import pytest

from lxdtui.terminal import Emulator
from lxdtui.terminal.modes import KNOWN, private
from lxdtui.terminal.reports import VERSION
from lxdtui.terminal.sequences import CONTROLS, CSI, ESCAPES

TABLE = Path(__file__).parent / "supported.txt"
FULL = "aaaa\r\nbbbb\r\ncccc\r\ndddd"
STRINGS = ("OSC", "DCS", "ESC k")
_FLAGS = ("application_keypad", "insert", "reverse_screen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A line of the table."""

    key: str
    name: str
    before: str
    function: str
    after: str
    rows: list[str]
    cursor: tuple[int, int]
    effects: set[str]


def decoded(text: str) -> str:
    text = text.strip().replace("{full}", FULL).replace("{version}", VERSION)
    escaped = text.replace("\\e", "\\x1b").replace("\\s", "\\x20")
    return re.sub(
        r"\\(?:x(..)|(.))",
        lambda match: (
            chr(int(match[1], 16))
            if match[1]
            else {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b"}.get(match[2], match[2])
        ),
        escaped,
    )


def lines() -> Iterator[list[str]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [field.strip() for field in re.split(r" \|(?: |$)", line)]


def functions() -> Iterator[Supported]:
    for fields in lines():
        if len(fields) == 4:
            continue
        key, name, _, before, function, after, screen, cursor, effects = fields
        x, y = map(int, cursor.split())
        rows = decoded(screen).split("/")
        yield Supported(
            key=key,
            name=name,
            before=decoded(before),
            function=decoded(function),
            after=decoded(after),
            rows=rows + [""] * (4 - len(rows)),
            cursor=(x, y),
            effects=set(decoded(effects).split()),
        )


FUNCTIONS = list(functions())
MODES = [fields for fields in lines() if len(fields) == 4]


def keys(kind: str) -> set[str]:
    """The keys of a kind of function, as the core has them."""
    found = [line.key.partition(" ") for line in FUNCTIONS if line.key not in STRINGS]
    return {key.replace("SP ", " ") for name, _, key in found if name == kind}


def test_each_function_that_is_known_is_in_the_table() -> None:
    assert keys("CSI") == {*CSI, "m"}
    assert keys("ESC") == {*ESCAPES, *pyte.Stream.escape, *"()*+"}
    assert keys("C0") == {f"{ord(control):02X}" for control in CONTROLS if len(control) == 1}


def test_each_mode_that_is_known_is_in_the_table() -> None:
    numbers = [fields[0].split() for fields in MODES]
    listed = [int(n) if kind == "SM" else private(int(n)) for kind, n in numbers]
    assert sorted(listed) == sorted(KNOWN)


def test_each_line_says_where_the_function_is_defined() -> None:
    sources = {fields[2] for fields in lines()}
    assert sources <= {"ECMA-48", "DEC STD 070", "VT510", "ctlseqs"} | {
        *("VTE", "screen", "contour", "ghostty")
    }


def variants(function: str) -> dict[str, str]:
    """The ways in which a function may come that mean the same."""
    found = {"as it is": function}
    if function[0] != "\x1b":
        return found
    if function[1] in "[P]DEHMNOVWZ":
        found["with C1"] = chr(ord(function[1]) + 0x40) + function[2:]
    if function[1] in "P]k":
        return found
    found["begun twice"] = function[:-1] + function
    found["with NUL and DEL"] = function[:-1] + "\0\x7f" + function[-1]
    found["given up before"] = function[:-1] + "\x18" + function
    found["given up before by SUB"] = function[:-1] + "\x1a" + function
    if function[1] == "[":
        found["with zeros"] = re.sub(r"(?<!\d)(?=\d)", "000", function)
    return found


VARIANTS = [
    pytest.param(line, fed, id=f"{line.key} {way}")
    for line in FUNCTIONS
    for way, fed in variants(line.function).items()
]


@pytest.mark.parametrize(("line", "function"), VARIANTS)
def test_function(line: Supported, function: str) -> None:
    data = (line.before + function + line.after).encode()
    for size in (len(data), 1):
        emulator = Emulator(10, 4)
        updates = [emulator.feed(data[at : at + size]) for at in range(0, len(data), size)]
        assert [row.text for row in emulator.visible()] == line.rows
        assert (emulator.cursor.x, emulator.cursor.y) == line.cursor
        effects = {flag for flag in _FLAGS if getattr(emulator.modes, flag)}
        answer = b"".join(update.replies for update in updates).decode()
        for name, value in (
            ("answer", answer),
            ("title", emulator.title),
            ("directory", emulator.directory),
        ):
            effects |= set(f"{name}={value}".split()) if value else set()
        if any(update.bell for update in updates):
            effects.add("bell")
        assert effects == line.effects
        assert emulator.faults == 0


@pytest.mark.parametrize(
    "line", [line for line in FUNCTIONS if len(line.function) > 1], ids=lambda line: line.key
)
def test_function_that_is_given_up_does_nothing(line: Supported) -> None:
    begun = line.function.removesuffix("\\").removesuffix("\x1b").removesuffix("\a")
    begun = begun if begun != line.function else begun[:-1]
    untouched, given_up = Emulator(10, 4), Emulator(10, 4)
    untouched.feed((line.before + line.after).encode())
    given_up.feed((line.before + begun + "\x18" + line.after).encode())
    assert [row.runs() for row in given_up.visible()] == [row.runs() for row in untouched.visible()]
    assert (given_up.cursor, given_up.modes) == (untouched.cursor, untouched.modes)
    assert (given_up.title, given_up.directory) == (untouched.title, untouched.directory)


@pytest.mark.parametrize("fields", MODES, ids=lambda fields: fields[0])
def test_mode(fields: list[str]) -> None:
    kind, number = fields[0].split()
    prefix = "?" if kind == "DECSET" else ""
    state = {"off": 2, "on": 1}
    emulator = Emulator(10, 4)
    # The change of columns is obeyed where it is allowed (40) only.
    emulator.feed(b"\x1b[?40h" if number == "3" else b"")

    def asked() -> int:
        answer = emulator.feed(f"\x1b[{prefix}{number}$p".encode()).replies.decode()
        match = re.fullmatch(rf"\x1b\[{re.escape(prefix)}{number};(\d)\$y", answer)
        assert match
        return int(match[1])

    assert asked() == state[fields[3]]
    for final, expected in ("h", 1), ("h", 1), ("l", 2), ("l", 2), ("h", 1):
        emulator.feed(f"\x1b[{prefix}{number}{final}".encode())
        assert asked() == expected
    if prefix:
        emulator.feed(f"\x1b[?{number}s\x1b[?{number}l\x1b[?{number}r".encode())
        assert asked() == 1
    emulator.feed(b"\x1bc")
    assert asked() == state[fields[3]]
    assert emulator.faults == 0
