"""Text found in the scrollback and on the screen."""

import itertools
import time

import pytest

from lxdtui.terminal import Emulator, PatternMatcher
from lxdtui.terminal.cells import Clusters
from lxdtui.terminal.search import MAX_LEFT_OUT, MAX_LINE

TIME_LIMIT = 1.0
"""Seconds for 100,000 lines; a hundredth of it is what it takes on an idle machine."""


def test_rows_count_from_the_oldest_one() -> None:
    emulator = Emulator(20, 2, scrollback=3)
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(6)))
    assert list(emulator.search("line")) == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert list(emulator.search("ne 2")) == [(0, 2)]
    assert list(emulator.search("ne 5")) == [(3, 2)]
    assert emulator.history[0].text == "line 2"
    assert list(emulator.search("line 1")) == []


@pytest.mark.parametrize(
    ("text", "ignore_case", "places"),
    [
        ("ab", False, [(0, 0), (0, 2), (1, 3)]),
        ("AB", False, []),
        ("AB", True, [(0, 0), (0, 2), (1, 3)]),
        ("straße", True, [(2, 4)]),
        ("中", False, [(2, 1)]),
        ("e\u0301", False, [(3, 1)]),
        ("i", True, [(4, 1)]),
        ("", False, []),
    ],
)
def test_places(text: str, ignore_case: bool, places: list[tuple[int, int]]) -> None:
    emulator = Emulator(20, 6)
    emulator.feed("abab\r\n\x1b[31mxxxab\x1b[m\r\n 中 Straße\r\nge\u0301\r\nİI".encode())
    assert list(emulator.search(text, ignore_case=ignore_case)) == places


def test_text_is_found_across_broken_lines() -> None:
    emulator = Emulator(5, 4)
    emulator.feed(b"abcdefghijklm\r\ncdefgh")
    assert list(emulator.search("defghijk")) == [(0, 3)]
    assert list(emulator.search("fgh")) == [(1, 0), (3, 3)]
    assert list(emulator.search("lm")) == [(2, 1)]
    assert list(emulator.search("mcd")) == []


def test_nothing_needs_to_follow_a_broken_line() -> None:
    emulator = Emulator(5, 3)
    emulator.feed(b"\x1b[1;2r\x1b[3Habcdefg")
    assert emulator.row(2).wrapped
    assert list(emulator.search("cde")) == [(2, 2)]
    assert list(emulator.search("CDE", ignore_case=True)) == [(2, 2)]


def test_a_long_history_is_searched_at_once() -> None:
    emulator = Emulator(120, 40, scrollback=100_000)
    emulator.feed(
        b"".join(
            b"Jan 10 host unit[%d]: \x1b[1mmessage\x1b[m number %d\r\n" % (n, n)
            for n in range(100_000)
        )
    )
    assert len(emulator.history) + emulator.rows > 100_000
    started = time.process_time()
    assert list(emulator.search("NUMBER 99999", ignore_case=True)) == [(99_999, 33)]
    assert list(emulator.search("not there")) == []
    assert time.process_time() - started < TIME_LIMIT


def test_a_part_of_the_rows_holds_the_lines_that_begin_there() -> None:
    emulator = Emulator(5, 8)
    emulator.feed(b"abcdefgab\r\nab\r\nxxxxxab\r\nab")
    matcher = emulator.matcher("ab")
    every = list(emulator.find(matcher))
    assert [(match.row, match.column) for match in every] == [
        (0, 0),
        (1, 2),
        (2, 0),
        (4, 0),
        (5, 0),
    ]
    for parts in ([0, 1, 8], [0, 2, 3, 8], [0, 4, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8]):
        found = [
            match
            for start, end in itertools.pairwise(parts)
            for match in emulator.find(matcher, start, end)
        ]
        assert found == every


@pytest.mark.parametrize(
    ("pattern", "ignore_case", "found"),
    [
        (r"\d+", False, [(0, 2, 3)]),
        ("AB?", True, [(0, 0, 2), (1, 7, 1)]),
        ("STRASSE|straße", True, [(1, 4, 6)]),
        ("中.", False, [(1, 1, 3)]),
        ("x*", False, []),
        ("^Z", True, [(2, 0, 1)]),
    ],
)
def test_regular_expressions(
    pattern: str, ignore_case: bool, found: list[tuple[int, int, int]]
) -> None:
    emulator = Emulator(20, 6)
    emulator.feed("ab123\r\n 中 Straße\r\nz".encode())
    matcher = emulator.matcher(pattern, ignore_case=ignore_case, is_pattern=True)
    assert [tuple(match) for match in emulator.find(matcher)] == found


@pytest.mark.parametrize(
    "pattern", ["(", "[", "(a|aa)+$", "(x+)*", "a?" * 30, "a" * 1000, "a{99999999999}"]
)
def test_what_is_no_expression_or_takes_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        Emulator(20, 6).matcher(pattern, is_pattern=True)


@pytest.mark.parametrize("pattern", ["a*a*a*b", ".*.*.*.*=", "a+a+a+a+c"])
def test_an_expression_gives_up_lines_that_take_too_long(pattern: str) -> None:
    emulator = Emulator(100, 6)
    emulator.feed(b"aab\r\n" + b"a" * 5000 + b"\r\n=aaaac" + b"a" * 30 + b"b\r\n")
    matcher = emulator.matcher(pattern, is_pattern=True)
    assert isinstance(matcher, PatternMatcher)
    began = time.thread_time()
    rows = {match.row for match in emulator.find(matcher)}
    assert time.thread_time() - began < 2
    assert len(matcher.left_out) == 1
    assert len(next(iter(matcher.left_out))) == MAX_LINE
    assert rows
    assert 1 not in rows
    assert not matcher.has_given_up


def test_an_expression_gives_up_when_many_lines_take_too_long() -> None:
    matcher = PatternMatcher("a*a*a*b", Clusters, ignore_case=False)
    assert matcher("ab") == [(0, 2)]
    for number in range(MAX_LEFT_OUT):
        assert not matcher.has_given_up
        assert matcher("a" * (4000 - number)) == []
    assert matcher.has_given_up
    assert matcher("ab") == []


def test_ordinary_expressions_leave_long_lines_in() -> None:
    matcher = PatternMatcher(r"error.*timeout.*\d+ ms", Clusters, ignore_case=False)
    line = "x" * 1000 + "error: a timeout after 30 ms" + "y" * 1000
    assert matcher(line) == [(1000, 28)]
    assert not matcher.left_out
