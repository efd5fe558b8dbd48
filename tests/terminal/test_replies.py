"""What a program gets to know, and what it never does."""

import pytest

from lxdtui.terminal import Emulator
from lxdtui.terminal.reports import MAX_REPLY, VERSION

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
    (b"\x1b[?2027$p", b"\x1b[?2027;2$y"),
    (b"\x1b[?2027h\x1b[?2027$p", b"\x1b[?2027;1$y"),
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
    (b"\x1b[19t", b"\x1b[9;4;10t"),
    (b"\x1b[14t", b"\x1b[4;64;80t"),
    (b"\x1b[16t", b"\x1b[6;16;8t"),
    (b"\x1b[11t", b"\x1b[1t"),
    (b"\x1b[13t", b"\x1b[3;0;0t"),
    (b"\x1b[?996n", b"\x1b[?997;1n"),
    (b"\x1b]11;#ffffff\x07\x1b[?996n", b"\x1b[?997;2n"),
    (b"\x1bZ", b"\x1b[?62;22c"),
    (b"\x1b[?15n", b"\x1b[?13n"),
    (b"\x1b[?26n", b"\x1b[?27;1n"),
    (b"\x1b[?62n", b"\x1b[0*{"),
    (b"\x1b[?63;7n", b"\x1bP7!~0000\x1b\\"),
    (b"\x1b[?75n", b"\x1b[?70n"),
    (b"\x1b[?85n", b"\x1b[?83n"),
    (b"\x1b[1$p", b"\x1b[1;4$y"),
    (b"\x1b[?69h\x1b[?69$p", b"\x1b[?69;1$y"),
    (b"\x1b[?8$p", b"\x1b[?8;2$y"),
    (b"\x1b[?69h\x1b[3;6s\x1bP$qs\x1b\\", b"\x1bP1$r3;6s\x1b\\"),
    (b"\x1b[?69h\x1b[3;6s\x1b[2;3r\x1b[?6h\x1b[2;2H\x1b[6n", b"\x1b[2;2R"),
    (b"\x1bP$qt\x1b\\", b"\x1bP1$r4t\x1b\\"),
    (b"\x1bP$q$|\x1b\\", b"\x1bP1$r10$|\x1b\\"),
    (b"\x1bP$q*|\x1b\\", b"\x1bP1$r4*|\x1b\\"),
    (b'\x1b[1"q\x1bP$q"q\x1b\\', b'\x1bP1$r1"q\x1b\\'),
    (b"\x1b[2*x\x1bP$q*x\x1b\\", b"\x1bP1$r2*x\x1b\\"),
    (b'\x1b[63;1"p\x1bP$q"p\x1b\\', b'\x1bP1$r63;1"p\x1b\\'),
    (b'\x1b[62"p\x1b[4$p', b""),
    (b"\x1bP+q436f\x1b\\", b"\x1bP1+r436F=323536\x1b\\"),
    (b"\x1bP+q524742\x1b\\", b"\x1bP1+r524742=38\x1b\\"),
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
    b"\x1b[2$w",
    b"\x1b]4;256;evil\x07",
    b"\x1b]4;999;?\x07",
    b"\x1bP+q436f;6576696c\x1b\\",
    b"\x1b[5i",
    b"\x1bGQ",
    b"\x1b_Ga=q;evil\x1b\\",
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
