"""Addresses and paths on a terminal."""

import time

import pytest

from lxdtui.terminal import Emulator
from lxdtui.ui.widgets.terminal_links import TargetKind, labels, target_at, targets

URL, PATH = TargetKind.URL, TargetKind.PATH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a(b)?q=1#x.", [(URL, "https://example.org/a(b)?q=1#x")]),
        ("(http://a.b/c)", [(URL, "http://a.b/c")]),
        ('href="https://a.b/c" x', [(URL, "https://a.b/c")]),
        ("/etc/nginx/nginx.conf:12: bad", [(PATH, "/etc/nginx/nginx.conf")]),
        ("cat ~/x/y, ./run.sh ../up/", [(PATH, "~/x/y"), (PATH, "./run.sh"), (PATH, "../up/")]),
        ("src/main.py and 1/2", [(PATH, "src/main.py"), (PATH, "1/2")]),
        ("root@web:/var/log# ", []),
        ("a / b  // c", []),
        ("漢字 /tmp/漢字 end", [(PATH, "/tmp/漢字")]),
        ("javascript:alert(1) mailto:a@b", []),
    ],
)
def test_what_is_recognised(text: str, expected: list[tuple[TargetKind, str]]) -> None:
    emulator = Emulator(60, 3)
    emulator.feed(text.encode())
    assert [(one.kind, one.value) for one in targets(emulator, 0, 2)] == expected


def test_an_address_over_broken_rows_is_one() -> None:
    emulator = Emulator(10, 4, scrollback=10)
    emulator.feed(b"\r\n\r\nhttps://example.org/long\r\nnext")
    [target] = targets(emulator, emulator.history_total, emulator.history_total + 3)
    assert target.value == "https://example.org/long"
    assert [row for row, _, _ in target.pieces] == [2, 3, 4]
    assert target_at(emulator, (3, 4)) == target
    assert target_at(emulator, (4, 8)) is None
    # Also where its beginning is above what is shown.
    assert targets(emulator, 4, 5) == [target]


def test_a_marked_link_leads_where_it_says_and_not_what_it_shows() -> None:
    emulator = Emulator(60, 3)
    emulator.feed(b"\x1b]8;;https://evil.example/\x07https://bank.example/\x1b]8;;\x07 x")
    [target] = targets(emulator, 0, 2)
    assert target.value == "https://evil.example/"
    assert target.shown == "https://bank.example/"
    assert target.is_disguised
    assert target.pieces == ((0, 0, 21),)


def test_labels_are_different_and_none_begins_another() -> None:
    assert labels(3) == ["a", "s", "d"]
    for number in (26, 27, 300):
        made = labels(number)
        assert len(set(made)) == number
        assert len({len(one) for one in made}) == 1


def test_a_screen_full_of_hostile_text_takes_no_long_time() -> None:
    emulator = Emulator(200, 60)
    for text in ("/" * 12000, "a/" * 6000, "http://" * 1700, "(" * 12000, "." * 12000):
        emulator.feed(b"\x1b[2J\x1b[H" + text.encode()[:11900])
        began = time.process_time()
        targets(emulator, 0, 59)
        assert time.process_time() - began < 2, text[:8]
