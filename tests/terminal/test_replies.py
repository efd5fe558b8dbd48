"""What a program gets to know, and what it never does."""

import pytest

from lxdtui.terminal import Emulator
from lxdtui.terminal.screen import MAX_REPLY, VERSION

ANSWERS = [
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[>c", b"\x1b[>1;100;0c"),
    (b"\x1b[=c", b"\x1bP!|00000000\x1b\\"),
    (b"\x1b[>q", b"\x1bP>|lxdtui(" + VERSION.encode() + b")\x1b\\"),
    (b"\x1b[5n", b"\x1b[0n"),
    (b"\x1b[2;3H\x1b[6n", b"\x1b[2;3R"),
    (b"\x1b[2;3H\x1b[?6n", b"\x1b[?2;3R"),
    (b"0123456789\x1b[6n", b"\x1b[1;10R"),
    (b"\x1b[2;3r\x1b[?6h\x1b[2H\x1b[6n", b"\x1b[2;1R"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2026h\x1b[?2026$p", b"\x1b[?2026;1$y"),
    (b"\x1b[?9999$p", b"\x1b[?9999;0$y"),
    (b"\x1b[4$p", b"\x1b[4;2$y"),
    (b"\x1b[1;38;5;9m\x1bP$qm\x1b\\", b"\x1bP1$r0;1;91m\x1b\\"),
    (b"\x1b[38;2;1;2;3;4:3m\x1bP$qm\x1b\\", b"\x1bP1$r0;4:3;38:2::1:2:3m\x1b\\"),
    (b"\x1b[2;3r\x1bP$qr\x1b\\", b"\x1bP1$r2;3r\x1b\\"),
    (b"\x1b[4 q\x1bP$q q\x1b\\", b"\x1bP1$r4 q\x1b\\"),
    (b"\x1bP$qx\x1b\\", b"\x1bP0$r\x1b\\"),
    (b"\x1b]10;?\x07", b"\x1b]10;rgb:e5e5/e5e5/e5e5\x07"),
    (b"\x1b]11;?\x1b\\", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (b"\x1b]10;?;?\x07", b"\x1b]10;rgb:e5e5/e5e5/e5e5\x07\x1b]11;rgb:0000/0000/0000\x07"),
    (b"\x1b]4;1;?;2;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07\x1b]4;2;rgb:0000/cdcd/0000\x07"),
    (b"\x1b[18t", b"\x1b[8;4;10t"),
]

# Each would type something into a shell, or tell what nobody may know.
SILENT = [
    b"\x1b]0;evil\x07\x1b[20t",
    b"\x1b]0;evil\x07\x1b[21t",
    b"\x1b]2;a\rb\x07\x1b[21t",
    b"\x05",
    b"\x1bP+q544e\x1b\\",
    b"\x1b]50;?evil\x07",
    b"\x1b]52;c;?\x07",
    b"\x1b]4;evil;?\x07",
    b"\x1b]4;1;evil\x07",
    b"\x1b]10;evil\x07",
    b"\x1b[1;1;1;1;4;10*y",
    b"\x1b[1$w",
    b"\x1b[5i",
    b"\x1bGQ",
    b"\x1b_Ga=q;evil\x1b\\",
    b"\x1b[?996n",
]


@pytest.mark.parametrize(("request_", "answer"), ANSWERS, ids=repr)
def test_answer(request_: bytes, answer: bytes) -> None:
    emulator = Emulator(10, 4)
    assert emulator.feed(request_).replies == answer
    assert emulator.feed(b"").replies == b""
    bytewise = Emulator(10, 4)
    assert b"".join(bytewise.feed(bytes([byte])).replies for byte in request_) == answer


@pytest.mark.parametrize("request_", SILENT, ids=repr)
def test_silence(request_: bytes) -> None:
    assert Emulator(10, 4).feed(request_).replies == b""


@pytest.mark.parametrize("request_", [b"m;evil", b"evil", b'"p;evil', b"\x07evil", b"m\nevil"])
def test_settings_requests_are_never_sent_back(request_: bytes) -> None:
    replies = Emulator(10, 4).feed(b"\x1bP$q" + request_ + b"\x1b\\").replies
    assert replies in {b"\x1bP0$r\x1b\\", b""}


def test_a_flood_of_requests_is_answered_within_bounds() -> None:
    update = Emulator(10, 4).feed(b"\x1b[c\x1b[6n" * 50_000)
    assert 0 < len(update.replies) <= MAX_REPLY
    assert update.replies.startswith(b"\x1b[?62;22c")


def test_painted_colours_are_reported() -> None:
    emulator = Emulator(10, 4)
    emulator.set_colors((1, 2, 3), (4, 5, 6), [(7, 8, 9)])
    replies = emulator.feed(b"\x1b]10;?\x07\x1b]11;?\x07\x1b]4;0;?\x07").replies
    assert replies == (
        b"\x1b]10;rgb:0101/0202/0303\x07"
        b"\x1b]11;rgb:0404/0505/0606\x07"
        b"\x1b]4;0;rgb:0707/0808/0909\x07"
    )


def test_in_band_resize_reports() -> None:
    emulator = Emulator(10, 4)
    assert emulator.resize(12, 5) == b""
    emulator.feed(b"\x1b[?2048h")
    assert emulator.resize(20, 6) == b"\x1b[48;6;20;0;0t"
