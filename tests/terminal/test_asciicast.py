"""Recordings in the form asciicast v2."""

import json

import pytest

from lxdtui.terminal import Emulator
from lxdtui.terminal.asciicast import (
    CastEvent,
    CastHeader,
    CastWriter,
    EventKind,
    is_version_1,
    read_event,
    read_header,
    read_version_1,
)
from lxdtui.terminal.dump import screen_output

# As the format's description has it.
PUBLISHED = [
    (
        '{"version": 2, "width": 80, "height": 24, "timestamp": 1504467315, "title": "Demo", '
        '"env": {"TERM": "xterm-256color", "SHELL": "/bin/zsh"}}'
    ),
    '[0.248848, "o", "\\u001b[1;31mHello \\u001b[32mWorld!\\u001b[0m\\n"]',
    '[1.001376, "o", "That was ok\\rThis is better."]',
    '[1.500000, "m", ""]',
    '[2.143733, "i", "x"]',
    '[3.0, "r", "100x50"]',
]


def test_the_published_example_is_read() -> None:
    header = read_header(PUBLISHED[0])
    assert header == CastHeader(columns=80, rows=24, timestamp=1504467315, title="Demo")
    events = [read_event(line) for line in PUBLISHED[1:]]
    assert events[0] == CastEvent(
        0.248848, EventKind.OUTPUT, "\x1b[1;31mHello \x1b[32mWorld!\x1b[0m\n"
    )
    assert [event.kind.value for event in events if event] == ["o", "o", "m", "i", "r"]
    assert events[-1] is not None
    assert events[-1].size == (100, 50)


def test_what_is_written_is_what_the_format_says() -> None:
    header = CastHeader(columns=80, rows=24, timestamp=7, title="web")
    line = CastWriter.header(header)
    assert line.endswith("\n")
    assert json.loads(line) == {
        "version": 2,
        "width": 80,
        "height": 24,
        "timestamp": 7,
        "title": "web",
        "env": {"TERM": "xterm-256color"},
    }
    assert read_header(line) == header
    writer = CastWriter()
    # A character that is cut comes whole, and what is no text does no harm.
    assert writer.data(0.5, EventKind.OUTPUT, "a\x1b[mä".encode()[:-1]) == (
        '[0.500000, "o", "a\\u001b[m"]\n'
    )
    assert json.loads(writer.data(1.25, EventKind.OUTPUT, b"\xa4\xff\x9b\x00")) == [
        1.25,
        "o",
        "ä\ufffd\ufffd\x00",
    ]
    assert writer.data(2, EventKind.OUTPUT, b"\xc3") == ""
    assert json.loads(writer.resize(2, 100, 50)) == [2.0, "r", "100x50"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "[]",
        "null",
        "[" * 100_000,
        '{"version": 1, "width": 80, "height": 24}',
        '{"version": 3, "width": 80, "height": 24}',
        '{"version": 3, "term": {"cols": "80", "rows": 24}}',
        '{"version": 4, "width": 80, "height": 24}',
        '{"version": 2}',
        '{"version": 2, "width": "80", "height": 24}',
        '{"version": 2, "width": true, "height": 24}',
        '{"version": 2, "width": ' + "9" * 5000 + ', "height": 1}',
    ],
)
def test_a_wrong_header_is_refused_in_words(line: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_header(line)


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "[1]",
        '["1", "o", "x"]',
        '[1, "o", 2]',
        '[NaN, "o", "x"]',
        '[1e999, "o", "x"]',
        '[1e300, "o", "x"]',
        f'[1{"0" * 400}, "o", "x"]',
        '[true, "o", "x"]',
        '[1, "o", "x"',
    ],
)
def test_a_wrong_event_is_refused_in_words(line: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_event(line)


def test_sizes_and_times_are_bounded_and_unknown_kinds_left_out() -> None:
    header = read_header('{"version": 2, "width": 1000000, "height": -5, "title": 7, "env": []}')
    assert (header.columns, header.rows, header.title, header.term) == (1000, 1, "", "")
    assert read_event('[1, "x", "y"]') is None
    assert read_event('[1, [], "y"]') is None
    early = read_event('[1, "o", "y"]', 5.0)
    assert early is not None
    assert early.seconds == 5.0
    wrong = read_event('[1, "r", "axb"]')
    assert wrong is not None
    assert wrong.size is None


def test_times_of_version_3_count_from_the_event_before() -> None:
    line = '{"version": 3, "term": {"cols": 90, "rows": 20, "type": "vt"}, "title": "a"}'
    header = read_header(line)
    assert header == CastHeader(columns=90, rows=20, title="a", term="vt", has_intervals=True)
    seconds = 0.0
    found = []
    for line in ('[0.5, "o", "a"]', "# words", '[1, "z", 7]', '[0.25, "x", "0"]', '[-9, "o", "b"]'):
        event = read_event(line, seconds, has_intervals=True)
        if event is not None:
            seconds = event.seconds
            found.append((event.seconds, event.kind.value, event.data))
    assert found == [(0.5, "o", "a"), (1.5, "m", ""), (1.75, "m", ""), (1.75, "o", "b")]
    with pytest.raises(ValueError, match="beyond"):
        read_event('[31000000, "o", ""]', 31000000.0, has_intervals=True)


def test_version_1_is_one_object() -> None:
    text = '{"version": 1, "width": 80, "height": 24, "stdout": [[1.5, "a"], [0.5, "b"], [1]]}'
    assert is_version_1(text)
    assert not is_version_1(PUBLISHED[0])
    header, events = read_version_1(text)
    assert header == CastHeader(columns=80, rows=24, term="")
    assert next(events) == CastEvent(1.5, EventKind.OUTPUT, "a")
    assert next(events) == CastEvent(2.0, EventKind.OUTPUT, "b")
    with pytest.raises(ValueError, match="array of two"):
        next(events)
    for wrong in ("", "{", "[]", '{"version": 1}', '{"version": 1, "stdout": []}'):
        with pytest.raises(ValueError, match=r"\w"):
            read_version_1(wrong)


def test_a_screen_is_painted_again_by_its_output() -> None:
    emulator = Emulator(30, 6)
    emulator.feed(
        "\x1b]2;title\x07\x1b[1;31mred\x1b[0;7;9mback\x1b[m 漢字 e\u0301\r\n"
        "\x1b[38;2;1;2;3;48;5;99mtrue\x1b[4:3;58;5;4mcurly\x1b[m\r\n\x1b[?25lend".encode()
    )
    again = Emulator(30, 6)
    again.feed(screen_output(emulator))
    assert [row.runs() for row in again.visible()] == [row.runs() for row in emulator.visible()]
    assert again.cursor == emulator.cursor
    assert again.title == "title"
